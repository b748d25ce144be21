package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
)

// longestText is how much of a statement is logged and traced.
const longestText = 2_000

// Statement watches statements: give it to store.Options.
func (t *Telemetry) Statement(ctx context.Context, s store.Statement) {
	verb := verbOf(s.Text)
	seen := activityOf(ctx)
	if !bracketing(verb) {
		seen.statements.Add(1)
	}
	t.metrics.statementSeconds.WithLabelValues(s.Dialect, verb).Observe(s.Took.Seconds())
	reason := ""
	if s.Err != nil {
		reason = reasonOf(s.Err)
		t.metrics.statementErrors.WithLabelValues(s.Dialect, verb, reason).Inc()
	}
	if trace.SpanFromContext(ctx).IsRecording() {
		t.trace(ctx, s, verb, reason)
	}
	if t.slow <= 0 || s.Took < t.slow {
		return
	}
	t.metrics.slowStatements.WithLabelValues(s.Dialect).Inc()
	_, op, _, _ := seen.told()
	t.log.LogAttrs(ctx, slog.LevelWarn, "slow statement",
		slog.String("request", gqlhttp.RequestID(ctx)), slog.String("operation", op.name), slog.Duration("took", s.Took),
		slog.Int("rows", s.Rows), slog.String("failed", reason), slog.String("text", shown(s.Text)))
}

// trace makes a span of what has ended, below the span of who asked.
func (t *Telemetry) trace(ctx context.Context, s store.Statement, verb, reason string) {
	system := s.Dialect
	switch system {
	case "postgres":
		system = "postgresql"
	case "sqlite3":
		system = "sqlite"
	}
	_, span := t.tracer.Start(ctx, verb, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(s.Start), trace.WithAttributes(
		attribute.String("db.system.name", system), attribute.String("db.operation.name", verb),
		attribute.String("db.query.text", shown(s.Text)), attribute.Int("db.response.returned_rows", s.Rows)))
	if reason != "" {
		span.SetAttributes(attribute.String("error.type", reason))
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(s.Start.Add(s.Took)))
}

// verbOf is the first word of a statement, of a bounded number.
func verbOf(text string) string {
	text = strings.TrimLeft(text, " \t\r\n(")
	end := 0
	for end < len(text) && (text[end]|0x20) >= 'a' && (text[end]|0x20) <= 'z' {
		end++
	}
	switch verb := strings.ToUpper(text[:min(end, len("ROLLBACK")+1)]); verb {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "COPY", "BEGIN", "COMMIT", "ROLLBACK":
		return verb
	}
	return "OTHER"
}

// bracketing tells what a request does not ask but its transactions need.
func bracketing(verb string) bool { return verb == "BEGIN" || verb == "COMMIT" || verb == "ROLLBACK" }

// reasonOf says why a statement failed, in a code: what drivers say may quote values.
func reasonOf(err error) string {
	if errors.Is(err, context.Canceled) {
		return "cancelled"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	var state interface{ SQLState() string } // lib/pq
	if errors.As(err, &state) {
		return state.SQLState()
	}
	var code interface{ Code() int } // SQLite
	if errors.As(err, &code) {
		return strconv.Itoa(code.Code())
	}
	return "connection"
}

func shown(text string) string {
	if len(text) <= longestText {
		return text
	}
	cut := longestText
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
