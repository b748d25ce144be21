package rubric

import (
	"cmp"
	"strconv"
)

// Ratio is an exact fraction in lowest terms with a positive denominator, so
// that == compares values. Means and margins are ratios in rating points,
// coverage is one of weights.
type Ratio struct{ Num, Den int64 }

// ratio reduces num/den; den must be positive.
func ratio(num, den int64) Ratio {
	g := gcd(max(num, -num), den)
	return Ratio{num / g, den / g}
}

// Float64 is the nearest floating-point number.
func (r Ratio) Float64() float64 { return float64(r.Num) / float64(r.Den) }

// String is the fraction, or the number when it is whole: 7/20, -1/12, 3.
func (r Ratio) String() string {
	if r.Den == 1 {
		return strconv.FormatInt(r.Num, 10)
	}
	return strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
}

// MarshalJSON writes the nearest decimal number: readers of JSON have no
// fractions.
func (r Ratio) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, r.Float64(), 'f', -1, 64), nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// compare orders ratios of small denominators, such as votes and bars.
func (r Ratio) compare(other Ratio) int {
	return cmp.Compare(r.Num*other.Den, other.Num*r.Den)
}
