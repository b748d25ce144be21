package funnel_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// Journeys tell who is hired and who is wanted, by the definitions of visits; and
// they are in the groups and periods in which the same application is counted.
func TestJourneysAreToldByTheirDefinition(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m := drawFirm(t, byKind), drawMoment(t)
		s := c.selects(t, m, byKind, drawBoundaries(t))
		groupsOf := c.grouped(t, &s)
		if rapid.Bool().Draw(t, "of some sources") {
			s.Sources = map[int32]bool{1: true}
		}
		want := map[[2]int]bool{}
		for i, o := range c {
			for j := range o.tracks {
				want[[2]int{i, j}] = rapid.Bool().Draw(t, "wanted")
			}
		}
		var journeys []funnel.Journey
		for _, a := range c.tell(m, byKind) {
			hired := a.status == funnel.StatusHired
			if s.Sources != nil && a.source != 1 || !hired && !want[[2]int{a.opening, a.index}] {
				continue
			}
			j := funnel.Journey{Pipeline: a.opening, Application: a.index, Source: a.source, BeganAt: a.visits[0].entered}
			for i, v := range a.visits {
				if i > 0 && (a.visits[i-1].how == declined || a.visits[i-1].how == leaves) {
					j.ReopenedAt = append(j.ReopenedAt, v.entered)
				}
			}
			kindOf := func(v visit) string {
				if byKind {
					return funnel.Kinds[v.stage]
				}
				return c[a.opening].kinds[v.stage]
			}
			if i := slices.IndexFunc(a.visits, func(v visit) bool { return kindOf(v) == "INTERVIEW" }); i >= 0 {
				j.InterviewingAt = &a.visits[i].entered
			}
			if hired {
				j.HiredAt = &a.visits[len(a.visits)-1].entered
			}
			journeys = append(journeys, j)
			if diff := cmp.Diff(groupsOf(a), s.GroupsOf(j)); diff != "" {
				t.Fatalf("groups of %v: %s", j, diff)
			}
			if got, want := s.PeriodOf(j.BeganAt), in(s.Boundaries, j.BeganAt); got != want {
				t.Fatalf("period of %v is %d, want %d", j, got, want)
			}
		}
		got := funnel.Journeys(s, func(pipeline, application int) bool { return want[[2]int{pipeline, application}] })
		if diff := cmp.Diff(journeys, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestJourneysOfTheVectors(t *testing.T) {
	v := readVectors(t)
	reopened := slices.IndexFunc(v.Applications, func(a struct {
		ID, Source string
		Events     [][]any
	}) bool {
		return slices.ContainsFunc(a.Events, func(e []any) bool { return e[1] == "REOPEN" })
	})
	got := funnel.Journeys(v.of(v.pipeline(t), 60), func(_, application int) bool { return application == reopened })
	want := []funnel.Journey{
		{Application: 0, Source: sourceNumbers["INBOUND"], BeganAt: after(0), InterviewingAt: on(15), HiredAt: on(34)},
		{Application: reopened, Source: sourceNumbers["AGENCY"], BeganAt: after(10), ReopenedAt: []time.Time{after(25)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
