package funnel_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

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
	flow := funnel.Flows(v.pipeline(t), funnel.Moment{At: now, Known: now}, now.Add(-funnel.PaceWindow))
	found := 0
	for _, w := range want.Ageing {
		stage := slices.Index(v.Stages, w.Stage)
		if p := funnel.PaceOf(flow.Stays[stage]); !same(p.MedianDays, w.KMMedian) || !same(p.P90Days, w.KMP90) {
			t.Errorf("%s: median %s, p90 %s", w.Stage, show(p.MedianDays), show(p.P90Days))
		}
		for _, one := range flow.Active {
			if v.Applications[one.Application].ID == w.ID {
				found++
				if one.Stage != stage || one.Days != w.Days {
					t.Errorf("%s is in %s for %v days, want %s for %v", w.ID, v.Stages[one.Stage], one.Days, w.Stage, w.Days)
				}
			}
		}
	}
	if found != len(want.Ageing) || len(flow.Active) != found {
		t.Errorf("%d of %d wait, want %d", found, len(flow.Active), len(want.Ageing))
	}
}
