package funnel_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

type forecastVectors struct {
	Chain struct {
		funnel.Chain
		Expected funnel.LongRun
	} `json:"absorbing_chain"`
	Hires struct {
		P        []float64
		Expected struct {
			Mean float64
			PMF  []float64
			One  float64 `json:"p_at_least_1"`
			Two  float64 `json:"p_at_least_2"`
		}
	} `json:"pipeline_hires"`
	Arrivals struct {
		P                []float64
		NewExpectedHires float64
		N                int
		Expected         float64
	} `json:"with_new_arrivals"`
	Needed []struct {
		P        float64
		N        int
		Conf     float64
		Expected int
	}
	Fill struct {
		Stages []struct {
			P float64
			funnel.LogNormal
		}
		Active         [][2]int
		ArrivalsPerDay float64
		N, Horizon     int
		Expected       struct {
			ByDay              map[string]float64 `json:"p_by_day"`
			P10, P50, P80, P90 int
		}
	} `json:"fill_date_N1"`
	Empty struct {
		Expected struct {
			By60 float64 `json:"p_by_60"`
			P50  *int
		}
	} `json:"fill_date_empty_pipeline"`
}

func readForecastVectors(t testing.TB) forecastVectors {
	t.Helper()
	text, err := os.ReadFile("testdata/forecast.json")
	if err != nil {
		t.Fatal(err)
	}
	var v forecastVectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// straight is a chain of stages that lead to the next one or nowhere.
func straight(pass []float64, durations []funnel.LogNormal) funnel.Chain {
	n := len(pass)
	c := funnel.Chain{Q: make([][]float64, n), R: make([][]float64, n), MeanDays: make([]float64, n)}
	for s, p := range pass {
		c.Q[s], c.R[s], c.MeanDays[s] = make([]float64, n), []float64{0, 1 - p}, durations[s].MeanDays()
		if s+1 < n {
			c.Q[s][s+1] = p
		} else {
			c.R[s][funnel.EndHired] = p
		}
	}
	return c
}

// input is the vectors' pipeline.
func (v forecastVectors) input() funnel.FillInput {
	var pass []float64
	in := funnel.FillInput{ArrivalsPerDay: make([]float64, len(v.Fill.Stages)), Seats: v.Fill.N, HorizonDays: v.Fill.Horizon}
	for _, s := range v.Fill.Stages {
		pass, in.Durations = append(pass, s.P), append(in.Durations, s.LogNormal)
	}
	in.Chain, in.ArrivalsPerDay[0] = straight(pass, in.Durations), v.Fill.ArrivalsPerDay
	for i, a := range v.Fill.Active {
		in.Active = append(in.Active, funnel.InStage{Application: i, Stage: a[0], Days: float64(a[1])})
	}
	return in
}

func fillDate(t rapid.TB, in funnel.FillInput) funnel.FillForecast {
	t.Helper()
	f, err := funnel.FillDate(in)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLongRunOfTheVectors(t *testing.T) {
	v := readForecastVectors(t)
	got, err := v.Chain.LongRun()
	if err != nil {
		t.Fatal(err)
	}
	want := v.Chain.Expected
	sameRow := func(what string, got, want []float64) {
		if len(got) != len(want) || len(want) == 0 {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
		for i := range want {
			if !same(&got[i], &want[i]) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
	}
	for i := range want.N {
		sameRow("N", got.N[i], want.N[i])
		sameRow("B", got.B[i], want.B[i])
	}
	sameRow("visits", got.Visits, want.Visits)
	sameRow("days", got.Days, want.Days)
}

func TestHiresOfTheVectors(t *testing.T) {
	v := readForecastVectors(t)
	pmf, want := funnel.PoissonBinomial(v.Hires.P), v.Hires.Expected
	var mean float64
	for k, p := range pmf {
		mean += float64(k) * p
		if !same(&p, &want.PMF[k]) {
			t.Errorf("exactly %d: %v, want %v", k, p, want.PMF[k])
		}
	}
	one, two := funnel.AtLeast(pmf, 1), funnel.AtLeast(pmf, 2)
	if !same(&mean, &want.Mean) || !same(&one, &want.One) || !same(&two, &want.Two) || len(pmf) != len(want.PMF) {
		t.Errorf("mean %v, at least one %v, two %v; want %+v", mean, one, two, want)
	}
	a := v.Arrivals
	if got := funnel.AtLeastWith(funnel.PoissonBinomial(a.P), a.NewExpectedHires, a.N); !same(&got, &a.Expected) {
		t.Errorf("with arrivals %v, want %v", got, a.Expected)
	}
}

func TestNeededOfTheVectors(t *testing.T) {
	v := readForecastVectors(t)
	if len(v.Needed) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range v.Needed {
		if n, possible := funnel.Needed(c.P, c.N, c.Conf); !possible || n != c.Expected {
			t.Errorf("%+v: %d %v", c, n, possible)
		}
	}
}

func TestFillDateOfTheVectors(t *testing.T) {
	v := readForecastVectors(t)
	f, want := fillDate(t, v.input()), v.Fill.Expected
	if len(f.Curve) != v.Fill.Horizon+1 || len(want.ByDay) == 0 {
		t.Fatalf("%d days", len(f.Curve))
	}
	for day, p := range want.ByDay {
		d, err := strconv.Atoi(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.ProbabilityBy(d); !same(got, &p) {
			t.Errorf("by day %s: %v, want %v", day, *got, p)
		}
	}
	for _, q := range []struct {
		got  *int
		want int
	}{{f.P10Days, want.P10}, {f.P50Days, want.P50}, {f.P80Days, want.P80}, {f.P90Days, want.P90}} {
		if q.got == nil || *q.got != q.want {
			t.Errorf("a quantile of %v days, want %d", q.got, q.want)
		}
	}
	// Of the stages ahead of each application: .8, 2 of .28 × .8, .42 × .28 × .8, …
	if ever := 0.8 + 2*0.224 + 0.42*0.224 + 2*0.47*0.42*0.224; math.Abs(f.ActiveExpectedHires-ever) > 1e-12 {
		t.Errorf("%v hires expected, want %v", f.ActiveExpectedHires, ever)
	}
}

func TestFillDateOfAnEmptyPipeline(t *testing.T) {
	v := readForecastVectors(t)
	in := v.input()
	in.Active, in.ArrivalsPerDay = nil, make([]float64, len(in.ArrivalsPerDay))
	f, want := fillDate(t, in), v.Empty.Expected
	if *f.ProbabilityBy(60) != want.By60 || f.P50Days != want.P50 || f.P10Days != nil || f.P90Days != nil || f.MeanHires() != 0 || f.ActiveExpectedHires != 0 {
		t.Errorf("nobody is hired: %+v", f)
	}
}
