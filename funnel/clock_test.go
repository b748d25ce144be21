package funnel_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// on is a day of the vectors.
func on(days float64) *time.Time { return new(after(days)) }

// clockVectors are what is to be said of the offers and the hire of the vectors.
type clockVectors struct {
	Offers struct {
		Extended, Accepted, Declined, Expired, Rescinded, Pending int
		AcceptanceRate                                            float64
	}
	HireTimes struct {
		Opening struct{ OpenedDay, ApprovedDay float64 }
		Hire    struct {
			TimeToOffer, TimeToHire, TimeToFillFromOpened, TimeToFillFromApproved float64
		} `json:"a01"`
	} `json:"hire_times"`
}

func readClockVectors(t *testing.T) clockVectors {
	t.Helper()
	text, err := os.ReadFile("testdata/funnel.json")
	if err != nil {
		t.Fatal(err)
	}
	var v clockVectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// lives tells the offers and candidacies of the vectors' applications: an offer
// is extended on entering its stage, accepted by the hire and else declined.
func (v vectors) lives(opened *time.Time) (offers []funnel.Offer, candidacies []funnel.Candidacy) {
	for _, a := range v.Applications {
		c := funnel.Candidacy{OpenedAt: opened, FirstEventAt: after(a.Events[0][0].(float64))}
		for _, e := range a.Events {
			at, stage := on(e[0].(float64)), e[2]
			switch {
			case stage == "OFFER":
				c.OfferedAt = at
				offers = append(offers, funnel.Offer{ExtendedAt: *at})
			case stage == "HIRED":
				c.AcceptedAt, c.IsHired = at, true
				offers[len(offers)-1].ResolvedAt, offers[len(offers)-1].Outcome = at, funnel.OfferAccepted
			case c.OfferedAt != nil:
				offers[len(offers)-1].ResolvedAt, offers[len(offers)-1].Outcome = at, funnel.OfferDeclined
			}
		}
		candidacies = append(candidacies, c)
	}
	return offers, candidacies
}

func TestClocksOfTheVectors(t *testing.T) {
	v, want := readVectors(t), readClockVectors(t).HireTimes
	opened, approved := on(want.Opening.OpenedDay), on(want.Opening.ApprovedDay)
	_, candidacies := v.lives(opened)
	got := funnel.TimeToHire(candidacies, after(v.AsOf))
	if got.ToHire.Count != 1 || !same(got.ToHire.MeanDays, &want.Hire.TimeToHire) || !same(got.ToHire.MedianDays, &want.Hire.TimeToHire) {
		t.Errorf("to hire %+v, want %v", got.ToHire, want.Hire.TimeToHire)
	}
	if got.ToOffer.Count != 2 || got.ToHireSinceReopen.Count != 0 {
		t.Errorf("to offer %+v, since reopened %+v", got.ToOffer, got.ToHireSinceReopen)
	}
	first := funnel.TimeToHire(candidacies[:1], after(v.AsOf))
	if !same(first.ToOffer.MeanDays, &want.Hire.TimeToOffer) {
		t.Errorf("to offer %+v, want %v", first.ToOffer, want.Hire.TimeToOffer)
	}
	seat := []funnel.Vacancy{{OpenedAt: opened, ApprovedAt: approved, FilledAt: candidacies[0].AcceptedAt}}
	for clock, days := range map[funnel.FillClock]float64{
		funnel.FromOpened: want.Hire.TimeToFillFromOpened, funnel.FromApproved: want.Hire.TimeToFillFromApproved,
	} {
		if got := funnel.TimeToFill(seat, clock, after(v.AsOf)).All; got.Filled.Count != 1 || !same(got.Filled.MeanDays, &days) || !same(got.MedianDays, &days) {
			t.Errorf("%s: %+v, want %v", clock, got, days)
		}
	}
}

func TestTimeToFill(t *testing.T) {
	filled := func(opened, at float64) funnel.Vacancy { return funnel.Vacancy{OpenedAt: on(opened), FilledAt: on(at)} }
	open := func(opened float64) funnel.Vacancy { return funnel.Vacancy{OpenedAt: on(opened)} }
	critical := func(v funnel.Vacancy) funnel.Vacancy { v.IsCritical = true; return v }
	closed := funnel.Vacancy{OpenedAt: on(0), ClosedAt: on(8)}
	approved := func(v funnel.Vacancy, at float64) funnel.Vacancy { v.ApprovedAt = on(at); return v }
	timing := func(count int, mean, median float64) funnel.Timing {
		return funnel.Timing{Count: count, MeanDays: &mean, MedianDays: &median}
	}
	for rule, c := range map[string]struct {
		vacancies []funnel.Vacancy
		clock     funnel.FillClock
		want      funnel.FillTimings
	}{
		"none say nothing": {nil, funnel.FromOpened, funnel.FillTimings{}},
		"a mean is drawn by what a median is not": {
			[]funnel.Vacancy{filled(0, 2), filled(10, 13), filled(0, 40)}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: timing(3, 15, 3), MedianDays: new(3.), P90Days: new(40.)}},
		},
		"open ones move the median out, as far as they have lasted": {
			[]funnel.Vacancy{filled(0, 3), filled(0, 4), filled(0, 5), filled(0, 6), open(43), open(43), open(42)}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: timing(4, 4.5, 4.5), Open: 3, MedianDays: new(6.)}},
		},
		"those given up too": {
			[]funnel.Vacancy{filled(0, 9), filled(0, 3), closed}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: timing(2, 6, 6), Closed: 1, MedianDays: new(9.), P90Days: new(9.)}},
		},
		"critical ones are told apart and count among all": {
			[]funnel.Vacancy{filled(0, 2), critical(filled(0, 6))}, funnel.FromOpened,
			funnel.FillTimings{
				All:      funnel.FillTiming{Filled: timing(2, 4, 4), MedianDays: new(2.), P90Days: new(6.)},
				Critical: funnel.FillTiming{Filled: timing(1, 6, 6), MedianDays: new(6.), P90Days: new(6.)},
			},
		},
		"parts of a day count": {
			[]funnel.Vacancy{filled(0, 1.25)}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: timing(1, 1.25, 1.25), MedianDays: new(1.25), P90Days: new(1.25)}},
		},
		"what is later than asked for has not happened": {
			[]funnel.Vacancy{filled(40, 51), open(51), {OpenedAt: on(40), ClosedAt: on(51)}}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Open: 2}},
		},
		"the very moment has": {
			[]funnel.Vacancy{filled(40, 50)}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: timing(1, 10, 10), MedianDays: new(10.), P90Days: new(10.)}},
		},
		"filled before it began is left out and told": {
			[]funnel.Vacancy{filled(5, 4), filled(0, 2)}, funnel.FromOpened,
			funnel.FillTimings{All: funnel.FillTiming{Filled: funnel.Timing{Count: 1, MeanDays: new(2.), MedianDays: new(2.), Untimed: 1}, MedianDays: new(2.), P90Days: new(2.)}},
		},
		"from approval the clock of the approved runs": {
			[]funnel.Vacancy{approved(filled(0, 10), 4), filled(0, 2), approved(open(0), 30), open(0)}, funnel.FromApproved,
			funnel.FillTimings{All: funnel.FillTiming{Filled: funnel.Timing{Count: 1, MeanDays: new(6.), MedianDays: new(6.), Untimed: 1}, Open: 1, MedianDays: new(6.)}},
		},
	} {
		t.Run(rule, func(t *testing.T) {
			got := funnel.TimeToFill(c.vacancies, c.clock, after(50))
			if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimeToHire(t *testing.T) {
	hire := funnel.Candidacy{OpenedAt: on(-10), FirstEventAt: after(0), OfferedAt: on(20), AcceptedAt: on(24), StartsAt: on(45), IsHired: true}
	but := func(change func(*funnel.Candidacy)) funnel.Candidacy {
		c := hire
		change(&c)
		return c
	}
	took := func(days float64) funnel.Timing { return funnel.Timing{Count: 1, MeanDays: &days, MedianDays: &days} }
	for rule, c := range map[string]struct {
		candidacy funnel.Candidacy
		want      funnel.HireTiming
	}{
		"a hire": {hire, funnel.HireTiming{ToHire: took(24), ToOffer: took(20), ToStart: took(55)}},
		"who declined got an offer": {
			but(func(c *funnel.Candidacy) { c.AcceptedAt, c.StartsAt, c.IsHired = nil, nil, false }),
			funnel.HireTiming{ToOffer: took(20)},
		},
		"who accepted and is not hired is no hire": {
			but(func(c *funnel.Candidacy) { c.IsHired = false }),
			funnel.HireTiming{ToOffer: took(20)},
		},
		"who was taken up again is timed from then too": {
			but(func(c *funnel.Candidacy) { c.ReopenedAt = on(15) }),
			funnel.HireTiming{ToHire: took(24), ToHireSinceReopen: took(9), ToOffer: took(20), ToStart: took(55)},
		},
		"who has not started is not timed": {
			but(func(c *funnel.Candidacy) { c.StartsAt = on(51) }),
			funnel.HireTiming{ToHire: took(24), ToOffer: took(20)},
		},
		"without a start nobody can be": {
			but(func(c *funnel.Candidacy) { c.StartsAt = nil }),
			funnel.HireTiming{ToHire: took(24), ToOffer: took(20), ToStart: funnel.Timing{Untimed: 1}},
		},
		"without an acceptance neither": {
			but(func(c *funnel.Candidacy) { c.AcceptedAt, c.ReopenedAt = nil, on(15) }),
			funnel.HireTiming{ToHire: funnel.Timing{Untimed: 1}, ToHireSinceReopen: funnel.Timing{Untimed: 1}, ToOffer: took(20), ToStart: took(55)},
		},
		"an offer that is to come is none": {
			but(func(c *funnel.Candidacy) {
				c.OfferedAt, c.AcceptedAt, c.StartsAt, c.IsHired = on(51), on(52), on(60), false
			}),
			funnel.HireTiming{},
		},
	} {
		t.Run(rule, func(t *testing.T) {
			got := funnel.TimeToHire([]funnel.Candidacy{c.candidacy}, after(50))
			if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every vacancy whose clock runs is in one place, and what comes later changes
// nothing that is told as of now.
func TestVacanciesAreCountedOnceAndAsOfThen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := 30
		maybe := func(what string) *time.Time {
			if rapid.Bool().Draw(t, what+" known") {
				return on(float64(rapid.IntRange(0, 60).Draw(t, what)))
			}
			return nil
		}
		vacancies := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) funnel.Vacancy {
			return funnel.Vacancy{OpenedAt: on(float64(rapid.IntRange(0, asOf).Draw(t, "opened"))), IsCritical: rapid.Bool().Draw(t, "critical")}
		}), 0, 12).Draw(t, "vacancies")
		for i := range vacancies {
			vacancies[i].FilledAt, vacancies[i].ClosedAt = maybe("filled"), maybe("closed")
		}
		got := funnel.TimeToFill(vacancies, funnel.FromOpened, after(float64(asOf)))

		counted := got.All.Filled.Count + got.All.Filled.Untimed + got.All.Open + got.All.Closed
		before := 0 // given up before they began
		known := append([]funnel.Vacancy(nil), vacancies...)
		for i, v := range known {
			for _, at := range []**time.Time{&known[i].FilledAt, &known[i].ClosedAt} {
				if *at != nil && (*at).After(after(float64(asOf))) {
					*at = nil
				}
			}
			if known[i].FilledAt == nil && known[i].ClosedAt != nil && v.ClosedAt.Before(*v.OpenedAt) {
				before++
			}
		}
		if counted+before != len(vacancies) {
			t.Fatalf("%d and %d of %d vacancies: %+v", counted, before, len(vacancies), got.All)
		}
		if diff := cmp.Diff(got, funnel.TimeToFill(known, funnel.FromOpened, after(float64(asOf)))); diff != "" {
			t.Fatal("the future shows:", diff)
		}
	})
}
