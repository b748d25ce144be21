package funnel_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"hireloop/funnel"
)

// vectors are sixteen applications on one opening, in days from an origin, and
// what is to be said of them.
type vectors struct {
	Stages       []string
	AsOf         float64
	Applications []struct {
		ID, Source string
		Events     [][]any
	}
	CohortAll         cohortVector   `json:"cohort_all"`
	CohortFirst20Days cohortVector   `json:"cohort_first_20_days"`
	Snapshot          map[string]int `json:"snapshot_60"`
	TimeInStage       map[string]struct {
		Completed, Censored  []float64
		NaiveMedianCompleted float64
		KMMedian, KMP90      *float64
		KM                   [][]float64
		CumulativeIncidence  map[string][][]float64
		StillInStage         float64
	} `json:"time_in_stage"`
	Sources map[string]struct {
		Applications, ReachedOnsite, Hires int
		OnsiteRate                         float64
	}
	Wilson []struct {
		K, N     int
		Expected []float64
	}
	Quantile []struct {
		X           []float64
		Q, Expected float64
	} `json:"quantile_type7"`
}

type cohortVector struct {
	Cohort int
	Rows   []struct {
		Stage                                                                                         string
		Entered, ActualEntered, Skipped, Passed, ActualPassed, Rejected, Withdrawn, Active, Reentries int
		Conversion, SettledConversion, ActualConversion                                               *float64
		Wilson                                                                                        []float64
	}
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/funnel.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

var origin = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func after(days float64) time.Time {
	return origin.Add(time.Duration(days * 24 * float64(time.Hour)))
}

var sourceNumbers = map[string]int32{"INBOUND": 1, "REFERRAL": 2, "SOURCED": 3, "AGENCY": 4}

// pipeline is the vectors' opening.
func (v vectors) pipeline(t testing.TB) *funnel.Pipeline {
	t.Helper()
	kinds := []string{"APPLIED", "SCREEN", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}
	var tracks []funnel.Track
	for _, a := range v.Applications {
		track := funnel.Track{Source: sourceNumbers[a.Source]}
		for i, e := range a.Events {
			at := after(e[0].(float64))
			entry := funnel.Entry{Event: funnel.Event{Kind: funnel.EventKind(e[1].(string)), At: at}, RecordedAt: at, Sequence: i + 1}
			if stage, ok := e[2].(string); ok {
				entry.Stage = slices.Index(v.Stages, stage)
			}
			track.Log = append(track.Log, entry)
		}
		tracks = append(tracks, track)
	}
	p, i, err := funnel.NewPipeline(kinds, tracks)
	if err != nil {
		t.Fatalf("%s: %v", v.Applications[i].ID, err)
	}
	return p
}

// of selects the applications of p that began within the first days, told from
// the day of the vectors.
func (v vectors) of(p *funnel.Pipeline, days float64) funnel.Selection {
	asOf := after(v.AsOf)
	return funnel.Selection{
		Pipelines: []*funnel.Pipeline{p}, Moment: funnel.Moment{At: asOf, Known: asOf},
		Groups: 1, Boundaries: []time.Time{origin, after(days)},
	}
}

// same compares a figure with one of the vectors, which have six decimals.
func same(got, want *float64) bool {
	return (got == nil) == (want == nil) && (got == nil || math.Abs(*got-*want) < 0.6e-6)
}

func TestCohortsOfTheVectors(t *testing.T) {
	v := readVectors(t)
	p := v.pipeline(t)
	for rule, c := range map[string]struct {
		days float64
		want cohortVector
	}{"all": {60, v.CohortAll}, "the first 20 days": {20, v.CohortFirst20Days}} {
		t.Run(rule, func(t *testing.T) {
			got := funnel.CountCohorts(v.of(p, c.days))[0]
			if got.Applications != c.want.Cohort || len(got.Rows) != len(c.want.Rows) {
				t.Fatalf("%d applications in %d rows, want %d in %d", got.Applications, len(got.Rows), c.want.Cohort, len(c.want.Rows))
			}
			for i, w := range c.want.Rows {
				r := got.Rows[i]
				have := []int{r.Entered, r.ActualEntered, r.Skipped, r.Passed, r.ActualPassed, r.Rejected, r.Withdrawn, r.Active, r.Reentries}
				want := []int{w.Entered, w.ActualEntered, w.Skipped, w.Passed, w.ActualPassed, w.Rejected, w.Withdrawn, w.Active, w.Reentries}
				if !slices.Equal(have, want) {
					t.Errorf("%s: %v, want %v", w.Stage, have, want)
				}
				actual := r
				actual.Skips = funnel.Actual
				if !same(r.Conversion(), w.Conversion) || !same(r.SettledConversion(), w.SettledConversion) || !same(actual.Conversion(), w.ActualConversion) {
					t.Errorf("%s: conversions differ", w.Stage)
				}
				interval := r.SettledConversionInterval()
				if (interval == nil) != (w.Wilson == nil) || interval != nil && (!same(&interval.Low, &w.Wilson[0]) || !same(&interval.High, &w.Wilson[1])) {
					t.Errorf("%s: interval %v, want %v", w.Stage, interval, w.Wilson)
				}
			}
		})
	}
}

func TestStockOfTheVectors(t *testing.T) {
	v := readVectors(t)
	got := map[string]int{}
	for _, r := range funnel.CountStock(v.of(v.pipeline(t), 60))[0].Rows {
		got[v.Stages[r.Stage]] = r.Active
	}
	for stage, want := range v.Snapshot {
		if got[stage] != want {
			t.Errorf("%s: %d active, want %d", stage, got[stage], want)
		}
	}
	if len(got) != len(v.Snapshot) {
		t.Errorf("stages %v, want %v", got, v.Snapshot)
	}
}

func TestSourcesOfTheVectors(t *testing.T) {
	v := readVectors(t)
	s := v.of(v.pipeline(t), 60)
	s.Groups, s.OfSource = len(sourceNumbers), map[int32]int{}
	var names []string
	for name, number := range sourceNumbers {
		s.OfSource[number] = len(names)
		names = append(names, name)
	}
	for i, c := range funnel.CountCohorts(s) {
		want := v.Sources[names[i]]
		onsite := c.Rows[slices.Index(v.Stages, "ONSITE")].Entered
		if c.Applications != want.Applications || onsite != want.ReachedOnsite || c.Hires != want.Hires ||
			!same(funnel.Share(onsite, c.Applications), &want.OnsiteRate) {
			t.Errorf("%s: %d applications, %d onsite, %d hires; want %+v", names[i], c.Applications, onsite, c.Hires, want)
		}
	}
}

func TestStageTimesOfTheVectors(t *testing.T) {
	v := readVectors(t)
	times := funnel.TimeStages(v.of(v.pipeline(t), 60), funnel.EachVisit)
	if len(times) != len(v.TimeInStage) {
		t.Fatalf("%d stages, want %d", len(times), len(v.TimeInStage))
	}
	for i := range times {
		got := &times[i]
		name := v.Stages[got.Stage]
		want := v.TimeInStage[name]
		if got.Completed != len(want.Completed) || got.StillIn != len(want.Censored) ||
			!same(got.MedianDays, want.KMMedian) || !same(got.P90Days, want.KMP90) || !same(got.NaiveMedianDays, &want.NaiveMedianCompleted) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		curve := got.Curve(366)
		at := func(days float64) funnel.CurvePoint { return curve[int(days)] }
		for _, step := range want.KM {
			if p := at(step[0]); !same(&p.Remaining, &step[3]) || !same(&p.StandardError, &step[4]) {
				t.Errorf("%s after %v days: %+v, want %v", name, step[0], p, step)
			}
		}
		for cause, steps := range want.CumulativeIncidence {
			for _, step := range steps {
				p := at(step[0])
				share := map[string]float64{"ADVANCED": p.Advanced, "MOVED_BACK": p.MovedBack, "REJECTED": p.Rejected, "WITHDRAWN": p.Withdrawn}[cause]
				if !same(&share, &step[1]) {
					t.Errorf("%s: %s after %v days is %v, want %v", name, cause, step[0], share, step[1])
				}
			}
		}
		if last := curve[len(curve)-1]; !same(&last.Remaining, &want.StillInStage) {
			t.Errorf("%s: %v remain, want %v", name, last.Remaining, want.StillInStage)
		}
	}
}

func TestStatistics(t *testing.T) {
	v := readVectors(t)
	for _, w := range v.Wilson {
		if i := funnel.Wilson(w.K, w.N); !same(&i.Low, &w.Expected[0]) || !same(&i.High, &w.Expected[1]) {
			t.Errorf("Wilson of %d in %d is %v, want %v", w.K, w.N, i, w.Expected)
		}
	}
	for _, q := range v.Quantile {
		if got := funnel.Quantile(q.X, q.Q); !same(got, &q.Expected) {
			t.Errorf("quantile %v of %v is %v, want %v", q.Q, q.X, *got, q.Expected)
		}
	}
	if funnel.Wilson(0, 0) != nil || funnel.Share(0, 0) != nil || funnel.Quantile(nil, .5) != nil || funnel.Mean(nil) != nil {
		t.Error("of nothing there is no figure")
	}
}
