package telemetry_test

import (
	"strings"
	"testing"

	"hireloop/internal/telemetry"
)

// Traces are sent when the standard variables say where, and what they say
// wrongly is refused by name, never by its value.
func TestTracesAreConfiguredByTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		rule    string
		env     map[string]string
		sends   bool
		refused string
	}{
		{"not without an address", map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "a=b"}, false, ""},
		{"to an address", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, true, ""},
		{"to an address of traces", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://127.0.0.1:9/v1/traces"}, true, ""},
		{"with credentials", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
			"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20s3cr3t, x-team=hiring"}, true, ""},
		{"not when it is turned off", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "True"}, false, ""},
		{"not when there is no exporter", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"}, false, ""},
		{"an address that is none", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://me:s3cr3t@[x"}, false, "OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL"},
		{"an address without a scheme", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "s3cr3t:4318"}, false, "OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL"},
		{"a header without =", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
			"OTEL_EXPORTER_OTLP_HEADERS": "authorization s3cr3t"}, false, "OTEL_EXPORTER_OTLP_HEADERS: must be name=value"},
		{"a name that is none", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
			"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=b,to s3cr3t=x"}, false, "OTEL_EXPORTER_OTLP_TRACES_HEADERS: must be name=value"},
		{"a value that cannot be read", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
			"OTEL_EXPORTER_OTLP_HEADERS": "key=s3cr3t%zz"}, false, "OTEL_EXPORTER_OTLP_HEADERS: must be name=value"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			spans, err := telemetry.Exporter(t.Context())
			if (spans != nil) != c.sends {
				t.Errorf("spans are sent: %t", spans != nil)
			}
			if spans != nil {
				_ = spans.Shutdown(t.Context())
			}
			switch {
			case (err != nil) != (c.refused != ""):
				t.Errorf("error %v", err)
			case err != nil && (!strings.HasPrefix(err.Error(), c.refused) || strings.Contains(err.Error(), "s3cr3t")):
				t.Errorf("error %q, want %q", err, c.refused)
			}
		})
	}
}
