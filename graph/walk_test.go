package graph_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"hireloop/ent/db/migrate"
	"hireloop/graph/exec"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// walk writes queries that ask for every field of the contract, about the things
// around one application. A field that somebody adds is asked for without a
// change here; an argument that it cannot make up fails the test.
type walk struct {
	t      *testing.T
	schema *ast.Schema
	ids    map[string][]gid.ID // around the application, by noun
	words  []string            // to search for
	asked  map[string]bool     // Type.field
}

func newWalk(t *testing.T, d *store.DB, application gid.ID, words ...string) *walk {
	w := &walk{
		t: t, schema: exec.NewExecutableSchema(exec.Config{}).Schema(), words: words,
		ids: map[string][]gid.ID{}, asked: map[string]bool{},
	}
	for _, id := range around(t, d, application) {
		noun := id.Kind().Noun()
		w.ids[noun] = append(w.ids[noun], id)
	}
	for _, table := range migrate.Tables { // of what is not around it, any
		if noun := singular(table.Name); w.ids[noun] == nil && w.typeOf(noun) != "" {
			for _, id := range idsIn(t, d, table.Name) {
				if w.ids[noun] = append(w.ids[noun], id); len(w.ids[noun]) == 2 {
					break
				}
			}
		}
	}
	return w
}

// around is an application, what it refers to, and all rows of all tables that
// refer to it, directly or by others.
func around(t *testing.T, d *store.DB, application gid.ID) []gid.ID {
	t.Helper()
	found := map[gid.ID]bool{application: true}
	read := func(query string, id gid.ID) (ids []gid.ID) {
		rows, err := d.SQL().QueryContext(access.System(t.Context()), query, id)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var one gid.ID
			if rows.Scan(&one) == nil && !one.IsNil() {
				ids = append(ids, one)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	var all []gid.ID
	for next := []gid.ID{application}; len(next) > 0; next = next[1:] {
		all = append(all, next[0])
		for _, table := range migrate.Tables {
			if len(table.PrimaryKey) != 1 || table.PrimaryKey[0].Name != "id" {
				continue // it only links others
			}
			for _, key := range table.ForeignKeys {
				if key.RefTable.Name != tableOf(next[0]) {
					continue
				}
				for _, id := range read("SELECT id FROM "+table.Name+" WHERE "+key.Columns[0].Name+" = $1 ORDER BY id", next[0]) {
					if !found[id] && tableOf(id) == table.Name {
						found[id] = true
						next = append(next, id)
					}
				}
			}
		}
	}
	for _, table := range migrate.Tables {
		if table.Name != "applications" {
			continue
		}
		for _, key := range table.ForeignKeys {
			all = append(all, read("SELECT "+key.Columns[0].Name+" FROM applications WHERE id = $1", application)...)
		}
	}
	return all
}

// tableOf is the table that holds the thing with this id.
func tableOf(id gid.ID) string {
	for _, table := range migrate.Tables {
		if singular(table.Name) == id.Kind().Noun() {
			return table.Name
		}
	}
	return ""
}

func singular(plural string) string {
	switch {
	case strings.HasSuffix(plural, "ies"):
		return strings.TrimSuffix(plural, "ies") + "y"
	case strings.HasSuffix(plural, "s"):
		return strings.TrimSuffix(plural, "s")
	}
	return plural
}

// queries are the documents: one for each kind of thing, and one for each root
// field.
func (w *walk) queries() []string {
	var documents []string
	for _, noun := range sortedKeys(w.ids) {
		name := w.typeOf(noun)
		if name == "" {
			continue // not in the contract
		}
		fields := w.fields(w.schema.Types[name], 1)
		for ids := range slices.Chunk(w.ids[noun], 100) {
			documents = append(documents, fmt.Sprintf("{ nodes(ids: [%s]) { __typename ... on %s { %s } } }", quoted(ids), name, fields))
		}
	}
	for _, field := range w.schema.Query.Fields {
		if !strings.HasPrefix(field.Name, "__") {
			// Each call by itself: one that is refused leaves nothing of the others.
			for _, call := range w.calls(w.schema.Query, field, 1) {
				documents = append(documents, "{ "+call+" }")
			}
		}
	}
	return documents
}

func (w *walk) typeOf(noun string) string {
	for name, def := range w.schema.Types {
		if def.Kind == ast.Object && slices.Contains(def.Interfaces, "Node") && snake(name) == noun {
			return name
		}
	}
	return ""
}

// fields selects all fields of a type; of the things that it leads to, all
// fields again as far as depth reaches. Values without an id are part of what
// they are in, and cost no depth.
func (w *walk) fields(def *ast.Definition, depth int) string {
	if def.IsAbstractType() {
		return "__typename"
	}
	var all []string
	for _, field := range def.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		target := w.schema.Types[field.Type.Name()]
		thing := slices.Contains(target.Interfaces, "Node") || target.Name == "Node"
		if target.IsCompositeType() && depth == 0 && (thing || strings.HasSuffix(target.Name, "Connection")) {
			continue
		}
		if thing {
			all = append(all, w.field(def, field, depth-1))
		} else {
			all = append(all, w.field(def, field, depth))
		}
	}
	if len(all) == 0 {
		return "__typename"
	}
	return strings.Join(all, " ")
}

// field selects one field, and again under other names with each value of each
// optional argument: filters and orders must tell nothing either.
func (w *walk) field(of *ast.Definition, field *ast.FieldDefinition, depth int) string {
	return strings.Join(w.calls(of, field, depth), " ")
}

// calls are the selections of one field: see field.
func (w *walk) calls(of *ast.Definition, field *ast.FieldDefinition, depth int) []string {
	w.asked[of.Name+"."+field.Name] = true
	target := w.schema.Types[field.Type.Name()]
	inner, short := "", ""
	if target.IsCompositeType() {
		inner, short = " { "+w.fields(target, depth)+" }", " { __typename }"
		if strings.HasSuffix(target.Name, "Connection") {
			short = " { totalCount nodes { id } }"
		} else if of == w.schema.Query && !testing.Short() {
			short = inner // a report: its figures are what could tell
		}
	}
	var required, all []string
	for _, arg := range field.Arguments {
		if arg.Type.NonNull && arg.DefaultValue == nil {
			required = append(required, arg.Name+": "+w.values(of.Name+"."+field.Name, arg.Name, arg.Type, 0)[0])
		}
	}
	call := func(extra ...string) string {
		if args := append(slices.Clone(required), extra...); len(args) > 0 {
			return field.Name + "(" + strings.Join(args, ", ") + ")"
		}
		return field.Name
	}
	all = append(all, call()+inner)
	for _, arg := range field.Arguments {
		if arg.Type.NonNull || slices.Contains([]string{"after", "before", "last"}, arg.Name) {
			continue
		}
		for i, value := range w.values(of.Name+"."+field.Name, arg.Name, arg.Type, 0) {
			all = append(all, fmt.Sprintf("%s_%s_%d: %s%s", field.Name, arg.Name, i, call(arg.Name+": "+value), short))
		}
	}
	return all
}

// values makes up arguments.
func (w *walk) values(where, name string, t *ast.Type, depth int) []string {
	if t.Elem != nil {
		var lists []string
		for _, v := range w.values(where, name, t.Elem, depth) {
			lists = append(lists, "["+v+"]")
		}
		return lists
	}
	def := w.schema.Types[t.Name()]
	switch {
	case def.Kind == ast.Enum:
		var all []string
		for _, v := range def.EnumValues {
			all = append(all, v.Name)
		}
		return all
	case def.Kind == ast.InputObject:
		return w.inputs(where, def, depth+1)
	}
	switch t.Name() {
	case "ID":
		return w.idsFor(where, name)
	case "String":
		return w.texts(name)
	case "Boolean":
		return []string{"true", "false"}
	case "Int":
		if name == "first" {
			return []string{"3"}
		}
		return []string{"1", "2", "0", "3"}
	case "Float":
		return []string{"2.75"}
	case "DateTime":
		return []string{`"2026-06-30T11:00:00Z"`}
	case "Date":
		switch name { // quarters, as some want
		case "from":
			return []string{`"2025-07-01"`}
		case "to":
			return []string{`"2026-04-01"`}
		}
		return []string{`"2026-09-01"`}
	case "MinorUnits":
		return []string{"9000000"}
	}
	w.t.Fatalf("%s: the walk cannot make up the argument %s of type %s", where, name, t)
	return nil
}

// inputs are input objects: what is required, and beside it each value of each
// optional field.
func (w *walk) inputs(where string, def *ast.Definition, depth int) []string {
	if depth > 4 {
		return []string{"{}"}
	}
	bases, optional := []string{""}, []string{}
	for _, field := range def.Fields {
		values := w.values(where, field.Name, field.Type, depth)
		switch named := func(v string) string { return field.Name + ": " + v + " " }; {
		case !field.Type.NonNull || field.DefaultValue != nil:
			for _, v := range values {
				optional = append(optional, named(v))
			}
		case field.Type.Name() == "ID" || strings.HasPrefix(field.Name, "expected") || strings.HasSuffix(def.Name, "Order"):
			// Which thing, and what one knows of it, go with one another; and every order, both ways.
			var crossed []string
			for _, b := range bases {
				for _, v := range values {
					crossed = append(crossed, b+named(v))
				}
			}
			bases = crossed
		default:
			for i := range bases {
				bases[i] += named(values[i%len(values)])
			}
		}
	}
	var all []string
	for _, b := range bases {
		all = append(all, "{"+b+"}")
	}
	for i, o := range optional {
		all = append(all, "{"+bases[i%len(bases)]+o+"}")
	}
	return all
}

// idsFor are the ids that an argument of this name can take: toStageId and
// stageIds take stages.
func (w *walk) idsFor(where, name string) []string {
	noun := strings.TrimSuffix(strings.TrimSuffix(snake(name), "_ids"), "_id")
	if where == "Query.rubricDiff" { // which calls both editions by what they are to it
		noun = "rubric_version"
	}
	switch noun {
	case "recruiter", "hiring_team_member":
		noun = "member"
	case "survivor", "absorbed":
		noun = "candidate"
	}
	var found []gid.ID
	for have, ids := range w.ids {
		if noun == have || strings.HasSuffix(noun, "_"+have) || strings.HasSuffix(have, "_"+noun) {
			found = append(found, ids...)
		}
	}
	if found == nil {
		if noun == "id" || noun == "ids" {
			noun = snake(strings.TrimPrefix(where, "Query."))
			found = w.ids[noun]
		}
		if found == nil {
			for _, ids := range w.ids {
				found = append(found, ids[0])
			}
		}
	}
	slices.SortFunc(found, func(a, b gid.ID) int { return strings.Compare(a.String(), b.String()) })
	var each []string
	for _, id := range slices.Compact(found) {
		each = append(each, quoted([]gid.ID{id}))
	}
	return each
}

func quoted(ids []gid.ID) string {
	var each []string
	for _, id := range ids {
		each = append(each, strconv.Quote(id.String()))
	}
	return strings.Join(each, ", ")
}

func (w *walk) texts(name string) []string {
	switch name {
	case "semver":
		return []string{`"9.0.0"`}
	case "currency":
		return []string{`"EUR"`}
	case "signal", "focusSignals", "resolvedSignals":
		return []string{`"coaching_growth"`, `"epd_collaboration"`}
	case "redFlag":
		return []string{`"takes_credit"`}
	}
	texts := []string{`"said at some length, so that it is long enough for everything"`}
	for _, word := range w.words {
		texts = append(texts, strconv.Quote(word))
	}
	return texts
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
