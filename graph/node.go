package graph

import (
	"context"
	"slices"
	"strings"
	"sync"

	"hireloop/ent/db"
	"hireloop/graph/exec"
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
		if !published()[kind] {
			continue
		}
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

// published are the kinds whose type is a Node of the contract: the id of any
// other names nothing that a client could read.
var published = sync.OnceValue(func() map[gid.Kind]bool {
	types := exec.NewExecutableSchema(exec.Config{}).Schema().Types
	kinds := map[gid.Kind]bool{}
	for _, kind := range gid.Kinds() {
		var name strings.Builder // stage_event → StageEvent
		for word := range strings.SplitSeq(kind.Noun(), "_") {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		def := types[name.String()]
		kinds[kind] = def != nil && slices.Contains(def.Interfaces, "Node")
	}
	return kinds
})
