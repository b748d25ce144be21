package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/stageevent"
	"hireloop/funnel"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CorrectStageEventInput says what really happened instead of an event.
type CorrectStageEventInput struct {
	StageEventID    gid.ID
	ExpectedVersion int                       // of the application
	Kind            *stageevent.CorrectedKind // nil when nothing happened
	StageID         *gid.ID                   // of ENTER and REOPEN
	OccurredAt      *time.Time                // nil for the event's own
	Reason          string
}

// CorrectStageEvent mends the history of an application by an entry beside the
// wrong one. What follows from the history (where the application stands, its
// visits) follows from the mended one from now on. A correction neither makes
// nor undoes a hire, as seats hang on that, and leaves the first event first.
// The id is the application's.
func (s *Service) CorrectStageEvent(ctx context.Context, in CorrectStageEventInput) (gid.ID, error) {
	return s.create(ctx, "correctStageEvent", func(ctx context.Context, w *write) (gid.ID, error) {
		var problems fault.List
		if !of(&problems, "stageEventId", in.StageEventID, gid.StageEvent) {
			return gid.Nil, problems
		}
		wrong, err := w.StageEvent.Get(ctx, in.StageEventID)
		if db.IsNotFound(err) {
			return gid.Nil, missing("stageEventId", gid.StageEvent)
		}
		if err != nil {
			return gid.Nil, err
		}
		id := wrong.ApplicationID
		d, err := w.take(ctx, "stageEventId", id, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		if newer := d.correctionOf(wrong.ID); newer != nil {
			return gid.Nil, fault.Conflictf("stageEventId", "the event was corrected already").
				WithHint("correct its correction, %s", newer.ID)
		}
		right, err := w.correction(d, wrong, in)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.mend(d, wrong, right); err != nil {
			return gid.Nil, err
		}
		at := d.history.ClosedAt
		if d.history.Status == funnel.StatusHired && !at.Equal(d.before.ClosedAt) {
			if err := w.findSeat(ctx, d); err != nil {
				return gid.Nil, err
			}
		}
		err = w.save(ctx, d, happening{Type: "stage_event.corrected", Subject: wrong.ID})
		if err != nil || d.seat == nil {
			return id, err
		}
		return id, w.Seat.UpdateOne(d.seat).SetFilledAt(at).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
	})
}

// correction is the entry that the input asks for.
func (w *write) correction(d *dossier, wrong *db.StageEvent, in CorrectStageEventInput) (*db.StageEvent, error) {
	var problems fault.List
	right := &db.StageEvent{
		Kind: stageevent.KindCORRECT, CorrectsID: &wrong.ID, CorrectedKind: in.Kind,
		OccurredAt: wrong.OccurredAt, Reason: given(reason(&problems, "reason", in.Reason)),
	}
	switch {
	case in.Kind == nil:
		if in.StageID != nil {
			problems.Add(fault.Invalidf("stageId", "must be absent when nothing happened"))
		}
		if in.OccurredAt != nil {
			problems.Add(fault.Invalidf("occurredAt", "must be absent when nothing happened"))
		}
	case *in.Kind == stageevent.CorrectedKindENTER, *in.Kind == stageevent.CorrectedKindREOPEN:
		if in.StageID == nil {
			problems.Add(fault.Required("stageId"))
		} else if to, err := findStage(d.stages, "stageId", *in.StageID); err != nil {
			problems.Add(err)
		} else {
			right.StageID = &d.stages[to].ID
		}
	default:
		if in.StageID != nil {
			problems.Add(fault.Invalidf("stageId", "must be absent: %s leads into no stage", *in.Kind))
		}
		if kindOf(wrong) == funnel.EventKind(*in.Kind) {
			right.RejectionReasonID = wrong.RejectionReasonID
		}
	}
	if in.OccurredAt != nil && in.Kind != nil {
		var err *fault.Error
		right.OccurredAt, err = w.past("occurredAt", *in.OccurredAt)
		problems.Add(err)
	}
	return right, problems.Err()
}

// mend adds a correction to the log, unless it would take the application's
// beginning away or change whether it was hired.
func (w *write) mend(d *dossier, wrong, right *db.StageEvent) error {
	first := d.inForce()[0]
	if first.ID == wrong.ID && right.CorrectedKind == nil {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, "kind",
			"the first event cannot be taken back: an application begins by entering a stage")
	}
	hires, isHired := d.hires(), d.history.Status == funnel.StatusHired
	if err := w.add(d, "stageEventId", right); err != nil {
		return err
	}
	if now := d.inForce()[0]; now.ID != first.ID && now.ID != right.ID || now.ID == right.ID && first.ID != wrong.ID {
		return fault.Invalidf("occurredAt", "then the first event, of %s, would not be the first any more", instant(first.OccurredAt))
	}
	if d.hires() != hires || (d.history.Status == funnel.StatusHired) != isHired {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, "stageEventId",
			"a correction neither makes nor undoes a hire").WithHint("use hireApplication or undoHire")
	}
	return nil
}
