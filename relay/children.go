package relay

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"hireloop/internal/gid"
)

// Builder is what relay needs of an ent query; type inference finds E and S.
type Builder[Q, E any, S Scanner] interface {
	Clone() Q
	All(context.Context) ([]E, error)
	Count(context.Context) (int, error)
	Modify(...func(*sql.Selector)) S
}

// Scanner is what Modify of an ent query returns.
type Scanner interface {
	Scan(context.Context, any) error
}

// Children loads a short, closed to-many edge whole: for all parents of the
// cohort in one statement, ordered by a column of the child, ties by id.
func Children[P Row, Q Builder[Q, E, S], E Row, S Scanner](
	ctx context.Context, c *Cohort[P], edge string, parent gid.ID,
	link Link, orderBy string, query Q,
) ([]E, error) {
	return ChildrenBy(ctx, c, edge, parent, func(p P) gid.ID { return p.GlobalID() }, link, orderBy, query)
}

// ChildrenBy is Children of what each row refers to, rather than of the row: of
// is what this row refers to, key reads it from any sibling.
func ChildrenBy[P any, Q Builder[Q, E, S], E Row, S Scanner](
	ctx context.Context, c *Cohort[P], edge string, of gid.ID,
	key func(P) gid.ID, link Link, orderBy string, query Q,
) ([]E, error) {
	all, err := shared(c, edge, func(parents []P) (map[gid.ID][]E, error) {
		query.Modify(func(s *sql.Selector) {
			column := link.join(s)
			s.Where(oneOf(column, distinct(parents, key)))
			if link.through != "" {
				s.AppendSelectAs(column, parentKey)
			}
			s.OrderBy(s.C(orderBy), s.C("id"))
		})
		rows, err := query.All(ctx)
		if err != nil {
			return nil, err
		}
		return byParent(link, rows)
	})
	if err != nil {
		return nil, err
	}
	if children := all[of]; children != nil {
		return children, nil
	}
	return []E{}, nil
}

func byParent[E Row](link Link, rows []E) (map[gid.ID][]E, error) {
	groups := map[gid.ID][]E{}
	for _, row := range rows {
		parent, err := parentOf(link, row)
		if err != nil {
			return nil, err
		}
		groups[parent] = append(groups[parent], row)
	}
	return groups, nil
}

// First is the first child, or the zero E when there is none.
func First[E any](children []E, err error) (E, error) {
	if err != nil || len(children) == 0 {
		var none E
		return none, err
	}
	return children[0], nil
}

// Last is the last child, or the zero E when there is none.
func Last[E any](children []E, err error) (E, error) {
	if err != nil || len(children) == 0 {
		var none E
		return none, err
	}
	return children[len(children)-1], nil
}
