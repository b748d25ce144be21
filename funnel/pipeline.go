package funnel

import (
	"math"
	"slices"
	"time"
)

// Kinds are the canonical kinds of stages in their order. Openings name their
// stages as they like; by kind they can be counted together.
var Kinds = []string{"LEAD", "APPLIED", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}

// hiredKind is the index of HIRED.
const hiredKind = 5

// Pipeline is the history of all applications of one opening in a compact form:
// 43 bytes a visit, so that a pass over millions takes milliseconds. It never
// changes; when an application does, the pipeline is built anew.
type Pipeline struct {
	kinds []uint8 // of each stage, by position: index into Kinds
	hired int     // position of the stage of the hired, -1 for none

	first  []int32 // application i has the visits first[i] up to first[i+1]
	source []int32 // of each application: any number that the caller gives sources

	stays    []stay     // the visits as they are told now
	recorded []recorded // when what they tell was recorded

	// Logs with corrections, or recorded in another order than that of what
	// happened: of these the past cannot be told from the visits of today.
	revised map[int32][]Entry

	latest int64 // nothing happened or was recorded later
}

// stay is one visit. Times are in microseconds since 1970. Where millions are gone
// through, it is by pointer: copying one whose fields were just written makes the
// processor wait for them.
type stay struct {
	entered, left int64  // left is always while it lasts
	stage         uint16 // position, or index into Kinds
	outcome       outcome
	quality       quality
}

// lasted is how long, in microseconds; until now, while it lasts.
func (s *stay) lasted(now int64) int64 {
	if s.outcome == open {
		return now - s.entered
	}
	return s.left - s.entered
}

// recorded is when entering and leaving were recorded: later than they happened,
// if they were entered later. Of a revised log nobody asks.
type recorded struct{ entered, left int64 }

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
// their order, as a Builder does. A track that it refuses is told by its index.
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
		s := stayed(v)
		var r recorded
		if !revised {
			r.entered = t.Log[begins[i]].RecordedAt.UnixMicro()
			if s.outcome != open {
				r.left = t.Log[begins[i]+1].RecordedAt.UnixMicro()
			}
		}
		p.stays, p.recorded = append(p.stays, s), append(p.recorded, r)
	}
	p.first, p.source = append(p.first, int32(len(p.stays))), append(p.source, t.Source)
}

// stayed is a visit by its own stage.
func stayed(v Visit) stay {
	s := stay{stage: uint16(v.Stage), entered: v.EnteredAt.UnixMicro(), left: always, outcome: outcomes[v.Outcome], quality: qualities[v.Quality]}
	if s.outcome != open {
		s.left = v.ExitedAt.UnixMicro()
	}
	return s
}

// trim gives back what append took in advance.
func (p *Pipeline) trim() {
	p.first, p.source = slices.Clone(p.first), slices.Clone(p.source)
	p.stays, p.recorded = slices.Clone(p.stays), slices.Clone(p.recorded)
}

// Applications counts the applications.
func (p *Pipeline) Applications() int { return len(p.source) }

// Kinds are the kinds of the stages, by position.
func (p *Pipeline) Kinds() []string {
	kinds := make([]string, len(p.kinds))
	for i, k := range p.kinds {
		kinds[i] = Kinds[k]
	}
	return kinds
}

// Visits counts the visits.
func (p *Pipeline) Visits() int { return len(p.stays) }

// Bytes is the memory that the visits and the revised logs take.
func (p *Pipeline) Bytes() int {
	const entry, visit = 112, 24 + 16
	bytes := len(p.kinds) + 8*len(p.source) + visit*len(p.stays)
	for _, log := range p.revised {
		bytes += 32 + entry*len(log)
	}
	return bytes
}

// Moment is from when history is told: what had happened by At, as far as it had
// been recorded by Known. Both in the past reproduce a report of that day; At in
// the past and Known now is what is known today of that day.
type Moment struct{ At, Known time.Time }

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

// visits are the visits of application i; the slice holds until the next call
// and is not to be changed. None: it had not begun, or nobody knew of it.
func (t *teller) visits(i int) []stay {
	from, to := t.first[i], t.first[i+1]
	stays := t.Pipeline.stays[from:to]
	if !t.all {
		stays = t.past(i, stays, t.recorded[from:to])
	}
	if t.byKind {
		stays = t.join(stays)
	}
	return stays
}

// past is what was known at the moment of the visits of application i.
func (t *teller) past(i int, stays []stay, recorded []recorded) []stay {
	if log, ok := t.revised[int32(i)]; ok {
		return t.replay(log)
	}
	t.stays = append(t.stays[:0], stays...)
	for i := range t.stays {
		s := &t.stays[i]
		if s.entered > t.at || recorded[i].entered > t.known {
			return t.stays[:i]
		}
		if s.left > t.at || recorded[i].left > t.known {
			s.left, s.outcome = always, open
		}
	}
	return t.stays
}

// replay tells what a revised log said at the moment.
func (t *teller) replay(log []Entry) []stay {
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
	h, err := Replay(events, t.hired)
	if err != nil {
		return nil // there was nothing yet: see TestTheBeginningOfAHistoryIsPossible
	}
	t.stays = t.stays[:0]
	for _, v := range h.Visits {
		t.stays = append(t.stays, stayed(v))
	}
	return t.stays
}

// join makes visits of stages visits of kinds: one goes on with the one before
// when that ended by moving to another stage of the same kind, and what visits
// ended with is said by kind, too.
func (t *teller) join(stays []stay) []stay {
	if cap(t.stays) < len(stays) {
		t.stays = make([]stay, 2*len(stays))
	}
	joined := t.stays[:len(stays)] // may be stays
	n := 0
	for i := range stays {
		s := &stays[i]
		kind := uint16(t.kinds[s.stage])
		if n > 0 {
			last := &joined[n-1]
			if last.outcome == advanced || last.outcome == movedBack {
				switch {
				case last.stage < kind:
					last.outcome = advanced
				case last.stage > kind:
					last.outcome = movedBack
				case kind != hiredKind:
					last.left, last.outcome, last.quality = s.left, s.outcome, max(last.quality, s.quality)
					continue
				}
			}
		}
		joined[n] = stay{entered: s.entered, left: s.left, stage: kind, outcome: s.outcome, quality: s.quality}
		n++
	}
	return joined[:n]
}

// status is where the application of these visits stands.
func (t *teller) status(stays []stay) outcomeOf {
	last := &stays[len(stays)-1]
	switch {
	case last.outcome == rejected:
		return isRejected
	case last.outcome == withdrawn:
		return isWithdrawn
	case t.byKind && last.stage == hiredKind, !t.byKind && int(last.stage) == t.hired:
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
