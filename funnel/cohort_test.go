package funnel_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// cohort is what became of the applications that began in a period.
func (c firm) cohort(m funnel.Moment, byKind bool, from, to time.Time) funnel.Cohort {
	var all []told
	for _, a := range c.tell(m, byKind) {
		if began := a.visits[0].entered; !began.Before(from) && began.Before(to) {
			all = append(all, a)
		}
	}
	var visits []visit
	for _, a := range all {
		visits = append(visits, a.visits...)
	}
	out := funnel.Cohort{
		Applications: len(all),
		Hires:        count(all, func(a told) bool { return a.status == funnel.StatusHired }),
		Visits:       len(visits),
		Inferred:     count(visits, func(v visit) bool { return v.inferred }),
	}
	for _, s := range c.stages(byKind) {
		of := func(holds func(told) bool) int { return count(all, holds) }
		furthest := func(status funnel.Status) int {
			return of(func(a told) bool { return a.furthest() == s && a.status == status })
		}
		last := func(status funnel.Status) int {
			return of(func(a told) bool { return a.last() == s && a.status == status })
		}
		row := funnel.CohortRow{
			Stage: s, Terminal: s == c[0].hiredStage(byKind),
			Entered:       of(func(a told) bool { return a.furthest() >= s }),
			ActualEntered: of(func(a told) bool { return a.times(s) > 0 }),
			Skipped:       of(func(a told) bool { return a.furthest() >= s && a.times(s) == 0 }),
			Passed:        of(func(a told) bool { return a.furthest() > s }),
			ActualPassed:  of(func(a told) bool { return a.furthest() > s && a.times(s) > 0 }),
			Rejected:      furthest(funnel.StatusRejected), Withdrawn: furthest(funnel.StatusWithdrawn), Active: furthest(funnel.StatusActive),
			LastRejected: last(funnel.StatusRejected), LastWithdrawn: last(funnel.StatusWithdrawn), LastActive: last(funnel.StatusActive),
		}
		for _, a := range all {
			row.Reentries += max(0, a.times(s)-1)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// Whatever the pipeline looks like, whoever skips, moves back, is reopened or
// whose hire comes undone, and whatever is corrected: cohorts are counted by their
// definition.
func TestCohortsAreCountedByTheirDefinition(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		got := funnel.CountCohorts(c.selects(t, m, byKind, bounds))
		if len(got) != len(bounds)-1 {
			t.Fatalf("%d cohorts of %d periods", len(got), len(bounds)-1)
		}
		for period, from := range bounds[:len(bounds)-1] {
			want := c.cohort(m, byKind, from, bounds[period+1])
			want.Period = period
			if diff := cmp.Diff(want, got[period]); diff != "" {
				t.Fatalf("period %d: %s", period, diff)
			}
		}
	})
}

// Everybody who came to a stage passed it or is told to have got no further, and
// who passed it came to the next one.
func TestNobodyIsLostBetweenStages(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c := drawFirm(t, byKind)
		s := c.selects(t, drawMoment(t), byKind, []time.Time{hour(-200), hour(lastHour)})
		s.Skips = rapid.SampledFrom([]funnel.SkipPolicy{funnel.Implied, funnel.Actual}).Draw(t, "skips")
		one := funnel.CountCohorts(s)[0]
		for i, r := range one.Rows {
			if ended := r.Passed + r.Rejected + r.Withdrawn + r.Active; !r.Terminal && ended != r.Entered {
				t.Fatalf("stage %d: %d entered, %d are told of", r.Stage, r.Entered, ended)
			}
			if i > 0 && one.Rows[i-1].Passed != r.Entered {
				t.Fatalf("stage %d: %d entered, %d passed the one before", r.Stage, r.Entered, one.Rows[i-1].Passed)
			}
			if r.Skipped != r.Entered-r.ActualEntered || r.ActualPassed != r.Passed-r.Skipped {
				t.Fatalf("stage %d: %d skipped of %+v", r.Stage, r.Skipped, r)
			}
			for name, rate := range map[string]*float64{"conversion": r.Conversion(), "settled conversion": r.SettledConversion()} {
				if rate != nil && (*rate < 0 || *rate > 1 || r.Terminal) {
					t.Fatalf("stage %d: %s %v of %+v", r.Stage, name, *rate, r)
				}
			}
			if i, rate := r.SettledConversionInterval(), r.SettledConversion(); rate != nil && (*rate < i.Low || *rate > i.High) {
				t.Fatalf("stage %d: %v is not within %v", r.Stage, *rate, *i)
			}
		}
		if len(one.Rows) > 0 && one.Rows[0].Entered != one.Applications {
			t.Fatalf("%d entered the first stage, %d applied", one.Rows[0].Entered, one.Applications)
		}
	})
}

// eachWayOfCounting checks a rule for the stages of one opening and for kinds of
// stages of several.
func eachWayOfCounting(t *testing.T, rule func(t *rapid.T, byKind bool)) {
	for name, byKind := range map[string]bool{"own stages": false, "kinds": true} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { rule(t, byKind) })
		})
	}
}

// Rates are undefined without anybody, never 0.
func TestRatesOfNobody(t *testing.T) {
	for rule, r := range map[string]funnel.CohortRow{
		"nobody came":                     {},
		"nobody passes the last one":      {Terminal: true, Entered: 3, ActualEntered: 3},
		"who jumped over it was not here": {Entered: 2, Skipped: 2, Passed: 2, Skips: funnel.Actual},
	} {
		t.Run(rule, func(t *testing.T) {
			if r.Conversion() != nil || r.SettledConversion() != nil || r.SettledConversionInterval() != nil {
				t.Errorf("%v, %v, %v; want none", r.Conversion(), r.SettledConversion(), r.SettledConversionInterval())
			}
		})
	}
}

// An opening may have any number of stages.
func TestManyStages(t *testing.T) {
	kinds := make([]string, 300)
	var log []funnel.Entry
	for i := range kinds {
		kinds[i] = "SCREEN"
		log = append(log, funnel.Entry{Event: funnel.Event{Kind: funnel.Enter, Stage: i, At: hour(i)}, RecordedAt: hour(i), Sequence: i + 1})
	}
	p, _, err := funnel.NewPipeline(kinds, []funnel.Track{{Log: log}})
	if err != nil {
		t.Fatal(err)
	}
	got := funnel.CountCohorts(funnel.Selection{
		Pipelines: []*funnel.Pipeline{p}, Moment: funnel.Moment{At: hour(300), Known: hour(300)},
		Groups: 1, Boundaries: []time.Time{hour(0), hour(1)},
	})[0]
	for i, r := range got.Rows {
		if r.Stage != i || r.ActualEntered != 1 || r.Skipped != 0 || r.Reentries != 0 {
			t.Errorf("stage %d: %+v", i, r)
		}
	}
	if len(got.Rows) != len(kinds) {
		t.Errorf("%d rows of %d stages", len(got.Rows), len(kinds))
	}
}
