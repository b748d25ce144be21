package telemetry_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"hireloop/internal/telemetry"
)

// Nobody is meant to log these; if somebody does, they are not in the log.
func TestRedact(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZW1iZXIifQ.c2lnbmF0dXJl"
	dsn, _ := url.Parse("postgres://hireloop:hunter2@db:5432/hireloop")
	for _, c := range []struct {
		rule, secret string
		value        any
		key, want    string
	}{
		{"by the name", "hunter2", "hunter2", "Authorization", "[redacted]"},
		{"by a part of the name", "hunter2", []byte("hunter2"), "token_key", "[redacted]"},
		{"a password in a URL", "hunter2", dsn, "url", "postgres://[redacted]@db:5432/hireloop"},
		{"a password with an @", "hunter", "postgres://u:p@hunter@db/x", "url", "postgres://[redacted]@db/x"},
		{"a token in an error", jwt, fmt.Errorf("no: %w", errors.New("bad "+jwt)), "error", "no: bad [redacted]"},
		{"a header", "abc.def", "got bearer abc.def", "error", "got Bearer [redacted]"},
		{"an API key", "s3cr3t", "key hl_k7.s3cr3t-x is old", "error", "key [redacted] is old"},
		{"an address", "ada", "no mail to ada.l@love-lace.example today", "error", "no mail to [redacted] today"},
		{"nothing else", "?", "SELECT a FROM b WHERE c = $1", "text", "SELECT a FROM b WHERE c = $1"},
	} {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: telemetry.Redact}))
		logger.Info("said", slog.Group("in", slog.Any(c.key, c.value)))
		if text := log.String(); strings.Contains(text, c.secret) || !strings.Contains(text, c.want) {
			t.Errorf("%s: %s", c.rule, text)
		}
		log.Reset()
		logger.Info(fmt.Sprint(c.value))
		if text := log.String(); c.want != "[redacted]" && strings.Contains(text, c.secret) {
			t.Errorf("%s in the message: %s", c.rule, text)
		}
	}
}
