package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/internal/access"
)

// Purge makes the database forget what these columns of tables held, which a commit
// alone does not: old versions of rows, statistics that quote values, search
// indexes, the log of what was written. Others read and write meanwhile. After an
// error it is not done, and may be called again.
func (d *DB) Purge(ctx context.Context, columns map[string][]string) (err error) {
	ctx = access.System(ctx) // whether a table is empty is not who asks'
	if d.dialect == dialect.Postgres {
		err = d.purgePostgres(ctx, columns)
	} else {
		err = d.purgeSQLite(ctx, columns)
	}
	if err != nil {
		d.logger.LogAttrs(ctx, slog.LevelWarn, "deleted rows are not purged yet", slog.Any("error", err))
	}
	return err
}

// ErrNotOwner is what only the role that owns the tables can do.
var ErrNotOwner = errors.New("it belongs to another role")

// purgePostgres removes dead rows and takes statistics anew: pg_stats quotes common
// values until then. Transactions that began before the deletion keep dead rows
// alive, as backups and the archived log do; those are not reached from here.
func (d *DB) purgePostgres(ctx context.Context, columns map[string][]string) error {
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		// Somebody else than the owner gets a warning only, and nothing is done.
		var owned bool
		err := d.sql.QueryRowContext(ctx, `SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = $1::regclass`, table).Scan(&owned)
		if err != nil {
			return err
		}
		if !owned {
			return fmt.Errorf("vacuum %s: %w", table, ErrNotOwner)
		}
		if _, err := d.sql.ExecContext(ctx, `VACUUM (ANALYZE, TRUNCATE false) `+table); err != nil {
			return fmt.Errorf("vacuum %s: %w", table, err)
		}
		// Those of a table without rows are left as they are.
		var stale bool
		err = d.sql.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM `+table+`) AND EXISTS (
			SELECT 1 FROM pg_stats WHERE schemaname = current_schema AND tablename = $1 AND `+d.AmongTexts("attname", 2)+`)`,
			table, d.Texts(columns[table])).Scan(&stale)
		if err != nil {
			return err
		}
		if stale {
			return fmt.Errorf("statistics of %s stay until it has rows", table)
		}
	}
	return nil
}

// purgeSQLite takes statistics anew where there are any, drops deleted words from the
// search indexes and empties the log. The pages themselves are overwritten as rows
// are deleted: see secure_delete.
func (d *DB) purgeSQLite(ctx context.Context, columns map[string][]string) error {
	var analyzed bool
	if err := d.sql.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'sqlite_stat1'`).Scan(&analyzed); err != nil {
		return err
	}
	for table := range columns {
		if !analyzed {
			break
		}
		if _, err := d.sql.ExecContext(ctx, `ANALYZE `+table); err != nil {
			return fmt.Errorf("analyze %s: %w", table, err)
		}
	}
	var indexes []string
	err := Query(ctx, d.sql, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'`).Each(func(row Row) error {
		var name string
		err := row.Scan(&name)
		indexes = append(indexes, name)
		return err
	})
	if err != nil {
		return err
	}
	for _, index := range indexes {
		if err := d.mergeIndex(ctx, index); err != nil {
			return fmt.Errorf("merge %s: %w", index, err)
		}
	}
	return d.emptyLog(ctx)
}

// mergedPages is how many pages of a search index one step merges: others write
// between the steps.
const mergedPages = 500

// mergeIndex merges all of a search index, which leaves out what was deleted.
func (d *DB) mergeIndex(ctx context.Context, index string) (err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	changes := func() (n int64, err error) {
		err = conn.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&n)
		return n, err
	}
	for pages := -mergedPages; ; pages = mergedPages { // less than 0 begins a merge of everything
		before, err := changes()
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s (%[1]s, rank) VALUES ('merge', %d)`, index, pages)); err != nil {
			return err
		}
		after, err := changes()
		if err != nil {
			return err
		}
		if after-before < 2 && pages > 0 { // the statement counts as one
			return nil
		}
	}
}

// emptyLog brings everything from the write-ahead log into the file and cuts the
// log off. Readers of old states prevent that for as long as they go on.
func (d *DB) emptyLog(ctx context.Context) error {
	const pause, tries = 50 * time.Millisecond, 100
	for range tries {
		var busy, logged, done int
		if err := d.sql.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &done); err != nil && !IsRetryable(err) {
			return err
		} else if err == nil && busy == 0 {
			return nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	return errors.New("somebody reads an old state all the time")
}
