package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// DefaultPage and MaximumPage bound how many rows one page has.
const (
	DefaultPage = 20
	MaximumPage = 100
)

// Args are the four arguments of every connection, and the filter whose rows
// it holds: a cursor of one filter is refused by another.
type Args struct {
	First  *int
	After  *string
	Last   *int
	Before *string
	Filter any
}

// Page gathers the arguments as gqlgen passes them.
func Page(first *int, after *string, last *int, before *string, filter any) Args {
	return Args{First: first, After: after, Last: last, Before: before, Filter: filter}
}

// PageInfo says what lies around a page.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edge is one row of a page.
type Edge[E any] struct {
	Node E
	seal func(E) (string, error)
}

// Cursor marks the row's place; it is only computed when asked for.
func (e *Edge[E]) Cursor() (string, error) { return e.seal(e.Node) }

// Connection is one page of a list. Nothing is read until a field asks: the
// page costs a statement, the total another, each at most once.
type Connection[E any] struct {
	page  func(context.Context) (page[E], error)
	total func(context.Context) (int, error)
	seal  func(E) (string, error) // a row's cursor

	pageOnce, totalOnce sync.Once
	loaded              page[E]
	pageErr             error
	count               int
	totalErr            error
}

type page[E any] struct {
	rows          []E
	before, after bool // rows lie beyond either end
}

func (c *Connection[E]) load(ctx context.Context) (page[E], error) {
	c.pageOnce.Do(func() {
		c.pageErr = errLoadPanicked // unless it returns
		c.loaded, c.pageErr = c.page(ctx)
	})
	return c.loaded, c.pageErr
}

// Nodes are the rows of the page.
func (c *Connection[E]) Nodes(ctx context.Context) ([]E, error) {
	p, err := c.load(ctx)
	return p.rows, err
}

// Edges are the rows of the page with their cursors.
func (c *Connection[E]) Edges(ctx context.Context) ([]*Edge[E], error) {
	p, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	edges := make([]Edge[E], len(p.rows))
	pointers := make([]*Edge[E], len(p.rows))
	for i, row := range p.rows {
		edges[i] = Edge[E]{Node: row, seal: c.seal}
		pointers[i] = &edges[i]
	}
	return pointers, nil
}

// PageInfo says what lies around the page.
func (c *Connection[E]) PageInfo(ctx context.Context) (*PageInfo, error) {
	p, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	info := &PageInfo{HasNextPage: p.after, HasPreviousPage: p.before}
	if len(p.rows) == 0 {
		return info, nil
	}
	start, err := c.seal(p.rows[0])
	if err != nil {
		return nil, err
	}
	end, err := c.seal(p.rows[len(p.rows)-1])
	info.StartCursor, info.EndCursor = &start, &end
	return info, err
}

// TotalCount counts the rows of all pages.
func (c *Connection[E]) TotalCount(ctx context.Context) (int, error) {
	c.totalOnce.Do(func() {
		c.totalErr = errLoadPanicked // unless it returns
		c.count, c.totalErr = c.total(ctx)
	})
	return c.count, c.totalErr
}

// window is a checked request for a page.
type window struct {
	size     int
	backward bool // read from the end
	after    *cursor
	before   *cursor
	asOf     time.Time
}

func (a Args) window(l list, sort Sort, now time.Time) (window, error) {
	w := window{size: DefaultPage, asOf: now.UTC().Truncate(time.Microsecond)}
	var problems fault.List
	for _, end := range []struct {
		name string
		n    *int
	}{{"first", a.First}, {"last", a.Last}} {
		if end.n == nil {
			continue
		}
		if *end.n < 1 || *end.n > MaximumPage {
			problems.Add(fault.Invalidf(end.name, "must be from 1 to %d", MaximumPage))
		}
		w.size = *end.n
		w.backward = end.name == "last"
	}
	if a.First != nil && a.Last != nil {
		problems.Add(fault.Invalidf("last", "cannot be combined with first"))
	}
	for _, mark := range []struct {
		name string
		text *string
		into **cursor
	}{{"after", a.After, &w.after}, {"before", a.Before, &w.before}} {
		if mark.text == nil {
			continue
		}
		c, ok := l.decode(*mark.text, sort.Term.Type, sort.Term.Expr != nil)
		if !ok {
			problems.Add(fault.Invalidf(mark.name, "is not a cursor of this list, filter and order").
				WithHint("start again without it"))
			continue
		}
		*mark.into, w.asOf = c, c.asOf
	}
	return w, problems.Err()
}

// apply restricts, orders and limits s to the window and one row more, which
// tells whether anything follows.
func (w window) apply(s *sql.Selector, sort Sort) {
	if w.after != nil {
		sort.beyond(s, w.after, false)
	}
	if w.before != nil {
		sort.beyond(s, w.before, true)
	}
	sort.apply(s, w.asOf, w.backward)
	s.Limit(w.size + 1)
}

// pageOf turns the rows that apply asked for into a page, in the list's order.
// The row of a cursor lies outside the page, on the cursor's side.
func pageOf[E any](w window, rows []E) page[E] {
	more := len(rows) > w.size
	if more {
		rows = rows[:w.size]
	}
	if w.backward {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		return page[E]{rows: rows, before: more || w.after != nil, after: w.before != nil}
	}
	return page[E]{rows: rows, before: w.after != nil, after: more || w.before != nil}
}

func newList(ctx context.Context, name string, a Args, sort Sort) (list, error) {
	filter, err := json.Marshal(a.Filter)
	if err != nil {
		return list{}, fmt.Errorf("relay: filter of %s: %w", name, err)
	}
	return list{reader: readerOf(ctx), name: fmt.Sprintf("%s|%s|%t|%s", name, sort.Term.Name, sort.Desc, filter)}, nil
}

func cursorOf[E Row](l list, w window, sort Sort) func(E) (string, error) {
	return func(row E) (string, error) {
		c := cursor{id: row.GlobalID(), asOf: w.asOf}
		if sort.Term.Expr != nil {
			var err error
			if c.key, err = keyOf(sort.Term, row); err != nil {
				return "", err
			}
		}
		return l.encode(c), nil
	}
}

// Paginate makes the connection of a list at the top of a query. Arguments out
// of bounds and foreign cursors are refused by name, before anything is read.
func Paginate[Q Builder[Q, E, S], E Row, S Scanner](
	ctx context.Context, name string, query Q, args Args, sort Sort,
) (*Connection[E], error) {
	l, err := newList(ctx, name, args, sort)
	if err != nil {
		return nil, err
	}
	w, err := args.window(l, sort, l.reader.Now())
	if err != nil {
		return nil, err
	}
	return &Connection[E]{
		seal: cursorOf[E](l, w, sort),
		page: func(ctx context.Context) (page[E], error) {
			q := query.Clone()
			q.Modify(func(s *sql.Selector) { w.apply(s, sort) })
			rows, err := q.All(ctx)
			return pageOf(w, rows), err
		},
		total: func(ctx context.Context) (int, error) { return query.Clone().Count(ctx) },
	}, nil
}

// Nested makes the connection of a list below a parent. The same page of every
// sibling parent is read in one statement, and so are their totals.
func Nested[P Row, Q Builder[Q, E, S], E Row, S Scanner](
	ctx context.Context, c *Cohort[P], name string, parent gid.ID,
	link Link, query Q, args Args, sort Sort,
) (*Connection[E], error) {
	l, err := newList(ctx, name, args, sort)
	if err != nil {
		return nil, err
	}
	w, err := args.window(l, sort, l.reader.Now())
	if err != nil {
		return nil, err
	}
	same := fmt.Sprintf("%s|%d|%t|%v|%v", l.name, w.size, w.backward, w.after, w.before)
	return &Connection[E]{
		seal: cursorOf[E](l, w, sort),
		page: func(ctx context.Context) (page[E], error) {
			groups, err := shared(c, same, func(parents []P) (map[gid.ID][]E, error) {
				q := query.Clone()
				q.Modify(func(s *sql.Selector) { perParent(s, link, globalIDs(parents), w, sort) })
				rows, err := q.All(ctx)
				if err != nil {
					return nil, err
				}
				return byParent(link, rows)
			})
			return pageOf(w, groups[parent]), err
		},
		total: func(ctx context.Context) (int, error) {
			counts, err := shared(c, l.name+"|total", func(parents []P) (map[gid.ID]int, error) {
				return countByParent(ctx, query.Clone(), link, globalIDs(parents))
			})
			return counts[parent], err
		},
	}, nil
}

func countByParent[Q Builder[Q, E, S], E any, S Scanner](ctx context.Context, query Q, link Link, parents []gid.ID) (map[gid.ID]int, error) {
	var rows []struct {
		Parent gid.ID `sql:"cohort_parent"`
		Count  int    `sql:"n"`
	}
	err := query.Modify(func(s *sql.Selector) {
		key := link.join(s)
		s.Where(oneOf(key, parents))
		s.ClearOrder()
		s.Select(sql.As(key, parentKey), sql.As(sql.Count("*"), "n")).GroupBy(key)
	}).Scan(ctx, &rows)
	counts := make(map[gid.ID]int, len(rows))
	for _, r := range rows {
		counts[r.Parent] = r.Count
	}
	return counts, err
}
