package interchange

import (
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// seatObject is the table that seats are of, in every system.
const seatObject = "job_opening"

// seatOf is the reference of the seat that a hire has when the export names none.
func seatOf(a *Application) Ref { return Ref{seatObject, "application:" + a.Key.ID} }

// seats makes the seats of each opening: those of the export, and one for every
// hire that has none. Only who is hired fills a seat, and only one.
func (r *run) seats() error {
	var all []*Seat
	for _, o := range r.world.Openings {
		for _, s := range o.Seats {
			s.opening = o
			all = append(all, s)
		}
	}
	if err := r.findSeats(all); err != nil {
		return err
	}
	holders, err := r.seated()
	if err != nil {
		return err
	}
	if err := r.adopt(all, holders); err != nil {
		return err
	}
	if err := r.vacate(all, holders); err != nil {
		return err
	}
	for _, s := range all {
		r.fill(s, holders)
	}
	var derived []*Seat
	for _, a := range r.world.Applications {
		if _, seated := holders[a.id]; a.status == funnel.StatusHired && !seated && !a.kept && !a.id.IsNil() {
			derived = append(derived, &Seat{
				Reference: Reference{Key: seatOf(a), Counted: "seats of hires without one", Added: true, File: a.File, Line: a.Line, At: a.At},
				Status:    "FILLED", Application: a, opening: a.Opening, OpenedAt: a.Facts.AppliedAt,
			})
		}
	}
	if err := r.findDerived(derived, all); err != nil {
		return err
	}
	all = append(all, derived...)
	if all, err = r.number(all); err != nil {
		return err
	}
	t := table{name: "seats", kind: gid.Seat, tracked: true, versioned: true,
		columns: []column{{"status", text}, {"application_id", ident}, {"filled_at", moment}, {"closed_at", moment}, {"close_reason", text}},
		fixed:   []string{"opening_id", "number", "is_backfill", "opened_at"}}
	err = put(r, t, all, func(s *Seat) (row, bool) {
		one := row{rec: &s.Reference, frozen: s.frozen, values: []any{s.Status, nil, nil, nil, nil},
			fixed: []any{s.opening.id, s.number, false, firstTime(s.OpenedAt, s.opening.OpenedAt, r.started)}}
		switch s.Status {
		case "FILLED":
			one.values[1], one.values[2] = s.Application.id, s.Application.closedAt
		case "CLOSED":
			one.values[3], one.values[4] = orNull(firstTime(s.ClosedAt, s.opening.ClosedAt, s.OpenedAt)), orNull(s.CloseReason)
		}
		return one, !s.opening.id.IsNil()
	})
	if err != nil {
		return err
	}
	return r.release()
}

// adopt lets a new seat of the export be the one that its application has here
// because no earlier export named one.
func (r *run) adopt(seats []*Seat, holders map[gid.ID]holder) error {
	var fresh, theirs []*Seat
	for _, s := range seats {
		if s.id.IsNil() && s.Application != nil {
			fresh = append(fresh, s)
			theirs = append(theirs, &Seat{Reference: Reference{Key: seatOf(s.Application)}})
		}
	}
	if err := r.findSeats(theirs); err != nil {
		return err
	}
	for i, s := range fresh {
		if h := holders[s.Application.id]; !h.seat.IsNil() && h.seat == theirs[i].id {
			s.id = h.seat
		}
	}
	return nil
}

// findDerived finds the seats of hires that the export names no seat for, but
// not those that have become seats of the export.
func (r *run) findDerived(derived, named []*Seat) error {
	taken := map[gid.ID]bool{}
	for _, s := range named {
		taken[s.id] = true
	}
	for len(derived) > 0 {
		if err := r.findSeats(derived); err != nil {
			return err
		}
		var again []*Seat
		for _, s := range derived {
			if !s.id.IsNil() && taken[s.id] {
				s.id = gid.Nil
				s.Key.ID += "+"
				again = append(again, s)
			}
		}
		derived = again
	}
	return nil
}

// vacate takes out of the seats here who does not fill them by the export, so
// that they can be given to others in any order.
func (r *run) vacate(seats []*Seat, holders map[gid.ID]holder) error {
	here := map[gid.ID]bool{}
	for _, a := range r.world.Applications {
		here[a.id] = true
	}
	sitting := map[gid.ID]gid.ID{} // application by seat
	for application, h := range holders {
		sitting[h.seat] = application
	}
	for _, s := range seats {
		application, sits := sitting[s.id]
		if s.frozen = sits && !here[application]; s.frozen {
			continue // the export does not know the hire: it stands
		}
		if !sits || !r.speaksOf(s, holders[application]) || s.Application != nil && s.Application.id == application {
			continue
		}
		delete(holders, application)
		if err := r.exec(`UPDATE seats SET application_id = NULL WHERE id = $1`, s.id); err != nil {
			return err
		}
	}
	return nil
}

// speaksOf tells whether the export decides who fills a seat that is here.
func (r *run) speaksOf(s *Seat, h holder) bool {
	return s.Stands == nil && !s.frozen && !h.kept && !slices.Contains(r.world.Silent["seats"], "application_id")
}

// fill decides whether the application that the export names for a seat fills it.
func (r *run) fill(s *Seat, holders map[gid.ID]holder) {
	a := s.Application
	if a == nil || !s.id.IsNil() && !r.speaksOf(s, holders[a.id]) {
		return
	}
	why := ""
	switch h, seated := holders[a.id]; {
	case a.status != funnel.StatusHired:
		why = "is filled by an application that is not hired; closed without it"
	case seated && (s.id.IsNil() || h.seat != s.id):
		why = "is filled by an application that has another seat; closed without it"
	}
	if why == "" {
		s.Status = "FILLED"
		holders[a.id] = holder{seat: s.id}
		return
	}
	s.Status, s.CloseReason = "CLOSED", "filled, by an application that does not fill it here"
	r.report.Add(s.issue("application_id", CodeConflict, Mapped, why))
}

func (r *run) findSeats(seats []*Seat) error {
	for part := range slices.Chunk(seats, chunk) {
		recs := make([]*Reference, len(part))
		for i, s := range part {
			recs[i] = &s.Reference
		}
		if _, err := r.find(recs); err != nil {
			return err
		}
	}
	return nil
}

// holder is a seat that an application fills.
type holder struct {
	seat gid.ID // nil for one that is not here yet
	kept bool   // it was changed here since it was imported
}

// seated is by application the seat here that it fills.
func (r *run) seated() (map[gid.ID]holder, error) {
	holders := map[gid.ID]holder{}
	if r.first {
		return holders, nil
	}
	for part := range slices.Chunk(r.world.Openings, chunk) {
		var ids []gid.ID
		for _, o := range part {
			ids = append(ids, o.id)
		}
		if err := store.Query(r.ctx, r.tx, `SELECT application_id, id, updated_at FROM seats WHERE application_id IS NOT NULL AND `+
			r.db.AmongIDs("opening_id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
			var application gid.ID
			var h holder
			var updated time.Time
			err := row.Scan(&application, &h.seat, &updated)
			h.kept = !r.before[updated.UnixMicro()]
			holders[application] = h
			return err
		}); err != nil {
			return nil, err
		}
	}
	return holders, nil
}

// number numbers new seats after those that their opening has, and leaves out
// spare ones that are not needed.
func (r *run) number(seats []*Seat) ([]*Seat, error) {
	next := map[gid.ID]int{}
	if !r.first {
		for part := range slices.Chunk(r.world.Openings, chunk) {
			ids := make([]gid.ID, len(part))
			for i, o := range part {
				ids[i] = o.id
			}
			most, err := r.most("seats", "opening_id", "number", ids)
			if err != nil {
				return nil, err
			}
			for id, n := range most {
				next[id] = n
			}
		}
	}
	needed := seats[:0]
	for _, s := range seats {
		if s.id.IsNil() && s.Spare && next[s.opening.id] > 0 {
			continue
		}
		if s.id.IsNil() && !s.IfHere {
			next[s.opening.id]++
			s.number = next[s.opening.id]
		}
		needed = append(needed, s)
	}
	return needed, nil
}

// most is the greatest number in a column by what the rows belong to.
func (r *run) most(table, owner, column string, owners []gid.ID) (map[gid.ID]int, error) {
	most := map[gid.ID]int{}
	return most, store.Query(r.ctx, r.tx, `SELECT `+owner+`, max(`+column+`) FROM `+table+` WHERE `+
		r.db.AmongIDs(owner, 1)+` GROUP BY `+owner, r.db.IDs(owners)).Each(func(row store.Row) error {
		var id gid.ID
		var n int
		err := row.Scan(&id, &n)
		most[id] = n
		return err
	})
}

// release opens the seats that applications still have which are not hired any
// more: the export says nothing of the seat, or not who fills it.
func (r *run) release() error {
	for _, a := range r.unhired {
		var seats []gid.ID
		if err := store.Query(r.ctx, r.tx, `SELECT id FROM seats WHERE application_id = $1`, a.id).Each(func(row store.Row) error {
			var id gid.ID
			err := row.Scan(&id)
			seats = append(seats, id)
			return err
		}); err != nil {
			return err
		}
		for _, id := range seats {
			r.report.AddedTo("seats of hires without one").Updated++
			if err := r.exec(`UPDATE seats SET status = 'OPEN', application_id = NULL, filled_at = NULL, updated_at = $1, version = version + 1
				WHERE id = $2`, r.started, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstTime is the first time that is known.
func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
