// Package testdb owns the databases of tests: a fresh one for each test, on
// each engine, and the PostgreSQL server behind it when none is given.
//
// It does not own what is in them: a Template says that.
package testdb

import (
	"context"
	"os"
	"strings"
	"testing"

	"hireloop/internal/store"
)

// Template is what a test's database holds at first. It is prepared once in a
// process for each engine and copied for each test.
type Template struct {
	// Name tells templates apart within a process.
	Name string
	// Prepare fills an empty database; nil leaves it empty.
	Prepare func(ctx context.Context, db *store.DB) error
}

// Engine opens databases of one kind.
type Engine struct {
	Name string
	url  func(t testing.TB, from Template) string
}

// Engines are all engines that the product runs on.
func Engines() []Engine {
	return []Engine{{"sqlite", sqliteURL}, {"postgres", postgresURL}}
}

// Postgres is the engine of what only PostgreSQL has.
func Postgres() Engine { return Engines()[1] }

// Open makes a copy of the template that lives as long as the test. On
// PostgreSQL without a server the test is skipped, and fails when CI is set.
func (e Engine) Open(t testing.TB, from Template, opt store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), e.url(t, from), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the test's database: %v", err)
		}
	})
	return db
}

// URL is Open for who opens the database by themselves.
func (e Engine) URL(t testing.TB, from Template) string {
	t.Helper()
	return e.url(t, from)
}

// standard is what Each starts from: all tables, no rows.
func standard() Template {
	return Template{Name: "migrated", Prepare: func(ctx context.Context, db *store.DB) error {
		_, err := store.Migrate(ctx, db)
		return err
	}}
}

// Each runs fn as the subtests "sqlite" and "postgres", each on a database of its own.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachFrom(t, standard(), fn)
}

// EachFrom is Each from another template.
func EachFrom(t *testing.T, from Template, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, e := range Engines() {
		t.Run(e.Name, func(t *testing.T) { fn(t, e.Open(t, from, store.Options{})) })
	}
}

// untested skips a PostgreSQL test so that nobody overlooks it, and fails it in CI.
func untested(t testing.TB, reason string) {
	t.Helper()
	text := "POSTGRESQL WAS NOT TESTED: " + reason +
		". Install the PostgreSQL server or set HIRELOOP_TEST_DATABASE_URL to a superuser's URL."
	if ci := os.Getenv("CI"); ci != "" && !strings.EqualFold(ci, "false") {
		t.Fatal(text)
	}
	t.Skip(text)
}

// prepare runs the template on the database at url.
func prepare(url string, from Template) error {
	ctx := context.Background()
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	if from.Prepare != nil {
		if err := from.Prepare(ctx, db); err != nil {
			_ = db.Close()
			return err
		}
	}
	return db.Close()
}
