package hiring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func TestCreateApplication(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		candidate := o.newCandidate()
		_, err := o.CreateApplication(o.as("manager"), hiring.CreateApplicationInput{
			CandidateID: candidate, OpeningID: o.opening.ID, SourceID: &o.source,
			CreditedMemberID: to(o.members["interviewer"]), AppliedLevelID: to(o.levels["em"]), AppliedAt: to(dayOf(90)),
		})
		// A manager does not see candidates that have not applied to them.
		if got, want := refused(err), "NOT_FOUND at candidateId"; got != want {
			t.Fatalf("manager: got %q, want %q", got, want)
		}
		id, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
			CandidateID: candidate, OpeningID: o.opening.ID, SourceID: &o.source,
			CreditedMemberID: to(o.members["interviewer"]), AppliedLevelID: to(o.levels["em"]), AppliedAt: to(dayOf(90)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := o.tell(id), "APPLIED[90-…] ACTIVE v1"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		a := o.application(id)
		if a.CandidateID != candidate || *a.SourceID != o.source || *a.CreditedMemberID != o.members["interviewer"] ||
			*a.AppliedLevelID != o.levels["em"] || !a.AppliedAt.Equal(dayOf(90)) || !a.CreatedAt.Equal(o.now) {
			t.Errorf("stored %v", a)
		}
		log, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(id)).Only(o.system())
		o.must(err)
		if log.Kind != stageevent.KindENTER || log.Sequence != 1 || !log.OccurredAt.Equal(dayOf(90)) ||
			!log.RecordedAt.Equal(o.now) || *log.ActorID != o.members["recruiter"] {
			t.Errorf("logged %v", log)
		}
		if diff := cmp.Diff([]string{"application.created"}, o.happened(1)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCreateApplicationBeginsIn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		begin := func(on gid.ID, named *gid.ID) (stage.Kind, error) {
			id, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
				CandidateID: o.newCandidate(), OpeningID: on, StageID: named,
			})
			if err != nil {
				return "", err
			}
			st, err := o.application(id).QueryStage().Only(o.system())
			return st.Kind, err
		}
		led, ledStages := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Stage.UpdateOne(ledStages[0]).SetKind(stage.KindLEAD).Exec(o.system()))
		mixed, mixedStages := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Stage.UpdateOne(mixedStages[0]).SetKind(stage.KindLEAD).Exec(o.system()))
		o.must(o.DB.Stage.UpdateOne(mixedStages[1]).SetKind(stage.KindAPPLIED).Exec(o.system()))
		for rule, c := range map[string]struct {
			opening gid.ID
			named   *gid.ID
			want    stage.Kind
		}{
			"the first stage of kind APPLIED":   {mixed.ID, nil, stage.KindAPPLIED},
			"else the first":                    {led.ID, nil, stage.KindLEAD},
			"a sourced one where they say":      {o.opening.ID, &o.stages[2].ID, stage.KindINTERVIEW},
			"where they say, though it is LEAD": {mixed.ID, &mixedStages[0].ID, stage.KindLEAD},
		} {
			t.Run(rule, func(t *testing.T) {
				if got, err := begin(c.opening, c.named); got != c.want || err != nil {
					t.Errorf("began in %s (%v), want %s", got, err, c.want)
				}
			})
		}
	})
}

func TestCreateApplicationRefuses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		create := func(who string, change func(*hiring.CreateApplicationInput)) func() error {
			in := hiring.CreateApplicationInput{CandidateID: o.newCandidate(), OpeningID: o.opening.ID}
			change(&in)
			return func() error {
				_, err := o.CreateApplication(o.as(who), in)
				return err
			}
		}
		draft, _ := o.newOpening(opening.StatusDRAFT, 1)
		paused, _ := o.newOpening(opening.StatusPAUSED, 1)
		other, otherStages := o.newOpening(opening.StatusOPEN, 1)
		empty, emptyStages := o.newOpening(opening.StatusOPEN, 1)
		for _, st := range emptyStages {
			o.must(o.DB.Stage.DeleteOne(st).Exec(o.system()))
		}
		secret, _ := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Opening.UpdateOne(secret).SetIsConfidential(true).Exec(o.system()))
		there := o.apply(0)
		merged, survivor := o.newCandidate(), o.newCandidate()
		o.must(o.DB.Candidate.UpdateOneID(merged).SetMergedIntoID(survivor).Exec(o.system()))

		type in = *hiring.CreateApplicationInput
		o.refuses(t,
			refusal{"an unknown opening", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = o.id(gid.Opening) })},
			refusal{"an id of another kind", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = c.CandidateID })},
			refusal{"an opening that they do not see", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = secret.ID })},
			refusal{"the manager of other openings", "NOT_FOUND at openingId", create("stranger", func(in) {})},
			refusal{"an analyst, who sees the opening", "FORBIDDEN at ", create("analyst", func(in) {})},
			refusal{"nobody", "FORBIDDEN at ", create("", func(in) {})},
			refusal{"an unknown candidate", "NOT_FOUND at candidateId", create("recruiter", func(c in) { c.CandidateID = o.id(gid.Candidate) })},
			refusal{"a candidate who is another", "CONFLICT at candidateId", create("recruiter", func(c in) { c.CandidateID = merged })},
			refusal{"a second application", "DUPLICATE at openingId", create("recruiter", func(c in) { c.CandidateID = there.CandidateID })},
			refusal{"an unknown source", "NOT_FOUND at sourceId", create("recruiter", func(c in) { c.SourceID = to(o.id(gid.Source)) })},
			refusal{"an unknown member", "NOT_FOUND at creditedMemberId", create("recruiter", func(c in) { c.CreditedMemberID = to(o.id(gid.Member)) })},
			refusal{"a level that is not allowed", "INVALID at appliedLevelId", create("recruiter", func(c in) { c.AppliedLevelID = to(o.levels["senior_em"]) })},
			refusal{"a level that is none", "NOT_FOUND at appliedLevelId", create("recruiter", func(c in) { c.AppliedLevelID = &o.source })},
			refusal{"a stage of another opening", "NOT_FOUND at stageId", create("recruiter", func(c in) { c.StageID = &otherStages[0].ID })},
			refusal{"the stage of the hired", "INVALID_TRANSITION at stageId", create("recruiter", func(c in) { c.StageID = &o.stages[4].ID })},
			refusal{"an opening without stages", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = empty.ID })},
			refusal{"a draft", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = draft.ID })},
			refusal{"a paused opening", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = paused.ID })},
			refusal{"tomorrow", "INVALID at appliedAt", create("recruiter", func(c in) { c.AppliedAt = to(dayOf(101)) })},
			refusal{"the year one", "INVALID at appliedAt", create("recruiter", func(c in) { c.AppliedAt = &time.Time{} })},
			refusal{"all that is wrong at once", "NOT_FOUND at candidateId, NOT_FOUND at sourceId, INVALID at appliedAt",
				create("recruiter", func(c in) {
					c.CandidateID, c.SourceID, c.AppliedAt = other.ID, &other.ID, to(dayOf(101))
				})},
		)
	})
}

func TestTheDuplicateIsNamed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		there := o.bring(application.StatusREJECTED)
		_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
			CandidateID: there.CandidateID, OpeningID: o.opening.ID,
		})
		if text := fmt.Sprint(err); !strings.Contains(text, there.ID.String()) || !strings.Contains(text, "reopenApplication") {
			t.Errorf("%q names neither the application nor what to do", text)
		}
	})
}

// Who a candidate was merged into is told to those who see that candidate.
func TestTheSurvivorIsNamedToThoseWhoSeeIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		elsewhere, stages := o.newOpening(opening.StatusOPEN, 1)
		merged, survivor := o.newCandidate(), o.applyFor(elsewhere, stages[0]).CandidateID
		o.must(o.DB.Candidate.UpdateOneID(merged).SetMergedIntoID(survivor).Exec(o.system()))
		for _, private := range []bool{false, true} {
			o.must(o.DB.Candidate.UpdateOneID(survivor).SetIsPrivate(private).Exec(o.system()))
			_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{CandidateID: merged, OpeningID: o.opening.ID})
			if named := strings.Contains(fmt.Sprint(err), survivor.String()); refused(err) != "CONFLICT at candidateId" || named == private {
				t.Errorf("private %v: %v", private, err)
			}
		}
	})
}

// Of two people who enter the same candidate at once one is told of the other.
func TestOneApplicationPerCandidateAndOpening(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		candidate := o.newCandidate()
		const people = 10
		errs := atOnce(times(people, func(int) error {
			_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
				CandidateID: candidate, OpeningID: o.opening.ID,
			})
			return err
		})...)
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "DUPLICATE at openingId": people - 1}, tally(errs)); diff != "" {
			t.Error(diff)
		}
	})
}
