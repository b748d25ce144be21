package scalar_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hireloop/graph/scalar"
)

func TestDateTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-31T09:00:00Z":           `"2026-03-31T09:00:00Z"`,
		"2026-03-31T09:00:00+02:00":      `"2026-03-31T07:00:00Z"`,
		"2026-03-31T09:00:00.1234567Z":   `"2026-03-31T09:00:00.123456Z"`,
		"0001-01-01T00:00:00Z":           `"0001-01-01T00:00:00Z"`,
		"9999-12-31T23:59:59.999999999Z": `"9999-12-31T23:59:59.999999Z"`,
	} {
		got, err := scalar.UnmarshalDateTime(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var b strings.Builder
		scalar.MarshalDateTime(got).MarshalGQL(&b)
		if b.String() != want {
			t.Errorf("%s is shown as %s, want %s", text, b.String(), want)
		}
	}
	for _, bad := range []any{"", "2026-03-31", "2026-03-31T09:00:00", "yesterday", 7, nil,
		"9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z"} {
		if got, err := scalar.UnmarshalDateTime(bad); err == nil {
			t.Errorf("%v is read as %v", bad, got)
		}
	}
}

func TestDate(t *testing.T) {
	got, err := scalar.UnmarshalDate("2026-03-31")
	if err != nil || !got.Equal(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []any{"", "2026-02-30", "31.3.2026", "2026-03-31T00:00:00Z", 20260331} {
		if got, err := scalar.UnmarshalDate(bad); err == nil {
			t.Errorf("%v is read as %v", bad, got)
		}
	}
}

func TestMinorUnits(t *testing.T) {
	for _, good := range []any{0, int64(1<<53 - 1), json.Number("-9007199254740991")} {
		if _, err := scalar.UnmarshalMinorUnits(good); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	for _, bad := range []any{int64(1 << 53), json.Number("9007199254740992"), json.Number("1.5"), json.Number("1e3"), "7", 1.0, nil} {
		if got, err := scalar.UnmarshalMinorUnits(bad); err == nil {
			t.Errorf("%v is read as %d", bad, got)
		}
	}
}
