package gqlhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"hireloop/internal/fault"
)

// What a field's error becomes, over HTTP.
func TestErrorsOfFields(t *testing.T) {
	var logged bytes.Buffer
	h, _ := serveToy(t, Options{Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	for _, c := range []struct {
		rule, query string
		path        string // in the answer
		message     string
		extensions  map[string]any // beside "problems"
		logs        string
	}{
		{"a fault keeps kind, rule, path and hint", `{ fail(how: FAULT) }`, "[fail]", "the seat is taken",
			map[string]any{"code": "CONFLICT", "rule": "CONFLICT", "path": []any{"input", "seatId"}, "hint": "read it again"}, ""},
		{"the first of several faults", `{ f: fail(how: FAULTS) }`, "[f]", "is required",
			map[string]any{"code": "BAD_USER_INPUT", "rule": "REQUIRED", "path": []any{"input", "title"}}, ""},
		{"an error coded on purpose", `{ fail(how: CODED) }`, "[fail]", "sign in first",
			map[string]any{"code": "UNAUTHENTICATED"}, ""},
		{"any other error is masked and logged", `query Q { fail(how: PLAIN) }`, "[fail]", "internal error, request test-request-1",
			map[string]any{"code": "INTERNAL"}, `request=test-request-1 operation=Q path=fail error="secret detail of a plain error"`},
		{"a panic is masked and logged with its stack", `{ fail(how: PANIC) }`, "[fail]", "internal error, request test-request-1",
			map[string]any{"code": "INTERNAL"}, `panic="a string" stack=`},
		{"a scalar's refusal is bad input", `{ t: thing(id: "opening_1") { id } }`, "[t]", "not an id of this API",
			map[string]any{"code": "BAD_USER_INPUT", "path": []any{"id"}}, ""},
		{"a scalar's refusal deep in an input", `{ search(filter: {and: [{}, {id: "x"}]}) }`, "[search]", "not an id of this API",
			map[string]any{"code": "BAD_USER_INPUT", "path": []any{"filter", "and", "1", "id"}}, ""},
		{"a scalar's refusal by a fault", `{ search(filter: {on: ""}) }`, "[search]", "must be a day",
			map[string]any{"code": "BAD_USER_INPUT", "rule": "INVALID", "path": []any{"filter", "on"}}, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			logged.Reset()
			w := call{body: fmt.Sprintf(`{"query":%q}`, c.query), header: map[string]string{"X-Request-Id": "test-request-1"}}.send(h)
			got := decode(t, w)
			if len(got.Errors) != 1 {
				t.Fatalf("%d errors: %s", len(got.Errors), w.Body)
			}
			e := got.Errors[0]
			problems := e.Extensions["problems"]
			delete(e.Extensions, "problems")
			if fmt.Sprint(e.Path) != c.path || e.Message != c.message || !reflect.DeepEqual(e.Extensions, c.extensions) {
				t.Errorf("got %s", w.Body)
			}
			if several := strings.Contains(c.query, "FAULTS"); several != (problems != nil) {
				t.Errorf("problems: %v", problems)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the answer leaks: %s", w.Body)
			}
			if !strings.Contains(logged.String(), c.logs) || (c.logs == "") != (logged.Len() == 0) {
				t.Errorf("logged %q, want %q", logged.String(), c.logs)
			}
		})
	}
}

func TestPresent(t *testing.T) {
	expired, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	left, leave := context.WithCancel(context.Background())
	leave()
	plain := errors.New("pq: canceling statement due to user request")
	for _, c := range []struct {
		rule string
		ctx  context.Context
		err  error
		code string
	}{
		{"not found", t.Context(), fault.Missing("id", "opening"), CodeNotFound},
		{"forbidden", t.Context(), fault.Deniedf("no"), CodeForbidden},
		{"invalid", t.Context(), fault.Invalidf("a", "no"), CodeBadUserInput},
		{"deadline by error", t.Context(), fmt.Errorf("query: %w", context.DeadlineExceeded), CodeTimeout},
		{"deadline by context: drivers word it as they like", expired, plain, CodeTimeout},
		{"a fault is known for sure, deadline or not", expired, fault.Conflictf("a", "no"), CodeConflict},
		{"the client left", left, plain, CodeCancelled},
		{"anything else", t.Context(), plain, CodeInternal},
		{"a gqlgen error without a code", t.Context(), gqlerror.Errorf("must not be null"), CodeInternal},
		{"a code, wrapped", t.Context(), fmt.Errorf("viewer: %w", Errorf(CodeUnauthenticated, "sign in")), CodeUnauthenticated},
	} {
		if got := Present(c.ctx, c.err); got.Extensions["code"] != c.code || got.Message == plain.Error() {
			t.Errorf("%s: %v %v, want %s", c.rule, got.Message, got.Extensions, c.code)
		}
	}
	if Present(t.Context(), nil) != nil {
		t.Error("no error must stay none")
	}
}

func TestAnAnswerHasAtMostTwentyErrors(t *testing.T) {
	h, _ := serveToy(t, Options{})
	for _, query := range []string{
		`{ fail(how: MANY) }`,
		`{ things { ` + repeat(500, func(i int) string { return fmt.Sprintf("nope%d ", i) }) + `} }`,
		`{ things { nodes { ` + repeat(25, func(i int) string { return fmt.Sprintf(`a%d: things(first: "x") { totalCount }`, i) }) + `} } }`,
	} {
		got := ask(t, h, query, nil)
		if len(got.Errors) != 20 {
			t.Errorf("%.40s…: %d errors", query, len(got.Errors))
		}
	}
	if omitted := ask(t, h, `{ fail(how: MANY) }`, nil).Extensions["errorsOmitted"]; omitted != 5.0 {
		t.Errorf("errorsOmitted %v, want 5", omitted)
	}
}

// Validation quotes the document; it must not turn one long name into megabytes.
func TestMessagesAreShort(t *testing.T) {
	h, _ := serveToy(t, Options{})
	long := strings.Repeat("é", 5_000)
	for _, c := range []struct {
		query     string
		variables map[string]any
	}{
		{`{ add(a: "` + long + `") }`, nil},
		{`{ hello(name: "` + long + `}`, nil},
		{`query($f: Filter) { search(filter: $f) }`, map[string]any{"f": map[string]any{long: 1}}},
	} {
		got := ask(t, h, c.query, c.variables)
		for _, e := range got.Errors {
			if len(e.Message) > 700 || strings.ContainsRune(e.Message, '\uFFFD') {
				t.Errorf("%d bytes: %.80s", len(e.Message), e.Message)
			}
		}
		if len(got.Errors) == 0 {
			t.Errorf("%.40s… is accepted", c.query)
		}
	}
}

func ExampleErrorf() {
	err := fmt.Errorf("reading the token: %w", Errorf(CodeUnauthenticated, "the token has expired"))
	shown := Present(context.Background(), err)
	fmt.Println(shown.Extensions["code"], shown.Message)
	// Output: UNAUTHENTICATED the token has expired
}

func BenchmarkHandler(b *testing.B) {
	h, _ := serveToy(b, Options{})
	c := call{body: `{"query":"query($n: String) { hello(name: $n) add(a: 1) __typename }","variables":{"n":"x"}}`}
	for b.Loop() {
		if w := c.send(h); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
