package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// random is a stream of chances that is the same for the same seed.
type random struct{ *rand.Rand }

func newRandom(seed, stream uint64) random { return random{rand.New(rand.NewPCG(seed, stream))} }

func (r random) chance(p float64) bool { return r.Float64() < p }

func (r random) normal(mean, sd float64) float64 { return mean + sd*r.NormFloat64() }

func (r random) between(low, high float64) float64 { return low + (high-low)*r.Float64() }

// logNormal is at the median or below half of the time.
func (r random) logNormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// lasting is a log-normal duration, in whole seconds.
func (r random) lasting(median time.Duration, sigma float64) time.Duration {
	return time.Duration(r.logNormal(float64(median), sigma)).Truncate(time.Second)
}

// within is a moment between two times, in whole seconds.
func (r random) within(from, to time.Time) time.Time {
	if !to.After(from) {
		return from
	}
	return from.Add(time.Duration(r.Float64() * float64(to.Sub(from)))).Truncate(time.Second)
}

func pick[T any](r random, of []T) T { return of[r.IntN(len(of))] }

// weighted picks the index of a share; they need not sum to anything.
func (r random) weighted(shares ...float64) int {
	var sum float64
	for _, s := range shares {
		sum += s
	}
	at := r.Float64() * sum
	for i, s := range shares {
		if at -= s; at < 0 {
			return i
		}
	}
	return len(shares) - 1
}

// quantile is the x that a standard normal is below with probability p.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

const day = 24 * time.Hour

// office is a time in office hours on the working day nearest to t, but after
// earliest: what people of the company do, they do then.
func (r random) office(t, earliest time.Time) time.Time {
	d := t.Truncate(day)
	switch d.Weekday() {
	case time.Saturday:
		d = d.Add(-day)
	case time.Sunday:
		d = d.Add(day)
	}
	at := d.Add(8*time.Hour + time.Duration(r.Int64N(int64(10*time.Hour)))).Truncate(time.Second)
	if !at.After(earliest) {
		at = earliest.Add(time.Duration(r.Int64N(int64(3*time.Hour))) + 5*time.Minute).Truncate(time.Second)
	}
	return at
}
