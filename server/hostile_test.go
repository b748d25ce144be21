package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"hireloop/demo"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/oidc"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// attacked is a database of demo data, the same on both engines.
var attacked = testdb.Template{Name: "attacked", Prepare: func(ctx context.Context, d *store.DB) error {
	if err := newApp(d).prepare(ctx); err != nil {
		return err
	}
	_, err := demo.Load(ctx, d, demo.Options{Seed: 1, Applications: 120, Now: time.Now()})
	return err
}}

// served is the whole server over such a database, and a token for each role.
func served(t testing.TB, d *store.DB, g gates, introspection bool) (http.Handler, map[string]string) {
	t.Helper()
	s := &service{
		app: newApp(d), logger: slog.New(slog.DiscardHandler), introspection: introspection, gates: g, telemetry: unwatched(t),
	}
	s.entrance = entrance{hiring: s.app.hiring, providers: &oidc.Verifier{}, demo: demoTokens{}, logger: s.logger}
	h, err := s.handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, m := range s.app.db.Member.Query().Where(member.DeactivatedAtIsNil()).AllX(access.System(t.Context())) {
		for _, role := range m.Roles {
			if tokens[role] == "" {
				tokens[role] = s.entrance.demo.issue(m.ID)
			}
		}
	}
	return h, tokens
}

// onSQLite is served on the first engine, to a recruiter.
func onSQLite(t testing.TB, g gates, introspection bool) (http.Handler, string) {
	t.Helper()
	h, tokens := served(t, testdb.Engines()[0].Open(t, attacked, store.Options{}), g, introspection)
	return h, tokens["RECRUITER"]
}

// blow is one hostile request and how it must be answered.
type blow struct {
	rule   string
	method string            // POST when empty
	header map[string]string // beside a token and JSON
	target string            // /graphql when empty
	body   string

	status int
	code   string // of the first error, or the limit that refuses; "" means that it is answered
}

// document is the body of a POST.
func document(query string, variables ...string) string {
	text, _ := json.Marshal(query)
	given := "{}"
	if len(variables) > 0 {
		given = variables[0]
	}
	return fmt.Sprintf(`{"query":%s,"variables":%s}`, text, given)
}

// each joins f(0) … f(n-1).
func each(n int, f func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
		b.WriteByte(' ')
	}
	return b.String()
}

// times is text, n times.
func times(n int, text string) string { return strings.Repeat(text, n) }

// fragments are n of them on a type; the last selects nothing more than a leaf.
func fragments(n int, on, leaf string, body func(next string) string) string {
	return each(n, func(i int) string {
		return fmt.Sprintf("fragment F%d on %s { %s }", i, on, body(fmt.Sprintf("...F%d", i+1)))
	}) +
		fmt.Sprintf("fragment F%d on %s { %s }", n, on, leaf)
}

func blows() []blow {
	const graphql, form = "application/graphql", "application/x-www-form-urlencoded"
	deep := func(n int) string {
		return times(n, "openings(first: 1) { nodes { applications(first: 1) { nodes { opening { ")
	}
	mutation := `mutation { createCandidate(input: {name: "x"}) { candidate { id } } }`
	search := "query($s: String) { candidates(filterBy: {query: $s}) { totalCount } }"
	return []blow{
		{rule: "one field, 215 kB of it", body: document("{" + times(43_000, "a{b}") + "}"), status: 200, code: "text"},
		{rule: "one field, as often as the text allows", body: document("{ openings { nodes { " + times(6_000, "id ") + "} } }"), status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{rule: "one field, as often as the tokens allow", body: document("{ openings { nodes { " + times(3_900, "id ") + "} } }"), status: 200, code: "selections"},
		{rule: "one field, as often as the selections allow", body: document("{ openings { nodes { " + times(990, "id ") + "} } }"), status: 200, code: "repeats"},
		{rule: "one object, as often as the selections allow", body: document("{ openings { " + times(300, "nodes { id title } ") + "} }"), status: 200, code: "repeats"},
		{rule: "fields that merge ten by ten", body: document("{ " + times(10, "openings { "+times(10, "nodes { id } ")+"} ") + "}"), status: 200, code: "repeats"},
		{rule: "doubling fragments", body: document("{ ...F0 } " + fragments(20, "Query", "__typename", func(n string) string { return n + " " + n })), status: 200, code: "selections"},
		{rule: "doubling fragments, more of them", body: document("{ ...F0 } " + fragments(90, "Query", "__typename", func(n string) string { return n + " " + n })), status: 200, code: "selections"},
		{rule: "a chain of fragments", body: document("{ openings { nodes { ...F0 } } } " + fragments(90, "Opening", "id", func(n string) string { return "id title " + n })), status: 200, code: "repeats"},
		{rule: "a chain that repeats nothing", body: document("{ openings { nodes { ...F0 } } } " + fragments(400, "Opening", "id", func(n string) string { return n })), status: 200, code: "fragments"},
		{rule: "a chain that repeats nothing, within the limits", body: document("{ openings { nodes { ...F0 } } } " + fragments(99, "Opening", "id", func(n string) string { return n })), status: 200},
		{rule: "fragments that nobody spreads", body: document("{ __typename } " + fragments(90, "Query", "__typename", func(n string) string { return n + " " + n })), status: 200, code: "selections"},
		{rule: "fragments in a circle", body: document("{ ...F0 } " + fragments(99, "Query", "...F0", func(n string) string { return n })), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "fragments that all spread all", body: document("{ ...F0 } " + each(30, func(i int) string {
			return fmt.Sprintf("fragment F%d on Query { %s }", i, each(30, func(j int) string { return fmt.Sprintf("...F%d", j) }))
		})), status: 200, code: "selections"},
		{rule: "inline fragments within each other", body: document("{ " + times(900, "... { ") + "__typename" + times(900, " }") + " }"), status: 200},
		{rule: "depth", body: document("{ " + deep(20) + "id" + times(100, " }") + " }"), status: 200, code: "depth"},
		{rule: "lists within each other", body: document("{ nodes(ids: " + times(1_900, "[") + times(1_900, "]") + ") { id } }"), status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{rule: "braces without end", body: document(times(3_900, "{")), status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{rule: "aliases", body: document("{ openings { nodes { " + each(400, func(i int) string { return fmt.Sprintf("a%d: title", i) }) + "} } }"), status: 200, code: "aliases"},
		{rule: "aliases of a dear field", body: document("{ " + each(20, func(i int) string { return fmt.Sprintf("a%d: calibration { interviewers { __typename } }", i) }) + "}"), status: 200, code: "cost"},
		{rule: "nested pages", body: document("{ openings(first: 100) { nodes { applications(first: 100) { nodes { opening { applications(first: 100) { totalCount nodes { id } } } } } } } }"), status: 200, code: "cost"},
		{rule: "a huge page", body: document("{ openings(first: 2147483647) { nodes { id } } }"), status: 200, code: "BAD_USER_INPUT"},
		{rule: "an integer beyond 32 bits", body: document("{ openings(first: 99999999999999999999) { nodes { id } } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "the same from a variable", body: document("query($n: Int) { openings(first: $n) { nodes { id } } }", `{"n":99999999999999999999}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "a number of 100,000 digits", body: document("query($n: Int) { openings(first: $n) { nodes { id } } }", `{"n":`+times(100_000, "9")+`}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "an exponent", body: document("query($n: Int) { openings(first: $n) { nodes { id } } }", `{"n":1e999999999}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "directives", body: document("{ openings { nodes { id " + times(500, "@include(if: true) ") + "} } }"), status: 200, code: "directives"},
		{rule: "unknown directives", body: document("{ openings { nodes { id " + times(1_900, "@a ") + "} } }"), status: 200, code: "directives"},
		{rule: "operations", body: document(each(700, func(i int) string { return fmt.Sprintf("query Q%d { __typename }", i) })), status: 200, code: "operations"},
		{rule: "variables", body: document("query(" + each(900, func(i int) string { return fmt.Sprintf("$v%d: Int", i) }) + ") { __typename }"), status: 200, code: "variables"},
		{rule: "a wide object of variables", body: document("{ __typename }", "{"+strings.TrimSuffix(each(15_000, func(i int) string { return fmt.Sprintf(`"v%d":0,`, i) }), ", ")+"}"), status: 200},
		{rule: "a long list", body: document("query($i: [ID!]!) { nodes(ids: $i) { id } }", `{"i":[""`+times(50_000, `,""`)+"]}"), status: 400, code: "BAD_REQUEST"},
		{rule: "a long list of what is valid", body: document("query($f: OpeningFilter) { openings(filterBy: $f) { totalCount } }", `{"f":{"status":["OPEN"`+times(15_000, `,"OPEN"`)+"]}}"), status: 200, code: "listItems"},
		{rule: "a long list, written", body: document("{ nodes(ids: [" + times(1_900, `"" `) + "]) { id } }"), status: 200, code: "listItems"},
		{rule: "filters within each other", body: document("query($f: OpeningFilter) { openings(filterBy: $f) { totalCount } }", `{"f":`+times(60, `{"and":[`)+"{}"+times(60, "]}")+"}"), status: 400, code: "BAD_REQUEST"},
		{rule: "a long search", body: document(search, `{"s":"`+times(200_000, "a")+`"}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "a search of wildcards", body: document(search, `{"s":"`+times(50, "%_*")+`"}`), status: 200},
		{rule: "a long name", body: document("{ " + times(15_000, "n") + " }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "many wrong names", body: document("{ openings { nodes { " + each(900, func(i int) string { return fmt.Sprintf("n%d", i) }) + "} } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "a padded document", body: document("{ __typename } #" + times(200_000, "x")), status: 200, code: "text"},
		{rule: "introspection", body: document("{ __schema { types { name } } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "introspection of one type", body: document(`{ __type(name: "Opening") { name } }`), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "introspection in a fragment that nobody spreads", body: document("{ __typename } fragment F on Query { __schema { types { name } } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},

		{rule: "a batch", body: "[" + strings.TrimSuffix(times(5_000, `{"query":"{__typename}"},`), ",") + "]", status: 400, code: "BAD_REQUEST"},
		{rule: "a body beyond the limit", body: document("{ __typename }") + times(8<<20, " "), status: 413, code: "BAD_REQUEST"},
		{rule: "JSON within itself", body: `{"query":"{ __typename }","variables":{"a":` + times(100_000, "[") + times(100_000, "]") + "}}", status: 400, code: "BAD_REQUEST"},
		{rule: "a repeated key", body: `{"query":"{ __typename }","query":"{ viewer { roles } }"}`, status: 400, code: "BAD_REQUEST"},
		{rule: "a repeated key, spelled otherwise", body: `{"query":"{ __typename }","quer\u0079":"{ viewer { roles } }"}`, status: 400, code: "BAD_REQUEST"},
		{rule: "invalid UTF-8", body: "{\"query\":\"{ a(b: \\\"\xff\xfe\\\") }\"}", status: 400, code: "BAD_REQUEST"},
		{rule: "a lone surrogate", body: document(search, `{"s":"\ud800"}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "NUL", body: document(search, `{"s":"\u0000"}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "a form", header: map[string]string{"Content-Type": form}, body: "query=" + url.QueryEscape(mutation), status: 415, code: "BAD_REQUEST"},
		{rule: "a form with parts", header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, body: "--x\r\nContent-Disposition: form-data; name=operations\r\n\r\n" + document(mutation) + "\r\n--x--", status: 415, code: "BAD_REQUEST"},
		{rule: "a bare document", header: map[string]string{"Content-Type": graphql}, body: mutation, status: 415, code: "BAD_REQUEST"},
		{rule: "JSON called text", header: map[string]string{"Content-Type": "text/plain"}, body: document(mutation), status: 415, code: "BAD_REQUEST"},
		{rule: "a zip bomb", header: map[string]string{"Content-Encoding": "gzip"}, body: "\x1f\x8b", status: 415, code: "BAD_REQUEST"},
		{rule: "a mutation by GET", method: "GET", target: "/graphql?query=" + url.QueryEscape(mutation), status: 405, code: "BAD_REQUEST"},
		{rule: "a method by another name", header: map[string]string{"X-HTTP-Method-Override": "POST"}, method: "GET", target: "/graphql?query=" + url.QueryEscape(mutation), status: 405, code: "BAD_REQUEST"},
		{rule: "another site's page", header: map[string]string{"Origin": "https://evil.example"}, body: document(mutation), status: 403, code: "FORBIDDEN"},
		{rule: "no token", header: map[string]string{"Authorization": ""}, body: document(mutation), status: 401, code: "UNAUTHENTICATED"},
		{rule: "a long token", header: map[string]string{"Authorization": "Bearer " + times(20_000, "a.")}, body: document(mutation), status: 401, code: "UNAUTHENTICATED"},
		{rule: "a token that is not signed", header: map[string]string{"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}, body: document(mutation), status: 401, code: "UNAUTHENTICATED"},
		{rule: "malformed ids", body: document("query($i: [ID!]!) { nodes(ids: $i) { id } }", `{"i":["opening_", "'; DROP TABLE openings; --", "`+times(100_000, "9")+`"]}`), status: 200, code: "BAD_USER_INPUT"},
		{rule: "a report of a method", method: "POST", target: "/reports/funnel.csv", status: 405},
		{rule: "a report with parameters without end", method: "GET", target: "/reports/funnel.csv?" + times(5_000, "openingId=x&"), status: 400},
		{rule: "a path that leads out", method: "GET", target: "/reports/..%2f..%2fetc%2fpasswd", status: 404},
	}
}

func (b blow) request(token string) *http.Request {
	method, target := b.method, b.target
	if method == "" {
		method = http.MethodPost
	}
	if target == "" {
		target = "/graphql"
	}
	r := httptest.NewRequest(method, target, strings.NewReader(b.body)) //nolint:noctx // fuzzing has no context to give
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	for name, value := range b.header {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return r
}

// Each hostile request is refused, or answered, for a few megabytes of garbage;
// how long it took is logged. None is a 500, and none changes anything.
func TestHostileRequests(t *testing.T) {
	const (
		work   = 8 << 20          // bytes that a request may allocate
		answer = 64 << 10         // bytes that a refusal may have
		hang   = 10 * time.Second // when something is badly wrong
	)
	h, token := onSQLite(t, gates{}, false)
	slowest := time.Duration(0)
	for _, b := range blows() {
		t.Run(b.rule, func(t *testing.T) {
			r, w := b.request(token), httptest.NewRecorder()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			h.ServeHTTP(w, r)
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			slowest = max(slowest, took)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%v, %d KiB allocated, %d bytes answered", took.Round(time.Microsecond), allocated>>10, w.Body.Len())

			if got := codeOf(w); w.Code != b.status || got != b.code {
				t.Errorf("%d %q, want %d %q\n%.600s", w.Code, got, b.status, b.code, w.Body)
			}
			if allocated > work || w.Body.Len() > answer || took > hang {
				t.Errorf("%d bytes allocated, %d answered, in %v", allocated, w.Body.Len(), took)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"} {
				if w.Header().Get(name) != want || w.Header().Get("Content-Security-Policy") == "" || w.Header().Get(gqlhttp.RequestIDHeader) == "" {
					t.Errorf("headers %v", w.Header())
				}
			}
		})
	}
	t.Logf("the slowest took %v", slowest)
}

// codeOf is what the first error is called: the limit, or else the code.
func codeOf(w *httptest.ResponseRecorder) string {
	var a struct {
		Errors []struct {
			Extensions struct{ Code, Limit string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Errors) == 0 {
		return ""
	}
	if e := a.Errors[0].Extensions; e.Limit != "" {
		return e.Limit
	}
	return a.Errors[0].Extensions.Code
}

// Where introspection is on, it is no way in.
func TestIntrospectionBombs(t *testing.T) {
	h, token := onSQLite(t, gates{}, true)
	ofType := func(n int) string { return times(n, "ofType { ") + "name" + times(n, " }") }
	for _, b := range []blow{
		{rule: "lists within lists", body: document("{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "possible types of possible types", body: document("{ __schema { types { possibleTypes { interfaces { possibleTypes { interfaces { name } } } } } } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "the whole schema twenty times", body: document("{ " + each(20, func(i int) string {
			return fmt.Sprintf("s%d: __schema { types { fields { name type { %s } } } }", i, ofType(7))
		}) + "}"), status: 200, code: "cost"},
		{rule: "through fragments", body: document("{ a: __schema { ...F } b: __schema { ...F } c: __schema { ...F } } fragment F on __Schema { types { name } }"), status: 200, code: "cost"},
		{rule: "deep types of nothing", body: document("{ __type(name: \"Opening\") { fields { type { " + ofType(200) + " } } } }"), status: 200, code: ""},
	} {
		t.Run(b.rule, func(t *testing.T) {
			r, w := b.request(token), httptest.NewRecorder()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			h.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%d KiB allocated, %d bytes answered", allocated>>10, w.Body.Len())
			if got := codeOf(w); w.Code != b.status || got != b.code || allocated > 8<<20 {
				t.Errorf("%d %q, want %d %q\n%.600s", w.Code, got, b.status, b.code, w.Body)
			}
		})
	}
}

// Documents that are all different, as long as may be, do not fill memory: the
// cache holds what fits into its bytes.
func TestPaddedDocumentsDoNotFillMemory(t *testing.T) {
	h, token := onSQLite(t, gates{}, false)
	held := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := held()
	for i := range 1_500 {
		b := blow{body: document(fmt.Sprintf("query Q%d { __typename } #%s", i, times(19_900, "x")))}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, b.request(token)); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if grown := held() - before; grown > 20<<20 {
		t.Errorf("%d MiB are held", grown>>20)
	} else {
		t.Logf("%d KiB are held", grown>>10)
	}
	runtime.KeepAlive(h)
}
