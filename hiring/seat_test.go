package hiring_test

import (
	"sync"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/opening"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func (d *desk) closeSeat(s *db.Seat) error {
	_, err := d.CloseSeat(d.as("recruiter"), hiring.CloseSeatInput{SeatID: s.ID, ExpectedVersion: s.Version, Reason: "Budget"})
	return err
}

func TestAddSeats(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			from, to opening.Status
		}{
			{opening.StatusDRAFT, opening.StatusDRAFT},
			{opening.StatusOPEN, opening.StatusOPEN},
			{opening.StatusPAUSED, opening.StatusPAUSED},
			{opening.StatusFILLED, opening.StatusOPEN},
			{opening.StatusCANCELLED, opening.StatusCANCELLED},
		} {
			t.Run(string(c.from), func(t *testing.T) {
				o := d.draft(1)
				d.setOpening(o, c.from)
				start := time.Date(2026, 9, 1, 17, 30, 0, 0, time.FixedZone("CEST", 7200))
				id, err := d.AddSeats(d.as("recruiter"), hiring.AddSeatsInput{
					OpeningID: o.ID, ExpectedVersion: 1, Count: to(2), IsBackfill: to(true), TargetStartOn: &start,
				})
				d.must(err)
				after := d.opening(id)
				if after.Status != c.to || after.Version != 2 || after.ClosedAt != nil {
					t.Errorf("opening is %s at version %d, closed %v", after.Status, after.Version, after.ClosedAt)
				}
				if got := d.seatLine(o.ID); got != "1:OPEN 2:OPEN 3:OPEN" {
					t.Errorf("seats are %s", got)
				}
				last := d.seats(o.ID)[2]
				if !last.IsBackfill || !last.TargetStartOn.Equal(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)) || !last.OpenedAt.Equal(d.now) {
					t.Errorf("seat is %v", last)
				}
				if got, want := d.traces(), "addSeats by recruiter of opening, seat.added"; got != want {
					t.Errorf("left %q, want %q", got, want)
				}
			})
		}
	})
}

func TestClosingSeatsFillsAnOpening(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(3)
		d.fill(o)
		seats := d.seats(o.ID)
		d.must(d.closeSeat(seats[1]))
		if got := d.opening(o.ID); got.Status != opening.StatusOPEN {
			t.Errorf("with a seat to fill it is %s", got.Status)
		}
		if got, want := d.traces(), "closeSeat by recruiter of seat, seat.closed"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		version := d.opening(o.ID).Version
		d.must(d.closeSeat(seats[2]))
		got := d.opening(o.ID)
		if got.Status != opening.StatusFILLED || got.ClosedAt == nil || got.Version != version+1 {
			t.Errorf("without a seat to fill it is %s, closed %v, at version %d", got.Status, got.ClosedAt, got.Version)
		}
		last := d.seats(o.ID)[2]
		if last.ClosedAt == nil || *last.CloseReason != "Budget" || last.Version != 2 {
			t.Errorf("the seat is %v", last)
		}
		_, err := d.AddSeats(d.as("recruiter"), hiring.AddSeatsInput{OpeningID: o.ID, ExpectedVersion: got.Version})
		d.must(err)
		if got := d.opening(o.ID); got.Status != opening.StatusOPEN || got.ClosedAt != nil {
			t.Errorf("with a new seat it is %s, closed %v", got.Status, got.ClosedAt)
		}
	})
}

func TestClosingSeats(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		t.Run("nobody hired leaves the opening open", func(t *testing.T) {
			o := d.open(1)
			d.must(d.closeSeat(d.seats(o.ID)[0]))
			if got := d.opening(o.ID); got.Status != opening.StatusOPEN {
				t.Errorf("it is %s", got.Status)
			}
		})
		t.Run("a paused opening is filled too", func(t *testing.T) {
			o := d.open(2)
			d.fill(o)
			_, err := d.PauseOpening(d.as("recruiter"), hiring.PauseOpeningInput{OpeningID: o.ID, ExpectedVersion: d.opening(o.ID).Version})
			d.must(err)
			d.must(d.closeSeat(d.seats(o.ID)[1]))
			if got := d.opening(o.ID); got.Status != opening.StatusFILLED || got.PausedAt != nil {
				t.Errorf("it is %s, paused %v", got.Status, got.PausedAt)
			}
		})
	})
}

// Each of the two sees, or waits for, what the other does: one of them finds
// that no seat is left.
func TestTwoCloseTheLastTwoSeatsAtOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(3)
		d.fill(o)
		seats := d.seats(o.ID)[1:]
		var both sync.WaitGroup
		for _, s := range seats {
			both.Go(func() {
				if err := d.closeSeat(s); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if got := d.opening(o.ID); got.Status != opening.StatusFILLED {
			t.Errorf("it is %s with seats %s", got.Status, d.seatLine(o.ID))
		}
	})
}

func TestSeatsRefuse(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(2)
		d.fill(o)
		seats := d.seats(o.ID)
		shut := func(who string, change func(*hiring.CloseSeatInput)) func() error {
			in := hiring.CloseSeatInput{SeatID: seats[1].ID, ExpectedVersion: 1, Reason: "Budget"}
			change(&in)
			return func() error {
				_, err := d.CloseSeat(d.as(who), in)
				return err
			}
		}
		add := func(who string, change func(*hiring.AddSeatsInput)) func() error {
			in := hiring.AddSeatsInput{OpeningID: o.ID, ExpectedVersion: d.opening(o.ID).Version}
			change(&in)
			return func() error {
				_, err := d.AddSeats(d.as(who), in)
				return err
			}
		}
		type shutting = *hiring.CloseSeatInput
		type adding = *hiring.AddSeatsInput
		d.refuses(t,
			refusal{"close: by the hiring manager", "FORBIDDEN at ", shut("manager", func(shutting) {})},
			refusal{"close: by who does not see it", "NOT_FOUND at seatId", shut("interviewer", func(shutting) {})},
			refusal{"close: an unknown seat", "NOT_FOUND at seatId", shut("recruiter", func(i shutting) { i.SeatID = d.id(gid.Seat) })},
			refusal{"close: an opening", "NOT_FOUND at seatId", shut("recruiter", func(i shutting) { i.SeatID = o.ID })},
			refusal{"close: a filled seat", "INVALID_TRANSITION at seatId", shut("recruiter", func(i shutting) { i.SeatID, i.ExpectedVersion = seats[0].ID, seats[0].Version })},
			refusal{"close: a past version, also of a filled seat", "CONFLICT at expectedVersion", shut("recruiter", func(i shutting) { i.SeatID, i.ExpectedVersion = seats[0].ID, 0 })},
			refusal{"close: without a reason", "REASON_REQUIRED at reason", shut("recruiter", func(i shutting) { i.Reason = "" })},
			refusal{"add: by the hiring manager", "FORBIDDEN at ", add("manager", func(adding) {})},
			refusal{"add: none", "INVALID at count", add("recruiter", func(i adding) { i.Count = to(0) })},
			refusal{"add: 101", "INVALID at count", add("recruiter", func(i adding) { i.Count = to(101) })},
			refusal{"add: a past version", "CONFLICT at expectedVersion", add("recruiter", func(i adding) { i.ExpectedVersion-- })},
			refusal{"add: an unknown opening", "NOT_FOUND at openingId", add("recruiter", func(i adding) { i.OpeningID = d.id(gid.Opening) })},
		)
	})
}
