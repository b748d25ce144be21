package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func counter() testdb.Template {
	return testdb.Template{Name: "counter", Prepare: func(ctx context.Context, db *store.DB) error {
		if _, err := db.SQL().ExecContext(ctx, "CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL)"); err != nil {
			return err
		}
		_, err := db.SQL().ExecContext(ctx, "INSERT INTO counter VALUES (1, 0), (2, 0)")
		return err
	}}
}

func value(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	must(t, db.SQL().QueryRow("SELECT n FROM counter WHERE id = 1").Scan(&n))
	return n
}

func add(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE counter SET n = n + 1 WHERE id = $1", 1)
	return err
}

func TestATransactionHappensWholeOrNotAtAll(t *testing.T) {
	refused := errors.New("refused")
	for name, c := range map[string]struct {
		run  func(ctx context.Context, cancel func(), tx *sql.Tx) error
		want error
		n    int
	}{
		"success commits": {func(ctx context.Context, _ func(), tx *sql.Tx) error { return add(ctx, tx) }, nil, 1},
		"an error rolls back": {func(ctx context.Context, _ func(), tx *sql.Tx) error {
			return errors.Join(add(ctx, tx), refused)
		}, refused, 0},
		"a context that ends inside does not commit": {func(ctx context.Context, cancel func(), tx *sql.Tx) error {
			defer cancel()
			return add(ctx, tx)
		}, context.Canceled, 0},
		"a statement after the context's end reports that": {func(ctx context.Context, cancel func(), tx *sql.Tx) error {
			if err := add(ctx, tx); err != nil {
				return err
			}
			cancel()
			return add(context.WithoutCancel(ctx), tx)
		}, context.Canceled, 0},
	} {
		t.Run(name, func(t *testing.T) {
			testdb.EachFrom(t, counter(), func(t *testing.T, db *store.DB) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				err := db.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.run(ctx, cancel, tx) })
				if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
					t.Errorf("error = %v, want %v", err, c.want)
				}
				if got := value(t, db); got != c.n {
					t.Errorf("the counter is %d, want %d", got, c.n)
				}
			})
		})
	}
}

func TestADoneContextBeginsNothing(t *testing.T) {
	testdb.EachFrom(t, counter(), func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := db.InTx(ctx, func(context.Context, *sql.Tx) error {
			t.Error("the transaction began")
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want the context's", err)
		}
	})
}

func TestAPanicRollsBack(t *testing.T) {
	testdb.EachFrom(t, counter(), func(t *testing.T, db *store.DB) {
		func() {
			defer func() {
				if recover() != "boom" {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				must(t, add(ctx, tx))
				panic("boom")
			})
		}()
		if got := value(t, db); got != 0 {
			t.Errorf("the counter is %d, want 0", got)
		}
		must(t, db.InTx(context.Background(), add)) // no lock was left behind
	})
}

// The trigger makes COMMIT take longer than the deadline. Were the deadline
// passed on, the server would interrupt the COMMIT here, and where it waits for
// a standby, confirm a write that may be lost.
func TestADeadlineDuringCommitDoesNotReachTheServer(t *testing.T) {
	db := testdb.Engines()[1].Open(t, counter(), store.Options{})
	must(t, exec(db, `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
		CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`))
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := db.InTx(ctx, add); err != nil {
		t.Errorf("error = %v, want the commit's success", err)
	}
	if ctx.Err() == nil {
		t.Error("the deadline did not fire during COMMIT: the test shows nothing")
	}
	if got := value(t, db); got != 1 {
		t.Errorf("the counter is %d, want 1", got)
	}
}

// Past the grace nobody knows: an error, never success.
func TestACommitThatOutlastsTheGraceIsAnError(t *testing.T) {
	db := testdb.Engines()[1].Open(t, counter(), store.Options{})
	must(t, exec(db, `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;
		CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`))
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := db.InTx(ctx, add); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the deadline's", err)
	}
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("took %v, want the deadline and a short grace", took)
	}
}

func TestReadModifyWriteLosesNothing(t *testing.T) {
	testdb.EachFrom(t, counter(), func(t *testing.T, db *store.DB) {
		const workers, rounds = 8, 10
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range rounds {
					err := db.Retry(context.Background(), func(ctx context.Context) error {
						begin := func(ctx context.Context) (*sql.Tx, error) {
							return db.SQL().BeginTx(ctx, &sql.TxOptions{Isolation: isolation(db)})
						}
						return store.Transact(ctx, begin, func(ctx context.Context, tx *sql.Tx) error {
							var n int
							if err := tx.QueryRowContext(ctx, "SELECT n FROM counter WHERE id = 1").Scan(&n); err != nil {
								return err
							}
							_, err := tx.ExecContext(ctx, "UPDATE counter SET n = $1 WHERE id = 1", n+1)
							return err
						})
					})
					// Eight tries may not do when eight workers fight; then nothing was written, and the caller is told.
					for store.IsRetryable(err) {
						err = db.InTx(context.Background(), add)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := value(t, db); got != workers*rounds {
			t.Errorf("the counter is %d, want %d", got, workers*rounds)
		}
	})
}

func isolation(db *store.DB) sql.IsolationLevel {
	if db.Dialect() == "postgres" {
		return sql.LevelSerializable
	}
	return sql.LevelDefault
}

func TestADeadlockIsTriedAgain(t *testing.T) {
	db := testdb.Engines()[1].Open(t, counter(), store.Options{})
	var both, wg sync.WaitGroup
	both.Add(2)
	tries := make([]int, 2)
	for who := range 2 {
		wg.Go(func() {
			err := db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				tries[who]++
				for step, id := range []int{1 + who, 2 - who} { // each in the other's order
					if _, err := tx.ExecContext(ctx, "UPDATE counter SET n = n + 1 WHERE id = $1", id); err != nil {
						return err
					}
					if step == 0 && tries[who] == 1 {
						both.Done()
						both.Wait()
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if tries[0]+tries[1] < 3 { // more on a busy machine, where they meet again
		t.Errorf("tries = %v, want one of the two at least to need a second", tries)
	}
	if got := value(t, db); got != 2 {
		t.Errorf("the counter is %d, want 2", got)
	}
}

func TestRetryGivesUp(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		deadlock := &pq.Error{Code: "40P01"}
		for name, c := range map[string]struct {
			err  error
			want int
		}{
			"after eight tries":      {deadlock, 8},
			"at once on other cases": {errors.New("refused"), 1},
		} {
			t.Run(name, func(t *testing.T) {
				tries := 0
				err := db.Retry(context.Background(), func(context.Context) error { tries++; return c.err })
				if err != c.err || tries != c.want {
					t.Errorf("%d tries and %v, want %d and %v", tries, err, c.want, c.err)
				}
			})
		}
		t.Run("when the context ends", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			tries := 0
			err := db.Retry(ctx, func(context.Context) error { tries++; cancel(); return deadlock })
			if !errors.Is(err, context.Canceled) || tries != 1 {
				t.Errorf("%d tries and %v, want 1 and the context's end", tries, err)
			}
		})
	})
}

func TestABusySQLiteFileIsRetryable(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "x.db") + "?_pragma=busy_timeout(1)"
	db, err := store.Open(context.Background(), url, store.Options{})
	must(t, err)
	defer db.Close()
	holder, err := db.SQL().Begin()
	must(t, err)
	defer holder.Rollback()
	if _, err := db.SQL().Begin(); !store.IsRetryable(err) {
		t.Errorf("error = %v, want a retryable one", err)
	}
}
