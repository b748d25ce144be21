package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// Reports take the token that the API takes.
func TestReportsAreServed(t *testing.T) {
	r := running(t, "demo", "--addr", "127.0.0.1:0", "--size", "120")
	for _, c := range []struct {
		rule, path, token string
		status            int
		begins            string
	}{
		{"a table", "/reports/funnel.csv", r.Tokens.Analyst, 200, "from,to,asOf,knownAt,timeZone,event,"},
		{"a picture", "/reports/funnelSnapshot.svg", r.Tokens.Recruiter, 200, "<svg "},
		{"not for interviewers", "/reports/funnel.csv", r.Tokens.Interviewer, 403, "you may not read"},
		{"not without a token", "/reports/funnel.csv", "", 401, "sign in first"},
		{"not with a bad token", "/reports/funnel.csv", "nonsense", 401, "sign in first"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.token != "" {
			request.Header.Set("Authorization", "Bearer "+c.token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != c.status || !strings.HasPrefix(string(text), c.begins) {
			t.Errorf("%s: %d %.200s %v", c.rule, response.StatusCode, text, err)
		}
	}
}
