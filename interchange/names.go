package interchange

import (
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// nameRows decides which row gets which name, in a table where no two rows
// share one, and answers in which order the rows must be written: a name is
// free for another only when it was given up.
//
// A row that is not known otherwise is the one here of its name, unless that is
// another record. Where a name is not to be had, the former one stays, and a
// new row gets its id added to the name.
func (r *run) nameRows(t table, rows []row, stored map[gid.ID]storedRow) ([]row, error) {
	owners, err := r.owners(t, rows)
	if err != nil {
		return nil, err
	}
	claimed := map[gid.ID]bool{}
	var ordered, renamed, waiting []row
	for _, one := range rows {
		have, there := stored[one.rec.id]
		claimed[one.rec.id] = true
		switch {
		case !there || one.rec.Stands != nil || r.changedHere(t, have) || r.silent(t, t.columns[0]) || have.values[0] == one.values[0]:
			ordered = append(ordered, one)
		default:
			waiting = append(waiting, one)
		}
	}
	for progress := true; progress; {
		progress = false
		var still []row
		for _, one := range waiting {
			name := one.values[0].(string)
			if _, taken := owners[name]; taken {
				still = append(still, one)
				continue
			}
			former := stored[one.rec.id].values[0].(string)
			if owners[former] == one.rec.id {
				delete(owners, former)
			}
			owners[name] = one.rec.id
			renamed = append(renamed, one)
			progress = true
		}
		waiting = still
	}
	for _, one := range waiting {
		r.report.Add(one.rec.issue(t.columns[0].name, CodeTaken, Noted, "another row here has this "+t.columns[0].name+"; the former one stays"))
		one.values[0] = nil // no change: see agree
	}
	var linked []*Reference
	for _, one := range ordered {
		if !one.rec.id.IsNil() {
			continue
		}
		name := one.values[0].(string)
		owner, taken := owners[name]
		switch given := r.named[t.name+" "+name]; {
		case taken && !given && !claimed[owner] && r.claims[owner] == nil:
			one.rec.id = owner
			claimed[owner] = true
			r.claims[owner] = one.rec
			linked = append(linked, one.rec)
			continue
		case taken || given:
			one.values[0] = name + " (" + one.rec.Key.ID + ")"
			r.report.Add(one.rec.issue(t.columns[0].name, CodeTaken, Mapped, "another row has this "+t.columns[0].name+"; the id was added to it"))
		}
		r.named[t.name+" "+one.values[0].(string)] = true
	}
	more, err := r.load(t, linked)
	if err != nil {
		return nil, err
	}
	for id, have := range more {
		stored[id] = have
	}
	return append(append(renamed, waiting...), ordered...), nil
}

// owners are the rows here that have the names that are wanted.
func (r *run) owners(t table, rows []row) (map[string]gid.ID, error) {
	wanted := make([]string, len(rows))
	for i, one := range rows {
		wanted[i] = one.values[0].(string)
	}
	owners := map[string]gid.ID{}
	return owners, store.Query(r.ctx, r.tx, "SELECT "+t.columns[0].name+", id FROM "+t.name+" WHERE "+r.db.AmongTexts(t.columns[0].name, 1), r.db.Texts(wanted)).Each(func(row store.Row) error {
		var name string
		var id gid.ID
		err := row.Scan(&name, &id)
		owners[name] = id
		return err
	})
}
