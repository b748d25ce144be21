// Package graph owns the contract's Go side: one resolver file per noun, each
// method one expression, or "call, read again by id, return"; and, per noun, the
// filters and orders of its lists.
//
// It does not decide (rubric, funnel), write (hiring) or restrict what is seen
// (internal/access). Folders exec and model are generated.
package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// Resolver answers the contract from one database.
type Resolver struct {
	DB     *db.Client // guarded: see access.Guard
	Hiring *hiring.Service
}

// found reads one entity by id; what is missing, of another kind or hidden is
// nil, and the three look alike.
func found[T any](ctx context.Context, get func(context.Context, gid.ID) (*T, error), id gid.ID) (*T, error) {
	t, err := get(ctx, id)
	if db.IsNotFound(err) {
		return nil, nil
	}
	return t, err
}

// answered ends a mutation that answers with no row of its own: what it found, or
// why its input was refused; see settled.
func answered[T any](found T, err error) (T, []*fault.Error, error) {
	if refusals := fault.All(err); refusals != nil && !fault.Is(err, fault.Denied) {
		var none T
		return none, refusals, nil
	}
	return found, []*fault.Error{}, err
}

// settled ends a mutation: what it changed, read again under the viewer's
// rules; or why its input was refused. What the viewer may not do at all, and
// failures that are not the input's, go on as err.
func settled[T any](ctx context.Context, get func(context.Context, gid.ID) (*T, error)) func(gid.ID, error) (*T, []*fault.Error, error) {
	return func(id gid.ID, err error) (*T, []*fault.Error, error) {
		if err != nil && fault.Is(err, fault.Denied) {
			return nil, nil, err
		}
		if refusals := fault.All(err); refusals != nil {
			return nil, refusals, nil
		}
		if err != nil {
			return nil, nil, err
		}
		t, err := found(ctx, get, id)
		return t, []*fault.Error{}, err
	}
}
