package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hireloop/internal/gqlhttp"
)

func TestGateSettings(t *testing.T) {
	for _, c := range []struct {
		rule  string
		gates gates
		wrong string // what the message names
	}{
		{"all off", gates{}, ""},
		{"origins and proxies", gates{Origins: []string{"https://a.example", "http://localhost:3000"}, TrustedProxies: []string{"10.0.0.0/8", "::1/128"}}, ""},
		{"a negative budget", gates{CostPerMinute: -1}, "--cost-per-minute"},
		{"a negative bound", gates{Requests: -1}, "--requests"},
		{"an origin with a path", gates{Origins: []string{"https://a.example/page"}}, "--origin"},
		{"an origin without a scheme", gates{Origins: []string{"a.example"}}, "--origin"},
		{"any origin", gates{Origins: []string{"*"}}, "--origin"},
		{"a proxy by name", gates{TrustedProxies: []string{"proxy.internal"}}, "--trusted-proxy"},
	} {
		_, err := c.gates.open(time.Now)
		var usage usageError
		if (c.wrong != "") != errors.As(err, &usage) || err != nil && !strings.HasPrefix(err.Error(), c.wrong) {
			t.Errorf("%s: %v", c.rule, err)
		}
	}
}

// One budget is for queries and files; who has none left is told in the form of
// what was asked for.
func TestBudgetsAreForAllThatIsServed(t *testing.T) {
	h, token := onSQLite(t, gates{CostPerMinute: reportCost + 20}, false)
	query := blow{body: document("{ viewer { roles } }")}
	file := blow{method: http.MethodGet, target: "/reports/funnel.csv"}
	for _, step := range []struct {
		rule   string
		blow   blow
		status int
		left   int // about: the bucket fills meanwhile
		body   string
	}{
		{"a query", query, 200, reportCost + 10, `"rateLimit":{"limit":2020,`},
		{"a file", file, 200, 10, "from,to"},
		{"no other file", file, 429, 10, "nothing was done"},
		{"but a query", query, 200, 0, `"data"`},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, step.blow.request(token))
		var left, reset int
		_, err := fmt.Sscanf(w.Header().Get("RateLimit"), `"cost";r=%d;t=%d`, &left, &reset)
		if err != nil || w.Code != step.status || left < step.left || left > step.left+200 || !strings.Contains(w.Body.String(), step.body) {
			t.Errorf("%s: %d %q %.200s", step.rule, w.Code, w.Header().Get("RateLimit"), w.Body)
		}
	}
}

func TestFailedSignInsAreBounded(t *testing.T) {
	h, token := onSQLite(t, gates{FailedSignIns: 2}, false)
	query := blow{body: document("{ viewer { roles } }")}
	file := blow{method: http.MethodGet, target: "/reports/funnel.csv"}
	for _, step := range []struct {
		rule   string
		blow   blow
		token  string
		status int
		form   string
	}{
		{"a good token", query, token, 200, "application/json"},
		{"a bad one", query, "bad", 401, "application/json"},
		{"for a file", file, "bad", 401, "text/plain"},
		{"no more", query, "bad", 429, "application/json"},
		{"nowhere", file, "worse", 429, "text/plain"},
		{"the good one still is", query, token, 200, "application/json"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, step.blow.request(step.token))
		if w.Code != step.status || !strings.HasPrefix(w.Header().Get("Content-Type"), step.form) {
			t.Errorf("%s: %d %s %.200s", step.rule, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

func TestOtherOrigins(t *testing.T) {
	const friend, stranger = "https://careers.example", "https://evil.example"
	h, token := onSQLite(t, gates{Origins: []string{friend}}, false)
	closed, closedToken := onSQLite(t, gates{}, false)
	for _, c := range []struct {
		rule, origin string
		h            http.Handler
		token        string
		status       int
		allowed      string
	}{
		{"a friend", friend, h, token, 200, friend},
		{"a stranger", stranger, h, token, 403, ""},
		{"nobody is a friend by default", friend, closed, closedToken, 403, ""},
	} {
		b := blow{body: document("{ viewer { roles } }"), header: map[string]string{"Origin": c.origin, "Sec-Fetch-Site": "cross-site"}}
		w := httptest.NewRecorder()
		c.h.ServeHTTP(w, b.request(c.token))
		if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s: %d %v", c.rule, w.Code, w.Header())
		}
	}
}

// Whatever is answered has the headers that keep browsers from doing harm.
func TestEveryAnswerIsHardened(t *testing.T) {
	h, token := onSQLite(t, gates{}, false)
	for _, b := range []blow{
		{method: "GET", target: "/healthz"}, {method: "GET", target: "/readyz"}, {method: "GET", target: "/"}, {method: "GET", target: "/nothing"},
		{method: "PUT", target: "/graphql"}, {method: "GET", target: "/reports/funnel.svg"}, {method: "GET", target: "/reports/nothing"},
		{body: document("{ viewer { roles } }")}, {body: document("{"), header: map[string]string{"Authorization": ""}},
		{method: "GET", target: "/reports/funnel.csv", header: map[string]string{"Authorization": ""}},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, b.request(token))
		for _, name := range []string{
			"Content-Security-Policy", "Cross-Origin-Resource-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", gqlhttp.RequestIDHeader,
		} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s %s: %d has no %s", b.method, b.target, w.Code, name)
			}
		}
	}
}

// A client that is slow, in whatever it does, is cut off in time.
func TestSlowClientsAreCutOff(t *testing.T) {
	const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
	for _, c := range []struct {
		rule, sent string
		after      time.Duration
	}{
		{"says nothing", "", 5 * time.Second},
		{"within the headers", "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", 5 * time.Second},
		{"within the body", post + "\r\n{", 10 * time.Second},
		{"has more headers than fit", "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 64<<10), 0},
		{"stays after it was answered", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 60 * time.Second},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
				}), slog.New(slog.DiscardHandler))
				listener := &oneConn{conn: make(chan net.Conn, 1)}
				listener.conn <- conn
				go func() { _ = server.Serve(listener) }()
				began := time.Now()
				go func() { _, _ = io.WriteString(client, c.sent) }()
				_, _ = io.Copy(io.Discard, client)
				// net/http lingers for half a second where it cuts a client short.
				if took := time.Since(began); took < c.after || took > c.after+time.Second {
					t.Errorf("cut off after %v, want %v", took, c.after)
				}
				_ = server.Close()
				_ = client.Close()
			})
		})
	}
}

// oneConn is a listener that has one connection.
type oneConn struct{ conn chan net.Conn }

func (l *oneConn) Accept() (net.Conn, error) {
	conn, open := <-l.conn
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l *oneConn) Close() error {
	close(l.conn)
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
