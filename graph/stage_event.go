package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/stage"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// skippedStages reads the stages that visits jumped over, for all visits of a
// query at once.
func (r *Resolver) skippedStages(ctx context.Context, visit *db.Visit) ([]*db.Stage, error) {
	return relay.Computed(ctx, visit.Cohort(), "skippedStages", visit.ID, func(ctx context.Context, _ []gid.ID) (map[gid.ID][]*db.Stage, error) {
		visits := visit.Cohort().Members()
		var ids []gid.ID
		for _, v := range visits {
			ids = append(ids, v.SkippedStageIds...)
		}
		if len(ids) == 0 {
			return nil, nil
		}
		stages, err := r.DB.Stage.Query().Where(relay.IDs(stage.FieldID, ids)).All(ctx)
		if err != nil {
			return nil, err
		}
		byID := make(map[gid.ID]*db.Stage, len(stages))
		for _, s := range stages {
			byID[s.ID] = s
		}
		skipped := make(map[gid.ID][]*db.Stage, len(visits))
		for _, v := range visits {
			for _, id := range v.SkippedStageIds {
				if s := byID[id]; s != nil {
					skipped[v.ID] = append(skipped[v.ID], s)
				}
			}
		}
		return skipped, nil
	})
}
