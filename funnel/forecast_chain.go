package funnel

import (
	"fmt"
	"math"
)

// Chain is an absorbing Markov chain: visits to stages, each of which is followed
// by a visit to another one or by one of several ends.
type Chain struct {
	// Q[i][j] is the probability that a visit to stage i is followed by one to stage
	// j, before or behind it. As many columns as rows.
	Q [][]float64
	// R[i][k] is the probability that a visit to stage i is followed by end k. The
	// rows of Q and R together add up to 1.
	R [][]float64
	// MeanDays is how long a visit to each stage lasts on average.
	MeanDays []float64
}

// LongRun is what becomes of an application sooner or later, by the stage in
// which it begins a visit (J. G. Kemeny and J. L. Snell, Finite Markov Chains,
// 1960, chapter 3).
type LongRun struct {
	// N[i][j] is how many visits to stage j follow on average, the present one
	// among them: N = (I - Q)⁻¹.
	N [][]float64
	// B[i][k] is the probability of end k: B = N R.
	B [][]float64
	// Visits is how many visits to any stage follow, the present one among them.
	Visits []float64
	// Days is how many days pass until the end: N MeanDays.
	Days []float64
}

// TrapError says that a chain has stages from which no end is ever reached.
type TrapError struct{ Stages []int } // in ascending order

func (e *TrapError) Error() string {
	return fmt.Sprintf("no end can be reached from stages %v", e.Stages)
}

// unity is by how much probabilities that should add up to 1 may miss it.
const unity = 1e-9

// Validate reports what keeps a chain from being one: sizes that do not fit,
// numbers that are no probabilities or days, rows that do not add up to 1, and,
// as a *TrapError, stages that nobody leaves for good.
func (c Chain) Validate() error {
	n := len(c.Q)
	if len(c.R) != n || len(c.MeanDays) != n {
		return fmt.Errorf("%d rows of Q, %d of R, %d mean days: they must be as many", n, len(c.R), len(c.MeanDays))
	}
	for i := range n {
		if len(c.Q[i]) != n {
			return fmt.Errorf("row %d of Q has %d columns, not %d", i, len(c.Q[i]), n)
		}
		if len(c.R[i]) == 0 || len(c.R[i]) != len(c.R[0]) {
			return fmt.Errorf("row %d of R has %d columns", i, len(c.R[i]))
		}
		var sum float64
		for _, row := range [2][]float64{c.Q[i], c.R[i]} {
			for k, p := range row {
				if !isProbability(p) {
					return fmt.Errorf("stage %d: %v in column %d is not a probability", i, p, k)
				}
				sum += p
			}
		}
		if math.Abs(sum-1) > unity {
			return fmt.Errorf("stage %d: the probabilities add up to %v, not to 1", i, sum)
		}
		if days := c.MeanDays[i]; !(days >= 0) || math.IsInf(days, 1) {
			return fmt.Errorf("stage %d: %v is not a number of days", i, days)
		}
	}
	if trapped := c.trapped(); len(trapped) > 0 {
		return &TrapError{Stages: trapped}
	}
	return nil
}

func isProbability(p float64) bool { return p >= 0 && p <= 1 }

// trapped are the stages from which no end can be reached.
func (c Chain) trapped() []int {
	ends := make([]bool, len(c.Q))
	for i, row := range c.R {
		for _, p := range row {
			ends[i] = ends[i] || p > 0
		}
	}
	for changed := true; changed; {
		changed = false
		for i, row := range c.Q {
			for j, p := range row {
				if p > 0 && ends[j] && !ends[i] {
					ends[i], changed = true, true
				}
			}
		}
	}
	var stages []int
	for i, leads := range ends {
		if !leads {
			stages = append(stages, i)
		}
	}
	return stages
}

// LongRun follows the chain to its ends. The error is that of Validate.
func (c Chain) LongRun() (LongRun, error) {
	if err := c.Validate(); err != nil {
		return LongRun{}, err
	}
	n := len(c.Q)
	visits := inverseOfIMinus(c.Q)
	l := LongRun{N: visits, B: make([][]float64, n), Visits: make([]float64, n), Days: make([]float64, n)}
	for i, row := range visits {
		l.B[i] = make([]float64, len(c.R[i]))
		for j, v := range row {
			l.Visits[i] += v
			l.Days[i] += v * c.MeanDays[j]
			for k, p := range c.R[j] {
				l.B[i][k] += v * p
			}
		}
		for k := range l.B[i] {
			l.B[i][k] = min(1, l.B[i][k])
		}
	}
	return l, nil
}

// inverseOfIMinus is (I - q)⁻¹ of a matrix whose powers vanish, by elimination
// with pivots. What is left of negative results is rounding, and 0.
func inverseOfIMinus(q [][]float64) [][]float64 {
	n := len(q)
	rows := make([][]float64, n) // I - q beside I
	for i := range rows {
		rows[i] = make([]float64, 2*n)
		for j, p := range q[i] {
			rows[i][j] = -p
		}
		rows[i][i]++
		rows[i][n+i] = 1
	}
	for k := range n {
		pivot := k
		for i := k + 1; i < n; i++ {
			if math.Abs(rows[i][k]) > math.Abs(rows[pivot][k]) {
				pivot = i
			}
		}
		rows[k], rows[pivot] = rows[pivot], rows[k]
		scale := 1 / rows[k][k]
		for j := k; j < 2*n; j++ {
			rows[k][j] *= scale
		}
		for i := range n {
			factor := rows[i][k]
			if i == k || factor == 0 {
				continue
			}
			for j := k; j < 2*n; j++ {
				rows[i][j] -= factor * rows[k][j]
			}
		}
	}
	for i := range rows {
		rows[i] = rows[i][n:]
		for j := range rows[i] {
			rows[i][j] = max(0, rows[i][j])
		}
	}
	return rows
}
