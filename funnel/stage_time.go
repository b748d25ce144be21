package funnel

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// day is a day in seconds.
const day = 24 * 60 * 60

// stint is how long somebody was in a stage and what ended it, in 32 bits that
// sort by time, who left before who was still there at the same time: seconds,
// up to 17 years, and an outcome.
type stint uint32

const (
	outcomeBits = 3
	stillThere  = 1<<outcomeBits - 1
	longest     = 1<<(32-outcomeBits) - 1
)

func newStint(micros int64, o outcome) stint {
	seconds := min(max(0, micros/1e6), longest)
	cause := stint(o)
	if o == open {
		cause = stillThere
	}
	return stint(seconds)<<outcomeBits | cause
}

func (s stint) days() float64 { return float64(s>>outcomeBits) / day }
func (s stint) left() bool    { return s&stillThere != stillThere }

// StageTime is how long applications stay in one stage or kind of stage, and
// how they leave it, estimated so that those who are still there count for as
// long as they are: Kaplan and Meier (1958) for leaving at all, Aalen and
// Johansen (1978) for each way of leaving. Times are in whole seconds.
type StageTime struct {
	Group     int
	Stage     int // position, or index into Kinds
	Completed int // stays that ended
	StillIn   int // stays that last

	MedianDays *float64 // nil when fewer than half are known to have left
	P90Days    *float64 // nil when fewer than nine in ten are known to have left

	// NaiveMedianDays is the median of the completed stays only. It hides the stuck.
	NaiveMedianDays *float64

	stints []stint // in ascending order
}

// CurvePoint says how many are still there after a number of days, and how many
// left which way by then: the shares add up to 1.
type CurvePoint struct {
	Days          float64
	Remaining     float64
	StandardError float64 // of Remaining, by Greenwood's formula
	Advanced      float64
	MovedBack     float64
	Rejected      float64
	Withdrawn     float64
}

// ReentryPolicy says what the time in a stage is of who came back to it.
type ReentryPolicy string

const (
	EachVisit ReentryPolicy = "EACH_VISIT" // every visit by itself
	Total     ReentryPolicy = "TOTAL"      // all visits of an application to a stage added up
)

// TimeStages measures the applications whose first event lies in a period of
// the selection: one StageTime for each group and stage but that of the hired,
// stage by stage within the group. Periods are taken together.
func TimeStages(s Selection, policy ReentryPolicy) []StageTime {
	return count(s, func() *stints { return newStints(s, policy) }).times(s)
}

func (c *stints) times(s Selection) []StageTime {
	var out []StageTime
	has, hired := s.has(), s.hiredStage()
	for g := range s.Groups {
		for stage := range s.stages() {
			if has[stage] && stage != hired {
				out = append(out, StageTime{Group: g, Stage: stage, stints: c.cells[g*c.stages+stage]})
			}
		}
	}
	each(len(out), func(i int) { out[i].measure() })
	return out
}

// each runs fn for 0 up to n on all cores.
func each(n int, fn func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				fn(i)
			}
		})
	}
	wait.Wait()
}

// stints collects stints.
type stints struct {
	bounds []int64
	policy ReentryPolicy
	stages int
	hired  int
	cells  [][]stint
	sums   []stay // by stage, for Total: what one application adds up to
}

func newStints(s Selection, policy ReentryPolicy) *stints {
	n := s.stages()
	return &stints{bounds: s.bounds(), policy: policy, stages: n, hired: s.hiredStage(), cells: make([][]stint, s.Groups*n), sums: make([]stay, n)}
}

func (c *stints) count(t *teller, groups []int, stays []stay) {
	if period(c.bounds, stays[0].entered) < 0 {
		return
	}
	if c.policy == Total {
		stays = c.total(stays, t.at)
	}
	for _, v := range stays {
		if v.stage == c.hired {
			continue
		}
		until := v.left
		if v.outcome == open {
			until = t.at
		}
		one := newStint(until-v.entered, v.outcome)
		for _, g := range groups {
			cell := &c.cells[g*c.stages+v.stage]
			*cell = append(*cell, one)
		}
	}
}

// total adds up the visits of an application by stage. What ended the last one
// ends them all.
func (c *stints) total(stays []stay, now int64) []stay {
	clear(c.sums)
	visited := stays[:0:0]
	for _, v := range stays {
		sum := &c.sums[v.stage]
		until := v.left
		if v.outcome == open {
			until = now
		}
		sum.left += until - v.entered + 1 // so that a visit of no time is one
		sum.outcome = v.outcome
		sum.stage = v.stage
	}
	for _, v := range c.sums {
		if v.left > 0 {
			v.left--
			if v.outcome == open {
				v.entered, v.left = now-v.left, always
			}
			visited = append(visited, v)
		}
	}
	return visited
}

func (c *stints) merge(other *stints) {
	for i, cell := range other.cells {
		c.cells[i] = append(c.cells[i], cell...)
	}
}

// measure sorts the stints and finds the quantiles.
func (t *StageTime) measure() {
	sortStints(t.stints)
	half, tenth := 0.5+rounding, 0.1+rounding
	remaining, sinceAll := 1.0, len(t.stints) // at the last censoring, and how many were at risk after it
	completed := 0
	n := len(t.stints)
	for i, s := range t.stints {
		atRisk := n - i
		if !s.left() {
			remaining *= float64(atRisk) / float64(sinceAll)
			sinceAll = atRisk - 1
			continue
		}
		completed++
		if t.P90Days != nil || i+1 < n && t.stints[i+1]>>outcomeBits == s>>outcomeBits && t.stints[i+1].left() {
			continue // counted with those that left at the same time
		}
		// Between censorings the product telescopes.
		if share := remaining * float64(atRisk-1); share <= half*float64(sinceAll) {
			if t.MedianDays == nil {
				d := s.days()
				t.MedianDays = &d
			}
			if share <= tenth*float64(sinceAll) {
				d := s.days()
				t.P90Days = &d
			}
		}
	}
	t.Completed, t.StillIn = completed, n-completed
	t.NaiveMedianDays = t.naive(0.5)
}

// naive is the type-7 quantile of completed stints.
func (t *StageTime) naive(q float64) *float64 {
	if t.Completed == 0 {
		return nil
	}
	at := q * float64(t.Completed-1)
	below := int(math.Floor(at))
	value, seen := 0.0, -1
	for _, s := range t.stints {
		if !s.left() {
			continue
		}
		if seen++; seen == below {
			value = s.days()
		}
		if part := at - float64(below); seen == below+1 && part > 0 {
			value += part * (s.days() - value)
		}
		if seen > below {
			break
		}
	}
	return &value
}

// Survival is the estimate step by step, for few stays: it has a step for each
// second at which somebody left.
func (t *StageTime) Survival() Survival {
	stays := make([]Stay, len(t.stints))
	for i, s := range t.stints {
		stays[i] = Stay{Days: s.days(), Left: s.left()}
	}
	return KaplanMeier(stays)
}

// Curve tells the estimate at whole days from 0 until the last stay that is
// known, at no more than points of them, evenly spaced.
func (t *StageTime) Curve(points int) []CurvePoint {
	n := len(t.stints)
	if n == 0 || points < 1 {
		return nil
	}
	last := int(math.Ceil(t.stints[n-1].days()))
	step := max(1, (last+points-1)/points)
	var curve []CurvePoint
	var now CurvePoint
	now.Remaining = 1
	variance := 0.0 // Greenwood's sum
	i := 0
	for days := 0; ; days += step {
		for i < n && t.stints[i].days() <= float64(days) {
			i = t.leave(i, &now, &variance)
		}
		now.Days, now.StandardError = float64(days), now.Remaining*math.Sqrt(variance)
		curve = append(curve, now)
		if days >= last {
			return curve
		}
	}
}

// leave takes in all who left or were still there at the moment of stint i, and
// returns the first later one.
func (t *StageTime) leave(i int, now *CurvePoint, variance *float64) int {
	n, moment := len(t.stints), t.stints[i]>>outcomeBits
	atRisk, left := n-i, 0
	var causes [stillThere + 1]int
	for ; i < n && t.stints[i]>>outcomeBits == moment; i++ {
		cause := t.stints[i] & stillThere
		causes[cause]++
		if cause != stillThere {
			left++
		}
	}
	share := now.Remaining / float64(atRisk)
	now.Advanced += share * float64(causes[advanced])
	now.MovedBack += share * float64(causes[movedBack])
	now.Rejected += share * float64(causes[rejected])
	now.Withdrawn += share * float64(causes[withdrawn])
	now.Remaining *= float64(atRisk-left) / float64(atRisk)
	switch {
	case left < atRisk:
		*variance += float64(left) / (float64(atRisk) * float64(atRisk-left))
	default:
		*variance = 0 // nobody remains: the share is known to be 0
	}
	return i
}

// sortStints sorts by digits of eleven bits, least significant first: several
// times faster than comparing for a million numbers.
func sortStints(stints []stint) {
	const few = 1 << 10
	if len(stints) < few {
		slices.Sort(stints)
		return
	}
	const digit = 11
	var counts [3][1 << digit]int32
	for _, s := range stints {
		counts[0][s&(1<<digit-1)]++
		counts[1][s>>digit&(1<<digit-1)]++
		counts[2][s>>(2*digit)]++
	}
	from, to := stints, make([]stint, len(stints))
	for d := range counts {
		var at int32
		for i, n := range counts[d] {
			counts[d][i], at = at, at+n
		}
		for _, s := range from {
			i := s >> (d * digit) & (1<<digit - 1)
			to[counts[d][i]] = s
			counts[d][i]++
		}
		from, to = to, from
	}
	copy(stints, from)
}
