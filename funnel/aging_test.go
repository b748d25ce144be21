package funnel_test

import (
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

func TestAging(t *testing.T) {
	f := func(days float64) *float64 { return &days }
	sla := func(days int) *int { return &days }
	slow, halfKnown, unknown := funnel.Pace{MedianDays: f(10), P90Days: f(30)}, funnel.Pace{MedianDays: f(10)}, funnel.Pace{}
	for rule, c := range map[string]struct {
		pace    funnel.Pace
		days    float64
		sla     *int
		planned bool
		want    funnel.Aging
	}{
		"half the others wait as long":                   {slow, 10, nil, false, ""},
		"longer than half of the others":                 {slow, 10.01, nil, false, funnel.Watch},
		"longer, but something is planned":               {slow, 30, nil, true, ""},
		"longer than nine in ten":                        {slow, 30.01, nil, false, funnel.Stuck},
		"a plan does not help who is stuck":              {slow, 30.01, nil, true, funnel.Stuck},
		"longer than nine in ten, within what's agreed":  {slow, 40, sla(40), false, funnel.Watch},
		"longer than what's agreed and than nine in ten": {slow, 41, sla(40), false, funnel.Stuck},
		"longer than what's agreed, as others do":        {slow, 20, sla(5), false, funnel.Watch},
		"twice the median stands for nine in ten":        {halfKnown, 20, nil, false, funnel.Watch},
		"longer than twice the median":                   {halfKnown, 20.01, nil, false, funnel.Stuck},
		"longer than twice the median, within agreed":    {halfKnown, 21, sla(21), true, ""},
		"nothing is known nor agreed":                    {unknown, 1000, nil, false, ""},
		"what is agreed alone counts":                    {unknown, 5, sla(5), false, ""},
		"longer than what alone counts":                  {unknown, 5.01, sla(5), false, funnel.Stuck},
		"nobody may wait":                                {unknown, .01, sla(0), false, funnel.Stuck},
	} {
		t.Run(rule, func(t *testing.T) {
			if got := c.pace.Aging(c.days, c.sla, c.planned); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAgesOfTheVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/funnel.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Ageing []struct {
			ID, Stage       string
			Days            float64
			KMMedian, KMP90 *float64
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	v := readVectors(t)
	now := after(v.AsOf)
	ages := funnel.TellAges([]*funnel.Pipeline{v.pipeline(t)}, funnel.Moment{At: now, Known: now})[0]
	found := 0
	for _, w := range want.Ageing {
		stage := slices.Index(v.Stages, w.Stage)
		if p := ages.Paces[stage]; !same(p.MedianDays, w.KMMedian) || !same(p.P90Days, w.KMP90) {
			t.Errorf("%s: median %s, p90 %s", w.Stage, show(p.MedianDays), show(p.P90Days))
		}
		for _, one := range ages.Waiting[stage] {
			if v.Applications[one.Application].ID == w.ID {
				found++
				if one.Days != w.Days || !one.EnteredAt.Equal(now.Add(-time.Duration(w.Days)*24*time.Hour)) {
					t.Errorf("%s waits for %v days since %v, want %v", w.ID, one.Days, one.EnteredAt, w.Days)
				}
			}
		}
	}
	if all := len(slices.Concat(ages.Waiting...)); found != len(want.Ageing) || all != found {
		t.Errorf("%d of %d wait, want %d", found, all, len(want.Ageing))
	}
}

// A visit that began as the window does is in it; one that began before is not,
// but who has been there since then waits.
func TestPaceLooksBackHalfAYear(t *testing.T) {
	now := day(400)
	for rule, c := range map[string]struct {
		entered time.Time
		pace    bool
	}{
		"within it":        {now.Add(-179 * 24 * time.Hour), true},
		"as it begins":     {now.Add(-180 * 24 * time.Hour), true},
		"just before that": {now.Add(-180*24*time.Hour - time.Microsecond), false},
	} {
		t.Run(rule, func(t *testing.T) {
			entry := func(kind funnel.EventKind, at time.Time, sequence int) funnel.Entry {
				return funnel.Entry{Event: funnel.Event{Kind: kind, At: at}, RecordedAt: at, Sequence: sequence}
			}
			begins := entry(funnel.Enter, c.entered, 1)
			tracks := []funnel.Track{
				{Log: []funnel.Entry{begins}},
				{Log: []funnel.Entry{begins, entry(funnel.Reject, c.entered.Add(24*time.Hour), 2)}},
			}
			p, _, err := funnel.NewPipeline([]string{"APPLIED"}, tracks)
			if err != nil {
				t.Fatal(err)
			}
			ages := funnel.TellAges([]*funnel.Pipeline{p}, funnel.Moment{At: now, Known: now})[0]
			if median := ages.Paces[0].MedianDays; (median != nil) != c.pace || median != nil && *median != 1 {
				t.Errorf("median %s", show(median))
			}
			if w := ages.Waiting[0]; len(w) != 1 || w[0].Application != 0 || !w[0].EnteredAt.Equal(c.entered) {
				t.Errorf("%+v wait", w)
			}
		})
	}
}

// The pace of a stage is that of the visits that began within the window, and who
// waits is who is active.
func TestAgesFollowTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m := drawFirm(t, true), drawMoment(t)
		// So that the window begins amid what happens.
		m.At = m.At.Add(time.Duration(rapid.IntRange(0, 180).Draw(t, "days later")) * 24 * time.Hour)
		since := m.At.Add(-funnel.PaceWindow)
		for i, ages := range funnel.TellAges(c.pipelines(t), m) {
			o := c[i : i+1]
			waiting := make([][]funnel.Waiting, len(o[0].kinds))
			recent := make([][]wait, len(o[0].kinds))
			for _, a := range o.tell(m, false) {
				for _, v := range a.visits {
					until := v.left
					if v.how == "" {
						until = m.At
					}
					if !v.entered.Before(since) {
						recent[v.stage] = append(recent[v.stage], wait{int64(until.Sub(v.entered) / time.Second), v.how})
					}
				}
				if a.status == funnel.StatusActive {
					entered := a.visits[len(a.visits)-1].entered
					waiting[a.last()] = append(waiting[a.last()], funnel.Waiting{
						Application: a.index, EnteredAt: entered, Days: m.At.Sub(entered).Hours() / 24,
					})
				}
			}
			if diff := cmp.Diff(waiting, ages.Waiting, cmp.Comparer(nearly)); diff != "" {
				t.Fatalf("opening %d: %s", i, diff)
			}
			for stage, p := range ages.Paces {
				median, p90 := quantile(recent[stage], big.NewRat(1, 2)), quantile(recent[stage], big.NewRat(9, 10))
				if !equal(p.MedianDays, median) || !equal(p.P90Days, p90) {
					t.Fatalf("opening %d, stage %d: median %s, p90 %s; want %s, %s", i, stage, show(p.MedianDays), show(p.P90Days), show(median), show(p90))
				}
			}
		}
	})
}
