package hiring_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/event"
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
			last     string // event
		}{
			{opening.StatusDRAFT, opening.StatusDRAFT, "seat.added"},
			{opening.StatusOPEN, opening.StatusOPEN, "seat.added"},
			{opening.StatusPAUSED, opening.StatusPAUSED, "seat.added"},
			{opening.StatusFILLED, opening.StatusOPEN, "opening.reopened"},
			{opening.StatusCANCELLED, opening.StatusCANCELLED, "seat.added"},
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
				if got, want := d.traces(), "addSeats by recruiter of opening, "+c.last; got != want {
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

// left is what the present moment left of an opening: "OPEN v2", the events, the
// audit entries with the states between which they moved something and the
// number of the seat that they name.
func (o *office) left() []string {
	o.t.Helper()
	one, err := o.DB.Opening.Get(o.system(), o.opening.ID)
	o.must(err)
	told := []string{fmt.Sprintf("%s v%d", one.Status, one.Version)}
	if !one.UpdatedAt.Equal(o.now) {
		told = append(told, "not updated")
	}
	events, err := o.DB.Event.Query().Where(event.RecordedAt(o.now)).Order(event.ByID()).All(o.system())
	o.must(err)
	for _, e := range events {
		if *e.OpeningID != o.opening.ID {
			o.t.Errorf("%s is of %s", e.Type, e.OpeningID)
		}
		told = append(told, fmt.Sprintf("%s of %s", e.Type, e.SubjectID.Kind().Noun()))
	}
	entries, err := o.DB.AuditEntry.Query().Where(auditentry.RecordedAt(o.now)).Order(auditentry.ByID()).All(o.system())
	o.must(err)
	for _, e := range entries {
		line := fmt.Sprintf("%s of %s", e.Action, e.SubjectID.Kind().Noun())
		if from, ok := e.Details["from"]; ok {
			line += fmt.Sprintf(", %v to %v", from, e.Details["to"])
		}
		for _, s := range o.seats(o.opening.ID) {
			if e.Details["seatId"] == s.ID.String() {
				line += fmt.Sprintf(", seat %d", s.Number)
			}
		}
		told = append(told, line)
	}
	return told
}

// Whatever changes the seats is the opening's news as well; its version grows
// when its state changes, or when it is what people changed.
func TestSeatsLeaveTracesOfTheirOpening(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		first, second := o.apply(3), o.apply(3)
		hire := func(a *db.Application) error {
			_, err := o.HireApplication(o.as("manager"), o.hire(a))
			return err
		}
		undo := func(a *db.Application, version int) error {
			_, err := o.UndoHire(o.as("manager"), hiring.UndoHireInput{ApplicationID: a.ID, ExpectedVersion: version, Reason: "took another job"})
			return err
		}
		add := func(version int) error {
			_, err := o.AddSeats(o.as("recruiter"), hiring.AddSeatsInput{OpeningID: o.opening.ID, ExpectedVersion: version})
			return err
		}
		shut := func(number int) error {
			s := o.seats(o.opening.ID)[number-1]
			_, err := o.CloseSeat(o.as("recruiter"), hiring.CloseSeatInput{SeatID: s.ID, ExpectedVersion: s.Version, Reason: "Budget"})
			return err
		}
		for _, c := range []struct {
			rule string
			do   func() error
			want []string
		}{
			{"a hire", func() error { return hire(first) },
				[]string{"OPEN v1", "application.hired of application", "hireApplication of application, ACTIVE to HIRED, seat 1"}},
			{"a hire into the last seat", func() error { return hire(second) },
				[]string{"FILLED v2", "application.hired of application", "opening.filled of opening",
					"hireApplication of application, ACTIVE to HIRED, seat 2", "hireApplication of opening, OPEN to FILLED"}},
			{"an undone hire that had filled it", func() error { return undo(second, 2) },
				[]string{"OPEN v3", "application.hire_undone of application", "opening.reopened of opening",
					"undoHire of application, HIRED to ACTIVE, seat 2", "undoHire of opening, FILLED to OPEN"}},
			{"an undone hire", func() error { return undo(first, 2) },
				[]string{"OPEN v3", "application.hire_undone of application", "undoHire of application, HIRED to ACTIVE, seat 1"}},
			{"a seat more", func() error { return add(3) },
				[]string{"OPEN v4", "seat.added of opening", "addSeats of opening"}},
			{"a seat less", func() error { return shut(3) },
				[]string{"OPEN v4", "seat.closed of seat", "closeSeat of seat"}},
			{"a hire again", func() error { return hire(o.application(second.ID)) },
				[]string{"OPEN v4", "application.hired of application", "hireApplication of application, ACTIVE to HIRED, seat 1"}},
			{"the last seat less", func() error { return shut(2) },
				[]string{"FILLED v5", "seat.closed of seat", "opening.filled of opening", "closeSeat of seat", "closeSeat of opening, OPEN to FILLED"}},
			{"a seat more for one that was filled", func() error { return add(5) },
				[]string{"OPEN v6", "seat.added of opening", "opening.reopened of opening", "addSeats of opening", "addSeats of opening, FILLED to OPEN"}},
		} {
			o.now = o.now.Add(time.Minute)
			o.must(c.do())
			if diff := cmp.Diff(c.want, o.left()); diff != "" {
				t.Errorf("%s: %s", c.rule, diff)
			}
		}
	})
}

// Each of the two sees, or waits for, what the other does: one of them finds
// that no seat is left.
func TestTwoCloseTheLastTwoSeatsAtOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(3)
		d.fill(o)
		seats := d.seats(o.ID)[1:]
		for _, err := range atOnce(times(2, func(i int) error { return d.closeSeat(seats[i]) })...) {
			if err != nil {
				t.Error(err)
			}
		}
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
