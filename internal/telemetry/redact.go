package telemetry

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// redacted stands for what must not be in a log.
const redacted = "[redacted]"

// Redact is for slog.HandlerOptions.ReplaceAttr: the last net, should anybody
// log a credential or an address. Nothing is meant to come as far.
func Redact(_ []string, a slog.Attr) slog.Attr {
	if secretName(a.Key) {
		return slog.String(a.Key, redacted)
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(withoutSecrets(a.Value.String()))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case error:
			a.Value = slog.StringValue(withoutSecrets(v.Error()))
		case fmt.Stringer:
			a.Value = slog.StringValue(withoutSecrets(v.String()))
		}
	}
	return a
}

func secretName(key string) bool {
	key = strings.ToLower(key)
	for _, part := range []string{"authorization", "cookie", "password", "passwd", "secret", "token", "credential", "dsn", "api_key", "apikey"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}

var secrets = []struct {
	hint string // what a text must contain to be looked at
	find *regexp.Regexp
	put  string
}{
	{"://", regexp.MustCompile(`://[^/\s]*@`), "://" + redacted + "@"},
	{"earer", regexp.MustCompile(`(?i)\bbearer\s+\S+`), "Bearer " + redacted},
	{"eyJ", regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]*`), redacted}, // a JWT
	{"hl_", regexp.MustCompile(`\bhl_\w+\.[\w-]+`), redacted},            // an API key
	{"@", regexp.MustCompile(`[\w.+%-]+@[\w-]+(\.[\w-]+)+`), redacted},   // an e-mail address
}

func withoutSecrets(text string) string {
	for _, s := range secrets {
		if strings.Contains(text, s.hint) {
			text = s.find.ReplaceAllString(text, s.put)
		}
	}
	return text
}
