package funnel_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// views are everything that is counted of a selection.
type views struct {
	Cohorts  []funnel.Cohort
	Times    []funnel.StageTime
	Total    []funnel.StageTime
	Curves   [][]funnel.CurvePoint
	Activity []funnel.Activity
	Stock    []funnel.Stock
}

func view(s funnel.Selection) views {
	v := views{Total: funnel.TimeStages(s, funnel.Total), Activity: funnel.CountActivity(s), Stock: funnel.CountStock(s)}
	v.Cohorts, v.Times = funnel.FollowCohorts(s, funnel.EachVisit)
	for i := range v.Times {
		v.Curves = append(v.Curves, v.Times[i].Curve(20))
	}
	return v
}

// differ tells how views differ: not at all, to the last bit.
func differ(a, b views) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(funnel.StageTime{}))
}

// until is what there was of the logs at a moment: the entries recorded by then
// that tell of what had happened by then, without anything else.
func (c firm) until(m funnel.Moment) firm {
	var past firm
	for _, o := range c {
		then := opening{kinds: o.kinds}
		for _, track := range o.tracks {
			var log []funnel.Entry
			for i, e := range happened(track.Log, m) {
				e.Corrects, e.Sequence = 0, i+1
				log = append(log, e)
			}
			if len(log) > 0 {
				then.tracks = append(then.tracks, funnel.Track{Source: track.Source, Log: log})
			}
		}
		past = append(past, then)
	}
	return past
}

// A report of a past day counts what was known then, as if there were nothing
// else: no later event, no later correction, nothing that was told later.
func TestThePastIsToldAsItWasKnown(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		got := view(c.selects(t, m, byKind, bounds))
		want := view(c.until(m).selects(t, funnel.Moment{At: m.At, Known: hour(2 * lastHour)}, byKind, bounds))
		if diff := differ(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Whatever is recorded later, of today or of long ago, a past day is told as
// before.
func TestWhatIsRecordedLaterDoesNotChangeThePast(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, bounds := drawFirm(t, byKind), drawBoundaries(t)
		m := funnel.Moment{At: hour(rapid.IntRange(0, lastHour).Draw(t, "at")), Known: hour(320)}
		before := view(c.selects(t, m, byKind, bounds))
		var later firm
		for _, o := range c {
			grown := opening{kinds: o.kinds}
			for _, track := range o.tracks {
				track.Log = drawLog(t, o.kinds, track.Log, 324, lastHour)
				grown.tracks = append(grown.tracks, track)
			}
			if rapid.Bool().Draw(t, "import") {
				grown.tracks = append(grown.tracks, funnel.Track{Log: drawLog(t, o.kinds, nil, 324, lastHour)})
			}
			later = append(later, grown)
		}
		if diff := differ(before, view(later.selects(t, m, byKind, bounds))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// If a corrected history is possible, so is what of it had happened by any time.
func TestTheBeginningOfAHistoryIsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := drawKinds(t)
		events := funnel.Corrected(drawLog(t, kinds, nil, 0, 300))
		at := hour(rapid.IntRange(-100, lastHour).Draw(t, "at"))
		events = slices.DeleteFunc(events, func(e funnel.Event) bool { return e.At.After(at) })
		if len(events) == 0 {
			return
		}
		if _, err := funnel.Replay(events, slices.Index(kinds, "HIRED")); err != nil {
			t.Fatal(err)
		}
	})
}

// What a correction tells of a past day depends on whether it was known.
func TestMomentsOfACorrection(t *testing.T) {
	entry := func(sequence int, e funnel.Event, recorded int) funnel.Entry {
		return funnel.Entry{Event: e, RecordedAt: day(recorded), Sequence: sequence}
	}
	// On day 5 somebody is moved to stage 1. On day 10 it turns out that it was stage
	// 2, on day 3; on day 12 an interview of day 7 is told of.
	log := []funnel.Entry{entry(1, enter(0, 0), 0), entry(2, enter(1, 5), 5), entry(3, enter(2, 3), 10), entry(4, enter(3, 7), 12)}
	log[2].Corrects = 2
	p, _, err := funnel.NewPipeline([]string{"APPLIED", "SCREEN", "SCREEN", "INTERVIEW", "HIRED"}, []funnel.Track{{Log: log}})
	if err != nil {
		t.Fatal(err)
	}
	for rule, c := range map[string]struct {
		at, known int
		want      int // the stage in which the application is, -1 for none
	}{
		"before it began there is nothing":         {-1, 20, -1},
		"before anybody knew there is nothing":     {20, -1, -1},
		"as was known that day":                    {4, 4, 0},
		"as is known today of that day":            {4, 20, 2},
		"the mistake was believed":                 {6, 6, 1},
		"the mistake was believed until it wasn't": {6, 10, 2},
		"what was told late had not been known":    {8, 11, 2},
		"what was told late had happened":          {8, 12, 3},
	} {
		t.Run(rule, func(t *testing.T) {
			got := -1
			stock := funnel.CountStock(funnel.Selection{
				Pipelines: []*funnel.Pipeline{p}, Groups: 1,
				Moment: funnel.Moment{At: day(c.at), Known: day(c.known)},
			})[0]
			for _, r := range stock.Rows {
				if r.Active > 0 {
					got = r.Stage
				}
			}
			if got != c.want {
				t.Errorf("it is in stage %d, want %d", got, c.want)
			}
		})
	}
}

// The clock of a server may be late: what it records is not known before what was
// recorded before it, or else an application would be reopened before its end.
func TestMomentsOfALateClock(t *testing.T) {
	log := []funnel.Entry{
		{Event: enter(0, 0), RecordedAt: day(0), Sequence: 1},
		{Event: reject(1), RecordedAt: day(5), Sequence: 2},
		{Event: reopen(1, 2), RecordedAt: day(3), Sequence: 3},
	}
	p, _, err := funnel.NewPipeline([]string{"APPLIED", "SCREEN"}, []funnel.Track{{Log: log}})
	if err != nil {
		t.Fatal(err)
	}
	for known, want := range map[int][]int{-1: {0, 0}, 0: {1, 0}, 3: {1, 0}, 4: {1, 0}, 5: {0, 1}, 9: {0, 1}} {
		s := funnel.Selection{Pipelines: []*funnel.Pipeline{p}, Groups: 1, Moment: funnel.Moment{At: day(9), Known: day(known)}}
		got := funnel.CountStock(s)[0].Rows
		if got[0].Active != want[0] || got[1].Active != want[1] {
			t.Errorf("known on day %d: %+v, want %v", known, got, want)
		}
		s.Boundaries = []time.Time{day(0), day(9)}
		if visits := funnel.CountCohorts(s)[0].Visits; visits != want[0]+2*want[1] {
			t.Errorf("known on day %d: %d visits", known, visits)
		}
	}
}

// A pipeline refuses what cannot be, and adds nothing of it.
func TestAPipelineRefusesWhatCannotBe(t *testing.T) {
	entries := func(events ...funnel.Event) (log []funnel.Entry) {
		for i, e := range events {
			log = append(log, funnel.Entry{Event: e, RecordedAt: e.At, Sequence: i + 1})
		}
		return log
	}
	wrong := entries(enter(7, 0), enter(0, 0)) // corrected, but it was told for a while
	wrong[1].Corrects = 1
	kinds := []string{"APPLIED", "SCREEN", "HIRED"}
	for rule, c := range map[string]struct {
		kinds []string
		log   []funnel.Entry
	}{
		"a stage that it lacks":           {kinds, entries(enter(3, 0))},
		"a stage before the first":        {kinds, entries(enter(-1, 0))},
		"a stage that it lacks, mended":   {kinds, wrong},
		"an impossible history":           {kinds, entries(enter(0, 0), reject(1), reject(2))},
		"nothing":                         {kinds, nil},
		"hiring before the end":           {[]string{"APPLIED", "HIRED", "SCREEN"}, entries(enter(0, 0))},
		"hiring twice":                    {[]string{"APPLIED", "HIRED", "HIRED"}, entries(enter(0, 0))},
		"any history where no stages are": {nil, entries(enter(0, 0))},
	} {
		t.Run(rule, func(t *testing.T) {
			if _, i, err := funnel.NewPipeline(c.kinds, []funnel.Track{{Log: c.log}}); err == nil || i != 0 {
				t.Errorf("track %d is refused with %v", i, err)
			}
			b := funnel.NewBuilder(c.kinds)
			if err := b.Add(funnel.Track{Log: c.log}); err == nil {
				t.Error("it is added")
			}
			if p := b.Pipeline(); p.Applications() != 0 || p.Visits() != 0 {
				t.Errorf("there are %d applications with %d visits", p.Applications(), p.Visits())
			}
		})
	}
}

// A builder does not keep the log that it is given: callers use it again.
func TestABuilderCopiesLogs(t *testing.T) {
	b := funnel.NewBuilder([]string{"APPLIED", "SCREEN"})
	log := []funnel.Entry{
		{Event: enter(0, 0), RecordedAt: day(0), Sequence: 1},
		{Event: enter(1, 1), RecordedAt: day(1), Sequence: 2},
		{Event: enter(1, 2), RecordedAt: day(3), Sequence: 3, Corrects: 2},
	}
	if err := b.Add(funnel.Track{Log: log}); err != nil {
		t.Fatal(err)
	}
	clear(log)
	s := funnel.Selection{
		Pipelines: []*funnel.Pipeline{b.Pipeline()}, Groups: 1, Moment: funnel.Moment{At: day(1), Known: day(2)},
		Boundaries: []time.Time{day(0), day(9)},
	}
	if got := funnel.CountStock(s)[0]; got.Active != 1 || got.Rows[1].Active != 1 {
		t.Errorf("%+v", got)
	}
}
