package relay

import (
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// trigram is how many characters an index over trigrams needs to find anything.
const trigram = 3

// Matches restricts a query to rows whose column contains every word of
// folded, anywhere. Both are folded by the caller in one way (lower case, no
// diacritics) and compared as they are then. Without words all rows match.
//
// PostgreSQL finds words of three characters and more by a trigram index over
// the column. SQLite finds them by the full-text table <table>_<column>, whose
// row ids <table>_<column>_key translates: internal/store makes them.
func Matches(column, folded string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		words := strings.Fields(folded)
		if s.Dialect() == dialect.Postgres {
			for _, w := range words {
				s.Where(like(s.C(column), w))
			}
			return
		}
		var long []string
		for _, w := range words {
			if utf8.RuneCountInString(w) >= trigram {
				long = append(long, `"`+strings.ReplaceAll(w, `"`, `""`)+`"`)
			} else {
				s.Where(holds(s.C(column), w))
			}
		}
		if len(long) > 0 {
			s.Where(indexed(s.C("id"), s.TableName()+"_"+column, strings.Join(long, " AND ")))
		}
	}
}

// Contains restricts a query to rows in which every word of text is in one of
// the columns, anywhere. The case of the letters A to Z does not matter; others
// must be as they are, on both engines. A column that is NULL holds nothing. It
// reads every row: it is for short tables.
func Contains(text string, columns ...string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		for _, word := range strings.Fields(text) {
			in := make([]*sql.Predicate, len(columns))
			for i, c := range columns {
				in[i] = sql.P(func(b *sql.Builder) {
					lower := func(write func()) {
						b.WriteString("lower(")
						write()
						if b.Dialect() == dialect.Postgres {
							b.WriteString(` COLLATE "C"`)
						}
						b.WriteString(")")
					}
					if b.Dialect() == dialect.Postgres {
						b.WriteString("strpos(")
					} else {
						b.WriteString("instr(")
					}
					lower(func() { b.Ident(s.C(c)) })
					b.WriteString(", ")
					lower(func() { b.Arg(word) })
					b.WriteString(") > 0")
				})
			}
			s.Where(sql.Or(in...))
		}
	}
}

func like(column, word string) *sql.Predicate {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
	return sql.P(func(b *sql.Builder) { b.Ident(column).WriteString(" LIKE ").Arg(pattern) })
}

// holds is like without patterns; SQLite's LIKE also takes A for a.
func holds(column, word string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString("instr(").Ident(column).WriteString(", ").Arg(word).WriteString(") > 0")
	})
}

func indexed(id, index, query string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Ident(id).WriteString(" IN (SELECT id FROM ").Ident(index + "_key")
		b.WriteString(" WHERE key IN (SELECT rowid FROM ").Ident(index)
		b.WriteString(" WHERE ").Ident(index).WriteString(" MATCH ").Arg(query).WriteString("))")
	})
}
