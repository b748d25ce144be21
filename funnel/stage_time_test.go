package funnel_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// wait is how many whole seconds somebody was in a stage, and what ended it; ""
// while it lasts.
type wait struct {
	seconds int64
	how     string
}

// waits are those of a stage, of the applications that began in a time.
func (c firm) waits(m funnel.Moment, byKind bool, policy funnel.ReentryPolicy, from, to time.Time, stage int) []wait {
	var all []wait
	for _, a := range c.tell(m, byKind) {
		if began := a.visits[0].entered; began.Before(from) || !began.Before(to) {
			continue
		}
		var sum time.Duration
		var how []string
		for _, v := range a.visits {
			if v.stage != stage {
				continue
			}
			until := v.left
			if v.how == "" {
				until = m.At
			}
			if policy == funnel.EachVisit {
				all = append(all, wait{int64(until.Sub(v.entered) / time.Second), v.how})
			}
			sum += until.Sub(v.entered)
			how = append(how, v.how)
		}
		if policy == funnel.Total && how != nil {
			all = append(all, wait{int64(sum / time.Second), how[len(how)-1]})
		}
	}
	return all
}

// survival is the estimate of Kaplan and Meier by its formula, the product of
// 1-d/n over the moments up to one at which d of n left, in exact arithmetic.
func survival(all []wait, until int64) *big.Rat {
	s := big.NewRat(1, 1)
	for _, moment := range moments(all, until) {
		n := count(all, func(w wait) bool { return w.seconds >= moment })
		d := count(all, func(w wait) bool { return w.seconds == moment && w.how != "" })
		s.Mul(s, big.NewRat(int64(n-d), int64(n)))
	}
	return s
}

// moments are those up to one at which somebody left, in ascending order.
func moments(all []wait, until int64) []int64 {
	var moments []int64
	for _, w := range all {
		if w.how != "" && w.seconds <= until {
			moments = append(moments, w.seconds)
		}
	}
	slices.Sort(moments)
	return slices.Compact(moments)
}

// quantile is the first moment, in days, by which a share is gone; nil for none.
func quantile(all []wait, gone *big.Rat) *float64 {
	remaining := new(big.Rat).Sub(big.NewRat(1, 1), gone)
	for _, moment := range moments(all, math.MaxInt64) {
		if survival(all, moment).Cmp(remaining) <= 0 {
			days := float64(moment) / 86400
			return &days
		}
	}
	return nil
}

// incidence is the estimate of Aalen and Johansen by its formula: over the moments
// up to one, the sum of the share that was there just before times d/n, of n of
// whom d left that way.
func incidence(all []wait, until int64, how string) float64 {
	sum := new(big.Rat)
	for _, moment := range moments(all, until) {
		n := count(all, func(w wait) bool { return w.seconds >= moment })
		d := count(all, func(w wait) bool { return w.seconds == moment && w.how == how })
		sum.Add(sum, new(big.Rat).Mul(survival(all, moment-1), big.NewRat(int64(d), int64(n))))
	}
	f, _ := sum.Float64()
	return f
}

// greenwood is the standard error of the share that remains.
func greenwood(all []wait, until int64) float64 {
	sum := 0.0
	for _, moment := range moments(all, until) {
		n := float64(count(all, func(w wait) bool { return w.seconds >= moment }))
		d := float64(count(all, func(w wait) bool { return w.seconds == moment && w.how != "" }))
		if n == d {
			return 0 // nobody remains
		}
		sum += d / (n * (n - d))
	}
	s, _ := survival(all, until).Float64()
	return s * math.Sqrt(sum)
}

func nearly(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func equal(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

func show(f *float64) string {
	if f == nil {
		return "none"
	}
	return fmt.Sprint(*f)
}

// checkTime compares a figure with all that the definitions say of the waits.
func checkTime(t *rapid.T, got *funnel.StageTime, all []wait) {
	var done []float64
	for _, w := range all {
		if w.how != "" {
			done = append(done, float64(w.seconds)/86400)
		}
	}
	slices.Sort(done)
	if got.Completed != len(done) || got.StillIn != len(all)-len(done) {
		t.Fatalf("stage %d: %d left and %d are there, of %v", got.Stage, got.Completed, got.StillIn, all)
	}
	if want := quantile(all, big.NewRat(1, 2)); !equal(got.MedianDays, want) {
		t.Fatalf("stage %d: median %s, want %s, of %v", got.Stage, show(got.MedianDays), show(want), all)
	}
	if want := quantile(all, big.NewRat(9, 10)); !equal(got.P90Days, want) {
		t.Fatalf("stage %d: p90 %s, want %s, of %v", got.Stage, show(got.P90Days), show(want), all)
	}
	if want := funnel.Quantile(done, .5); !equal(got.NaiveMedianDays, want) {
		t.Fatalf("stage %d: naive median %s, want %s, of %v", got.Stage, show(got.NaiveMedianDays), show(want), all)
	}
	points := rapid.IntRange(1, 30).Draw(t, "points")
	curve := got.Curve(points)
	if len(all) == 0 {
		if curve != nil {
			t.Fatalf("a curve of nobody: %v", curve)
		}
		return
	}
	longest := slices.MaxFunc(all, func(a, b wait) int { return int(a.seconds - b.seconds) }).seconds
	if end := curve[len(curve)-1].Days; len(curve) > points || end != math.Ceil(float64(longest)/86400) {
		t.Fatalf("%d points until day %v, want %d until %v s", len(curve), end, points, longest)
	}
	if points > 1 && curve[0].Days != 0 {
		t.Fatalf("it begins on day %v", curve[0].Days)
	}
	for i, p := range curve {
		if steps := len(curve) - 1; i > 0 && i < steps && p.Days-curve[i-1].Days != curve[1].Days {
			t.Fatalf("from day %v to %v is no step of %v", curve[i-1].Days, p.Days, curve[1].Days)
		}
		until := int64(p.Days * 86400)
		remaining, _ := survival(all, until).Float64()
		if !nearly(p.Remaining, remaining) || !nearly(p.StandardError, greenwood(all, until)) {
			t.Fatalf("after %v days %v ± %v remain, want %v ± %v", p.Days, p.Remaining, p.StandardError, remaining, greenwood(all, until))
		}
		for how, share := range map[string]float64{advances: p.Advanced, goesBack: p.MovedBack, declined: p.Rejected, leaves: p.Withdrawn} {
			if want := incidence(all, until, how); !nearly(share, want) {
				t.Fatalf("after %v days %v left by %s, want %v", p.Days, share, how, want)
			}
		}
		if sum := p.Remaining + p.Advanced + p.MovedBack + p.Rejected + p.Withdrawn; !nearly(sum, 1) {
			t.Fatalf("after %v days the shares add up to %v", p.Days, sum)
		}
	}
}

// How long stages take is estimated by the formulas, of every visit or of all of
// an application together.
func TestStageTimesFollowTheFormulas(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		policy := rapid.SampledFrom([]funnel.ReentryPolicy{funnel.EachVisit, funnel.Total}).Draw(t, "policy")
		times := funnel.TimeStages(c.selects(t, m, byKind, bounds), policy)
		stages := slices.DeleteFunc(c.stages(byKind), func(s int) bool { return s == c[0].hiredStage(byKind) })
		if len(times) != len(stages) {
			t.Fatalf("%d times of %d stages", len(times), len(stages))
		}
		for i, stage := range stages {
			if times[i].Stage != stage {
				t.Fatalf("stage %d comes instead of %d", times[i].Stage, stage)
			}
			checkTime(t, &times[i], c.waits(m, byKind, policy, bounds[0], bounds[len(bounds)-1], stage))
		}
	})
}

// tester is *testing.T, or *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
}

// waiting is one application for each wait, in the first stage; all told from the
// same moment.
func waiting(t tester, all []wait) funnel.Selection {
	t.Helper()
	now := origin.AddDate(20, 0, 0)
	var tracks []funnel.Track
	for _, w := range all {
		lasted := time.Duration(w.seconds) * time.Second
		entry := func(kind funnel.EventKind, stage int, ago time.Duration) funnel.Entry {
			at := now.Add(-ago)
			return funnel.Entry{Event: funnel.Event{Kind: kind, Stage: stage, At: at}, RecordedAt: at, Sequence: 1}
		}
		log := []funnel.Entry{entry(funnel.Enter, 1, lasted)}
		if w.how != "" {
			log[0] = entry(funnel.Enter, 1, lasted+time.Hour)
			kind, stage := map[string]funnel.EventKind{declined: funnel.Reject, leaves: funnel.Withdraw}[w.how], 0
			if kind == "" {
				kind, stage = funnel.Enter, map[string]int{advances: 2, goesBack: 0}[w.how]
			}
			log = append(log, entry(kind, stage, time.Hour))
			log[1].Sequence = 2
		}
		tracks = append(tracks, funnel.Track{Log: log})
	}
	p, _, err := funnel.NewPipeline([]string{"APPLIED", "SCREEN", "INTERVIEW"}, tracks)
	if err != nil {
		t.Fatal(err)
	}
	return funnel.Selection{
		Pipelines: []*funnel.Pipeline{p}, Groups: 1, Moment: funnel.Moment{At: now, Known: now},
		Boundaries: []time.Time{origin, now.Add(time.Second)},
	}
}

// timed is how long the waits are estimated to take.
func timed(t tester, all []wait) *funnel.StageTime {
	t.Helper()
	return &funnel.TimeStages(waiting(t, all), funnel.EachVisit)[1]
}

// Many waits, which are sorted otherwise than few, are estimated as the same
// stays are one by one.
func TestTimesOfMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		longest := rapid.SampledFrom([]int64{0, 3, 86400, 400 * 86400, 5000 * 86400}).Draw(t, "longest")
		still := rapid.SampledFrom([]string{"", advances}).Draw(t, "most")
		var all []wait
		var stays []funnel.Stay
		// A seed makes many at once.
		next := rapid.Uint64().Draw(t, "seed")
		random := func(n int64) int64 {
			next = next*6364136223846793005 + 1442695040888963407
			return int64(next>>33) % n
		}
		for range rapid.SampledFrom([]int{1000, 1023, 1024, 1025, 5000}).Draw(t, "many") {
			w := wait{seconds: random(longest + 1), how: []string{still, "", advances, goesBack, declined, leaves}[random(6)]}
			all = append(all, w)
			stays = append(stays, funnel.Stay{Days: float64(w.seconds) / 86400, Left: w.how != ""})
		}
		got := timed(t, all)
		curve := funnel.KaplanMeier(stays)
		for q, have := range map[float64]*float64{.5: got.MedianDays, .9: got.P90Days} {
			want, reached := curve.Quantile(q)
			if reached != (have != nil) || reached && *have != want {
				t.Fatalf("quantile %v is %s, want %v (%t)", q, show(have), want, reached)
			}
		}
		for _, p := range got.Curve(366) {
			want := 1.0
			for _, step := range curve {
				if step.Days <= p.Days {
					want = step.Remaining
				}
			}
			if !nearly(p.Remaining, want) || !nearly(p.Remaining+p.Advanced+p.MovedBack+p.Rejected+p.Withdrawn, 1) {
				t.Fatalf("%+v, want %v to remain", p, want)
			}
		}
	})
}

func TestTimesOfPublishedExamples(t *testing.T) {
	text, err := os.ReadFile("testdata/funnel.json")
	if err != nil {
		t.Fatal(err)
	}
	type example struct {
		Obs                 [][2]any
		Completed, Censored []float64
		Median, KMMedian    *float64
		NaiveMedian         *float64
		Curve               [][4]float64
	}
	var examples struct {
		Freireich  example `json:"km_freireich_6mp"`
		NotReached example `json:"km_median_not_reached"`
		Naive      example `json:"km_vs_naive"`
	}
	if err := json.Unmarshal(text, &examples); err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]example{
		"a clinical trial of 1963 (Freireich, 6-MP)": examples.Freireich,
		"the median is not reached":                  examples.NotReached,
		"the naive median is too short":              examples.Naive,
	} {
		t.Run(name, func(t *testing.T) {
			var all []wait
			add := func(days float64, left bool) {
				all = append(all, wait{int64(days * 86400), map[bool]string{true: advances}[left]})
			}
			for _, o := range e.Obs {
				add(o[0].(float64), o[1].(bool))
			}
			for _, d := range e.Completed {
				add(d, true)
			}
			for _, d := range e.Censored {
				add(d, false)
			}
			got, median := timed(t, all), e.KMMedian
			if e.Median != nil {
				median = e.Median
			}
			if !equal(got.MedianDays, median) || got.P90Days != nil || e.NaiveMedian != nil && !equal(got.NaiveMedianDays, e.NaiveMedian) {
				t.Errorf("median %s, p90 %s, naive median %s", show(got.MedianDays), show(got.P90Days), show(got.NaiveMedianDays))
			}
			curve := got.Curve(366)
			for _, step := range e.Curve {
				if p := curve[int(step[0])]; !same(&p.Remaining, &step[3]) || !nearly(p.Advanced, 1-p.Remaining) {
					t.Errorf("after %v days %v remain, want %v", step[0], p.Remaining, step[3])
				}
			}
			if len(e.Curve) == 0 {
				t.Error("no steps")
			}
		})
	}
}

func TestTimesOfFew(t *testing.T) {
	const days = 86400
	none := -1.0
	for rule, c := range map[string]struct {
		waits              []wait
		median, p90, naive float64
	}{
		"nobody came":               {nil, none, none, none},
		"nobody left":               {[]wait{{1 * days, ""}, {2 * days, ""}}, none, none, none},
		"one left":                  {[]wait{{3 * days, declined}}, 3, 3, 3},
		"they left at once":         {[]wait{{0, leaves}, {0, leaves}}, 0, 0, 0},
		"all left together":         {[]wait{{5 * days, advances}, {5 * days, declined}, {5 * days, goesBack}}, 5, 5, 5},
		"half left, half are there": {[]wait{{4 * days, advances}, {4 * days, ""}}, 4, none, 4},
		"the last one decides":      {[]wait{{1 * days, ""}, {2 * days, ""}, {9 * days, advances}}, 9, 9, 9},
		// In floating point the share that remains after day 10 is a little over half.
		"half is reached exactly, however it is rounded": {[]wait{
			{1 * days, advances}, {2 * days, advances}, {3 * days, ""}, {4 * days, ""}, {5 * days, ""}, {6 * days, ""}, {7 * days, advances},
			{8 * days, ""}, {9 * days, advances}, {10 * days, advances}, {11 * days, advances}, {12 * days, ""}, {13 * days, ""}, {14 * days, ""},
		}, 10, none, 8},
		"parts of a second are none":  {[]wait{{1, advances}}, 1. / days, 1. / days, 1. / days},
		"two left, one day after two": {[]wait{{2 * days, advances}, {3 * days, advances}}, 2, 3, 2.5},
	} {
		t.Run(rule, func(t *testing.T) {
			got := timed(t, c.waits)
			for name, f := range map[string]struct {
				got  *float64
				want float64
			}{"median": {got.MedianDays, c.median}, "p90": {got.P90Days, c.p90}, "naive median": {got.NaiveMedianDays, c.naive}} {
				if (f.got == nil) != (f.want == none) || f.got != nil && *f.got != f.want {
					t.Errorf("%s is %s, want %v", name, show(f.got), f.want)
				}
			}
		})
	}
}

// A curve of one point tells how it ended.
func TestCurvesHaveNoMorePointsThanAskedFor(t *testing.T) {
	got := timed(t, []wait{{86400, advances}, {10 * 86400, declined}, {10 * 86400, ""}})
	for points, want := range map[int][]float64{
		-1: nil, 0: nil, 1: {10}, 2: {0, 10}, 3: {0, 5, 10}, 4: {0, 4, 8, 10}, 11: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 366: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	} {
		var days []float64
		for _, p := range got.Curve(points) {
			days = append(days, p.Days)
		}
		if !slices.Equal(days, want) {
			t.Errorf("%d points: %v, want %v", points, days, want)
		}
	}
}
