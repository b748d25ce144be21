package funnel

import "math"

// priorWeight is how many applications the average of others counts as, beside
// one's own.
const priorWeight = 10

// StageRate is how many of those who left a stage moved on, 0 ≤ Passed ≤ Settled,
// and which share does elsewhere.
type StageRate struct {
	Passed  int // to a later stage
	Settled int // to a later stage, or rejected or withdrawn
	Prior   float64
}

// Shrunk is the share that moves on, drawn towards the prior the more, the fewer
// it is known of: (Passed + 10 Prior) / (Settled + 10).
func (r StageRate) Shrunk() float64 {
	return (float64(r.Passed) + priorWeight*r.Prior) / float64(r.Settled+priorWeight)
}

// Bounds is the Wilson interval of Shrunk, which contains it: that of as many
// applications as it goes by, the ten of the prior among them and the passed
// rounded.
func (r StageRate) Bounds() Interval {
	return *Wilson(int(math.Round(float64(r.Passed)+priorWeight*r.Prior)), r.Settled+priorWeight)
}

// The ends of a forecast's chain.
const (
	EndHired = iota
	EndRejected
	EndWithdrawn
	ends
)

// Rates counts by stage, without the last one, that of the hired, how many moved
// on. Moving back is not leaving. The priors are by stage.
func (f Flow) Rates(priors []float64) []StageRate {
	rates := make([]StageRate, len(priors))
	for s, prior := range priors {
		passed := sum(f.Moved[s][s+1:])
		rates[s] = StageRate{Passed: passed, Settled: passed + f.Rejected[s] + f.Withdrawn[s], Prior: prior}
	}
	return rates
}

func sum(counts []int) int {
	var n int
	for _, c := range counts {
		n += c
	}
	return n
}

// chain is how applications move when, of those who leave stage s and do not move
// back, the share pass[s] moves on. Whither, how many move back, and who ends the
// rest is as it was, each with ten applications beside that come of the prior: they
// move on to the next stage, never back, and are ended by whom those of all stages
// are.
func (f Flow) chain(rates []StageRate, pass []float64, durations []LogNormal) Chain {
	n := len(rates)
	c := Chain{Q: table(n, n), R: table(n, ends), MeanDays: make([]float64, n)}
	var withdrawnOfAll float64
	if w, r := sum(f.Withdrawn[:n]), sum(f.Rejected[:n]); w > 0 {
		withdrawnOfAll = float64(w) / float64(w+r)
	}
	for s, r := range rates {
		c.MeanDays[s] = durations[s].MeanDays()
		left := float64(r.Settled + sum(f.Moved[s][:s+1]) + priorWeight)
		for to, moved := range f.Moved[s][:s+1] {
			c.Q[s][to] = float64(moved) / left
		}
		settled := float64(r.Settled+priorWeight) / left
		prior := priorWeight * r.Prior
		for to := s + 1; to <= n; to++ {
			moved := float64(f.Moved[s][to])
			if to == s+1 {
				moved += prior
			}
			share := settled * pass[s]
			switch all := float64(r.Passed) + prior; {
			case all > 0:
				share *= moved / all
			case to != s+1:
				share = 0
			}
			if to < n {
				c.Q[s][to] = share
			} else {
				c.R[s][EndHired] = share
			}
		}
		withdrawn := (float64(f.Withdrawn[s]) + priorWeight*withdrawnOfAll) / float64(f.Withdrawn[s]+f.Rejected[s]+priorWeight)
		off := settled * (1 - pass[s])
		c.R[s][EndWithdrawn] = off * withdrawn
		c.R[s][EndRejected] = off * (1 - withdrawn)
	}
	return c
}
