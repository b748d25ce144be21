package hiring

import (
	"context"
	"fmt"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// StartLoop books the interviews of a DRAFT: everybody who has a place owes a
// scorecard from now on. A loop that could not decide about its target level is
// refused unless a reason is given, which it keeps.
func (s *Service) StartLoop(ctx context.Context, in StartLoopInput) (gid.ID, error) {
	return in.LoopID, s.change(ctx, "startLoop", func(ctx context.Context, w *write) error {
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return err
		}
		if err := startable(l, a, in.ExpectedVersion); err != nil {
			return err
		}
		interviews, err := w.interviewsOf(ctx, l.ID)
		if err != nil {
			return err
		}
		var problems fault.List
		why := optionalReason(&problems, "forceReason", in.ForceReason)
		report, err := w.targetCoverage(ctx, l, a.OpeningID, interviews)
		if err != nil {
			return err
		}
		if report.IsFeasible {
			why = ""
		} else if why == "" && len(problems) == 0 {
			for _, i := range report.Issues {
				problems.Add(uncovered(i))
			}
		}
		ahead, err := w.checkStaffed(ctx, &problems, a, interviews)
		if err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		exposed, err := w.exposed(ctx, a, seated(ahead))
		if err != nil {
			return err
		}
		cards, err := w.bookCards(ctx, l, ahead, exposed)
		if err != nil {
			return err
		}
		err = w.Loop.UpdateOne(l).SetStatus(loop.StatusACTIVE).SetNillableForcedReason(given(why)).
			SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "loop.started", Subject: l.ID, Opening: a.OpeningID, Application: a.ID})
		return w.record(ctx, l.ID, map[string]any{
			"from": l.Status, "to": loop.StatusACTIVE, "scorecards": cards,
			"isForced": why != "", "coverageIssues": len(report.Issues),
		})
	})
}

// startable refuses a loop that cannot start whatever its interviews are.
func startable(l *db.Loop, a *db.Application, expected int) error {
	switch {
	case l.Version != expected:
		return overtaken("loop", l.Version)
	case l.Status != loop.StatusDRAFT:
		return fault.Transition("loopId", "loop", string(l.Status), "start")
	case l.RubricVersionID == nil || l.TargetLevelID == nil:
		return withoutRubric("loopId")
	}
	if err := pursued(a, "loopId", "start its interviews"); err != nil {
		return err
	}
	return nil
}

// checkStaffed checks the places of a loop that starts. It answers with the
// interviews that are to take place.
func (w *write) checkStaffed(ctx context.Context, problems *fault.List, a *db.Application, interviews []*db.Interview) ([]*db.Interview, error) {
	var ahead []*db.Interview
	var places []place
	for n, i := range interviews {
		if !isAhead(i) {
			continue
		}
		ahead = append(ahead, i)
		everybody(problems, listed(n), i)
		places = append(places, placesOf([]*db.Interview{i}, func(int) string { return listed(n) })...)
	}
	if len(ahead) == 0 {
		problems.Add(fault.Required("interviews").WithHint("all of them are cancelled"))
	}
	return ahead, w.checkPlaces(ctx, problems, a, places)
}

// everybody refuses an interview, which the input describes at path, with a
// place that nobody has.
func everybody(problems *fault.List, path string, i *db.Interview) {
	for k, s := range i.Edges.Seats {
		if s.MemberID == nil {
			problems.Add(fault.Required(at(path+".seats", k, "memberId")))
		}
	}
}

// isAhead reports whether an interview is still to take place.
func isAhead(i *db.Interview) bool {
	return i.Status == interview.StatusPLANNED || i.Status == interview.StatusSCHEDULED
}

// interviewsOf are the interviews of a loop with their places, both in order.
func (w *write) interviewsOf(ctx context.Context, loopID gid.ID) ([]*db.Interview, error) {
	found, err := interviewsOf(access.System(ctx), w.Client(), []gid.ID{loopID})
	return found[loopID], err
}

// targetCoverage is what interviews can decide about the target level.
func (w *write) targetCoverage(ctx context.Context, l *db.Loop, openingID gid.ID, interviews []*db.Interview) (*LoopCoverage, error) {
	ctx = access.System(ctx)
	e, err := w.edition(ctx, *l.RubricVersionID)
	if err != nil {
		return nil, err
	}
	aims := e.aims(*l.TargetLevelID, nil)
	if len(aims) == 0 {
		return nil, fmt.Errorf("%s aims at a level that its edition does not have", l.ID)
	}
	managers, err := managersOf(ctx, w.Client(), []gid.ID{openingID})
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, w.Client(), interviews)
	return newLoopCoverage(e.coverage(aims[0], interviews, managers[openingID]), aims[0], true, names), err
}

// CancelLoop gives a loop up that is a DRAFT or ACTIVE and that nobody decided on.
func (s *Service) CancelLoop(ctx context.Context, in CancelLoopInput) (gid.ID, error) {
	return in.LoopID, s.change(ctx, "cancelLoop", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return err
		}
		if l.Version != in.ExpectedVersion {
			return overtaken("loop", l.Version)
		}
		if l.Status != loop.StatusDRAFT && l.Status != loop.StatusACTIVE {
			problems.Add(fault.Transition("loopId", "loop", string(l.Status), "cancel"))
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.rests(ctx, l); err != nil {
			return err
		}
		cancelled, err := w.callOff(ctx, l, a, why)
		if err != nil {
			return err
		}
		voided, err := w.voidDrafts(ctx, a, scorecard.VoidReasonCANCELLED, scorecard.LoopID(l.ID))
		if err != nil {
			return err
		}
		return w.turnLoop(ctx, l, a, loop.StatusCANCELLED, why, map[string]any{"interviews": cancelled, "voidScorecardIds": voided})
	})
}

// rests refuses to give up a loop on which a decision rests. Once a scorecard is
// in there may be one, and those from whom it is hidden are refused before, so
// that they hear nothing of it.
func (w *write) rests(ctx context.Context, l *db.Loop) error {
	reported, err := w.Scorecard.Query().Where(scorecard.LoopID(l.ID), scorecard.SubmittedAtNotNil()).Exist(access.System(ctx))
	if err != nil {
		return err
	}
	if reported {
		if err := w.mayWeigh(ctx, "loopId", l, true); err != nil {
			return err
		}
	}
	decided, err := w.decidedFinally(ctx, l.ID)
	if err == nil && decided {
		err = notNow("loopId", "a decision rests on the loop: cannot cancel").WithHint("cancelInterview calls off what is ahead")
	}
	return err
}
