package access

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"hireloop/internal/gid"
)

// Most of the sets that rules are made of are empty for most members: who has
// applied to their own company, owes no scorecard and is kept out of nothing asks
// in vain, row by row. So one operation asks once for what a member is kept from,
// and goes by it until something is written.

// recalled are the sets that are asked for at the beginning, with the loops whose
// policy can hide something at all. Sets that are made of one of them are as empty.
var recalled = map[string]string{
	"confidential": "", "self": "", "biased": "",
	"candidacies": "self", "involved": "biased", "referred": "biased",
}

// concealing stands among the recalled for the loops that ever hide something.
const concealing = "concealing"

// fewIDs is up to how many ids of a set are told one by one.
const fewIDs = 8

// recollection is what is known of a viewer's sets: those with few ids.
type recollection map[string][]gid.ID

// has reports whether it is known which ids a set has, and which.
func (r recollection) has(set string) (ids []gid.ID, known bool) {
	ids, known = r[set]
	if base := recalled[set]; base != "" {
		ids, known = r[base]
		known = known && len(ids) == 0
	}
	return ids, known
}

// Asker runs a query in the name of the program, whose rows are a set's name and an
// id, and calls yield with each.
type Asker func(ctx context.Context, query string, args []any, yield func(set string, id gid.ID)) error

type memoryKey struct{}

// memory is that of one operation.
type memory struct {
	sync.Mutex
	ask   Asker
	of    gid.ID       // the member
	known recollection // nil when it is to be asked for
}

// Remembering returns a context whose operation asks once for what its viewer is
// kept from, instead of with every query.
func Remembering(ctx context.Context, ask Asker) context.Context {
	return context.WithValue(ctx, memoryKey{}, &memory{ask: ask})
}

// Forget has an operation ask again: something was written.
func Forget(ctx context.Context) {
	if m, _ := ctx.Value(memoryKey{}).(*memory); m != nil {
		m.Lock()
		defer m.Unlock()
		m.known = nil
	}
}

// Unremembering returns a context in which every query asks for itself, as inside
// a transaction.
func Unremembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, (*memory)(nil))
}

// recall is what is known of the sets of who asks in ctx; nothing when there is
// nobody to ask, or it failed: then queries ask for themselves.
func recall(ctx context.Context, member gid.ID) recollection {
	m, _ := ctx.Value(memoryKey{}).(*memory)
	if m == nil {
		return nil
	}
	m.Lock()
	defer m.Unlock()
	if m.known == nil || m.of != member {
		m.of, m.known = member, m.learn(ctx, member)
	}
	return m.known
}

func (m *memory) learn(ctx context.Context, member gid.ID) recollection {
	known := recollection{concealing: nil}
	// Not "<>", of which an index is no help.
	parts := []string{fmt.Sprintf("SELECT '%s' AS name, c.id FROM (SELECT id FROM loops WHERE reveal_policy < 'OWN_SUBMITTED' OR reveal_policy > 'OWN_SUBMITTED' LIMIT 1) c", concealing)}
	var args []any
	for _, set := range setNames() {
		if base, listed := recalled[set]; !listed || base != "" {
			continue
		}
		known[set] = nil
		var query strings.Builder
		for i, text := range strings.Split(queryFor(set), "?") {
			if i > 0 {
				args = append(args, member)
				fmt.Fprintf(&query, "$%d", len(args))
			}
			query.WriteString(text)
		}
		parts = append(parts, fmt.Sprintf("SELECT '%s', %[1]s.* FROM (%s LIMIT %d) %[1]s", set, &query, fewIDs+1))
	}
	err := m.ask(System(ctx), strings.Join(parts, " UNION ALL "), args, func(set string, id gid.ID) { known[set] = append(known[set], id) })
	if err != nil {
		return nil
	}
	for set, ids := range known {
		if len(ids) > fewIDs {
			delete(known, set)
		}
	}
	return known
}

// notAmong restricts a column to what is not in one of the viewer's sets.
func notAmong(v *Viewer, column, set string) *condition {
	ids, known := v.recall().has(set)
	switch {
	case !known:
		return where(column+" NOT IN (["+set+"])", v.Member)
	case len(ids) == 0:
		return nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return where(column+" NOT IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
}

// open restricts loops to those whose policy lets cards be seen by now.
func open(v *Viewer) *condition {
	if loops, known := v.recall().has(concealing); known && len(loops) == 0 {
		return nil
	}
	return where("{reveal_policy} = 'OWN_SUBMITTED' OR NOT EXISTS ([concealed {id}])")
}
