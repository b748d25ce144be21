package hiring

import (
	"context"
	"time"

	"hireloop/ent/db/seat"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// seatRow is a seat with what its opening says of it.
type seatRow struct {
	opening     gid.ID
	status      seat.Status
	application *gid.ID
	openedAt    time.Time
	closedAt    *time.Time
	isCritical  bool
	// When the opening opened first; nil while it never did.
	openingOpenedAt *time.Time
}

// seatsOf reads the seats of openings.
func (r columnReader) seatsOf(ctx context.Context, openings []gid.ID, known time.Time) ([]seatRow, error) {
	var seats []seatRow
	err := store.Query(access.System(ctx), r.SQL(), `SELECT s.opening_id, s.status, s.application_id, s.opened_at, s.closed_at, o.is_critical, o.opened_at
		FROM seats s JOIN openings o ON o.id = s.opening_id
		WHERE `+r.AmongIDs("s.opening_id", 1)+` AND s.created_at <= $2`, r.IDs(openings), known.UTC()).Each(func(row store.Row) error {
		var s seatRow
		err := row.Scan(&s.opening, &s.status, &s.application, &s.openedAt, &s.closedAt, &s.isCritical, &s.openingOpenedAt)
		seats = append(seats, s)
		return err
	})
	return seats, err
}

// vacancies are seats as clocks read them. The clock of a seat begins when its
// opening opens; that of one that was added later, when it was added. A seat that
// was not filled by then is open, whoever fills it now; one whose hire came undone
// since looks as if nobody had ever filled it.
func (f *hireFacts) vacancies(seats []seatRow, passages []passage) []vacancyOf {
	pipeline := make(map[gid.ID]int, len(f.openings))
	for i, id := range f.openings {
		pipeline[id] = i
	}
	hired := map[gid.ID]*passage{}
	for i := range passages {
		if passages[i].HiredAt != nil {
			hired[passages[i].id] = &passages[i]
		}
	}
	var out []vacancyOf
	for _, s := range seats {
		v := vacancyOf{pipeline: pipeline[s.opening], Vacancy: funnel.Vacancy{IsCritical: s.isCritical, ClosedAt: s.closedAt}}
		if s.openingOpenedAt != nil {
			v.OpenedAt = s.openingOpenedAt
			if s.openedAt.After(*v.OpenedAt) {
				v.OpenedAt = &s.openedAt
			}
		}
		if s.application != nil {
			if f.withheld[*s.application] {
				continue
			}
			if p := hired[*s.application]; p != nil {
				v.FilledAt, v.application = p.acceptedAt, p.id
			}
		}
		out = append(out, v)
	}
	return out
}

// worked is a passage with the interviews that took place.
type worked struct {
	passage
	interviews int
	onsites    int // loops of which one took place once they were in a stage of interviews
}

// meeting is an interview that took place.
type meeting struct {
	loop gid.ID
	at   *time.Time // nil when that is not known
}

// worked reads the interviews that had taken place, and who was hired or had an
// offer without any.
func (f *hireFacts) worked(ctx context.Context, s funnel.Selection) ([]worked, error) {
	meetings := map[gid.ID][]meeting{}
	err := store.Query(access.System(ctx), f.reader.SQL(), `SELECT l.application_id, l.id, i.starts_at, i.ends_at
		FROM interviews i JOIN loops l ON l.id = i.loop_id JOIN applications a ON a.id = l.application_id
		WHERE `+f.reader.AmongIDs("a.opening_id", 1)+` AND `+tookPlace, f.reader.IDs(f.openings), f.known.UTC(), f.until.UTC()).Each(func(row store.Row) error {
		var application gid.ID
		var one meeting
		var ends *time.Time
		err := row.Scan(&application, &one.loop, &one.at, &ends)
		if one.at == nil {
			one.at = ends
		}
		meetings[application] = append(meetings[application], one)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []worked
	for _, p := range f.passages(s, func(id gid.ID) bool { return meetings[id] != nil }) {
		w := worked{passage: p, interviews: len(meetings[p.id])}
		onsites := map[gid.ID]bool{}
		for _, one := range meetings[p.id] {
			if p.InterviewingAt != nil && (one.at == nil || !one.at.Before(*p.InterviewingAt)) {
				onsites[one.loop] = true
			}
		}
		w.onsites = len(onsites)
		out = append(out, w)
	}
	return out, nil
}

// tookPlace holds of interviews i that were over by $3, recorded by $2. That they
// took place is not dated: it is as known now.
const tookPlace = `i.status = 'COMPLETED' AND i.created_at <= $2
		AND (coalesce(i.ends_at, i.starts_at) IS NULL OR coalesce(i.ends_at, i.starts_at) <= $3)`
