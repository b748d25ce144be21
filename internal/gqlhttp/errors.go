package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"hireloop/internal/fault"
)

// Codes found under extensions.code of top-level errors.
const (
	// CodeBadRequest: the HTTP request itself is wrong.
	CodeBadRequest = "BAD_REQUEST"
	// CodeBadUserInput: a value is wrong; extensions.path says which.
	CodeBadUserInput = "BAD_USER_INPUT"
	// CodeTooComplex: the document is over a limit, named in extensions.limit.
	CodeTooComplex      = "QUERY_TOO_COMPLEX"
	CodeConflict        = "CONFLICT"
	CodeNotFound        = "NOT_FOUND"
	CodeForbidden       = "FORBIDDEN"
	CodeUnauthenticated = "UNAUTHENTICATED"
	CodeRateLimited     = "RATE_LIMITED"
	// CodeUnavailable and CodeTimeout: nobody knows whether a mutation happened.
	CodeUnavailable = "UNAVAILABLE"
	CodeTimeout     = "TIMEOUT"
	// CodeCancelled: the client left before the answer was made.
	CodeCancelled = "CANCELLED"
	// CodeInternal: the cause is logged under the request id.
	CodeInternal = "INTERNAL"
)

// Errorf makes an error that Present shows as it is.
func Errorf(code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}
}

// Present turns any error into what a client may see. Faults and errors that
// carry a code are shown; what went wrong in a scalar is the client's input;
// a fired deadline is a TIMEOUT. Everything else is logged and masked.
func Present(ctx context.Context, err error) *gqlerror.Error {
	if err == nil {
		return nil
	}
	found, _ := errors.AsType[*gqlerror.Error](err)
	shown := &gqlerror.Error{}
	var input []string
	if found != nil {
		shown.Locations = found.Locations
	}
	shown.Path, input = splitPath(ctx, found)

	if faults := fault.All(err); len(faults) > 0 {
		shown.Message, shown.Extensions = describe(faults, input)
		return shown
	}
	if found != nil {
		if _, coded := found.Extensions["code"].(string); coded {
			shown.Message, shown.Extensions = found.Message, found.Extensions
			if len(input) > 0 {
				shown.Path = found.Path
			}
			return shown
		}
	}
	masked := timeout()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
	case errors.Is(ctx.Err(), context.Canceled):
		masked = Errorf(CodeCancelled, "the request was cancelled")
	case len(input) > 0:
		masked = Errorf(CodeBadUserInput, "%s", shorten(found.Message))
		masked.Extensions["path"] = input
	default:
		id, log := requestOf(ctx)
		cause := err
		if found != nil && found.Err != nil && err == error(found) { //nolint:errorlint // only the outermost
			cause = found.Err // without the path, which is logged beside it
		}
		log.ErrorContext(ctx, "internal error", "request", id, "operation", operationName(ctx),
			"path", shown.Path.String(), "error", cause)
		masked = internal(ctx)
	}
	shown.Message, shown.Extensions = masked.Message, masked.Extensions
	return shown
}

// splitPath separates where in the answer the error belongs from where in the
// field's arguments it arose: gqlgen reports both in one path.
func splitPath(ctx context.Context, err *gqlerror.Error) (answer ast.Path, input []string) {
	path := graphql.GetPath(ctx)
	if err != nil && err.Path != nil {
		path = err.Path
	}
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return path, nil
	}
	answer = field.Path()
	if len(path) <= len(answer) {
		return path, nil
	}
	for i := range answer {
		if path[i] != answer[i] {
			return path, nil
		}
	}
	return answer, steps(path[len(answer):])
}

func steps(path ast.Path) []string {
	out := make([]string, 0, len(path))
	for _, step := range path {
		switch s := step.(type) {
		case ast.PathName:
			out = append(out, string(s))
		case ast.PathIndex:
			out = append(out, strconv.Itoa(int(s)))
		}
	}
	return out
}

// describe shows the first fault in full, and all of them when they are several.
func describe(faults []*fault.Error, input []string) (string, map[string]any) {
	one := func(f *fault.Error) map[string]any {
		m := map[string]any{"code": codeOf(f.Kind), "rule": f.Code}
		if path := append(append([]string{}, input...), f.Path...); len(path) > 0 {
			m["path"] = path
		}
		if f.Hint != "" {
			m["hint"] = f.Hint
		}
		return m
	}
	extensions := one(faults[0])
	if len(faults) > 1 {
		all := make([]map[string]any, len(faults))
		for i, f := range faults {
			all[i] = one(f)
			all[i]["message"] = f.Message
		}
		extensions["problems"] = all
	}
	return faults[0].Message, extensions
}

func codeOf(k fault.Kind) string {
	switch k {
	case fault.Conflict:
		return CodeConflict
	case fault.NotFound:
		return CodeNotFound
	case fault.Denied:
		return CodeForbidden
	default:
		return CodeBadUserInput
	}
}

func timeout() *gqlerror.Error {
	return Errorf(CodeTimeout, "the operation took too long; what it wrote may or may not be kept")
}

func internal(ctx context.Context) *gqlerror.Error {
	return Errorf(CodeInternal, "internal error, request %s", RequestID(ctx))
}

func operationName(ctx context.Context) string {
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil {
			return op.Name
		}
	}
	return ""
}

// shorten bounds a message that may quote the client's own text.
func shorten(message string) string {
	const most = 300
	if len(message) <= most {
		return message
	}
	cut := most
	for !utf8.RuneStart(message[cut]) {
		cut--
	}
	return message[:cut] + "…"
}
