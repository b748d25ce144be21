package calibration_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/rubric"
)

// Which cards' ratings are compared: two interviewers rate one signal, and
// something is different about the card of the second.
func TestWhichRatingsCount(t *testing.T) {
	for name, c := range map[string]struct {
		card    func(*calibration.Card)
		options func(*calibration.Options)
		units   int
		majors  []int
	}{
		"submitted":                          {nil, nil, 1, []int{1}},
		"amended":                            {func(c *calibration.Card) { c.Status = rubric.ScorecardAmended }, nil, 1, []int{1}},
		"a draft":                            {func(c *calibration.Card) { c.Status, c.SubmittedAt = rubric.ScorecardDraft, time.Time{} }, nil, 0, nil},
		"void":                               {func(c *calibration.Card) { c.Status = rubric.ScorecardVoid }, nil, 0, nil},
		"submitted at an unknown time":       {func(c *calibration.Card) { c.SubmittedAt = time.Time{} }, nil, 1, []int{1}},
		"submitted at the very moment":       {func(c *calibration.Card) { c.SubmittedAt = to }, nil, 1, []int{1}},
		"submitted later than was asked for": {func(c *calibration.Card) { c.SubmittedAt = to.Add(1) }, nil, 0, nil},
		"of one who learns":                  {func(c *calibration.Card) { c.Shadow = true }, nil, 0, nil},
		"of one who learns, if asked for": {func(c *calibration.Card) { c.Shadow = true },
			func(o *calibration.Options) { o.IncludeShadows = true }, 1, []int{1}},
		"of another major version": {func(c *calibration.Card) { c.Major = 2 }, nil, 0, nil},
		"of another major version, if they mix": {func(c *calibration.Card) { c.Major = 2 },
			func(o *calibration.Options) { o.MixMajors = true }, 1, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			w, o := newWorld(), standard()
			w.rate("app", "signal", "ana", 2)
			w.rate("app", "signal", "ben", 3)
			if c.card != nil {
				c.card(w.card("app", "ben"))
			}
			if c.options != nil {
				c.options(&o)
			}
			r := calibrate(t, w, o)
			if r.Units != c.units || !slices.Equal(r.Majors, c.majors) || profile(t, r, "ben").RatedUnits != c.units {
				t.Errorf("%d units of versions %v, ben has %d; want %d of %v", r.Units, r.Majors, profile(t, r, "ben").RatedUnits, c.units, c.majors)
			}
		})
	}
}

// Signals of the same candidate and candidates of the same signal are units of
// their own.
func TestUnitIsSignalOfCandidate(t *testing.T) {
	w := newWorld()
	w.rate("app_1", "a", "ana", 2)
	w.rate("app_1", "b", "ben", 3)
	w.rate("app_2", "a", "ben", 3)
	if r := calibrate(t, w, standard()); r.Units != 0 || r.Raters != 0 || len(r.Pairs) != 0 {
		t.Errorf("%+v", r)
	}
	w.rate("app_2", "a", "ana", 3)
	if r := calibrate(t, w, standard()); r.Units != 1 || r.Applications != 1 || r.Raters != 2 || len(r.Pairs) != 1 || r.Pairs[0].First != "ana" {
		t.Errorf("%+v", r)
	}
}

// A rater who gives nearly everybody the same uses no scale.
func TestStraightLining(t *testing.T) {
	for name, c := range map[string]struct {
		same, others int
		want         bool
	}{
		"more than four in five": {17, 4, true}, "four in five": {16, 4, false}, "too few units to tell": {11, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			for u := range c.same + c.others {
				value := 3
				if u >= c.same {
					value = 1 + u%2
				}
				w.rate(fmt.Sprint("app_", u), "signal", "ana", value)
				w.rate(fmt.Sprint("app_", u), "signal", "ben", 1+u%4)
			}
			if d := profile(t, calibrate(t, w, standard()), "ana").Discrimination; d.StraightLining != c.want {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestDiscriminationNeedsVariance(t *testing.T) {
	w := newWorld()
	for u := range 15 {
		w.rate(fmt.Sprint("app_", u), "signal", "ana", 3)
		w.rate(fmt.Sprint("app_", u), "signal", "ben", 1+u%4)
	}
	r := calibrate(t, w, standard())
	for _, id := range []string{"ana", "ben"} {
		d := profile(t, r, id).Discrimination
		if d.R.Value != nil || d.Slope.Value != nil || d.R.Sufficient || d.R.Note == "" {
			t.Errorf("%s: %+v", id, d)
		}
	}
	two := profile(t, calibrate(t, units([][]int{{1, 2}, {3, 3}}), standard().WithoutMinima()), "mem_00").Discrimination
	if two.R.Value != nil || two.Slope.Value != nil || two.SD.Value == nil {
		t.Errorf("two points are always on a line: %+v", two)
	}
	is(t, "sd", profile(t, r, "ana").Discrimination.SD.Value, 0, 12)
	is(t, "most used share", profile(t, r, "ana").Discrimination.MostUsedShare.Value, 1, 12)
}

// Each card of ana is even, ben's go up and down around the same means.
func TestHaloPercentile(t *testing.T) {
	w := newWorld()
	for a := range 12 {
		app, level := fmt.Sprint("app_", a), 2+a%2
		for s, signal := range []string{"a", "b", "c"} {
			w.rate(app, signal, "ana", level)
			w.rate(app, signal, "ben", 1+(a+s)%3)
			w.rate(app, signal, "cat", level)
		}
	}
	r := calibrate(t, w, standard())
	ana, ben := profile(t, r, "ana").Halo, profile(t, r, "ben").Halo
	if ana.Index.Value == nil || ben.Index.Value == nil || !(*ana.Index.Value > .95) || !(*ben.Index.Value < .05) || ana.Cards != 12 {
		t.Fatalf("ana %+v, ben %+v", ana, ben)
	}
	is(t, "the evenest, ana and cat", ana.Percentile.Value, 100*(1+.5*2)/3, 9)
	is(t, "ben", ben.Percentile.Value, 100*.5/3, 9)
}

// A signal that is usually rated higher does not make cards uneven: z is what
// it is measured in.
func TestHaloIsMeasuredFromUsualRatings(t *testing.T) {
	w := newWorld()
	for a := range 10 {
		for _, who := range []string{"ana", "ben"} {
			w.rate(fmt.Sprint("app_", a), "strict", who, 1+a%2)
			w.rate(fmt.Sprint("app_", a), "mild", who, 3+a%2)
			w.rate(fmt.Sprint("app_", a), "middling", who, 2+a%2)
			w.rate(fmt.Sprint("app_", a), "always the same", who, 4)
		}
	}
	is(t, "halo", profile(t, calibrate(t, w, standard()), "ana").Halo.Index.Value, 1, 12)
}

func TestTimeliness(t *testing.T) {
	day := 24 * time.Hour
	at := func(days float64) time.Time { return to.Add(time.Duration(days * float64(day))) }
	draft := func(ended, due float64) calibration.Card {
		return calibration.Card{Status: rubric.ScorecardDraft, EndedAt: at(ended), DueAt: at(due)}
	}
	in := func(ended, due, submitted float64) calibration.Card {
		return calibration.Card{Status: rubric.ScorecardSubmitted, EndedAt: at(ended), DueAt: at(due), SubmittedAt: at(submitted)}
	}
	with := func(c calibration.Card, change func(*calibration.Card)) calibration.Card { change(&c); return c }
	type counts struct{ due, onTime, overdue, pending int }
	for name, c := range map[string]struct {
		card calibration.Card
		want counts
	}{
		"in at the last moment":               {in(-3, -2, -2), counts{due: 1, onTime: 1}},
		"in a moment late":                    {in(-3, -2, -1.999), counts{due: 1}},
		"in early, due later":                 {in(-1, .5, -.5), counts{}},
		"out, due now":                        {draft(-1, 0), counts{due: 1, overdue: 1}},
		"out, with time left":                 {draft(-1, .1), counts{pending: 1}},
		"handed in after the question":        {in(-3, -2, 1), counts{due: 1, overdue: 1}},
		"out, without a due time":             {with(draft(-1, 0), func(c *calibration.Card) { c.DueAt = time.Time{} }), counts{}},
		"in, nobody knows when":               {with(in(-3, -2, -1), func(c *calibration.Card) { c.SubmittedAt = time.Time{} }), counts{}},
		"void":                                {with(in(-3, -2, -1), func(c *calibration.Card) { c.Status = rubric.ScorecardVoid }), counts{}},
		"one who learns has to be in as well": {with(in(-3, -2, -2), func(c *calibration.Card) { c.Shadow = true }), counts{due: 1, onTime: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			*w.card("app", "ana") = c.card
			r := calibrate(t, w, standard())
			for _, got := range []calibration.Timeliness{r.Timeliness, r.Interviewers[0].Timeliness} {
				if (counts{got.Due, got.OnTime, got.Overdue, got.PendingNotDue}) != c.want {
					t.Errorf("%+v, want %+v", got, c.want)
				}
			}
		})
	}

	latency := func(cards ...calibration.Card) calibration.Figure {
		w := newWorld()
		for i, c := range cards {
			*w.card(fmt.Sprint("app_", i), "ana") = c
		}
		return calibrate(t, w, standard()).Interviewers[0].Timeliness.Latency
	}
	is(t, "median of those in", latency(in(-9, -8, -8), in(-9, -8, -7), in(-9, -8, -5)).Value, 2, 9)
	// One of four is in after a day, two are still out after two and three: half are in on day 4.
	is(t, "those out move it up", latency(in(-9, -8, -8), in(-9, -8, -5), draft(-2, -1), draft(-3, -2)).Value, 4, 9)
	is(t, "in before the end is no negative time", latency(in(-1, 0, -2), in(-1, 0, -2)).Value, 0, 9)
	if f := latency(in(-9, -8, -8), draft(-9, -8), draft(-9, -8)); f.Value != nil || f.Sufficient || f.Note != "fewer than half of the cards are in" {
		t.Errorf("most are out: %+v", f)
	}
	if f := latency(draft(1, 2)); f.Value != nil || f.Note != "no interview has ended" {
		t.Errorf("still to come: %+v", f)
	}
}

func TestLoad(t *testing.T) {
	w, o := newWorld(), standard()
	for _, id := range []string{"ana", "ben", "cat", "dan"} {
		w.interviewer(id)
	}
	w.Interviewers[w.interviewer("eve")].Eligible = false
	hold := func(id string, times ...time.Time) {
		for _, at := range times {
			w.Interviews = append(w.Interviews, calibration.Interview{Interviewer: w.interviewer(id), EndedAt: at})
		}
	}
	monday, sunday := from, from.AddDate(0, 0, 7).Add(-time.Second)
	hold("ana", monday, monday, monday, monday, sunday)                   // five in one week
	hold("ben", sunday, sunday, sunday, sunday.Add(time.Second))          // never more than three
	hold("cat", from.Add(-time.Second), to, to.AddDate(1, 0, 0))          // none in the window
	hold("dan", slices.Repeat([]time.Time{from.AddDate(0, 0, 50)}, 4)...) // as many as one should
	hold("eve", slices.Repeat([]time.Time{from.AddDate(0, 0, 14)}, 6)...) // cannot, and yet did
	hold("ana", sunday.In(time.FixedZone("UTC+14", 14*60*60)), from)      // a Monday there
	r := calibrate(t, w, o)
	want := []calibration.Week{{Interviewer: "ana", Year: 2026, Week: 2, Interviews: 7}, {Interviewer: "eve", Year: 2026, Week: 4, Interviews: 6}}
	if !slices.Equal(r.Load.Warnings, want) || r.Load.Eligible != 4 {
		t.Errorf("%+v, want the warnings %+v", r.Load, want)
	}
	is(t, "gini of 0, 4, 4 and 7", r.Load.Gini, *calibration.Gini([]int{7, 4, 0, 4}), 12)
	is(t, "gini", r.Load.Gini, (-1*4+1*4+3*7)/(4.*15), 12)
	is(t, "most to median", r.Load.MaxToMedian, 7/4., 12)
	for id, interviews := range map[string]int{"ana": 7, "ben": 4, "cat": 0, "dan": 4, "eve": 6} {
		p := profile(t, r, id).Timeliness
		if p.Interviews != interviews || math.Abs(p.InterviewsPerWeek-float64(interviews)/26) > 1e-12 {
			t.Errorf("%s: %+v", id, p)
		}
	}

	o.AsOf = from.AddDate(0, 0, 14)
	if p := profile(t, calibrate(t, w, o), "ana").Timeliness; p.Interviews != 7 || p.InterviewsPerWeek != 3.5 {
		t.Errorf("asked after two weeks: %+v", p)
	}
	if l := calibrate(t, newWorld(), standard()).Load; l.Gini != nil || l.MaxToMedian != nil || l.Eligible != 0 {
		t.Errorf("nobody: %+v", l)
	}
}

// Recommendations count as ratings do.
func TestWhichRecommendationsCount(t *testing.T) {
	for name, c := range map[string]struct {
		card    func(*calibration.Card)
		shadows bool
		want    int
	}{
		"submitted":                       {func(*calibration.Card) {}, false, 1},
		"none":                            {func(c *calibration.Card) { c.Recommendation = rubric.NoDecision }, false, 0},
		"a draft":                         {func(c *calibration.Card) { c.Status, c.SubmittedAt = rubric.ScorecardDraft, time.Time{} }, false, 0},
		"void":                            {func(c *calibration.Card) { c.Status = rubric.ScorecardVoid }, false, 0},
		"of one who learns":               {func(c *calibration.Card) { c.Shadow = true }, false, 0},
		"of one who learns, if asked for": {func(c *calibration.Card) { c.Shadow = true }, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w, o := newWorld(), standard()
			o.IncludeShadows = c.shadows
			w.card("app", "ana").Recommendation = rubric.Yes
			c.card(w.card("app", "ana"))
			w.Decisions = []calibration.Decision{{Application: 0, Hire: true}}
			r := calibrate(t, w, o)
			for _, g := range []calibration.Agreement{r.Agreement, r.Interviewers[0].Agreement} {
				if g.TP != c.want || g.Decisions != c.want {
					t.Errorf("%+v, want %d", g, c.want)
				}
			}
		})
	}
}
