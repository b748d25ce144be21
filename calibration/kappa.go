package calibration

import (
	"cmp"
	"slices"
)

// Disagreement is how much it weighs that one rater says i and the other j: 0
// when they agree.
type Disagreement func(i, j int) float64

// Any weighs every disagreement the same (J. Cohen, 1960).
func Any(i, j int) float64 {
	if i == j {
		return 0
	}
	return 1
}

// Quadratic weighs a disagreement by the square of how far apart the two are.
func Quadratic(i, j int) float64 { return float64((i - j) * (i - j)) }

// Kappa is how far two raters agree beyond chance (J. Cohen, 1960 and 1968):
// counts[i][j] is how often the first said i and the second j. Nil when chance
// alone would leave no disagreement.
func Kappa(counts [][]int, weigh Disagreement) *float64 {
	rows, columns, all := make([]float64, len(counts)), make([]float64, len(counts)), 0.0
	var observed, expected float64
	for i, row := range counts {
		for j, n := range row {
			rows[i] += float64(n)
			columns[j] += float64(n)
			all += float64(n)
			observed += weigh(i, j) * float64(n)
		}
	}
	for i := range rows {
		for j := range columns {
			expected += weigh(i, j) * rows[i] * columns[j]
		}
	}
	if expected == 0 {
		return nil
	}
	k := 1 - observed*all/expected
	return &k
}

// pair is two interviewers, by rank, and what they said of the units that both
// rated.
type pair struct {
	first, second                      int32
	shared                             int
	sumX, sumY, squaresX, squaresY, xy float64
	bond                               float64 // sum of 1/raters over the shared units
}

// kappa is the pair's with quadratic weights, which depends on sums alone and so
// takes means of ratings as they are. Nil when both always gave one and the same
// rating.
func (p *pair) kappa() *float64 {
	n := float64(p.shared)
	observed := p.squaresX + p.squaresY - 2*p.xy
	expected := p.squaresX + p.squaresY - 2*p.sumX*p.sumY/n
	if expected <= noVariance*n {
		return nil
	}
	k := 1 - observed/expected
	return &k
}

// pairs are all who rated a unit together, in the order of their ranks.
func (p *panel) pairs() []pair {
	var all []pair
	at := map[uint64]int32{}
	for _, u := range p.units {
		votes := p.of(u)
		bond := 1 / float64(len(votes))
		for i, x := range votes {
			for _, y := range votes[i+1:] {
				key := uint64(x.rater)<<32 | uint64(y.rater)
				place, met := at[key]
				if !met {
					place = int32(len(all))
					at[key] = place
					all = append(all, pair{first: x.rater, second: y.rater})
				}
				q := &all[place]
				q.shared++
				q.sumX, q.sumY = q.sumX+x.value, q.sumY+y.value
				q.squaresX, q.squaresY, q.xy = q.squaresX+x.value*x.value, q.squaresY+y.value*y.value, q.xy+x.value*y.value
				q.bond += bond
			}
		}
	}
	slices.SortFunc(all, comparePairs)
	return all
}

func comparePairs(a, b pair) int {
	return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second))
}
