package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

func TestExportCandidateCommand(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "hireloop.db")
	ctx := access.System(t.Context())
	app, err := openApp(ctx, url, logging{}.logger(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	defer app.store.Close()
	var admin gid.ID
	for email, role := range map[string]string{"ada@example.com": "ADMIN", "rob@example.com": "RECRUITER"} {
		id := app.hiring.IDs.New(gid.Member)
		app.db.Member.Create().SetID(id).SetName(role).SetEmail(email).SetRoles([]string{role}).
			SetCreatedAt(time.Now()).SetUpdatedAt(time.Now()).ExecX(ctx)
		if role == "ADMIN" {
			admin = id
		}
	}
	candidate, err := app.hiring.CreateCandidate(access.WithViewer(t.Context(), &access.Viewer{Member: admin, Roles: []access.Role{access.Admin}}),
		hiring.CreateCandidateInput{Name: "Grace Hopper"})
	if err != nil {
		t.Fatal(err)
	}
	nobody := app.hiring.IDs.New(gid.Candidate).String()
	for rule, c := range map[string]struct {
		as, candidate string
		code          int
	}{
		"an administrator exports":     {"ada@example.com", candidate.String(), 0},
		"a recruiter does not":         {"rob@example.com", candidate.String(), exitFailed},
		"a stranger does not":          {"eve@example.com", candidate.String(), exitUsage},
		"somebody who is not there":    {"ada@example.com", nobody, exitFailed},
		"what is no candidate's id":    {"ada@example.com", admin.String(), exitUsage},
		"what is no id":                {"ada@example.com", "Grace", exitUsage},
		"and it can be exported again": {"ada@example.com", candidate.String(), 0},
	} {
		t.Run(rule, func(t *testing.T) {
			var out, log bytes.Buffer
			code := run(context.Background(), []string{"export-candidate", "--database-url", url, "--as", c.as, c.candidate}, &out, &log)
			if code != c.code {
				t.Fatalf("exit code %d, want %d: %s", code, c.code, log.String())
			}
			if code != 0 {
				if out.Len() > 0 || log.Len() == 0 {
					t.Errorf("printed %q, told %q", out.String(), log.String())
				}
				return
			}
			var document struct {
				CandidateID gid.ID
				Records     map[string][]map[string]any
			}
			if err := json.Unmarshal(out.Bytes(), &document); err != nil {
				t.Fatal(err)
			}
			if document.CandidateID != candidate || document.Records["candidates"][0]["name"] != "Grace Hopper" {
				t.Errorf("printed %s", out.String())
			}
		})
	}
}
