package funnel_test

import (
	"math"
	"math/big"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

func drawProbabilities(t *rapid.T, most int, label string) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(0, 1), 0, most).Draw(t, label)
}

func TestPoissonBinomialIsTheSumOfAllOutcomes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProbabilities(t, 10, "p")
		want := make([]float64, len(p)+1)
		for outcome := range uint(1) << len(p) {
			chance := 1.0
			for i, q := range p {
				if outcome>>i&1 == 1 {
					chance *= q
				} else {
					chance *= 1 - q
				}
			}
			want[bits.OnesCount(outcome)] += chance
		}
		got := funnel.PoissonBinomial(p)
		var sum float64
		for k := range want {
			sum += want[len(p)-k]
			if math.Abs(got[k]-want[k]) > 1e-14 {
				t.Fatalf("exactly %d of %v: %v, want %v", k, p, got[k], want[k])
			}
			if atLeast := funnel.AtLeast(got, len(p)-k); math.Abs(atLeast-sum) > 1e-13 {
				t.Fatalf("at least %d of %v: %v, want %v", len(p)-k, p, atLeast, sum)
			}
		}
		if len(got) != len(want) || funnel.AtLeast(got, len(p)+1) != 0 {
			t.Fatalf("more successes than trials: %v", got)
		}
	})
}

// Many unlikely trials are nearly a Poisson distribution, by Le Cam's theorem to
// within the sum of the squares of their probabilities.
func TestPoissonIsManyUnlikelyTrials(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		others := funnel.PoissonBinomial(drawProbabilities(t, 6, "p"))
		mean, n := rapid.Float64Range(0, 5).Draw(t, "mean"), rapid.IntRange(0, 12).Draw(t, "n")
		const trials = 5000
		small := make([]float64, trials)
		for i := range small {
			small[i] = mean / trials
		}
		few := funnel.PoissonBinomial(small)[:40]
		all := make([]float64, len(others)+len(few))
		for i, p := range others {
			for j, q := range few {
				all[i+j] += p * q
			}
		}
		got, want := funnel.AtLeastWith(others, mean, n), funnel.AtLeast(all, n)
		if math.Abs(got-want) > mean*mean/trials+1e-9 {
			t.Fatalf("%v, by trials %v", got, want)
		}
	})
}

func TestPoissonOfManyIsNoUnderflow(t *testing.T) {
	// The probability of none is e^-900, which no float holds; that of fewer than
	// 900 is a little less than half, that of fewer than 1,000 nearly 1.
	one := []float64{1}
	if p := funnel.AtLeastWith(one, 900, 900); math.Abs(p-0.5) > 0.02 {
		t.Errorf("at least the mean: %v", p)
	}
	if p := funnel.AtLeastWith(one, 900, 1000); math.Abs(p-0.00058) > 0.0001 {
		t.Errorf("at least 1000: %v", p)
	}
	if p := funnel.AtLeastWith(one, 1e9, 1000); p != 1 {
		t.Errorf("of a billion: %v", p)
	}
}

// enoughExactly tells with 300 bits whether n trials of probability p have at
// least hires successes with a probability of confidence, the one tolerance that
// Needed has included.
func enoughExactly(n int, p float64, hires int, confidence float64) bool {
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
	miss := number(1)
	miss.Sub(miss, number(p))
	chance := number(1) // of none: miss to the power of n
	for power, left := new(big.Float).Copy(miss), n; left > 0; left >>= 1 {
		if left&1 == 1 {
			chance.Mul(chance, power)
		}
		power.Mul(power, power)
	}
	odds := number(p)
	odds.Quo(odds, miss)
	below := number(0)
	for k := range min(hires, n+1) {
		below.Add(below, chance)
		chance.Mul(chance, odds).Mul(chance, number(float64(n-k))).Quo(chance, number(float64(k+1)))
	}
	missing := number(1)
	missing.Sub(missing, number(confidence)).Add(missing, number(1e-12))
	return below.Cmp(missing) <= 0
}

func TestNeededIsTheSmallestNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := math.Exp(-rapid.Float64Range(1e-6, 14).Draw(t, "-ln p"))
		hires := rapid.IntRange(1, 1000).Draw(t, "hires")
		confidence := rapid.Float64Range(0.01, 0.999).Draw(t, "confidence")
		n, possible := funnel.Needed(p, hires, confidence)
		if !possible || n < hires {
			t.Fatalf("%d of whom %v: %d %v", hires, p, n, possible)
		}
		if !enoughExactly(n, p, hires, confidence) {
			t.Fatalf("%d are not enough", n)
		}
		if n > hires && enoughExactly(n-1, p, hires, confidence) {
			t.Fatalf("%d are enough, too: fewer than %d", n-1, n)
		}
	})
}

func TestNeededAtTheEdges(t *testing.T) {
	tiny := int(math.Ceil(math.Log(0.2) / math.Log1p(-1e-6)))
	for rule, c := range map[string]struct {
		p          float64
		hires      int
		confidence float64
		n          int
		possible   bool
	}{
		"nobody is ever hired":      {0, 1, 0.8, 0, false},
		"less than never":           {math.NaN(), 1, 0.8, 0, false},
		"everybody is":              {1, 7, 0.999, 7, true},
		"no seats":                  {0.1, 0, 0.8, 0, true},
		"no seats, nobody hired":    {0, 0, 0.8, 0, true},
		"one in a million":          {1e-6, 1, 0.8, tiny, true},
		"fewer than anybody counts": {1e-300, 1, 0.8, 0, false},
	} {
		t.Run(rule, func(t *testing.T) {
			if n, possible := funnel.Needed(c.p, c.hires, c.confidence); n != c.n || possible != c.possible {
				t.Errorf("%d %v, want %d %v", n, possible, c.n, c.possible)
			}
		})
	}
}

func TestNeededBesideOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		others := drawProbabilities(t, 8, "others")
		p := rapid.Float64Range(0.01, 1).Draw(t, "p")
		hires := rapid.IntRange(1, 6).Draw(t, "hires")
		confidence := rapid.Float64Range(0.05, 0.99).Draw(t, "confidence")
		n, possible := funnel.NeededBeside(funnel.PoissonBinomial(others), p, hires, confidence)
		if !possible {
			t.Fatal("impossible")
		}
		of := func(n int) float64 {
			all := others
			for range n {
				all = append(all[:len(all):len(all)], p)
			}
			return funnel.AtLeast(funnel.PoissonBinomial(all), hires)
		}
		if of(n) < confidence-1e-11 || n > 0 && of(n-1) >= confidence+1e-11 {
			t.Fatalf("%d are enough for %v, %d for %v; wanted for %v", n, of(n), n-1, of(max(0, n-1)), confidence)
		}
	})
}
