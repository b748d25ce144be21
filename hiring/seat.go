package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// maxSeats is how many seats one mutation adds at most.
const maxSeats = 100

// AddSeatsInput says how many seats an opening gets, and for when.
type AddSeatsInput struct {
	OpeningID       gid.ID
	ExpectedVersion int
	Count           *int // 1 when nil
	IsBackfill      *bool
	TargetStartOn   *time.Time // a day
}

// CloseSeatInput names a seat to give up.
type CloseSeatInput struct {
	SeatID          gid.ID
	ExpectedVersion int // of the seat
	Reason          string
}

// AddSeats adds headcount to an opening in any state; one that was FILLED opens
// again. The id is the opening's.
func (s *Service) AddSeats(ctx context.Context, in AddSeatsInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "addSeats", func(ctx context.Context, w *write) error {
		var problems fault.List
		count := 1
		if in.Count != nil {
			count = *in.Count
			within(&problems, "count", count, 1, maxSeats)
		}
		o, err := w.holdOpening(ctx, problems, in.OpeningID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		last, err := w.Seat.Query().Where(seat.OpeningID(o.ID)).
			Order(seat.ByNumber(sql.OrderDesc())).First(access.System(ctx))
		if err != nil && !db.IsNotFound(err) {
			return err
		}
		first := 1
		if last != nil {
			first = last.Number + 1
		}
		if err := w.addSeats(ctx, o.ID, first, count, in.IsBackfill, in.TargetStartOn); err != nil {
			return err
		}
		w.emit(happening{Type: "seat.added", Subject: o.ID, Opening: o.ID})
		if err := w.record(ctx, o.ID, map[string]any{"firstNumber": first, "count": count}); err != nil {
			return err
		}
		if o.Status == opening.StatusFILLED {
			return w.settleSeats(ctx, o.ID)
		}
		return w.Opening.UpdateOne(o).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
	})
}

// CloseSeat gives up one open seat. When no open seat is left and one is
// filled, the opening is FILLED.
func (s *Service) CloseSeat(ctx context.Context, in CloseSeatInput) (gid.ID, error) {
	return in.SeatID, s.change(ctx, "closeSeat", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		found, err := w.holdSeat(ctx, problems, in.SeatID)
		if err != nil {
			return err
		}
		if err := w.mayManage(ctx, found.OpeningID); err != nil {
			return err
		}
		if found.Version != in.ExpectedVersion {
			return overtaken("seat", found.Version)
		}
		if found.Status != seat.StatusOPEN {
			problems.Add(fault.Transition("seatId", "seat", string(found.Status), "close"))
		}
		if err := problems.Err(); err != nil {
			return err
		}
		err = w.Seat.UpdateOne(found).SetStatus(seat.StatusCLOSED).
			SetClosedAt(w.now).SetCloseReason(why).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "seat.closed", Subject: found.ID, Opening: found.OpeningID})
		err = w.record(ctx, found.ID, map[string]any{"openingId": found.OpeningID, "number": found.Number})
		if err != nil {
			return err
		}
		return w.settleSeats(ctx, found.OpeningID)
	})
}

// holdSeat reads the seat that an input calls seatId, once its opening is held.
func (w *write) holdSeat(ctx context.Context, problems fault.List, id gid.ID) (*db.Seat, error) {
	if !of(&problems, "seatId", id, gid.Seat) {
		return nil, problems
	}
	found, err := w.Seat.Get(ctx, id)
	if db.IsNotFound(err) {
		problems.Add(missing("seatId", gid.Seat))
		return nil, problems
	}
	if err != nil {
		return nil, err
	}
	if _, err := w.lockOpening(access.System(ctx), found.OpeningID); err != nil {
		return nil, err
	}
	return w.Seat.Get(access.System(ctx), id) // as it is now that nobody else can change it
}

// addSeats makes count open seats, numbered from first.
func (w *write) addSeats(ctx context.Context, openingID gid.ID, first, count int, isBackfill *bool, targetStart *time.Time) error {
	seats := make([]*db.SeatCreate, count)
	for i := range seats {
		seats[i] = w.Seat.Create().SetID(w.id(gid.Seat)).
			SetOpeningID(openingID).SetNumber(first + i).SetStatus(seat.StatusOPEN).
			SetNillableIsBackfill(isBackfill).SetNillableTargetStartOn(day(targetStart)).
			SetOpenedAt(w.now).SetCreatedAt(w.now).SetUpdatedAt(w.now)
	}
	return w.Seat.CreateBulk(seats...).Exec(ctx)
}

// day is the moment at which a day is kept: its midnight UTC.
func day(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return &midnight
}

// settleSeats makes an opening's state follow from its seats, after any of them
// changed: no seat left to fill and one filled is FILLED, and a seat to fill
// opens a FILLED one again, which is an event and an audit entry of its own.
// Drafts and cancelled openings stay what they are. That its seats changed is
// news of the opening in any case, but only its state makes another version.
// The opening is held and read anew, so that of two people who each fill one of
// the last two seats the later sees both.
func (w *write) settleSeats(ctx context.Context, id gid.ID) error {
	o, err := w.lockOpening(access.System(ctx), id)
	if err != nil {
		return err
	}
	statuses, err := w.Seat.Query().Where(seat.OpeningID(o.ID)).
		Select(seat.FieldStatus).Strings(access.System(ctx))
	if err != nil {
		return err
	}
	var free, filled int
	for _, status := range statuses {
		switch seat.Status(status) {
		case seat.StatusOPEN:
			free++
		case seat.StatusFILLED:
			filled++
		}
	}
	update := w.Opening.UpdateOne(o).SetUpdatedAt(w.now)
	var to opening.Status
	var happened string
	switch {
	case runs(o) && free == 0 && filled > 0:
		to, happened = opening.StatusFILLED, "opening.filled"
		update.SetClosedAt(w.now).ClearPausedAt()
	case o.Status == opening.StatusFILLED && free > 0:
		to, happened = opening.StatusOPEN, "opening.reopened"
		update.ClearClosedAt()
	default:
		return update.Exec(ctx)
	}
	if err := update.SetStatus(to).AddVersion(1).Exec(ctx); err != nil {
		return err
	}
	w.emit(happening{Type: happened, Subject: o.ID, Opening: o.ID})
	return w.record(ctx, o.ID, map[string]any{"from": o.Status, "to": to})
}
