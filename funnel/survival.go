package funnel

import (
	"cmp"
	"slices"
)

// Stay is how long one visit lasted, or has lasted so far.
type Stay struct {
	Days float64
	Left bool // false: still there, so that it lasts longer than Days
}

// Step is a moment at which somebody left: of the AtRisk who had stayed until
// then Left did, and Remaining of all stay longer.
type Step struct {
	Days      float64
	AtRisk    int
	Left      int
	Remaining float64
}

// Survival is the Kaplan–Meier estimate of how long stays last, as its steps
// in ascending order of days. It counts those who are still there for as long
// as they are, so that it does not hide the stuck as a median of finished stays
// does.
type Survival []Step

// KaplanMeier estimates how long stays last. Who leaves at the moment until
// which somebody else is known to be there leaves before them.
func KaplanMeier(stays []Stay) Survival {
	stays = slices.SortedFunc(slices.Values(stays), func(a, b Stay) int { return cmp.Compare(a.Days, b.Days) })
	var steps Survival
	remaining := 1.0
	for i := 0; i < len(stays); {
		atRisk, left := len(stays)-i, 0
		days := stays[i].Days
		for ; i < len(stays) && stays[i].Days == days; i++ {
			if stays[i].Left {
				left++
			}
		}
		if left > 0 {
			remaining *= float64(atRisk-left) / float64(atRisk)
			steps = append(steps, Step{Days: days, AtRisk: atRisk, Left: left, Remaining: remaining})
		}
	}
	return steps
}

// rounding is more than what multiplying a million fractions loses, and less
// than one stay among a hundred million.
const rounding = 1e-9

// Quantile is the number of days within which the share q, between 0 and 1,
// leaves; false when fewer are known to have left.
func (s Survival) Quantile(q float64) (days float64, reached bool) {
	for _, step := range s {
		if step.Remaining <= 1-q+rounding {
			return step.Days, true
		}
	}
	return 0, false
}
