package rubric

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
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

// MarshalJSON writes the exact text in a string, "7/20" or "3": a decimal
// number would be another value when it is read again. It refuses what is not
// in lowest terms.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if !r.reduced() {
		return nil, fmt.Errorf("ratio %s is not in lowest terms", r)
	}
	return []byte(`"` + r.String() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes and nothing else: each value has
// one text.
func (r *Ratio) UnmarshalJSON(text []byte) error {
	num, den, fraction := strings.Cut(strings.Trim(string(text), `"`), "/")
	if !fraction {
		den = "1"
	}
	n, err := strconv.ParseInt(num, 10, 64)
	d, err2 := strconv.ParseInt(den, 10, 64)
	read := Ratio{n, d}
	if err != nil || err2 != nil || !read.reduced() || `"`+read.String()+`"` != string(text) {
		return fmt.Errorf(`ratio %.60s is not a fraction in lowest terms such as "7/20" or "3"`, text)
	}
	*r = read
	return nil
}

// reduced reports whether it is what the type promises. The least integer is
// none: it has no positive counterpart to compute with.
func (r Ratio) reduced() bool {
	return r.Den > 0 && r.Num != math.MinInt64 && gcd(max(r.Num, -r.Num), r.Den) == 1
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
