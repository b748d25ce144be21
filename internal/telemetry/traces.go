package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// scope names the instrumentation.
const scope = "hireloop"

// Exporter sends spans over OTLP/HTTP to where the standard variables say,
// OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. Without
// them, or turned off by OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER=none, it is nil.
func Exporter(ctx context.Context) (sdktrace.SpanExporter, error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" ||
		strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return nil, nil
	}
	if err := checkEnvironment(); err != nil {
		return nil, err
	}
	return otlptracehttp.New(ctx)
}

// checkEnvironment refuses what the SDK would only complain about, past the log
// and with the value, which may be a password.
func checkEnvironment() error {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		u, err := url.Parse(os.Getenv(name))
		if err != nil || os.Getenv(name) != "" && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%s: must be a URL of http or https", name)
		}
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		if os.Getenv(name) == "" {
			continue
		}
		for header := range strings.SplitSeq(os.Getenv(name), ",") {
			key, value, ok := strings.Cut(header, "=")
			_, err := url.PathUnescape(value)
			if key = strings.TrimSpace(key); !ok || err != nil || key == "" || strings.ContainsAny(key, " \t\"(),/:;<>?@[\\]{}") {
				return fmt.Errorf("%s: must be name=value, several with commas between, values escaped as in a URL", name)
			}
		}
	}
	return nil
}

// newProvider samples as OTEL_TRACES_SAMPLER says: everything, or as the
// caller's traceparent does, when it says nothing. What the resource tells is
// listed here: the SDK could add command lines, which may hold keys.
func newProvider(ctx context.Context, spans sdktrace.SpanExporter, b Build) (*sdktrace.TracerProvider, error) {
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", namespace), attribute.String("service.version", b.Version)),
		resource.WithTelemetrySDK(),
		resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	return sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans), sdktrace.WithResource(about)), nil
}

// reporting logs what could not be sent; the SDK would write it past the log.
type reporting struct {
	sdktrace.SpanExporter
	log *slog.Logger
}

func (r reporting) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := r.SpanExporter.ExportSpans(ctx, spans); err != nil {
		r.log.WarnContext(ctx, "spans are not sent", "spans", len(spans), "error", err)
	}
	return nil
}
