package funnel_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// grouped puts a selection into groups that somebody is in, or nobody, and says
// in which groups an application is.
func (c firm) grouped(t *rapid.T, s *funnel.Selection) (groupsOf func(told) []int) {
	s.Groups = rapid.IntRange(1, 4).Draw(t, "groups")
	group := rapid.IntRange(0, s.Groups-1)
	switch rapid.SampledFrom([]string{"none", "pipeline", "source", "application"}).Draw(t, "by") {
	case "pipeline":
		s.OfPipeline = make([][]int, len(c))
		for i := range c {
			s.OfPipeline[i] = rapid.SliceOfNDistinct(group, 0, s.Groups, rapid.ID[int]).Draw(t, "groups of a pipeline")
		}
		return func(a told) []int { return s.OfPipeline[a.opening] }
	case "source":
		s.OfSource = rapid.MapOf(rapid.Int32Range(-1, 2), group).Draw(t, "groups of sources")
		return func(a told) []int {
			if g, ok := s.OfSource[a.source]; ok {
				return []int{g}
			}
			return nil
		}
	case "application":
		groups := map[[2]int]int{}
		for i, o := range c {
			for j := range o.tracks {
				groups[[2]int{i, j}] = rapid.IntRange(-1, s.Groups-1).Draw(t, "group of an application")
			}
		}
		s.OfApplication = func(pipeline, application int) int { return groups[[2]int{pipeline, application}] }
		return func(a told) []int {
			if g := groups[[2]int{a.opening, a.index}]; g >= 0 {
				return []int{g}
			}
			return nil
		}
	}
	return func(told) []int { return []int{0} }
}

// only is the firm with the applications for which something holds.
func (c firm) only(holds func(told) bool) firm {
	var part firm
	for i, o := range c {
		some := opening{kinds: o.kinds}
		for j, track := range o.tracks {
			if holds(told{opening: i, index: j, source: track.Source}) {
				some.tracks = append(some.tracks, track)
			}
		}
		part = append(part, some)
	}
	return part
}

// Each group is counted as if there were nobody else, whoever is in several, and
// those of other sources are left out.
func TestAGroupIsCountedAsIfAlone(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		s := c.selects(t, m, byKind, bounds)
		groupsOf := c.grouped(t, &s)
		if rapid.Bool().Draw(t, "some sources") {
			s.Sources = rapid.MapOf(rapid.Int32Range(-1, 2), rapid.Bool()).Draw(t, "sources")
		}
		got := view(s)
		for g := range s.Groups {
			alone := c.only(func(a told) bool {
				return (s.Sources == nil || s.Sources[a.source]) && slices.Contains(groupsOf(a), g)
			})
			want := view(alone.selects(t, m, byKind, bounds))
			for i := range want.Cohorts {
				want.Cohorts[i].Group, want.Activity[i].Group = g, g
			}
			for i := range want.Times {
				want.Times[i].Group, want.Total[i].Group = g, g
			}
			want.Stock[0].Group = g
			periods, stages := len(bounds)-1, len(want.Times)
			have := views{
				Cohorts: got.Cohorts[g*periods:][:periods], Activity: got.Activity[g*periods:][:periods], Stock: got.Stock[g:][:1],
				Times: got.Times[g*stages:][:stages], Total: got.Total[g*stages:][:stages], Curves: got.Curves[g*stages:][:stages],
			}
			if diff := cmp.Diff(want, have, cmp.FilterValues(func(a, b funnel.StageTime) bool { return true }, cmp.Comparer(sameTime)),
				cmp.FilterValues(func(a, b [][]funnel.CurvePoint) bool { return len(a)+len(b) == 0 }, cmp.Ignore()),
				cmp.FilterValues(func(a, b []funnel.StageTime) bool { return len(a)+len(b) == 0 }, cmp.Ignore())); diff != "" {
				t.Fatalf("group %d of %d: %s", g, s.Groups, diff)
			}
		}
	})
}

// sameTime compares what is told of times.
func sameTime(a, b funnel.StageTime) bool {
	return a.Group == b.Group && a.Stage == b.Stage && a.Completed == b.Completed && a.StillIn == b.StillIn &&
		equal(a.MedianDays, b.MedianDays) && equal(a.P90Days, b.P90Days) && equal(a.NaiveMedianDays, b.NaiveMedianDays)
}

// Groups of which everybody is in one add up to the whole, and so do periods.
func TestPartsAddUpToTheWhole(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		s := c.selects(t, m, byKind, []time.Time{bounds[0], bounds[len(bounds)-1]})
		whole := funnel.CountCohorts(s)[0]
		s.Boundaries = bounds
		s.Groups = 4
		s.OfSource = map[int32]int{-1: 3, 0: 0, 1: 1, 2: 2}
		var sum funnel.Cohort
		for i, part := range funnel.CountCohorts(s) {
			if i == 0 {
				sum = part
				continue
			}
			sum.Applications += part.Applications
			sum.Hires += part.Hires
			sum.Visits += part.Visits
			sum.Inferred += part.Inferred
			for i, r := range part.Rows {
				to := &sum.Rows[i]
				to.Entered += r.Entered
				to.ActualEntered += r.ActualEntered
				to.Skipped += r.Skipped
				to.Passed += r.Passed
				to.ActualPassed += r.ActualPassed
				to.Rejected += r.Rejected
				to.Withdrawn += r.Withdrawn
				to.Active += r.Active
				to.LastRejected += r.LastRejected
				to.LastWithdrawn += r.LastWithdrawn
				to.LastActive += r.LastActive
				to.Reentries += r.Reentries
			}
		}
		if diff := cmp.Diff(whole, sum); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The order of openings does not matter, nor on how many cores they are counted.
func TestCountingDoesNotDependOnOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rapid.Check(t, func(t *rapid.T) {
		var c firm
		for range rapid.IntRange(2, 12).Draw(t, "openings") {
			c = append(c, drawOpening(t))
		}
		s := c.selects(t, drawMoment(t), true, drawBoundaries(t))
		s.Groups, s.OfSource = 4, map[int32]int{-1: 3, 0: 0, 1: 1, 2: 2}
		runtime.GOMAXPROCS(1)
		want := view(s)
		runtime.GOMAXPROCS(rapid.IntRange(2, 8).Draw(t, "cores"))
		seed := rapid.Uint64().Draw(t, "order")
		s.Pipelines = slices.Clone(s.Pipelines)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(s.Pipelines), func(i, j int) {
			s.Pipelines[i], s.Pipelines[j] = s.Pipelines[j], s.Pipelines[i]
		})
		if diff := differ(want, view(s)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Counting in one pass is counting in two.
func TestFollowingIsCountingAndTiming(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c := drawFirm(t, byKind)
		s := c.selects(t, drawMoment(t), byKind, drawBoundaries(t))
		policy := rapid.SampledFrom([]funnel.ReentryPolicy{funnel.EachVisit, funnel.Total}).Draw(t, "policy")
		cohorts, times := funnel.FollowCohorts(s, policy)
		if diff := differ(views{Cohorts: funnel.CountCohorts(s), Times: funnel.TimeStages(s, policy)}, views{Cohorts: cohorts, Times: times}); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestNothingIsSelected(t *testing.T) {
	s := funnel.Selection{
		Moment: funnel.Moment{At: hour(0), Known: hour(0)}, ByKind: true, Groups: 2,
		Boundaries: []time.Time{hour(0), hour(1), hour(2)},
	}
	got := view(s)
	if len(got.Cohorts) != 4 || len(got.Activity) != 4 || len(got.Stock) != 2 || len(got.Times) != 0 {
		t.Errorf("%+v", got)
	}
}

// A pass for nobody takes no application, and ends without harm.
func TestAPassStops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawFirm(t, true).selects(t, drawMoment(t), true, drawBoundaries(t))
		gone := make(chan struct{})
		s.Stop = gone
		open := view(s)
		close(gone)
		for _, c := range view(s).Cohorts {
			if c.Applications != 0 {
				t.Fatalf("%+v were counted", c)
			}
		}
		s.Stop = nil
		if diff := differ(view(s), open); diff != "" {
			t.Fatal(diff)
		}
	})
}
