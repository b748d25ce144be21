package relay

import (
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// Sort is one order of a list. Every order ends in the id, so that pages never
// drift; the zero Sort is by id alone, which is by creation.
type Sort struct {
	Term Term
	Desc bool
}

// Term is what a list is ordered by. Its expression must never be NULL: a row
// whose key is NULL would be on no page.
type Term struct {
	// Name is part of the cursor: a cursor of one order is refused by another.
	Name string
	Type KeyType
	// Expr is the key of a row. asOf is the moment of the first page; later
	// pages get the same, so that an age does not move under the reader.
	Expr func(s *sql.Selector, asOf time.Time) sql.Querier

	column string // whose value the key is; "" when it is computed
}

// By orders by a column that is never NULL.
func By(name, column string, t KeyType) Term {
	return Term{Name: name, Type: t, column: column, Expr: func(s *sql.Selector, _ time.Time) sql.Querier {
		return sql.ExprFunc(func(b *sql.Builder) { b.Ident(s.C(column)) })
	}}
}

// KeyType is how a key travels in a cursor.
type KeyType int

const (
	Text   KeyType = iota // compared byte by byte
	Number                // int64
	Time                  // microseconds
)

// key reads a key from the database into what a cursor carries.
func (t KeyType) key(v any) (any, error) {
	switch t {
	case Text:
		switch v := v.(type) {
		case string:
			return v, nil
		case []byte:
			return string(v), nil
		}
	case Number:
		switch v := v.(type) {
		case int64:
			return v, nil
		case int:
			return int64(v), nil
		case float64:
			return int64(v), nil
		}
	case Time:
		switch v := v.(type) {
		case time.Time:
			return v.UnixMicro(), nil
		case string:
			// SQLite gives an expression's time as text, in one of two forms.
			for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00"} {
				if at, err := time.Parse(form, v); err == nil {
					return at.UnixMicro(), nil
				}
			}
		}
	}
	return nil, fmt.Errorf("relay: a key of type %d cannot be read from %T %v", t, v, v)
}

// bound makes a parameter from what a cursor carries; ok is false when the
// cursor's key is of another type.
func (t KeyType) bound(key any) (v any, ok bool) {
	switch t {
	case Text:
		s, ok := key.(string)
		return s, ok
	default:
		n, ok := key.(int64)
		if t == Time {
			return time.UnixMicro(n).UTC(), ok
		}
		return n, ok
	}
}

// sortKey is the name under which a row tells a computed key.
const sortKey = "sort_key"

// keyOf reads a row's key.
func keyOf[E Row](t Term, row E) (any, error) {
	if t.column != "" {
		v, _ := row.Column(t.column)
		return t.Type.key(v)
	}
	v, err := row.Value(sortKey)
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return t.Type.key(v)
}

func (o Sort) direction(reverse bool) string {
	if o.Desc != reverse {
		return " DESC"
	}
	return " ASC"
}

// apply orders s, in reverse when a page is read from its end, and makes a
// computed key readable.
func (o Sort) apply(s *sql.Selector, asOf time.Time, reverse bool) {
	direction := o.direction(reverse)
	s.ClearOrder()
	if o.Term.Expr != nil {
		expr := o.Term.Expr(s, asOf)
		if o.Term.column == "" {
			s.AppendSelectExprAs(expr, sortKey)
		}
		s.OrderExpr(sql.ExprFunc(func(b *sql.Builder) { b.Join(expr).WriteString(direction) }))
	}
	s.OrderExpr(sql.ExprFunc(func(b *sql.Builder) { b.Ident(s.C("id")).WriteString(direction) }))
}

// beyond keeps the rows on one side of a cursor: after it, or before it.
func (o Sort) beyond(s *sql.Selector, c *cursor, before bool) {
	op := " > "
	if o.Desc != before {
		op = " < "
	}
	if o.Term.Expr == nil {
		s.Where(sql.P(func(b *sql.Builder) { b.Ident(s.C("id")).WriteString(op).Arg(c.id) }))
		return
	}
	expr := o.Term.Expr(s, c.asOf)
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString("(").Join(expr).WriteString(", ").Ident(s.C("id")).WriteString(")").
			WriteString(op).
			WriteString("(").Arg(c.key).WriteString(", ").Arg(c.id).WriteString(")")
	}))
}

// Seconds writes whole seconds since 1970 as SQL: of the first of these moments
// that is not NULL, each a column's name or a time.Time.
func Seconds(b *sql.Builder, s *sql.Selector, first ...any) {
	before, after := "CAST(strftime('%s', COALESCE(", ")) AS INTEGER)"
	if b.Dialect() == dialect.Postgres {
		before, after = "FLOOR(EXTRACT(EPOCH FROM COALESCE(", ")))::bigint"
	}
	b.WriteString(before)
	for _, moment := range first {
		if column, ok := moment.(string); ok {
			b.Ident(s.C(column)).Comma()
		} else {
			b.Arg(moment).Comma()
		}
	}
	b.WriteString("NULL" + after)
}
