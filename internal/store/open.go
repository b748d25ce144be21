// Package store owns the way to the database: opening it by URL, the settings
// each engine needs, prepared statements, transactions with retry, bulk
// insertion, and what a database error means.
//
// It does not own the tables (ent/schema), nor the rules about who may read
// or write them (internal/access).
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"hireloop/internal/fault"
)

// Options are what Open cannot read from the URL. The zero value is usable.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Logger hears of transactions that are tried again; nil means silence.
	Logger *slog.Logger
	// MaxOpenConns bounds the pool; 0 means 8 on SQLite, 20 on PostgreSQL.
	MaxOpenConns int
	// StatementCache is how many prepared statements one PostgreSQL connection
	// keeps; 0 means 256, less than 0 none. A pooler that changes sessions between
	// transactions is not to be had: who asks is said to the session.
	StatementCache int
	// Observe hears of every statement when it has ended. It is called from many
	// goroutines, with the statement's context. See CountStatements for those of one context.
	Observe func(ctx context.Context, s Statement)
}

// DB is an open database of either engine. It is safe for concurrent use.
type DB struct {
	dialect string
	sql     *sql.DB
	now     func() time.Time
	logger  *slog.Logger
	retries atomic.Int64
}

// Open connects to url and verifies that the database answers. "file:…" is
// SQLite and creates the file; "postgres://…" or "postgresql://…" is
// PostgreSQL. Anything else is refused with a fault. The URL may hold a
// password: no error quotes it.
func Open(ctx context.Context, url string, opt Options) (*DB, error) {
	d := &DB{now: opt.Now, logger: opt.Logger}
	if d.now == nil {
		d.now = time.Now
	}
	if d.logger == nil {
		d.logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	var (
		engine engine
		conns  int
		err    error
	)
	switch scheme, _, _ := strings.Cut(url, ":"); scheme {
	case "file":
		d.dialect, conns = dialect.SQLite, 8
		engine, err = newSQLite(url)
	case "postgres", "postgresql":
		d.dialect, conns = dialect.Postgres, 20
		engine, err = newPostgres(url, opt.StatementCache)
	default:
		err = errors.New(`does not begin with "file:" or "postgres://"`)
	}
	if err != nil {
		return nil, refuseURL(err)
	}
	if opt.MaxOpenConns > 0 {
		conns = opt.MaxOpenConns
	}
	d.sql = sql.OpenDB(&connector{engine: engine, dialect: d.dialect, observe: opt.Observe})
	d.sql.SetMaxOpenConns(conns)
	// Idle connections are what keeps prepared statements: keep them all for a while.
	d.sql.SetMaxIdleConns(conns)
	d.sql.SetConnMaxIdleTime(5 * time.Minute)
	if err := d.sql.PingContext(ctx); err != nil {
		_ = d.sql.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return d, nil
}

// Dialect is "sqlite3" or "postgres", as ent names them.
func (d *DB) Dialect() string { return d.dialect }

// SQL is the connection pool.
func (d *DB) SQL() *sql.DB { return d.sql }

// Driver makes an ent driver over the pool. It is not wrapped in any way, so
// ent's BeginTx, ExecContext and QueryContext work.
func (d *DB) Driver() *entsql.Driver { return entsql.OpenDB(d.dialect, d.sql) }

// Now is the injected clock in UTC, to the microsecond both engines keep.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// Retries is how often transactions were run again since the start.
func (d *DB) Retries() int64 { return d.retries.Load() }

// Close ends all connections. Running statements are waited for.
func (d *DB) Close() error { return d.sql.Close() }

// refuseURL turns err into a fault that quotes no part of the URL.
func refuseURL(err error) error {
	if bad, ok := errors.AsType[*url.Error](err); ok {
		err = bad.Err // the error around it repeats the whole URL, password included
	}
	return fault.Invalidf("HIRELOOP_DATABASE_URL", "%v", err).
		WithHint("write file:hireloop.db for SQLite or postgres://user:password@host:5432/database for PostgreSQL")
}
