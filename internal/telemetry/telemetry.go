// Package telemetry owns what the people who run the server see of it: metrics
// for Prometheus, traces for OpenTelemetry, a line in the log for each request,
// and statements that took long.
//
// It does not own what is watched, and sees names, codes, counts, durations and
// texts of SQL with their placeholders: no variables, arguments, rows, paths or
// addresses, so nothing of the people whom the data is about.
package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Options of New.
type Options struct {
	Logger *slog.Logger // must not be nil
	// SlowStatement is how long a statement takes that is logged; 0 logs none.
	SlowStatement time.Duration
	// Spans receives traces; nil makes none.
	Spans sdktrace.SpanExporter
	Build Build
	// Principal is the opaque id of who is signed in, or "".
	Principal func(ctx context.Context) string
}

// Build says what is running.
type Build struct{ Version, Revision, Go string }

// Telemetry watches one server. It is safe for concurrent use.
type Telemetry struct {
	log       *slog.Logger
	slow      time.Duration
	principal func(ctx context.Context) string
	names     names
	metrics   metrics
	registry  *prometheus.Registry
	tracer    trace.Tracer
	provider  *sdktrace.TracerProvider // nil without traces
}

// New begins to watch. Close must be called.
func New(ctx context.Context, o Options) (*Telemetry, error) {
	t := &Telemetry{
		log: o.Logger, slow: o.SlowStatement, principal: o.Principal,
		registry: prometheus.NewRegistry(), tracer: noop.NewTracerProvider().Tracer(scope),
	}
	if t.principal == nil {
		t.principal = func(context.Context) string { return "" }
	}
	t.metrics = newMetrics(t.registry, o.Build)
	if o.Spans == nil {
		return t, nil
	}
	provider, err := newProvider(ctx, reporting{o.Spans, o.Logger}, o.Build)
	if err != nil {
		return nil, err
	}
	t.provider, t.tracer = provider, provider.Tracer(scope)
	return t, nil
}

// Close sends the spans that wait, as long as ctx allows.
func (t *Telemetry) Close(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return errors.Join(t.provider.ForceFlush(ctx), t.provider.Shutdown(ctx))
}
