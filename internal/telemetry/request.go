package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"hireloop/internal/gqlhttp"
)

// Requests watches what mux serves. A request is known by the route that it
// takes: its path and query are the client's, and may hold anything.
func (t *Telemetry) Requests(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		_, pattern := mux.Handler(r)
		route, method := routeOf(pattern), methodOf(r.Method)
		seen := &activity{}
		ctx := context.WithValue(r.Context(), activityKey{}, seen)
		ctx, span := t.requestSpan(ctx, route, method, r.Header)
		t.metrics.requestsInFlight.Inc()
		sent, returned := &response{ResponseWriter: w}, false
		defer func() {
			took, status := time.Since(start), sent.status
			switch {
			case !returned: // it panics
				status = http.StatusInternalServerError
			case status == 0:
				status = http.StatusOK
			}
			t.metrics.requestsInFlight.Dec()
			t.metrics.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
			t.metrics.requestSeconds.WithLabelValues(route).Observe(took.Seconds())
			span.SetAttributes(attribute.Int("http.response.status_code", status))
			if status >= http.StatusInternalServerError {
				span.SetStatus(codes.Error, "")
			}
			span.End()
			t.logRequest(ctx, route, method, status, sent.bytes, took, seen)
		}()
		mux.ServeHTTP(sent, r.WithContext(ctx))
		returned = true
	})
}

// SignedIn notes who is signed in, for the log of the request.
func (t *Telemetry) SignedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		activityOf(r.Context()).signedIn(t.principal(r.Context()))
		next.ServeHTTP(w, r)
	})
}

func (t *Telemetry) requestSpan(ctx context.Context, route, method string, h http.Header) (context.Context, trace.Span) {
	if t.provider == nil || isProbe(route) {
		return ctx, trace.SpanFromContext(ctx)
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(h))
	return t.tracer.Start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.String("hireloop.request.id", gqlhttp.RequestID(ctx))))
}

func (t *Telemetry) logRequest(ctx context.Context, route, method string, status int, bytes int64, took time.Duration, seen *activity) {
	level := slog.LevelInfo
	if isProbe(route) {
		level = slog.LevelDebug
	}
	if !t.log.Enabled(ctx, level) {
		return
	}
	principal, op, code, cost := seen.told()
	line := append(make([]slog.Attr, 0, 12),
		slog.String("request", gqlhttp.RequestID(ctx)), slog.String("method", method), slog.String("route", route),
		slog.Int("status", status), slog.Int64("bytes", bytes), slog.Duration("took", took),
		slog.Int64("statements", seen.statements.Load()))
	if principal != "" {
		line = append(line, slog.String("principal", principal))
	}
	if op.kind != "" {
		line = append(line, slog.String("operation", op.name), slog.String("kind", op.kind), slog.String("code", code), slog.Int("cost", cost))
	}
	t.log.LogAttrs(ctx, level, "request", line...)
}

// routeOf is a pattern of ServeMux without method and end.
func routeOf(pattern string) string {
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path
	}
	if pattern == "" {
		return "none"
	}
	return strings.TrimSuffix(pattern, "{$}")
}

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
		return method
	}
	return "OTHER"
}

// isProbe tells the routes that are asked every few seconds by machines.
func isProbe(route string) bool { return route == "/healthz" || route == "/readyz" }

// response counts what is sent.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *response) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // 1xx come before the answer
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *response) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }
