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
// does. StageTime is the same of millions of stays, told by its quantiles.
type Survival []Step

// KaplanMeier estimates how long stays last. Who leaves at the moment until
// which somebody else is known to be there leaves before them.
func KaplanMeier(stays []Stay) Survival {
	stays = slices.SortedFunc(slices.Values(stays), func(a, b Stay) int { return cmp.Compare(a.Days, b.Days) })
	var steps Survival
	r := newRisk(len(stays))
	for i := 0; i < len(stays); {
		days, left, still := stays[i].Days, 0, 0
		for ; i < len(stays) && stays[i].Days == days; i++ {
			if stays[i].Left {
				left++
			} else {
				still++
			}
		}
		if left > 0 {
			atRisk := r.there
			r.leave(left)
			steps = append(steps, Step{Days: days, AtRisk: atRisk, Left: left, Remaining: r.remaining()})
		}
		r.lose(still)
	}
	return steps
}

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

// risk is the product-limit estimate while stays are gone through in ascending
// order. Between two who are lost sight of, the product telescopes, so that it is
// of few factors and loses little.
type risk struct {
	there  int     // have stayed until now
	since  int     // there were, when somebody was last lost sight of
	before float64 // the share of all that these stood for
}

func newRisk(stays int) risk { return risk{there: stays, since: stays, before: 1} }

// leave takes out n who leave now.
func (r *risk) leave(n int) { r.there -= n }

// lose takes out n of whom it is only known that they were there until now.
// Whoever leaves now does so before.
func (r *risk) lose(n int) {
	if n == 0 {
		return
	}
	r.before = r.remaining()
	r.there -= n
	r.since = r.there
}

// remaining is the share of all that stays longer.
func (r *risk) remaining() float64 {
	if r.since == 0 {
		return r.before
	}
	return r.before * float64(r.there) / float64(r.since)
}

// atMost is remaining() <= share, up to rounding, without a division. Somebody
// has just left.
func (r *risk) atMost(share float64) bool {
	return r.before*float64(r.there) <= (share+rounding)*float64(r.since)
}

// rounding is more than what multiplying a million fractions loses, and less
// than one stay among a hundred million.
const rounding = 1e-9
