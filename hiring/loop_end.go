package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/predicate"
	"hireloop/ent/db/scorecard"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// settleLoop makes the state of a loop follow from its interviews, after one of
// them ended: an ACTIVE one is COMPLETED when none is ahead and one took place.
// The loop is held.
func (w *write) settleLoop(ctx context.Context, loopID gid.ID) error {
	ctx = access.System(ctx)
	l, err := w.Loop.Query().Where(loop.ID(loopID)).WithApplication().WithInterviews().Only(ctx)
	if err != nil || l.Status != loop.StatusACTIVE {
		return err
	}
	took := false
	for _, i := range l.Edges.Interviews {
		if isAhead(i) {
			return nil
		}
		took = took || i.Status == interview.StatusCOMPLETED
	}
	if !took {
		return nil
	}
	return w.turnLoop(ctx, l, l.Edges.Application, loop.StatusCOMPLETED, "", map[string]any{})
}

// happenedToLoop names the event of a loop that comes to stand there.
var happenedToLoop = map[loop.Status]string{
	loop.StatusACTIVE: "loop.resumed", loop.StatusCOMPLETED: "loop.completed", loop.StatusCANCELLED: "loop.cancelled",
}

// turnLoop writes where a loop stands from now on, and why when it was given up;
// where it stood before when only its cards have changed.
func (w *write) turnLoop(ctx context.Context, l *db.Loop, a *db.Application, to loop.Status, why string, details map[string]any) error {
	update := w.Loop.UpdateOne(l).SetStatus(to).SetUpdatedAt(w.now).AddVersion(1)
	if to == loop.StatusCANCELLED {
		update.SetCancelReason(why)
	} else {
		update.ClearCancelReason()
	}
	if err := update.Exec(ctx); err != nil {
		return err
	}
	if to != l.Status {
		w.emit(happening{Type: happenedToLoop[to], Subject: l.ID, Opening: a.OpeningID, Application: a.ID})
	}
	details["from"], details["to"] = l.Status, to
	return w.record(ctx, l.ID, details)
}

// endLoops settles the loops of an application that ends, which the caller holds:
// what is ahead does not take place, what has begun is left as it is, who owes a
// scorecard owes it no more, and what was handed in stays.
func (w *write) endLoops(ctx context.Context, applicationID gid.ID, why string) error {
	ctx = access.System(ctx) // loops end with their application, whoever ends it
	loops, err := locked(w, w.Loop.Query().Where(loop.ApplicationID(applicationID)).Order(loop.ByID())).All(ctx)
	if err != nil || len(loops) == 0 {
		return err
	}
	a, err := w.Application.Get(ctx, applicationID)
	if err != nil {
		return err
	}
	void := scorecard.VoidReasonCANCELLED
	if why == candidateWithdrew {
		void = scorecard.VoidReasonCANDIDATE_WITHDREW
	}
	for _, l := range loops {
		voided, err := w.voidDrafts(ctx, a, void, scorecard.LoopID(l.ID))
		if err != nil {
			return err
		}
		to := l.Status
		switch l.Status {
		case loop.StatusDRAFT:
			to = loop.StatusCANCELLED
			_, err = w.callOff(ctx, l, a, why)
		case loop.StatusACTIVE:
			to, err = w.cutShort(ctx, l, a, why)
		}
		if err != nil {
			return err
		}
		if to == l.Status && len(voided) == 0 {
			continue
		}
		if err := w.turnLoop(ctx, l, a, to, why, map[string]any{"voidScorecardIds": voided}); err != nil {
			return err
		}
	}
	return nil
}

// cutShort calls off what has not begun of a loop that is under way, and tells
// where it stands by what is left: an interview took place, or none did.
func (w *write) cutShort(ctx context.Context, l *db.Loop, a *db.Application, why string) (loop.Status, error) {
	if _, err := w.callOff(ctx, l, a, why, interview.Or(interview.StartsAtIsNil(), interview.StartsAtGT(w.now))); err != nil {
		return l.Status, err
	}
	took, err := w.Interview.Query().Where(interview.LoopID(l.ID), interview.StatusEQ(interview.StatusCOMPLETED)).Exist(ctx)
	if took {
		return loop.StatusCOMPLETED, err
	}
	return loop.StatusCANCELLED, err
}

// resumeLoops brings back what the end of an application took, for one that goes
// on: the scorecards of interviews that have begun are owed again by those who
// still have their places, and a loop that was cut short is under way again if it
// has such cards. What was called off stays so.
func (w *write) resumeLoops(ctx context.Context, d *dossier) error {
	ctx = access.System(ctx) // loops go on with their application, whoever reopens it
	// What ending changed was changed at its moment, and by nothing since.
	byEnding := func(t time.Time) bool {
		return slices.ContainsFunc(d.log, func(e *db.StageEvent) bool {
			kind := kindOf(e)
			return (kind == funnel.Reject || kind == funnel.Withdraw) && e.RecordedAt.Equal(t)
		})
	}
	loops, err := locked(w, w.Loop.Query().
		Where(loop.ApplicationID(d.application.ID), loop.StatusIn(loop.StatusCOMPLETED, loop.StatusCANCELLED)).Order(loop.ByID())).All(ctx)
	if err != nil {
		return err
	}
	for _, l := range loops {
		interviews, err := w.interviewsOf(ctx, l.ID)
		if err != nil {
			return err
		}
		var owed []*db.Scorecard
		to := l.Status
		for _, i := range interviews {
			if isAhead(i) || i.Status == interview.StatusCANCELLED && byEnding(i.UpdatedAt) {
				to = loop.StatusACTIVE
			}
			for _, c := range i.Edges.Scorecards {
				if takesPlace(i) && c.SubmittedAt == nil && byEnding(c.UpdatedAt) && sitsIn(i.Edges.Seats, c.InterviewerID) {
					owed = append(owed, c)
				}
			}
		}
		if len(owed) == 0 {
			continue
		}
		ids, err := w.oweAgain(ctx, d.application, owed)
		if err != nil {
			return err
		}
		if err := w.turnLoop(ctx, l, d.application, to, "", map[string]any{"scorecardIds": ids}); err != nil {
			return err
		}
	}
	return nil
}

// oweAgain makes void scorecards the drafts that they were. Their interviewers
// were not blind meanwhile.
func (w *write) oweAgain(ctx context.Context, a *db.Application, cards []*db.Scorecard) ([]gid.ID, error) {
	var ids, people []gid.ID
	for _, c := range cards {
		ids, people = append(ids, c.ID), append(people, c.InterviewerID)
	}
	exposed, err := w.exposed(ctx, a, people)
	if err != nil {
		return nil, err
	}
	for _, c := range cards {
		err := w.Scorecard.UpdateOne(c).SetStatus(scorecard.StatusDRAFT).ClearVoidReason().ClearVoidComment().
			SetIsExposed(c.IsExposed || exposed[c.InterviewerID]).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// callOff cancels the interviews of a loop that are ahead, of these, and tells
// how many.
func (w *write) callOff(ctx context.Context, l *db.Loop, a *db.Application, why string, of ...predicate.Interview) (int, error) {
	ahead, err := w.Interview.Query().Where(of...).
		Where(interview.LoopID(l.ID), interview.StatusIn(interview.StatusPLANNED, interview.StatusSCHEDULED)).
		Order(interview.ByPosition()).IDs(access.System(ctx))
	if err != nil || len(ahead) == 0 {
		return 0, err
	}
	for _, id := range ahead {
		w.emit(happening{Type: "interview.cancelled", Subject: id, Opening: a.OpeningID, Application: a.ID})
	}
	return w.Interview.Update().Where(interview.IDIn(ahead...)).
		SetStatus(interview.StatusCANCELLED).SetCancelReason(why).SetUpdatedAt(w.now).AddVersion(1).Save(ctx)
}

// voidDrafts makes the drafts among these scorecards of an application void, and
// names them. What they say so far is kept. Their loop is held, so that nobody
// hands them in meanwhile.
func (w *write) voidDrafts(ctx context.Context, a *db.Application, why scorecard.VoidReason, of ...predicate.Scorecard) ([]gid.ID, error) {
	ids, err := w.Scorecard.Query().Where(of...).Where(scorecard.StatusEQ(scorecard.StatusDRAFT)).
		Order(scorecard.ByID()).IDs(access.System(ctx))
	if err != nil || len(ids) == 0 {
		return []gid.ID{}, err
	}
	for _, id := range ids {
		w.emit(happening{Type: "scorecard.voided", Subject: id, Opening: a.OpeningID, Application: a.ID})
	}
	return ids, w.Scorecard.Update().Where(scorecard.IDIn(ids...)).
		SetStatus(scorecard.StatusVOID).SetVoidReason(why).SetUpdatedAt(w.now).Exec(ctx)
}
