package funnel_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// countedFisher adds up tables as they are counted, in whole numbers.
func countedFisher(a, b, c, d int) float64 {
	row, other, column := a+b, c+d, a+c
	first, last := max(0, column-other), min(row, column)
	var upper, lower, seen, all, unlikely big.Int
	upper.Binomial(int64(row), int64(first))
	lower.Binomial(int64(other), int64(column-first))
	start := new(big.Int).Mul(&upper, &lower)
	each := func(fn func(x int, ways *big.Int)) {
		ways, factor := new(big.Int).Set(start), new(big.Int)
		for x := first; x <= last; x++ {
			fn(x, ways)
			ways.Mul(ways, factor.SetInt64(int64(row-x)*int64(column-x)))
			ways.Quo(ways, factor.SetInt64(int64(x+1)*int64(other-column+x+1)))
		}
	}
	each(func(x int, ways *big.Int) {
		all.Add(&all, ways)
		if x == a {
			seen.Set(ways)
		}
	})
	each(func(_ int, ways *big.Int) {
		if ways.Cmp(&seen) <= 0 {
			unlikely.Add(&unlikely, ways)
		}
	})
	p, _ := new(big.Rat).SetFrac(&unlikely, &all).Float64()
	return p
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-11*want }

func TestFisherExactIsWhatCountingTablesGives(t *testing.T) {
	const most = 7 // in a cell
	for a := range most {
		for b := range most {
			for c := range most {
				for d := range most {
					if got, want := funnel.FisherExact(a, b, c, d), countedFisher(a, b, c, d); !near(got, want) {
						t.Errorf("%d %d / %d %d: %.17g, want %.17g", a, b, c, d, got, want)
					}
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.IntRange(0, 12), rapid.IntRange(0, 300))
		a, b, c, d := cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c"), cell.Draw(t, "d")
		if got, want := funnel.FisherExact(a, b, c, d), countedFisher(a, b, c, d); !near(got, want) {
			t.Fatalf("%.17g, want %.17g", got, want)
		}
	})
}

// Which group comes first and whether selections or rejections are counted
// changes nothing.
func TestFisherExactIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(0, 2000), rapid.IntRange(0, 200_000))
		a, b, c, d := cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c"), cell.Draw(t, "d")
		p := funnel.FisherExact(a, b, c, d)
		if !(p > 0 && p <= 1) {
			t.Fatalf("p is %g", p)
		}
		for how, got := range map[string]float64{
			"rows swapped": funnel.FisherExact(c, d, a, b), "columns swapped": funnel.FisherExact(b, a, d, c), "mirrored": funnel.FisherExact(a, c, b, d),
		} {
			if !near(got, p) && p > 1e-290 {
				t.Fatalf("%s: %.17g, want %.17g", how, got, p)
			}
		}
	})
}

// Tables that are just as likely are unlikely together, though a float tells the
// two apart.
func TestFisherExactCountsTies(t *testing.T) {
	for _, c := range [][4]int{{1, 9, 5, 2}, {9, 1, 2, 5}, {10, 2, 4, 5}, {2, 15, 9, 5}, {1, 16, 11, 3}} {
		if got, want := funnel.FisherExact(c[0], c[1], c[2], c[3]), countedFisher(c[0], c[1], c[2], c[3]); !near(got, want) {
			t.Errorf("%v: %.17g, want %.17g", c, got, want)
		}
	}
}

func TestFisherExactOfLargeTables(t *testing.T) {
	for _, c := range [][4]int{
		{2_000, 8_000, 1_900, 8_100}, {199_000, 1_000, 98_900, 500}, {3, 99_997, 15, 99_985}, {2_000, 0, 1_900, 100}, {12_000, 9_000, 30, 40},
	} {
		if got, want := funnel.FisherExact(c[0], c[1], c[2], c[3]), countedFisher(c[0], c[1], c[2], c[3]); !near(got, want) {
			t.Errorf("%v: %.17g, want %.17g", c, got, want)
		}
	}
	// Too small for a float is not impossible.
	if p := funnel.FisherExact(300_000, 0, 0, 300_000); p != math.SmallestNonzeroFloat64 {
		t.Errorf("%g, want the smallest there is", p)
	}
}

func ExampleFisherExact() {
	// Of ten men eight were selected, of six women one.
	fmt.Printf("%.3f\n", funnel.FisherExact(8, 2, 1, 5))
	// Output: 0.035
}

func BenchmarkFisherExact(b *testing.B) {
	for b.Loop() {
		funnel.FisherExact(31_000, 169_000, 30_500, 169_500)
	}
}
