package funnel

import "math"

// PoissonBinomial is how many of several independent trials succeed, of which
// each has its own probability: element k is the probability of exactly k
// successes, for k from 0 to len(p). It is exact, trial by trial.
func PoissonBinomial(p []float64) []float64 {
	pmf := make([]float64, 1, len(p)+1)
	pmf[0] = 1
	for _, q := range p {
		pmf = append(pmf, 0)
		try(pmf, q)
	}
	return pmf
}

// try adds a trial of probability q. The probability of more successes than pmf
// has room for is dropped.
func try(pmf []float64, q float64) {
	miss := 1 - q
	for k := len(pmf) - 1; k > 0; k-- {
		pmf[k] = pmf[k]*miss + pmf[k-1]*q
	}
	if len(pmf) > 0 {
		pmf[0] *= miss
	}
}

// AtLeast is the probability of at least n successes, when element k of pmf is
// that of exactly k.
func AtLeast(pmf []float64, n int) float64 {
	var sum float64
	// The fewer come last: they are the larger part of the sum when n is small.
	for k := len(pmf) - 1; k >= max(0, n); k-- {
		sum += pmf[k]
	}
	return min(1, sum)
}

// AtLeastWith is AtLeast when further successes come by a Poisson distribution
// with that mean.
func AtLeastWith(pmf []float64, mean float64, n int) float64 {
	if n <= 0 {
		return 1
	}
	return 1 - fewer(pmf[:min(n, len(pmf))], poissonBelow(mean, n))
}

// fewer is the probability that successes by pmf and others together are fewer
// than len(below), where below[m] is the probability of at most m others.
func fewer(pmf, below []float64) float64 {
	var sum float64
	for k, p := range pmf {
		sum += p * below[len(below)-1-k]
	}
	return min(1, sum)
}

// poissonBelow tells the probability of at most m for each m below n.
func poissonBelow(mean float64, n int) []float64 {
	below := make([]float64, n)
	fillPoisson(below, mean)
	return below
}

// fillPoisson is poissonBelow into a slice.
func fillPoisson(below []float64, mean float64) {
	clear(below)
	if mean <= 0 {
		below[0] = 1
	} else {
		// Outwards from the likeliest number, each from its neighbour: that of none
		// may be too small for a float where that of many is not.
		likeliest := len(below) - 1
		if mean < float64(likeliest) {
			likeliest = int(mean)
		}
		factorial, _ := math.Lgamma(float64(likeliest) + 1)
		below[likeliest] = math.Exp(float64(likeliest)*math.Log(mean) - mean - factorial)
		for k := likeliest; k > 0; k-- {
			below[k-1] = below[k] * float64(k) / mean
		}
		for k := likeliest; k < len(below)-1; k++ {
			below[k+1] = below[k] * mean / float64(k+1)
		}
	}
	accumulate(below)
}

// accumulate turns the probability of each number into that of at most so many.
func accumulate(pmf []float64) {
	var sum float64
	for k, p := range pmf {
		sum += p
		pmf[k] = min(1, sum)
	}
}
