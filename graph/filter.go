package graph

import (
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"hireloop/graph/model"
	"hireloop/internal/fault"
)

// during keeps the rows whose column lies in a range; a NULL lies in none.
func during(problems *fault.List, path, column string, r *model.DateTimeRange) func(*sql.Selector) {
	if r != nil && r.Gte != nil && r.Lt != nil && !r.Gte.Before(*r.Lt) {
		problems.Add(fault.Invalidf("filterBy."+path, "is empty: gte must be before lt"))
	}
	return func(s *sql.Selector) {
		if r != nil && r.Gte != nil {
			s.Where(sql.GTE(s.C(column), *r.Gte))
		}
		if r != nil && r.Lt != nil {
			s.Where(sql.LT(s.C(column), *r.Lt))
		}
	}
}

const (
	longestQuery = 200
	longestList  = 100
)

func shortEnough(problems *fault.List, query string) {
	if utf8.RuneCountInString(query) > longestQuery {
		problems.Add(fault.Invalidf("filterBy.query", "is longer than %d characters", longestQuery))
	}
}

// holdsAny keeps the rows whose column, a JSON array, has any of the values; of
// no values it has none.
func holdsAny[T ~string](problems *fault.List, path, column string, values []T) func(*sql.Selector) {
	if len(values) > longestList {
		problems.Add(fault.Invalidf("filterBy."+path, "must be at most %d", longestList))
		values = nil
	}
	return func(s *sql.Selector) {
		any := []*sql.Predicate{sql.False()}
		for _, v := range values {
			any = append(any, sqljson.ValueContains(s.C(column), string(v)))
		}
		s.Where(sql.Or(any...))
	}
}
