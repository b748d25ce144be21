package hiring_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/stageevent"
	"hireloop/ent/db/visit"
	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// Whatever people do, in whatever order, an application and its visits are what
// the log says when it is replayed from its beginning; a refusal changes
// nothing; and seats and opening agree with who is hired.
func TestApplicationsAreWhatTheirLogSays(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		done := map[string]int{}
		rapid.Check(t, func(rt *rapid.T) {
			o.now = dayOf(100)
			o.opening, o.stages = o.newOpening(opening.StatusOPEN, 1)
			a := o.apply(rapid.IntRange(0, 3).Draw(rt, "first"))
			for range rapid.IntRange(1, 12).Draw(rt, "verbs") {
				o.now = o.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "hours")) * time.Hour)
				before := o.tell(a.ID)
				verb, err := o.something(rt, o.application(a.ID))
				switch {
				case err == nil:
					done[verb]++
				case fault.All(err) == nil:
					rt.Fatalf("%s: %v", verb, err)
				case o.tell(a.ID) != before:
					rt.Fatalf("%s was refused (%v), but %s became %s", verb, err, before, o.tell(a.ID))
				}
				if diff := cmp.Diff(o.told(a.ID), o.stored(a.ID)); diff != "" {
					rt.Fatalf("after %s (%v), what the log says and what is stored: %s", verb, err, diff)
				}
				if diff := cmp.Diff(o.roomFor(a.ID), o.room()); diff != "" {
					rt.Fatalf("after %s (%v), the seat: %s", verb, err, diff)
				}
			}
		})
		for _, verb := range []string{"advance", "move back", "reject", "withdraw", "reopen", "hire", "undo hire", "correct"} {
			if done[verb] == 0 && !testing.Short() { // too few are drawn to miss none
				t.Errorf("no %s was ever done: %v", verb, done)
			}
		}
	})
}

// something does anything that one could try to do to an application.
func (o *office) something(rt *rapid.T, a *db.Application) (string, error) {
	o.opening, _ = o.DB.Opening.Get(o.system(), o.opening.ID)
	verbs := o.verbs(o.as("recruiter"), a, rapid.IntRange(0, 4).Draw(rt, "to"))
	names := []string{"advance", "advance", "move back", "move back", "reject", "withdraw", "reopen", "reopen", "hire", "hire", "undo hire", "undo hire", "undo hire", "correct", "correct", "correct"}
	name := rapid.SampledFrom(names).Draw(rt, "verb")
	if name != "correct" {
		return name, verbs[name]()
	}
	log, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(a.ID)).Order(stageevent.BySequence()).All(o.system())
	o.must(err)
	wrong := rapid.SampledFrom(log).Draw(rt, "wrong")
	in := hiring.CorrectStageEventInput{StageEventID: wrong.ID, ExpectedVersion: a.Version, Reason: "wrong button"}
	kind := rapid.SampledFrom([]stageevent.CorrectedKind{"", "", "ENTER", "REOPEN", "REJECT", "WITHDRAW"}).Draw(rt, "kind")
	if kind != "" {
		in.Kind = &kind
		if kind == stageevent.CorrectedKindENTER || kind == stageevent.CorrectedKindREOPEN {
			in.StageID = &o.stages[rapid.IntRange(0, 4).Draw(rt, "really to")].ID
		}
		if rapid.Bool().Draw(rt, "at another time") {
			at := wrong.OccurredAt.Add(time.Duration(rapid.IntRange(-3, 3).Draw(rt, "later")) * time.Hour)
			in.OccurredAt = &at
		}
	}
	_, err = o.CorrectStageEvent(o.as("recruiter"), in)
	return name, err
}

// state is what is derived of an application, in a form to compare.
type state struct {
	Stage, Status, EnteredAt, ClosedAt, Reason, AppliedAt string
	Version                                               int
	Visits                                                []string
}

func (o *office) stored(id gid.ID) state {
	o.t.Helper()
	a := o.application(id)
	s := state{
		Stage: a.StageID.String(), Status: string(a.Status), EnteredAt: a.StageEnteredAt.UTC().String(),
		AppliedAt: a.AppliedAt.UTC().String(), Version: a.Version,
	}
	if a.ClosedAt != nil {
		s.ClosedAt = a.ClosedAt.UTC().String()
	}
	if a.RejectionReasonID != nil {
		s.Reason = a.RejectionReasonID.String()
	}
	visits, err := o.DB.Visit.Query().Where(visit.ApplicationID(id)).Order(visit.BySequence()).All(o.system())
	o.must(err)
	for i, v := range visits {
		if v.Sequence != i+1 {
			o.t.Fatalf("visit %d has the sequence %d", i+1, v.Sequence)
		}
		var exit time.Time
		var outcome visit.Outcome
		if v.ExitedAt != nil {
			exit, outcome = *v.ExitedAt, *v.Outcome
		}
		s.Visits = append(s.Visits, fmt.Sprint(v.StageID, v.EnteredAt.UTC(), exit.UTC(), outcome, v.SkippedStageIds, v.Quality))
	}
	return s
}

// told is the same, from the log alone. The corrections are applied here in
// another way than funnel.Corrected does: each rewrites the entry at its place.
func (o *office) told(id gid.ID) state {
	o.t.Helper()
	log, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(id)).Order(stageevent.BySequence()).All(o.system())
	o.must(err)
	type happened struct {
		funnel.Event
		reason *gid.ID
		place  int
	}
	var slots []happened
	place := map[gid.ID]int{}
	for i, e := range log {
		if e.Sequence != i+1 {
			o.t.Fatalf("entry %d has the sequence %d", i+1, e.Sequence)
		}
		now := happened{funnel.Event{Kind: funnel.EventKind(e.Kind), At: e.OccurredAt, Quality: funnel.Recorded}, e.RejectionReasonID, len(slots)}
		if e.StageID != nil {
			now.Stage = slices.IndexFunc(o.stages, func(s *db.Stage) bool { return s.ID == *e.StageID })
		}
		if e.Kind != stageevent.KindCORRECT {
			place[e.ID], slots = now.place, append(slots, now)
			continue
		}
		now.Kind, now.place = "", place[*e.CorrectsID]
		if e.CorrectedKind != nil {
			now.Kind = funnel.EventKind(*e.CorrectedKind)
		}
		place[e.ID], slots[now.place] = now.place, now
	}
	slots = slices.DeleteFunc(slots, func(h happened) bool { return h.Kind == "" })
	slices.SortStableFunc(slots, func(a, b happened) int { return a.At.Compare(b.At) })
	events := make([]funnel.Event, len(slots))
	for i, h := range slots {
		events[i] = h.Event
	}
	h, err := funnel.Replay(events, 4)
	o.must(err)

	s := state{
		Stage: o.stages[h.Stage].ID.String(), Status: string(h.Status), EnteredAt: h.EnteredAt.UTC().String(),
		AppliedAt: events[0].At.UTC().String(), Version: len(log),
	}
	if !h.ClosedAt.IsZero() {
		s.ClosedAt = h.ClosedAt.UTC().String()
	}
	if last := slots[len(slots)-1]; last.reason != nil {
		s.Reason = last.reason.String()
	}
	for _, v := range h.Visits {
		skipped := []gid.ID{}
		for _, i := range v.Skipped {
			skipped = append(skipped, o.stages[i].ID)
		}
		s.Visits = append(s.Visits, fmt.Sprint(o.stages[v.Stage].ID, v.EnteredAt.UTC(), v.ExitedAt.UTC(), v.Outcome, skipped, v.Quality))
	}
	return s
}

// roomFor is what the one seat of the opening must be for this application.
func (o *office) roomFor(id gid.ID) string {
	o.t.Helper()
	a := o.application(id)
	mine, err := o.DB.Seat.Query().Where(seat.ApplicationID(id)).All(o.system())
	o.must(err)
	if a.Status != application.StatusHIRED {
		if len(mine) > 0 {
			return "a seat for somebody who is not hired"
		}
		return "OPEN: OPEN"
	}
	if len(mine) != 1 || !mine[0].FilledAt.Equal(*a.ClosedAt) {
		return fmt.Sprint("hired, but the seat is ", mine)
	}
	return "FILLED: FILLED"
}
