package hiring

import (
	"context"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/opening"
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
	if w.service.Store.Dialect() != dialect.Postgres {
		return nil
	}
	keys = slices.Compact(slices.Sorted(slices.Values(keys))) // one order for all: no deadlock
	for _, key := range keys {
		if _, err := w.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key); err != nil {
			return err
		}
	}
	return nil
}
