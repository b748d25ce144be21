package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"hireloop/ent/db/migrate"
	"hireloop/graph/exec"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Whatever values are sent, no answer says INTERNAL. Each property below runs a
// while on both engines with the other tests, and as long as one likes on SQLite:
//
//	go test ./server -run '^$' -fuzz FuzzIDs -fuzztime 10m

func TestNoIDsBreakIt(t *testing.T)     { onBoth(t, sendIDs) }
func TestNoCursorsBreakIt(t *testing.T) { onBoth(t, sendCursors) }
func TestNoFiltersBreakIt(t *testing.T) { onBoth(t, sendFilters) }
func TestNoInputsBreakIt(t *testing.T)  { onBoth(t, sendInputs) }

func FuzzIDs(f *testing.F)     { fuzz(f, sendIDs) }
func FuzzCursors(f *testing.F) { fuzz(f, sendCursors) }
func FuzzFilters(f *testing.F) { fuzz(f, sendFilters) }
func FuzzInputs(f *testing.F)  { fuzz(f, sendInputs) }

func onBoth(t *testing.T, send func(*rapid.T, *fuzzed)) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			to := newFuzzed(t, engine.Open(t, attacked, store.Options{}))
			rapid.Check(t, func(r *rapid.T) { send(r, to) })
			t.Logf("answers by code of the first error: %v", to.answers)
			if testing.Short() {
				return // too few to expect one that is valid
			}
			if to.answers[""] == 0 || to.answers["QUERY_TOO_COMPLEX"]+to.answers["GRAPHQL_VALIDATION_FAILED"] > to.answers[""] {
				t.Errorf("what is refused by its shape says nothing: %v", to.answers)
			}
		})
	}
}

func fuzz(f *testing.F, send func(*rapid.T, *fuzzed)) {
	to := newFuzzed(f, testdb.Engines()[0].Open(f, attacked, store.Options{}))
	for i := range 20 { // each value that is drawn takes some of the bytes
		seed := make([]byte, 4<<10)
		_, _ = rand.NewChaCha8([32]byte{byte(i)}).Read(seed) // never fails
		f.Add(seed)
	}
	f.Fuzz(rapid.MakeFuzz(func(r *rapid.T) { send(r, to) }))
}

// fuzzed is a server and what is known of it.
type fuzzed struct {
	t       testing.TB
	h       http.Handler
	tokens  map[string]string
	roles   []string
	schema  *ast.Schema
	ids     []string
	cursors []string
	answers map[string]int
}

func newFuzzed(t testing.TB, d *store.DB) *fuzzed {
	t.Helper()
	f := &fuzzed{t: t, answers: map[string]int{}, schema: exec.NewExecutableSchema(exec.Config{}).Schema()}
	f.h, f.tokens = served(t, d, gates{}, false)
	for role := range f.tokens {
		f.roles = append(f.roles, role)
	}
	slices.Sort(f.roles)
	for _, table := range migrate.Tables {
		if len(table.PrimaryKey) != 1 || table.PrimaryKey[0].Name != "id" {
			continue
		}
		found, err := d.SQL().QueryContext(access.System(t.Context()), "SELECT id FROM "+table.Name+" ORDER BY id LIMIT 3") //nolint:gosec // a table of ours
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			var id gid.ID
			if found.Scan(&id) == nil {
				f.ids = append(f.ids, id.String())
			}
		}
		if err := found.Close(); err != nil {
			t.Fatal(err)
		}
	}
	w := f.post(f.tokens["RECRUITER"], "{ openings(first: 3) { edges { cursor } } applications(first: 3) { edges { cursor } } }", nil)
	f.cursors = strings.Split(w.Body.String(), `"`)
	f.cursors = slices.DeleteFunc(f.cursors, func(text string) bool { return len(text) < 30 })
	if len(f.ids) < 30 || len(f.cursors) < 6 {
		t.Fatalf("%d ids and %d cursors are too few: %s", len(f.ids), len(f.cursors), w.Body)
	}
	return f
}

func (f *fuzzed) post(token, query string, variables map[string]any) *httptest.ResponseRecorder {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		f.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	f.h.ServeHTTP(w, blow{body: string(body)}.request(token))
	return w
}

// ask sends an operation as somebody, and fails unless it is answered well.
func (f *fuzzed) ask(t *rapid.T, query string, variables map[string]any) {
	role := rapid.SampledFrom(f.roles).Draw(t, "role")
	w := f.post(f.tokens[role], query, variables)
	var a struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code >= 500 {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	if len(a.Errors) == 0 {
		f.answers[""]++
	} else {
		f.answers[a.Errors[0].Extensions.Code]++
	}
	for _, e := range a.Errors {
		if slices.Contains([]string{"INTERNAL", "TIMEOUT", "UNAVAILABLE", ""}, e.Extensions.Code) {
			t.Fatalf("%s\n%s\n%v", e.Message, query, variables)
		}
	}
}

// sendIDs asks every root field that looks one thing up.
func sendIDs(t *rapid.T, f *fuzzed) {
	var fields []string
	for _, field := range f.schema.Query.Fields {
		if len(field.Arguments) == 1 && field.Arguments[0].Type.String() == "ID!" {
			fields = append(fields, fmt.Sprintf("%s(%s: $id) { __typename }", field.Name, field.Arguments[0].Name))
		}
	}
	id := f.id(t)
	f.ask(t, "query($id: ID!) { "+strings.Join(fields, " ")+" nodes(ids: [$id, $id]) { id } }", map[string]any{"id": id})
}

// sendCursors asks for pages, at the root and below other pages.
func sendCursors(t *rapid.T, f *fuzzed) {
	of := rapid.SampledFrom([]string{
		"openings(%s) { %s }", "applications(%s) { %s }", "candidates(%s) { %s }", "members(%s) { %s }", "agingApplications(%s) { %s }",
		"openings(first: 2) { nodes { applications(%s) { %s } } }",
	}).Draw(t, "list")
	variables := map[string]any{}
	for _, name := range []string{"after", "before"} {
		if rapid.Bool().Draw(t, name+" is given") {
			variables[name] = f.mutated(t, f.cursors)
		}
	}
	for _, name := range []string{"first", "last"} {
		if rapid.Bool().Draw(t, name+" is given") {
			variables[name] = rapid.Int32().Draw(t, name)
		}
	}
	f.ask(t, "query($after: String, $before: String, $first: Int, $last: Int) { "+
		fmt.Sprintf(of, "after: $after, before: $before, first: $first, last: $last", "totalCount pageInfo { endCursor } nodes { __typename }")+" }", variables)
}

func sendFilters(t *rapid.T, f *fuzzed) { f.call(t, "query", f.schema.Query) }
func sendInputs(t *rapid.T, f *fuzzed)  { f.call(t, "mutation", f.schema.Mutation) }

// call asks one root field with arguments of any values.
func (f *fuzzed) call(t *rapid.T, operation string, root *ast.Definition) {
	var fields []*ast.FieldDefinition
	for _, field := range root.Fields {
		if len(field.Arguments) > 0 && !strings.HasPrefix(field.Name, "__") {
			fields = append(fields, field)
		}
	}
	field := rapid.SampledFrom(fields).Draw(t, "field")
	variables := map[string]any{}
	var declared, passed []string
	for _, a := range field.Arguments {
		if !a.Type.NonNull && !rapid.Bool().Draw(t, a.Name+" is given") {
			continue
		}
		declared = append(declared, "$"+a.Name+": "+a.Type.String())
		passed = append(passed, a.Name+": $"+a.Name)
		variables[a.Name] = f.value(t, a.Type, a.Name, 0)
	}
	query := operation
	if len(declared) > 0 {
		query += "(" + strings.Join(declared, ", ") + ")"
	}
	query += " { " + field.Name
	if len(passed) > 0 {
		query += "(" + strings.Join(passed, ", ") + ")"
	}
	f.ask(t, query+" { "+f.selected(field.Type, 0)+" } }", variables)
}

// selected is what is asked for of a type: all that takes no argument, three deep.
func (f *fuzzed) selected(of *ast.Type, depth int) string {
	out := []string{"__typename"}
	for _, field := range f.schema.Types[of.Name()].Fields {
		if strings.HasPrefix(field.Name, "__") || len(field.Arguments) > 0 {
			continue
		}
		switch {
		case f.schema.Types[field.Type.Name()].IsLeafType():
			out = append(out, field.Name)
		case depth < 2:
			out = append(out, field.Name+" { "+f.selected(field.Type, depth+1)+" }")
		}
	}
	return strings.Join(out, " ")
}

// value is of type t, mostly.
func (f *fuzzed) value(t *rapid.T, of *ast.Type, name string, depth int) any {
	if !of.NonNull && rapid.IntRange(0, 9).Draw(t, name+" is null") == 0 {
		return nil
	}
	if of.Elem != nil {
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "how many "+name))
		for i := range list {
			list[i] = f.value(t, of.Elem, name, depth+1)
		}
		return list
	}
	def := f.schema.Types[of.NamedType]
	switch def.Kind {
	case ast.Enum:
		return rapid.SampledFrom(def.EnumValues).Draw(t, name).Name
	case ast.InputObject:
		object := map[string]any{}
		for _, field := range def.Fields {
			if field.Type.NonNull && field.DefaultValue == nil || depth < 4 && rapid.IntRange(0, 2).Draw(t, field.Name+" is given") == 0 {
				object[field.Name] = f.value(t, field.Type, field.Name, depth+1)
			}
		}
		return object
	}
	switch def.Name {
	case "ID":
		return f.id(t)
	case "Int", "MinorUnits":
		return rapid.OneOf(rapid.IntRange(-1, 12), rapid.IntRange(-1<<31, 1<<31-1)).Draw(t, name)
	case "Float":
		return rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(-1e300, 1e300)).Draw(t, name)
	case "Boolean":
		return rapid.Bool().Draw(t, name)
	case "Date":
		return rapid.SampledFrom([]string{"2026-01-01", "2025-02-28", "2026-10-25", "0001-01-01", "9999-12-31", "0000-00-00", "2026-13-01", "10000-01-01", "-001-01-01", ""}).Draw(t, name)
	case "DateTime":
		return rapid.SampledFrom([]string{
			"2026-01-01T00:00:00Z", "2026-03-29T02:30:00+01:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
			"0000-01-01T00:00:00+23:59", "2026-06-30T23:59:60Z", "2026-01-01T00:00:00-24:00", "2026-01-01", "",
		}).Draw(t, name)
	}
	return rapid.OneOf(
		rapid.StringN(0, 40, 160),
		rapid.SampledFrom([]string{"", " ", "EUR", "Europe/Berlin", "em", "a@b.c", "1.0.0", "x\x00", "\ufffd", "%_\\", "' OR 1=1 --", "\u202e", "𝕏", strings.Repeat("x", 10_001)}),
	).Draw(t, name)
}

// id is a known one, one like it, or anything.
func (f *fuzzed) id(t *rapid.T) string { return f.mutated(t, f.ids) }

func (f *fuzzed) mutated(t *rapid.T, known []string) string {
	text := rapid.SampledFrom(known).Draw(t, "known")
	switch rapid.IntRange(0, 5).Draw(t, "change") {
	case 0:
		return rapid.String().Draw(t, "anything")
	case 1:
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		return text[:at] + rapid.SampledFrom([]string{"", "0", "z", "_", "=", "A", "\x00", "é"}).Draw(t, "with") + text[at+1:]
	case 2:
		other := rapid.SampledFrom(known).Draw(t, "other")
		return text[:len(text)/2] + other[len(other)/2:]
	}
	return text
}
