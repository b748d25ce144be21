package interchange

import (
	"slices"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

func (r *run) loops() error {
	t := table{name: "loops", kind: gid.Loop, tracked: true, versioned: true,
		columns: []column{{"status", text}}, fixed: []string{"application_id", "reveal_policy"}}
	return put(r, t, r.world.Loops, func(l *Loop) (row, bool) {
		status := "COMPLETED"
		if l.Application.status == "ACTIVE" {
			status = "ACTIVE"
		}
		return row{rec: &l.Reference, values: []any{status}, fixed: []any{l.Application.id, "OWN_SUBMITTED"}}, !l.Application.id.IsNil()
	})
}

func (r *run) interviews() error {
	var all []*Interview
	for _, l := range r.world.Loops {
		for _, i := range l.Interviews {
			i.loop = l
			all = append(all, i)
		}
	}
	if err := r.spareInterviews(all); err != nil {
		return err
	}
	err := numbered(r, all, "interviews", "loop_id", func(i *Interview) (*Reference, gid.ID, *int) { return &i.Reference, i.loop.id, &i.position })
	if err != nil {
		return err
	}
	t := table{name: "interviews", kind: gid.Interview, tracked: true, versioned: true,
		columns: []column{{"key", text}, {"name", text}, {"status", text}, {"minutes", number}, {"starts_at", moment}, {"ends_at", moment}},
		fixed:   []string{"loop_id", "position", "focus_signals"}}
	return put(r, t, all, func(i *Interview) (row, bool) {
		return row{rec: &i.Reference, fixed: []any{i.loop.id, i.position, asJSON([]string{})},
			values: []any{Slug(i.Name, 60), i.Name, i.Status, i.Minutes, orNull(i.StartsAt), orNull(i.EndsAt)}}, !i.loop.id.IsNil()
	})
}

// spareInterviews leaves out interviews that are there only to hold scorecards
// that are here already, in the interviews that they were imported with.
func (r *run) spareInterviews(all []*Interview) error {
	for part := range slices.Chunk(all, chunk) {
		var recs []*Reference
		for _, i := range part {
			for _, s := range i.Scorecards {
				recs = append(recs, &s.Reference)
			}
		}
		if _, err := r.find(recs); err != nil {
			return err
		}
		for _, i := range part {
			isNew := func(s *Scorecard) bool { return s.id.IsNil() }
			i.IfHere = i.Added && !slices.ContainsFunc(i.Scorecards, isNew)
			for _, s := range i.Seats {
				s.IfHere = i.IfHere
			}
		}
	}
	return nil
}

func (r *run) interviewSeats() error {
	var all []*InterviewSeat
	for _, l := range r.world.Loops {
		for _, i := range l.Interviews {
			for _, s := range i.Seats {
				s.interview = i
				all = append(all, s)
			}
		}
	}
	if err := r.spareSeats(all); err != nil {
		return err
	}
	err := numbered(r, all, "interview_seats", "interview_id", func(s *InterviewSeat) (*Reference, gid.ID, *int) {
		return &s.Reference, s.interview.id, &s.position
	})
	if err != nil {
		return err
	}
	t := table{name: "interview_seats", kind: gid.InterviewSeat, columns: []column{{"member_id", ident}},
		fixed: []string{"interview_id", "position", "role", "is_shadow"}}
	return put(r, t, all, func(s *InterviewSeat) (row, bool) {
		return row{rec: &s.Reference, kept: s.interview.kept, values: []any{idOf(s.Member)},
			fixed: []any{s.interview.id, s.position, "interviewer", false}}, !s.interview.id.IsNil()
	})
}

// spareSeats leaves out seats that follow from scorecards when their authors
// sit in the interviews here.
func (r *run) spareSeats(all []*InterviewSeat) error {
	if r.first {
		return nil
	}
	for part := range slices.Chunk(all, chunk) {
		var interviews []gid.ID
		for _, s := range part {
			interviews = append(interviews, s.interview.id)
		}
		sits := map[[2]gid.ID]bool{}
		if err := store.Query(r.ctx, r.tx, `SELECT interview_id, member_id FROM interview_seats WHERE `+r.db.AmongIDs("interview_id", 1), r.db.IDs(interviews)).Each(func(row store.Row) error {
			var pair [2]gid.ID
			err := row.Scan(&pair[0], &pair[1])
			sits[pair] = true
			return err
		}); err != nil {
			return err
		}
		for _, s := range part {
			if s.Added && sits[[2]gid.ID{s.interview.id, s.Member.id}] {
				s.IfHere = true
			}
		}
	}
	return nil
}

// numbered gives the position after those that are here to records that are not
// here yet.
func numbered[T any](r *run, list []T, table, owner string, of func(T) (rec *Reference, ownerID gid.ID, position *int)) error {
	next := map[gid.ID]int{}
	for part := range slices.Chunk(list, chunk) {
		recs := make([]*Reference, len(part))
		var owners []gid.ID
		for i, x := range part {
			rec, ownerID, _ := of(x)
			recs[i] = rec
			if _, seen := next[ownerID]; !seen {
				next[ownerID] = 0
				owners = append(owners, ownerID)
			}
		}
		if _, err := r.find(recs); err != nil {
			return err
		}
		if !r.first && len(owners) > 0 {
			most, err := r.most(table, owner, "position", owners)
			if err != nil {
				return err
			}
			for id, n := range most {
				next[id] = n + 1
			}
		}
		for _, x := range part {
			if rec, ownerID, position := of(x); rec.id.IsNil() && !rec.IfHere {
				*position = next[ownerID]
				next[ownerID]++
			}
		}
	}
	return nil
}
