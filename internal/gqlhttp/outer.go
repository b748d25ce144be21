package gqlhttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/rs/cors"
)

// Contain gives every answer of next the security headers, and answers for it
// when it panics.
func Contain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), answerPolicy)
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler { //nolint:errorlint // the very value, as net/http compares it
				panic(v)
			}
			err := recovered(r.Context(), v)
			// Should the answer have begun, this is one line of log and a cut connection.
			w.Header().Del("Content-Length")
			Refuse(w, r, http.StatusInternalServerError, err)
		}()
		next.ServeHTTP(w, r)
	})
}

// Origins lets pages from these origins use next from browsers, with a token
// and without cookies. Without any, browsers let none.
func Origins(allowed []string, next http.Handler) http.Handler {
	if len(allowed) == 0 {
		return next // to the library, none means all
	}
	return cors.New(cors.Options{
		AllowedOrigins: allowed,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", RequestIDHeader},
		ExposedHeaders: []string{RequestIDHeader, "RateLimit", "RateLimit-Policy", "Retry-After", "ETag"},
		MaxAge:         600,
	}).Handler(next)
}

// Charge makes every request to next cost so much of its principal's budget.
func Charge(b *Budgets, principal func(context.Context) string, cost int, next http.Handler) http.Handler {
	if b == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := b.Take(principal(r.Context()), cost)
		a.show(w.Header())
		if refused := a.refusal(); refused != nil {
			Refuse(w, r, refused.status, refused.errors[0])
			return
		}
		next.ServeHTTP(w, r)
	})
}

type plainKey struct{}

// Plain makes Refuse answer in plain text below: for what is no GraphQL.
func Plain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), plainKey{}, true)))
	})
}

func refusePlainly(w http.ResponseWriter, status int, message string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, message) //nolint:gosec // plain text, and never sniffed
}
