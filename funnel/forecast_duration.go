package funnel

import (
	"fmt"
	"math"
)

// LogNormal is how long visits to a stage last, however they end: the logarithm
// of the days is normally distributed with mean ln MedianDays and standard
// deviation Sigma.
type LogNormal struct {
	MedianDays float64 // above 0
	Sigma      float64 // above 0
}

// MeanDays is the mean: the median drawn up by the few that take long.
func (l LogNormal) MeanDays() float64 { return l.MedianDays * math.Exp(l.Sigma*l.Sigma/2) }

// Validate reports a median or sigma that is not a positive number.
func (l LogNormal) Validate() error {
	for _, x := range [2]float64{l.MedianDays, l.Sigma} {
		if !(x > 0) || math.IsInf(x, 1) {
			return fmt.Errorf("median %v days, sigma %v: both must be positive", l.MedianDays, l.Sigma)
		}
	}
	return nil
}

// score is the standard normal that so many days are.
func (l LogNormal) score(days float64) float64 { return math.Log(days/l.MedianDays) / l.Sigma }

// above is the probability that a standard normal is greater than z.
func above(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// wholeDays tells the probability of each number of days below n, to the nearest
// whole day: element j is that of j - ½ to j + ½.
func (l LogNormal) wholeDays(n int) []float64 {
	pmf := make([]float64, n)
	from := math.Inf(-1)
	for j := range pmf {
		to := l.score(float64(j) + 0.5)
		// Of two differences the one of small numbers keeps the digits.
		if from > 0 {
			pmf[j] = above(from) - above(to)
		} else {
			pmf[j] = above(-to) - above(-from)
		}
		from = to
	}
	return pmf
}

// reach is the score of the longest stay whose probability still is a number
// that can be divided by.
const reach = 33

// century is in days: nobody waits for longer.
const century = 36525

// age is how many whole days somebody has been in a stage, and the probability
// that a stay lasts as long at least, by which all that follows is divided. Who is
// there for longer than chance has a number for, or a century, counts as if that
// had just become true.
func (l LogNormal) age(days float64) (whole int, probability float64) {
	longest := min(century, l.MedianDays*math.Exp(reach*l.Sigma))
	if whole = int(math.Round(min(days, longest))); whole <= 0 {
		return 0, 1
	}
	return whole, above(l.score(float64(whole) - 0.5))
}
