package funnel

import (
	"math"
	"slices"
	"time"
)

// Kinds are the canonical kinds of stages in their order. Openings name their
// stages as they like; by kind they can be counted together.
var Kinds = []string{"LEAD", "APPLIED", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}

// Pipeline is the history of all applications of one opening, as columns: some
// 40 bytes a visit, so that a pass over millions takes milliseconds. It never
// changes; when an application does, the pipeline is built anew.
type Pipeline struct {
	kinds []uint8 // of each stage, by position: index into Kinds
	hired int     // position of the stage of the hired, -1 for none

	first  []int32 // application i has the visits first[i] up to first[i+1]
	source []int32 // of each application: any number that the caller gives sources

	stage   []uint8
	outcome []outcome
	quality []quality
	entered []int64 // microseconds since 1970
	left    []int64 // always while the visit lasts
	// When entering and leaving were recorded: later than they happened, if they
	// were entered later.
	enteredKnown []int64
	leftKnown    []int64

	// Logs with corrections, or recorded in another order than that of what
	// happened: of these the past cannot be told from the visits of today.
	revised map[int32][]Entry

	latest int64 // nothing happened or was recorded later
}

// always is later than anything.
const always = math.MaxInt64

// outcome is Outcome in a byte.
type outcome uint8

const (
	open outcome = iota
	advanced
	movedBack
	rejected
	withdrawn
)

var outcomes = map[Outcome]outcome{"": open, Advanced: advanced, Hired: advanced, MovedBack: movedBack, Rejected: rejected, Withdrawn: withdrawn}

// quality is Quality in a byte.
type quality uint8

var qualities = map[Quality]quality{"": 0, Recorded: 0, Derived: 1, Inferred: 2}

const inferred quality = 2

// Track is the log of one application in the order of recording, and what it is
// counted by.
type Track struct {
	Source int32
	Log    []Entry
}

// NewPipeline builds the columns of an opening with stages of these kinds, in
// their order. A track whose log is impossible is an *ImpossibleError with its
// index.
func NewPipeline(kinds []string, tracks []Track) (p *Pipeline, index int, err error) {
	b := NewBuilder(kinds)
	for i, t := range tracks {
		if err := b.Add(t); err != nil {
			return nil, i, err
		}
	}
	return b.Pipeline(), 0, nil
}

// revised reports whether a log says another thing than its beginning did: by a
// correction, or because what happened earlier was recorded later.
func revised(log []Entry) bool {
	for i, e := range log {
		if e.Corrects != 0 || i > 0 && (e.At.Before(log[i-1].At) || e.RecordedAt.Before(log[i-1].RecordedAt)) {
			return true
		}
	}
	return false
}

func (p *Pipeline) add(h History, t Track, revised bool) {
	begins := make([]int, 0, len(h.Visits)) // the entries that begin visits
	for i, e := range t.Log {
		p.latest = max(p.latest, e.At.UnixMicro(), e.RecordedAt.UnixMicro())
		if e.Kind == Enter || e.Kind == Reopen {
			begins = append(begins, i)
		}
	}
	for i, v := range h.Visits {
		left := int64(always)
		if !v.ExitedAt.IsZero() {
			left = v.ExitedAt.UnixMicro()
		}
		enteredKnown, leftKnown := int64(0), int64(0) // of a revised log nobody asks
		if !revised {
			enteredKnown = t.Log[begins[i]].RecordedAt.UnixMicro()
			if left != always {
				leftKnown = t.Log[begins[i]+1].RecordedAt.UnixMicro()
			}
		}
		p.stage, p.outcome = append(p.stage, uint8(v.Stage)), append(p.outcome, outcomes[v.Outcome])
		p.quality = append(p.quality, qualities[v.Quality])
		p.entered, p.left = append(p.entered, v.EnteredAt.UnixMicro()), append(p.left, left)
		p.enteredKnown, p.leftKnown = append(p.enteredKnown, enteredKnown), append(p.leftKnown, leftKnown)
	}
	p.first, p.source = append(p.first, int32(len(p.stage))), append(p.source, t.Source)
}

// trim gives back what append took in advance.
func (p *Pipeline) trim() {
	p.stage, p.outcome, p.quality = slices.Clone(p.stage), slices.Clone(p.outcome), slices.Clone(p.quality)
	p.first, p.source = slices.Clone(p.first), slices.Clone(p.source)
	p.entered, p.left = slices.Clone(p.entered), slices.Clone(p.left)
	p.enteredKnown, p.leftKnown = slices.Clone(p.enteredKnown), slices.Clone(p.leftKnown)
}

// Applications counts the applications.
func (p *Pipeline) Applications() int { return len(p.source) }

// Visits counts the visits.
func (p *Pipeline) Visits() int { return len(p.stage) }

// Bytes is the memory that the columns take.
func (p *Pipeline) Bytes() int {
	bytes := len(p.kinds) + 8*len(p.source) + len(p.stage)*(3+4*8)
	for _, log := range p.revised {
		bytes += 16 + len(log)*64
	}
	return bytes
}

// Moment is from when history is told: what had happened by At, as far as it had
// been recorded by Known. Both in the past reproduce a report of that day; At in
// the past and Known now is what is known today of that day.
type Moment struct{ At, Known time.Time }

// stay is one visit as told from a moment.
type stay struct {
	stage         int   // position, or kind
	entered, left int64 // left is always while it lasts
	outcome       outcome
	quality       quality
}

// teller tells the visits of one application after another, from a moment.
type teller struct {
	*Pipeline
	at, known int64
	byKind    bool
	all       bool // nothing is later than the moment
	stays     []stay
}

func (t *teller) begin(p *Pipeline, m Moment, byKind bool) {
	t.Pipeline, t.byKind = p, byKind
	t.at, t.known = m.At.UnixMicro(), m.Known.UnixMicro()
	t.all = p.latest <= t.at && p.latest <= t.known
}

// visits are the visits of application i; the slice holds until the next call.
// None: it had not begun, or nobody knew of it.
func (t *teller) visits(i int) []stay {
	t.stays = t.stays[:0]
	if !t.all && t.revised != nil {
		if log, ok := t.revised[int32(i)]; ok {
			t.replay(log)
			return t.stays
		}
	}
	from, to := t.first[i], t.first[i+1]
	stages, outcomes, qualities := t.stage[from:to], t.outcome[from:to], t.quality[from:to]
	entered, left := t.entered[from:to], t.left[from:to]
	for v := range stages {
		s := stay{stage: int(stages[v]), entered: entered[v], left: left[v], outcome: outcomes[v], quality: qualities[v]}
		if !t.all {
			if s.entered > t.at || t.enteredKnown[int(from)+v] > t.known {
				break
			}
			if s.left > t.at || t.leftKnown[int(from)+v] > t.known {
				s.left, s.outcome = always, open
			}
		}
		if t.byKind {
			s.stage = int(t.kinds[stages[v]])
			if t.joins(s) {
				continue
			}
		}
		t.stays = append(t.stays, s)
	}
	return t.stays
}

// replay tells what a revised log said at the moment.
func (t *teller) replay(log []Entry) {
	var known []Entry
	var latest int64
	for _, e := range log {
		// Clocks of two servers differ a little: nothing is known before what was
		// recorded before it.
		latest = max(latest, e.RecordedAt.UnixMicro())
		if latest <= t.known {
			known = append(known, e)
		}
	}
	events := slices.DeleteFunc(Corrected(known), func(e Event) bool { return e.At.UnixMicro() > t.at })
	if len(events) == 0 {
		return
	}
	h, err := Replay(events, t.hired)
	if err != nil {
		return // the beginning of a possible history is possible: see TestTheBeginningOfAHistoryIsPossible
	}
	for _, v := range h.Visits {
		s := stay{stage: v.Stage, entered: v.EnteredAt.UnixMicro(), left: always, outcome: outcomes[v.Outcome], quality: qualities[v.Quality]}
		if !v.ExitedAt.IsZero() {
			s.left = v.ExitedAt.UnixMicro()
		}
		if t.byKind {
			s.stage = int(t.kinds[v.Stage])
			if t.joins(s) {
				continue
			}
		}
		t.stays = append(t.stays, s)
	}
}

// joins reports whether a visit goes on with the one before, as moving to
// another stage of the same kind does. What the one before ended with is said by
// kind, too.
func (t *teller) joins(s stay) bool {
	if len(t.stays) == 0 {
		return false
	}
	last := &t.stays[len(t.stays)-1]
	if last.outcome != advanced && last.outcome != movedBack {
		return false
	}
	switch {
	case last.stage == s.stage:
		last.left, last.outcome, last.quality = s.left, s.outcome, max(last.quality, s.quality)
		return true
	case last.stage < s.stage:
		last.outcome = advanced
	default:
		last.outcome = movedBack
	}
	return false
}

// status is where the application of these visits stands.
func (t *teller) status(stays []stay) outcomeOf {
	last := &stays[len(stays)-1]
	switch {
	case last.outcome == rejected:
		return isRejected
	case last.outcome == withdrawn:
		return isWithdrawn
	case t.byKind && last.stage == len(Kinds)-1, !t.byKind && last.stage == t.hired:
		return isHired
	}
	return isActive
}

// outcomeOf is where an application stands, as an index.
type outcomeOf int

const (
	isActive outcomeOf = iota
	isRejected
	isWithdrawn
	isHired
	statuses
)
