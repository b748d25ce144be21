package access

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/intercept"
)

// Guard makes every query of a client obey the table of rules: rows that the
// viewer may not see are not there, whichever way they are asked for. Attach it
// with client.Intercept.
//
// It sees what ent builds: All, Get, Count, Exist, traversals, aggregates and
// scans. It does not see predicates on neighbours (HasXWith), joins in Modify
// or SQL written by hand: such places read only columns that whoever sees the
// row may see, or run as System and say why.
func Guard() db.Interceptor {
	return intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		if IsSystem(ctx) {
			return nil
		}
		if visible := reading(asker(ctx), q.Type()); visible != nil {
			q.WhereP(visible.where)
		}
		return nil
	})
}

// Visible restricts a query that is written by hand, such as a subquery, to the
// rows of the entity that the viewer may see.
func Visible(ctx context.Context, entity string) func(*sql.Selector) {
	if IsSystem(ctx) {
		return func(*sql.Selector) {}
	}
	visible := reading(asker(ctx), entity)
	return func(s *sql.Selector) {
		if visible != nil {
			visible.where(s)
		}
	}
}

// asker is who asks in ctx, of whom rules may ask there what they are kept from.
func asker(ctx context.Context) *Viewer {
	v := ViewerOf(ctx)
	if v == nil {
		return nil
	}
	here := *v
	here.asking = ctx
	return &here
}

// reading is what restricts a viewer's reading of one entity; nil is nothing.
func reading(v *Viewer, entity string) *condition {
	if v == nil {
		return never
	}
	rule, listed := table[entity]
	if !listed {
		return never // closed by default
	}
	return rule(v)
}

// condition is SQL over the row's own columns. "{column}" stands for a column
// of the row that is read, "[set]" for a set of ids that depends on the member
// who asks, "[set {column}]" for one that depends on a row, "?" for an argument.
// A "[set]" takes the member as its argument.
type condition struct {
	text string
	args []any
	made *composed // nil when it is of one piece; the guard takes the text either way
}

// composed is how a condition is made of others: "AND", "OR" or "EXISTS".
type composed struct {
	how               string
	parts             []*condition
	from, alias, link string // of "EXISTS"
}

var never = &condition{text: "1 = 0"}

func where(text string, args ...any) *condition { return &condition{text: text, args: args} }

// anyOf holds when one of the conditions does; no conditions never do, and one
// that restricts nothing makes all of them restrict nothing.
func anyOf(conditions ...*condition) *condition {
	var texts []string
	var args []any
	var parts []*condition
	for _, c := range conditions {
		if c == nil {
			return nil
		}
		if c == never {
			continue
		}
		texts = append(texts, "("+c.text+")")
		args = append(args, c.args...)
		parts = append(parts, c)
	}
	if len(texts) == 0 {
		return never
	}
	return &condition{strings.Join(texts, " OR "), args, &composed{how: "OR", parts: parts}}
}

// and holds when both do.
func (c *condition) and(other *condition) *condition {
	if c == never || other == never {
		return never
	}
	if c == nil || other == nil {
		return cmp.Or(c, other)
	}
	return &condition{
		"(" + c.text + ") AND (" + other.text + ")", append(append([]any{}, c.args...), other.args...),
		&composed{how: "AND", parts: []*condition{c, other}},
	}
}

// of applies a condition over a related row: EXISTS (SELECT 1 FROM from WHERE
// link AND condition), the condition's columns being those of alias.
func (c *condition) of(from, alias, link string) *condition {
	if c == nil || c == never {
		return c
	}
	inner := strings.NewReplacer("{", alias+".", "}", "").Replace(c.text)
	return &condition{
		"EXISTS (SELECT 1 FROM " + from + " WHERE " + link + " AND (" + inner + "))", c.args,
		&composed{how: "EXISTS", parts: []*condition{c}, from: from, alias: alias, link: link},
	}
}

// where adds the condition to a query.
func (c *condition) where(s *sql.Selector) {
	text := placeholder.ReplaceAllStringFunc(c.text, func(column string) string {
		return s.C(column[1 : len(column)-1])
	})
	s.Where(sql.P(func(b *sql.Builder) {
		args, at := c.args, 0
		argument := func() any {
			first := args[0]
			args = args[1:]
			return first
		}
		b.WriteByte('(')
		for _, m := range mark.FindAllStringSubmatchIndex(text, -1) {
			b.WriteString(text[at:m[0]])
			at = m[1]
			switch name := group(text, m, 1); {
			case name == "":
				b.Arg(argument())
			case group(text, m, 2) != "":
				ask(b, name, func() { b.WriteString(group(text, m, 2)) })
			default:
				member := argument()
				ask(b, name, func() { b.Arg(member) })
			}
		}
		b.WriteString(text[at:])
		b.WriteByte(')')
	}))
}

// ask writes the query for a set; of writes what it depends on. Behind row-level
// security the rules themselves must see every row, so there it is a function.
func ask(b *sql.Builder, set string, of func()) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("SELECT hireloop_" + set + "(")
		of()
		b.WriteByte(')')
		return
	}
	for i, part := range strings.Split(queryFor(set), "?") {
		if i > 0 {
			of()
		}
		b.WriteString(part)
	}
}

var (
	placeholder = regexp.MustCompile(`\{[a-z_]+\}`)
	mark        = regexp.MustCompile(`\?|\[(\w+)(?: ([^\]]+))?\]`)
)

// group is a part of a match, "" when it has none.
func group(text string, match []int, i int) string {
	if match[2*i] < 0 {
		return ""
	}
	return text[match[2*i]:match[2*i+1]]
}
