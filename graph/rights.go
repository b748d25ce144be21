package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/internal/access"
	"hireloop/relay"
)

// Rights are read once for all rows of a query.

func (r *Resolver) rightsOverOpening(ctx context.Context, o *db.Opening) (access.Rights, error) {
	return relay.Computed(ctx, o.Cohort(), "rights", o.ID, r.Hiring.RightsOver)
}

func (r *Resolver) rightsOverApplication(ctx context.Context, a *db.Application) (access.Rights, error) {
	return relay.Computed(ctx, a.Cohort(), "rights", a.ID, r.Hiring.RightsOverApplications)
}
