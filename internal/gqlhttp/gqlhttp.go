// Package gqlhttp owns how a GraphQL schema is served over HTTP: media types
// and status codes, what a request may look like and cost, the coercion of
// variables, request ids, the shape of every error, and the GraphiQL page.
//
// It does not know what the schema is about: no entity, no database, no
// viewer. Whoever builds the Handler gives it an executable schema.
//
// A request passes, in this order: request id, security headers, cross-origin
// check, method, Accept, budget (budget.go), body (request.go); document limits
// and validation, variables, cost and what it takes of the budget (executor.go);
// gqlgen. Nothing before gqlgen is more than linear in the size of the request.
//
// What stands before a Handler, and before whatever else is served beside it, is
// here too: Contain, Origins, a Queue that sheds load, and SignIns.
package gqlhttp

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"hireloop/internal/fault"
)

// DefaultDeadline is how long an operation may take unless Options say so.
const DefaultDeadline = 25 * time.Second

// grace is what resolvers get after the deadline to return what they have.
const grace = 250 * time.Millisecond

// Options of a Handler. The zero value is safe for production.
type Options struct {
	// Logger receives masked errors and panics; nil means slog.Default().
	Logger *slog.Logger
	// Introspection answers __schema and __type. Off, they are refused.
	Introspection bool
	// Limits bound requests; a zero field means its default.
	Limits Limits
	// Deadline of one operation; zero means DefaultDeadline.
	Deadline time.Duration
	// ErrorPresenter replaces Present.
	ErrorPresenter graphql.ErrorPresenterFunc
	// CrossOrigin says which requests of browsers are refused; nil refuses those
	// of every other origin.
	CrossOrigin *http.CrossOriginProtection
	// Budgets pay for operations, by what Principal calls whoever asks; nil
	// limits nobody.
	Budgets   *Budgets
	Principal func(context.Context) string
	// Sizes say how long a list without page arguments may become, by "Type.field",
	// from the arguments of the field that gave the object which has the list.
	Sizes map[string]func(arguments map[string]any) int
	// AroundResponses, if any, is the outermost of what AroundResponses adds: for
	// those who watch.
	AroundResponses graphql.ResponseMiddleware
}

// requestCost is what every request costs at least, also one that is refused.
const requestCost = 10

// Handler answers GraphQL over HTTP by GET and POST. It is safe for concurrent
// use once it serves; add middleware before.
type Handler struct {
	exec     *Executor
	log      *slog.Logger
	deadline time.Duration
	grace    time.Duration
	origin   *http.CrossOriginProtection

	budgets   *Budgets
	principal func(context.Context) string
}

var _ http.Handler = (*Handler)(nil)

// New serves schema over HTTP.
func New(schema graphql.ExecutableSchema, o Options) *Handler {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Deadline == 0 {
		o.Deadline = DefaultDeadline
	}
	if o.CrossOrigin == nil {
		o.CrossOrigin = http.NewCrossOriginProtection()
	}
	if o.Principal == nil {
		o.Principal = func(context.Context) string { return "" }
	}
	return &Handler{
		exec:      newExecutor(schema, o),
		log:       o.Logger,
		deadline:  o.Deadline,
		grace:     grace,
		origin:    o.CrossOrigin,
		budgets:   o.Budgets,
		principal: o.Principal,
	}
}

// Executor is what the Handler runs operations with, guarded by the same
// limits: for transports other than plain HTTP.
func (h *Handler) Executor() *Executor { return h.exec }

// AroundOperations adds middleware that runs once for each operation. It must
// not cancel a context when it returns: the response is made later.
func (h *Handler) AroundOperations(f graphql.OperationMiddleware) { h.exec.inner.AroundOperations(f) }

// AroundResponses adds middleware that runs for each response. It runs for
// requests refused before execution too; their OperationContext has no Doc.
func (h *Handler) AroundResponses(f graphql.ResponseMiddleware) { h.exec.inner.AroundResponses(f) }

// ServeHTTP answers one request. Every answer is JSON in GraphQL's shape.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Identify(h.log, http.HandlerFunc(h.serve)).ServeHTTP(w, r)
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), answerPolicy)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")

	defer func() {
		if v := recover(); v != nil { // nothing has been written: write panics before, if at all
			(&answer{errors: gqlerror.List{recovered(r.Context(), v)}}).write(w, mediaJSON)
		}
	}()

	media, acceptable := negotiate(r.Header.Values("Accept"))
	if refused := h.admit(r, acceptable); refused != nil {
		refused.write(w, media)
		return
	}
	allowance := h.budgets.Take(h.principal(r.Context()), requestCost)
	allowance.show(w.Header())
	if refused := allowance.refusal(); refused != nil {
		refused.write(w, media)
		return
	}
	params, refused := readParams(w, r, h.exec.limits.Body)
	if refused != nil {
		refused.write(w, media)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.deadline)
	defer cancel()
	h.runBounded(ctx, r.Method, params).write(w, media)
}

// admit refuses what needs no look at the body.
func (h *Handler) admit(r *http.Request, acceptable bool) *answer {
	switch {
	case h.origin.Check(r) != nil:
		return refusal(http.StatusForbidden, CodeForbidden, "cross-origin requests from browsers are refused")
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		a := refusal(http.StatusMethodNotAllowed, CodeBadRequest, "use GET or POST")
		a.allow = "GET, POST"
		return a
	case !acceptable:
		return refusal(http.StatusNotAcceptable, CodeBadRequest,
			"answers are %s or %s; Accept allows neither", mediaGraphQL, mediaJSON)
	}
	return nil
}

// runBounded answers by the deadline also when a resolver does not heed it:
// the resolver then goes on by itself, and its answer is dropped.
func (h *Handler) runBounded(ctx context.Context, method string, params *graphql.RawParams) *answer {
	done := make(chan *answer, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- &answer{errors: gqlerror.List{recovered(ctx, v)}}
			}
		}()
		done <- h.run(ctx, method, params)
	}()
	select {
	case a := <-done:
		return a
	case <-ctx.Done():
	}
	wait := time.NewTimer(h.grace)
	defer wait.Stop()
	select {
	case a := <-done:
		return a
	case <-wait.C:
		return timedOut()
	}
}

// run executes one operation.
func (h *Handler) run(ctx context.Context, method string, params *graphql.RawParams) *answer {
	opCtx, errs := h.exec.CreateOperationContext(ctx, params)
	allowance, _ := opCtx.Stats.GetExtension(rateExtension).(Allowance)
	if len(errs) > 0 {
		a := fromResponse(h.exec.DispatchError(graphql.WithOperationContext(ctx, opCtx), errs))
		a.allowance = allowance
		return a
	}
	switch kind := opCtx.Operation.Operation; {
	case kind == ast.Subscription:
		return refusal(http.StatusBadRequest, CodeBadRequest,
			"a subscription needs a transport that streams; plain HTTP answers once")
	case kind != ast.Query && method == http.MethodGet:
		a := refusal(http.StatusMethodNotAllowed, CodeBadRequest, "a mutation must be sent by POST")
		a.allow = http.MethodPost
		return a
	}
	responses, ctx := h.exec.DispatchOperation(ctx, opCtx)
	a := fromResponse(responses(ctx))
	if ctx.Err() != nil && len(a.errors) == 0 { // what stopped half way may look whole
		a = &answer{errors: gqlerror.List{Present(ctx, ctx.Err())}}
	}
	a.allowance = allowance
	return a
}

// answerPolicy lets a browser do nothing with an answer but read it.
const answerPolicy = "default-src 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer has.
func secure(h http.Header, contentPolicy string) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}

// recovered logs a panic with its stack and returns what the client may know.
func recovered(ctx context.Context, v any) *gqlerror.Error {
	id, log := requestOf(ctx)
	log.ErrorContext(ctx, "panic while answering", "request", id, "panic", fault.Panicked(v), "stack", string(debug.Stack()))
	return internal(ctx)
}
