package hiring_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"github.com/google/go-cmp/cmp"

	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/store"
)

// refusal is one thing that must be refused and leave no trace.
type refusal struct {
	rule string
	want string // "CODE at path, …"
	do   func() error
}

// refused tells a refusal as "CODE at path".
func refused(err error) string {
	var told []string
	for _, e := range fault.All(err) {
		told = append(told, fmt.Sprintf("%s at %s", e.Code, strings.Join(e.Path, ".")))
	}
	if told == nil {
		return fmt.Sprint(err)
	}
	return strings.Join(told, ", ")
}

// refuses runs what must be refused and leave no trace, in any table.
func (d *desk) refuses(t *testing.T, all ...refusal) {
	t.Helper()
	before := d.everything()
	for _, r := range all {
		t.Run(r.rule, func(t *testing.T) {
			defer func(outer testing.TB) { d.t = outer }(d.t)
			d.t = t
			err := r.do()
			if got := refused(err); got != r.want {
				t.Errorf("got %q (%v), want %q", got, err, r.want)
			}
			after := d.everything()
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the database changed: %s", diff)
			}
			before = after
		})
	}
}

func (d *desk) everything() map[string][]string {
	d.t.Helper()
	return everything(d.t, d.Store)
}

// telling are the tables that tell a text, each as often as rows of it do.
func (d *desk) telling(text string) []string {
	d.t.Helper()
	var tables []string
	for table, rows := range d.everything() {
		for _, row := range rows {
			if strings.Contains(row, text) {
				tables = append(tables, table)
			}
		}
	}
	slices.Sort(tables)
	return tables
}

// everything is all rows of all tables that the database has, by table, ids and
// times included.
func everything(t testing.TB, s *store.DB) map[string][]string {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if s.Dialect() == dialect.Postgres {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	found, err := s.SQL().QueryContext(access.System(t.Context()), list)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	tables := []string{}
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := found.Err(); err != nil || len(tables) == 0 {
		t.Fatalf("the tables are %v: %v", tables, err)
	}
	all := map[string][]string{}
	for _, name := range tables {
		all[name] = rowsOf(t, s, "SELECT * FROM "+name)
	}
	return all
}

// rowsOf is what a query finds, a line a row, in the order of the lines.
func rowsOf(t testing.TB, s *store.DB, query string, args ...any) []string {
	t.Helper()
	found, err := s.SQL().QueryContext(access.System(t.Context()), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	lines := []string{}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if text, ok := v.([]byte); ok {
				values[i] = strconv.Quote(string(text))
			}
		}
		lines = append(lines, fmt.Sprint(values))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}
