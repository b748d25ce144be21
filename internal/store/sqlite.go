package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"errors"
	"net/url"
	"strings"

	"modernc.org/sqlite"
)

// sqliteEngine opens connections to one SQLite file.
type sqliteEngine struct {
	driver *sqlite.Driver
	dsn    string
}

// newSQLite completes the URL with the settings the rest relies on. What the
// URL says itself wins.
func newSQLite(raw string) (*sqliteEngine, error) {
	dsn, err := sqliteDSN(raw)
	if err != nil {
		return nil, err
	}
	d := &sqlite.Driver{}
	// PostgreSQL has it: triggers chain the audit trail with it.
	return &sqliteEngine{d, dsn}, d.RegisterDeterministicScalarFunction("sha256", 1,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			bytes, _ := args[0].([]byte)
			sum := sha256.Sum256(bytes)
			return sum[:], nil
		})
}

func sqliteDSN(raw string) (string, error) {
	file, query, _ := strings.Cut(raw, "?")
	set, err := url.ParseQuery(query)
	if err != nil {
		return "", err
	}
	if file == "file:" {
		return "", errors.New("names no file")
	}
	if strings.Contains(file, ":memory:") || set.Get("mode") == "memory" {
		return "", errors.New("every connection would have a memory of its own: name a file")
	}
	given := map[string]bool{}
	for _, p := range set["_pragma"] {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(p)), "(")
		name, _, _ = strings.Cut(name, "=")
		given[strings.TrimSpace(name)] = true
	}
	for _, p := range [...]struct{ name, value string }{
		{"foreign_keys", "1"},
		{"journal_mode", "WAL"}, // readers and the writer do not wait for each other
		{"busy_timeout", "5000"},
		{"synchronous", "FULL"}, // the file is the truth: a commit survives a power cut
		{"secure_delete", "1"},  // what is erased leaves no trace in free pages
	} {
		if !given[p.name] {
			set.Add("_pragma", p.name+"("+p.value+")")
		}
	}
	for _, p := range [...]struct{ name, value string }{
		{"_txlock", "immediate"}, // two readers that both want to write would fail with BUSY
		{"_time_format", "sqlite"},
		{"_timezone", "UTC"}, // makes the order of the text the order of the times
		{"_texttotime", "1"},
		{"_dqs", "0"}, // a misspelt column in double quotes is an error, not a string
	} {
		if !set.Has(p.name) {
			set.Set(p.name, p.value)
		}
	}
	return file + "?" + set.Encode(), nil
}

// Driver implements driver.Connector, as connect does the rest of it.
func (e *sqliteEngine) Driver() driver.Driver { return e.driver }

func (e *sqliteEngine) connect(ctx context.Context) (engineConn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := e.driver.Open(e.dsn)
	if err != nil {
		return nil, err
	}
	return c.(engineConn), nil
}
