package interchange

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// entry is an entry of an application's log as it is here.
type entry struct {
	funnel.Entry
	id gid.ID
}

// logs are the logs of applications, in the order of recording.
func (r *run) logs(recs []*Reference) (map[gid.ID][]entry, error) {
	logs := map[gid.ID][]entry{}
	var ids []gid.ID
	for _, rec := range recs {
		if !rec.id.IsNil() {
			ids = append(ids, rec.id)
		}
	}
	if len(ids) == 0 {
		return logs, nil
	}
	return logs, store.Query(r.ctx, r.tx, `SELECT application_id, id, sequence, kind, stage_id, occurred_at, corrects_id, corrected_kind, quality
		FROM stage_events WHERE `+r.db.AmongIDs("application_id", 1)+` ORDER BY application_id, sequence`, r.db.IDs(ids)).Each(func(row store.Row) error {
		var application, stage, corrects gid.ID
		var e entry
		var kind, quality string
		var corrected sql.NullString
		if err := row.Scan(&application, &e.id, &e.Sequence, &kind, &stage, &e.At, &corrects, &corrected, &quality); err != nil {
			return err
		}
		e.At, e.Kind, e.Quality = e.At.UTC(), funnel.EventKind(kind), funnel.Quality(quality)
		if kind == "CORRECT" {
			e.Kind, e.Void = funnel.EventKind(corrected.String), !corrected.Valid
			for _, earlier := range logs[application] {
				if earlier.id == corrects {
					e.Corrects = earlier.Sequence
				}
			}
		}
		if !stage.IsNil() {
			place, ok := r.places[stage]
			if !ok {
				return fmt.Errorf("stage event %s leads into a stage of another opening", e.id)
			}
			e.Stage = place
		}
		logs[application] = append(logs[application], e)
		return nil
	})
}

// corrected is funnel.Corrected, with the entries that say what it says now.
func corrected(log []entry) []entry {
	corrections := map[int]entry{}
	for _, e := range log {
		if e.Corrects != 0 {
			corrections[e.Corrects] = e
		}
	}
	type placed struct {
		entry
		place int
	}
	var live []placed
	for _, e := range log {
		if e.Corrects != 0 {
			continue
		}
		p := placed{e, e.Sequence}
		for c, ok := corrections[p.Sequence]; ok; c, ok = corrections[p.Sequence] {
			p.entry = c
		}
		if !p.Void {
			live = append(live, p)
		}
	}
	slices.SortStableFunc(live, func(a, b placed) int { return cmp.Or(a.At.Compare(b.At), a.place-b.place) })
	out := make([]entry, len(live))
	for i, p := range live {
		out[i] = p.entry
	}
	return out
}

// writeEvents adds to the log what it lacks. What it says and is not so, or
// comes later than something that it lacks, is corrected and said anew.
func (r *run) writeEvents(d *dossier, out *sink) error {
	if d.told == nil {
		return nil
	}
	a := d.Application
	sequence := len(d.log)
	write := func(kind string, stage any, at time.Time, reason, rejection, corrects any, q funnel.Quality) error {
		sequence++
		id := r.opt.IDs.New(gid.StageEvent)
		if err := out.add(id, a.id, sequence, kind, stage, at, r.started, reason, rejection, corrects, string(q)); err != nil {
			return err
		}
		return r.name(Ref{a.EventObject, fmt.Sprintf("%s#%d", a.Key.ID, sequence)}, id)
	}
	for _, e := range d.live[d.common:] {
		r.report.AddedTo("corrections of history").Created++
		if err := write("CORRECT", nil, e.At, "a later export says otherwise", nil, e.id, funnel.Derived); err != nil {
			return err
		}
	}
	for i, e := range d.told.events {
		if i < d.common {
			continue
		}
		var stage, reason, rejection any
		if e.Kind == funnel.Enter || e.Kind == funnel.Reopen {
			stage = a.Opening.pipeline[e.Stage].id
		} else if last := i == len(d.told.events)-1; last {
			rejection = idOf(a.Reason)
		}
		if m := d.told.from[i]; m >= 0 {
			reason = orNull(d.marks[m].reason)
		} else {
			r.report.AddedTo("history that nobody recorded").Created++
		}
		if err := write(string(e.Kind), stage, e.At, reason, rejection, nil, e.Quality); err != nil {
			return err
		}
	}
	return nil
}

// visitHere is a visit as it is here.
type visitHere struct {
	id, stage gid.ID
	entered   time.Time
}

// writeVisits makes the visits those of the histories. A visit that begins as
// before keeps its id.
func (r *run) writeVisits(dossiers []*dossier, out *sink) error {
	here, err := r.visitsHere(dossiers)
	if err != nil {
		return err
	}
	var drop []gid.ID
	for _, d := range dossiers {
		for i, old := range here[d.id] {
			if i >= len(d.history.Visits) || !d.visit(i).begins(old) {
				drop = append(drop, old.id)
			}
		}
	}
	if len(drop) > 0 {
		if err := r.exec(`DELETE FROM visits WHERE `+r.db.AmongIDs("id", 1), r.db.IDs(drop)); err != nil {
			return err
		}
	}
	for _, d := range dossiers {
		if !d.visits {
			continue
		}
		for i, v := range d.history.Visits {
			w := d.visit(i)
			exited, outcome, skipped := orNull(v.ExitedAt), orNull(string(v.Outcome)), d.ids(v.Skipped)
			if old := here[d.id]; i < len(old) && w.begins(old[i]) {
				err = r.exec(`UPDATE visits SET exited_at = $1, outcome = $2, skipped_stage_ids = $3, quality = $4 WHERE id = $5`,
					exited, outcome, skipped, string(v.Quality), old[i].id)
			} else {
				err = out.add(r.opt.IDs.New(gid.Visit), d.id, w.stage, i+1, w.entered, exited, outcome, skipped, string(v.Quality))
			}
			if err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// visit is the nth visit as it should be here.
func (d *dossier) visit(n int) visitHere {
	v := d.history.Visits[n]
	return visitHere{stage: d.Opening.pipeline[v.Stage].id, entered: v.EnteredAt}
}

func (v visitHere) begins(like visitHere) bool {
	return v.stage == like.stage && v.entered.Equal(like.entered)
}

// ids are those of stages, given as positions; mostly there are none.
func (d *dossier) ids(stages []int) json.RawMessage {
	if len(stages) == 0 {
		return json.RawMessage(`[]`)
	}
	ids := make([]gid.ID, len(stages))
	for i, s := range stages {
		ids[i] = d.Opening.pipeline[s].id
	}
	return asJSON(ids)
}

func (r *run) visitsHere(dossiers []*dossier) (map[gid.ID][]visitHere, error) {
	here := map[gid.ID][]visitHere{}
	var ids []gid.ID
	for _, d := range dossiers {
		if d.visits && len(d.log) > 0 {
			ids = append(ids, d.id)
		}
	}
	if len(ids) == 0 {
		return here, nil
	}
	return here, store.Query(r.ctx, r.tx, `SELECT application_id, id, stage_id, entered_at FROM visits WHERE `+
		r.db.AmongIDs("application_id", 1)+` ORDER BY application_id, sequence`, r.db.IDs(ids)).Each(func(row store.Row) error {
		var application gid.ID
		var v visitHere
		err := row.Scan(&application, &v.id, &v.stage, &v.entered)
		here[application] = append(here[application], v)
		return err
	})
}
