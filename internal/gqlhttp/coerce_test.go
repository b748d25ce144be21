package gqlhttp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

const coercionQuery = `query(
  $int: Int, $float: Float, $string: String, $id: ID, $boolean: Boolean, $status: Status, $date: Date,
  $ints: [Int], $strict: [String!], $matrix: [[Int]], $filter: Filter, $by: ThingBy, $sized: Int! = 3
) { hello }`

// mustParse parses without validating: coercion does not mind unused variables.
func mustParse(t testing.TB, query string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestCoerceVariables(t *testing.T) {
	toy := newToy(t)
	op := mustParse(t, coercionQuery).Operations[0]
	num := func(s string) any { return json.Number(s) }

	for _, c := range []struct {
		rule, raw string
		want      map[string]any // nil means refused
		path      string         // of the first problem
		says      string
	}{
		{"nothing given", `{}`, map[string]any{}, "", ""},
		{"variables that are not declared are ignored", `{"other": "x\u0000"}`, map[string]any{}, "", ""},
		{"null is kept", `{"int": null, "filter": null, "ints": null}`, map[string]any{"int": nil, "filter": nil, "ints": nil}, "", ""},
		{"null where there is a default but no null", `{"sized": null}`, nil, "variable.sized", "must not be null"},

		{"Int", `{"int": -5}`, map[string]any{"int": int64(-5)}, "", ""},
		{"Int, largest", `{"int": 2147483647}`, map[string]any{"int": int64(2147483647)}, "", ""},
		{"Int written as 1e3", `{"int": 1e3}`, map[string]any{"int": int64(1000)}, "", ""},
		{"Int written as 2.0", `{"int": 2.0}`, map[string]any{"int": int64(2)}, "", ""},
		{"Int beyond 32 bits", `{"int": 2147483648}`, nil, "variable.int", "32 bits"},
		{"Int beyond 64 bits", `{"int": 99999999999999999999}`, nil, "variable.int", "32 bits"},
		{"Int beyond floats", `{"int": 1e999}`, nil, "variable.int", "32 bits"},
		{"Int with a fraction", `{"int": 1.5}`, nil, "variable.int", "32 bits"},
		{"Int from a string", `{"int": "5"}`, nil, "variable.int", "an integer, not a string"},
		{"Int from a boolean", `{"int": true}`, nil, "variable.int", "not a boolean"},
		{"Int from a list", `{"int": [5]}`, nil, "variable.int", "not a list"},

		{"Float from an integer", `{"float": 2}`, map[string]any{"float": 2.0}, "", ""},
		{"Float", `{"float": -2.5e-3}`, map[string]any{"float": -0.0025}, "", ""},
		{"Float from a string", `{"float": "2.5"}`, nil, "variable.float", "a number, not a string"},
		{"Float without end", `{"float": 1e999}`, nil, "variable.float", "finite"},

		{"String", `{"string": "Zoë 🦊 عربي \t\n"}`, map[string]any{"string": "Zoë 🦊 عربي \t\n"}, "", ""},
		{"String, empty", `{"string": ""}`, map[string]any{"string": ""}, "", ""},
		{"String from a number", `{"string": 5}`, nil, "variable.string", "a string, not a number"},
		{"String from an object", `{"string": {}}`, nil, "variable.string", "not an object"},
		{"String with NUL", `{"string": "a\u0000b"}`, nil, "variable.string", "NUL"},
		{"String with a lone surrogate", `{"string": "a\ud800b"}`, nil, "variable.string", "U+FFFD"},
		{"String with U+FFFD", `{"string": "a\ufffdb"}`, nil, "variable.string", "U+FFFD"},
		{"String with a pair of surrogates", `{"string": "\ud83e\udd8a"}`, map[string]any{"string": "🦊"}, "", ""},

		{"ID", `{"id": "thing_1"}`, map[string]any{"id": "thing_1"}, "", ""},
		{"ID from a number", `{"id": 5}`, nil, "variable.id", "a string, not a number"},
		{"Boolean", `{"boolean": false}`, map[string]any{"boolean": false}, "", ""},
		{"Boolean from a string", `{"boolean": "true"}`, nil, "variable.boolean", "true or false, not a string"},
		{"Boolean from a number", `{"boolean": 1}`, nil, "variable.boolean", "not a number"},

		{"enum", `{"status": "OPEN"}`, map[string]any{"status": "OPEN"}, "", ""},
		{"enum in the wrong case", `{"status": "open"}`, nil, "variable.status", "spelled exactly"},
		{"enum from a number", `{"status": 0}`, nil, "variable.status", "spelled exactly"},

		{"custom scalar as it came", `{"date": {"y": [2026, "x"]}}`, map[string]any{"date": map[string]any{"y": []any{num("2026"), "x"}}}, "", ""},
		{"custom scalar with NUL inside", `{"date": {"y": [2026, "\u0000"]}}`, nil, "variable.date.y[1]", "NUL"},
		{"custom scalar with NUL in a key", `{"date": {"\u0000": 1}}`, nil, "variable.date", "key that contains the character NUL"},

		{"list", `{"ints": [1, null, 3]}`, map[string]any{"ints": []any{int64(1), nil, int64(3)}}, "", ""},
		{"list of one from a single value", `{"ints": 1}`, map[string]any{"ints": []any{int64(1)}}, "", ""},
		{"list of lists from a list", `{"matrix": [1, [2, 3], null]}`, map[string]any{"matrix": []any{[]any{int64(1)}, []any{int64(2), int64(3)}, nil}}, "", ""},
		{"list with one wrong item", `{"ints": [1, "2"]}`, nil, "variable.ints[1]", "not a string"},
		{"list that allows no null", `{"strict": ["a", null]}`, nil, "variable.strict[1]", "must not be null"},

		{"input", `{"filter": {"title": "x", "limit": 5, "and": {"remote": true}}}`,
			map[string]any{"filter": map[string]any{"title": "x", "limit": int64(5), "and": []any{map[string]any{"remote": true}}}}, "", ""},
		{"input: absent and null differ", `{"filter": {"title": null}}`, map[string]any{"filter": map[string]any{"title": nil}}, "", ""},
		{"input from a string", `{"filter": "x"}`, nil, "variable.filter", "an object, not a string"},
		{"input with an unknown field", `{"filter": {"titel": "x"}}`, nil, "variable.filter", `"titel"`},
		{"input with __typename", `{"filter": {"__typename": "Filter"}}`, nil, "variable.filter", `"__typename"`},
		{"input with a field in the wrong case", `{"filter": {"Title": "x"}}`, nil, "variable.filter", `"Title"`},
		{"input, nested", `{"filter": {"and": [{"title": "x"}, {"title": 1}]}}`, nil, "variable.filter.and[1].title", "not a number"},
		{"input: null for a field that has a default but no null", `{"filter": {"limit": null}}`, nil, "variable.filter.limit", "must not be null"},

		{"@oneOf", `{"by": {"name": "x"}}`, map[string]any{"by": map[string]any{"name": "x"}}, "", ""},
		{"@oneOf with none", `{"by": {}}`, nil, "variable.by", "exactly one"},
		{"@oneOf with two", `{"by": {"id": "thing_1", "name": "x"}}`, nil, "variable.by", "exactly one"},
		{"@oneOf with two of which one is null", `{"by": {"id": "thing_1", "name": null}}`, nil, "variable.by", "exactly one"},
		{"@oneOf with null", `{"by": {"id": null}}`, nil, "variable.by.id", "must not be null"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			raw, err := decodeStrict([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			got, errs := CoerceVariables(toy.schema, op, raw.(map[string]any))
			if c.want != nil {
				if errs != nil || cmp.Diff(c.want, got) != "" {
					t.Errorf("%v %s", errs, cmp.Diff(c.want, got))
				}
				return
			}
			if len(errs) == 0 {
				t.Fatalf("accepted as %v", got)
			}
			if p := errs[0].Path.String(); p != c.path || !strings.Contains(errs[0].Message, c.says) {
				t.Errorf("refused at %s with %q, want %s with %q", p, errs[0].Message, c.path, c.says)
			}
			if errs[0].Extensions["code"] != CodeBadUserInput {
				t.Errorf("code %v", errs[0].Extensions["code"])
			}
		})
	}
}

func TestCoercionReportsAllProblemsWithinReason(t *testing.T) {
	toy := newToy(t)
	op := mustParse(t, `query($a: Int!, $f: Filter, $ints: [Int]) { hello }`).Operations[0]
	raw := map[string]any{"f": map[string]any{"title": true, "remote": "no"}}
	if _, errs := CoerceVariables(toy.schema, op, raw); len(errs) != 3 {
		t.Errorf("want all three problems, got %v", errs)
	}
	raw["ints"] = make([]any, 1000)
	for i := range raw["ints"].([]any) {
		raw["ints"].([]any)[i] = "x"
	}
	if _, errs := CoerceVariables(toy.schema, op, raw); len(errs) != maxProblems {
		t.Errorf("%d problems, want the first %d", len(errs), maxProblems)
	}
}

// What is written in the document obeys the same rules as what is sent beside it.
func TestLiterals(t *testing.T) {
	h, _ := serveToy(t, Options{})
	for _, c := range []struct{ rule, query, code string }{
		{"text", `{ hello(name: "Zoë 🦊 \uD83E\uDD8A \u{1F98A}") }`, ""},
		{"NUL", `{ hello(name: "a\u0000b") }`, CodeBadUserInput},
		{"NUL in braces", `{ hello(name: "a\u{0}b") }`, CodeBadUserInput},
		{"lone surrogate", `{ hello(name: "\uD800") }`, CodeBadUserInput},
		{"U+FFFD by escape", `{ hello(name: "\uFFFD") }`, CodeBadUserInput},
		{"U+FFFD as it is", `{ hello(name: "` + "\uFFFD" + `") }`, CodeBadUserInput},
		{"NUL in a nested input", `{ search(filter: {and: [{title: "\u0000"}]}) }`, CodeBadUserInput},
		{"NUL in a custom scalar", `{ search(filter: {on: {a: ["\u0000"]}}) }`, CodeBadUserInput},
		{"NUL in a variable's default", `query($n: String = "\u0000") { hello(name: $n) }`, CodeBadUserInput},
		{"NUL in a fragment", `{ ...F } fragment F on Query { hello(name: "\u0000") }`, CodeBadUserInput},
		{"Int, largest", `{ add(a: 2147483647) }`, ""},
		{"Int beyond 32 bits", `{ add(a: 2147483648) }`, CodeBadUserInput},
		{"Int beyond 64 bits", `{ add(a: 99999999999999999999) }`, "GRAPHQL_VALIDATION_FAILED"},
		{"Int beyond 32 bits as a default", `query($n: Int! = 2147483648) { add(a: $n) }`, CodeBadUserInput},
		{"Int beyond 32 bits in a list", `{ search(filter: {matrix: [[1, 2147483648]]}) }`, CodeBadUserInput},
		{"Int from a string", `{ add(a: "5") }`, "GRAPHQL_VALIDATION_FAILED"},
		{"Int from an object", `{ add(a: {}) }`, CodeBadUserInput},
		{"String from a number", `{ hello(name: 5) }`, "GRAPHQL_VALIDATION_FAILED"},
		{"ID from a number", `{ thing(id: 5) { id } }`, CodeBadUserInput},
		{"enum in the wrong case", `{ status(is: open) }`, "GRAPHQL_VALIDATION_FAILED"},
		{"enum from a string", `{ status(is: "OPEN") }`, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown field", `{ search(filter: {titel: "x"}) }`, "GRAPHQL_VALIDATION_FAILED"},
		{"__typename in an input", `{ search(filter: {__typename: "Filter"}) }`, "GRAPHQL_VALIDATION_FAILED"},
		{"@oneOf with two", `{ find(by: {id: "thing_1", name: "x"}) { id } }`, "GRAPHQL_VALIDATION_FAILED"},
		{"@oneOf with null", `{ find(by: {id: null}) { id } }`, "GRAPHQL_VALIDATION_FAILED"},
		{"@oneOf with a variable that may be null", `query($id: ID) { find(by: {id: $id}) { id } }`, "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := ask(t, h, c.query, nil); got.code() != c.code {
				t.Errorf("code %q, want %q: %+v", got.code(), c.code, got.Errors)
			}
		})
	}
}

// Whatever JSON comes, coercion ends, and what it accepts gqlgen's own coercion
// accepts unchanged.
func FuzzCoerceVariables(f *testing.F) {
	toy := newToy(f)
	op := mustParse(f, coercionQuery).Operations[0]
	for _, def := range op.VariableDefinitions {
		def.Definition = toy.schema.Types[def.Type.Name()]
	}
	for _, seed := range []string{
		`{"int": 1, "float": 1.5, "string": "x", "id": "y", "boolean": true, "status": "OPEN", "date": [1, {"a": null}]}`,
		`{"ints": [1, null], "strict": "a", "matrix": [[1], 2, null], "by": {"id": "a"}, "sized": 4}`,
		`{"filter": {"title": "x", "tags": "a", "and": [{"limit": 2, "matrix": 3}, {"score": 1e3}]}}`,
		`{"int": "5", "filter": {"__typename": "Filter"}, "by": {"id": null, "name": "\u0000"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := decodeStrict(data)
		raw, ok := value.(map[string]any)
		if err != nil || !ok {
			return
		}
		before := fmt.Sprint(raw)
		got, errs := CoerceVariables(toy.schema, op, raw)
		if fmt.Sprint(raw) != before {
			t.Fatal("raw was changed")
		}
		for _, e := range errs {
			if e.Path.String() == "" || e.Extensions["code"] != CodeBadUserInput {
				t.Fatalf("an error without path or code: %v", e)
			}
		}
		if errs != nil {
			return
		}
		want := fmt.Sprintf("%#v", got)
		again, err := validator.VariableValues(toy.schema, op, got)
		if err != nil {
			t.Fatalf("gqlparser refuses what coercion accepted: %v", err)
		}
		if _, given := got["sized"]; !given {
			delete(again, "sized") // gqlparser fills in the default
		}
		if have := fmt.Sprintf("%#v", again); have != want {
			t.Fatalf("gqlparser changed %s to %s", want, have)
		}
	})
}
