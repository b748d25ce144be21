package testdb_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func seeded(prepared *atomic.Int32) testdb.Template {
	return testdb.Template{Name: "seeded", Prepare: func(ctx context.Context, db *store.DB) error {
		prepared.Add(1)
		_, err := db.SQL().ExecContext(ctx, `CREATE TABLE fruit (name text PRIMARY KEY)`)
		if err == nil {
			_, err = db.SQL().ExecContext(ctx, `INSERT INTO fruit VALUES ('apple')`)
		}
		return err
	}}
}

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.SQL().QueryRow(`SELECT count(*) FROM fruit`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachTestHasACopyOfItsOwn(t *testing.T) {
	var prepared atomic.Int32
	template := seeded(&prepared)
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			prepared.Store(0)
			first, second := e.Open(t, template, store.Options{}), e.Open(t, template, store.Options{})
			if _, err := first.SQL().Exec(`INSERT INTO fruit VALUES ('pear')`); err != nil {
				t.Fatal(err)
			}
			if a, b := count(t, first), count(t, second); a != 2 || b != 1 {
				t.Errorf("rows = %d and %d, want 2 in the changed copy and 1 in the other", a, b)
			}
			if got := prepared.Load(); got != 1 {
				t.Errorf("the template was prepared %d times, want once for an engine", got)
			}
		})
	}
}

func TestTextSortsByBytesOnBothEngines(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		var got []string
		rows, err := db.SQL().Query(`SELECT s FROM (SELECT 'a' AS s UNION SELECT 'B' UNION SELECT 'é') AS x ORDER BY s`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			got = append(got, s)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if want := "B a é"; strings.Join(got, " ") != want {
			t.Errorf("order = %v, want %s", got, want)
		}
	})
}

// TestNoServerOutlivesItsProcess kills a test process that has a cluster and
// watches the cluster's directory go.
func TestNoServerOutlivesItsProcess(t *testing.T) {
	if os.Getenv("HIRELOOP_TEST_DATABASE_URL") != "" {
		t.Skip("the given server is not ours to stop")
	}
	if os.Getenv("TESTDB_TO_BE_KILLED") != "" {
		db := testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{})
		var dir string
		if err := db.SQL().QueryRow(`SHOW data_directory`).Scan(&dir); err != nil {
			t.Fatal(err)
		}
		fmt.Println("directory", dir)
		select {} // until killed
	}
	testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{}) // skips or fails here when there is no server

	cmd := exec.Command(os.Args[0], "-test.run=^TestNoServerOutlivesItsProcess$")
	cmd.Env = append(os.Environ(), "TESTDB_TO_BE_KILLED=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		if d, ok := strings.CutPrefix(lines.Text(), "directory "); ok {
			dir = filepath.Dir(d)
		}
	}
	if _, err := os.Stat(dir); dir == "" || err != nil {
		t.Fatalf("the process to be killed has no cluster: %q, %v", dir, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s is still there", dir)
		}
	}
}
