package relay

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/internal/gid"
)

// perParent turns s, a query over children, into one that reads the window of
// each parent apart. Whatever s had in WHERE before, the viewer's rules
// included, holds inside.
//
// PostgreSQL joins the parents laterally. SQLite has no LATERAL: there the
// children are joined on an IN over the limited subquery, with CROSS JOIN so
// that the planner keeps the parents outside.
func perParent(s *sql.Selector, link Link, parents []gid.ID, w window, sort Sort) {
	columns, table := s.UnqualifiedColumns(), s.TableName()
	key, parent := link.join(s), "k.value"
	if s.Dialect() == dialect.Postgres {
		parent = "k." + parentKey
	}
	// Before s is cloned: ent loses the operator of a comparison that is alone in
	// the WHERE of what it clones.
	s.Where(sql.P(func(b *sql.Builder) { b.Ident(key).WriteString(" = " + parent) }))
	inner := s.Clone()
	w.apply(inner, sort)

	if s.Dialect() == dialect.Postgres {
		outer := sql.Dialect(s.Dialect()).Select().FromExpr(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("unnest(").Arg(arrayOf(parents)).WriteString("::uuid[]) AS k(" + parentKey + ")")
			b.WriteString(" CROSS JOIN LATERAL (").Join(inner).WriteString(") AS t")
		})).As("t")
		outer.AppendSelect(outer.Columns(columns...)...)
		if link.through != "" {
			outer.AppendSelectExpr(sql.Raw("k." + parentKey))
		}
		direction := sort.direction(w.backward)
		switch {
		case sort.Term.column != "":
			outer.OrderExpr(sql.Raw("t." + sort.Term.column + direction))
		case sort.Term.Expr != nil:
			outer.AppendSelectExpr(sql.Raw("t." + sortKey))
			outer.OrderExpr(sql.Raw("t." + sortKey + direction))
		}
		outer.OrderExpr(sql.Raw("t.id" + direction))
		*s = *outer
		return
	}

	inner.Select(inner.C("id"))
	outer := sql.Dialect(s.Dialect()).Select().FromExpr(sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("json_each(").Arg(jsonOf(parents)).WriteString(") AS k CROSS JOIN ").Ident(table)
		b.WriteString(" ON ").Ident(sql.Table(table).C("id")).WriteString(" IN (").Join(inner).WriteString(")")
	})).As(table)
	outer.AppendSelect(outer.Columns(columns...)...)
	if link.through != "" {
		outer.AppendSelectExpr(sql.Raw("k.value AS " + parentKey))
	}
	sort.apply(outer, w.asOf, w.backward)
	*s = *outer
}
