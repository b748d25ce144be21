package interchange

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// sink takes new rows of one table; in a dry run it takes them nowhere.
type sink struct{ bulk *store.Bulk }

func (r *run) sink(table string, columns ...string) (*sink, error) {
	if r.opt.DryRun {
		return &sink{}, nil
	}
	b, err := r.db.Bulk(r.ctx, r.tx, table, columns)
	return &sink{b}, err
}

func (s *sink) add(values ...any) error {
	if s.bulk == nil {
		return nil
	}
	return s.bulk.Add(values...)
}

func (s *sink) flush() error {
	if s.bulk == nil {
		return nil
	}
	return s.bulk.Flush()
}

func (s *sink) close() error {
	if s.bulk == nil {
		return nil
	}
	return s.bulk.Close()
}

// exec runs one statement, unless this is a dry run.
func (r *run) exec(query string, args ...any) error {
	if r.opt.DryRun {
		return nil
	}
	for i, a := range args {
		args[i] = r.bound(a)
	}
	_, err := r.tx.ExecContext(r.ctx, query, args...)
	return err
}

// bound is a value as ent stores it.
func (r *run) bound(v any) any {
	switch x := v.(type) {
	case json.RawMessage:
		if r.db.Dialect() == dialect.Postgres {
			return string(x)
		}
		return []byte(x)
	case time.Time:
		return x.UTC().Truncate(time.Microsecond)
	case *sql.NullTime:
		return nil
	}
	return v
}

// cacheKiB is how much of a database file SQLite keeps in memory while an import
// runs. With its usual 2 MiB, pages that are written to again and again go to
// the disk each time.
const cacheKiB = 256 << 10

// widen gives SQLite a larger cache until the answer is called. It changes
// nothing but speed, so failing to is no error.
func (r *run) widen() (restore func()) {
	if r.db.Dialect() != dialect.SQLite {
		return func() {}
	}
	var usual int
	if err := r.tx.QueryRowContext(r.ctx, `PRAGMA cache_size`).Scan(&usual); err != nil {
		return func() {}
	}
	set := func(size int) {
		_, _ = r.tx.ExecContext(r.ctx, fmt.Sprintf(`PRAGMA cache_size = %d`, size))
	}
	set(-cacheKiB)
	return func() { set(usual) }
}

// valueKind is how values of a column are read and compared.
type valueKind int

const (
	text valueKind = iota
	truth
	number
	moment
	ident
	document
)

// column is a column that exports speak of.
type column struct {
	name string
	kind valueKind
}

// scanned is where a value of the kind is scanned.
func (k valueKind) scanned() any {
	switch k {
	case truth:
		return new(sql.NullBool)
	case number:
		return new(sql.NullInt64)
	case moment:
		return new(sql.NullTime)
	case ident:
		return new(gid.ID)
	case document:
		return new([]byte)
	}
	return new(sql.NullString)
}

// plain is a value, scanned or to be written, so that equal ones are equal.
func plain(v any) any {
	switch x := v.(type) {
	case *sql.NullString:
		if x.Valid {
			return x.String
		}
	case *sql.NullBool:
		if x.Valid {
			return x.Bool
		}
	case *sql.NullInt64:
		if x.Valid {
			return x.Int64
		}
	case *sql.NullTime:
		if x.Valid {
			return x.Time.UnixMicro()
		}
	case *gid.ID:
		return plain(*x)
	case *[]byte:
		return plain(json.RawMessage(*x))
	case gid.ID:
		if !x.IsNil() {
			return x
		}
	case time.Time:
		if !x.IsZero() {
			return x.UTC().Truncate(time.Microsecond).UnixMicro()
		}
	case int:
		return int64(x)
	case json.RawMessage:
		var decoded any
		if json.Unmarshal(x, &decoded) != nil {
			return string(x)
		}
		if again, err := json.Marshal(decoded); err == nil {
			return string(again)
		}
	case string, bool, int64:
		return x
	}
	return nil
}

// orNull is nil instead of a zero value.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// asJSON is a document of ours; what we keep always marshals.
func asJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("interchange: " + err.Error())
	}
	return b
}

func names(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

func joined(prefix string, list []string) string {
	return prefix + strings.Join(list, ", "+prefix)
}
