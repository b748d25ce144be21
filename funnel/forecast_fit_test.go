package funnel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// likelihood is the logarithm of how likely the stays are, written down from the
// definition.
func likelihood(l funnel.LogNormal, stays []funnel.Stay) float64 {
	normal := func(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }
	var sum float64
	for _, s := range stays {
		z := (math.Log(s.Days) - math.Log(l.MedianDays)) / l.Sigma
		switch {
		case s.Left && s.Days < 0.5:
			sum += math.Log(normal(math.Log(0.5/l.MedianDays) / l.Sigma))
		case s.Left:
			sum += -z*z/2 - math.Log(l.Sigma)
		case s.Days > 0:
			sum += math.Log(normal(-z))
		}
	}
	return sum
}

// drawStays draws stays of a log-normal, of which those over some days last.
func drawStays(t *rapid.T) []funnel.Stay {
	median, sigma := rapid.Float64Range(0.5, 30).Draw(t, "median"), rapid.Float64Range(0.2, 1.5).Draw(t, "sigma")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	stays := make([]funnel.Stay, rapid.IntRange(20, 200).Draw(t, "stays"))
	for i := range stays {
		days, until := median*math.Exp(sigma*random.NormFloat64()), 3*median*random.Float64()
		stays[i] = funnel.Stay{Days: min(days, until), Left: days <= until}
	}
	return stays
}

// best fails when a log-normal near by has a greater likelihood.
func best(t rapid.TB, l funnel.LogNormal, stays []funnel.Stay) {
	t.Helper()
	height := likelihood(l, stays)
	for _, median := range []float64{0.9, 0.99, 0.999, 0.9999, 1, 1.0001, 1.001, 1.01, 1.1} {
		for _, sigma := range []float64{0.9, 0.99, 0.999, 0.9999, 1, 1.0001, 1.001, 1.01, 1.1} {
			other := funnel.LogNormal{MedianDays: l.MedianDays * median, Sigma: min(2, max(0.1, l.Sigma*sigma))}
			if so := likelihood(other, stays); !(so <= height+1e-7) {
				t.Fatalf("%+v has %v, but %+v has %v", l, height, other, so)
			}
		}
	}
}

func TestNoOtherLogNormalIsLikelier(t *testing.T) {
	fitted := 0
	rapid.Check(t, func(t *rapid.T) {
		stays := drawStays(t)
		if l, told := funnel.FitLogNormal(stays); told {
			fitted++
			best(t, l, stays)
		}
	})
	if fitted == 0 {
		t.Error("nothing was fitted")
	}
}

// Somebody forgotten in a stage for years, thirty deviations away.
func TestFitOfAnOutlier(t *testing.T) {
	stays := []funnel.Stay{{Days: 3000}}
	for range 1000 {
		stays = append(stays, funnel.Stay{Days: 7, Left: true})
	}
	l, told := funnel.FitLogNormal(stays)
	if !told || math.Log(3000/l.MedianDays)/l.Sigma < 28 {
		t.Fatalf("%+v %v: the test does not show what it is to", l, told)
	}
	best(t, l, stays)
}

func TestFitOfFinishedStaysIsTheirMeanAndDeviation(t *testing.T) {
	var stays []funnel.Stay
	var sum, squares, n float64
	for _, days := range []float64{1, 2, 2.5, 3, 5, 5, 8, 9, 13, 21, 40} {
		stays = append(stays, funnel.Stay{Days: days, Left: true})
		y := math.Log(days)
		sum, squares, n = sum+y, squares+y*y, n+1
	}
	l, told := funnel.FitLogNormal(stays)
	mean := sum / n
	if want := math.Sqrt(squares/n - mean*mean); !told || math.Abs(l.MedianDays-math.Exp(mean)) > 1e-9 || math.Abs(l.Sigma-want) > 1e-9 {
		t.Errorf("%+v, want a median of %v and a sigma of %v", l, math.Exp(mean), want)
	}
}

// Left out, those who are still there would make stays look half as long.
func TestFitSeesThroughStaysThatLast(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	truth := funnel.LogNormal{MedianDays: 12, Sigma: 0.8}
	var all, finished []funnel.Stay
	for range 20_000 {
		days, until := truth.MedianDays*math.Exp(truth.Sigma*random.NormFloat64()), 20*random.Float64()
		s := funnel.Stay{Days: min(days, until), Left: days <= until}
		if all = append(all, s); s.Left {
			finished = append(finished, s)
		}
	}
	l, told := funnel.FitLogNormal(all)
	if !told || math.Abs(l.MedianDays-12) > 0.4 || math.Abs(l.Sigma-0.8) > 0.03 {
		t.Errorf("%+v, want %+v", l, truth)
	}
	if naive, _ := funnel.FitLogNormal(finished); naive.MedianDays > 8 {
		t.Errorf("%+v: the test does not show what it is to", naive)
	}
}

func TestStaysThatDoNotTell(t *testing.T) {
	times := func(n int, days float64, left bool) []funnel.Stay {
		stays := make([]funnel.Stay, n)
		for i := range stays {
			stays[i] = funnel.Stay{Days: days, Left: left}
		}
		return stays
	}
	for rule, c := range map[string]struct {
		stays  []funnel.Stay
		told   bool
		median float64
		sigma  float64
	}{
		"none":                            {nil, false, 0, 0},
		"nine that ended":                 {append(times(9, 4, true), times(100, 5, false)...), false, 0, 0},
		"none that ended":                 {times(100, 5, false), false, 0, 0},
		"all the same: the least sigma":   {times(10, 7, true), true, 7, 0.1},
		"who just came says nothing":      {append(times(10, 7, true), times(50, 0, false)...), true, 7, 0.1},
		"far apart: the greatest sigma":   {append(times(10, 1, true), times(10, 3000, true)...), true, math.Sqrt(3000), 2},
		"nearly none ended within a year": {append(times(10, 300, true), times(100_000, 360, false)...), false, 0, 0},
	} {
		t.Run(rule, func(t *testing.T) {
			l, told := funnel.FitLogNormal(c.stays)
			if told != c.told || told && (math.Abs(l.MedianDays-c.median) > 1e-6*c.median || math.Abs(l.Sigma-c.sigma) > 1e-9) {
				t.Errorf("%+v %v, want a median of %v and a sigma of %v", l, told, c.median, c.sigma)
			}
		})
	}
}

// A stay of a minute is as much the same day as one of five hours.
func TestMinutesCountAsTheSameDay(t *testing.T) {
	var minutes, hours []funnel.Stay
	for i := range 30 {
		long := funnel.Stay{Days: float64(i%10 + 1), Left: true}
		minutes, hours = append(minutes, long), append(hours, long)
		if i%3 == 0 {
			minutes, hours = append(minutes, funnel.Stay{Days: 0.001, Left: true}), append(hours, funnel.Stay{Days: 0.2, Left: true})
		}
	}
	a, told := funnel.FitLogNormal(minutes)
	if b, _ := funnel.FitLogNormal(hours); !told || a != b {
		t.Errorf("%+v and %+v", a, b)
	}
}

// Where nearly all are sent on at once, the duration of elsewhere would make days
// of it.
func TestStagesThatAreLeftAtOnce(t *testing.T) {
	const atOnce = 300
	for rule, others := range map[string][]funnel.Stay{
		"by all":                          nil,
		"by all but one, who took a day":  {{Days: 1, Left: true}},
		"by all but one, who still waits": {{Days: 2}},
	} {
		t.Run(rule, func(t *testing.T) {
			stays := others
			for range atOnce {
				stays = append(stays, funnel.Stay{Days: 0.01, Left: true})
			}
			l, told := funnel.FitLogNormal(stays)
			if !told {
				t.Fatalf("%d that ended do not tell: %+v", atOnce, l)
			}
			sameDay := 0.5 * math.Erfc(-math.Log(0.5/l.MedianDays)/l.Sigma/math.Sqrt2)
			if want := float64(atOnce) / float64(len(stays)); math.Abs(sameDay-want) > 0.005 {
				t.Errorf("%+v: %.4f leave on the same day, want %.4f", l, sameDay, want)
			}
		})
	}
}
