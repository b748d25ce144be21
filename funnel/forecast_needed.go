package funnel

import "math"

const (
	// enough is by how much a probability may miss the confidence asked for: more
	// than rounding takes away, so that one trial of 80 % is enough for 80 %.
	enough = 1e-12
	// manyTrials is more than are worth counting, and few enough that a float tells
	// them apart.
	manyTrials = 1 << 52
)

// Needed is the smallest number of independent applicants, each hired with
// probability p, of whom at least hires are hired with a probability of
// confidence, which lies between 0 and 1. False when no number is enough: p is 0,
// or so small that quadrillions were needed. hires/p, the rule of thumb, is
// enough in little more than half of all cases.
func Needed(p float64, hires int, confidence float64) (applicants int, possible bool) {
	return NeededBeside([]float64{1}, p, hires, confidence)
}

// NeededBeside is how many applicants are needed in addition to others, of whom
// exactly k are hired with probability pmf[k].
func NeededBeside(pmf []float64, p float64, hires int, confidence float64) (applicants int, possible bool) {
	if hires <= 0 {
		return 0, true
	}
	pmf = pmf[:min(hires, len(pmf))]
	missing := 1 - confidence + enough
	below := make([]float64, hires)
	reached := func(n int) bool {
		fillBinomial(below, n, p)
		return fewer(pmf, below) <= missing
	}
	if reached(0) {
		return 0, true
	}
	if !(p > 0) {
		return 0, false
	}
	no, yes := 0, 1
	for !reached(yes) {
		if yes >= manyTrials {
			return 0, false
		}
		no, yes = yes, 2*yes
	}
	for yes-no > 1 {
		if middle := no + (yes-no)/2; reached(middle) {
			yes = middle
		} else {
			no = middle
		}
	}
	return yes, true
}

// fillBinomial tells for each m below len(below) the probability of at most m
// successes in n trials of probability p.
func fillBinomial(below []float64, n int, p float64) {
	most := min(n, len(below)-1)
	clear(below)
	switch {
	case p <= 0:
		below[0] = 1
	case p >= 1:
		if n < len(below) {
			below[n] = 1
		}
	default:
		// Outwards from the likeliest number, each from its neighbour.
		likeliest := most
		if mode := math.Floor(float64(n+1) * p); mode < float64(most) {
			likeliest = int(mode)
		}
		below[likeliest] = math.Exp(logBinomial(n, likeliest, p))
		odds := p / (1 - p)
		for k := likeliest; k > 0; k-- {
			below[k-1] = below[k] * float64(k) / (float64(n-k+1) * odds)
		}
		for k := likeliest; k < most; k++ {
			below[k+1] = below[k] * float64(n-k) / float64(k+1) * odds
		}
	}
	accumulate(below)
}

// logBinomial is the logarithm of the probability of exactly k successes in n
// trials. Factor by factor: logarithms of the factorials of large n cancel, and
// take the digits with them.
func logBinomial(n, k int, p float64) float64 {
	sum := float64(n-k) * math.Log1p(-p)
	for i := range k {
		sum += math.Log(float64(n-i) / float64(i+1) * p)
	}
	return sum
}
