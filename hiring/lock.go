package hiring

import (
	"context"
	"encoding/json"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/opening"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// locked makes a query hold the rows that it finds until the transaction ends.
// SQLite needs no such thing: its write transactions exclude one another.
func locked[Q interface{ ForUpdate(...sql.LockOption) Q }](w *write, query Q) Q {
	if w.service.Store.Dialect() != dialect.Postgres {
		return query
	}
	return query.ForUpdate()
}

// lockOpening reads an opening and holds it. Whoever changes seats holds the
// opening first, so that what they count is so until they commit.
func (w *write) lockOpening(ctx context.Context, id gid.ID) (*db.Opening, error) {
	return locked(w, w.Opening.Query().Where(opening.ID(id))).Only(ctx)
}

// alone makes transactions that name a same key wait for one another: for
// checks that nothing is there yet, when there is no row to hold.
func (w *write) alone(ctx context.Context, keys []string) error {
	if w.service.Store.Dialect() != dialect.Postgres || len(keys) == 0 {
		return nil
	}
	keys = slices.Compact(slices.Sorted(slices.Values(keys))) // one order for all: no deadlock
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	_, err = w.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM json_array_elements_text($1::json) AS k", string(list))
	return err
}

// holdLoop reads a loop, which the input names at path, and holds it and its
// application's opening. The viewer must see it and may run its application.
func (w *write) holdLoop(ctx context.Context, path string, id gid.ID) (*db.Loop, *db.Application, error) {
	var problems fault.List
	if !of(&problems, path, id, gid.Loop) {
		return nil, nil, problems
	}
	l, err := w.Loop.Query().Where(loop.ID(id)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil, missing(path, gid.Loop)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := w.mayRun(ctx, l.ApplicationID); err != nil {
		return nil, nil, err
	}
	return w.lockLoop(ctx, id, l.ApplicationID)
}

// lockLoop reads a loop and its application, with its opening, again and holds
// them, for the program itself: opening, application, loop, in the order that
// everybody keeps who holds several rows.
func (w *write) lockLoop(ctx context.Context, loopID, applicationID gid.ID) (*db.Loop, *db.Application, error) {
	a, err := w.holdApplication(ctx, applicationID)
	if err != nil {
		return nil, nil, err
	}
	l, err := locked(w, w.Loop.Query().Where(loop.ID(loopID))).Only(access.System(ctx))
	return l, a, err
}

// holdApplication reads an application and its opening again and holds them, for
// the program itself.
func (w *write) holdApplication(ctx context.Context, id gid.ID) (*db.Application, error) {
	ctx = access.System(ctx)
	a, err := w.Application.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	o, err := w.lockOpening(ctx, a.OpeningID)
	if err != nil {
		return nil, err
	}
	if a, err = locked(w, w.Application.Query().Where(application.ID(id))).Only(ctx); err != nil {
		return nil, err
	}
	a.Edges.Opening = o
	return a, nil
}
