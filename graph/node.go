package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/internal/gid"
)

// nodes reads entities of any kinds in the order of their ids, one statement a
// kind; what is missing or hidden is nil.
func (r *Resolver) nodes(ctx context.Context, ids []gid.ID) ([]db.Noder, error) {
	kinds := map[gid.Kind][]gid.ID{}
	for _, id := range ids {
		kinds[id.Kind()] = append(kinds[id.Kind()], id)
	}
	byID := make(map[gid.ID]db.Noder, len(ids))
	for kind, of := range kinds {
		found, err := r.DB.NodesOf(ctx, kind, of)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			byID[n.GlobalID()] = n
		}
	}
	nodes := make([]db.Noder, len(ids))
	for i, id := range ids {
		nodes[i] = byID[id]
	}
	return nodes, nil
}
