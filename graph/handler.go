package graph

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"hireloop/graph/exec"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
	"hireloop/relay"
)

// HandlerOptions of NewHandler.
type HandlerOptions struct {
	// CursorKey seals cursors; all servers over one database share it.
	CursorKey []byte
	HTTP      gqlhttp.Options
	// PlainExecution answers by gqlgen's own execution, which is slower: tests
	// compare with it.
	PlainExecution bool
}

// NewHandler serves the contract over HTTP. The request's context must hold its
// viewer: see access.WithViewer.
func NewHandler(r *Resolver, o HandlerOptions) http.Handler {
	schema := exec.NewAppendingSchema
	if o.PlainExecution {
		schema = exec.NewExecutableSchema
	}
	o.HTTP.Sizes = reportSizes(r.Hiring.Now)
	api := gqlhttp.New(schema(exec.Config{Resolvers: r}), o.HTTP)
	api.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(access.Remembering(hiring.Watched(ctx), r.Hiring.Recall))
	})
	api.AroundResponses(r.settle)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		reader := &relay.Reader{Key: o.CursorKey, Now: r.Hiring.Now}
		if viewer := access.ViewerOf(req.Context()); viewer != nil {
			reader.Viewer = viewer.Member.String()
		}
		api.ServeHTTP(w, req.WithContext(relay.WithReader(req.Context(), reader)))
	})
}
