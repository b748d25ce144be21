package relay

import (
	"encoding/json"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/internal/gid"
)

// IDs restricts column to these ids with one parameter, so that every page size
// is the same prepared statement.
func IDs(column string, ids []gid.ID) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(oneOf(s.C(column), ids)) }
}

func oneOf(column string, ids []gid.ID) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Ident(column)
		if b.Dialect() == dialect.Postgres {
			b.WriteString(" = ANY(").Arg(arrayOf(ids)).WriteString("::uuid[])")
			return
		}
		b.WriteString(" IN (SELECT value FROM json_each(").Arg(jsonOf(ids)).WriteString("))")
	})
}

func arrayOf(ids []gid.ID) string {
	var b strings.Builder
	b.Grow(37*len(ids) + 2)
	b.WriteByte('{')
	for i, one := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(one.UUID())
	}
	b.WriteByte('}')
	return b.String()
}

func jsonOf(ids []gid.ID) string {
	uuids := make([]string, len(ids))
	for i, one := range ids {
		uuids[i] = one.UUID()
	}
	text, _ := json.Marshal(uuids) // strings always marshal
	return string(text)
}

// Link says how children hang on their parent: by a column of their own, or
// through a table between.
type Link struct {
	column string // of the child

	through       string // table between
	parent, child string // its columns
	only          map[string]any
}

// Column links children by their own foreign key.
func Column(column string) Link { return Link{column: column} }

// Through links children by a table that holds the parent's key and the
// child's id.
func Through(table, parent, child string) Link {
	return Link{through: table, parent: parent, child: child}
}

// Only restricts the table between to rows with this value in a column.
func (l Link) Only(column string, value any) Link {
	l.only = map[string]any{column: value}
	return l
}

// parentKey is the name under which a child tells whose it is, where its own
// columns do not.
const parentKey = "cohort_parent"

// parentOf reads whose child a row is.
func parentOf[E Row](l Link, row E) (gid.ID, error) {
	if l.through == "" {
		v, _ := row.Column(l.column)
		parent, ok := v.(gid.ID)
		if !ok {
			return gid.Nil, fmt.Errorf("relay: %s is not a foreign key of %T", l.column, row)
		}
		return parent, nil
	}
	v, err := row.Value(parentKey)
	if err != nil {
		return gid.Nil, fmt.Errorf("relay: %w", err)
	}
	var parent gid.ID
	if err := parent.Scan(v); err != nil {
		return gid.Nil, fmt.Errorf("relay: %w", err)
	}
	return parent, nil
}

// join makes the parent's key usable in s and returns its name.
func (l Link) join(s *sql.Selector) string {
	if l.through == "" {
		return s.C(l.column)
	}
	between := sql.Table(l.through)
	s.Join(between).On(s.C("id"), between.C(l.child))
	for column, value := range l.only {
		s.Where(sql.EQ(between.C(column), value))
	}
	return between.C(l.parent)
}
