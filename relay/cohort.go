// Package relay owns how lists and edges are read: connections, their cursors,
// and cohorts, by which the rows of one query load each edge once for all of
// them. It is the only way to page or to load an edge.
//
// It does not own which rows a viewer may see (internal/access adds that to
// every query), nor which filters and orders a list has (graph declares them).
package relay

import (
	"context"
	"sync"

	"entgo.io/ent"

	"hireloop/internal/gid"
)

// Row is an entity as ent generates it with the templates of ent/template.
type Row interface {
	GlobalID() gid.ID
	// Column reads one of the entity's own columns.
	Column(name string) (value any, ok bool)
	// Value reads a column that the query selected beside the entity's own.
	// Such a column costs ent a look at the result's types for every row.
	Value(name string) (ent.Value, error)
}

// Cohort is the rows that one query returned. It remembers what was loaded for
// them: the first row that asks for an edge loads it for all.
//
// A cohort lives as long as its rows, which is one request; it is safe for
// concurrent use, as gqlgen resolves siblings concurrently.
type Cohort[E any] struct {
	members []E

	mu    sync.Mutex
	loads map[string]*load
}

type load struct {
	once  sync.Once
	value any
	err   error
}

// NewCohort groups the rows of one query. The slice is kept, not copied.
func NewCohort[E any](members []E) *Cohort[E] {
	return &Cohort[E]{members: members}
}

// Members are the rows of the cohort.
func (c *Cohort[E]) Members() []E { return c.members }

// shared runs fn once per cohort and key; every caller gets its answer.
func shared[E, V any](c *Cohort[E], key string, fn func([]E) (V, error)) (V, error) {
	c.mu.Lock()
	if c.loads == nil {
		c.loads = map[string]*load{}
	}
	l := c.loads[key]
	if l == nil {
		l = &load{}
		c.loads[key] = l
	}
	c.mu.Unlock()
	l.once.Do(func() {
		defer func() {
			if l.value == nil && l.err == nil {
				l.err = errLoadPanicked // siblings must not read a half-done load
			}
		}()
		l.value, l.err = fn(c.members)
	})
	if l.err != nil {
		var none V
		return none, l.err
	}
	return l.value.(V), nil
}

type loadPanicked struct{}

func (loadPanicked) Error() string { return "relay: the load of this edge panicked" }

var errLoadPanicked = loadPanicked{}

// One loads a to-one edge: the row that want names, or the zero T when there is
// none that the viewer may see. foreign reads the column of any sibling; load
// fetches by ids, in any order, leaving out what is hidden.
func One[E any, T Row](
	ctx context.Context, c *Cohort[E], edge string, want gid.ID,
	foreign func(E) gid.ID, load func(context.Context, []gid.ID) ([]T, error),
) (T, error) {
	rows, err := shared(c, edge, func(members []E) (map[gid.ID]T, error) {
		found, err := load(ctx, distinct(members, foreign))
		if err != nil {
			return nil, err
		}
		byID := make(map[gid.ID]T, len(found))
		for _, t := range found {
			byID[t.GlobalID()] = t
		}
		return byID, nil
	})
	return rows[want], err
}

// Computed answers a field that one statement computes for all siblings at
// once: a count, a sum. load returns an answer per row id; a row that it leaves
// out gets the zero V.
func Computed[E Row, V any](
	ctx context.Context, c *Cohort[E], field string, of gid.ID,
	load func(context.Context, []gid.ID) (map[gid.ID]V, error),
) (V, error) {
	return ComputedBy(ctx, c, field, of, func(e E) gid.ID { return e.GlobalID() }, load)
}

// ComputedBy is Computed for a field that depends on what each row refers to,
// rather than on the row: of is what this row refers to, key reads it from any
// sibling.
func ComputedBy[E, V any](
	ctx context.Context, c *Cohort[E], field string, of gid.ID,
	key func(E) gid.ID, load func(context.Context, []gid.ID) (map[gid.ID]V, error),
) (V, error) {
	answers, err := shared(c, field, func(members []E) (map[gid.ID]V, error) {
		return load(ctx, distinct(members, key))
	})
	return answers[of], err
}

func globalIDs[E Row](members []E) []gid.ID {
	return distinct(members, func(e E) gid.ID { return e.GlobalID() })
}

// distinct is what key reads from the members, each once, in their order,
// without Nil.
func distinct[E any](members []E, key func(E) gid.ID) []gid.ID {
	ids := make([]gid.ID, 0, len(members))
	seen := make(map[gid.ID]bool, len(members))
	for _, m := range members {
		if i := key(m); !i.IsNil() && !seen[i] {
			seen[i] = true
			ids = append(ids, i)
		}
	}
	return ids
}
