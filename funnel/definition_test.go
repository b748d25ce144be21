package funnel_test

import (
	"cmp"
	"slices"
	"time"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// What the figures are to be, worked out from plain logs as the definitions are
// worded, one application and one stage at a time.

// firm is some openings with logs.
type firm []opening

type opening struct {
	kinds  []string
	tracks []funnel.Track
}

// visit is a stay in a stage, or in stages of one kind.
type visit struct {
	stage         int
	entered, left time.Time
	how           string // "" while it lasts
	inferred      bool
}

const (
	advances = "ADVANCED"
	goesBack = "MOVED_BACK"
	declined = "REJECTED"
	leaves   = "WITHDRAWN"
)

// happened is what a log says at a moment: of what had been recorded, every entry
// as it was last corrected, in the order of happening.
func happened(log []funnel.Entry, m funnel.Moment) []funnel.Entry {
	var roots []int // sequences of entries that correct nothing
	rootOf, facts := map[int]int{}, map[int]funnel.Entry{}
	var recorded time.Time
	for _, e := range log {
		if e.RecordedAt.After(recorded) {
			recorded = e.RecordedAt
		}
		if recorded.After(m.Known) {
			break
		}
		root := e.Sequence
		if e.Corrects != 0 {
			root = rootOf[e.Corrects]
		} else {
			roots = append(roots, root)
		}
		rootOf[e.Sequence], facts[root] = root, e
	}
	var events []funnel.Entry
	for _, root := range roots {
		if e := facts[root]; !e.Void && !e.At.After(m.At) {
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b funnel.Entry) int { return a.At.Compare(b.At) })
	return events
}

// visits are those of one application. Every event that enters a stage begins
// one, and whatever happens next ends it.
func (o opening) visits(log []funnel.Entry, m funnel.Moment, byKind bool) []visit {
	events := happened(log, m)
	var own []visit
	for i, e := range events {
		if e.Kind != funnel.Enter && e.Kind != funnel.Reopen {
			continue
		}
		v := visit{stage: e.Stage, entered: e.At, inferred: e.Quality == funnel.Inferred}
		if i+1 < len(events) {
			next := events[i+1]
			v.left = next.At
			switch {
			case next.Kind == funnel.Reject:
				v.how = declined
			case next.Kind == funnel.Withdraw:
				v.how = leaves
			case next.Stage > e.Stage:
				v.how = advances
			default:
				v.how = goesBack
			}
		}
		own = append(own, v)
	}
	if !byKind {
		return own
	}
	// Moving to another stage of the same kind does not end a visit.
	var joined []visit
	for i, v := range own {
		v.stage = slices.Index(funnel.Kinds, o.kinds[v.stage])
		if n := len(joined); n > 0 && (joined[n-1].how == advances || joined[n-1].how == goesBack) {
			before := &joined[n-1]
			if before.stage == v.stage && own[i-1].stage != own[i].stage {
				before.left, before.how, before.inferred = v.left, v.how, before.inferred || v.inferred
				continue
			}
			before.how = map[bool]string{true: advances, false: goesBack}[v.stage > before.stage]
		}
		joined = append(joined, v)
	}
	return joined
}

// hiredStage is the stage or kind of the hired, -1 for none.
func (o opening) hiredStage(byKind bool) int {
	if byKind {
		return slices.Index(funnel.Kinds, "HIRED")
	}
	return slices.Index(o.kinds, "HIRED")
}

// standing is where an application stands after its last visit.
func (o opening) standing(visits []visit, byKind bool) funnel.Status {
	last := visits[len(visits)-1]
	switch {
	case last.how == declined:
		return funnel.StatusRejected
	case last.how == leaves:
		return funnel.StatusWithdrawn
	case last.stage == o.hiredStage(byKind):
		return funnel.StatusHired
	}
	return funnel.StatusActive
}

// told is one application as it is told from a moment.
type told struct {
	opening, index int
	source         int32
	visits         []visit
	status         funnel.Status
}

// tell tells the applications of which anything was known.
func (c firm) tell(m funnel.Moment, byKind bool) []told {
	var all []told
	for i, o := range c {
		for j, t := range o.tracks {
			if v := o.visits(t.Log, m, byKind); len(v) > 0 {
				all = append(all, told{i, j, t.Source, v, o.standing(v, byKind)})
			}
		}
	}
	return all
}

// stages are those that there are: positions, or indexes into Kinds.
func (c firm) stages(byKind bool) []int {
	var all []int
	for _, o := range c {
		for position, kind := range o.kinds {
			if byKind {
				position = slices.Index(funnel.Kinds, kind)
			}
			all = append(all, position)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c firm) pipelines(t *rapid.T) []*funnel.Pipeline {
	var all []*funnel.Pipeline
	for _, o := range c {
		p, i, err := funnel.NewPipeline(o.kinds, o.tracks)
		if err != nil {
			t.Fatalf("track %d: %v", i, err)
		}
		all = append(all, p)
	}
	return all
}

// selects selects all applications, told from a moment, in one group.
func (c firm) selects(t *rapid.T, m funnel.Moment, byKind bool, boundaries []time.Time) funnel.Selection {
	return funnel.Selection{Pipelines: c.pipelines(t), Moment: m, ByKind: byKind, Groups: 1, Boundaries: boundaries}
}

// hour is a moment of the made up firms; so few that much happens at once.
func hour(n int) time.Time { return origin.Add(time.Duration(n) * time.Hour) }

// lastHour is after all that happens in them.
const lastHour = 400

// drawKinds draws any pipeline: kinds come more than once, in any order, or not at
// all; who is hired, if anybody can be, comes last.
func drawKinds(t *rapid.T) []string {
	kinds := rapid.SliceOfN(rapid.SampledFrom(funnel.Kinds[:5]), 1, 6).Draw(t, "kinds")
	if rapid.IntRange(0, 4).Draw(t, "hires") > 0 {
		kinds = append(kinds, "HIRED")
	}
	return kinds
}

// drawEntry draws what might be recorded next, at now.
func drawEntry(t *rapid.T, kinds []string, log []funnel.Entry, now int) funnel.Entry {
	at, recorded := now, now
	switch rapid.IntRange(0, 7).Draw(t, "clock") {
	case 0: // it happened a while ago, or long ago, as an import tells
		at -= rapid.IntRange(1, 100).Draw(t, "ago")
	case 1: // by the clock of a server that is late
		recorded -= rapid.IntRange(1, 3).Draw(t, "late")
	}
	e := funnel.Entry{
		Event: funnel.Event{
			Kind:    rapid.SampledFrom([]funnel.EventKind{funnel.Enter, funnel.Enter, funnel.Enter, funnel.Reopen, funnel.Reject, funnel.Withdraw}).Draw(t, "kind"),
			At:      hour(at).Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 999_999, 1_000_000}).Draw(t, "µs")) * time.Microsecond),
			Quality: rapid.SampledFrom([]funnel.Quality{funnel.Recorded, funnel.Derived, funnel.Inferred}).Draw(t, "quality"),
		},
		RecordedAt: hour(recorded), Sequence: len(log) + 1,
	}
	if e.Kind == funnel.Enter || e.Kind == funnel.Reopen {
		e.Stage = rapid.IntRange(0, len(kinds)-1).Draw(t, "stage")
	}
	if len(log) > 0 && rapid.IntRange(0, 4).Draw(t, "corrects") == 0 {
		e.Corrects = rapid.IntRange(1, len(log)).Draw(t, "corrected")
		e.Void = rapid.IntRange(0, 2).Draw(t, "void") == 0
		for _, other := range log {
			if other.Corrects == e.Corrects {
				e.Corrects = other.Sequence // only the last of a chain is corrected
			}
		}
	}
	return e
}

// possible reports whether a log can be.
func possible(kinds []string, log []funnel.Entry) bool {
	_, err := funnel.Replay(funnel.Corrected(log), slices.Index(kinds, "HIRED"))
	return err == nil
}

// drawLog draws what is recorded of an application between two hours, after what
// there is: possible whenever something is recorded.
func drawLog(t *rapid.T, kinds []string, log []funnel.Entry, from, to int) []funnel.Entry {
	log = slices.Clone(log)
	now := rapid.IntRange(from, to).Draw(t, "begins")
	for range rapid.IntRange(2, 16).Draw(t, "attempts") {
		if e := drawEntry(t, kinds, log, now); possible(kinds, append(log[:len(log):len(log)], e)) {
			log = append(log, e)
		}
		now = min(to, now+rapid.SampledFrom([]int{0, 0, 1, 5, 24, 70}).Draw(t, "later"))
	}
	if len(log) == 0 {
		log = append(log, funnel.Entry{Event: funnel.Event{Kind: funnel.Enter, At: hour(now)}, RecordedAt: hour(now), Sequence: 1})
	}
	return log
}

func drawOpening(t *rapid.T) opening {
	o := opening{kinds: drawKinds(t)}
	for range rapid.IntRange(0, 8).Draw(t, "applications") {
		o.tracks = append(o.tracks, funnel.Track{
			Source: int32(rapid.IntRange(-1, 2).Draw(t, "source")), Log: drawLog(t, o.kinds, nil, 0, 300),
		})
	}
	return o
}

// drawFirm draws openings, one only when its own stages are to be told apart.
func drawFirm(t *rapid.T, byKind bool) firm {
	c := firm{drawOpening(t)}
	if byKind {
		for range rapid.IntRange(0, 3).Draw(t, "more openings") {
			c = append(c, drawOpening(t))
		}
	}
	return c
}

// drawMoment draws from when history is told: now, a past day as it was told then,
// or as is known later.
func drawMoment(t *rapid.T) funnel.Moment {
	at, known := hour(lastHour), hour(lastHour)
	if rapid.Bool().Draw(t, "past") {
		at = hour(rapid.IntRange(0, lastHour).Draw(t, "at"))
	}
	if rapid.Bool().Draw(t, "known in the past") {
		known = hour(rapid.IntRange(0, lastHour).Draw(t, "known"))
	}
	return funnel.Moment{At: at, Known: known}
}

// drawBoundaries draws periods.
func drawBoundaries(t *rapid.T) []time.Time {
	hours := rapid.SliceOfNDistinct(rapid.IntRange(-10, lastHour), 2, 6, rapid.ID[int]).Draw(t, "boundaries")
	slices.Sort(hours)
	bounds := make([]time.Time, len(hours))
	for i, h := range hours {
		bounds[i] = hour(h)
	}
	return bounds
}

// in is the period in which a time lies, -1 for none.
func in(boundaries []time.Time, at time.Time) int {
	for i, from := range boundaries[:len(boundaries)-1] {
		if !at.Before(from) && at.Before(boundaries[i+1]) {
			return i
		}
	}
	return -1
}

// count counts the elements for which something holds.
func count[T any](all []T, holds func(T) bool) (n int) {
	for _, one := range all {
		if holds(one) {
			n++
		}
	}
	return n
}

// furthest is the greatest stage in which an application was.
func (t told) furthest() int {
	return slices.MaxFunc(t.visits, func(a, b visit) int { return cmp.Compare(a.stage, b.stage) }).stage
}

func (t told) last() int { return t.visits[len(t.visits)-1].stage }

// times counts visits of a stage.
func (t told) times(stage int) int {
	return count(t.visits, func(v visit) bool { return v.stage == stage })
}
