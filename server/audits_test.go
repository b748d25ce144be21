package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The audits of graphql-http, which is written by the authors of the
// GraphQL-over-HTTP specification, against the served contract.
func TestGraphQLOverHTTPAudits(t *testing.T) {
	if testing.Short() {
		t.Skip("the full run has the audits")
	}
	dir := installAudits(t)
	r := running(t, "demo", "--addr", "127.0.0.1:0", "--size", "120")
	audits := exec.CommandContext(t.Context(), "node", "run.mjs")
	audits.Dir = dir
	audits.Env = append(os.Environ(), "URL="+r.GraphQL, "TOKEN="+r.Tokens.Recruiter)
	audits.Stderr = os.Stderr
	out, err := audits.Output()
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var result struct{ ID, Name, Status, Reason string }
		err := d.Decode(&result)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if result.Status != "ok" {
			t.Errorf("%s %s: %s: %s", result.ID, result.Name, result.Status, result.Reason)
			continue
		}
		passed++
	}
	if passed != 61 {
		t.Errorf("%d audits passed, want all 61", passed)
	}
}

// installAudits puts what the lock file names into a directory of its own.
func installAudits(t *testing.T) string {
	t.Helper()
	cannot := t.Skipf
	if os.Getenv("CI") != "" {
		cannot = t.Fatalf
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			cannot("THE GRAPHQL-OVER-HTTP AUDITS DID NOT RUN: %v", err)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "audits"))); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		cannot("THE GRAPHQL-OVER-HTTP AUDITS DID NOT RUN: npm ci: %v\n%s", err, out)
	}
	return dir
}
