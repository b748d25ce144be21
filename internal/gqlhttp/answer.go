package gqlhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// answer is one response. Without data it is a request error, which must not
// have the key "data".
type answer struct {
	status     int // 0: decided by errors and media type
	allow      string
	errors     gqlerror.List
	data       json.RawMessage
	extensions map[string]any
	allowance  Allowance
}

// refusal is a fault of the HTTP request: its status holds for every media type.
func refusal(status int, code, format string, args ...any) *answer {
	return &answer{status: status, errors: gqlerror.List{Errorf(code, format, args...)}}
}

// timedOut says that nobody knows whether the operation had effects.
func timedOut() *answer {
	return &answer{errors: gqlerror.List{timeout()}}
}

// fromResponse takes over gqlgen's response; nil is what gqlgen answers once
// the context is done.
func fromResponse(r *graphql.Response) *answer {
	if r == nil {
		return timedOut()
	}
	if len(r.Data) == 0 && len(r.Errors) == 0 {
		panic("gqlhttp: a response with neither data nor errors")
	}
	return &answer{errors: r.Errors, data: r.Data, extensions: r.Extensions}
}

// write sends a. The data is passed on as it is: it can be long, and gqlgen
// has just written it.
func (a *answer) write(w http.ResponseWriter, media string) {
	var body bytes.Buffer
	body.Grow(len(a.data) + 256)
	separator := byte('{')
	member := func(key string, value []byte) {
		body.WriteByte(separator)
		separator = ','
		body.WriteString(`"` + key + `":`)
		body.Write(value)
	}
	if len(a.errors) > 0 {
		member("errors", encode(a.errors))
	}
	if len(a.data) > 0 {
		member("data", a.data)
	}
	if len(a.extensions) > 0 {
		member("extensions", encode(a.extensions))
	}
	body.WriteString("}\n")

	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	if a.allow != "" {
		h.Set("Allow", a.allow)
	}
	a.allowance.show(h)
	status := a.statusFor(media)
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client is gone: nobody is left to tell
}

// statusFor follows the GraphQL-over-HTTP draft: an executed operation is 200
// whatever its fields say; a refused one is 4xx for clients that asked for
// GraphQL's media type and 200 for the others, unless the fault is not in the
// operation.
func (a *answer) statusFor(media string) int {
	switch {
	case a.status != 0:
		return a.status
	case len(a.data) > 0 || len(a.errors) == 0:
		return http.StatusOK
	}
	code, _ := a.errors[0].Extensions["code"].(string)
	switch code {
	case CodeInternal:
		return http.StatusInternalServerError
	case CodeTimeout:
		return http.StatusGatewayTimeout
	case CodeUnavailable:
		return http.StatusServiceUnavailable
	case CodeUnauthenticated:
		return http.StatusUnauthorized
	case CodeRateLimited:
		return http.StatusTooManyRequests
	}
	if media == mediaJSON {
		return http.StatusOK
	}
	if code == CodeForbidden {
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// encode never fails on what this package puts into errors and extensions; an
// extension that cannot be JSON, added by middleware, is a bug and panics.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Refuse answers a request that never reached a Handler, such as one of an
// unknown viewer, in the shape and media type of all other answers; below
// Plain, as a line of text.
func Refuse(w http.ResponseWriter, r *http.Request, status int, err *gqlerror.Error) {
	secure(w.Header(), answerPolicy)
	w.Header().Set("Cache-Control", "no-store")
	if plain, _ := r.Context().Value(plainKey{}).(bool); plain {
		refusePlainly(w, status, err.Message)
		return
	}
	media, _ := negotiate(r.Header.Values("Accept"))
	(&answer{status: status, errors: gqlerror.List{err}}).write(w, media)
}
