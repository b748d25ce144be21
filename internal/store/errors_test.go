package store_test

import (
	"errors"
	"slices"
	"testing"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func TestErrorsAreToldApartByCode(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		must(t, exec(db, `CREATE TABLE parent (id int PRIMARY KEY, a text, b text, CONSTRAINT parent_a_b UNIQUE (a, b))`))
		must(t, exec(db, `CREATE UNIQUE INDEX parent_lower ON parent (lower(a)) WHERE b IS NULL`))
		must(t, exec(db, `CREATE TABLE child (parent_id int NOT NULL REFERENCES parent (id), n int CHECK (n > 0))`))
		must(t, exec(db, `INSERT INTO parent VALUES (1, 'a', 'b'), (2, 'c', NULL)`))
		must(t, exec(db, `INSERT INTO child VALUES (1, 1)`))
		type unique struct {
			constraint string   // as PostgreSQL names it
			columns    []string // as SQLite names them
		}
		for name, c := range map[string]struct {
			query   string
			unique  *unique
			foreign bool
		}{
			"a second row of the unique columns": {query: `INSERT INTO parent VALUES (3, 'a', 'b')`,
				unique: &unique{"parent_a_b", []string{"a", "b"}}},
			"a second row of the primary key": {query: `INSERT INTO parent VALUES (1, 'x', 'y')`,
				unique: &unique{"parent_pkey", []string{"id"}}},
			"a second row of an expression": {query: `INSERT INTO parent VALUES (3, 'C', NULL)`, unique: &unique{"parent_lower", nil}},
			"a reference to nothing":        {query: `INSERT INTO child VALUES (9, 1)`, foreign: true},
			"the removal of a parent":       {query: `DELETE FROM parent WHERE id = 1`, foreign: true},
			"a failed check":                {query: `INSERT INTO child VALUES (1, 0)`},
			"an absent value":               {query: `INSERT INTO child VALUES (NULL, 1)`},
			"broken SQL":                    {query: `INSERT INTO nowhere VALUES (1)`},
		} {
			t.Run(name, func(t *testing.T) {
				err := exec(db, c.query)
				if err == nil {
					t.Fatal("no error")
				}
				err = errors.Join(errors.New("wrapped"), err)
				constraint, columns, ok := store.IsUniqueViolation(err)
				if ok != (c.unique != nil) {
					t.Errorf("IsUniqueViolation(%v) = %t", err, ok)
				}
				if c.unique != nil && db.Dialect() == "postgres" && constraint != c.unique.constraint {
					t.Errorf("constraint = %q, want %q", constraint, c.unique.constraint)
				}
				if c.unique != nil && db.Dialect() != "postgres" {
					if !slices.Equal(columns, c.unique.columns) || c.unique.columns == nil && constraint != c.unique.constraint {
						t.Errorf("constraint = %q, columns = %q, want %+v", constraint, columns, *c.unique)
					}
				}
				if got := store.IsForeignKeyViolation(err); got != c.foreign {
					t.Errorf("IsForeignKeyViolation(%v) = %t", err, got)
				}
				if store.IsRetryable(err) {
					t.Errorf("%v is not to be tried again", err)
				}
			})
		}
		if store.IsForeignKeyViolation(nil) || store.IsRetryable(nil) {
			t.Error("nil is no violation")
		}
	})
}
