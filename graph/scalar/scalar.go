// Package scalar owns how the scalars of the contract are read and written:
// moments, days and
// amounts. Ids do it themselves, in internal/gid.
//
// It does not own which values a field allows.
package scalar

import (
	"encoding/json"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

// MarshalDateTime writes a moment in UTC, with at most six digits of a second.
func MarshalDateTime(t time.Time) graphql.Marshaler { return marshaler(AppendDateTime(nil, t)) }

// AppendDateTime appends what MarshalDateTime writes.
func AppendDateTime(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.999999Z07:00"`)
}

// UnmarshalDateTime reads RFC 3339 with any offset, from the years 1 to 9999.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.Invalidf("", "a DateTime is a string")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, fault.Invalidf("", "not a DateTime of RFC 3339, such as 2026-03-31T09:00:00Z")
	}
	return t.Truncate(time.Microsecond), nil
}

// MarshalDate writes the day of t in UTC.
func MarshalDate(t time.Time) graphql.Marshaler { return marshaler(AppendDate(nil, t)) }

// AppendDate appends what MarshalDate writes.
func AppendDate(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, `"`+time.DateOnly+`"`)
}

// UnmarshalDate reads a day as midnight UTC.
func UnmarshalDate(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.Invalidf("", "a Date is a string")
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return time.Time{}, fault.Invalidf("", "not a Date, such as 2026-03-31")
	}
	return t, nil
}

func marshaler(json []byte) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(json) })
}

// mostMinorUnits is the greatest whole number that every JSON reader keeps.
const mostMinorUnits = 1<<53 - 1

// MarshalMinorUnits writes an amount of money as a JSON number.
func MarshalMinorUnits(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalMinorUnits reads a whole number of at most 2^53-1 either way.
func UnmarshalMinorUnits(v any) (int, error) {
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int64:
		n = v
	case json.Number:
		var err error
		if n, err = v.Int64(); err != nil {
			return 0, fault.Invalidf("", "an amount is a whole number of minor units")
		}
	default:
		return 0, fault.Invalidf("", "an amount is a whole number of minor units")
	}
	if n > mostMinorUnits || n < -mostMinorUnits {
		return 0, fault.Invalidf("", "an amount is at most 2^53-1 minor units")
	}
	return int(n), nil
}

// MarshalRatio writes an exact fraction as the nearest decimal number.
func MarshalRatio(r rubric.Ratio) graphql.Marshaler { return graphql.MarshalFloat(r.Float64()) }

// UnmarshalRatio refuses: no input has fractions.
func UnmarshalRatio(any) (rubric.Ratio, error) {
	return rubric.Ratio{}, fault.Invalidf("", "fractions are answers only")
}

// MarshalBar writes a bar as a decimal number.
func MarshalBar(b rubric.Bar) graphql.Marshaler {
	return graphql.MarshalFloat(float64(b) / 100)
}

// UnmarshalBar reads a number of at most two decimals, exactly.
func UnmarshalBar(v any) (rubric.Bar, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return 0, fault.Invalidf("", "a bar is a number")
	}
	var b rubric.Bar
	if err := json.Unmarshal(text, &b); err != nil {
		return 0, fault.Invalidf("", "a bar is a number of at most two decimals, such as 2.75")
	}
	return b, nil
}
