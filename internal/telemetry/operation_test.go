package telemetry_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"hireloop/internal/gqlhttp"
	"hireloop/internal/telemetry"
)

// The outcome of an operation is its first error's code, and only what is the
// server's fault makes a span one of an error.
func TestOutcomes(t *testing.T) {
	answers := func(r *graphql.Response) graphql.ResponseHandler {
		return func(context.Context) *graphql.Response { return r }
	}
	refused := func(codes ...string) graphql.ResponseHandler {
		r := &graphql.Response{}
		for _, code := range codes {
			r.Errors = append(r.Errors, gqlhttp.Errorf(code, "Ada Lovelace"))
		}
		return answers(r)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		rule  string
		ctx   context.Context
		next  graphql.ResponseHandler
		want  string
		fault bool
	}{
		{"an answer", t.Context(), answers(&graphql.Response{Data: []byte("{}")}), "OK", false},
		{"a refusal", t.Context(), refused(gqlhttp.CodeForbidden, gqlhttp.CodeInternal), "FORBIDDEN", false},
		{"a failure", t.Context(), refused(gqlhttp.CodeInternal, gqlhttp.CodeForbidden), "INTERNAL", true},
		{"an error without a code", t.Context(), answers(&graphql.Response{Errors: gqlerror.List{{Message: "Ada"}}}), "INTERNAL", true},
		{"no answer in time", t.Context(), answers(nil), "TIMEOUT", true},
		{"nobody left to answer", left, answers(nil), "CANCELLED", false},
		{"a panic", t.Context(), func(context.Context) *graphql.Response { panic("Ada Lovelace") }, "INTERNAL", true},
	} {
		kept := &exported{tracetest.NewInMemoryExporter()}
		watch, err := telemetry.New(t.Context(), telemetry.Options{Logger: slog.New(slog.DiscardHandler), Spans: kept})
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() { _ = recover() }() // goes on, to whoever contains it
			watch.Responses(graphql.WithOperationContext(c.ctx, &graphql.OperationContext{
				Operation: &ast.OperationDefinition{Operation: ast.Mutation, Name: "Save"},
			}), c.next)
		}()
		answer := httptest.NewRecorder()
		watch.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
		for _, want := range []string{
			"\nhireloop_operations_total{code=\"" + c.want + "\",kind=\"mutation\",operation=\"Save\"} 1\n",
			"\nhireloop_operations_in_flight{kind=\"mutation\"} 0\n",
		} {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: the metrics have no %s", c.rule, want)
			}
		}
		if err := watch.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		spans := kept.GetSpans()
		if len(spans) != 1 || spans[0].Name != "mutation Save" || (spans[0].Status.Code == codes.Error) != c.fault || len(spans[0].Events) > 0 {
			t.Errorf("%s: spans %+v", c.rule, spans)
		}
	}
}

// exported keeps spans over its shutdown.
type exported struct{ *tracetest.InMemoryExporter }

func (*exported) Shutdown(context.Context) error { return nil }
