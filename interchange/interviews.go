package interchange

import (
	"slices"

	"hireloop/internal/gid"
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
			if rec, ownerID, position := of(x); rec.id.IsNil() {
				*position = next[ownerID]
				next[ownerID]++
			}
		}
	}
	return nil
}
