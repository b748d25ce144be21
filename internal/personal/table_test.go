package personal

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"hireloop/ent/db/migrate"
)

// Whoever adds a column that holds text, a document or an amount decides whether
// it is about a person: in Tables, or in Ours.
func TestEveryColumnIsDecidedOn(t *testing.T) {
	for _, table := range migrate.Tables {
		decided := map[string]bool{}
		personal, listed := Get(table.Name)
		words, ours := Ours[table.Name]
		if listed == ours {
			t.Errorf("%s: in Tables %t, in Ours %t; it must be in one of the two", table.Name, listed, ours)
		}
		for column := range personal.Columns {
			decided[column] = true
		}
		for column := range strings.FieldsSeq(words) {
			decided[column] = true
		}
		for _, column := range table.Columns {
			if telling(column) && !decided[column.Name] {
				t.Errorf("%s.%s: nobody has decided whether it is personal", table.Name, column.Name)
			}
			delete(decided, column.Name)
		}
		for column := range decided {
			t.Errorf("%s has no column %s any more", table.Name, column)
		}
	}
	for _, name := range slices.Concat(names(), slices.Collect(maps.Keys(Ours))) {
		if !slices.ContainsFunc(migrate.Tables, func(t *schema.Table) bool { return t.Name == name }) {
			t.Errorf("there is no table %s any more", name)
		}
	}
}

// telling reports whether a column can hold words or figures about somebody.
func telling(c *schema.Column) bool {
	return !slices.Contains([]field.Type{field.TypeUUID, field.TypeTime, field.TypeEnum, field.TypeBool}, c.Type)
}

func names() []string {
	var out []string
	for _, t := range Tables {
		out = append(out, t.Name)
	}
	return out
}

// A row that refers to a person, or to what belongs to one, belongs to them too:
// a table with such a reference is in Tables, behind the one that it refers to.
func TestWhatRefersToPeopleIsPersonal(t *testing.T) {
	place := map[string]int{}
	for i, name := range names() {
		place[name] = i
	}
	known := map[string]bool{"seats.application_id": true} // filled by somebody: hiring gives it their new id
	for _, table := range migrate.Tables {
		for _, key := range table.ForeignKeys {
			to, personal := place[key.RefTable.Name]
			from, listed := place[table.Name]
			switch column := table.Name + "." + key.Columns[0].Name; {
			case !personal || known[column]:
			case !listed:
				t.Errorf("%s refers to %s: its rows are about a person", column, key.RefTable.Name)
			case from < to:
				t.Errorf("%s comes before %s, to which it refers", column, key.RefTable.Name)
			}
		}
	}
}

// What remains says what it becomes; what goes has nothing to say.
func TestWhatRemainsSaysNothingPersonal(t *testing.T) {
	for _, table := range Tables {
		for name, c := range table.Columns {
			column := table.Name + "." + name
			switch {
			case table.Goes && c.Becomes != "":
				t.Errorf("%s becomes %s, and its row goes", column, c.Becomes)
			case !table.Goes && c.Personal && c.Becomes == "" && column != "demographic_answers.answer":
				t.Errorf("%s is personal and remains as it is", column)
			}
		}
	}
}
