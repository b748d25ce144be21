package relay

import (
	"encoding/json"
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
	column                 string
	through, parent, child string
}

// Column links children by their own foreign key.
func Column(column string) Link { return Link{column: column} }

// Through links children by a table that holds both keys.
func Through(table, parent, child string) Link {
	return Link{through: table, parent: parent, child: child}
}

// join makes the parent's key readable in s and returns its name.
func (l Link) join(s *sql.Selector) string {
	if l.through == "" {
		return s.C(l.column)
	}
	table := sql.Table(l.through)
	s.Join(table).On(s.C("id"), table.C(l.child))
	return table.C(l.parent)
}
