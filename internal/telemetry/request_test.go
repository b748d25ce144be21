package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/internal/telemetry"
)

// Each request is one line and one count, by its route, whatever becomes of it.
func TestRequests(t *testing.T) {
	var log bytes.Buffer
	watch, err := telemetry.New(t.Context(), telemetry.Options{
		Logger:    slog.New(slog.NewJSONHandler(&log, nil)),
		Principal: func(context.Context) string { return "member_1" },
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", watch.SignedIn(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("short"))
	})))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("an answer cannot be flushed: %v", err)
		}
	})
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /hint", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("Ada Lovelace") })
	handler := watch.Requests(mux)

	for _, c := range []struct {
		rule, method, path string
		want               map[string]any // nil: no line at this level
		metric             string
	}{
		{"who asked, and how much was sent", "POST", "/graphql?x=ada",
			map[string]any{"method": "POST", "route": "/graphql", "status": 418.0, "bytes": 5.0, "statements": 0.0, "principal": "member_1"},
			`{method="POST",route="/graphql",status="418"} 1`},
		{"a handler that says nothing", "GET", "/", map[string]any{"method": "GET", "route": "/", "status": 200.0, "bytes": 0.0, "statements": 0.0},
			`{method="GET",route="/",status="200"} 1`},
		{"the status after hints", "GET", "/hint", map[string]any{"method": "GET", "route": "/hint", "status": 204.0, "bytes": 0.0, "statements": 0.0},
			`{method="GET",route="/hint",status="204"} 1`},
		{"a path of the client's", "GET", "/ada@lovelace.example", map[string]any{"method": "GET", "route": "none", "status": 404.0, "bytes": 19.0, "statements": 0.0},
			`{method="GET",route="none",status="404"} 1`},
		{"a method of the client's", "ADA", "/graphql", map[string]any{"method": "OTHER", "route": "/graphql", "status": 418.0, "bytes": 5.0, "statements": 0.0, "principal": "member_1"},
			`{method="OTHER",route="/graphql",status="418"} 1`},
		{"a panic, which goes on", "GET", "/panic", map[string]any{"method": "GET", "route": "/panic", "status": 500.0, "bytes": 0.0, "statements": 0.0},
			`{method="GET",route="/panic",status="500"} 1`},
		{"machines ask too often to be logged", "GET", "/healthz", nil, `{method="GET",route="/healthz",status="200"} 1`},
	} {
		log.Reset()
		panicked := func() (v any) {
			defer func() { v = recover() }()
			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(c.method, c.path, nil))
			return nil
		}()
		if (panicked != nil) != (c.path == "/panic") {
			t.Errorf("%s: panicked with %v", c.rule, panicked)
		}
		var line map[string]any
		if log.Len() > 0 {
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatalf("%s: %v in %s", c.rule, err, log.String())
			}
		}
		for _, common := range []string{"time", "level", "msg", "took", "request"} {
			delete(line, common)
		}
		if diff := cmp.Diff(c.want, line); diff != "" {
			t.Errorf("%s: %s", c.rule, diff)
		}
		answer := httptest.NewRecorder()
		watch.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
		for _, want := range []string{"\nhireloop_http_requests_total" + c.metric, "\nhireloop_http_requests_in_flight 0"} {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: the metrics have no %s", c.rule, want)
			}
		}
	}
}
