package funnel_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// drawChain draws a chain of up to so many stages with three ends.
func drawChain(t *rapid.T, most int) funnel.Chain {
	n := rapid.IntRange(1, most).Draw(t, "stages")
	c := funnel.Chain{Q: make([][]float64, n), R: make([][]float64, n), MeanDays: make([]float64, n)}
	for s := range n {
		weights := rapid.SliceOfN(rapid.IntRange(0, 5), n+3, n+3).Draw(t, "weights")
		weights[n+2]++ // some end
		var all float64
		for _, w := range weights {
			all += float64(w)
		}
		for i, w := range weights {
			if p := float64(w) / all; i < n {
				c.Q[s] = append(c.Q[s], p)
			} else {
				c.R[s] = append(c.R[s], p)
			}
		}
		c.MeanDays[s] = rapid.Float64Range(0, 30).Draw(t, "days")
	}
	return c
}

// The equations by which the long run is defined, one visit at a time: what is to
// come after a visit is what comes after the next one.
func TestLongRunIsOneStepAndTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawChain(t, 8)
		l, err := c.LongRun()
		if err != nil {
			t.Fatal(err)
		}
		near := func(got, want float64) {
			if math.Abs(got-want) > 1e-9*(1+want) {
				t.Fatalf("%v, want %v, of %+v", got, want, c)
			}
		}
		for s, row := range c.Q {
			visits, days, ends := 1.0, c.MeanDays[s], slices.Clone(c.R[s])
			for to, p := range row {
				visits += p * l.Visits[to]
				days += p * l.Days[to]
				for k := range ends {
					ends[k] += p * l.B[to][k]
				}
			}
			near(l.Visits[s], visits)
			near(l.Days[s], days)
			var all float64
			for k := range ends {
				near(l.B[s][k], ends[k])
				all += l.B[s][k]
			}
			near(all, 1)
		}
	})
}

func TestWhatIsNoChain(t *testing.T) {
	half := []float64{0.5, 0}
	for rule, c := range map[string]funnel.Chain{
		"rows that do not add up": {Q: [][]float64{{0.5}}, R: [][]float64{{0.4}}, MeanDays: []float64{1}},
		"less than impossible":    {Q: [][]float64{{-0.5}}, R: [][]float64{{1.5}}, MeanDays: []float64{1}},
		"not a number":            {Q: [][]float64{{math.NaN()}}, R: [][]float64{{1}}, MeanDays: []float64{1}},
		"negative days":           {Q: [][]float64{{0}}, R: [][]float64{{1}}, MeanDays: []float64{-1}},
		"endless days":            {Q: [][]float64{{0}}, R: [][]float64{{1}}, MeanDays: []float64{math.Inf(1)}},
		"no ends":                 {Q: [][]float64{{1}}, R: [][]float64{{}}, MeanDays: []float64{1}},
		"Q is not square":         {Q: [][]float64{half, {0.5}}, R: [][]float64{{0.5}, {0.5}}, MeanDays: []float64{1, 1}},
		"R is ragged":             {Q: [][]float64{half, half}, R: [][]float64{{0.5}, {0.5, 0}}, MeanDays: []float64{1, 1}},
		"no days":                 {Q: [][]float64{half, half}, R: [][]float64{{0.5}, {0.5}}},
	} {
		t.Run(rule, func(t *testing.T) {
			if _, err := c.LongRun(); err == nil {
				t.Error("it is taken for a chain")
			}
		})
	}
}

func TestStagesThatNobodyLeaves(t *testing.T) {
	c := funnel.Chain{
		Q:        [][]float64{{0, 0.5, 0, 0.2}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}},
		R:        [][]float64{{0.3}, {0}, {0}, {1}},
		MeanDays: make([]float64, 4),
	}
	var trap *funnel.TrapError
	if _, err := c.LongRun(); !errors.As(err, &trap) || !slices.Equal(trap.Stages, []int{1, 2}) {
		t.Errorf("%v, want stages 1 and 2", err)
	}
}
