package calibration_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hireloop/calibration"
)

// both builds a world and the same observations for alternating means.
type both struct {
	*world
	observations [][]any
}

func (b *both) rate(unit, interviewer string, value int) {
	b.world.rate(unit, "signal", interviewer, value)
	b.observations = append(b.observations, []any{unit, interviewer, float64(value)})
}

func leniencies(t testing.TB, b *both, shrinkage float64) map[string]float64 {
	t.Helper()
	o := standard().WithoutMinima()
	o.Model.Shrinkage = shrinkage
	found := map[string]float64{}
	for _, p := range calibrate(t, b.world, o).Interviewers {
		if p.RatedUnits > 0 {
			if p.Leniency.Value == nil {
				t.Fatalf("%s: %+v", p.Interviewer, p.Leniency)
			}
			found[p.Interviewer] = *p.Leniency.Value
		}
	}
	return found
}

// settles fails unless another turn of alternating means leaves all as it is.
func settles(t testing.TB, b *both, shrinkage float64, found map[string]float64) {
	t.Helper()
	_, next := alternate(b.observations, shrinkage, found)
	most := 0.0
	for id := range found {
		most = max(most, math.Abs(next[id]-found[id]))
	}
	if most >= 2e-12 { // 1e-12, and what another order of adding up rounds away
		t.Errorf("another turn changes a leniency by %v", most)
	}
}

func TestLeniencyIsWhereAlternatingMeansEnd(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	b := &both{world: newWorld()}
	for u := range 400 {
		worth := 1.5 + 2*random.Float64()
		for _, i := range random.Perm(25)[:2+random.IntN(3)] {
			b.rate(fmt.Sprint("app_", u), fmt.Sprintf("mem_%02d", i), min(4, max(1, int(worth+float64(i)/25+random.NormFloat64()))))
		}
	}
	found := leniencies(t, b, 5)
	settles(t, b, 5, found)
	beta := map[string]float64{}
	for range 2000 {
		_, beta = alternate(b.observations, 5, beta)
	}
	for id, want := range beta {
		if math.Abs(found[id]-want) > 1e-11 {
			t.Errorf("%s: %v, alternating means end at %v", id, found[id], want)
		}
	}
}

// A chain in which everybody met two others only, and next to no shrinkage: the
// case in which alternating means would take some hundred million turns.
func TestLeniencyOfLongChains(t *testing.T) {
	const people = 3000
	for _, shrinkage := range []float64{1e-6, 1e-4, 5} {
		t.Run(fmt.Sprint("shrinkage ", shrinkage), func(t *testing.T) {
			random := rand.New(rand.NewPCG(5, 6))
			b := &both{world: newWorld()}
			for i := range people - 1 {
				for _, who := range []int{i, i + 1} {
					b.rate(fmt.Sprintf("app_%04d", i), fmt.Sprintf("mem_%04d", who), 1+random.IntN(4))
				}
			}
			found := leniencies(t, b, shrinkage)
			settles(t, b, shrinkage, found)
			for id, want := range chain(b.observations, people, shrinkage) {
				if got := found[id]; math.Abs(got-want) > 1e-6 {
					t.Fatalf("%s: %v, elimination says %v", id, got, want)
				}
			}
		})
	}
}

// chain solves the same equations by elimination, which a chain allows.
func chain(observations [][]any, people int, shrinkage float64) map[string]float64 {
	diagonal, right := make([]float64, people), make([]float64, people)
	for i := range diagonal {
		diagonal[i] = shrinkage
	}
	for i := 0; i < len(observations); i += 2 {
		half := (observations[i][2].(float64) - observations[i+1][2].(float64)) / 2
		diagonal[i/2], diagonal[i/2+1] = diagonal[i/2]+.5, diagonal[i/2+1]+.5
		right[i/2], right[i/2+1] = right[i/2]+half, right[i/2+1]-half
	}
	for i := 1; i < people; i++ {
		factor := -.5 / diagonal[i-1]
		diagonal[i] += .5 * factor
		right[i] -= factor * right[i-1]
	}
	solution := map[string]float64{}
	var next float64
	for i := people - 1; i >= 0; i-- {
		next = (right[i] + .5*next) / diagonal[i]
		solution[fmt.Sprintf("mem_%04d", i)] = next
	}
	return solution
}

func TestComparisonGroups(t *testing.T) {
	w := newWorld()
	for unit, who := range [][]string{{"ben", "dan"}, {"dan", "fay"}, {"ana", "eve"}, {"cat"}} {
		for _, id := range who {
			w.rate(fmt.Sprint("app_", unit), "signal", id, 2)
		}
	}
	r := calibrate(t, w, standard())
	for id, want := range map[string]int{"ana": 1, "eve": 1, "ben": 2, "dan": 2, "fay": 2, "cat": 0} {
		if got := profile(t, r, id).ComparisonGroup; got != want {
			t.Errorf("%s is in group %d, want %d", id, got, want)
		}
	}
}

// The interval is as wide as what is known of an interviewer is little.
func TestLeniencyInterval(t *testing.T) {
	w := newWorld()
	for u := range 10 {
		for i, id := range []string{"ana", "ben", "cat", "dan"} {
			w.rate(fmt.Sprint("app_", u), "signal", id, 1+(u+i)%4)
		}
	}
	l := profile(t, calibrate(t, w, standard()), "ana").Leniency
	if l.Interval == nil {
		t.Fatalf("%+v", l)
	}
	// Ten units of four raters: 1.96 * 0.8 / sqrt(10 * 3/4 + 5).
	half := 1.959963984540054 * .8 / math.Sqrt(12.5)
	low, high := *l.Value-l.Interval.Low, l.Interval.High-*l.Value
	is(t, "below", &low, half, 12)
	is(t, "above", &high, half, 12)
}

func TestLeniencies(t *testing.T) {
	in := company(2000, 30)
	usable, err := calibration.Leniencies(in, standard())
	if err != nil {
		t.Fatal(err)
	}
	r, err := calibration.Calibrate(in, standard())
	if err != nil {
		t.Fatal(err)
	}
	n, shown := 0, 0
	for _, p := range r.Interviewers {
		value, here := usable[p.Interviewer]
		if here != p.Leniency.Usable || here && value != *p.Leniency.Value {
			t.Errorf("%s: %v, %v, want %+v", p.Interviewer, value, here, p.Leniency)
		}
		if here {
			n++
		} else if p.Leniency.Sufficient {
			shown++
		}
	}
	if n == 0 || shown == 0 || n != len(usable) {
		t.Errorf("%d of %d usable, %d to be shown only", n, len(usable), shown)
	}
	if _, err := calibration.Leniencies(in, calibration.Options{}); err == nil {
		t.Error("no options are no fault")
	}
}
