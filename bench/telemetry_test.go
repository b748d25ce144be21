package bench

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"hireloop/graph"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/telemetry"
	"hireloop/internal/testdb"
)

// nowhere takes spans and forgets them.
type nowhere struct{}

func (nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (nowhere) Shutdown(context.Context) error                             { return nil }

// BenchmarkWatched is what watching costs: the pipeline board of a small
// company with metrics and the request's line in the log, and with every
// request traced as well, against the board that nobody watches.
func BenchmarkWatched(b *testing.B) {
	const applications = 3_000
	for _, engine := range testdb.Engines() {
		for _, c := range []struct {
			name  string
			spans sdktrace.SpanExporter
		}{{"metrics", nil}, {"metrics and traces", nowhere{}}} {
			b.Run(engine.Name+"/"+c.name, func(b *testing.B) {
				watch, err := telemetry.New(b.Context(), telemetry.Options{
					Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)), Spans: c.spans, SlowStatement: 1 << 40,
				})
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = watch.Close(context.Background()) }()
				bare := openOf(b, engine, applications, store.Options{})
				watched := openOf(b, engine, applications, store.Options{Observe: watch.Statement})
				s := service(watched.db)
				mux := http.NewServeMux()
				mux.Handle("/graphql", watch.SignedIn(graph.NewHandler(&graph.Resolver{DB: s.DB, Hiring: s}, graph.HandlerOptions{
					CursorKey: []byte("the key of the benchmarks"), HTTP: gqlhttp.Options{AroundResponses: watch.Responses},
				})))
				watched.handler = watch.Requests(mux)
				board := func(s *side) []byte {
					return s.ask(boardQuery, map[string]any{"opening": bare.busiest.String(), "first": 50})
				}
				alike(b, board(watched), board(bare))
				race(b, 1, "unwatched", func() { board(watched) }, func() { board(bare) })
			})
		}
	}
}
