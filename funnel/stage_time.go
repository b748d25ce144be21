package funnel

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

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
				out = append(out, StageTime{Group: g, Stage: stage})
			}
		}
	}
	each(len(out), func(i int) {
		t := &out[i]
		t.stints = c.cells[t.Group*c.stages+t.Stage].sorted()
		t.measure()
	})
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
	cells  []pile
	sums   []stay // for Total: what the visits of one application add up to
}

func newStints(s Selection, policy ReentryPolicy) *stints {
	n := s.stages()
	return &stints{bounds: s.bounds(), policy: policy, stages: n, hired: s.hiredStage(), cells: make([]pile, s.Groups*n)}
}

func (c *stints) count(t *teller, groups []int, stays []stay) {
	if period(c.bounds, stays[0].entered) < 0 {
		return
	}
	if c.policy == Total {
		stays = c.total(stays, t.at)
	}
	for i := range stays {
		v := &stays[i]
		if int(v.stage) == c.hired {
			continue
		}
		one := newStint(v.lasted(t.at), v.outcome)
		for _, g := range groups {
			c.cells[g*c.stages+int(v.stage)].add(one)
		}
	}
}

// total adds up the visits of an application by stage. What ended the last one
// ends them all. The slice holds until the next call.
func (c *stints) total(stays []stay, now int64) []stay {
	c.sums = c.sums[:0]
	for at := range stays {
		v := &stays[at]
		i := slices.IndexFunc(c.sums, func(sum stay) bool { return sum.stage == v.stage })
		if i < 0 {
			i = len(c.sums)
			c.sums = append(c.sums, stay{stage: v.stage, entered: now, left: now})
		}
		sum := &c.sums[i]
		sum.entered, sum.outcome = sum.entered-v.lasted(now), v.outcome
	}
	return c.sums
}

func (c *stints) merge(other *stints) {
	for i := range c.cells {
		c.cells[i].take(&other.cells[i])
	}
}

// measure finds the quantiles.
func (t *StageTime) measure() {
	t.MedianDays, t.P90Days, t.Completed = quantiles(t.stints)
	t.StillIn = len(t.stints) - t.Completed
	t.NaiveMedianDays = t.naive(0.5)
}

// quantiles are how long it takes until half have left, and nine in ten, nil
// when so many are not known to have; and how many have left. The stints are in
// ascending order.
func quantiles(stints []stint) (median, p90 *float64, left int) {
	r := newRisk(len(stints))
	share := 0.5
	for _, s := range stints {
		if !s.left() {
			r.lose(1)
			continue
		}
		r.leave(1)
		left++
		if p90 != nil || !r.atMost(share) {
			continue // others may leave at the same time, which is the time then, too
		}
		days := s.days()
		if median == nil {
			median, share = &days, 0.1
		}
		if r.atMost(share) {
			p90 = &days
		}
	}
	return median, p90, left
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

// Curve tells the estimate at whole days, evenly spaced from 0, and at the day
// by which the longest stay has ended or is known to last: at no more than
// points of them, which is at least 1.
func (t *StageTime) Curve(points int) []CurvePoint {
	n := len(t.stints)
	if n == 0 || points < 1 {
		return nil
	}
	last := int(math.Ceil(t.stints[n-1].days()))
	step := max(1, last)
	if points > 1 {
		step = max(1, (last+points-2)/(points-1))
	}
	days := 0
	if points == 1 {
		days = last
	}
	var curve []CurvePoint
	c := incidence{risk: newRisk(n)}
	i := 0
	for {
		for i < n && t.stints[i].days() <= float64(days) {
			i = c.leave(t.stints, i)
		}
		curve = append(curve, c.point(days))
		if days == last {
			return curve
		}
		days = min(days+step, last)
	}
}

// incidence is the estimate of Aalen and Johansen while stints are gone through.
type incidence struct {
	risk
	by  [stillThere]float64 // the share that left each way
	sum float64             // Greenwood's
}

// leave takes in all who left or were still there at the moment of stint i, and
// returns the first later one.
func (c *incidence) leave(stints []stint, i int) int {
	moment := stints[i].seconds()
	var causes [stillThere + 1]int
	for ; i < len(stints) && stints[i].seconds() == moment; i++ {
		causes[stints[i].cause()]++
	}
	left := 0
	each := c.remaining() / float64(c.there)
	for cause, n := range causes[:stillThere] {
		c.by[cause] += each * float64(n)
		left += n
	}
	if left < c.there { // else nobody remains, and that is certain
		c.sum += float64(left) / (float64(c.there) * float64(c.there-left))
	}
	c.risk.leave(left)
	c.lose(causes[stillThere])
	return i
}

func (c *incidence) point(days int) CurvePoint {
	remaining := c.remaining()
	return CurvePoint{
		Days: float64(days), Remaining: remaining, StandardError: remaining * math.Sqrt(c.sum),
		Advanced: c.by[advanced], MovedBack: c.by[movedBack], Rejected: c.by[rejected], Withdrawn: c.by[withdrawn],
	}
}
