package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db/retentionrule"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// A role that owns nothing erases, and says that the database's own traces wait for
// the role that owns the tables.
func TestErasuresAreFinishedByTheOwner(t *testing.T) {
	owner := testdb.Postgres().URL(t, testdb.Template{Name: "bare", Prepare: func(context.Context, *store.DB) error { return nil }})
	serving := testdb.As(owner, testdb.Application)
	command := func(want string, args ...string) string {
		t.Helper()
		var out, log bytes.Buffer
		if code := run(context.Background(), append(args, "--database-url", serving), &out, &log); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, log.String())
		}
		if !strings.Contains(out.String(), want) {
			t.Fatalf("%v printed %q, want %q", args, out.String(), want)
		}
		return log.String()
	}
	command("up to date", "migrate", "--database-owner-url", owner)

	ctx := access.System(t.Context())
	app, err := openApp(ctx, serving, logging{}.logger(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	defer app.store.Close()
	admin, long := app.hiring.IDs.New(gid.Member), time.Now().AddDate(-1, 0, 0)
	app.db.Member.Create().SetID(admin).SetName("Ada").SetEmail("ada@example.com").SetRoles([]string{"ADMIN"}).SetCreatedAt(long).SetUpdatedAt(long).ExecX(ctx)
	for range 2 { // of an emptied table, statistics stay
		app.db.Candidate.Create().SetID(app.hiring.IDs.New(gid.Candidate)).SetName("Somebody").SetLinks(nil).SetTags(nil).
			SetCreatedAt(long).SetUpdatedAt(long).ExecX(ctx)
	}
	months := 6
	_, err = app.hiring.SetRetentionRule(access.WithViewer(t.Context(), &access.Viewer{Member: admin, Roles: []access.Role{access.Admin}}),
		hiring.SetRetentionRuleInput{Since: retentionrule.SinceRECORDED, Months: &months})
	if err != nil {
		t.Fatal(err)
	}
	purged := func() bool { return app.db.ErasureReceipt.Query().OnlyX(ctx).PurgedAt != nil }

	log := command("1 erased", "retention", "--as", "ada@example.com", "--limit", "1")
	if purged() || !strings.Contains(log, "run this with HIRELOOP_DATABASE_OWNER_URL") {
		t.Errorf("purged %t, told %s", purged(), log)
	}
	command("1 due", "retention", "--as", "ada@example.com", "--dry-run")
	if command("up to date", "migrate", "--database-owner-url", owner); !purged() {
		t.Error("migrating as the owner does not finish it")
	}
}
