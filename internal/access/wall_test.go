package access_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// world is a small company with all that rules turn on: confidential openings,
// every policy about revealing cards, drafts, cards that never will be.
func world(members map[gid.ID]bool) testdb.Template {
	return testdb.Template{Name: "walled", Prepare: func(ctx context.Context, d *store.DB) error {
		if _, err := store.Migrate(ctx, d); err != nil {
			return err
		}
		client := db.NewClient(db.Driver(d.Driver()))
		access.Protect(client)
		s := &hiring.Service{Store: d, DB: client, IDs: gid.NewGenerator(func() time.Time { return now }, nil), Now: func() time.Time { return now }}
		if err := s.InstallBuiltin(ctx); err != nil {
			return err
		}
		w, err := demo.Load(ctx, d, demo.Options{Seed: 1, Applications: 250, Now: now})
		if err != nil {
			return err
		}
		for _, id := range []gid.ID{w.Admin, w.Recruiter, w.HiringManager, w.Interviewer, w.Analyst} {
			members[id] = true
		}
		ctx = access.System(ctx)
		for _, change := range []string{
			`UPDATE loops SET reveal_policy = (ARRAY['OWN_SUBMITTED', 'ALL_SUBMITTED', 'DEBRIEF_OPENED'])[1 + get_byte(uuid_send(id), 15) % 3]`,
			`UPDATE scorecards SET status = 'DRAFT', submitted_at = NULL WHERE get_byte(uuid_send(id), 15) % 17 = 0`,
			`UPDATE scorecards SET status = 'VOID', submitted_at = NULL, void_reason = 'CONFLICT_OF_INTEREST' WHERE get_byte(uuid_send(id), 15) % 17 = 1`,
			`UPDATE openings SET is_confidential = true WHERE get_byte(uuid_send(id), 15) % 3 = 0`,
			`INSERT INTO audit_entries (id, recorded_at, action, subject_id, details, changes, digest, opening_id, application_id, loop_id)
				SELECT id, now(), 'x', id, '{}'::jsonb, '[]'::jsonb, ''::bytea, id, NULL::uuid, NULL::uuid FROM openings
				UNION ALL SELECT id, now(), 'x', id, '{}', '[]', '', opening_id, id, NULL FROM applications
				UNION ALL SELECT c.id, now(), 'x', c.id, '{}', '[]', '', a.opening_id, a.id, c.loop_id
					FROM scorecards c JOIN applications a ON a.id = c.application_id`,
		} {
			if _, err := d.SQL().ExecContext(ctx, change); err != nil {
				return fmt.Errorf("%s: %w", change, err)
			}
		}
		for i, id := range []gid.ID{w.Admin, w.Recruiter} { // who also applied, and referred somebody
			for _, change := range []string{
				`UPDATE candidates SET member_id = $1 WHERE id = (SELECT candidate_id FROM applications ORDER BY id LIMIT 1 OFFSET $2)`,
				`UPDATE applications SET credited_member_id = $1, source_id = NULL WHERE id = (SELECT application_id FROM scorecards ORDER BY id LIMIT 1 OFFSET $2)`,
			} {
				if _, err := d.SQL().ExecContext(ctx, change, id, 5*i+3); err != nil {
					return fmt.Errorf("%s: %w", change, err)
				}
			}
		}
		return store.Query(ctx, d.SQL(), `SELECT interviewer_id FROM scorecards WHERE status = 'DRAFT' ORDER BY id LIMIT 2`).Each(func(row store.Row) error {
			var id gid.ID
			err := row.Scan(&id)
			members[id] = true
			return err
		})
	}}
}

// walledWorld opens the world on PostgreSQL, once as a role that row-level
// security holds for and once as one that it does not, and names its members.
func walledWorld(t *testing.T) (walled, open *store.DB, who []gid.ID) {
	t.Helper()
	members := map[gid.ID]bool{}
	url := testdb.Postgres().URL(t, world(members))
	var both [2]*store.DB
	for i, url := range []string{url, testdb.As(url, "none")} {
		d, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		both[i] = d
	}
	return both[0], both[1], slices.SortedFunc(maps.Keys(members), func(a, b gid.ID) int { return strings.Compare(a.String(), b.String()) })
}

// viewersOf are what a member may be: with each role, with none, with all, and
// with some pairs.
func viewersOf(member gid.ID) []*access.Viewer {
	sets := [][]access.Role{{}, access.Roles}
	for i, role := range access.Roles {
		sets = append(sets, []access.Role{role}, []access.Role{role, access.Roles[(i+2)%len(access.Roles)]})
	}
	var out []*access.Viewer
	for _, roles := range sets {
		out = append(out, &access.Viewer{Member: member, Roles: roles})
	}
	return out
}

// Both walls let see the same rows of every table: either alone, whoever asks.
func TestBothWallsAreEquallyHigh(t *testing.T) {
	d, open, members := walledWorld(t)
	if _, bypasses, err := store.Role(t.Context(), d); bypasses || err != nil {
		t.Fatalf("row-level security does not hold for the role of this test: %v", err)
	}
	system := access.System(t.Context())
	access.Walled(func(table, entity string) {
		if entity == "" {
			return
		}
		total := countOf(t, system, d, sql.Dialect(dialect.Postgres).Select("id").From(sql.Table(table)))
		if total.rows == 0 {
			t.Errorf("%s is empty: nothing is shown of it", table)
		}
		some, all := false, true
		for _, member := range members {
			for _, viewer := range viewersOf(member) {
				ctx := access.WithViewer(t.Context(), viewer)
				guarded := sql.Dialect(dialect.Postgres).Select("id").From(sql.Table(table))
				access.Visible(ctx, entity)(guarded)
				want := countOf(t, system, open, guarded) // behind the first wall alone
				got := countOf(t, ctx, d, sql.Dialect(dialect.Postgres).Select("id").From(sql.Table(table)))
				if got != want {
					t.Fatalf("%s: as %v, row-level security shows %d rows and the guard %d, or others", table, viewer.Roles, got.rows, want.rows)
				}
				remembered := sql.Dialect(dialect.Postgres).Select("id").From(sql.Table(table))
				access.Visible(access.Remembering(ctx, asker(open)), entity)(remembered)
				if got := countOf(t, system, open, remembered); got != want {
					t.Fatalf("%s: as %v, the guard shows %d rows to who remembers and %d to who does not, or others", table, viewer.Roles, got.rows, want.rows)
				}
				some, all = some || got.rows > 0, all && got.rows == total.rows
			}
		}
		if hidden := table == "demographic_answers" || table == "audit_links"; all || some == hidden {
			t.Errorf("%s: seen by somebody %t, all of it by everybody %t", table, some, all)
		}
	})
}

// asker asks a database.
func asker(d *store.DB) access.Asker {
	return (&hiring.Service{Store: d}).Recall
}

// counted is a set of rows, told from others.
type counted struct {
	rows int
	ids  string
}

func countOf(t *testing.T, ctx context.Context, d *store.DB, of *sql.Selector) (c counted) {
	t.Helper()
	query, args := of.Query()
	err := d.SQL().QueryRowContext(ctx, "SELECT count(*), coalesce(md5(string_agg(id::text, ',' ORDER BY id)), '') FROM ("+query+") AS seen", args...).Scan(&c.rows, &c.ids)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return c
}
