package store_test

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func TestStatementsAreCountedAsSent(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		must(t, exec(db, "CREATE TABLE x (n int)"))
		ctx, statements := store.CountStatements(context.Background())
		must(t, db.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO x VALUES ($1)", 1); err != nil {
				return err
			}
			stmt, err := tx.PrepareContext(ctx, "INSERT INTO x VALUES ($1 + 1)")
			if err != nil {
				return err
			}
			defer stmt.Close()
			for n := range 2 {
				if _, err := stmt.ExecContext(ctx, n); err != nil {
					return err
				}
			}
			return nil
		}))
		var n int
		must(t, db.SQL().QueryRowContext(ctx, "SELECT count(*) FROM x").Scan(&n))
		must(t, db.SQL().QueryRowContext(context.Background(), "SELECT 1").Scan(&n)) // another context: not counted
		want := []string{"INSERT INTO x VALUES ($1)", "INSERT INTO x VALUES ($1 + 1)", "INSERT INTO x VALUES ($1 + 1)",
			"SELECT count(*) FROM x"}
		if got := statements.List(); !slices.Equal(got, want) || statements.Count() != len(want) {
			t.Errorf("statements = %q (%d), want %q", got, statements.Count(), want)
		}
	})
}

func TestObserveHearsEveryStatement(t *testing.T) {
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			var mu sync.Mutex
			var heard []string
			db := e.Open(t, testdb.Template{Name: "empty"}, store.Options{Observe: func(query string) {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, query)
			}})
			must(t, exec(db, "CREATE TABLE x (n int)"))
			must(t, exec(db, "INSERT INTO x VALUES ($1)", 1))
			if want := []string{"CREATE TABLE x (n int)", "INSERT INTO x VALUES ($1)"}; !slices.Equal(heard, want) {
				t.Errorf("heard %q, want %q", heard, want)
			}
		})
	}
}

func exec(db *store.DB, query string, args ...any) error {
	_, err := db.SQL().Exec(query, args...)
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
