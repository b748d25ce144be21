package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// AddInterviewInput adds an interview to a loop that has started.
type AddInterviewInput struct {
	LoopID          gid.ID
	ExpectedVersion int // of the loop
	Interview       LoopInterviewInput
}

// ScheduleInterviewInput gives an interview a time.
type ScheduleInterviewInput struct {
	InterviewID     gid.ID
	ExpectedVersion int
	StartsAt        time.Time
	EndsAt          *time.Time // nil for after its minutes
}

// CancelInterviewInput names an interview to cancel.
type CancelInterviewInput struct {
	InterviewID     gid.ID
	ExpectedVersion int
	Reason          string
}

// RecordNoShowInput names an interview to which the candidate did not come.
type RecordNoShowInput struct {
	InterviewID     gid.ID
	ExpectedVersion int
}

// AssignInterviewerInput puts somebody into a place of an interview.
type AssignInterviewerInput struct {
	InterviewID     gid.ID
	ExpectedVersion int
	SeatID          *gid.ID // nil for a new place
	MemberID        gid.ID
	Role            *string
	IsShadow        *bool
}

// UnassignInterviewerInput takes somebody out of an interview.
type UnassignInterviewerInput struct {
	SeatID          gid.ID
	ExpectedVersion int // of the interview
	Reason          string
}

// session is an interview as a use case holds it: nobody else can change it, or
// anything else of its application, until the transaction ends.
type session struct {
	interview   *db.Interview // with its places, in order
	loop        *db.Loop
	application *db.Application
}

// holdInterview reads an interview, which the input names at path, and holds it
// with its loop and application. The viewer must see it, may run its application
// and know its present version.
func (w *write) holdInterview(ctx context.Context, path string, id gid.ID, expected int) (*session, error) {
	var problems fault.List
	if !of(&problems, path, id, gid.Interview) {
		return nil, problems
	}
	seen, err := w.Interview.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, missing(path, gid.Interview)
	}
	if err != nil {
		return nil, err
	}
	l, a, err := w.holdLoop(ctx, path, seen.LoopID)
	if err != nil {
		return nil, err
	}
	i, err := w.Interview.Query().Where(interview.ID(id)).
		WithSeats(func(q *db.InterviewSeatQuery) { q.Order(interviewseat.ByPosition()) }).Only(access.System(ctx))
	if err != nil {
		return nil, err
	}
	if i.Version != expected {
		return nil, overtaken("interview", i.Version)
	}
	return &session{i, l, a}, nil
}

// ahead refuses a verb to an interview, which the input names at path, that is
// over.
func (s *session) ahead(path, verb string) *fault.Error {
	if isAhead(s.interview) {
		return nil
	}
	return fault.Transition(path, "interview", string(s.interview.Status), verb)
}

// saveInterview writes a change of an interview or of its places.
func (w *write) saveInterview(ctx context.Context, s *session, update *db.InterviewUpdateOne, happened string, details map[string]any) error {
	if err := update.SetUpdatedAt(w.now).AddVersion(1).Exec(ctx); err != nil {
		return err
	}
	if err := w.weighAnew(ctx, s.loop.ID); err != nil { // whoever plans by the loop has read another one
		return err
	}
	w.emit(happening{Type: happened, Subject: s.interview.ID, Opening: s.application.OpeningID, Application: s.application.ID})
	details["loopId"] = s.loop.ID
	return w.record(ctx, s.interview.ID, details)
}

// AddInterview adds an interview to a loop that has started, in which everybody
// owes a scorecard at once. A COMPLETED loop is ACTIVE again, unless it was
// decided on for good. The id is the interview's.
func (s *Service) AddInterview(ctx context.Context, in AddInterviewInput) (gid.ID, error) {
	return s.create(ctx, "addInterview", func(ctx context.Context, w *write) (gid.ID, error) {
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.extendable(ctx, l, a, in.ExpectedVersion); err != nil {
			return gid.Nil, err
		}
		e, err := w.edition(ctx, *l.RubricVersionID)
		if err != nil {
			return gid.Nil, err
		}
		others, err := w.interviewsOf(ctx, l.ID)
		if err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		i := w.readInterview(&problems, "interview", &in.Interview, e, a)
		everybody(&problems, "interview", i)
		live := 0
		for _, other := range others {
			i.Position = max(i.Position, other.Position+1)
			if takesPlace(other) {
				live++
			}
		}
		if live >= maxInterviews {
			problems.Add(fault.Invalidf("loopId", "has %d interviews, no more are allowed", live))
		}
		one := []*db.Interview{i}
		if err := w.checkPlaces(ctx, &problems, a, placesOf(one, func(int) string { return "interview" })); err != nil {
			return gid.Nil, err
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		exposed, err := w.exposed(ctx, a, seated(one))
		if err != nil {
			return gid.Nil, err
		}
		if err := w.writeInterviews(ctx, l.ID, one); err != nil {
			return gid.Nil, err
		}
		cards, err := w.bookCards(ctx, l, one, exposed)
		if err != nil {
			return gid.Nil, err
		}
		err = w.Loop.UpdateOne(l).SetStatus(loop.StatusACTIVE).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "interview.added", Subject: i.ID, Opening: a.OpeningID, Application: a.ID})
		return i.ID, w.record(ctx, i.ID, map[string]any{"loopId": l.ID, "from": l.Status, "to": loop.StatusACTIVE, "scorecards": cards})
	})
}

// extendable refuses a loop to which no interview can be added, whatever it is.
func (w *write) extendable(ctx context.Context, l *db.Loop, a *db.Application, expected int) error {
	const verb = "add interviews"
	switch {
	case l.Version != expected:
		return overtaken("loop", l.Version)
	case l.Status == loop.StatusDRAFT:
		return fault.Transition("loopId", "loop", string(l.Status), verb).WithHint("updateLoop plans its interviews")
	case l.Status == loop.StatusCANCELLED:
		return fault.Transition("loopId", "loop", string(l.Status), verb).WithHint("createLoop begins another one")
	case l.RubricVersionID == nil:
		return withoutRubric("loopId")
	}
	if err := pursued(a, "loopId", verb); err != nil {
		return err
	}
	if err := w.mayWeigh(ctx, "loopId", l, false); err != nil {
		return err
	}
	decided, err := w.decidedFinally(ctx, l.ID)
	if err != nil {
		return err
	}
	if decided {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, "loopId", "the loop was decided on: cannot %s", verb).
			WithHint("createLoop begins another one")
	}
	if l.Status == loop.StatusCOMPLETED {
		return w.onlyLoop(ctx, "loopId", a.ID)
	}
	return nil
}

// ScheduleInterview gives an interview a time, or another one. The past is fine,
// as some write down what has happened.
func (s *Service) ScheduleInterview(ctx context.Context, in ScheduleInterviewInput) (gid.ID, error) {
	return in.InterviewID, s.change(ctx, "scheduleInterview", func(ctx context.Context, w *write) error {
		held, err := w.holdInterview(ctx, "interviewId", in.InterviewID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		var problems fault.List
		problems.Add(pursued(held.application, "interviewId", "schedule it"))
		problems.Add(held.ahead("interviewId", "schedule it"))
		i := held.interview
		before := i.Status
		setTime(&problems, "startsAt", "endsAt", i, in.StartsAt, in.EndsAt, held.application)
		if err := problems.Err(); err != nil {
			return err
		}
		places := placesOf([]*db.Interview{i}, listed)
		for n := range places {
			places[n].path = "startsAt"
		}
		if err := w.checkTimes(ctx, &problems, places); err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		err = w.Scorecard.Update().Where(scorecard.InterviewID(i.ID), scorecard.StatusEQ(scorecard.StatusDRAFT)).
			SetDueAt(s.Norms.Due(*i.EndsAt)).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		return w.saveInterview(ctx, held,
			w.Interview.UpdateOneID(i.ID).SetStatus(i.Status).SetStartsAt(*i.StartsAt).SetEndsAt(*i.EndsAt),
			"interview.scheduled", map[string]any{"from": before, "to": i.Status, "startsAt": instant(*i.StartsAt), "endsAt": instant(*i.EndsAt)})
	})
}

// CancelInterview calls off an interview that is ahead.
func (s *Service) CancelInterview(ctx context.Context, in CancelInterviewInput) (gid.ID, error) {
	return in.InterviewID, s.change(ctx, "cancelInterview", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		held, err := w.holdInterview(ctx, "interviewId", in.InterviewID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		problems.Add(held.ahead("interviewId", "cancel it"))
		if err := problems.Err(); err != nil {
			return err
		}
		return w.dropInterview(ctx, held, scorecard.VoidReasonCANCELLED,
			w.Interview.UpdateOne(held.interview).SetStatus(interview.StatusCANCELLED).SetCancelReason(why),
			"interview.cancelled", interview.StatusCANCELLED)
	})
}

// RecordNoShow says that the candidate did not come to an interview whose time
// has come. It counts as none.
func (s *Service) RecordNoShow(ctx context.Context, in RecordNoShowInput) (gid.ID, error) {
	return in.InterviewID, s.change(ctx, "recordNoShow", func(ctx context.Context, w *write) error {
		const path = "interviewId"
		held, err := w.holdInterview(ctx, path, in.InterviewID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		i := held.interview
		reported, err := w.Scorecard.Query().Where(scorecard.InterviewID(i.ID),
			scorecard.StatusIn(handedInStates...)).Exist(access.System(ctx))
		switch {
		case err != nil:
			return err
		case reported:
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "a scorecard was handed in for the interview: it took place")
		case i.Status == interview.StatusPLANNED:
			return fault.Transition(path, "interview", string(i.Status), "record a no-show").WithHint("scheduleInterview says when it was")
		case i.Status != interview.StatusSCHEDULED:
			return fault.Transition(path, "interview", string(i.Status), "record a no-show")
		case held.loop.Status == loop.StatusDRAFT:
			return fault.Transition(path, "loop", string(held.loop.Status), "record a no-show")
		case i.StartsAt.After(w.now):
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "the interview begins at %s: nobody can have missed it yet", instant(*i.StartsAt))
		}
		return w.dropInterview(ctx, held, scorecard.VoidReasonNO_SHOW,
			w.Interview.UpdateOne(i).SetStatus(interview.StatusNO_SHOW), "interview.no_show", interview.StatusNO_SHOW)
	})
}

// dropInterview writes that an interview does not take place, or did not: who
// owes a scorecard for it owes it no more, and the loop may be over by that.
func (w *write) dropInterview(ctx context.Context, s *session, why scorecard.VoidReason, update *db.InterviewUpdateOne, happened string, to interview.Status) error {
	voided, err := w.voidDrafts(ctx, s.application, why, scorecard.InterviewID(s.interview.ID))
	if err != nil {
		return err
	}
	err = w.saveInterview(ctx, s, update, happened, map[string]any{"from": s.interview.Status, "to": to, "voidScorecardIds": voided})
	if err != nil {
		return err
	}
	return w.settleLoop(ctx, s.loop.ID)
}
