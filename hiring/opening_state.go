package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/seat"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// OpenOpeningInput names an opening to open.
type OpenOpeningInput struct {
	OpeningID       gid.ID
	ExpectedVersion int
}

// PauseOpeningInput names an opening to pause.
type PauseOpeningInput struct {
	OpeningID       gid.ID
	ExpectedVersion int
	Reason          *string
}

// ResumeOpeningInput names an opening to resume.
type ResumeOpeningInput struct {
	OpeningID       gid.ID
	ExpectedVersion int
}

// CloseOpeningInput names an opening to give up.
type CloseOpeningInput struct {
	OpeningID       gid.ID
	ExpectedVersion int
	Reason          string
}

// openingVerb is what people do to the state of an opening.
type openingVerb string

const (
	openVerb   openingVerb = "open"
	pauseVerb  openingVerb = "pause"
	resumeVerb openingVerb = "resume"
	closeVerb  openingVerb = "close"
)

// leads is the state machine of openings: where the verb leads from a state,
// and whether it may be done there at all. Two more moves, OPEN and PAUSED →
// FILLED and back, follow from the seats: see settleSeats.
func (v openingVerb) leads(from opening.Status) (to opening.Status, ok bool) {
	var sources []opening.Status
	switch v {
	case openVerb:
		sources, to = []opening.Status{opening.StatusDRAFT, opening.StatusFILLED, opening.StatusCANCELLED}, opening.StatusOPEN
	case pauseVerb:
		sources, to = []opening.Status{opening.StatusOPEN}, opening.StatusPAUSED
	case resumeVerb:
		sources, to = []opening.Status{opening.StatusPAUSED}, opening.StatusOPEN
	case closeVerb:
		sources, to = []opening.Status{opening.StatusDRAFT, opening.StatusOPEN, opening.StatusPAUSED}, opening.StatusCANCELLED
	}
	return to, slices.Contains(sources, from)
}

// OpenOpening lets an opening take applications: for the first time, or again
// after it was cancelled. It needs an open seat, and pins the newest published
// rubric of the target level's ladder unless a scorecard was written by the
// pinned one.
func (s *Service) OpenOpening(ctx context.Context, in OpenOpeningInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "openOpening", func(ctx context.Context, w *write) error {
		o, update, err := w.moveOpening(ctx, nil, in.OpeningID, in.ExpectedVersion, openVerb)
		if err != nil {
			return err
		}
		any, err := w.Seat.Query().
			Where(seat.OpeningID(o.ID), seat.StatusEQ(seat.StatusOPEN)).Exist(access.System(ctx))
		if err != nil {
			return err
		}
		if !any {
			return fault.New(fault.Invalid, fault.CodeNoSeat, "openingId", "the opening has no open seat").
				WithHint("add a seat first")
		}
		if o.OpenedAt == nil {
			update.SetOpenedAt(w.now)
		}
		if err := w.pin(ctx, o, o.TargetLevelID, update); err != nil {
			return err
		}
		w.emit(happening{Type: "opening.opened", Subject: o.ID, Opening: o.ID})
		return update.ClearClosedAt().ClearCloseReason().Exec(ctx)
	})
}

// PauseOpening stops an opening from taking applications for a while.
func (s *Service) PauseOpening(ctx context.Context, in PauseOpeningInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "pauseOpening", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := optionalReason(&problems, "reason", in.Reason)
		o, update, err := w.moveOpening(ctx, problems, in.OpeningID, in.ExpectedVersion, pauseVerb)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "opening.paused", Subject: o.ID, Opening: o.ID})
		return update.SetPausedAt(w.now).SetNillablePauseReason(given(why)).Exec(ctx)
	})
}

// ResumeOpening lets a paused opening go on.
func (s *Service) ResumeOpening(ctx context.Context, in ResumeOpeningInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "resumeOpening", func(ctx context.Context, w *write) error {
		o, update, err := w.moveOpening(ctx, nil, in.OpeningID, in.ExpectedVersion, resumeVerb)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "opening.resumed", Subject: o.ID, Opening: o.ID})
		return update.ClearPausedAt().ClearPauseReason().Exec(ctx)
	})
}

// CloseOpening gives up hiring: open seats close with the reason. Applications
// stay as they are, for people to settle one by one.
func (s *Service) CloseOpening(ctx context.Context, in CloseOpeningInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "closeOpening", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		o, update, err := w.moveOpening(ctx, problems, in.OpeningID, in.ExpectedVersion, closeVerb)
		if err != nil {
			return err
		}
		err = w.Seat.Update().Where(seat.OpeningID(o.ID), seat.StatusEQ(seat.StatusOPEN)).
			SetStatus(seat.StatusCLOSED).SetClosedAt(w.now).SetCloseReason(why).
			SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "opening.closed", Subject: o.ID, Opening: o.ID})
		return update.ClearPausedAt().ClearPauseReason().SetClosedAt(w.now).SetCloseReason(why).Exec(ctx)
	})
}

// moveOpening holds an opening and begins its move by the verb; problems are
// those that the rest of the input has. It writes the audit entry.
func (w *write) moveOpening(ctx context.Context, problems fault.List, id gid.ID, version int, verb openingVerb) (*db.Opening, *db.OpeningUpdateOne, error) {
	o, err := w.holdOpening(ctx, problems, id, version)
	if err != nil {
		return nil, nil, err
	}
	to, ok := verb.leads(o.Status)
	if !ok {
		problems.Add(fault.Transition("openingId", "opening", string(o.Status), string(verb)))
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	if err := w.record(ctx, o.ID, map[string]any{"from": o.Status, "to": to}); err != nil {
		return nil, nil, err
	}
	return o, w.Opening.UpdateOne(o).SetStatus(to).SetUpdatedAt(w.now).AddVersion(1), nil
}

// holdOpening reads the opening that an input calls openingId and holds it for
// the transaction. The viewer must see it, may manage it and know its present
// version; problems, of the rest of the input, are told only when it is there.
func (w *write) holdOpening(ctx context.Context, problems fault.List, id gid.ID, version int) (*db.Opening, error) {
	if !of(&problems, "openingId", id, gid.Opening) {
		return nil, problems
	}
	o, err := w.lockOpening(ctx, id)
	if db.IsNotFound(err) {
		problems.Add(missing("openingId", gid.Opening))
		return nil, problems
	}
	if err != nil {
		return nil, err
	}
	if err := w.mayManage(ctx, o.ID); err != nil {
		return nil, err
	}
	if o.Version != version {
		return nil, overtaken("opening", o.Version)
	}
	return o, nil
}

// pin sets which edition of the rubric the loops of an opening with this target
// level use: the newest published one of the level's ladder, none without a
// level. Once a scorecard was handed in the pin stays.
func (w *write) pin(ctx context.Context, o *db.Opening, targetLevel *gid.ID, update *db.OpeningUpdateOne) error {
	if o.RubricVersionID != nil {
		if assessed, err := w.isAssessed(ctx, o.ID); err != nil || assessed {
			return err
		}
	}
	if targetLevel == nil {
		update.ClearRubricVersionID()
		return nil
	}
	target, err := w.Level.Get(access.System(ctx), *targetLevel)
	if err != nil {
		return err
	}
	newest, err := w.newest(ctx, target.LadderID, rubricversion.StatusPUBLISHED)
	if err != nil {
		return err
	}
	if newest == nil {
		update.ClearRubricVersionID()
	} else {
		update.SetRubricVersionID(newest.ID)
	}
	return nil
}

// isAssessed reports whether a scorecard was handed in for any application of
// the opening, whoever may see it.
func (w *write) isAssessed(ctx context.Context, openingID gid.ID) (bool, error) {
	return w.Scorecard.Query().
		Where(scorecard.StatusIn(handedInStates...), scorecard.HasApplicationWith(application.OpeningID(openingID))).
		Exist(access.System(ctx))
}
