package demo

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"hireloop/internal/store"
)

// manyApplications is from how many on a load is faster without indexes, which
// are cheaper to make once than to keep while rows come in no order.
const manyApplications = 5000

// derived is what hangs on tables and can be made anew from their rows.
type derived struct{ drop, make string }

// strip drops the indexes of the tables and, on PostgreSQL, their foreign keys,
// in a transaction that ends by restoring them: nobody else sees the tables
// without.
func strip(ctx context.Context, d *store.DB, tx *sql.Tx, tables []string) ([]derived, error) {
	find := findInSQLite
	settings := []string{"PRAGMA cache_size = -65536"} // KiB; the default of 2 MiB would go to the file and back
	if d.Dialect() == dialect.Postgres {
		find = findInPostgres
		settings = []string{"SET LOCAL statement_timeout = 0", "SET LOCAL maintenance_work_mem = '256MB'"}
	}
	for _, s := range settings {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return nil, err
		}
	}
	all, err := find(ctx, tx, tables)
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if _, err := tx.ExecContext(ctx, all[i].drop); err != nil {
			return nil, fmt.Errorf("%s: %w", all[i].drop, err)
		}
	}
	return all, nil
}

// restore makes them again; what contradicts the rows is an error.
func restore(ctx context.Context, d *store.DB, tx *sql.Tx, all []derived) error {
	for _, one := range all {
		if _, err := tx.ExecContext(ctx, one.make); err != nil {
			return fmt.Errorf("%s: %w", one.make, err)
		}
	}
	if d.Dialect() == dialect.SQLite {
		_, err := tx.ExecContext(ctx, "PRAGMA cache_size = -2000") // the connection goes back to the pool
		return err
	}
	return nil
}

// findInSQLite leaves the foreign keys, which SQLite cannot take off a table.
func findInSQLite(ctx context.Context, tx *sql.Tx, tables []string) ([]derived, error) {
	return query(ctx, tx, func(name, text string) derived {
		return derived{drop: "DROP INDEX " + pq.QuoteIdentifier(name), make: text}
	}, `SELECT name, sql FROM sqlite_schema
		WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each($1))
		ORDER BY name`, `["`+strings.Join(tables, `","`)+`"]`)
}

func findInPostgres(ctx context.Context, tx *sql.Tx, tables []string) ([]derived, error) {
	indexes, err := query(ctx, tx, func(name, text string) derived {
		return derived{drop: "DROP INDEX " + name, make: text}
	}, `SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
		WHERE i.indrelid = ANY ($1::regclass[])
			AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
		ORDER BY 1`, pq.Array(tables))
	if err != nil {
		return nil, err
	}
	keys, err := query(ctx, tx, func(key, text string) derived {
		table, name, _ := strings.Cut(key, " ")
		return derived{
			drop: "ALTER TABLE " + table + " DROP CONSTRAINT " + name,
			make: "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " " + text,
		}
	}, `SELECT c.conrelid::regclass::text || ' ' || quote_ident(c.conname), pg_get_constraintdef(c.oid)
		FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = ANY ($1::regclass[])
		ORDER BY 1`, pq.Array(tables))
	return append(indexes, keys...), err
}

func query(ctx context.Context, tx *sql.Tx, as func(name, text string) derived, statement string, arg any) ([]derived, error) {
	var all []derived
	err := store.Query(ctx, tx, statement, arg).Each(func(row store.Row) error {
		var name, text string
		err := row.Scan(&name, &text)
		all = append(all, as(name, text))
		return err
	})
	return all, err
}

// study lets the database look at its new rows, so that it plans queries well
// at once.
func study(ctx context.Context, d *store.DB) error {
	statements := []string{"ANALYZE"}
	if d.Dialect() == dialect.SQLite {
		statements = []string{"PRAGMA optimize = 0x10002"} // every table, by a sample
	}
	for _, s := range statements {
		if _, err := d.SQL().ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
