package gid_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/internal/gid"
)

func TestNounsAreCompleteAndDistinct(t *testing.T) {
	seen := map[string]gid.Kind{}
	for _, k := range gid.Kinds() {
		if k.Noun() == "" {
			t.Errorf("kind %d has no noun", k)
		}
		if other, twice := seen[k.Noun()]; twice {
			t.Errorf("kinds %d and %d share the noun %q", k, other, k.Noun())
		}
		seen[k.Noun()] = k
	}
}

func TestEveryFormReadsBack(t *testing.T) {
	g := gid.NewGenerator(nil, nil)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(gid.Kinds()).Draw(t, "kind")
		at := time.UnixMilli(rapid.Int64Range(0, 1<<47).Draw(t, "ms")).UTC()
		want := g.At(kind, at)
		if got := want.Kind(); got != kind {
			t.Fatalf("Kind() = %v, want %v", got, kind)
		}
		if got := want.Time(); !got.Equal(at) {
			t.Fatalf("Time() = %v, want %v", got, at)
		}
		shown, err := gid.Parse(want.String())
		if err != nil || shown != want {
			t.Fatalf("Parse(%q) = %v, %v", want.String(), shown, err)
		}
		stored, err := gid.ParseUUID(want.UUID())
		if err != nil || stored != want {
			t.Fatalf("ParseUUID(%q) = %v, %v", want.UUID(), stored, err)
		}
	})
}

func TestIdsAscendWhenTheClockStandsOrStepsBack(t *testing.T) {
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	g := gid.NewGenerator(func() time.Time { return now }, nil)
	var last gid.ID
	for i := range 10_000 {
		if i == 5_000 {
			now = now.Add(-time.Hour)
		}
		next := g.New(gid.Opening)
		if next.UUID() <= last.UUID() || next.String() <= last.String() {
			t.Fatalf("id %d: %v does not follow %v", i, next, last)
		}
		last = next
	}
}

func TestMalformedForeignAndMiskindedIdsAreRefused(t *testing.T) {
	good := gid.NewGenerator(nil, nil).New(gid.Opening).String()
	digits := strings.TrimPrefix(good, "opening_")
	for name, s := range map[string]string{
		"empty":             "",
		"no noun":           digits,
		"another noun":      "seat_" + digits,
		"unknown noun":      "opn_" + digits,
		"short":             good[:len(good)-1],
		"long":              good + "0",
		"upper case":        strings.ToUpper(good),
		"not a digit":       good[:len(good)-1] + "u",
		"stray bits":        good[:len(good)-1] + "7",
		"a number":          "42",
		"a uuid":            "0197a000-0000-7000-800b-000000000000",
		"kind out of range": "_" + strings.Repeat("z", 26),
	} {
		if got, err := gid.Parse(s); err == nil {
			t.Errorf("%s: Parse(%q) = %v, want an error", name, s, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(gid.NewGenerator(nil, nil).New(gid.Candidate).String())
	f.Add("candidate_")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := gid.Parse(s); err == nil && got.String() != s {
			t.Errorf("Parse(%q) shows as %q", s, got)
		}
	})
}
