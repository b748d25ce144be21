package interchange

import (
	"slices"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

func (r *run) openings() error {
	t := table{name: "openings", kind: gid.Opening, tracked: true, versioned: true,
		columns: []column{{"title", text}, {"status", text}, {"requisition", text}, {"description", text},
			{"department_id", ident}, {"is_confidential", truth}, {"opened_at", moment}, {"closed_at", moment}, {"close_reason", text}},
		fixed: []string{"is_critical"}}
	err := put(r, t, r.world.Openings, func(o *Opening) (row, bool) {
		return row{rec: &o.Reference, fixed: []any{false}, values: []any{
			o.Title, o.Status, orNull(o.Requisition), o.Description, idOf(o.Department), o.Confidential,
			orNull(o.OpenedAt), orNull(o.ClosedAt), orNull(o.CloseReason),
		}}, true
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(r.world.Openings, chunk) {
		if err := r.place(part); err != nil {
			return err
		}
	}
	return nil
}

// place adds the locations that openings do not have yet.
func (r *run) place(openings []*Opening) error {
	var ids []gid.ID
	for _, o := range openings {
		if !o.id.IsNil() && o.fate != created {
			ids = append(ids, o.id)
		}
	}
	have := map[[2]gid.ID]bool{}
	if len(ids) > 0 {
		if err := store.Query(r.ctx, r.tx, `SELECT opening_id, location_id FROM opening_locations WHERE `+r.db.AmongIDs("opening_id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
			var pair [2]gid.ID
			err := row.Scan(&pair[0], &pair[1])
			have[pair] = true
			return err
		}); err != nil {
			return err
		}
	}
	for _, o := range openings {
		if o.id.IsNil() || o.kept {
			continue
		}
		before := len(have)
		for _, l := range o.Locations {
			pair := [2]gid.ID{o.id, l.id}
			if l.id.IsNil() || have[pair] {
				continue
			}
			have[pair] = true
			r.report.AddedTo("locations of openings").Created++
			if err := r.exec(`INSERT INTO opening_locations (opening_id, location_id) VALUES ($1, $2)`, o.id, l.id); err != nil {
				return err
			}
		}
		if len(have) > before && o.fate == unchanged {
			if err := r.exec(`UPDATE openings SET updated_at = $1, version = version + 1 WHERE id = $2`, r.started, o.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// stages makes each opening's pipeline: the stages of the export in their
// order, and between them those that only are here, after the one that they
// are after now. Stages are never removed.
func (r *run) stages() error {
	out, err := r.sink("stages", "id", "opening_id", "position", "name", "kind")
	if err != nil {
		return err
	}
	for part := range slices.Chunk(r.world.Openings, chunk/10) {
		var recs []*Reference
		var ids []gid.ID
		for _, o := range part {
			ids = append(ids, o.id)
			for _, s := range o.Stages {
				recs = append(recs, &s.Reference)
			}
		}
		known, err := r.find(recs)
		if err != nil {
			return err
		}
		here, err := r.pipelines(ids)
		if err != nil {
			return err
		}
		for _, o := range part {
			if err := r.pipeline(o, here[o.id], known, out); err != nil {
				return err
			}
		}
		r.step(len(recs))
	}
	return out.close()
}

// stageHere is a stage as it is here.
type stageHere struct {
	id         gid.ID
	position   int
	name, kind string
}

// pipelines are the stages of openings, in order.
func (r *run) pipelines(openings []gid.ID) (map[gid.ID][]stageHere, error) {
	here := map[gid.ID][]stageHere{}
	if r.first {
		return here, nil
	}
	return here, store.Query(r.ctx, r.tx, `SELECT opening_id, id, position, name, kind FROM stages WHERE `+
		r.db.AmongIDs("opening_id", 1)+` ORDER BY opening_id, position`, r.db.IDs(openings)).Each(func(row store.Row) error {
		var opening gid.ID
		var s stageHere
		err := row.Scan(&opening, &s.id, &s.position, &s.name, &s.kind)
		here[opening] = append(here[opening], s)
		return err
	})
}

func (r *run) pipeline(o *Opening, here []stageHere, known map[Ref]gid.ID, out *sink) error {
	o.pipeline, o.restacked = nil, false
	if o.id.IsNil() {
		for _, s := range o.Stages {
			r.settle(&s.Reference, skipped)
		}
		return nil
	}
	byID := map[gid.ID]stageHere{}
	for _, s := range here {
		byID[s.id] = s
	}
	o.pipeline = merged(o.Stages, here)
	if err := r.restack(o, byID); err != nil {
		return err
	}
	for i, s := range o.pipeline {
		s.position = i
		have, there := byID[s.id]
		if s.Key == (Ref{}) { // only here
			r.places[s.id] = i
			continue
		}
		switch {
		case !there:
			s.id = r.opt.IDs.New(gid.Stage)
			if s.Stands != nil {
				r.report.Add(*s.Stands)
			}
			r.settle(&s.Reference, created)
			if err := out.add(s.id, o.id, i, s.Name, s.Kind); err != nil {
				return err
			}
		case s.Stands != nil || o.kept || have.name == s.Name && have.kind == s.Kind:
			r.settle(&s.Reference, unchanged)
		default:
			r.settle(&s.Reference, updated)
			if err := r.exec(`UPDATE stages SET name = $1, kind = $2 WHERE id = $3`, s.Name, s.Kind, s.id); err != nil {
				return err
			}
		}
		r.places[s.id] = i
		if err := r.refer(&s.Reference, known); err != nil {
			return err
		}
	}
	return nil
}

// merged is the pipeline of the stages that are wanted and those that are here
// besides, in the order that is wanted. When something stands in for a stage,
// its place in that order is a guess, and the order here holds.
func merged(wanted []*Stage, here []stageHere) []*Stage {
	wanted = slices.DeleteFunc(slices.Clone(wanted), func(w *Stage) bool { return spared(w, here) })
	only := func(s stageHere) *Stage {
		if i := slices.IndexFunc(wanted, func(w *Stage) bool { return w.id == s.id }); i >= 0 {
			return wanted[i]
		}
		return &Stage{Name: s.name, Kind: s.kind, Reference: Reference{id: s.id}}
	}
	first, second := wanted, make([]*Stage, len(here))
	for i, s := range here {
		second[i] = only(s)
	}
	if slices.ContainsFunc(wanted, func(w *Stage) bool { return w.Stands != nil && !w.id.IsNil() }) {
		first, second = second, first
	}
	pipeline := slices.Clone(first)
	after := -1 // index of the stage that comes before in the second list
	for _, s := range second {
		at := slices.Index(pipeline, s)
		if at < 0 {
			at = after + 1
			if at == len(pipeline) && at > 0 && pipeline[at-1].Kind == hiredKind {
				at-- // nothing comes after the hired
			}
			pipeline = slices.Insert(pipeline, at, s)
		}
		after = at
	}
	return pipeline
}

// spared tells whether a spare stage is not needed.
func spared(w *Stage, here []stageHere) bool {
	return w.Spare && w.id.IsNil() && slices.ContainsFunc(here, func(s stageHere) bool { return w.Kind != "LEAD" || s.kind == "LEAD" })
}

// hiredKind is the kind of the stage of the hired.
const hiredKind = "HIRED"

// restack moves stages that are here to their new positions. Positions are
// unique, so they are all moved out of the way first.
func (r *run) restack(o *Opening, here map[gid.ID]stageHere) error {
	moved := map[gid.ID]int{}
	for i, s := range o.pipeline {
		if have, there := here[s.id]; there && have.position != i {
			moved[s.id] = i
		}
	}
	if len(moved) == 0 {
		return nil
	}
	o.restacked = true
	if err := r.exec(`UPDATE stages SET position = -1 - position WHERE opening_id = $1`, o.id); err != nil {
		return err
	}
	for i, s := range o.pipeline {
		if _, there := here[s.id]; there {
			if err := r.exec(`UPDATE stages SET position = $1 WHERE id = $2`, i, s.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) teams() error {
	var all []*TeamMember
	for _, o := range r.world.Openings {
		for _, m := range o.Team {
			m.opening = o
			all = append(all, m)
		}
	}
	t := table{name: "hiring_team_members", kind: gid.HiringTeamMember, fixed: []string{"opening_id", "member_id", "role"}}
	return put(r, t, all, func(m *TeamMember) (row, bool) {
		return row{rec: &m.Reference, kept: m.opening.kept, fixed: []any{m.opening.id, m.Member.id, m.Role}},
			!m.opening.id.IsNil() && !m.Member.id.IsNil()
	})
}
