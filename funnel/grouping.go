package funnel

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Selection is which applications are counted, from when they are told, and how
// they are put into groups. Groups are numbered by the caller; an application
// may be in several.
type Selection struct {
	Pipelines []*Pipeline
	Moment    Moment
	ByKind    bool // count by canonical kind; false: by the stages of one opening

	Skips SkipPolicy

	Sources map[int32]bool // count those of these sources only; nil for all

	// At most one of these: OfPipeline are the groups of all applications of each
	// pipeline, OfSource is the group of each source, OfApplication that of each
	// application of each pipeline, -1 for none. Whoever is in no group is not
	// counted. All nil is one group of all.
	OfPipeline    [][]int
	OfSource      map[int32]int
	OfApplication func(pipeline, application int) int
	Groups        int // how many there are, at least 1

	// Boundaries divide the time of counting, in strictly ascending order: n+1 of
	// them make n periods, n at least 1. Each begins with its boundary and ends
	// before the next.
	Boundaries []time.Time

	// Stop ends a pass when it is closed, for nobody waits for it any more. What
	// was counted by then is not to be used. Nil never ends it.
	Stop <-chan struct{}
}

// stopped reports whether nobody waits.
func (s Selection) stopped() bool {
	select {
	case <-s.Stop:
		return true
	default:
		return false
	}
}

// stages is how many stages or kinds are told apart.
func (s Selection) stages() int {
	if s.ByKind {
		return len(Kinds)
	}
	n := 0
	for _, p := range s.Pipelines {
		n = max(n, len(p.kinds))
	}
	return n
}

// hiredStage is the stage or kind of the hired, -1 for none.
func (s Selection) hiredStage() int {
	if s.ByKind {
		return len(Kinds) - 1
	}
	for _, p := range s.Pipelines {
		return p.hired
	}
	return -1
}

// has reports by stage or kind whether any opening has it.
func (s Selection) has() []bool {
	has := make([]bool, s.stages())
	for _, p := range s.Pipelines {
		for position, kind := range p.kinds {
			if s.ByKind {
				position = int(kind)
			}
			has[position] = true
		}
	}
	return has
}

// bounds are the boundaries in microseconds.
func (s Selection) bounds() []int64 {
	bounds := make([]int64, len(s.Boundaries))
	for i, b := range s.Boundaries {
		bounds[i] = b.UnixMicro()
	}
	return bounds
}

// period is the index of the period that holds at, -1 for none.
func period(bounds []int64, at int64) int {
	if len(bounds) < 2 || at < bounds[0] || at >= bounds[len(bounds)-1] {
		return -1
	}
	if len(bounds) == 2 {
		return 0
	}
	i, found := slices.BinarySearch(bounds, at)
	if !found {
		i--
	}
	return i
}

// counter counts applications into cells: one for each group and period.
type counter[T any] interface {
	// count takes the visits of one application that is in these groups.
	count(t *teller, groups []int, stays []stay)
	// merge adds what another counter has counted.
	merge(T)
}

// count passes over the selection on all cores.
func count[T counter[T]](s Selection, fresh func() T) T {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(s.Pipelines)))
	counters := make([]T, workers)
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			c := fresh()
			var t teller
			for i := int(next.Add(1)) - 1; i < len(s.Pipelines) && !s.stopped(); i = int(next.Add(1)) - 1 {
				s.pass(i, &t, c.count)
			}
			counters[w] = c
		})
	}
	wait.Wait()
	for _, c := range counters[1:] {
		counters[0].merge(c)
	}
	return counters[0]
}

// pass tells one pipeline.
func (s Selection) pass(index int, t *teller, count func(*teller, []int, []stay)) {
	t.begin(s.Pipelines[index], s.Moment, s.ByKind)
	var one [1]int
	groups := one[:]
	if s.OfPipeline != nil {
		groups = s.OfPipeline[index]
	}
	for i, source := range t.source {
		if s.Sources != nil && !s.Sources[source] {
			continue
		}
		if s.OfSource != nil {
			group, known := s.OfSource[source]
			if !known {
				continue
			}
			one[0] = group
		}
		if s.OfApplication != nil {
			if one[0] = s.OfApplication(index, i); one[0] < 0 {
				continue
			}
		}
		if stays := t.visits(i); len(stays) > 0 {
			count(t, groups, stays)
		}
	}
}
