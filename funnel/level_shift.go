package funnel

import (
	"cmp"
	"slices"
)

// Rung is a level by its place: ranks are compared within a ladder.
type Rung struct{ Level, Ladder, Rank int } // level and ladder are any numbers that the caller gives them

// LevelOutcome is at which levels one application was seen; nil where at none.
type LevelOutcome struct {
	Applied  *Rung // for which they came
	Assessed *Rung // to which the evidence pointed when people decided
	Hired    *Rung // at which they were hired
}

// LevelCount is how many applications had the same outcome. Levels are those of
// the rungs; nil for none.
type LevelCount struct {
	Applied, Assessed, Hired *int
	Count                    int
}

// LevelShift compares levels with those for which people applied.
type LevelShift struct {
	Compared int // with both, on one ladder
	Lower    int // below the rank for which they applied
	Higher   int // above
}

// FewestDecisions is how many comparisons a rate is told of at least: of fewer, it
// says something about somebody.
const FewestDecisions = 5

// CountLevels counts outcomes: each combination of levels with its number, in
// the order of levels, none last; and how levels differ from those applied for,
// as assessed and as hired.
func CountLevels(outcomes []LevelOutcome) (counts []LevelCount, assessed, hired LevelShift) {
	type levels struct{ applied, assessed, hired int }
	byLevels := map[levels]int{}
	for _, o := range outcomes {
		byLevels[levels{o.Applied.level(), o.Assessed.level(), o.Hired.level()}]++
		assessed.add(o.Applied, o.Assessed)
		hired.add(o.Applied, o.Hired)
	}
	for l, n := range byLevels {
		counts = append(counts, LevelCount{known(l.applied), known(l.assessed), known(l.hired), n})
	}
	slices.SortFunc(counts, func(a, b LevelCount) int {
		return cmp.Or(compareLevels(a.Applied, b.Applied), compareLevels(a.Assessed, b.Assessed), compareLevels(a.Hired, b.Hired))
	})
	return counts, assessed, hired
}

const noLevel = -1

func (r *Rung) level() int {
	if r == nil {
		return noLevel
	}
	return r.Level
}

func known(level int) *int {
	if level == noLevel {
		return nil
	}
	return &level
}

// compareLevels orders levels by their numbers, none last.
func compareLevels(a, b *int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

func (s *LevelShift) add(applied, other *Rung) {
	if applied == nil || other == nil || applied.Ladder != other.Ladder {
		return
	}
	s.Compared++
	switch {
	case other.Rank < applied.Rank:
		s.Lower++
	case other.Rank > applied.Rank:
		s.Higher++
	}
}

// IsSufficient reports whether there are enough comparisons for rates.
func (s LevelShift) IsSufficient() bool { return s.Compared >= FewestDecisions }

// LowerRate is lower of compared; nil when these are too few.
func (s LevelShift) LowerRate() *float64 { return s.rate(s.Lower) }

// LowerRateInterval is its 95 % Wilson interval.
func (s LevelShift) LowerRateInterval() *Interval { return s.interval(s.Lower) }

// HigherRate is higher of compared; nil when these are too few.
func (s LevelShift) HigherRate() *float64 { return s.rate(s.Higher) }

// HigherRateInterval is its 95 % Wilson interval.
func (s LevelShift) HigherRateInterval() *Interval { return s.interval(s.Higher) }

func (s LevelShift) rate(n int) *float64 {
	if !s.IsSufficient() {
		return nil
	}
	return Share(n, s.Compared)
}

func (s LevelShift) interval(n int) *Interval {
	if !s.IsSufficient() {
		return nil
	}
	return Wilson(n, s.Compared)
}
