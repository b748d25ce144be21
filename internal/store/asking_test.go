package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// asked is what the server was told of who asks.
const asked = `SELECT concat_ws(' ', current_setting('hireloop.member', true), current_setting('hireloop.roles', true), current_setting('hireloop.program', true))`

// asks are contexts with what the server must have been told in each.
func asks() map[string]context.Context {
	ids := gid.NewGenerator(nil, nil)
	ctx := context.Background()
	out := map[string]context.Context{"  ": ctx, "  on": access.System(ctx)}
	for _, roles := range [][]access.Role{{access.Admin}, {access.Recruiter, access.Interviewer}, {}} {
		v := &access.Viewer{Member: ids.New(gid.Member), Roles: roles}
		text := "{}"
		if len(roles) > 0 {
			text = `{"` + string(roles[0]) + `"`
			for _, r := range roles[1:] {
				text += `,"` + string(r) + `"`
			}
			text += "}"
		}
		out[v.Member.UUID()+" "+text+" "] = access.WithViewer(ctx, v)
	}
	return out
}

// Whatever happens to a connection, no statement runs for whom it does not come
// from.
func TestNoStatementRunsForSomebodyElse(t *testing.T) {
	db := openPostgres(t, store.Options{MaxOpenConns: 3}) // fewer than ask
	all := asks()
	var wants []string
	for want := range all {
		wants = append(wants, want)
	}
	check := func(ctx context.Context, q interface {
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}, want string) error {
		var got string
		err := q.QueryRowContext(ctx, asked).Scan(&got)
		if err == nil && got != want {
			err = fmt.Errorf("the server was told %q, want %q", got, want)
		}
		return err
	}
	undone := errors.New("undone")
	somebody := func(r *rand.Rand) (string, context.Context) {
		want := wants[r.IntN(len(wants))]
		return want, all[want]
	}
	turns := map[string]func(r *rand.Rand) error{
		"a statement": func(r *rand.Rand) error {
			want, ctx := somebody(r)
			return check(ctx, db.SQL(), want)
		},
		"a statement that fails": func(r *rand.Rand) error {
			_, ctx := somebody(r)
			if _, err := db.SQL().ExecContext(ctx, "SELECT 1 / $1::int", 0); pq.As(err, "22012") == nil {
				return fmt.Errorf("dividing by zero: %w", err)
			}
			return nil
		},
		"a statement that is cancelled": func(r *rand.Rand) error {
			_, ctx := somebody(r)
			ctx, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			if _, err := db.SQL().ExecContext(ctx, "SELECT pg_sleep(10)"); !errors.Is(err, context.DeadlineExceeded) {
				return fmt.Errorf("sleeping: %w", err)
			}
			return nil
		},
		"a connection that breaks": func(r *rand.Rand) error {
			_, ctx := somebody(r)
			_, _ = db.SQL().ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return nil
		},
		"a transaction": func(r *rand.Rand) error {
			return db.InTx(context.Background(), func(_ context.Context, tx *sql.Tx) error {
				for range 4 {
					want, ctx := somebody(r)
					if err := check(ctx, tx, want); err != nil {
						return err
					}
				}
				return nil
			})
		},
		"a transaction that is undone": func(r *rand.Rand) error {
			_, began := somebody(r)
			err := store.Transact(began, func(ctx context.Context) (*sql.Tx, error) { return db.SQL().BeginTx(ctx, nil) },
				func(_ context.Context, tx *sql.Tx) error {
					want, ctx := somebody(r)
					return errors.Join(check(ctx, tx, want), undone)
				})
			if err == nil || err.Error() != undone.Error() {
				return err
			}
			return nil
		},
		"a transaction that fails": func(r *rand.Rand) error {
			err := store.Transact(context.Background(), func(ctx context.Context) (*sql.Tx, error) { return db.SQL().BeginTx(ctx, nil) },
				func(_ context.Context, tx *sql.Tx) error {
					_, ctx := somebody(r)
					_, _ = tx.ExecContext(ctx, "SELECT 1 / $1::int", 0)
					want, ctx := somebody(r)
					return check(ctx, tx, want)
				})
			if pq.As(err, "25P02") == nil {
				return fmt.Errorf("reading in a transaction that has failed: %w", err)
			}
			return nil
		},
		"a savepoint": func(r *rand.Rand) error {
			return db.InTx(context.Background(), func(_ context.Context, tx *sql.Tx) error {
				outer, inner := all[wants[0]], all[wants[1]]
				_, err := tx.ExecContext(outer, "SAVEPOINT here")
				err = errors.Join(err, check(inner, tx, wants[1]))
				_, failed := tx.ExecContext(inner, "ROLLBACK TO SAVEPOINT here")
				return errors.Join(err, failed, check(inner, tx, wants[1]))
			})
		},
		"a session that is reset": func(r *rand.Rand) error {
			want, ctx := somebody(r)
			return db.InTx(ctx, func(_ context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "RESET ALL")
				return errors.Join(err, check(ctx, tx, want))
			})
		},
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(worker)))
			for range 40 {
				for name, turn := range turns { // in no order
					err := turn(r)
					if errors.Is(err, sql.ErrConnDone) || pq.As(err, pqerror.AdminShutdown) != nil {
						continue // it met a connection that another had broken
					}
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

// Names and roles reach the server as values, whatever they are.
func TestHostileViewersAreOnlyValues(t *testing.T) {
	db := testdb.Postgres().Open(t, testdb.Template{Name: "walled", Prepare: func(ctx context.Context, d *store.DB) error {
		_, err := store.Migrate(ctx, d)
		return err
	}}, store.Options{})
	for _, role := range []access.Role{`x","ADMIN`, `x,ADMIN`, `{ADMIN}`, `'); SELECT set_config('hireloop.program', 'on', false); --`, `\`, `"`, ``, `NULL`} {
		ctx := access.WithViewer(t.Context(), &access.Viewer{Member: gid.NewGenerator(nil, nil).New(gid.Member), Roles: []access.Role{role}})
		var admin, program bool
		var roles int
		must(t, db.SQL().QueryRowContext(ctx, `SELECT hireloop_has_role('ADMIN'), hireloop_program(), cardinality(current_setting('hireloop.roles')::text[])`).Scan(&admin, &program, &roles))
		if admin || program || roles != 1 {
			t.Errorf("with the role %q: administrator %t, program %t, %d roles", role, admin, program, roles)
		}
	}
}

// Telling costs a round trip only when somebody else asks.
func TestOnlyAChangeIsTold(t *testing.T) {
	db := oneConn(t, 0)
	system := access.System(t.Context())
	calls := func() (n int) {
		t.Helper()
		must(t, db.SQL().QueryRowContext(system, `SELECT coalesce(sum(generic_plans + custom_plans), 0) FROM pg_prepared_statements WHERE statement LIKE '%set_config%'`).Scan(&n))
		return n
	}
	before := calls()
	for range 10 {
		must(t, execAs(system, db, "SELECT $1::int", 1))
	}
	if n := calls(); n != before {
		t.Errorf("the same asked 10 times and was told of %d times", n-before)
	}
	must(t, execAs(t.Context(), db, "SELECT $1::int", 1))
	if n := calls(); n != before+2 {
		t.Errorf("another asked in between and was told of %d times, want there and back", n-before)
	}
}

func execAs(ctx context.Context, db *store.DB, query string, args ...any) error {
	_, err := db.SQL().ExecContext(ctx, query, args...)
	return err
}

// A role that only serves reads and writes rows, but neither changes tables nor
// what is only ever added to; whoever is told nothing sees nothing.
func TestTheApplicationsRole(t *testing.T) {
	ctx := access.System(t.Context())
	url := testdb.Postgres().URL(t, testdb.Template{Name: "for a role", Prepare: func(ctx context.Context, d *store.DB) error {
		_, err := store.Migrate(ctx, d, testdb.Application)
		return err
	}})
	db, err := store.Open(ctx, testdb.As(url, testdb.Application), store.Options{})
	must(t, err)
	defer db.Close()
	if applied, err := store.Migrate(ctx, db); applied != 0 || err != nil {
		t.Errorf("migrating what is up to date: %d, %v", applied, err)
	}
	if role, bypasses, err := store.Role(ctx, db); role != testdb.Application || bypasses || err != nil {
		t.Errorf("the role is %s, bypasses %t, %v", role, bypasses, err)
	}
	id := gid.NewGenerator(nil, nil).New(gid.AuditEntry)
	must(t, execAs(ctx, db, "INSERT INTO audit_entries (id, recorded_at, action, subject_id, details, changes, digest) VALUES ($1, now(), 'x', $1, '{}', '[]', '')", id))
	for _, statement := range []string{
		"UPDATE audit_entries SET action = 'y'", "DELETE FROM audit_entries", "TRUNCATE audit_entries",
		"TRUNCATE offers", "ALTER TABLE offers DISABLE ROW LEVEL SECURITY", "DROP POLICY seen ON offers", "CREATE TABLE x (n int)",
		"UPDATE schema_revisions SET hash = ''",
	} {
		if err := execAs(ctx, db, statement); pq.As(err, "42501") == nil {
			t.Errorf("%s: %v, want that it is denied", statement, err)
		}
	}
	for want, ctx := range map[int]context.Context{1: ctx, 0: t.Context()} {
		var rows int
		must(t, db.SQL().QueryRowContext(ctx, "SELECT count(*) FROM audit_entries").Scan(&rows))
		if rows != want {
			t.Errorf("%d audit entries are seen, want %d", rows, want)
		}
	}
	if err := execAs(t.Context(), db, "INSERT INTO audit_entries (id, recorded_at, action, subject_id, details, changes, digest) VALUES ($1, now(), 'x', $1, '{}', '[]', '')", id); pq.As(err, "42501") == nil {
		t.Errorf("nobody adds an audit entry: %v", err)
	}

	// What owns the tables obeys as well.
	owner, err := store.Open(ctx, url, store.Options{})
	must(t, err)
	defer owner.Close()
	if _, err := owner.SQL().ExecContext(ctx, "DELETE FROM audit_entries"); err == nil {
		t.Error("the owner deletes audit entries")
	}
}
