package telemetry

import (
	"context"
	"sync"
	"sync/atomic"
)

// activity is what one request has done so far. An operation that does not heed
// its deadline still writes into it when the request has been answered.
type activity struct {
	statements atomic.Int64

	mu        sync.Mutex
	principal string
	operation operation
	code      string
	cost      int
}

type activityKey struct{}

// activityOf is never nil; what is written outside of a request is lost.
func activityOf(ctx context.Context) *activity {
	if a, ok := ctx.Value(activityKey{}).(*activity); ok {
		return a
	}
	return &activity{}
}

func (a *activity) signedIn(principal string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.principal = principal
}

func (a *activity) begun(op operation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.operation = op
}

func (a *activity) ended(code string, cost int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.code, a.cost = code, cost
}

// told is what is known of the operation.
func (a *activity) told() (principal string, op operation, code string, cost int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.principal, a.operation, a.code, a.cost
}
