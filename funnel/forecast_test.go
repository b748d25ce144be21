package funnel_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// flow is one in which nothing has happened yet.
func flow(stages int) funnel.Flow {
	f := funnel.Flow{Rejected: make([]int, stages), Withdrawn: make([]int, stages), Began: make([]int, stages)}
	for range stages {
		f.Moved = append(f.Moved, make([]int, stages))
	}
	return f
}

// unobserved is the vectors' pipeline of which nothing is known but what happens
// elsewhere.
func (v forecastVectors) unobserved() funnel.ForecastInput {
	fill := v.input()
	in := funnel.ForecastInput{
		Flow: flow(len(v.Fill.Stages) + 1), FlowDays: 365, ArrivalsPerDay: fill.ArrivalsPerDay,
		Seats: fill.Seats, HorizonDays: fill.HorizonDays,
	}
	in.Flow.Active = fill.Active
	for _, s := range v.Fill.Stages {
		in.Stages = append(in.Stages, funnel.ForecastStage{Pass: s.P, Duration: s.LogNormal})
	}
	return in
}

func forecast(t rapid.TB, in funnel.ForecastInput) funnel.ForecastReport {
	t.Helper()
	r, err := funnel.Forecast(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func codes(r funnel.ForecastReport) map[funnel.AssumptionCode]int {
	n := map[funnel.AssumptionCode]int{}
	for _, a := range r.Assumptions {
		n[a.Code]++
	}
	return n
}

func TestWithoutHistoryTheForecastIsThatOfElsewhere(t *testing.T) {
	v := readForecastVectors(t)
	in := v.unobserved()
	in.Stages[2].Name = "Onsite"
	in.Confidence = 0.9
	r := forecast(t, in)
	for day, want := range fillDate(t, v.input()).Curve {
		if math.Abs(r.Curve[day]-want) > 1e-12 {
			t.Fatalf("day %d: %v, want %v", day, r.Curve[day], want)
		}
	}
	if *r.P50Days != v.Fill.Expected.P50 || *r.P80Days != v.Fill.Expected.P80 {
		t.Errorf("p50 %d, p80 %d", *r.P50Days, *r.P80Days)
	}
	ever := 0.47 * 0.42 * 0.28 * 0.8
	if math.Abs(r.ApplicantHireProbability-ever) > 1e-12 || math.Abs(r.Stages[3].HireProbability-0.8) > 1e-12 || r.ArrivalsPerDay != 0.6 {
		t.Errorf("%v of applicants are hired, want %v; %+v", r.ApplicantHireProbability, ever, r.Stages[3])
	}
	// One hire at 4.42 %: ln .2 / ln .9558 = 35.6; at 90 % 50.9. With 92 in 100 that
	// somebody of the pipeline is hired, nobody else is needed.
	for _, c := range []struct {
		got                funnel.Applicants
		confidence         float64
		needed, additional int
	}{{r.For80, 0.8, 36, 0}, {r.Asked, 0.9, 51, 0}} {
		if c.got.Confidence != c.confidence || *c.got.Needed != c.needed || *c.got.Additional != c.additional {
			t.Errorf("for %v: %d, %d in addition", c.got.Confidence, *c.got.Needed, *c.got.Additional)
		}
	}
	n := codes(r)
	if n[funnel.RateBorrowed] != 4 || n[funnel.DurationBorrowed] != 4 || n[funnel.ArrivalsContinue] != 1 || n[funnel.NoArrivals] != 0 {
		t.Errorf("assumptions %v", n)
	}
	if !slices.ContainsFunc(r.Assumptions, func(a funnel.Assumption) bool {
		return a.Code == funnel.DurationBorrowed && *a.Stage == 2 && *a.Number == 11 && strings.HasPrefix(a.Text, "Onsite:")
	}) {
		t.Errorf("the duration of Onsite is not said to be borrowed: %+v", r.Assumptions)
	}
}

func TestForecastGoesByItsOwnHistory(t *testing.T) {
	in := readForecastVectors(t).unobserved()
	// Of 100 who left the first stage 20 moved on, 5 of them past a stage; of 40 who
	// left the second 10 went back.
	f := &in.Flow
	f.Moved[0][1], f.Moved[0][2], f.Rejected[0], f.Withdrawn[0] = 15, 5, 60, 20
	f.Moved[1][0], f.Moved[1][2], f.Rejected[1] = 10, 20, 10
	f.Began[0], f.Began[1] = 73, 146
	in.ArrivalsPerDay = nil
	for i := range 40 {
		in.Stages[0].Stays = append(in.Stages[0].Stays, funnel.Stay{Days: float64(2 + i%5), Left: true})
	}
	r := forecast(t, in)

	first, second := r.Stages[0], r.Stages[1]
	if first.Rate != (funnel.StageRate{Passed: 20, Settled: 100, Prior: 0.47}) || second.Rate != (funnel.StageRate{Passed: 20, Settled: 30, Prior: 0.42}) {
		t.Errorf("rates %+v and %+v", first.Rate, second.Rate)
	}
	if want := 24.7 / 110; math.Abs(first.PassRate-want) > 1e-12 {
		t.Errorf("rate %v, want %v", first.PassRate, want)
	}
	if want := *funnel.Wilson(25, 110); first.Bounds != want {
		t.Errorf("bounds %v, want %v", first.Bounds, want)
	}
	if first.Borrowed || first.Stays != 40 || math.Abs(first.Duration.MedianDays-3.7) > 0.2 || !second.Borrowed || second.Duration != in.Stages[1].Duration {
		t.Errorf("durations %+v and %+v", first, second)
	}
	if n := codes(r); n[funnel.RateBorrowed] != 2 || n[funnel.DurationBorrowed] != 3 {
		t.Errorf("assumptions %v", n)
	}

	// By hand, from the last stage: onsite and offer are as elsewhere. Of those who
	// move on from the first stage 5 in 24.7 go past the second, of those who leave
	// the second 10 in 50 go back.
	onsite := 0.28 * 0.8
	second2 := 24.2 / 40 * 40 / 50 * onsite // without going back
	direct := 24.7 / 110 * (5 / 24.7) * onsite
	through := 24.7 / 110 * (19.7 / 24.7)
	p0 := (direct + through*second2) / (1 - through*10/50)
	p1 := second2 + 10.0/50*p0
	if math.Abs(first.HireProbability-p0) > 1e-12 || math.Abs(second.HireProbability-p1) > 1e-12 {
		t.Errorf("hire probabilities %v and %v, want %v and %v", first.HireProbability, second.HireProbability, p0, p1)
	}
	// Of all who were ended 20 in 90 withdrew. Beside ten such, none of the offered
	// did, 20 in 80 of the first stage, none in 10 of the second.
	if w := r.Stages[3].WithdrawProbability; math.Abs(w-0.2*20/90) > 1e-12 {
		t.Errorf("%v of the offered withdraw", w)
	}
	w2 := 0.72*20/90 + 0.28*0.2*20/90
	w1 := 15.8 / 40 * 40 / 50 * (200.0 / 90 / 20)
	leave := 85.3 / 110 * ((20 + 200.0/90) / 90)
	w0 := (leave + 24.7/110*(5/24.7)*w2 + through*(w1+24.2/40*40/50*w2)) / (1 - through*10/50)
	if math.Abs(first.WithdrawProbability-w0) > 1e-12 || math.Abs(first.HireProbability+first.RejectProbability+w0-1) > 1e-12 {
		t.Errorf("%v of the first stage withdraw, want %v", first.WithdrawProbability, w0)
	}
	if math.Abs(r.ArrivalsPerDay-0.6) > 1e-12 || math.Abs(r.ApplicantHireProbability-(p0+2*p1)/3) > 1e-12 {
		t.Errorf("%v arrive a day, %v of them are hired", r.ArrivalsPerDay, r.ApplicantHireProbability)
	}
}

func TestBoundsContainTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := funnel.StageRate{Settled: rapid.IntRange(0, 5000).Draw(t, "settled"), Prior: rapid.Float64Range(0, 1).Draw(t, "prior")}
		r.Passed = rapid.IntRange(0, r.Settled).Draw(t, "passed")
		b, p := r.Bounds(), r.Shrunk()
		if !(0 <= b.Low && b.Low <= p && p <= b.High && b.High <= 1) {
			t.Fatalf("%v is not within %v", p, b)
		}
	})
}

// drawForecast draws any history and pipeline.
func drawForecast(t *rapid.T) funnel.ForecastInput {
	n := rapid.IntRange(1, 5).Draw(t, "stages")
	counts := func(label string) []int {
		return rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 1, 3, 40}), n+1, n+1).Draw(t, label)
	}
	in := funnel.ForecastInput{
		Flow: funnel.Flow{Rejected: counts("rejected"), Withdrawn: counts("withdrawn"), Began: counts("began")}, FlowDays: 90,
		Seats: rapid.IntRange(0, 4).Draw(t, "seats"), HorizonDays: rapid.IntRange(0, 60).Draw(t, "horizon"),
		Confidence: rapid.SampledFrom([]float64{0, 0.5, 0.8, 0.95}).Draw(t, "confidence"),
	}
	for range n + 1 {
		in.Flow.Moved = append(in.Flow.Moved, counts("moved"))
	}
	for range n {
		in.Stages = append(in.Stages, funnel.ForecastStage{
			Pass:     rapid.SampledFrom([]float64{0, 0.05, 0.5, 1}).Draw(t, "pass"),
			Duration: funnel.LogNormal{MedianDays: rapid.Float64Range(0.2, 20).Draw(t, "median"), Sigma: 0.7},
		})
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "active") {
		in.Flow.Active = append(in.Flow.Active, funnel.InStage{
			Application: i, Stage: rapid.IntRange(0, n-1).Draw(t, "stage"), Days: rapid.Float64Range(0, 60).Draw(t, "age"),
		})
	}
	return in
}

func TestForecastLiesWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawForecast(t)
		r := forecast(t, in)
		for day, p := range r.Curve {
			if r.Lower.Curve[day] > p+1e-9 || r.Upper.Curve[day] < p-1e-9 {
				t.Fatalf("day %d: %v is not within %v and %v", day, p, r.Lower.Curve[day], r.Upper.Curve[day])
			}
		}
		for _, o := range r.Stages {
			if !(o.Bounds.Low <= o.PassRate && o.PassRate <= o.Bounds.High) || !(o.HireProbability >= 0 && o.HireProbability <= 1) ||
				!(o.RemainingVisits >= 1-1e-9) || !(o.RemainingDays >= o.Duration.MeanDays()-1e-9) {
				t.Fatalf("%+v", o)
			}
		}
		var ever []float64
		for _, a := range in.Flow.Active {
			ever = append(ever, r.Stages[a.Stage].HireProbability)
		}
		var sum float64
		for _, p := range ever {
			sum += p
		}
		if math.Abs(r.ActiveExpectedHires-sum) > 1e-9 {
			t.Fatalf("%v hires are expected of the stages, %v of the applications", sum, r.ActiveExpectedHires)
		}
		for _, a := range []funnel.Applicants{r.For80, r.Asked} {
			chance := funnel.AtLeast(funnel.PoissonBinomial(ever), in.Seats)
			enough := chance >= a.Confidence
			switch {
			case math.Abs(chance-a.Confidence) < 1e-9: // either, as it is rounded
			case a.Additional == nil:
				if r.ApplicantHireProbability > 0 || a.Needed != nil || enough {
					t.Fatalf("no applicants are enough, though %v of them are hired", r.ApplicantHireProbability)
				}
			case enough != (*a.Additional == 0) || a.Needed != nil && *a.Additional > *a.Needed:
				t.Fatalf("%d applicants in addition, but %v that the pipeline is enough", *a.Additional, enough)
			}
		}
	})
}

func TestForecastOfRecordedApplications(t *testing.T) {
	v := readVectors(t)
	p := v.pipeline(t)
	asOf := after(v.AsOf)
	in := funnel.ForecastInput{
		Flow: funnel.Flows(p, funnel.Moment{At: asOf, Known: asOf}, origin), FlowDays: asOf.Sub(origin).Hours() / 24,
		Seats: 1, HorizonDays: 90,
	}
	s := v.of(p, v.AsOf)
	for i := range len(v.Stages) - 1 {
		in.Stages = append(in.Stages, funnel.ForecastStage{
			Name: v.Stages[i], Pass: 0.5, Duration: funnel.LogNormal{MedianDays: 5, Sigma: 0.7}, Stays: in.Flow.Stays[i],
		})
	}
	r := forecast(t, in)
	for i, row := range funnel.CountActivity(s)[0].Rows[:len(r.Stages)] {
		if rate := r.Stages[i].Rate; rate.Passed != row.Advanced || rate.Settled != row.Advanced+row.Rejected+row.Withdrawn {
			t.Errorf("%s: %+v, but %+v went on", v.Stages[i], rate, row)
		}
	}
	if r.P50Days == nil || r.ActiveExpectedHires <= 0 || r.ArrivalHires <= 0 {
		t.Errorf("%d are active: %+v", len(in.Flow.Active), r.FillForecast)
	}
}

func TestWhatNoForecastIsMadeOf(t *testing.T) {
	for rule, spoil := range map[string]func(*funnel.ForecastInput){
		"no stages":                   func(in *funnel.ForecastInput) { in.Stages, in.Flow = nil, flow(1) },
		"a flow without the hired":    func(in *funnel.ForecastInput) { in.Flow = flow(4) },
		"a flow that is cut off":      func(in *funnel.ForecastInput) { in.Flow.Moved[1] = in.Flow.Moved[1][:3] },
		"fewer than none moved":       func(in *funnel.ForecastInput) { in.Flow.Moved[0][1] = -1 },
		"fewer than none withdrew":    func(in *funnel.ForecastInput) { in.Flow.Withdrawn[0] = -1 },
		"a flow of no time":           func(in *funnel.ForecastInput) { in.FlowDays, in.ArrivalsPerDay = 0, nil },
		"more than all pass":          func(in *funnel.ForecastInput) { in.Stages[0].Pass = 1.1 },
		"no duration elsewhere":       func(in *funnel.ForecastInput) { in.Stages[3].Duration = funnel.LogNormal{} },
		"a stay into the past":        func(in *funnel.ForecastInput) { in.Stages[3].Stays = []funnel.Stay{{Days: -1}} },
		"arrivals at too few stages":  func(in *funnel.ForecastInput) { in.ArrivalsPerDay = []float64{1} },
		"arrivals at too many stages": func(in *funnel.ForecastInput) { in.ArrivalsPerDay = make([]float64, 5) },
		"who is hired already":        func(in *funnel.ForecastInput) { in.Flow.Active[0].Stage = 4 },
		"certainty":                   func(in *funnel.ForecastInput) { in.Confidence = 1 },
		"a confidence of no number":   func(in *funnel.ForecastInput) { in.Confidence = math.NaN() },
		"too many seats":              func(in *funnel.ForecastInput) { in.Seats = funnel.MaxSeats + 1 },
		"a horizon out of sight":      func(in *funnel.ForecastInput) { in.HorizonDays = funnel.MaxHorizonDays + 1 },
	} {
		t.Run(rule, func(t *testing.T) {
			in := readForecastVectors(t).unobserved()
			forecast(t, in)
			spoil(&in)
			if r, err := funnel.Forecast(in); err == nil || r.Curve != nil {
				t.Errorf("it is made: %v %v", r.P50Days, err)
			}
		})
	}
}

// 2,000 active applications in ten stages with a year of history: the whole report.
func BenchmarkForecast(b *testing.B) {
	fill := crowd(2_000, 2)
	in := funnel.ForecastInput{Flow: flow(11), FlowDays: 365, ArrivalsPerDay: fill.ArrivalsPerDay, Seats: 2, HorizonDays: 365}
	in.Flow.Active = fill.Active
	for s, d := range fill.Durations {
		stage := funnel.ForecastStage{Pass: 0.5, Duration: d}
		for i := range 500 {
			stage.Stays = append(stage.Stays, funnel.Stay{Days: float64(1+i%40) / 2, Left: i%10 > 0})
		}
		in.Stages = append(in.Stages, stage)
		in.Flow.Moved[s][s+1], in.Flow.Rejected[s] = 60, 40
	}
	b.ReportAllocs()
	for b.Loop() {
		forecast(b, in)
	}
}
