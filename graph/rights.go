package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// Rights are read once for all openings that the rows of a query concern. Who asks
// by a key for reading has none.

func (r *Resolver) rightsOverOpening(ctx context.Context, o *db.Opening) (access.Rights, error) {
	if v := access.ViewerOf(ctx); v != nil && v.ReadOnly {
		return access.Rights{}, nil
	}
	return relay.Computed(ctx, o.Cohort(), "rights", o.ID, r.Hiring.RightsOver)
}

func (r *Resolver) rightsOverApplication(ctx context.Context, a *db.Application) (access.Rights, error) {
	if v := access.ViewerOf(ctx); v != nil && v.ReadOnly {
		return access.Rights{}, nil
	}
	return relay.ComputedBy(ctx, a.Cohort(), "rights", a.OpeningID,
		func(a *db.Application) gid.ID { return a.OpeningID }, r.Hiring.RightsOver)
}
