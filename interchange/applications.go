package interchange

import (
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// applicationTable is what is compared of an application.
func applicationTable() table {
	return table{name: "applications", kind: gid.Application, tracked: true, versioned: true,
		columns: []column{{"candidate_id", ident}, {"source_id", ident}, {"credited_member_id", ident},
			{"stage_id", ident}, {"status", text}, {"applied_at", moment}, {"stage_entered_at", moment},
			{"last_activity_at", moment}, {"closed_at", moment}, {"rejection_reason_id", ident}, {"opening_id", ident}}}
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
	columns := append(append([]string{"id"}, names(t.columns)...), "created_at", "updated_at", "version")
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
	var here []*Reference
	for _, a := range part {
		if have, there := stored[a.id]; there && have.get(t, "opening_id") == a.Opening.id {
			here = append(here, &a.Reference)
		}
	}
	logs, err := r.logs(here)
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
		var rest []*Reference
		if err := store.Query(r.ctx, r.tx, `SELECT id FROM applications WHERE opening_id = $1 ORDER BY id`, o.id).Each(func(row store.Row) error {
			var id gid.ID
			err := row.Scan(&id)
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
	case there && have.get(t, "opening_id") != a.Opening.id:
		why = a.issue("", CodeConflict, Skipped, "is for another opening here; it is left as it is")
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
	one := row{rec: &a.Reference, values: d.values()}
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
		a.status = funnel.Status(have.get(t, "status").(string))
		a.closedAt = time.Time{}
		if closed, ok := have.get(t, "closed_at").(int64); ok {
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
	if have.get(t, "status") == string(funnel.StatusHired) && a.status != funnel.StatusHired {
		r.unhired = append(r.unhired, a)
	}
	return nil
}
