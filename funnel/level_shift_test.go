package funnel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

func TestCountLevels(t *testing.T) {
	em, senior := &funnel.Rung{Level: 1, Rank: 10}, &funnel.Rung{Level: 2, Rank: 20}
	lead := &funnel.Rung{Level: 3, Rank: 20} // a track beside
	designer := &funnel.Rung{Level: 4, Ladder: 1, Rank: 1}
	one := func(applied, assessed, hired *funnel.Rung) []funnel.LevelOutcome {
		return []funnel.LevelOutcome{{Applied: applied, Assessed: assessed, Hired: hired}}
	}
	for rule, c := range map[string]struct {
		outcomes        []funnel.LevelOutcome
		assessed, hired funnel.LevelShift
	}{
		"at the level applied for":         {one(em, em, em), funnel.LevelShift{Compared: 1}, funnel.LevelShift{Compared: 1}},
		"lower and higher":                 {one(senior, em, lead), funnel.LevelShift{Compared: 1, Lower: 1}, funnel.LevelShift{Compared: 1}},
		"higher by rank":                   {one(em, lead, senior), funnel.LevelShift{Compared: 1, Higher: 1}, funnel.LevelShift{Compared: 1, Higher: 1}},
		"who is not hired is not compared": {one(senior, em, nil), funnel.LevelShift{Compared: 1, Lower: 1}, funnel.LevelShift{}},
		"who applied for no level neither": {one(nil, em, em), funnel.LevelShift{}, funnel.LevelShift{}},
		"ladders are not compared":         {one(senior, designer, designer), funnel.LevelShift{}, funnel.LevelShift{}},
		"nobody":                           {nil, funnel.LevelShift{}, funnel.LevelShift{}},
	} {
		t.Run(rule, func(t *testing.T) {
			counts, assessed, hired := funnel.CountLevels(c.outcomes)
			if assessed != c.assessed || hired != c.hired || len(counts) != len(c.outcomes) {
				t.Errorf("assessed %+v, hired %+v in %d rows", assessed, hired, len(counts))
			}
		})
	}
}

// Rows add up to the outcomes, each combination has one row, and they come in the
// order of levels, none last.
func TestLevelCountsAddUp(t *testing.T) {
	rung := rapid.Custom(func(t *rapid.T) *funnel.Rung {
		level := rapid.IntRange(-1, 4).Draw(t, "level")
		if level < 0 {
			return nil
		}
		return &funnel.Rung{Level: level, Ladder: level % 2, Rank: 10 * level}
	})
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) funnel.LevelOutcome {
			return funnel.LevelOutcome{Applied: rung.Draw(t, "applied"), Assessed: rung.Draw(t, "assessed"), Hired: rung.Draw(t, "hired")}
		}), 0, 40).Draw(t, "outcomes")
		counts, assessed, hired := funnel.CountLevels(outcomes)
		number := func(level *int) int {
			if level == nil {
				return 99
			}
			return *level
		}
		sum, last := 0, [3]int{-1}
		for _, c := range counts {
			sum += c.Count
			now := [3]int{number(c.Applied), number(c.Assessed), number(c.Hired)}
			if c.Count < 1 || !before(last, now) {
				t.Fatalf("%v comes after %v, with %d", now, last, c.Count)
			}
			last = now
		}
		if sum != len(outcomes) {
			t.Fatalf("%d outcomes in rows of %d", len(outcomes), sum)
		}
		for _, s := range []funnel.LevelShift{assessed, hired} {
			if s.Lower+s.Higher > s.Compared || s.Compared > len(outcomes) {
				t.Fatalf("%+v of %d", s, len(outcomes))
			}
			for _, rate := range []*float64{s.LowerRate(), s.HigherRate()} {
				if (rate != nil) != (s.Compared >= 5) || rate != nil && (*rate < 0 || *rate > 1) {
					t.Fatalf("a rate of %+v", s)
				}
			}
		}
	})
}

func before(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// Of fewer than five comparisons there is no rate; of five there is.
func TestRatesOfLevelsTakeFive(t *testing.T) {
	few, enough := funnel.LevelShift{Compared: 4, Lower: 2}, funnel.LevelShift{Compared: 5, Lower: 2, Higher: 1}
	if few.IsSufficient() || few.LowerRate() != nil || few.LowerRateInterval() != nil || few.HigherRate() != nil || few.HigherRateInterval() != nil {
		t.Error("four comparisons have a rate")
	}
	lower, higher := enough.LowerRate(), enough.HigherRate()
	if !enough.IsSufficient() || *lower != .4 || *higher != .2 || !cmp.Equal(enough.LowerRateInterval(), funnel.Wilson(2, 5)) || !cmp.Equal(enough.HigherRateInterval(), funnel.Wilson(1, 5)) {
		t.Errorf("rates of five: %v, %v", *lower, *higher)
	}
}
