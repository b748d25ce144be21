package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/stageevent"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// HireApplicationInput names an application to hire.
type HireApplicationInput struct {
	ApplicationID      gid.ID
	ExpectedVersion    int
	SeatID             *gid.ID // nil for the first open one
	WithoutOfferReason *string
	OccurredAt         *time.Time // nil for now
}

// UndoHireInput names a hire to undo.
type UndoHireInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ToStageID       *gid.ID // nil for the stage before the hire
	Reason          string
	OccurredAt      *time.Time // nil for now
}

// HireApplication moves an application into the stage of the hired and fills a
// seat; the last seat fills the opening. It needs an accepted offer, or a
// reason why there is none. Of several people who want the last seat one gets
// it, the others a Conflict: it is theirs to read again and decide.
func (s *Service) HireApplication(ctx context.Context, in HireApplicationInput) (gid.ID, error) {
	return s.move(ctx, "hireApplication", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		if err := d.must("hire", application.StatusACTIVE); err != nil {
			return err
		}
		if err := w.owes(ctx, "applicationId", d.application.ID); err != nil {
			return err
		}
		// A FILLED opening has lost its last seat to somebody: vacancy says so.
		if d.opening.Status != opening.StatusFILLED {
			if err := d.runs("hire its applications"); err != nil {
				return err
			}
		}
		to := d.hired()
		if to < 0 {
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, "applicationId", "the opening has no stage of kind HIRED")
		}
		var problems fault.List
		why := optionalReason(&problems, "withoutOfferReason", in.WithoutOfferReason)
		if why == "" && len(problems) == 0 {
			// Offers are seen by few; whether one was accepted does not depend on who asks.
			accepted, err := w.Offer.Query().
				Where(offer.ApplicationID(d.application.ID), offer.StatusEQ(offer.StatusACCEPTED)).Exist(access.System(ctx))
			if err != nil {
				return err
			}
			if !accepted {
				problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "withoutOfferReason",
					"say why without an accepted offer"))
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		free, err := w.vacancy(ctx, d.opening.ID, in.SeatID)
		if err != nil {
			return err
		}
		d.seat = free
		err = w.happen(ctx, d, nil, "application.hired", in.OccurredAt,
			&db.StageEvent{Kind: stageevent.KindENTER, StageID: &d.stages[to].ID, Reason: given(why)})
		if err != nil {
			return err
		}
		err = w.Seat.UpdateOne(free).Where(seat.StatusEQ(seat.StatusOPEN)).
			SetStatus(seat.StatusFILLED).SetApplicationID(d.application.ID).SetFilledAt(d.history.ClosedAt).
			SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if db.IsNotFound(err) {
			return taken("applicationId")
		}
		if err != nil {
			return err
		}
		return w.settleSeats(ctx, d.opening.ID)
	})
}

// vacancy is the seat to fill: the named one, or the first that is open. The
// opening is held, so that nobody else fills it meanwhile.
func (w *write) vacancy(ctx context.Context, openingID gid.ID, named *gid.ID) (*db.Seat, error) {
	// Whoever may hire sees the opening, and so its seats.
	all, err := w.Seat.Query().Where(seat.OpeningID(openingID)).Order(seat.ByNumber()).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	path, wanted := "applicationId", all
	if named != nil {
		path = "seatId"
		wanted = slices.DeleteFunc(slices.Clone(all), func(s *db.Seat) bool { return s.ID != *named })
	}
	first := func(seats []*db.Seat, status seat.Status) int {
		return slices.IndexFunc(seats, func(s *db.Seat) bool { return s.Status == status })
	}
	switch free := first(wanted, seat.StatusOPEN); {
	case free >= 0:
		return wanted[free], nil
	case named != nil && len(wanted) == 0:
		return nil, fault.Missing(path, "seat of this opening")
	case first(wanted, seat.StatusFILLED) < 0:
		return nil, fault.New(fault.Invalid, fault.CodeNoSeat, path, "no seat is to be filled").WithHint("addSeats first")
	case first(all, seat.StatusOPEN) >= 0:
		return nil, fault.Conflictf(path, "that seat was filled meanwhile").
			WithHint("leave seatId out to fill another one that is open")
	}
	return nil, taken(path)
}

func taken(path string) *fault.Error {
	return fault.Conflictf(path, "somebody else was hired into the last open seat").
		WithHint("read the opening again; addSeats if one more is meant")
}

// UndoHire takes back a hire that did not come about: the application is active
// again and its seat open, and so is the opening that it had filled.
func (s *Service) UndoHire(ctx context.Context, in UndoHireInput) (gid.ID, error) {
	return s.move(ctx, "undoHire", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		if err := d.must("undo its hire", application.StatusHIRED); err != nil {
			return err
		}
		if d.opening.Status != opening.StatusFILLED {
			if err := d.runs("undo its hires"); err != nil {
				return err
			}
		}
		visits := d.history.Visits
		before := 0
		switch {
		case len(visits) > 1:
			before = visits[len(visits)-2].Stage
		case in.ToStageID == nil:
			return fault.Required("toStageId")
		}
		if err := w.findSeat(ctx, d); err != nil {
			return err
		}
		if err := w.reopen(ctx, d, "application.hire_undone", before, in.ToStageID, in.Reason, in.OccurredAt); err != nil {
			return err
		}
		if d.seat != nil {
			err := w.Seat.UpdateOne(d.seat).SetStatus(seat.StatusOPEN).ClearApplicationID().ClearFilledAt().
				SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return w.settleSeats(ctx, d.opening.ID)
	})
}

// findSeat adds to a dossier the seat that its application fills, if any.
func (w *write) findSeat(ctx context.Context, d *dossier) (err error) {
	d.seat, err = w.Seat.Query().Where(seat.ApplicationID(d.application.ID)).Only(access.System(ctx))
	if db.IsNotFound(err) { // imported without one
		return nil
	}
	return err
}
