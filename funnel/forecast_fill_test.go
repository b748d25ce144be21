package funnel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// drawFill draws a forecast with ways forward, back and past stages.
func drawFill(t *rapid.T) funnel.FillInput {
	in := funnel.FillInput{Chain: drawChain(t, 5), Seats: rapid.IntRange(1, 6).Draw(t, "seats"), HorizonDays: rapid.IntRange(0, 90).Draw(t, "horizon")}
	n := len(in.Chain.Q)
	for range n {
		in.Durations = append(in.Durations, funnel.LogNormal{
			MedianDays: rapid.Float64Range(0.1, 20).Draw(t, "median"), Sigma: rapid.Float64Range(0.1, 1.5).Draw(t, "sigma"),
		})
		in.ArrivalsPerDay = append(in.ArrivalsPerDay, rapid.SampledFrom([]float64{0, 0.1, 2}).Draw(t, "arrivals"))
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "active") {
		in.Active = append(in.Active, funnel.InStage{
			Application: i, Stage: rapid.IntRange(0, n-1).Draw(t, "stage"), Days: rapid.Float64Range(0, 120).Draw(t, "age"),
		})
	}
	return in
}

func TestCurveKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawFill(t)
		f := fillDate(t, in)
		for day, p := range f.Curve {
			if !(p >= 0 && p <= 1) || day > 0 && p < f.Curve[day-1] {
				t.Fatalf("day %d: %v", day, p)
			}
		}
		for _, q := range []struct {
			days        *int
			probability float64
		}{{f.P10Days, 0.1}, {f.P50Days, 0.5}, {f.P80Days, 0.8}, {f.P90Days, 0.9}} {
			switch {
			case q.days == nil:
				if last := f.Curve[in.HorizonDays]; last >= q.probability {
					t.Fatalf("%v is never reached, but %v is", q.probability, last)
				}
			case f.Curve[*q.days] < q.probability || *q.days > 0 && f.Curve[*q.days-1] >= q.probability:
				t.Fatalf("%v is not first reached on day %d", q.probability, *q.days)
			}
		}
		if f.ActiveHires > f.ActiveExpectedHires+1e-9 || f.ActiveExpectedHires > float64(len(in.Active))+1e-9 {
			t.Fatalf("%v of %d are hired in time, %v at all", f.ActiveHires, len(in.Active), f.ActiveExpectedHires)
		}

		no := func(rule string, worse, better funnel.FillForecast) {
			for day := range f.Curve {
				if worse.Curve[day] > better.Curve[day]+1e-12 {
					t.Fatalf("%s: %v rather than %v by day %d", rule, worse.Curve[day], better.Curve[day], day)
				}
			}
		}
		more := in
		more.Seats++
		no("one more seat", fillDate(t, more), f)
		more = in
		more.ArrivalsPerDay = append([]float64{in.ArrivalsPerDay[0] + 0.5}, in.ArrivalsPerDay[1:]...)
		no("more arrivals", f, fillDate(t, more))
		more = in
		more.Active = append(in.Active[:len(in.Active):len(in.Active)], funnel.InStage{})
		no("another application", f, fillDate(t, more))
		more = in
		more.Seats = 0
		if f := fillDate(t, more); f.Curve[0] != 1 || *f.P90Days != 0 {
			t.Fatal("no seats are not filled")
		}
	})
}

// Applications that share a stage are found one from another. One at a time there
// is nothing to share, and together they are as independent as that.
func TestTogetherIsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawFill(t)
		clear(in.ArrivalsPerDay)
		hired := make([][]float64, in.HorizonDays+1) // by day, of each
		for _, a := range in.Active {
			one := in
			one.Active, one.Seats = []funnel.InStage{a}, 1
			for day, p := range fillDate(t, one).Curve {
				hired[day] = append(hired[day], p)
			}
		}
		for day, got := range fillDate(t, in).Curve {
			if want := funnel.AtLeast(funnel.PoissonBinomial(hired[day]), in.Seats); math.Abs(got-want) > 1e-11 {
				t.Fatalf("day %d: %v, one by one %v", day, got, want)
			}
		}
	})
}

// An arrival on a known day is an application in the pipeline on that day, but
// for the Poisson distribution of their number: the means are the same.
func TestArrivalsAreApplicationsOfTheirDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawFill(t)
		in.Active = nil
		f := fillDate(t, in)
		var want float64
		for s, rate := range in.ArrivalsPerDay {
			one := in
			one.Active, one.Seats, one.ArrivalsPerDay = []funnel.InStage{{Stage: s}}, 1, make([]float64, len(in.ArrivalsPerDay))
			for _, p := range fillDate(t, one).Curve {
				want += rate * p
			}
		}
		if math.Abs(f.ArrivalHires-want) > 1e-9*(1+want) {
			t.Fatalf("%v, of applications %v", f.ArrivalHires, want)
		}
	})
}

func TestSoonerOrLaterIsALongHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawFill(t)
		for s := range in.Durations {
			in.Durations[s] = funnel.LogNormal{MedianDays: 1, Sigma: 0.3}
		}
		in.HorizonDays = 400
		if f := fillDate(t, in); math.Abs(f.ActiveHires-f.ActiveExpectedHires) > 1e-6 {
			t.Fatalf("%v within 400 days, %v at all", f.ActiveHires, f.ActiveExpectedHires)
		}
	})
}

// simulated are the days until the seats were filled, in ascending runs, by
// playing the same rules with random numbers in continuous time.
func simulated(in funnel.FillInput, random *rand.Rand, runs int) (filledBy []float64) {
	filledBy = make([]float64, in.HorizonDays+1)
	stay := func(s int, age float64) float64 {
		for {
			days := in.Durations[s].MedianDays * math.Exp(in.Durations[s].Sigma*random.NormFloat64())
			if days >= age {
				return days - age
			}
		}
	}
	hired := func(s int, at, age float64) (float64, bool) {
		for {
			at += stay(s, age)
			age = 0
			u, next := random.Float64(), -1
			for to, p := range in.Chain.Q[s] {
				if u < p {
					next = to
					break
				}
				u -= p
			}
			if next < 0 {
				return at, u < in.Chain.R[s][funnel.EndHired]
			}
			s = next
		}
	}
	for range runs {
		hires := make([]int, in.HorizonDays+1)
		note := func(at float64, is bool) {
			if day := int(math.Round(at)); is && day <= in.HorizonDays {
				hires[day]++
			}
		}
		for _, a := range in.Active {
			note(hired(a.Stage, 0, a.Days))
		}
		for s, rate := range in.ArrivalsPerDay {
			if rate == 0 {
				continue
			}
			for at := random.ExpFloat64() / rate; at <= float64(in.HorizonDays)+0.5; at += random.ExpFloat64() / rate {
				note(hired(s, at, 0))
			}
		}
		sum := 0
		for day, n := range hires {
			if sum += n; sum >= in.Seats {
				filledBy[day] += 1 / float64(runs)
			}
		}
	}
	return filledBy
}

// Whole days make a day or two of difference, chance one percent.
func TestFillDateIsWhatPlayingItGives(t *testing.T) {
	v := readForecastVectors(t).input()
	back := v
	back.Chain = funnel.Chain{
		Q:        [][]float64{{0, 0.4, 0.1, 0}, {0.1, 0, 0.4, 0.05}, {0, 0.1, 0.05, 0.35}, {0, 0, 0.1, 0}},
		R:        [][]float64{{0, 0.5}, {0, 0.45}, {0.05, 0.45}, {0.7, 0.2}},
		MeanDays: make([]float64, 4),
	}
	back.Seats, back.ArrivalsPerDay = 3, []float64{0.5, 0, 0.05, 0}
	three := v
	three.Seats = 3
	for rule, in := range map[string]funnel.FillInput{"one seat": v, "three seats": three, "ways back and past stages": back} {
		t.Run(rule, func(t *testing.T) {
			played := simulated(in, rand.New(rand.NewPCG(7, 11)), 20_000)
			for day, p := range fillDate(t, in).Curve {
				from, to := played[max(0, day-2)]-0.012, played[min(day+2, in.HorizonDays)]+0.012
				if p < from || p > to {
					t.Errorf("day %d: %v, but played %v", day, p, played[day])
				}
			}
		})
	}
}

func TestAgeCountsToTheNearestDay(t *testing.T) {
	curve := func(age float64) []float64 {
		in := readForecastVectors(t).input()
		in.Active = []funnel.InStage{{Stage: 2, Days: age}}
		return fillDate(t, in).Curve
	}
	if !slices.Equal(curve(4.4), curve(4)) || !slices.Equal(curve(4.6), curve(5)) || !slices.Equal(curve(0.4), curve(0)) || slices.Equal(curve(4), curve(5)) {
		t.Error("4.4 days are not 4, or 4.6 not 5")
	}
}

func TestWhoHasBeenThereForever(t *testing.T) {
	in := funnel.FillInput{
		Chain: straight([]float64{1}, []funnel.LogNormal{{MedianDays: 2, Sigma: 0.2}}), Durations: []funnel.LogNormal{{MedianDays: 2, Sigma: 0.2}},
		ArrivalsPerDay: []float64{0}, Seats: 1, HorizonDays: 60,
	}
	for _, age := range []float64{1000, 1e5, 1e9, 1e300} {
		in.Active = []funnel.InStage{{Days: age}}
		if f := fillDate(t, in); f.P50Days == nil || f.Curve[60] < 0.99 {
			t.Errorf("after %v days: %v by day 60", age, f.Curve[60])
		}
	}
}

func TestWhatNoFillDateIsToldFor(t *testing.T) {
	for rule, spoil := range map[string]func(*funnel.FillInput){
		"a chain that is none":        func(in *funnel.FillInput) { in.Chain.R[0][0] += 0.1 },
		"durations of other stages":   func(in *funnel.FillInput) { in.Durations = in.Durations[1:] },
		"no median":                   func(in *funnel.FillInput) { in.Durations[1].MedianDays = 0 },
		"a sigma that is no number":   func(in *funnel.FillInput) { in.Durations[1].Sigma = math.NaN() },
		"arrivals at other stages":    func(in *funnel.FillInput) { in.ArrivalsPerDay = nil },
		"departures":                  func(in *funnel.FillInput) { in.ArrivalsPerDay[0] = -1 },
		"endless arrivals":            func(in *funnel.FillInput) { in.ArrivalsPerDay[0] = math.Inf(1) },
		"an application behind all":   func(in *funnel.FillInput) { in.Active[0].Stage = 4 },
		"an application before all":   func(in *funnel.FillInput) { in.Active[0].Stage = -1 },
		"an application of tomorrow":  func(in *funnel.FillInput) { in.Active[0].Days = -1 },
		"an application from nowhere": func(in *funnel.FillInput) { in.Active[0].Days = math.NaN() },
		"fewer than no seats":         func(in *funnel.FillInput) { in.Seats = -1 },
		"too many seats":              func(in *funnel.FillInput) { in.Seats = funnel.MaxSeats + 1 },
		"a horizon of the past":       func(in *funnel.FillInput) { in.HorizonDays = -1 },
		"a horizon out of sight":      func(in *funnel.FillInput) { in.HorizonDays = funnel.MaxHorizonDays + 1 },
	} {
		t.Run(rule, func(t *testing.T) {
			in := readForecastVectors(t).input()
			spoil(&in)
			if f, err := funnel.FillDate(in); err == nil {
				t.Errorf("it is told: %v", f.P50Days)
			}
		})
	}
}
