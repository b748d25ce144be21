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
