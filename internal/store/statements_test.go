package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lib/pq"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func openPostgres(t testing.TB, opt store.Options) *store.DB {
	return testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, opt)
}

// oneConn is the pool's only connection, so that tests know which they are on.
func oneConn(t *testing.T, cache int) *store.DB {
	return openPostgres(t, store.Options{MaxOpenConns: 1, StatementCache: cache})
}

// onServer is how many statements the server has prepared for the connection,
// beside the one that says who asks.
func onServer(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	must(t, db.SQL().QueryRow("SELECT count(*) FROM pg_prepared_statements WHERE statement NOT LIKE '%set_config%'").Scan(&n))
	return n
}

func TestAStatementIsPreparedOnce(t *testing.T) {
	db := oneConn(t, 0)
	for want := range 5 {
		var got int
		must(t, db.SQL().QueryRow("SELECT $1::int", want).Scan(&got))
		if got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	if n := onServer(t, db); n != 1 {
		t.Errorf("the server has %d prepared statements, want 1", n)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	db := oneConn(t, 3)
	ask := func(n int) {
		t.Helper()
		var got int
		must(t, db.SQL().QueryRow(fmt.Sprintf("SELECT $1::int + %d", n), 1).Scan(&got))
		if got != n+1 {
			t.Errorf("got %d, want %d", got, n+1)
		}
	}
	for n := range 10 {
		ask(n)
		ask(0) // used most often, so never the one to go
	}
	if n := onServer(t, db); n != 3 {
		t.Errorf("the server has %d prepared statements, want 3", n)
	}
	var kept bool
	must(t, db.SQL().QueryRow(`SELECT statement LIKE '%+ 0' FROM pg_prepared_statements ORDER BY prepare_time LIMIT 1`).Scan(&kept))
	if !kept {
		t.Error("the statement in constant use was dropped and prepared again")
	}
}

func TestWhatIsNotCached(t *testing.T) {
	for name, c := range map[string]struct {
		cache int
		query string
		args  []any
	}{
		"statements without arguments": {0, "SELECT 1", nil},
		"very long statements":         {0, "SELECT $1::int --" + strings.Repeat("x", 10_000), []any{1}},
		"any when switched off":        {-1, "SELECT $1::int", []any{1}},
	} {
		t.Run(name, func(t *testing.T) {
			db := oneConn(t, c.cache)
			must(t, exec(db, c.query, c.args...))
			if n := onServer(t, db); n != 0 {
				t.Errorf("the server has %d prepared statements, want none", n)
			}
		})
	}
}

func TestAStalePlanIsPreparedAgain(t *testing.T) {
	const query = "SELECT * FROM x WHERE a = $1"
	columns := func(t *testing.T, db interface {
		Query(string, ...any) (*sql.Rows, error)
	}) (int, error) {
		rows, err := db.Query(query, 1)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		names, err := rows.Columns()
		return len(names), errors.Join(err, rows.Err())
	}
	begin := func(t *testing.T) *store.DB {
		db := oneConn(t, 0)
		must(t, exec(db, "CREATE TABLE x (a int)"))
		if n, err := columns(t, db.SQL()); n != 1 || err != nil {
			t.Fatalf("columns = %d, %v", n, err)
		}
		must(t, exec(db, "ALTER TABLE x ADD b int"))
		return db
	}
	t.Run("outside a transaction it is not noticed", func(t *testing.T) {
		db := begin(t)
		if n, err := columns(t, db.SQL()); n != 2 || err != nil {
			t.Errorf("columns = %d, %v, want 2", n, err)
		}
	})
	t.Run("a transaction begins anew", func(t *testing.T) {
		db, tries := begin(t), 0
		must(t, db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			tries++
			n, err := columns(t, tx)
			if err == nil && n != 2 {
				t.Errorf("columns = %d, want 2", n)
			}
			return err
		}))
		if tries != 2 {
			t.Errorf("tries = %d, want 2", tries)
		}
	})
	t.Run("statements the server dropped are prepared again", func(t *testing.T) {
		db := begin(t)
		must(t, exec(db, "DEALLOCATE ALL"))
		if n, err := columns(t, db.SQL()); n != 2 || err != nil {
			t.Errorf("columns = %d, %v, want 2", n, err)
		}
	})
}

func TestAFailedStatementDoesNotSpoilTheConnection(t *testing.T) {
	db := oneConn(t, 0)
	for range 3 {
		if err := exec(db, "SELECT 1 / $1::int", 0); pq.As(err, "22012") == nil {
			t.Fatalf("error = %v, want division by zero", err)
		}
		if err := exec(db, "SELECT $1::nonsense", 0); pq.As(err, "42704") == nil {
			t.Fatalf("error = %v, want undefined type", err)
		}
		must(t, exec(db, "SELECT 1 / $1::int", 1))
	}
	if got := db.SQL().Stats().MaxIdleClosed + db.SQL().Stats().MaxLifetimeClosed; got != 0 {
		t.Errorf("%d connections were closed", got)
	}
	if n := onServer(t, db); n != 1 {
		t.Errorf("the server has %d prepared statements, want the one that works", n)
	}
}

func TestOpenRowsAreGuarded(t *testing.T) {
	db := oneConn(t, 0)
	must(t, exec(db, "SELECT $1::int", 1)) // prepared, so lib/pq itself would not notice
	must(t, db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT n, $1::int FROM generate_series(1, 1000) AS s (n)", 1)
		if err != nil {
			return err
		}
		rows.Next()
		if _, err := tx.ExecContext(ctx, "SELECT $1::int", 1); err == nil {
			t.Error("a second statement began while rows were being read")
		}
		sum := 1
		for rows.Next() {
			var n, one int
			if err := rows.Scan(&n, &one); err != nil {
				return err
			}
			sum += one
		}
		if sum != 1000 {
			t.Errorf("%d rows, want 1000: the refused statement disturbed them", sum)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "SELECT $1::int", 1)
		return err
	}))
}

func TestArraysAndTypesPassThePreparedStatement(t *testing.T) {
	db := oneConn(t, 0)
	for range 2 { // prepared, then reused
		var n int
		must(t, db.SQL().QueryRow("SELECT count(*) FROM unnest($1::text[])", pq.Array([]string{"a", `b"c`, "d,e"})).Scan(&n))
		if n != 3 {
			t.Errorf("pq.Array arrived with %d elements, want 3", n)
		}
		must(t, db.SQL().QueryRow("SELECT count(*) FROM unnest($1::int[])", []int64{1, 2}).Scan(&n))
		if n != 2 {
			t.Errorf("a slice arrived with %d elements, want 2", n)
		}
		var text string
		must(t, db.SQL().QueryRow("SELECT ($1::jsonb ->> 'k') || encode($2::bytea, 'hex')", []byte(`{"k":"v"}`), []byte{1}).Scan(&text))
		if text != "v01" {
			t.Errorf("jsonb and bytea arrived as %q", text)
		}
		rows, err := db.SQL().Query("SELECT $1::varchar(7) AS x", "y")
		must(t, err)
		types, err := rows.ColumnTypes()
		must(t, err)
		if l, ok := types[0].Length(); l != 7 || !ok || types[0].DatabaseTypeName() != "VARCHAR" {
			t.Errorf("the column's type is lost: %v", types[0])
		}
		must(t, rows.Close())
	}
}

func TestACancelledStatementGivesItsConnectionUp(t *testing.T) {
	db := oneConn(t, 0)
	var before, after int
	must(t, db.SQL().QueryRow("SELECT pg_backend_pid()").Scan(&before))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := db.SQL().ExecContext(ctx, "SELECT pg_sleep($1)", 300)
		done <- err
	}()
	watch := openSame(t, db)
	for active := 0; active == 0; {
		select {
		case err := <-done:
			t.Fatalf("the statement ended by itself: %v", err)
		default:
		}
		must(t, watch.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", before).Scan(&active))
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || pq.As(err, "57014") == nil {
		t.Errorf("error = %v, want the context's and the server's word", err)
	}
	must(t, db.SQL().QueryRow("SELECT pg_backend_pid()").Scan(&after))
	if before == after {
		t.Error("a connection that may still get the request to cancel was used again")
	}
}

// openSame opens a second pool on the database of db.
func openSame(t *testing.T, db *store.DB) *sql.DB {
	t.Helper()
	var dsn string
	must(t, db.SQL().QueryRow(`SELECT format('host=%s port=%s user=%s dbname=%s sslmode=disable',
		coalesce(host(inet_server_addr()), split_part(current_setting('unix_socket_directories'), ',', 1)),
		current_setting('port'), session_user, current_database())`).Scan(&dsn))
	other, err := sql.Open("postgres", dsn)
	must(t, err)
	t.Cleanup(func() { other.Close() })
	return other
}

func BenchmarkStatementCache(b *testing.B) {
	for name, cache := range map[string]int{"with": 0, "without": -1} {
		b.Run(name, func(b *testing.B) {
			db := openPostgres(b, store.Options{StatementCache: cache})
			must(b, exec(db, "CREATE TABLE x (id int PRIMARY KEY, name text NOT NULL)"))
			must(b, exec(db, "INSERT INTO x SELECT n, 'name ' || n FROM generate_series(1, 1000) AS s (n)"))
			must(b, exec(db, "ANALYZE x"))
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n++ {
					var name string
					if err := db.SQL().QueryRow("SELECT name FROM x WHERE id = $1", n%1000+1).Scan(&name); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
