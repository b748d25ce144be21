package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/telemetry"
	"hireloop/internal/testdb"
)

// unwatched is for tests of other things.
func unwatched(t testing.TB) *telemetry.Telemetry {
	t.Helper()
	w, err := telemetry.New(t.Context(), telemetry.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// written is a log that is read while it is written.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// received takes spans as an OpenTelemetry collector does.
type received struct {
	written
	spans []*traces.Span
}

func (r *received) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	var sent collector.ExportTraceServiceRequest
	if err != nil || q.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
		http.Error(w, "no spans", http.StatusBadRequest)
		return
	}
	_, _ = r.Write(body)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			r.spans = append(r.spans, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// watched is a server that runs as those who operate it run it, with everything
// turned on that tells of it.
type watched struct {
	t             *testing.T
	graphql, ops  string
	public, token string
	log           written
	spans         received
	stop          func()
}

var (
	servingAt = regexp.MustCompile(`"msg":"serving","url":"([^"]+)","ops":"([^"]+)"`)
	tokenKey  = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC0="
)

func watch(t *testing.T, database string) *watched {
	t.Helper()
	w := &watched{t: t}
	receiver := httptest.NewServer(&w.spans)
	t.Cleanup(receiver.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.URL)
	t.Setenv("HIRELOOP_TOKEN_KEY", tokenKey)
	t.Setenv("HIRELOOP_DATABASE_URL", database)
	var token bytes.Buffer
	if code := run(t.Context(), []string{"token", "grace@navy.example", "--name", "Grace Hopper", "--role", "ADMIN"}, &token, &w.log); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, w.log.String())
	}
	w.token = strings.TrimSpace(token.String())
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--log-format", "json", "--log-level", "debug", "serve", "--addr", "127.0.0.1:0",
			"--ops-addr", "127.0.0.1:0", "--pprof", "--slow-statement", "1ns"}, io.Discard, &w.log)
	}()
	w.stop = sync.OnceFunc(func() {
		stop()
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("exit code %d:\n%s", code, w.log.String())
			}
		case <-time.After(30 * time.Second):
			t.Error("it does not stop")
		}
	})
	t.Cleanup(w.stop)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if m := servingAt.FindStringSubmatch(w.log.String()); m != nil {
			w.public, w.graphql, w.ops = m[1], m[1]+"/graphql", "http://"+m[2]
			return w
		}
		select {
		case code := <-ended:
			t.Fatalf("it ended with %d:\n%s", code, w.log.String())
		default:
		}
	}
	return nil
}

// send posts body with further headers as "name: value".
func (w *watched) send(body string, headers ...string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.graphql, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	return w.do(r)
}

func (w *watched) get(url string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(r)
}

func (w *watched) do(r *http.Request) (int, string) {
	w.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func operation(query string, variables map[string]any) string {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	return string(body)
}

func migratedDatabase() testdb.Template {
	return testdb.Template{Name: "migrated", Prepare: func(ctx context.Context, d *store.DB) error {
		_, err := store.Migrate(ctx, d)
		return err
	}}
}

// faults make the database fail and quote what it was given.
var faults = map[string][]string{
	"sqlite": {`CREATE TRIGGER fault BEFORE INSERT ON candidates WHEN NEW.company = 'Analytical Engines'
		BEGIN SELECT RAISE(ABORT, 'this cannot be'); END`},
	"postgres": {
		`CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM NEW.name::int; RETURN NEW; END $$`,
		`CREATE TRIGGER fault BEFORE INSERT ON candidates FOR EACH ROW WHEN (NEW.company = 'Analytical Engines') EXECUTE FUNCTION fault()`,
		`ALTER TABLE candidates ADD CONSTRAINT fault CHECK (company <> 'Difference Engines')`,
	},
}

const createCandidate = `mutation Record($in: CreateCandidateInput!) { createCandidate(input: $in) { candidate { id name } userErrors { message } } }`

// What clients send and what the database holds of people comes into no log,
// trace or metric, whatever goes wrong.
func TestNothingOfPeopleIsWatched(t *testing.T) {
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			database := e.URL(t, migratedDatabase())
			w := watch(t, database)
			d, err := store.Open(t.Context(), database, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			for _, text := range faults[e.Name] {
				if _, err := d.SQL().Exec(text); err != nil {
					t.Fatal(err)
				}
			}
			ada := func(company string) map[string]any {
				return map[string]any{"in": map[string]any{"name": "Ada Lovelace", "emails": []string{"ada@lovelace.example"},
					"phones": []string{"+44 20 7946 0958"}, "company": company, "headline": "Poetical scientist",
					"allowDuplicate": strings.HasSuffix(company, "Engines")}}
			}
			for _, c := range []struct {
				what, body string
				status     int
				contains   string
				headers    []string
			}{
				{"somebody is recorded", operation(createCandidate, ada("Countess")), 200, `"name":"Ada Lovelace"`, nil},
				{"twice", operation(createCandidate, ada("Countess")), 200, `"userErrors":[{`, nil},
				{"the database fails", operation(createCandidate, ada("Analytical Engines")), 200, `"INTERNAL"`, nil},
				{"searched by variable", operation(`query Find($q: String) { candidates(filterBy: {query: $q}) { nodes { name } } }`,
					map[string]any{"q": "lovelace"}), 200, `"Ada Lovelace"`, nil},
				{"searched by literal", operation(`{ candidates(filterBy: {query: "ada@lovelace.example"}) { totalCount } }`, nil), 200, `"totalCount":1`, nil},
				{"searched with marks", operation(`query Find($q: String) { candidates(filterBy: {query: $q}) { nodes { name } } }`,
					map[string]any{"q": `"lovelace" OR NEAR(* ada's`}), 200, `"nodes":[`, nil},
				{"a variable of another type", operation(createCandidate, map[string]any{"in": "Ada Lovelace"}), 200, `"BAD_USER_INPUT"`, nil},
				{"a literal that is none", operation(`{ candidate(id: "Ada Lovelace") { name } }`, nil), 200, `"errors"`, nil},
				{"a name for a field", operation(`{ Lovelace }`, nil), 200, `"errors"`, nil},
				{"no document", operation(`{ candidates(filterBy: {query: "Lovelace }`, nil), 200, `"errors"`, nil},
				{"no JSON", `{"query": "Ada Lovelace`, 400, `"BAD_REQUEST"`, nil},
				{"a bad token", operation(`{ viewer { roles } }`, nil), 401, `"UNAUTHENTICATED"`, []string{"Authorization: Bearer Lovelace.0958." + w.token}},
				{"personal headers", operation(`{ viewer { roles } }`, nil), 200, `"ADMIN"`,
					[]string{"User-Agent: Lovelace", "X-Forwarded-For: 203.0.113.9", "Cookie: who=Lovelace", "X-Request-Id: Ada Lovelace", "Baggage: who=Lovelace"}},
			} {
				if status, answer := w.send(c.body, c.headers...); status != c.status || !strings.Contains(answer, c.contains) {
					t.Errorf("%s: %d %s", c.what, status, answer)
				}
			}
			if e.Name == "postgres" {
				if _, answer := w.send(operation(createCandidate, ada("Difference Engines"))); !strings.Contains(answer, `"INTERNAL"`) {
					t.Errorf("a check that fails: %s", answer)
				}
			}
			w.get(w.public + "/reports/Lovelace.csv?name=Lovelace")
			w.get(w.public + "/Lovelace?email=" + url.QueryEscape("ada@lovelace.example"))
			_, metrics := w.get(w.ops + "/metrics")
			w.stop()
			log, spans := w.log.String(), w.spans.String()
			for what, text := range map[string]string{"log": log, "spans": spans, "metrics": metrics} {
				for _, secret := range []string{"lovelace", "2079460958", "7946 0958", "countess", "engines", "poetical", "203.0.113.9", "hopper", "navy",
					tokenKey, "c2VjcmV0", w.token, "bearer"} {
					if at := strings.Index(strings.ToLower(text), strings.ToLower(secret)); at >= 0 {
						t.Errorf("the %s tell %q: …%q…", what, secret, text[max(0, at-300):min(len(text), at+100)])
					}
				}
			}
			// It was told, so that the silence above means something.
			for _, want := range []string{`"msg":"slow statement"`, `INSERT INTO`, `"msg":"internal error"`,
				`"msg":"request"`, `"operation":"Record"`, `"principal":"api_key_`, `"route":"none"`, `"route":"/reports/"`, `"status":401`, `"code":"INTERNAL"`} {
				if !strings.Contains(log, want) {
					t.Errorf("the log has no %s:\n%s", want, log)
				}
			}
			if !strings.Contains(spans, "mutation Record") || !strings.Contains(spans, "INSERT INTO") {
				t.Error("the spans do not tell of the mutation")
			}
			if !strings.Contains(metrics, `hireloop_operations_total{code="INTERNAL",kind="mutation",operation="Record"} `) {
				t.Error("the metrics do not tell of the failure")
			}
		})
	}
}

// A trace is a request, its operation, and below that its statements.
func TestTraces(t *testing.T) {
	w := watch(t, "file:"+filepath.Join(t.TempDir(), "hireloop.db"))
	const caller, other = "4bf92f3577b34da6a3ce929d0e0e4736", "5bf92f3577b34da6a3ce929d0e0e4736"
	query := operation(`query Find { candidates { totalCount } }`, nil)
	w.send(query, "traceparent: 00-"+caller+"-00f067aa0ba902b7-01", "X-Request-Id: request-0001")
	w.send(query, "traceparent: 00-"+other+"-00f067aa0ba902b7-00") // its caller does not sample it
	w.get(w.public + "/healthz")
	w.stop()

	byName := map[string]*traces.Span{}
	for _, s := range w.spans.spans {
		if fmt.Sprintf("%x", s.TraceId) != caller {
			t.Errorf("a span %s of trace %x", s.Name, s.TraceId)
		}
		byName[s.Name] = s
	}
	request, op, statement := byName["POST /graphql"], byName["query Find"], byName["SELECT"]
	if request == nil || op == nil || statement == nil {
		t.Fatalf("spans: %v", w.spans.spans)
	}
	if fmt.Sprintf("%x", request.ParentSpanId) != "00f067aa0ba902b7" || !bytes.Equal(op.ParentSpanId, request.SpanId) {
		t.Error("the operation does not hang on its request, and that on its caller")
	}
	if op.StartTimeUnixNano < request.StartTimeUnixNano || op.EndTimeUnixNano > request.EndTimeUnixNano {
		t.Error("the operation is not within its request")
	}
	below := 0
	for _, s := range w.spans.spans {
		if s.Name == "SELECT" && bytes.Equal(s.ParentSpanId, op.SpanId) {
			below++
		}
	}
	if below == 0 {
		t.Error("no statement hangs on the operation")
	}
	for _, c := range []struct {
		span *traces.Span
		want []string
	}{
		{request, []string{"http.request.method=POST", "http.route=/graphql", "hireloop.request.id=request-0001", "http.response.status_code=200"}},
		{op, []string{"graphql.operation.type=query", "graphql.operation.name=Find", "hireloop.outcome=OK", "hireloop.cost=2", fmt.Sprintf("hireloop.statements=%d", below)}},
		{statement, []string{"db.system.name=sqlite", "db.operation.name=SELECT", "db.query.text=", "db.response.returned_rows="}},
	} {
		var got []string
		for _, a := range c.span.Attributes {
			value := a.Value.GetStringValue()
			if value == "" {
				value = fmt.Sprint(a.Value.GetIntValue())
			}
			got = append(got, a.Key+"="+value)
		}
		for _, want := range c.want {
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }) {
				t.Errorf("%s: %q, want %q", c.span.Name, got, want)
			}
		}
	}
}

// What is for those who run the server is at its own address and nowhere else.
func TestOpsAreApart(t *testing.T) {
	w := watch(t, "file:"+filepath.Join(t.TempDir(), "hireloop.db"))
	w.send(operation(`query Roles { viewer { roles } }`, nil))
	w.send(operation(`{ viewer { roles } }`, nil))
	w.send(operation(`{ nothing }`, nil))
	for _, c := range []struct {
		url    string
		status int
		has    string
	}{
		{w.ops + "/healthz", 200, "ok"}, {w.ops + "/readyz", 200, "ready"},
		{w.ops + "/debug/pprof/goroutine?debug=1", 200, "goroutine profile"}, {w.ops + "/debug/pprof/cmdline", 403, ""},
		{w.ops + "/graphql", 404, ""}, {w.ops + "/reports/funnel.csv", 404, ""},
		{w.public + "/healthz", 200, "ok"}, {w.public + "/readyz", 200, "ready"},
		{w.public + "/metrics", 404, ""}, {w.public + "/debug/pprof/", 404, ""},
	} {
		if status, text := w.get(c.url); status != c.status || !strings.Contains(text, c.has) {
			t.Errorf("%s: %d %.200s", c.url, status, text)
		}
	}
	_, metrics := w.get(w.ops + "/metrics")
	for _, want := range []string{
		`hireloop_operations_total{code="OK",kind="query",operation="Roles"} 1`,
		`hireloop_operations_total{code="OK",kind="query",operation="anonymous"} 1`,
		`hireloop_operations_total{code="GRAPHQL_VALIDATION_FAILED",kind="invalid",operation="invalid"} 1`,
		`hireloop_operation_duration_seconds_count{kind="query",operation="Roles"} 1`,
		`hireloop_operation_cost_sum{kind="query",operation="Roles"} 2`,
		`hireloop_operations_in_flight{kind="query"} 0`,
		`hireloop_http_requests_total{method="POST",route="/graphql",status="200"} 3`,
		`hireloop_http_requests_total{method="GET",route="none",status="404"} 2`,
		`hireloop_sql_statement_duration_seconds_count{engine="sqlite3",verb="SELECT"} `,
		`hireloop_sql_transaction_retries_total 0`, `go_sql_max_open_connections{db_name="hireloop"} 8`,
		`hireloop_columns_bytes `, `hireloop_columns_failures_total 0`, `hireloop_build_info{go="go1.`, `go_goroutines `,
	} {
		if !strings.Contains(metrics, "\n"+want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
	if t.Failed() {
		t.Log(metrics)
	}
}

// Whichever keys a member uses, one budget pays.
func TestMembersPayWhicheverKeysTheyUse(t *testing.T) {
	member := gid.NewGenerator(nil, nil).New(gid.Member)
	byToken := access.WithViewer(t.Context(), &access.Viewer{Member: member})
	byKey := access.WithViewer(t.Context(), &access.Viewer{Member: member, Key: gid.NewGenerator(nil, nil).New(gid.ApiKey)})
	if payer(byKey) != payer(byToken) || payer(byToken) == payer(t.Context()) {
		t.Errorf("by token %q, by key %q and nobody %q pays", payer(byToken), payer(byKey), payer(t.Context()))
	}
	if principal(byKey) == principal(byToken) {
		t.Error("the log does not tell a key from its member")
	}
}
