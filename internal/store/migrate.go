package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"ariga.io/atlas/sql/migrate"
	atpostgres "ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	atsqlite "ariga.io/atlas/sql/sqlite"
	"entgo.io/ent/dialect"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"hireloop/internal/access"
)

//go:embed migrations objects_postgres.sql objects_sqlite.sql
var embedded embed.FS

// migrationLock is the advisory lock under which PostgreSQL databases are
// migrated: "Hireloop" in ASCII.
const migrationLock int64 = 0x486972656c6f6f70

// Migrate brings the tables to what this program needs and returns how many
// files it applied; 0 when there was nothing to do. Each file is applied in a
// transaction of its own, as a whole or not at all, so Migrate may be stopped
// and run again. Programs that migrate one database at the same time wait for
// each other until ctx ends. A database that a newer program has migrated is
// left as it is.
//
// The tables belong to the role that migrates them. Other roles that are to
// serve are named: they may read and write rows, and only add audit entries.
//
// No statement may run longer than the connection lets it: for large tables
// raise statement_timeout in the URL.
func Migrate(ctx context.Context, d *DB, serving ...string) (applied int, err error) {
	m, err := builtIn(d.dialect)
	if err != nil {
		return 0, err
	}
	if applied, err = m.run(ctx, d); err != nil || len(serving) == 0 {
		return applied, err
	}
	return applied, d.exclusively(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, role := range serving {
			if err := grant(ctx, tx, role); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pending are the names of the files that Migrate would apply. It neither
// changes anything nor waits for a running migration.
func Pending(ctx context.Context, d *DB) ([]string, error) {
	m, err := builtIn(d.dialect)
	if err != nil {
		return nil, err
	}
	state, err := m.state(ctx, d.sql, d)
	if err != nil {
		return nil, fmt.Errorf("read the migrations of the database: %w", err)
	}
	names := make([]string, len(state.pending))
	for i, f := range state.pending {
		names[i] = f.Name()
	}
	return names, nil
}

// migrations are the files for one engine and the objects derived from the
// tables they make.
type migrations struct {
	dir     *migrate.MemDir
	objects string
}

func builtIn(engine string) (*migrations, error) {
	name := "sqlite"
	if engine == dialect.Postgres {
		name = "postgres"
	}
	files, err := fs.Sub(embedded, "migrations/"+name)
	if err != nil {
		return nil, err
	}
	objects, err := embedded.ReadFile("objects_" + name + ".sql")
	if err != nil {
		return nil, err
	}
	if engine == dialect.Postgres {
		objects = append(objects, access.Wall()...)
	}
	return readMigrations(files, string(objects))
}

func readMigrations(files fs.FS, objects string) (*migrations, error) {
	m := &migrations{dir: &migrate.MemDir{}, objects: objects}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return nil, err
		}
		if err := m.dir.WriteFile(e.Name(), text); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// errMigrating is that another program holds migrationLock.
var errMigrating = errors.New("another program migrates this database")

func (m *migrations) run(ctx context.Context, d *DB) (applied int, err error) {
	ctx = access.System(ctx) // a migration may have to change any row
	if done, err := m.done(ctx, d); err != nil || done {
		return 0, err
	}
	told := false
	for {
		file, more, err := m.step(ctx, d)
		switch {
		case isContended(err) && ctx.Err() == nil:
			if !told {
				d.logger.InfoContext(ctx, "the migration waits", slog.Any("for", err))
				told = true
			}
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		case pq.As(err, pqerror.InsufficientPrivilege) != nil:
			return applied, fmt.Errorf("migrate the database: %w: let the role that owns the tables do it: migrate with HIRELOOP_DATABASE_OWNER_URL", err)
		case err != nil:
			return applied, fmt.Errorf("migrate the database: %w", because(ctx, err))
		}
		if file {
			applied++
		}
		if !more {
			return applied, nil
		}
	}
}

// done tells that there is nothing to do: who only serves may do nothing else.
func (m *migrations) done(ctx context.Context, d *DB) (bool, error) {
	state, err := m.state(ctx, d.sql, d)
	if err != nil {
		return false, fmt.Errorf("read the migrations of the database: %w", err)
	}
	if len(state.pending) > 0 || state.ahead {
		return state.ahead, nil
	}
	current, err := m.objectsAreCurrent(ctx, state.revisions)
	return current, err
}

// isContended tells a step that only came at the wrong time. It is tried again
// rather than left waiting for a table's lock, because everybody else would
// wait behind it.
func isContended(err error) bool {
	return errors.Is(err, errMigrating) || pq.As(err, pqerror.LockNotAvailable) != nil || IsRetryable(err)
}

// step applies the next file, and with the last one the derived objects, in
// one transaction.
func (m *migrations) step(ctx context.Context, d *DB) (applied, more bool, err error) {
	err = d.exclusively(ctx, func(ctx context.Context, tx *sql.Tx) error {
		started := time.Now()
		if err := (&revisions{q: tx, dialect: d.dialect}).create(ctx); err != nil {
			return err
		}
		state, err := m.state(ctx, tx, d)
		if err != nil {
			return err
		}
		if len(state.pending) > 0 {
			file := state.pending[0]
			if err := state.executor.Execute(ctx, file); err != nil {
				return fmt.Errorf("%s: %w", file.Name(), err)
			}
			if err := d.checkForeignKeys(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", file.Name(), err)
			}
			applied, more = true, len(state.pending) > 1
			d.logger.InfoContext(ctx, "migration applied", slog.String("file", file.Name()),
				slog.Duration("took", time.Since(started)))
		}
		if more || state.ahead {
			return nil
		}
		return m.applyObjects(ctx, tx, state.revisions, applied, d.logger)
	})
	return applied, more, err
}

// state is how far a database has come.
type state struct {
	revisions *revisions
	executor  *migrate.Executor
	pending   []migrate.File
	ahead     bool // a newer program has migrated it
}

func (m *migrations) state(ctx context.Context, q schema.ExecQuerier, d *DB) (*state, error) {
	open := atsqlite.Open
	if d.dialect == dialect.Postgres {
		open = atpostgres.Open
	}
	driver, err := open(q)
	if err != nil {
		return nil, err
	}
	s := &state{revisions: &revisions{q: q, dialect: d.dialect}}
	// "Dirty" is what a database is that also serves another purpose.
	if s.executor, err = migrate.NewExecutor(driver, m.dir, s.revisions, migrate.WithAllowDirty(true)); err != nil {
		return nil, err
	}
	if err := migrate.Validate(m.dir); err != nil {
		if changed, ok := errors.AsType[*migrate.ChecksumError](err); ok {
			return nil, fmt.Errorf("%w: %s is not what atlas.sum says", err, changed.File)
		}
		return nil, err
	}
	if s.pending, err = s.executor.Pending(ctx); err != nil && !errors.Is(err, migrate.ErrNoPendingFiles) {
		return nil, err
	}
	s.ahead, err = m.compare(ctx, s.revisions)
	return s, err
}

// compare holds what was applied against the files, and tells whether the
// database is ahead of them.
func (m *migrations) compare(ctx context.Context, r *revisions) (ahead bool, err error) {
	applied, err := r.ReadRevisions(ctx)
	if err != nil {
		return false, err
	}
	files, err := m.dir.Files()
	if err != nil {
		return false, err
	}
	sums, err := m.dir.Checksum()
	if err != nil {
		return false, err
	}
	known := map[string]string{}
	last := ""
	for _, f := range files {
		if known[f.Version()], err = sums.SumByName(f.Name()); err != nil {
			return false, err
		}
		last = f.Version()
	}
	for _, a := range applied {
		switch sum, ok := known[a.Version]; {
		case !ok && a.Version > last:
			ahead = true
		case !ok:
			return false, fmt.Errorf("the database has migration %s_%s, which this program does not know", a.Version, a.Description)
		case sum != a.Hash:
			return false, fmt.Errorf("migration %s_%s was changed after it was applied to this database", a.Version, a.Description)
		}
	}
	return ahead, nil
}

// exclusively runs fn in a transaction beside which nobody else migrates.
func (d *DB) exclusively(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) (err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if d.dialect == dialect.SQLite {
		// Rebuilding a table drops it for a moment. This cannot be set inside a transaction.
		restore, err := d.withoutForeignKeys(ctx, conn)
		if err != nil {
			return err
		}
		defer restore()
	}
	return Transact(ctx, func(ctx context.Context) (*sql.Tx, error) { return conn.BeginTx(ctx, nil) },
		func(ctx context.Context, tx *sql.Tx) error {
			if d.dialect == dialect.Postgres {
				var locked bool
				err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", migrationLock).Scan(&locked)
				if err == nil && !locked {
					err = errMigrating
				}
				if err != nil {
					return err
				}
			}
			return fn(ctx, tx)
		})
}

// withoutForeignKeys stops SQLite from enforcing them on conn until restore.
func (d *DB) withoutForeignKeys(ctx context.Context, conn *sql.Conn) (restore func(), err error) {
	var enforced bool
	if err := conn.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&enforced); err != nil || !enforced {
		return func() {}, err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return nil, err
	}
	return func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = ON"); err != nil {
			_ = conn.Raw(func(any) error { return sqldriver.ErrBadConn }) // never to be used again
		}
	}, nil
}

// checkForeignKeys finds the references that a rebuilt table may have left
// dangling. PostgreSQL never stops enforcing them.
func (d *DB) checkForeignKeys(ctx context.Context, tx *sql.Tx) error {
	if d.dialect != dialect.SQLite {
		return nil
	}
	var table, parent string
	switch err := tx.QueryRowContext(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&table, &parent); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("rows of %s refer to rows of %s that are not there", table, parent)
}
