package hiring_test

import (
	"strings"
	"testing"

	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rubricversion"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// editions of the rubric of engineering managers: the one that comes with the
// product, and a next one in other words that is a draft still.
func (d *desk) editions() (first, next gid.ID) {
	d.t.Helper()
	first, err := d.DB.RubricVersion.Query().Where(rubricversion.HasLadderWith(ladder.Key("engineering_management"))).OnlyID(d.system())
	d.must(err)
	next = d.imports(strings.NewReplacer(`"semver": "1.0.0"`, `"semver": "1.1.0"`, `"notes": "`, `"notes": "Anew. `).Replace(d.document(first)))
	return first, next
}

// An opening keeps what it was opened with until somebody pins another edition.
func TestPinRubricVersion(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		first, next := d.editions()
		before := d.open(1)
		d.publish(next)
		after := d.open(1)
		pinned := func(o gid.ID, want gid.ID) {
			t.Helper()
			if got := d.opening(o).RubricVersionID; got == nil || *got != want {
				t.Errorf("the opening uses %v, want %s", got, d.told(want))
			}
		}
		pinned(before.ID, first)
		pinned(after.ID, next)
		d.retire(next)
		pinned(after.ID, next) // who has it keeps it
		pinned(d.open(1).ID, first)

		last := d.imports(strings.Replace(d.document(first), `"semver": "1.0.0"`, `"semver": "2.0.0"`, 1))
		d.publish(last)
		pin := hiring.PinRubricVersionInput{OpeningID: before.ID, ExpectedVersion: before.Version, RubricVersionID: last}
		if id, err := d.PinRubricVersion(d.as("recruiter"), pin); err != nil || id != before.ID {
			t.Errorf("answered %s, %v", id, err)
		}
		pinned(before.ID, last)
		if o := d.opening(before.ID); o.Version != before.Version+1 {
			t.Errorf("version %d after %d", o.Version, before.Version)
		}
		if got, want := d.traces(), "pinRubricVersion by recruiter of opening, opening.rubric_pinned"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestPinsThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		first, next := d.editions()
		nursery := d.ladder(nurses())
		care := d.draftOf(nursing(nursery))
		d.publish(care)
		o, draft := d.open(1), d.draft(1)
		pin := func(who string, change func(*hiring.PinRubricVersionInput)) func() error {
			in := hiring.PinRubricVersionInput{OpeningID: o.ID, ExpectedVersion: o.Version, RubricVersionID: first}
			change(&in)
			return func() error {
				_, err := d.PinRubricVersion(d.as(who), in)
				return err
			}
		}
		type input = *hiring.PinRubricVersionInput
		same := func(input) {}
		use := func(id gid.ID) func(input) { return func(i input) { i.RubricVersionID = id } }
		d.refuses(t,
			refusal{"by the hiring manager", "FORBIDDEN at ", pin("manager", same)},
			refusal{"by who does not see the opening", "NOT_FOUND at openingId", pin("interviewer", func(i input) { i.OpeningID = draft.ID })},
			refusal{"a past version", "CONFLICT at expectedVersion", pin("recruiter", func(i input) { i.ExpectedVersion-- })},
			refusal{"for an opening that was not opened", "INVALID_TRANSITION at openingId",
				pin("recruiter", func(i input) { i.OpeningID, i.ExpectedVersion = draft.ID, draft.Version })},
			refusal{"an unknown edition", "NOT_FOUND at rubricVersionId", pin("recruiter", use(d.id(gid.RubricVersion)))},
			refusal{"a ladder", "NOT_FOUND at rubricVersionId", pin("recruiter", use(nursery))},
			refusal{"a draft", "INVALID_TRANSITION at rubricVersionId", pin("recruiter", use(next))},
			refusal{"of another ladder", "INVALID at rubricVersionId", pin("recruiter", use(care))},
		)
		d.publish(next)
		d.retire(next)
		d.refuses(t, refusal{"a retired edition", "INVALID_TRANSITION at rubricVersionId", pin("recruiter", use(next))})

		in := nursing(nursery)
		in.Levels, in.Notes = in.Levels[:2], to("Matrons are not asked any more.")
		without := d.draftOf(in)
		d.publish(without)
		matron, err := d.DB.Level.Query().Where(level.LadderID(nursery), level.Key("matron")).OnlyID(d.system())
		d.must(err)
		d.must(d.DB.Opening.UpdateOneID(o.ID).SetTargetLevelID(matron).Exec(d.system()))
		d.refuses(t, refusal{"without demands for the target level", "INVALID at rubricVersionId", pin("recruiter", use(without))})
		d.must(d.DB.Opening.UpdateOneID(o.ID).ClearTargetLevelID().Exec(d.system()))
		d.refuses(t, refusal{"without a target level", "INVALID at rubricVersionId", pin("recruiter", same)})

		o = d.open(1)
		d.submit(o)
		d.refuses(t, refusal{"once a scorecard was handed in", "INVALID_TRANSITION at openingId", pin("recruiter", same)})
		d.setOpening(o, opening.StatusPAUSED)
		d.refuses(t, refusal{"also while it is paused", "INVALID_TRANSITION at openingId", pin("recruiter", same)})
	})
}
