package hiring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/stageevent"
	"hireloop/ent/db/visit"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// walked is an application with a history worth mending: applied on day 10,
// screened on day 20, interviewed on day 30, rejected on day 40.
func (o *office) walked() *db.Application {
	o.t.Helper()
	a := o.apply(0)
	for i, day := range []float64{20, 30} {
		_, err := o.AdvanceApplication(o.as("recruiter"), hiring.AdvanceApplicationInput{
			ApplicationID: a.ID, ExpectedVersion: i + 1, OccurredAt: to(dayOf(day))})
		o.must(err)
	}
	_, err := o.RejectApplication(o.as("recruiter"), hiring.RejectApplicationInput{
		ApplicationID: a.ID, ExpectedVersion: 3, ReasonID: o.reasons[rejectionreason.InitiatorUS], OccurredAt: to(dayOf(40))})
	o.must(err)
	return o.application(a.ID)
}

// entry is one entry of an application's log, by its sequence.
func (o *office) entry(a *db.Application, sequence int) *db.StageEvent {
	o.t.Helper()
	e, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(a.ID), stageevent.Sequence(sequence)).Only(o.system())
	o.must(err)
	return e
}

// correction is what the tests say of one: "ENTER 2 on 35", with -1 for no stage
// and 0 for the event's own time; kind "" says that nothing happened.
type correction struct {
	sequence int
	kind     stageevent.CorrectedKind
	stage    int
	day      float64
}

func (o *office) correct(a *db.Application, version int, c correction) error {
	in := hiring.CorrectStageEventInput{StageEventID: o.entry(a, c.sequence).ID, ExpectedVersion: version, Reason: "wrong button"}
	if c.kind != "" {
		in.Kind = &c.kind
	}
	if c.stage >= 0 {
		in.StageID = &o.stages[c.stage].ID
	}
	if c.day > 0 {
		in.OccurredAt = to(dayOf(c.day))
	}
	id, err := o.CorrectStageEvent(o.as("manager"), in)
	if err == nil && id != a.ID {
		return fmt.Errorf("answered %s, not the application", id)
	}
	return err
}

func TestCorrectStageEvent(t *testing.T) {
	const (
		enter    = stageevent.CorrectedKindENTER
		reject   = stageevent.CorrectedKindREJECT
		withdraw = stageevent.CorrectedKindWITHDRAW
	)
	eachOffice(t, func(t *testing.T, o *office) {
		// Each begins as APPLIED[10-20] SCREEN[20-30] INTERVIEW[30-40] REJECTED, version 4.
		for rule, c := range map[string]struct {
			corrections []correction
			want        string
		}{
			"it was another stage": {[]correction{{3, enter, 3, 0}},
				"APPLIED[10-20 ADVANCED] SCREEN[20-30 ADVANCED] OFFER[30-40 REJECTED skipped INTERVIEW] REJECTED v5"},
			"it was another day": {[]correction{{2, enter, 1, 15}},
				"APPLIED[10-15 ADVANCED] SCREEN[15-30 ADVANCED] INTERVIEW[30-40 REJECTED] REJECTED v5"},
			"nothing happened: it is still waiting": {[]correction{{4, "", -1, 0}},
				"APPLIED[10-20 ADVANCED] SCREEN[20-30 ADVANCED] INTERVIEW[30-…] ACTIVE v5"},
			"nothing happened in the middle": {[]correction{{2, "", -1, 0}},
				"APPLIED[10-30 ADVANCED] INTERVIEW[30-40 REJECTED skipped SCREEN] REJECTED v5"},
			"the candidate ended it": {[]correction{{4, withdraw, -1, 41}},
				"APPLIED[10-20 ADVANCED] SCREEN[20-30 ADVANCED] INTERVIEW[30-41 WITHDRAWN] WITHDRAWN v5"},
			"a move was really the end, and the end never happened": {[]correction{{4, "", -1, 0}, {3, reject, -1, 0}},
				"APPLIED[10-20 ADVANCED] SCREEN[20-30 REJECTED] REJECTED v6"},
			"a correction is corrected": {[]correction{{4, "", -1, 0}, {5, reject, -1, 44}},
				"APPLIED[10-20 ADVANCED] SCREEN[20-30 ADVANCED] INTERVIEW[30-44 REJECTED] REJECTED v6"},
			"two moves were the other way round": {[]correction{{2, enter, 1, 35}},
				"APPLIED[10-30 ADVANCED] INTERVIEW[30-35 MOVED_BACK skipped SCREEN] SCREEN[35-40 REJECTED] REJECTED v5"},
			"it applied earlier": {[]correction{{1, enter, 0, 5}},
				"APPLIED[5-20 ADVANCED] SCREEN[20-30 ADVANCED] INTERVIEW[30-40 REJECTED] REJECTED v5"},
		} {
			t.Run(rule, func(t *testing.T) {
				a := o.walked()
				for i, one := range c.corrections {
					if err := o.correct(a, 4+i, one); err != nil {
						t.Fatal(err)
					}
				}
				if got := o.tell(a.ID); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
				if diff := cmp.Diff([]string{"stage_event.corrected"}, o.happened(1)); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

func TestACorrectionIsRecordedBesideWhatItCorrects(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := o.walked()
		wrong := o.entry(a, 4)
		o.must(o.correct(a, 4, correction{4, stageevent.CorrectedKindREJECT, -1, 38}))
		if diff := cmp.Diff(fmt.Sprint(wrong), fmt.Sprint(o.entry(a, 4))); diff != "" {
			t.Errorf("the log was overwritten: %s", diff)
		}
		c := o.entry(a, 5)
		if c.Kind != stageevent.KindCORRECT || *c.CorrectsID != wrong.ID || *c.CorrectedKind != stageevent.CorrectedKindREJECT ||
			!c.OccurredAt.Equal(dayOf(38)) || !c.RecordedAt.Equal(o.now) || *c.ActorID != o.members["manager"] || *c.Reason != "wrong button" {
			t.Errorf("recorded %v", c)
		}
		got := o.application(a.ID)
		if !got.ClosedAt.Equal(dayOf(38)) || got.RejectionReasonID == nil || *got.RejectionReasonID != o.reasons[rejectionreason.InitiatorUS] {
			t.Errorf("a rejection on another day is still for the same reason: %v", got)
		}
	})
}

func TestTheFirstEventTellsWhenItApplied(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := o.walked()
		o.must(o.correct(a, 4, correction{1, stageevent.CorrectedKindENTER, 0, 5}))
		if got := o.application(a.ID); !got.AppliedAt.Equal(dayOf(5)) {
			t.Errorf("applied at %s", got.AppliedAt)
		}
	})
}

func TestVisitsThatBeginAsBeforeKeepTheirIds(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		ids := func(a *db.Application) []gid.ID {
			ids, err := o.DB.Visit.Query().Where(visit.ApplicationID(a.ID)).Order(visit.BySequence()).IDs(o.system())
			o.must(err)
			return ids
		}
		a := o.walked()
		before := ids(a)
		o.must(o.correct(a, 4, correction{4, stageevent.CorrectedKindREJECT, -1, 38})) // ends otherwise
		if diff := cmp.Diff(before, ids(a)); diff != "" {
			t.Error(diff)
		}
		o.must(o.correct(a, 5, correction{3, stageevent.CorrectedKindENTER, 3, 0})) // led elsewhere
		after := ids(a)
		if diff := cmp.Diff(before[:2], after[:2]); diff != "" {
			t.Error(diff)
		}
		if after[2] == before[2] {
			t.Error("another visit has the id of the one that never was")
		}
	})
}

func TestCorrectingTheDayOfAHireMovesTheSeat(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := o.bring(application.StatusHIRED)
		o.must(o.correct(a, 2, correction{2, stageevent.CorrectedKindENTER, 4, 95}))
		if got, want := o.tell(a.ID), "SCREEN[10-95 HIRED] HIRED[95-… skipped INTERVIEW skipped OFFER] HIRED v3"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if s := o.seats(o.opening.ID)[0]; !s.FilledAt.Equal(dayOf(95)) {
			t.Errorf("the seat was filled at %s", s.FilledAt)
		}
		o.must(o.correct(a, 3, correction{1, stageevent.CorrectedKindENTER, 1, 9})) // of no seat
		entries, err := o.DB.AuditEntry.Query().Where(auditentry.Action("correctStageEvent")).Order(auditentry.ByID()).All(o.system())
		o.must(err)
		if got := []any{entries[0].Details["seatId"], entries[1].Details["seatId"]}; got[0] != o.seats(o.opening.ID)[0].ID.String() || got[1] != nil {
			t.Errorf("the audit trail names the seats %v", got)
		}
	})
}

func TestCorrectStageEventRefuses(t *testing.T) {
	const (
		enter  = stageevent.CorrectedKindENTER
		reopen = stageevent.CorrectedKindREOPEN
		reject = stageevent.CorrectedKindREJECT
	)
	eachOffice(t, func(t *testing.T, o *office) {
		_, foreign := o.newOpening(opening.StatusOPEN, 1)
		a, hired := o.walked(), o.bring(application.StatusHIRED)
		undone := o.bring(application.StatusHIRED)
		_, err := o.UndoHire(o.as("recruiter"), hiring.UndoHireInput{ApplicationID: undone.ID, ExpectedVersion: 2, Reason: "took another job"})
		o.must(err)
		of := func(a *db.Application, version int, c correction) func() error {
			return func() error { return o.correct(a, version, c) }
		}
		raw := func(who string, change func(*hiring.CorrectStageEventInput)) func() error {
			in := hiring.CorrectStageEventInput{StageEventID: o.entry(a, 4).ID, ExpectedVersion: 4, Reason: "wrong button"}
			change(&in)
			return func() error {
				_, err := o.CorrectStageEvent(o.as(who), in)
				return err
			}
		}
		type in = *hiring.CorrectStageEventInput
		o.refuses(t,
			refusal{"an unknown event", "NOT_FOUND at stageEventId", raw("recruiter", func(c in) { c.StageEventID = o.id(gid.StageEvent) })},
			refusal{"an id of another kind", "NOT_FOUND at stageEventId", raw("recruiter", func(c in) { c.StageEventID = a.ID })},
			refusal{"one who does not see it", "NOT_FOUND at stageEventId", raw("stranger", func(in) {})},
			refusal{"an analyst", "NOT_FOUND at stageEventId", raw("analyst", func(in) {})},
			refusal{"a stale version", "CONFLICT at expectedVersion", of(a, 3, correction{4, "", -1, 0})},
			refusal{"without a reason", "REASON_REQUIRED at reason", raw("recruiter", func(c in) { c.Reason = "" })},
			refusal{"entering nowhere", "REQUIRED at stageId", of(a, 4, correction{3, enter, -1, 0})},
			refusal{"reopening nowhere", "REQUIRED at stageId", of(a, 4, correction{3, reopen, -1, 0})},
			refusal{"a stage of another opening", "NOT_FOUND at stageId", raw("recruiter", func(c in) { c.Kind, c.StageID = to(enter), &foreign[1].ID })},
			refusal{"an end in a stage", "INVALID at stageId", of(a, 4, correction{4, reject, 2, 0})},
			refusal{"nothing, in a stage, on a day", "INVALID at stageId, INVALID at occurredAt", of(a, 4, correction{4, "", 2, 39})},
			refusal{"in the future", "INVALID at occurredAt", of(a, 4, correction{4, reject, -1, 101})},

			refusal{"the first event did not happen", "INVALID_TRANSITION at kind", of(a, 4, correction{1, "", -1, 0})},
			refusal{"the first event was an end", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{1, reject, -1, 0})},
			refusal{"the first event was not the first", "INVALID at occurredAt", of(a, 4, correction{1, enter, 0, 25})},
			refusal{"another was before the first", "INVALID at occurredAt", of(a, 4, correction{3, enter, 2, 5})},
			refusal{"it ended before it went on", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{4, reject, -1, 25})},
			refusal{"it ended twice", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{3, reject, -1, 0})},
			refusal{"it was reopened while active", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{3, reopen, 2, 0})},
			refusal{"it entered the stage in which it was", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{3, enter, 1, 0})},

			refusal{"a hire that was none", "INVALID_TRANSITION at stageEventId", of(hired, 2, correction{2, "", -1, 0})},
			refusal{"a hire that was a step", "INVALID_TRANSITION at stageEventId", of(hired, 2, correction{2, enter, 3, 0})},
			refusal{"an end that was a hire", "INVALID_TRANSITION at stageEventId", of(a, 4, correction{4, enter, 4, 0})},
			refusal{"a hire, undone since, that was an end", "INVALID_TRANSITION at stageEventId", of(undone, 3, correction{2, reject, -1, 0})},
			refusal{"a hire that was not undone", "INVALID_TRANSITION at stageEventId", of(undone, 3, correction{3, "", -1, 0})},
		)
		o.must(o.correct(a, 4, correction{4, "", -1, 0}))
		o.refuses(t, refusal{"what is corrected already", "CONFLICT at stageEventId", of(a, 5, correction{4, reject, -1, 0})})
		if err := o.correct(a, 5, correction{4, reject, -1, 0}); !strings.Contains(err.Error(), o.entry(a, 5).ID.String()) {
			t.Errorf("%q does not say what to correct instead", err)
		}
	})
}

func TestAnImpossibleCorrectionNamesTheEvent(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		err := o.correct(o.walked(), 4, correction{4, stageevent.CorrectedKindREJECT, -1, 25})
		if text := fmt.Sprint(err); !strings.Contains(text, "ENTER at "+dayOf(30).Format(time.RFC3339)) {
			t.Errorf("%q does not name the move on day 30", text)
		}
	})
}
