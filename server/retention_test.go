package main

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"hireloop/ent/db/retentionrule"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

func TestRetentionCommandErasesInBatches(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "hireloop.db")
	ctx := access.System(context.Background())
	term := &terminal{logger: logging{}.logger(&bytes.Buffer{})}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		t.Fatal(err)
	}
	admin, long := app.hiring.IDs.New(gid.Member), time.Now().AddDate(-1, 0, 0).UTC().Truncate(time.Microsecond)
	app.db.Member.Create().SetID(admin).SetName("Ada").SetEmail("ada@example.com").SetRoles([]string{"ADMIN"}).
		SetCreatedAt(long).SetUpdatedAt(long).ExecX(ctx)
	const people = 103
	for range people {
		app.db.Candidate.Create().SetID(app.hiring.IDs.New(gid.Candidate)).SetName("Somebody").SetLinks(nil).SetTags(nil).
			SetCreatedAt(long).SetUpdatedAt(long).ExecX(ctx)
	}
	months := 6
	_, err = app.hiring.SetRetentionRule(access.WithViewer(ctx, &access.Viewer{Member: admin, Roles: []access.Role{access.Admin}}),
		hiring.SetRetentionRuleInput{Since: retentionrule.SinceRECORDED, Months: &months})
	if err != nil {
		t.Fatal(err)
	}
	defer app.store.Close()
	run := func(args ...string) string {
		var out, log bytes.Buffer
		if code := run(context.Background(), append([]string{"retention", "--database-url", url, "--as", "ada@example.com"}, args...), &out, &log); code != 0 {
			t.Fatalf("exit code %d: %s", code, log.String())
		}
		return out.String()
	}
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"--dry-run", "--limit", "2"}, `^(candidate_\w+ due since \d{4}-\d\d-\d\d: RECORDED on \d{4}-\d\d-\d\d\n){2}103 due, 0 under a legal hold; nobody was erased\n$`},
		{[]string{"--limit", "2"}, `^(candidate_\w+ erased: erasure_receipt_\w+\n){2}2 erased, 101 due still, 0 under a legal hold\n$`},
		{nil, `^(candidate_\w+ erased: erasure_receipt_\w+\n){101}101 erased, 0 due still, 0 under a legal hold\n$`},
	} {
		if got := run(step.args...); !regexp.MustCompile(step.want).MatchString(got) {
			t.Errorf("%v: got %.400s", step.args, got)
		}
	}
	if n := app.db.Candidate.Query().CountX(ctx); n != 0 {
		t.Errorf("%d people are left", n)
	}
}
