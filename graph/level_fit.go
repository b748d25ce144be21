package graph

import (
	"context"

	"hireloop/internal/gid"
	"hireloop/relay"
)

// forMembers loads an answer for all rows of a cohort from the rows themselves,
// for fields that read more of them than their ids.
func forMembers[E, V any](c *relay.Cohort[E], load func(context.Context, []E) (map[gid.ID]V, error)) func(context.Context, []gid.ID) (map[gid.ID]V, error) {
	return func(ctx context.Context, _ []gid.ID) (map[gid.ID]V, error) { return load(ctx, c.Members()) }
}
