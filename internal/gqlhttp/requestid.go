package gqlhttp

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
)

// RequestIDHeader carries the id of a request, in and out.
const RequestIDHeader = "X-Request-Id"

type requestKey struct{}

type request struct {
	id  string
	log *slog.Logger
}

// Identify gives each request an id, and logger to what presents its errors. A
// sane incoming id is kept, and so is one that an outer Identify gave; any
// other is replaced.
func Identify(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if _, known := ctx.Value(requestKey{}).(request); !known {
			id := r.Header.Get(RequestIDHeader)
			if !saneID(id) {
				id = rand.Text()
			}
			ctx = context.WithValue(ctx, requestKey{}, request{id: id, log: logger})
			w.Header().Set(RequestIDHeader, id)
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// RequestID is the id of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	id, _ := requestOf(ctx)
	return id
}

func requestOf(ctx context.Context) (string, *slog.Logger) {
	if r, ok := ctx.Value(requestKey{}).(request); ok {
		return r.id, r.log
	}
	return "", slog.Default()
}

// saneID keeps foreign ids from forging log lines or filling them.
func saneID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
