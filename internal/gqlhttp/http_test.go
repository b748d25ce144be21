package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// call is one request and what must come back.
type call struct {
	rule   string
	method string // POST when empty
	query  url.Values
	header map[string]string // beside Content-Type: application/json
	body   string

	status int
	media  string // application/json when empty
	code   string // of the first error; empty means no errors
	data   string // "" means that the key must be absent
	allow  string
}

const both = mediaGraphQL + ", " + mediaJSON

func calls() []call {
	hello := `{"query":"{ hello }"}`
	return []call{
		{rule: "a query by POST", body: hello, status: 200, data: `{"hello":"hello world"}`},
		{rule: "variables and operationName", body: `{"query":"query A($n: String) { hello(name: $n) } query B { hello }","operationName":"A","variables":{"n":"Ann 🦊"},"extensions":{}}`,
			status: 200, data: `{"hello":"hello Ann 🦊"}`},
		{rule: "null members are absent ones", body: `{"query":"{ hello }","operationName":null,"variables":null,"extensions":null}`, status: 200, data: `{"hello":"hello world"}`},
		{rule: "a query by GET", method: "GET", query: url.Values{"query": {"query($a: Int!) { add(a: $a) }"}, "variables": {`{"a":2}`}}, status: 200, data: `{"add":3}`},
		{rule: "GET ignores foreign parameters", method: "GET", query: url.Values{"query": {"{ hello }"}, "utm": {"x"}}, status: 200, data: `{"hello":"hello world"}`},
		{rule: "a mutation by POST", body: `{"query":"mutation { rename(input: {id: \"thing_1\", name: \"n\"}) { name } }"}`, status: 200, data: `{"rename":{"name":"n"}}`},

		{rule: "GraphQL's media type when it is asked for", header: map[string]string{"Accept": mediaGraphQL}, body: hello, status: 200, media: mediaGraphQL, data: `{"hello":"hello world"}`},
		{rule: "GraphQL's media type at equal quality", header: map[string]string{"Accept": both}, body: hello, status: 200, media: mediaGraphQL, data: `{"hello":"hello world"}`},
		{rule: "quality decides", header: map[string]string{"Accept": mediaGraphQL + ";q=0.5, application/json"}, body: hello, status: 200, data: `{"hello":"hello world"}`},
		{rule: "neither media type is acceptable", header: map[string]string{"Accept": "text/html"}, body: hello, status: 406, code: CodeBadRequest},

		{rule: "parse error, plain JSON", body: `{"query":"{ hello"}`, status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{rule: "parse error, GraphQL's media type", header: map[string]string{"Accept": both}, body: `{"query":"{ hello"}`, status: 400, media: mediaGraphQL, code: "GRAPHQL_PARSE_FAILED"},
		{rule: "validation error, plain JSON", body: `{"query":"{ helo }"}`, status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "validation error, GraphQL's media type", header: map[string]string{"Accept": both}, body: `{"query":"{ helo }"}`, status: 400, media: mediaGraphQL, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "coercion error, plain JSON", body: `{"query":"query($a: Int!) { add(a: $a) }","variables":{"a":"5"}}`, status: 200, code: CodeBadUserInput},
		{rule: "coercion error, GraphQL's media type", header: map[string]string{"Accept": both}, body: `{"query":"query($a: Int!) { add(a: $a) }"}`, status: 400, media: mediaGraphQL, code: CodeBadUserInput},
		{rule: "limit, GraphQL's media type", header: map[string]string{"Accept": both}, body: `{"query":"{ ` + strings.Repeat("...{hello}", 600) + ` }"}`, status: 400, media: mediaGraphQL, code: CodeTooComplex},
		{rule: "unknown operation", body: `{"query":"query A { hello }","operationName":"B"}`, status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "several operations and no name", body: `{"query":"query A { hello } query B { hello }"}`, status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "fragments only", body: `{"query":"fragment F on Query { hello }"}`, status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "a field error is not a request error", header: map[string]string{"Accept": both}, body: `{"query":"{ fail(how: FAULT) hello }"}`, status: 200, media: mediaGraphQL, code: CodeConflict, data: `{"fail":null,"hello":"hello world"}`},
		{rule: "data that is null is still an answer", header: map[string]string{"Accept": both}, body: `{"query":"{ hello must(how: FAULT) }"}`, status: 200, media: mediaGraphQL, code: CodeConflict, data: `null`},

		{rule: "missing query", body: `{}`, status: 400, code: CodeBadRequest},
		{rule: "blank query", body: `{"query":" "}`, status: 400, code: CodeBadRequest},
		{rule: "missing query by GET", method: "GET", status: 400, code: CodeBadRequest},
		{rule: "query is no string", body: `{"query":1}`, status: 400, code: CodeBadRequest},
		{rule: "query is null", body: `{"query":null}`, status: 400, code: CodeBadRequest},
		{rule: "operationName is no string", body: `{"query":"{ hello }","operationName":1}`, status: 400, code: CodeBadRequest},
		{rule: "variables is a list", body: `{"query":"{ hello }","variables":[]}`, status: 400, code: CodeBadRequest},
		{rule: "extensions is a string", body: `{"query":"{ hello }","extensions":"x"}`, status: 400, code: CodeBadRequest},
		{rule: "not JSON", body: `query{hello}`, status: 400, code: CodeBadRequest},
		{rule: "empty body", body: ``, status: 400, code: CodeBadRequest},
		{rule: "a batch", body: `[{"query":"{ hello }"}]`, status: 400, code: CodeBadRequest},
		{rule: "bytes after the value", body: hello + `{}`, status: 400, code: CodeBadRequest},
		{rule: "repeated key", body: `{"query":"{ hello }","query":"{ hello }"}`, status: 400, code: CodeBadRequest},
		{rule: "repeated key within variables", body: `{"query":"{ hello }","variables":{"a":{"b":1,"b":2}}}`, status: 400, code: CodeBadRequest},
		{rule: "unknown key", body: `{"query":"{ hello }","secretKey":1}`, status: 400, code: CodeBadRequest},
		{rule: "key in the wrong case", body: `{"Query":"{ hello }"}`, status: 400, code: CodeBadRequest},
		{rule: "invalid UTF-8", body: "{\"query\":\"{ hello(name: \\\"\xff\\\") }\"}", status: 400, code: CodeBadRequest},
		{rule: "nested too deep", body: `{"query":"{ hello }","variables":{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}`, status: 400, code: CodeBadRequest},
		{rule: "nested far too deep", body: strings.Repeat("[", 200_000), status: 400, code: CodeBadRequest},
		{rule: "repeated parameter", method: "GET", query: url.Values{"query": {"{ hello }", "{ hello }"}}, status: 400, code: CodeBadRequest},
		{rule: "variables of a GET are no JSON", method: "GET", query: url.Values{"query": {"{ hello }"}, "variables": {"{"}}, status: 400, code: CodeBadRequest},

		{rule: "body at the limit", body: hello + strings.Repeat(" ", 256<<10-len(hello)), status: 200, data: `{"hello":"hello world"}`},
		{rule: "body over the limit", body: hello + strings.Repeat(" ", 256<<10-len(hello)+1), status: 413, code: CodeBadRequest},
		{rule: "no content type", header: map[string]string{"Content-Type": ""}, body: hello, status: 415, code: CodeBadRequest},
		{rule: "form", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: "query=%7Bhello%7D", status: 415, code: CodeBadRequest},
		{rule: "multipart", header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, body: "--x--", status: 415, code: CodeBadRequest},
		{rule: "text/plain escapes preflight", header: map[string]string{"Content-Type": "text/plain"}, body: hello, status: 415, code: CodeBadRequest},
		{rule: "charset utf-8", header: map[string]string{"Content-Type": "application/json; charset=UTF-8"}, body: hello, status: 200, data: `{"hello":"hello world"}`},
		{rule: "other charset", header: map[string]string{"Content-Type": "application/json; charset=latin1"}, body: hello, status: 415, code: CodeBadRequest},
		{rule: "compressed body", header: map[string]string{"Content-Encoding": "gzip"}, body: hello, status: 415, code: CodeBadRequest},

		{rule: "mutation by GET", method: "GET", query: url.Values{"query": {`mutation { rename(input: {id: "thing_1", name: "n"}) { name } }`}}, status: 405, code: CodeBadRequest, allow: "POST"},
		{rule: "PUT", method: "PUT", body: hello, status: 405, code: CodeBadRequest, allow: "GET, POST"},
		{rule: "OPTIONS", method: "OPTIONS", status: 405, code: CodeBadRequest, allow: "GET, POST"},
		{rule: "subscription", body: `{"query":"subscription { ticks }"}`, status: 400, code: CodeBadRequest},
		{rule: "@defer", body: `{"query":"{ ... @defer { hello } }"}`, status: 200, code: CodeBadUserInput},
		{rule: "another site's page", header: map[string]string{"Origin": "https://evil.example"}, body: hello, status: 403, code: CodeForbidden},
		{rule: "another site's page, said by the browser", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, body: hello, status: 403, code: CodeForbidden},
		{rule: "our own page", header: map[string]string{"Sec-Fetch-Site": "same-origin"}, body: hello, status: 200, data: `{"hello":"hello world"}`},
		{rule: "introspection is off", body: `{"query":"{ __schema { types { name } } }"}`, status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{rule: "__typename is not introspection", body: `{"query":"{ __typename }"}`, status: 200, data: `{"__typename":"Query"}`},
	}
}

func (c call) send(h http.Handler) *httptest.ResponseRecorder {
	target := "/graphql"
	if c.query != nil {
		target += "?" + c.query.Encode()
	}
	method := c.method
	if method == "" {
		method = "POST"
	}
	r := httptest.NewRequest(method, target, strings.NewReader(c.body))
	r.Header.Set("Content-Type", "application/json")
	for name, value := range c.header {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// reply is a decoded answer; a key that is absent is nil.
type reply struct {
	Errors     []replyError    `json:"errors"`
	Data       json.RawMessage `json:"data"`
	Extensions map[string]any  `json:"extensions"`
}

type replyError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Locations  []any          `json:"locations"`
	Extensions map[string]any `json:"extensions"`
}

func (r reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

func decode(t *testing.T, w *httptest.ResponseRecorder) reply {
	t.Helper()
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("answer is no JSON: %v\n%s", err, w.Body)
	}
	return r
}

func TestGraphQLOverHTTP(t *testing.T) {
	h, toy := serveToy(t, Options{})
	for _, c := range calls() {
		t.Run(c.rule, func(t *testing.T) {
			w := c.send(h)
			got := decode(t, w)
			media := c.media
			if media == "" {
				media = mediaJSON
			}
			if w.Code != c.status || got.code() != c.code {
				t.Errorf("got status %d code %q, want %d %q\n%s", w.Code, got.code(), c.status, c.code, w.Body)
			}
			if ct := w.Header().Get("Content-Type"); ct != media+"; charset=utf-8" {
				t.Errorf("Content-Type %q, want %s", ct, media)
			}
			if string(got.Data) != c.data {
				t.Errorf("data %s, want %s", got.Data, c.data)
			}
			if allow := w.Header().Get("Allow"); allow != c.allow {
				t.Errorf("Allow %q, want %q", allow, c.allow)
			}
			for _, name := range []string{"X-Request-Id", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"} {
				if w.Header().Get(name) == "" {
					t.Errorf("no header %s", name)
				}
			}
		})
	}
	if n := toy.writes.Load(); n != 1 {
		t.Errorf("%d mutations ran, want the one by POST", n)
	}
}

// An error must not carry the request back: logs and proxies keep answers.
func TestRefusalsDoNotEchoTheBody(t *testing.T) {
	h, _ := serveToy(t, Options{})
	for _, body := range []string{
		`{"query":"{ hello }","secret":1}`,
		`{"query":"{ hello }","secret`,
		`{"query":"{ hello }","variables":"secret"}`,
		`{"query":"{ hello }","operationName":"secret"}`,
		`{"query":"{ hello }","variables":{"secret":1,"secret":2}}`,
		`{"query":"{ hello(name: \"secret\u0000\") }"}`,
		`{"query":"query($n: String) { hello(name: $n) }","variables":{"n":"secret\u0000"}}`,
		`{"query":"query($n: Status!) { status(is: $n) }","variables":{"n":"secret"}}`,
	} {
		w := call{body: body}.send(h)
		if strings.Contains(w.Body.String(), "secret") || len(decode(t, w).Errors) == 0 {
			t.Errorf("%s answered %s", body, w.Body)
		}
	}
}

func TestNegotiation(t *testing.T) {
	for _, c := range []struct{ accept, media string }{
		{"", mediaJSON},
		{"*/*", mediaJSON},
		{"application/*", mediaJSON},
		{"application/json", mediaJSON},
		{mediaGraphQL, mediaGraphQL},
		{mediaGraphQL + "; charset=utf-8", mediaGraphQL},
		{"application/json;q=0.9, " + mediaGraphQL + ";q=0.8", mediaJSON},
		{"application/json;q=0.8, " + mediaGraphQL + ";q=0.9", mediaGraphQL},
		{"application/json, " + mediaGraphQL, mediaGraphQL},
		{mediaGraphQL + ", */*", mediaGraphQL},
		{"application/json, */*", mediaJSON},
		{"*/*;q=0.1, application/json;q=0", mediaGraphQL},
		{"text/html, application/xhtml+xml, */*;q=0.8", mediaJSON},
		{mediaGraphQL + ";q=0, application/json;q=0.001", mediaJSON},
		{"garbage;;, APPLICATION/JSON", mediaJSON},
		{"text/html", ""},
		{"application/json;q=0", ""},
		{"application/json;q=nonsense", ""},
		{"application/json; charset=latin1", ""},
		{"*/*;q=0", ""},
	} {
		media, ok := negotiate([]string{c.accept})
		if c.media == "" && ok || c.media != "" && (media != c.media || !ok) {
			t.Errorf("Accept: %s gives %s %v, want %s", c.accept, media, ok, c.media)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	h, _ := serveToy(t, Options{})
	var seen string
	h.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		seen = RequestID(ctx)
		return next(ctx)
	})
	for _, c := range []struct {
		rule, incoming string
		kept           bool
	}{
		{"a sane id is kept", "0189-abcd.EF_1", true},
		{"none", "", false},
		{"too short", "abc", false},
		{"too long", strings.Repeat("a", 65), false},
		{"forges a log line", "abcdefgh\nlevel=INFO", false},
		{"not ASCII", "abcdefghé", false},
	} {
		w := call{body: `{"query":"{ hello }"}`, header: map[string]string{"X-Request-Id": c.incoming}}.send(h)
		got := w.Header().Get("X-Request-Id")
		if got == "" || got != seen || (got == c.incoming) != c.kept {
			t.Errorf("%s: incoming %q, header %q, context %q", c.rule, c.incoming, got, seen)
		}
	}

	outer := ""
	Identify(slog.Default(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outer = RequestID(r.Context())
		h.ServeHTTP(w, r)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/graphql?query={hello}", nil))
	if outer == "" || outer != seen {
		t.Errorf("an outer Identify gave %q, the handler saw %q", outer, seen)
	}
}

// A resolver that heeds no deadline must not keep the client waiting.
func TestDeadline(t *testing.T) {
	h, _ := serveToy(t, Options{Deadline: 20 * time.Millisecond})
	for _, c := range []struct {
		how    string
		status int
		path   []any
	}{
		{"HANG", http.StatusGatewayTimeout, nil},
		{"STOP", http.StatusGatewayTimeout, nil},
		{"WAIT", http.StatusOK, []any{"fail"}}, // in time to tell which field
	} {
		w := call{body: `{"query":"{ fail(how: ` + c.how + `) }"}`}.send(h)
		got := decode(t, w)
		if w.Code != c.status || got.code() != CodeTimeout || !slices.Equal(got.Errors[0].Path, c.path) {
			t.Errorf("%s: status %d, want %d TIMEOUT\n%s", c.how, w.Code, c.status, w.Body)
		}
	}
}

func TestMiddleware(t *testing.T) {
	h, _ := serveToy(t, Options{})
	h.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		switch graphql.GetOperationContext(ctx).Operation.Name {
		case "Limited":
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{Errorf(CodeRateLimited, "slow down")}})
		case "Broken":
			panic("middleware broke")
		}
		return next(ctx)
	})
	h.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		r := next(ctx)
		r.Extensions["seen"] = true
		switch op := graphql.GetOperationContext(ctx).Operation; {
		case op == nil: // refused before execution
		case op.Name == "Unprintable":
			r.Extensions["broke"] = make(chan int)
		case op.Name == "Empty":
			return &graphql.Response{}
		}
		return r
	})
	for _, c := range []struct {
		rule, body string
		status     int
		code       string
	}{
		{"middleware may refuse", `{"query":"query Limited { hello }"}`, 429, CodeRateLimited},
		{"a panic in middleware is an answer", `{"query":"query Broken { hello }"}`, 500, CodeInternal},
		{"an extension that is no JSON", `{"query":"query Unprintable { hello }"}`, 500, CodeInternal},
		{"a response that says nothing", `{"query":"query Empty { hello }"}`, 500, CodeInternal},
		{"middleware sees responses", `{"query":"{ hello }"}`, 200, ""},
		{"middleware sees refusals", `{"query":"{ nope }"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
	} {
		w := call{body: c.body}.send(h)
		got := decode(t, w)
		if w.Code != c.status || got.code() != c.code {
			t.Errorf("%s: %d %s", c.rule, w.Code, w.Body)
		}
		if c.status == 200 && got.Extensions["seen"] != true {
			t.Errorf("%s: middleware did not run: %s", c.rule, w.Body)
		}
		if bytes.Contains(w.Body.Bytes(), []byte("broke")) {
			t.Errorf("%s: the panic leaks: %s", c.rule, w.Body)
		}
	}
}
