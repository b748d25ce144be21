package interchange

import (
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// applicationTable is what is compared of an application.
func applicationTable() table {
	return table{name: "applications", kind: gid.Application, tracked: true, versioned: true,
		columns: []column{{"candidate_id", ident}, {"source_id", ident}, {"credited_member_id", ident},
			{"stage_id", ident}, {"status", text}, {"applied_at", moment}, {"stage_entered_at", moment},
			{"last_activity_at", moment}, {"closed_at", moment}, {"rejection_reason_id", ident}},
		fixed: []string{"opening_id"}}
}

// filing is where applications and what belongs to them go.
type filing struct {
	applications, events, visits *sink
}

// applications makes applications with their history: what is recorded is told
// as a possible history, the log gets what it lacks, and where the application
// stands and its visits follow from the log.
func (r *run) applications() error {
	t := applicationTable()
	var to filing
	var err error
	columns := append(append([]string{"id"}, names(t.columns)...), "opening_id", "created_at", "updated_at", "version")
	if to.applications, err = r.sink(t.name, columns...); err != nil {
		return err
	}
	if to.events, err = r.sink("stage_events", "id", "application_id", "sequence", "kind", "stage_id", "occurred_at", "recorded_at",
		"reason", "rejection_reason_id", "corrects_id", "quality"); err != nil {
		return err
	}
	if to.visits, err = r.sink("visits", "id", "application_id", "stage_id", "sequence", "entered_at", "exited_at", "outcome",
		"skipped_stage_ids", "quality"); err != nil {
		return err
	}
	for part := range slices.Chunk(r.world.Applications, chunk) {
		if err := r.file(t, part, to); err != nil {
			return err
		}
		r.step(len(part))
	}
	if err := r.reread(to.visits); err != nil {
		return err
	}
	for _, s := range []*sink{to.applications, to.events, to.visits} {
		if err := s.close(); err != nil {
			return err
		}
	}
	return nil
}

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

// file brings a chunk of applications in.
func (r *run) file(t table, part []*Application, to filing) error {
	recs := make([]*Reference, len(part))
	for i, a := range part {
		recs[i] = &a.Reference
	}
	known, err := r.find(recs)
	if err != nil {
		return err
	}
	stored, err := r.load(t, recs)
	if err != nil {
		return err
	}
	logs, err := r.logs(recs)
	if err != nil {
		return err
	}
	var changed []*dossier
	for _, a := range part {
		d, err := r.dossier(t, a, stored, logs[a.id], to)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		changed = append(changed, d)
		if err := r.refer(&a.Reference, known); err != nil {
			return err
		}
	}
	if err := to.applications.flush(); err != nil {
		return err
	}
	if err := r.writeVisits(changed, to.visits); err != nil {
		return err
	}
	for _, d := range changed {
		if err := r.writeEvents(d, to.events); err != nil {
			return err
		}
	}
	return nil
}

// reread makes the visits anew of applications that are not in the export, in
// openings whose stages have other places than before: they may have jumped
// over a stage that nobody knew of.
func (r *run) reread(out *sink) error {
	done := map[gid.ID]bool{}
	for _, a := range r.world.Applications {
		done[a.id] = true
	}
	for _, o := range r.world.Openings {
		if !o.restacked {
			continue
		}
		rows, err := r.tx.QueryContext(r.ctx, `SELECT id FROM applications WHERE opening_id = $1 ORDER BY id`, o.id)
		if err != nil {
			return err
		}
		var rest []*Reference
		if err := each(rows, func() error {
			var id gid.ID
			err := rows.Scan(&id)
			if !done[id] {
				rest = append(rest, &Reference{id: id})
			}
			return err
		}); err != nil {
			return err
		}
		for part := range slices.Chunk(rest, chunk) {
			logs, err := r.logs(part)
			if err != nil {
				return err
			}
			var dossiers []*dossier
			for _, rec := range part {
				d := &dossier{Application: &Application{Reference: *rec, Opening: o}, log: logs[rec.id], visits: true}
				if d.history, err = funnel.Replay(events(corrected(d.log)), d.facts().hired); err != nil {
					return err
				}
				dossiers = append(dossiers, d)
			}
			if err := r.writeVisits(dossiers, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// dossier tells the history of one application and makes its row. It is nil
// when the application is left out.
func (r *run) dossier(t table, a *Application, stored map[gid.ID]storedRow, log []entry, to filing) (*dossier, error) {
	have, there := stored[a.id]
	var why RowIssue
	switch {
	case a.Candidate.id.IsNil() || a.Opening.id.IsNil():
		why = a.issue("", CodeGone, Skipped, "what it belongs to is not here any more")
	case !a.id.IsNil() && !there:
		why = a.issue("", CodeGone, Skipped, "was removed here since it was imported; it is not brought back")
	}
	d := &dossier{Application: a, log: log}
	if why.Code == "" && !r.tell(d) {
		why = a.issue("applied_at", CodeInvalid, Skipped, "nothing says when it began")
	}
	if why.Code != "" {
		r.report.Add(why)
		a.id = gid.Nil
		r.settle(&a.Reference, skipped)
		r.countMarks(d, skipped)
		return nil, nil
	}
	a.status, a.closedAt = d.history.Status, d.history.ClosedAt
	one := row{rec: &a.Reference, values: d.values(), fixed: []any{a.Opening.id}}
	if !there {
		d.visits = true
		if err := r.create(t, one, to.applications); err != nil {
			return nil, err
		}
		r.countMarks(d, created)
		return d, nil
	}
	return d, r.refile(t, d, one, have)
}

// refile brings an application that is here up to date.
func (r *run) refile(t table, d *dossier, one row, have storedRow) error {
	a := d.Application
	appended := d.common < len(d.live) || d.common < len(d.told.events)
	if !r.before[have.updated] {
		a.kept = true
		a.status = funnel.Status(have.values[4].(string))
		a.closedAt = time.Time{}
		if closed, ok := have.values[8].(int64); ok {
			a.closedAt = time.UnixMicro(closed).UTC()
		}
		if appended {
			r.keep(&a.Reference, []string{"history"})
		} else if err := r.agree(t, one, have); err != nil {
			return err
		}
		r.countMarks(d, skipped)
		d.told, d.common = nil, 0
		if d.visits = a.Opening.restacked; d.visits {
			var err error
			d.history, err = funnel.Replay(events(d.live), a.facts().hired)
			return err
		}
		return nil
	}
	d.visits = appended || a.Opening.restacked
	if appended {
		// The columns may be the same, but the application is not.
		var set []string
		for _, c := range t.columns {
			set = append(set, c.name)
		}
		if err := r.update(t, a.id, set, one.values); err != nil {
			return err
		}
		r.settle(&a.Reference, updated)
	} else if err := r.agree(t, one, have); err != nil {
		return err
	}
	r.countMarks(d, created)
	if have.values[4] == string(funnel.StatusHired) && a.status != funnel.StatusHired {
		r.unhired = append(r.unhired, a)
	}
	return nil
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
		h.Visits[0].EnteredAt, h.EnteredAt, last, orNull(h.ClosedAt), reason}
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
