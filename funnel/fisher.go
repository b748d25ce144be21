package funnel

import "math"

// FisherExact is the two-sided p-value of R. A. Fisher's exact test (1922) that
// in a table of two rows,
//
//	a b
//	c d
//
// the columns have nothing to do with the rows: the chance that as uneven a table
// or a less likely one comes about with the same margins. It lies above 0 and at
// most at 1; where there is nothing to compare it is 1. The counts are not
// negative. The time grows with the smallest margin at most.
func FisherExact(a, b, c, d int) float64 {
	t := tables{row: a + b, other: c + d, column: a + c}
	likeliest := t.likeliest()

	// Chances are told in units of the likeliest table's, which keeps them exact to
	// the last digits where logarithms of factorials would lose ten.
	threshold := t.chance(likeliest, a) * (1 + tie)
	all, unlikely := 1.0, 0.0
	if threshold >= 1 {
		return 1
	}
	for _, step := range [2]int{toward(likeliest, a), -toward(likeliest, a)} {
		chance := 1.0
		for x := likeliest; ; {
			chance *= t.ratio(x, step)
			x += step
			if chance == 0 || chance < unlikely*negligible {
				break
			}
			all += chance
			if chance <= threshold {
				unlikely += chance
			}
		}
	}
	return min(1, max(unlikely/all, math.SmallestNonzeroFloat64))
}

const (
	// tie is by how much chances that are the same may differ by rounding.
	tie = 1e-7
	// negligible is a share that the rest of a sum does not bring back into the
	// digits of a float: chances fall faster than by any constant factor.
	negligible = 1e-22
)

// tables are the tables with the same margins, each known by its upper left cell.
type tables struct{ row, other, column int }

// likeliest is the table of the greatest chance.
func (t tables) likeliest() int {
	n := float64(t.row) + float64(t.other)
	guess := int(float64(t.row+1) * float64(t.column+1) / (n + 2))
	return min(max(guess, 0, t.column-t.other), t.row, t.column)
}

// ratio is the chance of the table one step, 1 or -1, beyond x to that of x; 0
// where there is none.
func (t tables) ratio(x, step int) float64 {
	if step < 0 {
		return float64(x) * float64(t.other-t.column+x) / (float64(t.row-x+1) * float64(t.column-x+1))
	}
	return float64(t.row-x) * float64(t.column-x) / (float64(x+1) * float64(t.other-t.column+x+1))
}

// chance is the chance of the table to to that of the table from.
func (t tables) chance(from, to int) float64 {
	chance := 1.0
	for step := toward(from, to); from != to && chance > 0; from += step {
		chance *= t.ratio(from, step)
	}
	return chance
}

func toward(from, to int) int {
	if to < from {
		return -1
	}
	return 1
}
