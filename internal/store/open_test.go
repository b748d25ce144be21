package store_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"hireloop/internal/fault"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func TestOpenRefusesOtherURLs(t *testing.T) {
	for name, url := range map[string]string{
		"nothing":                 "",
		"a bare file name":        "hireloop.db",
		"another database":        "mysql://root:s3cret@localhost/x",
		"no file":                 "file:",
		"a memory per connection": "file::memory:",
		"memory by mode":          "file:x?mode=memory",
		"a broken escape":         "file:x.db?_pragma=%zz",
		"a broken port":           "postgres://u:s3cret@localhost:port/x",
		"a control character":     "postgres://u:s3cret@local\x7fhost/x",
		"an unknown sslmode":      "postgres://u:s3cret@localhost/x?sslmode=perhaps",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(context.Background(), url, store.Options{})
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "HIRELOOP_DATABASE_URL: ") {
				t.Errorf("Open(%q) = %v, want a fault at HIRELOOP_DATABASE_URL", url, err)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestOpenFailsWhenNobodyAnswers(t *testing.T) {
	for name, url := range map[string]string{
		"no such directory": "file:" + filepath.Join(t.TempDir(), "missing", "x.db"),
		"no such server":    "postgres://u:s3cret@127.0.0.1:1/x",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(context.Background(), url, store.Options{})
			if err == nil || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("Open = %v, want an error without the password", err)
			}
		})
	}
}

// setting reads one setting of a fresh connection.
func setting(t *testing.T, db *store.DB, name string) (value string) {
	t.Helper()
	query := "PRAGMA " + name
	if db.Dialect() == "postgres" {
		query = "SHOW " + name
	}
	if err := db.SQL().QueryRow(query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

func TestSQLiteSettings(t *testing.T) {
	defaults := map[string]string{"foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "5000",
		"synchronous": "2", "secure_delete": "1"}
	for name, c := range map[string]struct {
		query string
		want  map[string]string
	}{
		"defaults":                      {"", nil},
		"the URL wins":                  {"?_pragma=synchronous(NORMAL)&_pragma=busy_timeout(7)", map[string]string{"synchronous": "1", "busy_timeout": "7"}},
		"the URL wins, in another form": {"?_pragma=Secure_Delete%3D0", map[string]string{"secure_delete": "0"}},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(context.Background(), "file:"+filepath.Join(t.TempDir(), "a b.db")+c.query, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for pragma, want := range defaults {
				if other, ok := c.want[pragma]; ok {
					want = other
				}
				if got := setting(t, db, pragma); got != want {
					t.Errorf("%s = %s, want %s", pragma, got, want)
				}
			}
			if _, err := db.SQL().Exec(`SELECT "no such column"`); err == nil {
				t.Error("a misspelt column in double quotes was taken for a string")
			}
		})
	}
}

func TestPostgresSettings(t *testing.T) {
	db := testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{})
	for name, want := range map[string]string{"statement_timeout": "30s", "lock_timeout": "10s",
		"idle_in_transaction_session_timeout": "1min", "application_name": "hireloop", "timezone": "UTC"} {
		if got := setting(t, db, name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
}

func TestEntsDriverCanDoAllThatEntAsksFor(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		ctx, drv := context.Background(), db.Driver()
		if got := drv.Dialect(); got != db.Dialect() {
			t.Errorf("dialect = %s, want %s", got, db.Dialect())
		}
		tx, err := drv.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Exec(ctx, "CREATE TABLE x (n int)", []any{}, nil); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, err := drv.ExecContext(ctx, "INSERT INTO x VALUES (1)"); err != nil {
			t.Fatal(err)
		}
		rows, err := drv.QueryContext(ctx, "SELECT n FROM x")
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
