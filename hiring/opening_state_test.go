package hiring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db/opening"
	"hireloop/ent/db/rubricversion"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// newestRubric publishes another edition.
func (d *desk) newestRubric() gid.ID {
	ctx := d.system()
	old, err := d.DB.RubricVersion.Query().Where(rubricversion.Semver("1.0.0")).Only(ctx)
	d.must(err)
	id := d.id(gid.RubricVersion)
	d.must(d.DB.RubricVersion.Create().SetID(id).SetLadderID(old.LadderID).SetSemver("2.0.0").
		SetStatus(rubricversion.StatusPUBLISHED).SetAreas(old.Areas).SetLevelSettings(old.LevelSettings).
		SetPublishedAt(d.now).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	d.must(d.DB.RubricVersion.Create().SetID(d.id(gid.RubricVersion)).SetLadderID(old.LadderID).SetSemver("3.0.0").
		SetStatus(rubricversion.StatusDRAFT).SetAreas(old.Areas).SetLevelSettings(old.LevelSettings).
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	return id
}

func TestTheLifeOfAnOpening(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(2)
		day := 100
		step := func(name, want string, do func(version int) error) {
			t.Helper()
			day++
			d.now = dayOf(float64(day))
			d.must(do(o.Version))
			o = d.opening(o.ID)
			when := func(at *time.Time) string {
				if at == nil {
					return "-"
				}
				return fmt.Sprint(at.Sub(dayOf(0)).Hours() / 24)
			}
			rubric := "-"
			if o.RubricVersionID != nil {
				v, err := d.DB.RubricVersion.Get(d.system(), *o.RubricVersionID)
				d.must(err)
				rubric = v.Semver
			}
			reason := "-"
			if o.CloseReason != nil {
				reason = *o.CloseReason
			}
			got := fmt.Sprintf("%s v%d, opened %s, paused %s, closed %s (%s), rubric %s, seats %s",
				o.Status, o.Version, when(o.OpenedAt), when(o.PausedAt), when(o.ClosedAt), reason, rubric, d.seatLine(o.ID))
			if got != want {
				t.Errorf("%s:\n got %s\nwant %s", name, got, want)
			}
		}
		open := func(v int) error {
			_, err := d.OpenOpening(d.as("recruiter"), hiring.OpenOpeningInput{OpeningID: o.ID, ExpectedVersion: v})
			return err
		}
		add := func(v int) error {
			_, err := d.AddSeats(d.as("recruiter"), hiring.AddSeatsInput{OpeningID: o.ID, ExpectedVersion: v})
			return err
		}
		giveUp := func(v int) error {
			_, err := d.CloseOpening(d.as("recruiter"), hiring.CloseOpeningInput{OpeningID: o.ID, ExpectedVersion: v, Reason: " Budget "})
			return err
		}
		step("open", "OPEN v2, opened 101, paused -, closed - (-), rubric 1.0.0, seats 1:OPEN 2:OPEN", open)
		step("pause", "PAUSED v3, opened 101, paused 102, closed - (-), rubric 1.0.0, seats 1:OPEN 2:OPEN", func(v int) error {
			_, err := d.PauseOpening(d.as("recruiter"), hiring.PauseOpeningInput{OpeningID: o.ID, ExpectedVersion: v, Reason: to("Holidays")})
			return err
		})
		if paused := d.DB.Opening.GetX(d.system(), o.ID); paused.PauseReason == nil || *paused.PauseReason != "Holidays" {
			t.Errorf("the opening says that it was paused because of %v", paused.PauseReason)
		}
		step("resume", "OPEN v4, opened 101, paused -, closed - (-), rubric 1.0.0, seats 1:OPEN 2:OPEN", func(v int) error {
			_, err := d.ResumeOpening(d.as("recruiter"), hiring.ResumeOpeningInput{OpeningID: o.ID, ExpectedVersion: v})
			return err
		})
		d.newestRubric()
		step("close", "CANCELLED v5, opened 101, paused -, closed 104 (Budget), rubric 1.0.0, seats 1:CLOSED 2:CLOSED", giveUp)
		d.refuses(t, refusal{"an opening without an open seat is not opened", "NO_SEAT at openingId", func() error { return open(o.Version) }})
		step("add a seat", "CANCELLED v6, opened 101, paused -, closed 104 (Budget), rubric 1.0.0, seats 1:CLOSED 2:CLOSED 3:OPEN", add)
		step("open again, by the newest published rubric",
			"OPEN v7, opened 101, paused -, closed - (-), rubric 2.0.0, seats 1:CLOSED 2:CLOSED 3:OPEN", open)
		d.submit(o)
		d.must(d.DB.RubricVersion.Update().Where(rubricversion.Semver("3.0.0")).
			SetStatus(rubricversion.StatusPUBLISHED).SetPublishedAt(d.now).Exec(d.system()))
		step("close", "CANCELLED v8, opened 101, paused -, closed 107 (Budget), rubric 2.0.0, seats 1:CLOSED 2:CLOSED 3:CLOSED", giveUp)
		step("add a seat", "CANCELLED v9, opened 101, paused -, closed 107 (Budget), rubric 2.0.0, seats 1:CLOSED 2:CLOSED 3:CLOSED 4:OPEN", add)
		step("the rubric stays once a scorecard was handed in",
			"OPEN v10, opened 101, paused -, closed - (-), rubric 2.0.0, seats 1:CLOSED 2:CLOSED 3:CLOSED 4:OPEN", open)
		if got, want := d.traces(), "openOpening by recruiter of opening, opening.opened"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestOpeningVerbsRefuse(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1)
		type verb func(who string, id gid.ID, version int) error
		verbs := map[string]verb{
			"open": func(who string, id gid.ID, v int) error {
				_, err := d.OpenOpening(d.as(who), hiring.OpenOpeningInput{OpeningID: id, ExpectedVersion: v})
				return err
			},
			"pause": func(who string, id gid.ID, v int) error {
				_, err := d.PauseOpening(d.as(who), hiring.PauseOpeningInput{OpeningID: id, ExpectedVersion: v})
				return err
			},
			"resume": func(who string, id gid.ID, v int) error {
				_, err := d.ResumeOpening(d.as(who), hiring.ResumeOpeningInput{OpeningID: id, ExpectedVersion: v})
				return err
			},
			"close": func(who string, id gid.ID, v int) error {
				_, err := d.CloseOpening(d.as(who), hiring.CloseOpeningInput{OpeningID: id, ExpectedVersion: v, Reason: "Budget"})
				return err
			},
		}
		illegal := map[string]opening.Status{
			"open": opening.StatusPAUSED, "pause": opening.StatusDRAFT, "resume": opening.StatusOPEN, "close": opening.StatusFILLED,
		}
		for name, do := range verbs {
			d.setOpening(o, illegal[name])
			d.refuses(t,
				refusal{name + " by its hiring manager", "FORBIDDEN at ", func() error { return do("manager", o.ID, 1) }},
				refusal{name + " by who does not see it", "NOT_FOUND at openingId", func() error { return do("interviewer", o.ID, 1) }},
				refusal{name + " by nobody", "FORBIDDEN at ", func() error { return do("", o.ID, 1) }},
				refusal{name + " of a candidate", "NOT_FOUND at openingId", func() error { return do("recruiter", d.id(gid.Candidate), 1) }},
				refusal{name + " from a wrong state", "INVALID_TRANSITION at openingId", func() error { return do("recruiter", o.ID, 1) }},
				refusal{name + " of a past version, whatever the state", "CONFLICT at expectedVersion", func() error { return do("recruiter", o.ID, 7) }},
			)
		}
		d.setOpening(o, opening.StatusOPEN)
		d.refuses(t,
			refusal{"to close without saying why", "REASON_REQUIRED at reason", func() error {
				_, err := d.CloseOpening(d.as("recruiter"), hiring.CloseOpeningInput{OpeningID: o.ID, ExpectedVersion: 1, Reason: " \n"})
				return err
			}},
			refusal{"a reason that is a novel", "INVALID at reason", func() error {
				_, err := d.PauseOpening(d.as("recruiter"), hiring.PauseOpeningInput{OpeningID: o.ID, ExpectedVersion: 1, Reason: to(strings.Repeat("x", 2001))})
				return err
			}},
		)
	})
}
