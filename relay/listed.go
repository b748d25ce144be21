package relay

import (
	"context"
	"slices"
	"sync"

	"hireloop/internal/gid"
)

// Listed makes the connection of a list that is computed whole, in its final
// order, once a field asks. A cursor marks a row by the id that idOf gives; a row
// that has left the list meanwhile ends the reading, as nobody knows where it
// would have been.
func Listed[E any](
	ctx context.Context, name string, args Args, compute func(context.Context) ([]E, error), idOf func(E) gid.ID,
) (*Connection[E], error) {
	l, err := newList(ctx, name, args, Sort{})
	if err != nil {
		return nil, err
	}
	w, err := args.window(l, Sort{}, l.reader.Now())
	if err != nil {
		return nil, err
	}
	var once sync.Once
	var rows []E
	var failed error
	all := func(ctx context.Context) ([]E, error) {
		once.Do(func() { rows, failed = compute(ctx) })
		return rows, failed
	}
	return &Connection[E]{
		seal: func(e E) (string, error) { return l.encode(cursor{id: idOf(e), asOf: w.asOf}), nil },
		page: func(ctx context.Context) (page[E], error) {
			rows, err := all(ctx)
			return pageOf(w, cut(w, rows, idOf)), err
		},
		total: func(ctx context.Context) (int, error) {
			rows, err := all(ctx)
			return len(rows), err
		},
	}, nil
}

// cut is the rows of the window and one more, in the order in which it reads.
func cut[E any](w window, rows []E, idOf func(E) gid.ID) []E {
	at := func(c *cursor, otherwise int) int {
		if c == nil {
			return otherwise
		}
		if i := slices.IndexFunc(rows, func(e E) bool { return idOf(e) == c.id }); i >= 0 {
			return i
		}
		return len(rows)
	}
	from := min(at(w.after, -1)+1, len(rows))
	found := slices.Clone(rows[from:max(from, at(w.before, len(rows)))])
	if w.backward {
		slices.Reverse(found)
	}
	return found[:min(len(found), w.size+1)]
}
