package funnel

import "math"

// Interval is a range in which a figure lies with 95 % confidence.
type Interval struct{ Low, High float64 }

// z95 is the quantile of the normal distribution that leaves 2.5 % above.
const z95 = 1.959963984540054

// Wilson is the 95 % score interval of a share of successes (E. B. Wilson, 1927),
// which stays within 0 and 1 and is honest for few trials; nil without trials.
func Wilson(successes, trials int) *Interval {
	if trials <= 0 {
		return nil
	}
	n, p := float64(trials), float64(successes)/float64(trials)
	z2 := z95 * z95
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	i := &Interval{Low: max(0, middle-half), High: min(1, middle+half)}
	if successes == 0 {
		i.Low = 0
	}
	if successes == trials {
		i.High = 1
	}
	return i
}

// Share is part/whole; nil when there is no whole: an undefined rate is not 0.
func Share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}

// Quantile interpolates between the values around the quantile q, as spreadsheets
// do (type 7 of Hyndman and Fan, 1996). The values are in ascending order; nil
// for none.
func Quantile(sorted []float64, q float64) *float64 {
	if len(sorted) == 0 {
		return nil
	}
	at := q * float64(len(sorted)-1)
	below := int(math.Floor(at))
	value := sorted[below]
	if part := at - float64(below); part > 0 {
		value += part * (sorted[below+1] - value)
	}
	return &value
}

// Mean is the arithmetic mean; nil for none.
func Mean(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	var sum float64
	for _, v := range values {
		sum += v
	}
	sum /= float64(len(values))
	return &sum
}
