package calibration_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"hireloop/calibration"
)

// noisy are applications of some units each, of two or three ratings.
func noisy(random *rand.Rand, applications, perApplication int) [][][]int {
	all := make([][][]int, applications)
	for a := range all {
		worth := 1 + 3*random.Float64()
		for range perApplication {
			var ratings []int
			for range 2 + random.IntN(2) {
				ratings = append(ratings, min(4, max(1, int(math.Round(worth+random.NormFloat64()*.7)))))
			}
			all[a] = append(all[a], ratings)
		}
	}
	return all
}

func fromApplications(all [][][]int) *world {
	w := newWorld()
	for a, units := range all {
		for s, ratings := range units {
			for i, v := range ratings {
				w.rate(fmt.Sprintf("app_%04d", a), fmt.Sprintf("sig_%02d", s), fmt.Sprintf("mem_%02d", (a+i)%20), v)
			}
		}
	}
	return w
}

// naive is the ordinal alpha, written as it is defined.
func naive(units [][]int) float64 {
	const k = 5
	var o [k][k]float64
	var n [k]float64
	var all float64
	for _, ratings := range units {
		for i, c := range ratings {
			for j, d := range ratings {
				if i != j {
					o[c][d] += 1 / float64(len(ratings)-1)
				}
			}
		}
	}
	for c := range k {
		for d := range k {
			n[c] += o[c][d]
		}
		all += n[c]
	}
	var observed, expected float64
	for c := range k {
		for d := range k {
			delta := -(n[c] + n[d]) / 2
			for g := min(c, d); g <= max(c, d); g++ {
				delta += n[g]
			}
			observed += o[c][d] * delta * delta / all
			expected += n[c] * n[d] * delta * delta / (all * (all - 1))
		}
	}
	return 1 - observed/expected
}

func TestAlphaIsAsDefined(t *testing.T) {
	all := noisy(rand.New(rand.NewPCG(7, 8)), 60, 4)
	r := calibrate(t, fromApplications(all), standard())
	is(t, "alpha", r.Alpha.Value, naive(slices.Concat(all...)), 12)
	if r.Reading != calibration.Read(*r.Alpha.Value) || r.Reading == calibration.Tentative {
		t.Errorf("alpha %v reads %s", *r.Alpha.Value, r.Reading)
	}
	if r.Units != 240 || r.Applications != 60 || r.Raters != 20 || !slices.Equal(r.Majors, []int{1}) {
		t.Errorf("%d units of %d applications by %d, versions %v", r.Units, r.Applications, r.Raters, r.Majors)
	}
}

// Ten thousand draws by other random numbers, each alpha from scratch.
func TestAlphaIntervalIsThatOfPlainResampling(t *testing.T) {
	all := noisy(rand.New(rand.NewPCG(9, 10)), 40, 3)
	r := calibrate(t, fromApplications(all), standard())
	random, alphas := rand.New(rand.NewPCG(11, 12)), []float64{}
	for range 10_000 {
		var drawn [][]int
		for range all {
			drawn = append(drawn, all[random.IntN(len(all))]...)
		}
		alphas = append(alphas, naive(drawn))
	}
	slices.Sort(alphas)
	low, high := alphas[250], alphas[9750]
	width := high - low
	if math.Abs(r.Alpha.Interval.Low-low) > width/20 || math.Abs(r.Alpha.Interval.High-high) > width/20 {
		t.Errorf("%+v, plain resampling says %v to %v", r.Alpha.Interval, low, high)
	}
}

// A candidate rated on many signals is still one candidate: repeating every unit
// five times within its application makes nothing surer.
func TestAlphaIntervalDrawsApplicationsNotUnits(t *testing.T) {
	once := noisy(rand.New(rand.NewPCG(13, 14)), 60, 1)
	fivefold := make([][][]int, len(once))
	for a, units := range once {
		for range 5 {
			fivefold[a] = append(fivefold[a], units[0])
		}
	}
	width := func(all [][][]int) float64 {
		i := calibrate(t, fromApplications(all), standard()).Alpha.Interval
		return i.High - i.Low
	}
	if a, b := width(once), width(fivefold); math.Abs(a/b-1) > .05 {
		t.Errorf("%v wide with one unit an application, %v with the same five times", a, b)
	}
}

// Each draw takes as many applications as there are, and depends on its number
// and the seed alone, whichever draws are made with it.
func TestDraws(t *testing.T) {
	for _, applications := range []int{1, 2, 7, 1000} {
		first, later := calibration.Drawn(applications, 1, 0), calibration.Drawn(applications, 1, 2)
		for i, counts := range first {
			sum, never := 0.0, 0
			for _, n := range counts {
				sum += n
				if n == 0 {
					never++
				}
			}
			if sum != float64(applications) {
				t.Errorf("%v of %d are drawn", sum, applications)
			}
			if share := float64(never) / float64(applications); applications == 1000 && math.Abs(share-1/math.E) > .05 {
				t.Errorf("%v are never drawn, want about 1/e", share)
			}
			for _, other := range first[:i] {
				if applications == 1000 && slices.Equal(counts, other) {
					t.Errorf("draw %d is an earlier one again", i)
				}
			}
		}
		if !slices.Equal(first[2], later[0]) || !slices.Equal(first[3], later[1]) {
			t.Error("the third draw depends on where drawing began")
		}
	}
}

func TestAlphaIntervalFollowsFromTheSeed(t *testing.T) {
	w := fromApplications(noisy(rand.New(rand.NewPCG(15, 16)), 50, 2))
	o := standard()
	first, again := calibrate(t, w, o), calibrate(t, w, o)
	if *first.Alpha.Interval != *again.Alpha.Interval {
		t.Errorf("%v, then %v", *first.Alpha.Interval, *again.Alpha.Interval)
	}
	o.Seed = 2
	if other := calibrate(t, w, o); *other.Alpha.Interval == *first.Alpha.Interval || *other.Alpha.Value != *first.Alpha.Value {
		t.Errorf("another seed: %v %v, before %v %v", *other.Alpha.Value, *other.Alpha.Interval, *first.Alpha.Value, *first.Alpha.Interval)
	}
}

// Two interviews by the same person are one vote, their mean, which is a value
// of its own between the two.
func TestTwoRatingsOfOnePersonAreOneVote(t *testing.T) {
	w := newWorld()
	for a, ratings := range [][]int{{1, 2, 2}, {3, 3, 4}, {4, 4, 4}, {2, 1, 1}} {
		app := fmt.Sprint("app_", a)
		w.rate(app, "signal", "ana", ratings[0])
		w.another(app, "ana")
		w.Ratings = append(w.Ratings, calibration.Rating{Card: int32(len(w.Cards) - 1), Signal: 0, Value: uint8(ratings[1])})
		w.rate(app, "signal", "ben", ratings[2])
	}
	// Ordinal alpha knows order alone, so that doubled values are the same: 3 for 1.5.
	doubled := units([][]int{{3, 4}, {6, 8}, {8, 8}, {3, 2}})
	got, want := calibrate(t, w, standard().WithoutMinima()), calibrate(t, doubled, standard().WithoutMinima())
	is(t, "alpha", got.Alpha.Value, *want.Alpha.Value, 12)
	is(t, "kappa", got.Pairs[0].Kappa.Value, *want.Pairs[0].Kappa.Value, 12)
	is(t, "ICC1", got.ICC1.Value, *want.ICC1.Value, 12)
	if got.Units != 4 {
		t.Errorf("%d units, want 4", got.Units)
	}

	alone := newWorld()
	alone.rate("app", "signal", "ana", 2)
	alone.another("app", "ana")
	alone.Ratings = append(alone.Ratings, calibration.Rating{Card: 1, Value: 3})
	if r := calibrate(t, alone, standard()); r.Units != 0 {
		t.Errorf("one person makes %d units", r.Units)
	}
}

func TestRead(t *testing.T) {
	for alpha, want := range map[float64]calibration.Reading{
		1: calibration.Reliable, .8: calibration.Reliable, .7999: calibration.Tentative,
		.667: calibration.Tentative, .6669: calibration.Unreliable, -1: calibration.Unreliable,
	} {
		if got := calibration.Read(alpha); got != want {
			t.Errorf("%v is %s, want %s", alpha, got, want)
		}
	}
}
