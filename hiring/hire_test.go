package hiring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// room tells an opening and its seats: "OPEN: OPEN FILLED".
func (o *office) room() string {
	o.t.Helper()
	told := string(o.desk.opening(o.opening.ID).Status) + ":"
	for _, s := range o.seats(o.opening.ID) {
		told += " " + string(s.Status)
	}
	return told
}

func (o *office) closeSeats() {
	o.must(o.DB.Seat.Update().Where(seat.OpeningID(o.opening.ID), seat.StatusEQ(seat.StatusOPEN)).
		SetStatus(seat.StatusCLOSED).SetClosedAt(o.now).Exec(o.system()))
}

func TestHiringFillsSeatsAndThenTheOpening(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		first, second := o.apply(3), o.apply(3)
		o.storedOffer(first.ID, offer.StatusACCEPTED)

		_, err := o.HireApplication(o.as("manager"), hiring.HireApplicationInput{
			ApplicationID: first.ID, ExpectedVersion: 1, OccurredAt: to(dayOf(95)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := o.tell(first.ID), "OFFER[10-95 HIRED] HIRED[95-…] HIRED v2"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := o.room(), "OPEN: FILLED OPEN"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if s := o.seats(o.opening.ID)[0]; *s.ApplicationID != first.ID || !s.FilledAt.Equal(dayOf(95)) || s.Version != 2 {
			t.Errorf("seat %v", s)
		}

		if _, err := o.HireApplication(o.as("manager"), o.hire(second)); err != nil {
			t.Fatal(err)
		}
		if got, want := o.room(), "FILLED: FILLED FILLED"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if diff := cmp.Diff([]string{"application.hired", "application.hired", "opening.filled"}, o.happened(3)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestHiringIntoANamedSeat(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		in := o.hire(o.apply(3))
		in.SeatID = &o.seats(o.opening.ID)[1].ID
		if _, err := o.HireApplication(o.as("recruiter"), in); err != nil {
			t.Fatal(err)
		}
		if got, want := o.room(), "OPEN: OPEN FILLED"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestHireApplicationRefuses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		hire := func(a *db.Application, change func(*hiring.HireApplicationInput)) func() error {
			in := o.hire(a)
			if change != nil {
				change(&in)
			}
			return func() error {
				_, err := o.HireApplication(o.as("recruiter"), in)
				return err
			}
		}
		none := func(in *hiring.HireApplicationInput) { in.WithoutOfferReason = nil }
		seatOf := func(id gid.ID) func(*hiring.HireApplicationInput) {
			return func(in *hiring.HireApplicationInput) { in.SeatID = &id }
		}
		plain, declined := o.apply(3), o.apply(3)
		o.storedOffer(declined.ID, offer.StatusDECLINED)
		o.storedOffer(declined.ID, offer.StatusEXTENDED)
		full := o.apply(3)
		_, err := o.HireApplication(o.as("recruiter"), o.hire(o.apply(3)))
		o.must(err)
		taken := o.seats(o.opening.ID)[0].ID
		o.refuses(t,
			refusal{"no offer and no reason", "REASON_REQUIRED at withoutOfferReason", hire(plain, none)},
			refusal{"no accepted offer and no reason", "REASON_REQUIRED at withoutOfferReason", hire(declined, none)},
			refusal{"a stale version", "CONFLICT at expectedVersion", hire(plain, func(in *hiring.HireApplicationInput) { in.ExpectedVersion = 2 })},
			refusal{"a seat that is filled", "CONFLICT at seatId", hire(plain, seatOf(taken))},
			refusal{"an unknown seat", "NOT_FOUND at seatId", hire(plain, seatOf(o.id(gid.Seat)))},
			refusal{"something that is no seat", "NOT_FOUND at seatId", hire(plain, seatOf(plain.ID))},
			refusal{"before it applied", "INVALID at occurredAt", hire(plain, func(in *hiring.HireApplicationInput) { in.OccurredAt = to(dayOf(1)) })},
		)
		o.closeSeats()
		closed := o.seats(o.opening.ID)[1].ID
		o.refuses(t,
			refusal{"the other seat is closed: somebody got the one there was", "CONFLICT at applicationId", hire(full, nil)},
			refusal{"a seat that is closed", "NO_SEAT at seatId", hire(full, seatOf(closed))},
		)
		o.setOpening(o.opening, opening.StatusFILLED)
		o.refuses(t, refusal{"the opening is filled: somebody got the last seat", "CONFLICT at applicationId", hire(full, nil)})
		o.setOpening(o.opening, opening.StatusCANCELLED)
		o.refuses(t, refusal{"the opening is cancelled", "INVALID_TRANSITION at applicationId", hire(full, nil)})

		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 2)
		alone := o.apply(3)
		o.closeSeats()
		o.refuses(t, refusal{"all seats were given up", "NO_SEAT at applicationId", hire(alone, nil)})
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 1)
		endless := o.apply(3)
		o.must(o.DB.Stage.DeleteOne(o.stages[4]).Exec(o.system()))
		o.refuses(t, refusal{"an opening without a stage of the hired", "INVALID_TRANSITION at applicationId", hire(endless, nil)})
	})
}

// A hundred people press "hire" for one seat, each for a candidate of their
// own: one wins, the others are told that somebody did.
func TestAHundredHiresForOneSeat(t *testing.T) {
	const people = 100
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 1)
		applications := make([]*db.Application, people)
		for i := range applications {
			applications[i] = o.apply(3)
		}
		errs := atOnce(times(people, func(i int) error {
			_, err := o.HireApplication(o.as("recruiter"), o.hire(applications[i]))
			return err
		})...)
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at applicationId": people - 1}, tally(errs)); diff != "" {
			t.Fatal(diff)
		}
		winner := applications[slices.Index(errs, nil)]
		if got, want := o.room(), "FILLED: FILLED"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if id := *o.seats(o.opening.ID)[0].ApplicationID; id != winner.ID {
			t.Errorf("the seat is %s's, but %s won", id, winner.ID)
		}
		hired, err := o.DB.Application.Query().Where(application.StatusEQ(application.StatusHIRED)).OnlyID(o.system())
		if err != nil || hired != winner.ID {
			t.Errorf("hired: %s, %v", hired, err)
		}
	})
}

// A hundred people press "hire" for one application: it is hired once.
func TestAHundredHiresOfOneApplication(t *testing.T) {
	const people = 100
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, people)
		in := o.hire(o.apply(3))
		errs := atOnce(times(people, func(int) error {
			_, err := o.HireApplication(o.as("recruiter"), in)
			return err
		})...)
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at expectedVersion": people - 1}, tally(errs)); diff != "" {
			t.Error(diff)
		}
		if got := strings.Count(o.room(), "FILLED"); got != 1 {
			t.Errorf("%d seats are filled: %s", got, o.room())
		}
	})
}

func TestUndoHire(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 1)
		for rule, c := range map[string]struct {
			to   *gid.ID
			want string
		}{
			"back to where the hire came from": {nil, "OFFER[10-100 HIRED] HIRED[100-100 MOVED_BACK] OFFER[100-…] ACTIVE v3"},
			"or to a named stage":              {&o.stages[0].ID, "OFFER[10-100 HIRED] HIRED[100-100 MOVED_BACK] APPLIED[100-…] ACTIVE v3"},
		} {
			t.Run(rule, func(t *testing.T) {
				a := o.apply(3)
				_, err := o.HireApplication(o.as("recruiter"), o.hire(a))
				o.must(err)
				if got, want := o.room(), "FILLED: FILLED"; got != want {
					t.Fatalf("got %s, want %s", got, want)
				}
				_, err = o.UndoHire(o.as("manager"), hiring.UndoHireInput{
					ApplicationID: a.ID, ExpectedVersion: 2, ToStageID: c.to, Reason: "took another job",
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := o.tell(a.ID); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
				if got, want := o.room(), "OPEN: OPEN"; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if s := o.seats(o.opening.ID)[0]; s.ApplicationID != nil || s.FilledAt != nil {
					t.Errorf("seat %v", s)
				}
				if diff := cmp.Diff([]string{"application.hire_undone", "opening.reopened"}, o.happened(2)); diff != "" {
					t.Error(diff)
				}
			})
		}
		a := o.apply(3)
		_, err := o.HireApplication(o.as("recruiter"), o.hire(a))
		o.must(err)
		undo := func(change func(*hiring.UndoHireInput)) func() error {
			in := hiring.UndoHireInput{ApplicationID: a.ID, ExpectedVersion: 2, Reason: "took another job"}
			change(&in)
			return func() error {
				_, err := o.UndoHire(o.as("recruiter"), in)
				return err
			}
		}
		type in = *hiring.UndoHireInput
		o.refuses(t,
			refusal{"without a reason", "REASON_REQUIRED at reason", undo(func(u in) { u.Reason = " " })},
			refusal{"into the stage of the hired", "INVALID_TRANSITION at toStageId", undo(func(u in) { u.ToStageID = &o.stages[4].ID })},
			refusal{"into an unknown stage", "NOT_FOUND at toStageId", undo(func(u in) { u.ToStageID = to(o.id(gid.Stage)) })},
			refusal{"a stale version", "CONFLICT at expectedVersion", undo(func(u in) { u.ExpectedVersion = 1 })},
			refusal{"before the hire", "INVALID at occurredAt", undo(func(u in) { u.OccurredAt = to(dayOf(99)) })},
		)
	})
}

// Who wants one seat that is gone is told of that seat, and that another is left
// when one is.
func TestTheNamedSeatWasFilledMeanwhile(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		in := o.hire(o.apply(3))
		in.SeatID = &o.seats(o.opening.ID)[0].ID
		_, err := o.HireApplication(o.as("recruiter"), o.hire(o.apply(3)))
		o.must(err)
		for _, c := range []struct{ rule, message, hint string }{
			{"another is open", "that seat was filled meanwhile", "leave seatId out"},
			{"none is open", "last open seat", "addSeats"},
		} {
			_, err := o.HireApplication(o.as("recruiter"), in)
			told := fault.All(err)
			if refused(err) != "CONFLICT at seatId" || !strings.Contains(told[0].Message, c.message) || !strings.Contains(told[0].Hint, c.hint) {
				t.Errorf("%s: %v", c.rule, err)
			}
			o.closeSeats()
		}
	})
}

func TestARefusedHireNamesWhatToDo(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 1)
		loser := o.apply(3)
		_, err := o.HireApplication(o.as("recruiter"), o.hire(o.apply(3)))
		o.must(err)
		_, err = o.HireApplication(o.as("recruiter"), o.hire(loser))
		if text := fmt.Sprint(err); !strings.Contains(text, "somebody else") || !strings.Contains(text, "addSeats") {
			t.Errorf("%q", text)
		}
	})
}
