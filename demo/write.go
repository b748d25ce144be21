package demo

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// table is one table that rows are written to.
type table struct {
	name    string
	columns []string
	bulk    *store.Bulk
	waiting []any // row after row
	rows    int   // that wait
	written int
}

// tables are all that the demo writes, those first that others refer to.
type tables struct {
	departments, locations, members                 table
	openings, allowed, places, team, stages         table
	candidates, contacts, applications              table
	events, visits                                  table
	loops, interviews, interviewSeats               table
	scorecards, revisions, ratings, flags           table
	debriefs, resolutions                           table
	decisions, makers, offers, offerVersions, notes table
	seats                                           table
	demographicAnswers, apiKeys                     table
}

func (t *tables) inOrder() []*table {
	return []*table{
		&t.departments, &t.locations, &t.members,
		&t.openings, &t.allowed, &t.places, &t.team, &t.stages,
		&t.candidates, &t.contacts, &t.applications,
		&t.events, &t.visits,
		&t.loops, &t.interviews, &t.interviewSeats,
		&t.scorecards, &t.revisions, &t.ratings, &t.flags,
		&t.debriefs, &t.resolutions,
		&t.decisions, &t.makers, &t.offers, &t.offerVersions, &t.notes,
		&t.seats,
		&t.demographicAnswers, &t.apiKeys,
	}
}

func (t *tables) names() []string {
	var names []string
	for _, one := range t.inOrder() {
		names = append(names, one.name)
	}
	return names
}

// batch is how many rows of one table wait at most: fewer than the bulk
// insertion flushes by itself, so that no row goes before one that it refers to.
const batch = 4000

// writer turns a world into rows. One goroutine stores them while the next are
// being made; the order is the same every time.
type writer struct {
	tables
	*content
	ids    *gid.Generator
	now    time.Time
	placed map[string]gid.ID // of departments and locations, by name
	owing  []gid.ID          // loops of World.Owing
	said   *demographics

	parts  chan []part
	stored chan struct{} // closed when storing has ended
	failed error         // why it did; to be read after that
}

// part is the rows of one table that are stored together.
type part struct {
	*table
	values []any
}

// begin opens the tables and starts storing within tx, which nobody else may
// use before end returns.
func (w *writer) begin(ctx context.Context, d *store.DB, tx *sql.Tx) error {
	for _, t := range w.inOrder() {
		var err error
		if t.bulk, err = d.Bulk(ctx, tx, t.name, t.columns); err != nil {
			return err
		}
	}
	w.parts, w.stored = make(chan []part, 1), make(chan struct{})
	go func() {
		defer close(w.stored)
		for parts := range w.parts {
			for _, p := range parts {
				if w.failed = p.store(); w.failed != nil {
					return
				}
			}
		}
		for _, t := range w.inOrder() {
			if w.failed = t.bulk.Close(); w.failed != nil {
				return
			}
		}
	}()
	return nil
}

func (p part) store() error {
	for row := range slices.Chunk(p.values, len(p.columns)) {
		if err := p.bulk.Add(row...); err != nil {
			return err
		}
	}
	return p.bulk.Flush()
}

// add adds a row, a value for each column.
func (w *writer) add(t *table, values ...any) {
	t.waiting = append(t.waiting, values...)
	t.rows++
	t.written++
}

// full reports whether it is time to flush.
func (w *writer) full() bool {
	for _, t := range w.inOrder() {
		if t.rows >= batch {
			return true
		}
	}
	return false
}

// flush hands what waits to the goroutine that stores. An error may be one of
// earlier rows.
func (w *writer) flush() error {
	var parts []part
	for _, t := range w.inOrder() {
		if t.rows > 0 {
			parts = append(parts, part{t, t.waiting})
			t.waiting, t.rows = make([]any, 0, cap(t.waiting)), 0
		}
	}
	select {
	case w.parts <- parts:
		return nil
	case <-w.stored:
		return w.failed
	}
}

// end stores what is left, or nothing more after an error, and waits for it.
func (w *writer) end(err error) error {
	if err == nil {
		err = w.flush()
	}
	close(w.parts)
	<-w.stored
	if err == nil {
		err = w.failed
	}
	return err
}

// moment is t, or NULL when it has not come.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// ref is id, or NULL when there is none.
func ref(id gid.ID) any {
	if id.IsNil() {
		return nil
	}
	return id
}

// text is s, or NULL when it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
