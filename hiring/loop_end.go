package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/predicate"
	"hireloop/ent/db/scorecard"
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
	return w.completeLoop(ctx, l, l.Edges.Application)
}

func (w *write) completeLoop(ctx context.Context, l *db.Loop, a *db.Application) error {
	err := w.Loop.UpdateOneID(l.ID).SetStatus(loop.StatusCOMPLETED).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
	if err != nil {
		return err
	}
	w.emit(happening{Type: "loop.completed", Subject: l.ID, Opening: a.OpeningID, Application: a.ID})
	return w.record(ctx, l.ID, map[string]any{"from": l.Status, "to": loop.StatusCOMPLETED})
}

// endLoops settles the loops of an application that ends without a hire, which
// the caller holds: what is ahead does not take place, who owes a scorecard owes
// it no more, and what was handed in stays. withdrawn says that the candidate
// left.
func (w *write) endLoops(ctx context.Context, applicationID gid.ID, withdrawn bool) error {
	ctx = access.System(ctx) // loops end with their application, whoever ends it
	loops, err := locked(w, w.Loop.Query().Where(loop.ApplicationID(applicationID)).Order(loop.ByID())).All(ctx)
	if err != nil || len(loops) == 0 {
		return err
	}
	a, err := w.Application.Get(ctx, applicationID)
	if err != nil {
		return err
	}
	why, void := "The application ended.", scorecard.VoidReasonCANCELLED
	if withdrawn {
		why, void = "The candidate withdrew.", scorecard.VoidReasonCANDIDATE_WITHDREW
	}
	if _, err := w.voidDrafts(ctx, void, scorecard.ApplicationID(a.ID)); err != nil {
		return err
	}
	for _, l := range loops {
		if l.Status != loop.StatusDRAFT && l.Status != loop.StatusACTIVE {
			continue
		}
		if _, err := w.callOff(ctx, l, a, why); err != nil {
			return err
		}
		took, err := w.Interview.Query().
			Where(interview.LoopID(l.ID), interview.StatusEQ(interview.StatusCOMPLETED)).Exist(ctx)
		if err != nil {
			return err
		}
		if took && l.Status == loop.StatusACTIVE {
			if err := w.completeLoop(ctx, l, a); err != nil {
				return err
			}
			continue
		}
		err = w.Loop.UpdateOneID(l.ID).SetStatus(loop.StatusCANCELLED).SetCancelReason(why).
			SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "loop.cancelled", Subject: l.ID, Opening: a.OpeningID, Application: a.ID})
		if err := w.record(ctx, l.ID, map[string]any{"from": l.Status, "to": loop.StatusCANCELLED}); err != nil {
			return err
		}
	}
	return nil
}

// callOff cancels the interviews of a loop that are ahead, and tells how many.
func (w *write) callOff(ctx context.Context, l *db.Loop, a *db.Application, why string) (int, error) {
	ahead, err := w.Interview.Query().
		Where(interview.LoopID(l.ID), interview.StatusIn(interview.StatusPLANNED, interview.StatusSCHEDULED)).
		Order(interview.ByPosition()).IDs(access.System(ctx))
	if err != nil || len(ahead) == 0 {
		return 0, err
	}
	for _, id := range ahead {
		w.emit(happening{Type: "interview.cancelled", Subject: id, Opening: a.OpeningID, Application: a.ID})
	}
	return w.Interview.Update().
		Where(interview.LoopID(l.ID), interview.StatusIn(interview.StatusPLANNED, interview.StatusSCHEDULED)).
		SetStatus(interview.StatusCANCELLED).SetCancelReason(why).SetUpdatedAt(w.now).AddVersion(1).Save(ctx)
}

// voidDrafts makes the drafts among these scorecards void, and tells how many.
// What they say so far is kept.
func (w *write) voidDrafts(ctx context.Context, why scorecard.VoidReason, of ...predicate.Scorecard) (int, error) {
	return w.Scorecard.Update().Where(of...).Where(scorecard.StatusEQ(scorecard.StatusDRAFT)).
		SetStatus(scorecard.StatusVOID).SetVoidReason(why).SetUpdatedAt(w.now).Save(ctx)
}
