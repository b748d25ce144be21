// Package personal owns the page that says what the database holds about a
// candidate, table by table and column by column, and what an erasure leaves of it.
// Erasing, exporting and their tests all go by this page.
//
// It does not own doing any of it (hiring), nor who may (internal/access).
package personal

import "slices"

// Table is rows that belong to a person.
type Table struct {
	Name string
	// Of is the table whose rows these belong to, and By the column that says to
	// which. Of is "" for the candidates themselves, and Anything when the column
	// may name a row of any of these tables.
	Of, By string
	// Goes is set when erasure leaves nothing of the rows. Others remain under new
	// ids, as facts about nobody, with the columns as they are said to become.
	Goes    bool
	Columns map[string]Column
}

// Anything is the Of of rows that may belong to a row of any table.
const Anything = "*"

// Column is what of a person a column may hold, and what becomes of it.
type Column struct {
	// Personal is set when its values are about the person or in anybody's words.
	Personal bool
	// Becomes is SQL for what erasure leaves in rows that remain; "" leaves it as it
	// is. SQLite says it otherwise where OnSQLite is not "".
	Becomes, OnSQLite string
}

// becoming is a personal column in the place of which sql remains.
func becoming(sql string) Column { return Column{Personal: true, Becomes: sql} }

var (
	// fact names nobody, and is the same for everybody of whom it is true: a key of
	// a rubric, an amount of time.
	fact = Column{}
	// gone is a personal column of rows of which nothing is left.
	gone = Column{Personal: true}

	null      = becoming("NULL")
	empty     = becoming("''")
	emptyList = becoming("'[]'")
)

// Personal are the names of the personal columns, in alphabetical order.
func (t Table) Personal() []string {
	var names []string
	for name, c := range t.Columns {
		if c.Personal {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Get is the table of this name; ok is false for one that holds nothing of people.
func Get(name string) (t Table, ok bool) {
	n := slices.IndexFunc(Tables, func(t Table) bool { return t.Name == name })
	if n < 0 {
		return Table{}, false
	}
	return Tables[n], true
}
