package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

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

// heard are the statements that a database told of.
type heard struct {
	mu   sync.Mutex
	list []store.Statement
}

func (h *heard) observe(_ context.Context, s store.Statement) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, s)
}

// took is what was heard since the last call, as "text: rows", with the SQLSTATE or code of failures.
func (h *heard) took() (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.list {
		text := fmt.Sprintf("%s: %d", s.Text, s.Rows)
		if s.Err != nil {
			text = s.Text + ": failed"
		}
		if s.Took <= 0 || s.Start.IsZero() {
			text += " in no time"
		}
		out = append(out, text)
	}
	h.list = nil
	return out
}

func TestObserveHearsHowStatementsEnd(t *testing.T) {
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			var h heard
			db := e.Open(t, testdb.Template{Name: "empty"}, store.Options{Observe: h.observe})
			expect := func(what string, want ...string) {
				t.Helper()
				if got := h.took(); !slices.Equal(got, want) {
					t.Errorf("%s: heard %q, want %q", what, got, want)
				}
			}
			must(t, exec(db, "CREATE TABLE x (n int UNIQUE)"))
			expect("an execution", "CREATE TABLE x (n int UNIQUE): 0")
			must(t, exec(db, "INSERT INTO x VALUES ($1), ($2), (3)", 1, 2))
			expect("rows changed", "INSERT INTO x VALUES ($1), ($2), (3): 3")

			rows, err := db.SQL().Query("SELECT n FROM x ORDER BY n")
			must(t, err)
			rows.Next()
			expect("a query whose rows are being read")
			types, err := rows.ColumnTypes()
			must(t, err)
			if name := types[0].DatabaseTypeName(); !strings.HasPrefix(strings.ToUpper(name), "INT") {
				t.Errorf("the type of a column is %q", name)
			}
			must(t, rows.Close())
			expect("a query given up", "SELECT n FROM x ORDER BY n: 1")
			must(t, store.Query(context.Background(), db.SQL(), "SELECT n FROM x").Each(func(store.Row) error { return nil }))
			expect("a query read to its end", "SELECT n FROM x: 3")

			if exec(db, "INSERT INTO x VALUES ($1)", 1) == nil {
				t.Fatal("a duplicate was taken")
			}
			expect("a failure", "INSERT INTO x VALUES ($1): failed")
			must(t, db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				b, err := db.Bulk(ctx, tx, "x", []string{"n"})
				if err != nil {
					return err
				}
				for n := range 4 {
					if err := b.Add(10 + n); err != nil {
						return err
					}
				}
				return b.Close()
			}))
			bulk := `INSERT INTO "x" ("n") VALUES (?), (?), (?), (?): 4`
			if e.Name == "postgres" {
				bulk = `INSERT INTO "x" ("n") SELECT "n" FROM json_populate_recordset(NULL::"x", $1::json): 4`
			}
			expect("a transaction", "BEGIN: 0", bulk, "COMMIT: 0")
		})
	}
}

// PostgreSQL quotes rows and arguments in what it says about them.
func TestErrorsQuoteNoValues(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		must(t, exec(db, "CREATE TABLE x (id int, name text UNIQUE CONSTRAINT polite CHECK (name <> 'ada@example.com'))"))
		must(t, exec(db, "INSERT INTO x VALUES (1, 'Ada Lovelace')"))
		copied := func(values ...any) error {
			return db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				b, err := db.Bulk(ctx, tx, "x", []string{"id", "name"})
				must(t, err)
				must(t, b.Add(values...))
				return b.Close()
			})
		}
		cases := []struct {
			what string
			err  error
		}{
			{"a duplicate", exec(db, "INSERT INTO x VALUES ($1, $2)", 2, "Ada Lovelace")},
			{"a check", exec(db, "INSERT INTO x VALUES ($1, $2)", 2, "ada@example.com")},
			{"a copied check", copied(2, "ada@example.com")},
		}
		if db.Dialect() == "postgres" {
			_, failing := db.SQL().Query("SELECT name::int FROM x") // while rows are read
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			_, bounded := db.SQL().ExecContext(ctx, "SELECT $1::text::uuid", "Ada Lovelace")
			cases = append(cases, []struct {
				what string
				err  error
			}{
				{"no number", exec(db, "SELECT $1::text::int", "Ada Lovelace")},
				{"no id", bounded},
				{"no number in a row", failing},
				{"a copied row", copied("Ada Lovelace", "x")},
			}...)
		}
		for _, c := range cases {
			if c.err == nil {
				t.Errorf("%s: no error", c.what)
				continue
			}
			text := c.err.Error()
			if e := pq.As(c.err); e != nil {
				text = fmt.Sprintf("%s %+v %s", text, *e, e.ErrorWithDetail())
			}
			if strings.Contains(strings.ToLower(text), "lovelace") || strings.Contains(text, "example.com") {
				t.Errorf("%s: the error quotes the value: %s", c.what, text)
			}
		}
	})
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
