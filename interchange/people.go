package interchange

import (
	"cmp"
	"slices"

	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

func (r *run) departments() error {
	t := table{name: "departments", kind: gid.Department, tracked: true, named: true,
		columns: []column{{"name", text}, {"parent_id", ident}}}
	return put(r, t, r.world.Departments, func(d *Department) (row, bool) {
		return row{rec: &d.Reference, values: []any{d.Name, idOf(d.Parent)}}, true
	})
}

func (r *run) locations() error {
	t := table{name: "locations", kind: gid.Location, tracked: true, named: true, columns: []column{{"name", text}}}
	return put(r, t, r.world.Locations, func(l *Location) (row, bool) {
		return row{rec: &l.Reference, values: []any{l.Name}}, true
	})
}

func (r *run) members() error {
	t := table{name: "members", kind: gid.Member, tracked: true, named: true,
		columns: []column{{"email", text}, {"name", text}, {"title", text}, {"roles", document}, {"deactivated_at", moment}}}
	return put(r, t, r.world.Members, func(m *Member) (row, bool) {
		return row{rec: &m.Reference, values: []any{m.Email, m.Name, orNull(m.Title), list(m.Roles), orNull(m.DeactivatedAt)}}, true
	})
}

func (r *run) sources() error {
	t := table{name: "sources", kind: gid.Source, tracked: true, named: true, columns: []column{{"name", text}, {"kind", text}}}
	return put(r, t, r.world.Sources, func(s *Source) (row, bool) {
		return row{rec: &s.Reference, values: []any{s.Name, s.Kind}}, true
	})
}

func (r *run) rejectionReasons() error {
	t := table{name: "rejection_reasons", kind: gid.RejectionReason, tracked: true, named: true,
		columns: []column{{"name", text}, {"initiator", text}}}
	err := put(r, t, r.world.RejectionReasons, func(x *RejectionReason) (row, bool) {
		x.initiator = x.Initiator
		return row{rec: &x.Reference, values: []any{x.Name, x.Initiator}}, true
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(r.world.RejectionReasons, chunk) {
		if err := r.initiators(part); err != nil {
			return err
		}
	}
	return nil
}

// initiators reads who ends applications for reasons that are left as they are
// here. Two records that are one row here say what that row says.
func (r *run) initiators(reasons []*RejectionReason) error {
	silent := slices.Contains(r.world.Silent["rejection_reasons"], "initiator")
	written, left := map[gid.ID]string{}, map[gid.ID][]*RejectionReason{}
	var ids []gid.ID
	for _, x := range reasons {
		if x.fate == created || x.fate == updated && !silent {
			written[x.id] = x.Initiator
		} else if !x.id.IsNil() {
			left[x.id] = append(left[x.id], x)
			ids = append(ids, x.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return store.Query(r.ctx, r.tx, `SELECT id, initiator FROM rejection_reasons WHERE `+r.db.AmongIDs("id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
		var id gid.ID
		var initiator string
		err := row.Scan(&id, &initiator)
		for _, x := range left[id] {
			x.initiator = cmp.Or(written[id], initiator)
		}
		return err
	})
}

func (r *run) candidates() error {
	t := table{name: "candidates", kind: gid.Candidate, tracked: true, versioned: true,
		columns: []column{{"name", text}, {"headline", text}, {"company", text}, {"location", text},
			{"links", document}, {"tags", document}, {"is_private", truth}, {"search_text", text}}}
	err := put(r, t, r.world.Candidates, func(c *Candidate) (row, bool) {
		return row{rec: &c.Reference, values: []any{
			c.Name, orNull(c.Headline), orNull(c.Company), orNull(c.Location), list(c.Links), list(c.Tags), c.Private,
			hiring.SearchText(c.Name, c.Headline, c.Tags),
		}}, true
	})
	if err != nil || r.first {
		return err
	}
	for part := range slices.Chunk(r.world.Candidates, chunk) {
		if err := r.followMerges(part); err != nil {
			return err
		}
	}
	return nil
}

// followMerges lets candidates that were merged here stand for who they are now.
func (r *run) followMerges(candidates []*Candidate) error {
	var ids []gid.ID
	for _, c := range candidates {
		if c.kept {
			ids = append(ids, c.id)
		}
	}
	into := map[gid.ID]gid.ID{}
	for len(ids) > 0 {
		ids = ids[:0]
		if err := store.Query(r.ctx, r.tx, `SELECT id, merged_into_id FROM candidates WHERE merged_into_id IS NOT NULL AND `+r.db.AmongIDs("id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
			var from, to gid.ID
			err := row.Scan(&from, &to)
			if _, seen := into[from]; !seen {
				into[from] = to
				ids = append(ids, to)
			}
			return err
		}); err != nil {
			return err
		}
	}
	for _, c := range candidates {
		for range into { // at most one step for each merge
			next, merged := into[c.id]
			if !merged {
				break
			}
			c.id = next
		}
	}
	return nil
}

func (r *run) contacts() error {
	var all []*Contact
	for _, c := range r.world.Candidates {
		for _, x := range c.Contacts {
			x.candidate = c
			all = append(all, x)
		}
	}
	if err := r.samePeople(all); err != nil {
		return err
	}
	t := table{name: "candidate_contacts", kind: gid.CandidateContact,
		columns: []column{{"kind", text}, {"position", number}, {"address", text}, {"normalized", text}},
		fixed:   []string{"candidate_id"}}
	return put(r, t, all, func(x *Contact) (row, bool) {
		c := x.candidate
		return row{rec: &x.Reference, kept: c.kept, fixed: []any{c.id},
			values: []any{x.Kind, x.Position, x.Address, x.Normalized}}, !c.id.IsNil()
	})
}

// samePeople reports new candidates who can be reached as others can. They are
// not merged: a shared address is not proof.
func (r *run) samePeople(contacts []*Contact) error {
	firsts := map[string]*Candidate{}
	reported := map[*Candidate]bool{}
	report := func(c *Candidate, who string) {
		if !reported[c] {
			reported[c] = true
			r.report.Add(c.issue("", CodeSameCandidate, Noted, "has the e-mail address or telephone number of "+who+"; merge them if they are one person"))
		}
	}
	for part := range slices.Chunk(contacts, chunk) {
		here, err := r.reachedBy(part)
		if err != nil {
			return err
		}
		for _, x := range part {
			key := x.Kind + " " + x.Normalized
			other, again := firsts[key]
			if !again {
				firsts[key] = x.candidate
			}
			switch owner := here[key]; {
			case x.Normalized == "" || x.candidate.fate != created:
			case !owner.IsNil() && owner != x.candidate.id:
				report(x.candidate, owner.String()+", who is here already")
			case again && other != x.candidate:
				report(x.candidate, "candidate "+other.Key.ID+" of the export")
			}
		}
	}
	return nil
}

// reachedBy is who is reached here by these addresses.
func (r *run) reachedBy(contacts []*Contact) (map[string]gid.ID, error) {
	var wanted []string
	for _, x := range contacts {
		if x.candidate.fate == created && x.Normalized != "" {
			wanted = append(wanted, x.Normalized)
		}
	}
	here := map[string]gid.ID{}
	if len(wanted) == 0 {
		return here, nil
	}
	return here, store.Query(r.ctx, r.tx, `SELECT kind, normalized, candidate_id FROM candidate_contacts WHERE kind IN ('EMAIL', 'PHONE') AND `+
		r.db.AmongTexts("normalized", 1)+` ORDER BY candidate_id`, r.db.Texts(wanted)).Each(func(row store.Row) error {
		var kind, normalized string
		var id gid.ID
		err := row.Scan(&kind, &normalized, &id)
		if key := kind + " " + normalized; here[key].IsNil() {
			here[key] = id
		}
		return err
	})
}

// list is a list as a document, never null.
func list[T any](values []T) any {
	if values == nil {
		values = []T{}
	}
	return asJSON(values)
}

// idOf is the id of a record that may be nil or not here.
func idOf[T any, P interface {
	*T
	reference() *Reference
}](p P) any {
	if p == nil {
		return nil
	}
	return orNull(p.reference().id)
}
