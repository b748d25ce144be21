package relay

import (
	"context"
	"slices"

	"hireloop/internal/gid"
)

// Listed makes the connection of a list that was computed whole, in its final
// order. A cursor marks a row by the id that idOf gives; a row that has left the
// list meanwhile ends the reading, as nobody knows where it would have been.
func Listed[E any](ctx context.Context, name string, args Args, rows []E, idOf func(E) gid.ID) (*Connection[E], error) {
	l, err := newList(ctx, name, args, Sort{})
	if err != nil {
		return nil, err
	}
	w, err := args.window(l, Sort{}, l.reader.Now())
	if err != nil {
		return nil, err
	}
	at := func(c *cursor, otherwise int) int {
		if c == nil {
			return otherwise
		}
		if i := slices.IndexFunc(rows, func(e E) bool { return idOf(e) == c.id }); i >= 0 {
			return i
		}
		return len(rows)
	}
	from, to := at(w.after, -1)+1, at(w.before, len(rows))
	from = min(from, len(rows))
	to = max(from, to)
	found := slices.Clone(rows[from:to])
	if w.backward {
		slices.Reverse(found)
	}
	found = found[:min(len(found), w.size+1)]
	return &Connection[E]{
		seal:  func(e E) (string, error) { return l.encode(cursor{id: idOf(e), asOf: w.asOf}), nil },
		page:  func(context.Context) (page[E], error) { return pageOf(w, found), nil },
		total: func(context.Context) (int, error) { return len(rows), nil },
	}, nil
}
