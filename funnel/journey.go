package funnel

import (
	"cmp"
	"slices"
	"time"
)

// Journey is the way of one application, as told from a moment.
type Journey struct {
	Pipeline, Application int // indexes: in the selection, and in its pipeline
	Source                int32

	BeganAt        time.Time   // its first event
	ReopenedAt     []time.Time // when it was taken up again after a rejection or withdrawal
	InterviewingAt *time.Time  // when it first came to a stage of interviews; nil when it was in none
	HiredAt        *time.Time  // when it came to the stage of the hired; nil unless it is there
}

// Journeys tells the applications of a selection that are hired, and those that
// are wanted, by their indexes, in the order of the selection. Groups and
// boundaries do not matter.
func Journeys(s Selection, wanted func(pipeline, application int) bool) []Journey {
	first := make([]int, len(s.Pipelines)) // applications are numbered through
	total := 0
	for i, p := range s.Pipelines {
		first[i] = total
		total += p.Applications()
	}
	s.OfPipeline, s.OfSource = nil, nil
	s.OfApplication = func(pipeline, application int) int { return first[pipeline] + application }
	found := count(s, func() *journeys { return &journeys{first: first, wanted: wanted} }).found
	slices.SortFunc(found, func(a, b Journey) int {
		return cmp.Or(cmp.Compare(a.Pipeline, b.Pipeline), cmp.Compare(a.Application, b.Application))
	})
	return found
}

// interviewKind is the index of INTERVIEW.
const interviewKind = 3

// journeys collects journeys.
type journeys struct {
	first  []int
	wanted func(pipeline, application int) bool
	found  []Journey
}

func (j *journeys) count(t *teller, groups []int, stays []stay) {
	after, _ := slices.BinarySearch(j.first, groups[0]+1)
	pipeline := after - 1 // the last one that does not begin later
	at := groups[0] - j.first[pipeline]
	hired := t.status(stays) == isHired
	if !hired && !j.wanted(pipeline, at) {
		return
	}
	one := Journey{Pipeline: pipeline, Application: at, Source: t.source[at], BeganAt: moment(stays[0].entered)}
	for _, s := range stays {
		kind := int(s.stage)
		if !t.byKind {
			kind = int(t.kinds[s.stage])
		}
		if kind == interviewKind {
			at := moment(s.entered)
			one.InterviewingAt = &at
			break
		}
	}
	for i, s := range stays[1:] {
		if before := stays[i].outcome; before == rejected || before == withdrawn {
			one.ReopenedAt = append(one.ReopenedAt, moment(s.entered))
		}
	}
	if hired {
		at := moment(stays[len(stays)-1].entered)
		one.HiredAt = &at
	}
	j.found = append(j.found, one)
}

func (j *journeys) merge(other *journeys) { j.found = append(j.found, other.found...) }

func moment(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// GroupsOf are the groups of a selection in which an application is.
func (s Selection) GroupsOf(j Journey) []int {
	switch {
	case s.OfPipeline != nil:
		return s.OfPipeline[j.Pipeline]
	case s.OfSource != nil:
		if group, known := s.OfSource[j.Source]; known {
			return []int{group}
		}
		return nil
	case s.OfApplication != nil:
		if group := s.OfApplication(j.Pipeline, j.Application); group >= 0 {
			return []int{group}
		}
		return nil
	}
	return []int{0}
}

// PeriodOf is the period of a selection that holds a time, -1 for none.
func (s Selection) PeriodOf(at time.Time) int { return period(s.bounds(), at.UnixMicro()) }
