package gqlhttp

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestSignIns(t *testing.T) {
	clock := &stopped{at: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)}
	looked := 0
	signs := NewSignIns(NewBudgets("sign-ins", 3, clock.now), []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	h := signs.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		looked++
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer good") {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	for _, c := range []struct {
		rule, from, forwarded, token string
		after                        time.Duration
		status                       int
	}{
		{"good ones cost nothing", "192.0.2.1:9", "", "good", 0, 200},
		{"a bad one", "192.0.2.1:9", "", "bad", 0, 401},
		{"another port is the same address", "192.0.2.1:10", "", "bad", 0, 401},
		{"the last bad one", "192.0.2.1:9", "", "worse", 0, 401},
		{"no more", "192.0.2.1:9", "", "bad", 0, 429},
		{"one that was never seen is not looked at", "192.0.2.1:9", "", "good, and new", 0, 429},
		{"one that was accepted here is", "192.0.2.1:9", "", "good", 0, 200},
		{"another address is not concerned", "192.0.2.2:9", "", "bad", 0, 401},
		{"what a stranger says of its address counts for nothing", "192.0.2.1:9", "192.0.2.77", "bad", 0, 429},
		{"a proxy's word counts", "10.1.1.1:9", "192.0.2.1", "bad", 0, 429},
		{"and of what it was told, the last word", "10.1.1.1:9", "192.0.2.77, 192.0.2.1", "bad", 0, 429},
		{"through several proxies", "10.1.1.1:9", "192.0.2.1, 10.2.2.2", "bad", 0, 429},
		{"who is behind the proxy elsewhere", "10.1.1.1:9", "192.0.2.3", "bad", 0, 401},
		{"a minute later", "192.0.2.1:9", "", "bad", time.Minute, 401},
		{"IPv6", "[2001:db8::1]:9", "", "bad", 0, 401},
		{"of one network", "[2001:db8::2]:9", "", "bad", 0, 401},
		{"is one address", "[2001:db8::ffff:1:2:3]:9", "", "bad", 0, 401},
		{"to us", "[2001:db8::9]:9", "", "bad", 0, 429},
		{"IPv4 written as IPv6", "[::ffff:192.0.2.9]:9", "", "bad", 0, 401},
	} {
		clock.at = clock.at.Add(c.after)
		before := looked
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
		r.RemoteAddr = c.from
		r.Header.Set("Authorization", "Bearer "+c.token)
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || (looked > before) != (c.status != http.StatusTooManyRequests) {
			t.Errorf("%s: %d", c.rule, w.Code)
		}
		if c.status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", c.rule)
		}
	}
}

func TestOrigins(t *testing.T) {
	h, _ := serveToy(t, Options{})
	preflight := func(h http.Handler, origin string) http.Header {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/graphql", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Header()
	}
	const ours, evil = "https://careers.example", "https://evil.example"
	for _, c := range []struct {
		rule, origin string
		allowed      []string
		want         string
	}{
		{"closed by default", ours, nil, ""},
		{"open to whom it is configured for", ours, []string{ours}, ours},
		{"and nobody else", evil, []string{ours}, ""},
		{"nor to one that begins alike", ours + ".evil.example", []string{ours}, ""},
		{"nor to a null origin", "null", []string{ours}, ""},
	} {
		got := preflight(Origins(c.allowed, h), c.origin)
		if got.Get("Access-Control-Allow-Origin") != c.want || got.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", c.rule, got)
		}
	}
}

// Below Plain a refusal is a line of text; elsewhere it is JSON.
func TestPlainRefusals(t *testing.T) {
	b := NewBudgets("cost", 10, (&stopped{at: time.Unix(0, 0)}).now)
	done := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h := Plain(Charge(b, func(context.Context) string { return "ann" }, 10, done))
	for _, status := range []int{http.StatusNoContent, http.StatusTooManyRequests} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/reports/funnel.csv", nil))
		if w.Code != status {
			t.Errorf("%d, want %d", w.Code, status)
		}
		if status == http.StatusTooManyRequests && (w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasPrefix(w.Body.String(), "nothing was done")) {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
	}
}

func TestContain(t *testing.T) {
	h := Identify(slog.New(slog.DiscardHandler), Contain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/panic":
			panic("secret")
		}
		http.NotFound(w, r)
	})))
	for path, status := range map[string]int{"/panic": 500, "/nothing": 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != status || w.Header().Get("X-Content-Type-Options") != "nosniff" || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
	defer func() {
		if recover() != http.ErrAbortHandler { //nolint:errorlint // the very value
			t.Error("net/http is not told to abort")
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/abort", nil))
}
