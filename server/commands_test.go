package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hireloop": main})
}

// TestCommands runs the scripts under testdata against the real command line.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", RequireExplicitExec: true})
}

// running starts a command and gives what its ready file says; the test stops
// it and checks that it ends well.
func running(t *testing.T, args ...string) readiness {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready := filepath.Join(t.TempDir(), "ready.json")
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, append(args, "--ready-file", ready), io.Discard, &log) }()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("exit code %d:\n%s", code, log.String())
			}
		case <-time.After(30 * time.Second):
			t.Error("it does not stop")
		}
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case code := <-ended:
			ended <- code
			t.Fatalf("it ended with %d:\n%s", code, log.String())
		case <-tick.C:
		}
		text, err := os.ReadFile(ready)
		if err != nil {
			continue
		}
		var r readiness
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
}

func post(t *testing.T, url, token, query string) (int, string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestDemoAnswersEachRole(t *testing.T) {
	r := running(t, "demo", "--addr", "127.0.0.1:0", "--size", "120")
	for role, token := range map[string]string{
		"ADMIN": r.Tokens.Admin, "RECRUITER": r.Tokens.Recruiter, "HIRING_MANAGER": r.Tokens.HiringManager,
		"INTERVIEWER": r.Tokens.Interviewer, "ANALYST": r.Tokens.Analyst,
	} {
		status, answer := post(t, r.GraphQL, token, "{ viewer { roles } openings { totalCount } }")
		if status != http.StatusOK || !strings.Contains(answer, `"roles":["`+role) || strings.Contains(answer, `"totalCount":0`) {
			t.Errorf("%s: %d %s", role, status, answer)
		}
	}
	for what, token := range map[string]string{
		"no token": "", "nonsense": "nonsense", "a changed token": r.Tokens.Admin[:len(r.Tokens.Admin)-4] + "AAAA",
	} {
		status, answer := post(t, r.GraphQL, token, "{ viewer { roles } }")
		if status != http.StatusUnauthorized || !strings.Contains(answer, `"UNAUTHENTICATED"`) || strings.Contains(answer, `"data"`) {
			t.Errorf("%s: %d %s", what, status, answer)
		}
	}
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/": "<html"} {
		response, err := http.Get(r.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(text), want) {
			t.Errorf("%s: %d %s", path, response.StatusCode, text)
		}
	}
}

// What an export held is served like anything else: the pipeline of an imported
// opening, with the history of its applications.
func TestImportedOpeningsAreServed(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "log.csv")
	err := os.WriteFile(log, []byte("application_id,candidate,opening,source,at,event,stage\n"+
		"1,Ada Lovelace,Engineering Manager,Referral,2026-01-05T09:00:00Z,enter,Applied\n"+
		"1,Ada Lovelace,Engineering Manager,Referral,2026-01-09T09:00:00Z,enter,Phone screen\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	url := "file:" + filepath.Join(dir, "hireloop.db")
	importLog(t, url, log)
	importLog(t, url, log)
	served, token := serveTo(t, url)
	_, answer := post(t, served, token, `{ openings { totalCount nodes { title applications { totalCount nodes {
		candidate { name } source { name } stage { name } visits { stage { name } enteredAt outcome } } } } } }`)
	want := `{"openings":{"totalCount":1,"nodes":[{"title":"Engineering Manager","applications":{"totalCount":1,"nodes":[{` +
		`"candidate":{"name":"Ada Lovelace"},"source":{"name":"Referral"},"stage":{"name":"Phone screen"},"visits":[` +
		`{"stage":{"name":"Applied"},"enteredAt":"2026-01-05T09:00:00Z","outcome":"ADVANCED"},` +
		`{"stage":{"name":"Phone screen"},"enteredAt":"2026-01-09T09:00:00Z","outcome":null}]}]}}]}}`
	if !strings.Contains(answer, want) {
		t.Errorf("got  %s\nwant %s", answer, want)
	}
}
