package interchange

import (
	"cmp"
	"slices"
	"time"

	"hireloop/funnel"
)

// facts is Facts with stages as positions: first is where the application
// begins when nothing says otherwise; stage is -1 when unknown.
type facts struct {
	applied, ended, last, known time.Time
	status                      funnel.Status
	stage, first, hired         int
}

// mark is Mark with its stage as a position, -1 when it names none.
type mark struct {
	kind   funnel.EventKind
	stage  int
	at     time.Time
	order  int
	reason string
}

// remark is what telling found about a mark, or about the application (-1).
type remark struct {
	mark    int
	code    Code
	outcome Outcome
	message string
}

// told is a history as it is told: possible from beginning to end, in order,
// and ending where the facts say.
type told struct {
	events  []funnel.Event
	of      []int // by mark: the event that it became, -1 when it changed nothing
	remarks []remark
	from    []int // by event: the mark that it came from, -1 when it is inferred

	facts  facts
	status funnel.Status // "" before the beginning
	stage  int
	before int // the last stage that was not the one of the hired
}

// tell makes a history of what is recorded and what is known as a whole:
//
//   - marks are taken in the order in which they happened, marks of one instant
//     in their given order; a mark that changes nothing is left out, one that
//     moves an ended application reopens it;
//   - a history that does not begin with entering a stage, or begins later than
//     the application, begins in the first stage when the application was made;
//   - when the history ends elsewhere than the facts say, what is missing
//     happened when the facts say, but not before the last mark.
//
// What is not recorded is INFERRED. ok is false when not even a time is known.
func tell(f facts, marks []mark) (t *told, ok bool) {
	t = &told{facts: f, of: make([]int, len(marks)), before: f.first}
	order := make([]int, len(marks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(marks[a].at.Compare(marks[b].at), marks[a].order-marks[b].order)
	})
	for _, i := range order {
		t.of[i] = -1
		t.take(i, marks[i])
	}
	if t.status == "" && !t.beginUnrecorded() {
		return nil, false
	}
	t.settle()
	return t, true
}

// soon is how much later than the application its first move may be recorded
// and still be where it began.
const soon = time.Minute

func (t *told) take(i int, m mark) {
	moves := m.kind == funnel.Enter || m.kind == funnel.Reopen
	f := t.facts
	if t.status == "" {
		to := m.stage
		if to < 0 {
			to = f.first
		}
		switch {
		case !moves:
			t.add(-1, funnel.Enter, f.first, earlier(f.applied, m.at), funnel.Inferred)
		case f.applied.IsZero() || m.at.Before(f.applied) || to != f.first && m.at.Sub(f.applied) <= soon:
			t.add(i, funnel.Enter, to, m.at, funnel.Recorded)
			return
		case to == f.first: // the row about applying: it happened when they applied
			t.add(i, funnel.Enter, to, f.applied, funnel.Recorded)
			return
		default:
			t.add(-1, funnel.Enter, f.first, f.applied, funnel.Inferred)
		}
	}
	active := t.status == funnel.StatusActive
	to := m.stage
	if to < 0 {
		to = t.before
		if active {
			to = t.stage
		}
	}
	switch {
	case moves && active && to == t.stage:
		if len(t.events) == 1 && t.events[0].At.Equal(f.applied) && to == f.first {
			t.of[i] = 0 // says once more that they applied
			return
		}
		t.drop(i, CodeNoMove, "the application is in that stage already")
	case moves && active:
		t.add(i, funnel.Enter, to, m.at, funnel.Recorded)
	case moves && to == t.stage && t.status == funnel.StatusHired:
		t.drop(i, CodeNoMove, "the application is hired already")
	case moves:
		if m.kind == funnel.Enter {
			t.remarks = append(t.remarks, remark{i, CodeOrder, Mapped, "the application had ended before; taken as reopened"})
		}
		t.add(i, funnel.Reopen, to, m.at, funnel.Recorded)
	case active:
		t.add(i, m.kind, 0, m.at, funnel.Recorded)
	case t.status == funnel.StatusHired:
		t.add(-1, funnel.Reopen, t.before, m.at, funnel.Inferred)
		t.add(i, m.kind, 0, m.at, funnel.Recorded)
		t.remarks = append(t.remarks, remark{i, CodeOrder, Mapped, "the application was hired before; taken as reopened and ended"})
	default:
		t.drop(i, CodeNoMove, "the application has ended already")
	}
}

func (t *told) drop(i int, code Code, why string) {
	t.remarks = append(t.remarks, remark{i, code, Skipped, why})
}

// beginUnrecorded begins a history of which nothing is recorded.
func (t *told) beginUnrecorded() bool {
	f := t.facts
	at := f.applied
	if at.IsZero() {
		at = earlier(f.ended, f.last)
	}
	if at.IsZero() {
		at = f.known
	}
	if at.IsZero() {
		return false
	}
	t.add(-1, funnel.Enter, f.first, at, funnel.Inferred)
	return true
}

// settle adds what is missing at the end.
func (t *told) settle() {
	f := t.facts
	active := t.status == funnel.StatusActive
	elsewhere := f.stage >= 0 && f.stage != f.hired && f.stage != t.stage
	switch f.status {
	case "":
		if active && elsewhere {
			t.infer(funnel.Enter, f.stage, f.last)
		}
	case funnel.StatusActive:
		switch {
		case !active && elsewhere:
			t.infer(funnel.Reopen, f.stage, f.last)
		case !active:
			t.infer(funnel.Reopen, t.before, f.last)
		case elsewhere:
			t.infer(funnel.Enter, f.stage, f.last)
		}
	case funnel.StatusHired:
		switch {
		case t.status == funnel.StatusHired:
		case active:
			at := t.end()
			if elsewhere {
				t.infer(funnel.Enter, f.stage, at)
			}
			t.infer(funnel.Enter, f.hired, at)
		default:
			t.infer(funnel.Reopen, f.hired, t.end())
		}
	default:
		if t.status == funnel.StatusRejected || t.status == funnel.StatusWithdrawn {
			return
		}
		at := t.end()
		if t.status == funnel.StatusHired {
			t.infer(funnel.Reopen, t.before, at)
			elsewhere = f.stage >= 0 && f.stage != f.hired && f.stage != t.stage
		}
		if elsewhere {
			t.infer(funnel.Enter, f.stage, at)
		}
		kind := funnel.Reject
		if f.status == funnel.StatusWithdrawn {
			kind = funnel.Withdraw
		}
		t.infer(kind, 0, at)
	}
}

// end is when the facts say that it ended, and a remark when that is impossible.
func (t *told) end() time.Time {
	f := t.facts
	if f.ended.IsZero() {
		return f.last
	}
	if last := t.events[len(t.events)-1].At; last.Sub(f.ended) >= time.Second {
		t.remarks = append(t.remarks, remark{-1, CodeOrder, Mapped,
			"ended before the last thing that is known to have happened; the end was moved there"})
	}
	return f.ended
}

// infer adds what nobody recorded, not before what is known.
func (t *told) infer(kind funnel.EventKind, stage int, at time.Time) {
	if last := t.events[len(t.events)-1].At; at.Before(last) {
		at = last
	}
	t.add(-1, kind, stage, at, funnel.Inferred)
}

func (t *told) add(i int, kind funnel.EventKind, stage int, at time.Time, q funnel.Quality) {
	if i >= 0 {
		t.of[i] = len(t.events)
	}
	t.from = append(t.from, i)
	switch kind {
	case funnel.Reject:
		t.status, stage = funnel.StatusRejected, 0
	case funnel.Withdraw:
		t.status, stage = funnel.StatusWithdrawn, 0
	default:
		t.status, t.stage = funnel.StatusActive, stage
		if stage == t.facts.hired {
			t.status = funnel.StatusHired
		} else {
			t.before = stage
		}
	}
	t.events = append(t.events, funnel.Event{Kind: kind, Stage: stage, At: at, Quality: q})
}

// earlier is the earlier of two times, of which a zero one is unknown.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
