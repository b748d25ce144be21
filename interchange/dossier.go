package interchange

import (
	"slices"

	"hireloop/funnel"
)

// dossier is one application on its way into the database.
type dossier struct {
	*Application
	log     []entry // as it is here, in the order of recording
	live    []entry // corrected, in the order of happening
	told    *told
	marks   []mark // those of the export first, then recorded ones that are only here
	history funnel.History
	common  int // how many events of live are as told
	visits  bool
}

// values are those of applicationTable's columns.
func (d *dossier) values() []any {
	h, a := d.history, d.Application
	var reason any
	if h.Status == funnel.StatusRejected || h.Status == funnel.StatusWithdrawn {
		reason = idOf(a.Reason)
	}
	last := d.told.events[len(d.told.events)-1].At
	if a.Facts.LastActivityAt.After(last) {
		last = a.Facts.LastActivityAt
	}
	return []any{a.Candidate.id, idOf(a.Source), idOf(a.Credited), a.Opening.pipeline[h.Stage].id, string(h.Status),
		h.Visits[0].EnteredAt, h.EnteredAt, last, orNull(h.ClosedAt), reason, a.Opening.id}
}

// tell tells the history of an application from the marks of the export and
// what is recorded here, and compares it with the log. false: nothing is known.
func (r *run) tell(d *dossier) bool {
	a := d.Application
	f := a.facts()
	d.live = corrected(d.log)
	d.marks = d.union()
	if f.status == "" && len(d.live) > 0 {
		f.fill(d.live)
	}
	ok := false
	if d.told, ok = tell(f, d.marks); !ok {
		return false
	}
	d.adopt()
	var err error
	if d.history, err = funnel.Replay(d.told.events, f.hired); err != nil {
		r.report.Add(a.issue("", CodeOrder, Mapped, "its history is impossible; only its beginning and its end were imported"))
		d.marks = nil
		if d.told, ok = tell(f, nil); !ok {
			return false
		}
		if d.history, err = funnel.Replay(d.told.events, f.hired); err != nil {
			return false
		}
	}
	for d.common < min(len(d.live), len(d.told.events)) && sameEvent(d.live[d.common].Event, d.told.events[d.common]) {
		d.common++
	}
	return true
}

// adopt keeps what the log says where it says the same. That something had
// happened by some time is better known from an earlier export.
func (d *dossier) adopt() {
	for i := range min(len(d.live), len(d.told.events)) {
		e, have := &d.told.events[i], d.live[i]
		if e.Quality == funnel.Inferred && have.Quality == funnel.Inferred && e.Kind == have.Kind && e.Stage == have.Stage &&
			!have.At.After(e.At) && (i == 0 || !have.At.Before(d.told.events[i-1].At)) {
			e.At = have.At
		}
		if !sameEvent(have.Event, *e) {
			return
		}
		e.Quality = have.Quality
	}
}

func events(log []entry) []funnel.Event {
	out := make([]funnel.Event, len(log))
	for i, e := range log {
		out[i] = e.Event
	}
	return out
}

func sameEvent(a, b funnel.Event) bool {
	return a.Kind == b.Kind && a.Stage == b.Stage && a.At.Equal(b.At)
}

// facts are the application's with stages as positions.
func (a *Application) facts() facts {
	f := facts{applied: a.Facts.AppliedAt, ended: a.Facts.EndedAt, last: a.Facts.LastActivityAt, known: a.Facts.Known,
		status: a.Facts.Status, stage: -1, hired: -1}
	lead := -1
	begun := false
	for i, s := range a.Opening.pipeline {
		switch {
		case s.Kind == hiredKind:
			f.hired = i
		case s.Kind == "LEAD" && lead < 0:
			lead = i
		case s.Kind != "LEAD" && !begun:
			f.first, begun = i, true
		}
	}
	if a.Facts.Lead && lead >= 0 {
		f.first = lead
	}
	if a.Facts.Stage != nil {
		f.stage = a.Facts.Stage.position
	}
	if f.status == funnel.StatusRejected && a.withdrew() {
		f.status = funnel.StatusWithdrawn
	}
	return f
}

// fill takes where the application stands from the log, when the export does
// not say.
func (f *facts) fill(live []entry) {
	h, err := funnel.Replay(events(live), f.hired)
	if err != nil {
		return // then the log is as good as empty
	}
	f.status, f.ended = h.Status, h.ClosedAt
	if f.stage < 0 {
		f.stage = h.Stage
	}
}

// withdrew tells whether the end of an application, if it has ended, was the
// candidate's: the reason says so.
func (a *Application) withdrew() bool { return a.Reason != nil && a.Reason.initiator == "THEM" }

// union is the marks of the export and, after them, what is recorded here and
// not in the export.
func (d *dossier) union() []mark {
	marks := make([]mark, 0, len(d.Marks)+len(d.live))
	for _, m := range d.Marks {
		one := mark{kind: m.Kind, stage: -1, at: m.At, order: m.Order, reason: m.Reason}
		if m.Stage != nil {
			one.stage = m.Stage.position
		}
		if m.Kind == funnel.Reject && d.withdrew() {
			one.kind = funnel.Withdraw
		}
		marks = append(marks, one)
	}
	for _, e := range d.live {
		one := mark{kind: e.Kind, stage: e.Stage, at: e.At, order: -1}
		if moves := e.Kind == funnel.Enter || e.Kind == funnel.Reopen; !moves {
			one.stage = -1
		}
		if e.Quality == funnel.Recorded && !slices.ContainsFunc(marks, one.same) {
			marks = append(marks, one)
		}
	}
	return marks
}

// same tells whether two marks say the same.
func (m mark) same(other mark) bool {
	moves := func(k funnel.EventKind) bool { return k == funnel.Enter || k == funnel.Reopen }
	return m.at.Equal(other.at) && moves(m.kind) == moves(other.kind) &&
		(m.stage == other.stage || m.stage < 0 || other.stage < 0)
}

// countMarks counts the rows that the marks of the export are of: most is what
// became of those that are new.
func (r *run) countMarks(d *dossier, most fate) {
	a := d.Application
	fates := map[int]fate{} // by line: created wins, then unchanged
	notes := map[int]remark{}
	if d.told != nil && len(d.marks) >= len(a.Marks) {
		for _, n := range d.told.remarks {
			if n.mark < 0 {
				r.report.Add(a.issue("", n.code, n.outcome, n.message))
			} else {
				notes[n.mark] = n
			}
		}
	}
	for i, m := range a.Marks {
		if m.Copy {
			continue
		}
		f := skipped
		if d.told != nil && i < len(d.told.of) {
			switch at := d.told.of[i]; {
			case at < 0:
			case at < d.common:
				f = unchanged
			default:
				f = most
			}
		}
		if have, seen := fates[m.Line]; !seen || f < have {
			fates[m.Line] = f
		}
	}
	reported := map[int]bool{}
	for i, m := range a.Marks {
		f, mine := fates[m.Line]
		if m.Copy || !mine || reported[m.Line] {
			continue
		}
		n, noted := notes[i]
		if noted && (n.outcome != Skipped || f == skipped) {
			reported[m.Line] = true
			r.report.Add(RowIssue{File: a.HistoryFile, Line: m.Line, ID: a.Key.ID, Code: n.code, Outcome: n.outcome, Message: n.message})
		}
	}
	for _, f := range fates {
		r.report.Table(a.History).count(f, 1)
	}
}
