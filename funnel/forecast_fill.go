package funnel

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Bounds of what FillDate computes.
const (
	MaxHorizonDays = 5 * 365
	MaxSeats       = 1000
)

// FillInput says how applications move, which there are and how many must be
// hired. Stages are 0 up to the number of rows of Chain.Q, without that of the
// hired. Days count from the moment that the forecast is of.
type FillInput struct {
	Chain     Chain       // end 0 is being hired
	Durations []LogNormal // of the visits to each stage

	// Active are the applications in the pipeline; how many days each has been in
	// its stage counts to the nearest whole day.
	Active []InStage
	// ArrivalsPerDay is how many applications begin a day, by the stage that they
	// begin in: each day from 0, as independent of another as a Poisson process is.
	ArrivalsPerDay []float64

	Seats       int // to be filled, 0 to MaxSeats
	HorizonDays int // 0 to MaxHorizonDays
}

// FillForecast is when the seats will be filled.
type FillForecast struct {
	// Curve tells for each day from 0 to the horizon the probability that by then at
	// least as many are hired as there are seats. It never falls.
	Curve []float64
	// The first days by which the probability is at least 10, 50, 80 and 90 %; nil
	// when it is not within the horizon.
	P10Days, P50Days, P80Days, P90Days *int

	// ActiveExpectedHires is how many of the active applications are hired on
	// average, whenever that is.
	ActiveExpectedHires float64
	// How many are hired on average by the horizon, without regard to the number of
	// seats: of the active applications, and of those still to come.
	ActiveHires, ArrivalHires float64
}

// MeanHires is how many are hired on average by the horizon, if there are seats
// for all.
func (f FillForecast) MeanHires() float64 { return f.ActiveHires + f.ArrivalHires }

// ProbabilityBy is the probability that the seats are filled by a day: nil outside
// the horizon.
func (f FillForecast) ProbabilityBy(day int) *float64 {
	if day < 0 || day >= len(f.Curve) {
		return nil
	}
	p := f.Curve[day]
	return &p
}

// FillDate tells when seats will be filled, without drawing random numbers. Stays
// are whole days (P(D = j) = F(j + ½) - F(j - ½) of the log-normal F), which for
// an active application are known to last as long as it has been there; by day t
// it is hired with probability q(t), the sum over all ways to get there. With mu(t)
// the mean of the hires by then among those who arrive in the meantime, the curve
// is P(PoissonBinomial(q(t)) + Poisson(mu(t)) ≥ Seats).
//
// The time is of the order of days² × stages + days × seats × applications.
func FillDate(in FillInput) (FillForecast, error) {
	if err := in.validate(); err != nil {
		return FillForecast{}, err
	}
	c := newConvolution(in)
	f := FillForecast{Curve: make([]float64, in.HorizonDays+1)}

	hires := newHireCount(len(f.Curve), in.Seats)
	visits := inverseOfIMinus(in.Chain.Q)
	for stage, ages := range in.ages() {
		var ever float64
		for j, v := range visits[stage] {
			ever += v * in.Chain.R[j][0]
		}
		ever = min(1, ever)
		for _, g := range ages {
			f.ActiveExpectedHires += float64(g.count) * ever
		}
		c.active(stage, ages, func(count int, by []float64) {
			f.ActiveHires += float64(count) * by[len(by)-1]
			hires.add(count, by)
		})
	}
	arrivals := c.arrivals(in.ArrivalsPerDay)
	f.ArrivalHires = arrivals[len(arrivals)-1]

	var so float64
	for t := range f.Curve {
		// A later day is never less likely, but for the last digit of a float.
		so = max(so, hires.enough(t, arrivals[t]))
		f.Curve[t] = so
	}
	f.P10Days, f.P50Days = f.firstDay(0.1), f.firstDay(0.5)
	f.P80Days, f.P90Days = f.firstDay(0.8), f.firstDay(0.9)
	return f, nil
}

// firstDay is the first day by which the probability is reached.
func (f FillForecast) firstDay(probability float64) *int {
	t, _ := slices.BinarySearch(f.Curve, probability)
	if t == len(f.Curve) {
		return nil
	}
	return &t
}

func (in FillInput) validate() error {
	if err := in.Chain.Validate(); err != nil {
		return err
	}
	n := len(in.Chain.Q)
	if len(in.Durations) != n || len(in.ArrivalsPerDay) != n {
		return fmt.Errorf("%d durations and %d rates of arrival for %d stages", len(in.Durations), len(in.ArrivalsPerDay), n)
	}
	for i := range n {
		if err := in.Durations[i].Validate(); err != nil {
			return fmt.Errorf("stage %d: %w", i, err)
		}
		if rate := in.ArrivalsPerDay[i]; !(rate >= 0) || math.IsInf(rate, 1) {
			return fmt.Errorf("stage %d: %v arrivals a day", i, rate)
		}
	}
	for _, a := range in.Active {
		if a.Stage < 0 || a.Stage >= n {
			return fmt.Errorf("application %d is in stage %d of %d", a.Application, a.Stage, n)
		}
		if !(a.Days >= 0) || math.IsInf(a.Days, 1) {
			return fmt.Errorf("application %d has been in its stage for %v days", a.Application, a.Days)
		}
	}
	if in.Seats < 0 || in.Seats > MaxSeats {
		return fmt.Errorf("%d seats: 0 to %d are possible", in.Seats, MaxSeats)
	}
	if in.HorizonDays < 0 || in.HorizonDays > MaxHorizonDays {
		return fmt.Errorf("a horizon of %d days: 0 to %d are possible", in.HorizonDays, MaxHorizonDays)
	}
	return nil
}

// aged are applications that have been in their stage for the same time.
type aged struct {
	days, count int
	probability float64 // that a stay lasts as long
}

// ages groups the active applications of each stage, the longest there first.
func (in FillInput) ages() [][]aged {
	ages := make([][]aged, len(in.Durations))
	for _, a := range in.Active {
		days, p := in.Durations[a.Stage].age(a.Days)
		ages[a.Stage] = append(ages[a.Stage], aged{days: days, count: 1, probability: p})
	}
	for s, all := range ages {
		slices.SortFunc(all, func(a, b aged) int { return cmp.Compare(b.days, a.days) })
		groups := all[:0]
		for _, a := range all {
			if last := len(groups) - 1; last >= 0 && groups[last].days == a.days {
				groups[last].count++
				continue
			}
			groups = append(groups, a)
		}
		ages[s] = groups
	}
	return ages
}
