package store

import (
	"context"
	"database/sql"
	"errors"
)

// Querier is a pool, a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Row is what a scan may do with the row that it is given.
type Row interface{ Scan(dest ...any) error }

// Rows are what a statement answers, or why it did not.
type Rows struct {
	rows *sql.Rows
	err  error
}

// Query runs a statement. Its rows are to be read by Each, which closes them.
func Query(ctx context.Context, from Querier, query string, args ...any) Rows {
	rows, err := from.QueryContext(ctx, query, args...) //nolint:rowserrcheck // Each asks
	return Rows{rows, err}
}

// Each scans the rows to their end, or to the first that cannot be scanned.
func (r Rows) Each(scan func(Row) error) error {
	if r.err != nil {
		return r.err
	}
	for r.rows.Next() {
		if err := scan(r.rows); err != nil {
			return errors.Join(err, r.rows.Close())
		}
	}
	return errors.Join(r.rows.Err(), r.rows.Close())
}
