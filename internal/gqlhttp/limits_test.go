package gqlhttp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ask sends query as plain JSON.
func ask(t *testing.T, h *Handler, query string, variables map[string]any) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, call{body: string(body)}.send(h))
}

// nest wraps a thing's selection in n connections of one thing each.
func nest(n int, leaf string) string {
	return strings.Repeat("things(first: 1) { nodes { ", n) + leaf + strings.Repeat(" } }", n)
}

// stack is nest with the leaf at every level.
func stack(n int, leaf string) string {
	return strings.Repeat("things(first: 1) { nodes { "+leaf, n) + strings.Repeat(" } }", n)
}

// repeat joins f(0) … f(n-1).
func repeat(n int, f func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
		b.WriteByte(' ')
	}
	return b.String()
}

// doubling is n fragments that each spread the next one twice.
func doubling(n int, last string) string {
	return "{ ...F0 } " + repeat(n, func(i int) string {
		return fmt.Sprintf("fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}) + fmt.Sprintf("fragment F%d on Query { %s }", n, last)
}

func TestDocumentLimits(t *testing.T) {
	alias := func(i int) string { return fmt.Sprintf("a%d: hello", i) }
	for _, c := range []struct {
		rule, query string
		limit       string // the one that refuses; empty means none
	}{
		{"depth 12", "{ " + nest(5, "things(first: 1) { totalCount }") + " }", ""},
		{"depth 13", "{ " + nest(6, "id") + " }", "depth"},
		{"depth counts through fragments", "{ ...F } fragment F on Query { ...G } fragment G on Query { " + nest(6, "id") + " }", "depth"},
		{"depth within an inline fragment", "{ ... { " + nest(6, "id") + " } }", "depth"},
		{"20 root fields", "{ " + repeat(20, alias) + "}", ""},
		{"21 root fields", "{ " + repeat(21, alias) + "}", "rootFields"},
		{"21 root fields through a fragment", "{ ...F hello } fragment F on Query { " + repeat(20, alias) + "}", "rootFields"},
		{"30 aliases", "{ " + nest(1, repeat(30, func(i int) string { return fmt.Sprintf("a%d: id", i) })) + "}", ""},
		{"31 aliases", "{ " + nest(1, repeat(31, func(i int) string { return fmt.Sprintf("a%d: id", i) })) + "}", "aliases"},
		{"an alias of the field's own name is none", "{ " + stack(4, strings.Repeat("id: id ", 8)) + "}", ""},
		{"50 directives", "{ hello " + repeat(25, func(int) string { return "... @skip(if: false) { hello @skip(if: false) }" }) + "}", "rootFields"},
		{"50 directives on deeper fields", "{ " + stack(5, strings.Repeat("... @skip(if: false) { id } ", 10)) + "}", ""},
		{"51 directives on deeper fields", "{ " + stack(5, strings.Repeat("... @skip(if: false) { id } ", 10)) + "... @skip(if: false) { hello } }", "directives"},
		{"10 repeats of a key", "{ " + strings.Repeat("hello ", 10) + "}", ""},
		{"11 repeats of a key", "{ " + strings.Repeat("hello ", 11) + "}", "repeats"},
		{"repeats of an alias", "{ " + strings.Repeat("h: hello ", 11) + "}", "repeats"},
		{"repeats in fragments", "{ " + strings.Repeat("...F ", 6) + "} fragment F on Query { hello ... { hello } }", "repeats"},
		{"repeats below keys that merge", "{ " + strings.Repeat("things { nodes { id id id } nodes { id } } ", 3) + "}", "repeats"},
		{"a key of each of several objects", "{ " + stack(3, strings.Repeat("id ", 10)) + "}", ""},
		{"a list of 501", "{ search(filter: {tags: [" + strings.Repeat(`"" `, 501) + "]}) }", "listItems"},
		{"10 operations", repeat(10, func(i int) string { return fmt.Sprintf("query Q%d { hello }", i) }), "GRAPHQL_VALIDATION_FAILED"},
		{"11 operations", repeat(11, func(i int) string { return fmt.Sprintf("query Q%d { hello }", i) }), "operations"},
		{"51 variables", "query(" + repeat(51, func(i int) string { return fmt.Sprintf("$v%d: Int", i) }) + ") { hello }", "variables"},
		{"a field repeated 1,001 times", "{ " + nest(1, strings.Repeat("id ", 1_001)) + "}", "selections"},
		{"a long text", "{ hello } #" + strings.Repeat("x", 20_000), "text"},
		{"many tokens", "{ hello(name: [" + strings.Repeat("1 ", 5_000) + "]) }", "GRAPHQL_PARSE_FAILED"},
		{"doubling fragments", doubling(24, "hello"), "selections"},
		{"more doubling fragments", doubling(90, "hello"), "selections"},
		{"101 fragments", doubling(100, "hello"), "fragments"},
		{"doubling fragments that select nothing", doubling(90, "...F0"), "selections"},
		{"doubling fragments that nobody uses", "{ hello } " + doubling(90, "hello")[9:], "selections"},
		{"a fragment that spreads itself", "{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown fragment", "{ ...F }", "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			h, _ := serveToy(t, Options{})
			got := ask(t, h, c.query, nil)
			limit := ""
			if len(got.Errors) > 0 {
				if limit, _ = got.Errors[0].Extensions["limit"].(string); limit == "" {
					limit = got.code()
				} else if got.code() != CodeTooComplex {
					t.Errorf("code %q", got.code())
				}
			}
			if limit != c.limit {
				t.Errorf("refused by %q, want %q: %+v", limit, c.limit, got.Errors)
			}
		})
	}
}

func TestCost(t *testing.T) {
	page := func(n int, inner string) string { return fmt.Sprintf("things(first: %d) { nodes { %s } }", n, inner) }
	row := "id name " + repeat(8, func(i int) string { return fmt.Sprintf("a%d: name", i) })
	for _, c := range []struct {
		rule, query string
		variables   map[string]any
		cost        int
		refused     bool
	}{
		{"one field", "{ hello }", nil, 1, false},
		{"fields add up", "{ hello add(a: 1) }", nil, 2, false},
		{"a connection costs its page", "{ " + page(100, "id") + " }", nil, 1 + 100*2, false},
		{"nested pages multiply", "{ " + page(100, page(20, "id")) + " }", nil, 1 + 100*(1+1+20*2), false},
		{"a page of 100 with 20 nested each, ten fields a row", "{ " + page(100, row+page(20, row)) + " }", nil, 1 + 100*(1+10+1+20*11), false},
		{"four nested pages of 100", "{ " + page(100, page(100, page(100, page(100, "id")))) + " }", nil, 202_020_201, true},
		{"a page nobody sized is 20", "{ things { nodes { id } } }", nil, 1 + 20*2, false},
		{"last counts as first does", "{ things(last: 50) { nodes { id } } }", nil, 1 + 50*2, false},
		{"a size from a variable", "query($n: Int) { things(first: $n) { nodes { id } } }", map[string]any{"n": 50}, 1 + 50*2, false},
		{"a size from a variable's default", "query($n: Int = 50) { things(first: $n) { nodes { id } } }", nil, 1 + 50*2, false},
		{"a size from a variable that is absent", "query($n: Int) { things(first: $n) { nodes { id } } }", nil, 1 + 20*2, false},
		{"a size beyond the largest page is refused elsewhere", "{ things(first: 2000000000) { totalCount } }", nil, 1 + 100, false},
		{"a lookup by ids costs each id", `{ nodes(ids: ["thing_1", "thing_2", "thing_3"]) { id name } }`, nil, 1 + 3*2, false},
		{"ids from a variable", `query($i: [ID!]!) { nodes(ids: $i) { id } }`, map[string]any{"i": []string{"thing_1", "thing_2"}}, 1 + 2, false},
		{"a fragment costs where it is used", "{ a: things(first: 3) { ...F } b: things(first: 5) { ...F } } fragment F on Things { totalCount }", nil, 2 + 3 + 5, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			h, toy := serveToy(t, Options{})
			doc, errs := h.exec.document(c.query)
			if errs != nil {
				t.Fatal(errs)
			}
			raw := map[string]any{}
			text, _ := json.Marshal(c.variables)
			if c.variables != nil {
				value, err := decodeStrict(text)
				if err != nil {
					t.Fatal(err)
				}
				raw = value.(map[string]any)
			}
			vars, errs := CoerceVariables(toy.schema, doc.Operations[0], raw)
			if errs != nil {
				t.Fatal(errs)
			}
			if got := costOf(doc.Operations[0], vars, nil); got != c.cost {
				t.Errorf("cost %d, want %d", got, c.cost)
			}
			if !c.refused && c.cost > 1_000 {
				return // the toy is slow
			}
			got := ask(t, h, c.query, c.variables)
			if want := map[string]any{"requested": float64(c.cost), "limit": 50_000.0}; fmt.Sprint(got.Extensions["cost"]) != fmt.Sprint(want) {
				t.Errorf("extensions.cost %v, want %v", got.Extensions["cost"], want)
			}
			if refused := got.code() == CodeTooComplex; refused != c.refused || refused != (got.Data == nil) {
				t.Errorf("refused %v, want %v: %+v", refused, c.refused, got)
			}
		})
	}
}

// Counts must not wrap around: an overflowed cost would be no limit at all.
func TestCountsSaturate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.IntRange(0, ceiling).Draw(t, "a")
		b := rapid.IntRange(0, ceiling).Draw(t, "b")
		if got := add(a, b); got != min(a+b, ceiling) {
			t.Fatalf("%d + %d = %d", a, b, got)
		}
		want := ceiling
		if a == 0 || b <= ceiling/a {
			want = a * b
		}
		if got := multiply(a, b); got != want {
			t.Fatalf("%d × %d = %d, want %d", a, b, got, want)
		}
	})
}

func TestIntrospectionWhenEnabled(t *testing.T) {
	h, _ := serveToy(t, Options{Introspection: true})
	got := ask(t, h, introspectionQuery, nil)
	if len(got.Errors) > 0 || !strings.Contains(string(got.Data), `"ThingBy"`) {
		t.Errorf("the introspection of clients fails: %+v", got.Errors)
	}
	got = ask(t, h, `{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`, nil)
	if got.code() != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("nested lists of introspection multiply; got %+v", got.Errors)
	}
}

func TestNoSuggestions(t *testing.T) {
	h, _ := serveToy(t, Options{})
	for _, query := range []string{
		`{ helo }`,
		`{ hello(nam: "x") }`,
		`{ things }`,
		`{ status(is: OPENED) }`,
		`{ search(filter: {titel: "x"}) }`,
		`query($f: Filtre) { search(filter: $f) }`,
		`{ hello @skipp(if: true) }`,
		`{ ... on Thin { id } }`,
	} {
		got := ask(t, h, query, nil)
		if len(got.Errors) == 0 || strings.Contains(fmt.Sprint(got.Errors), "Did you mean") {
			t.Errorf("%s: %+v", query, got.Errors)
		}
	}
	got := ask(t, h, `query($s: Status!, $f: Filter) { status(is: $s) search(filter: $f) }`,
		map[string]any{"s": "OPENED", "f": map[string]any{"titel": 1}})
	if text := fmt.Sprint(got.Errors); len(got.Errors) != 2 || strings.Contains(text, "CLOSED") || strings.Contains(text, "title") {
		t.Errorf("coercion names what the client did not know: %s", text)
	}
}

// introspectionQuery is the shape that GraphiQL and code generators send.
const introspectionQuery = `
query IntrospectionQuery {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) {
    name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
  }
  inputFields { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }
}`

// Lists in variables are counted wherever they are, once they are coerced.
func TestListsInVariablesAreBounded(t *testing.T) {
	h, _ := serveToy(t, Options{})
	items := func(n int) []string { return make([]string, n) }
	for _, c := range []struct {
		rule      string
		variables map[string]any
		refused   bool
	}{
		{"500", map[string]any{"f": map[string]any{"tags": items(500)}}, false},
		{"501", map[string]any{"f": map[string]any{"tags": items(501)}}, true},
		{"501 deeper", map[string]any{"f": map[string]any{"and": []any{map[string]any{"tags": items(501)}}}}, true},
		{"501 rows", map[string]any{"f": map[string]any{"matrix": make([][]int, 501)}}, true},
	} {
		got := ask(t, h, `query($f: Filter) { search(filter: $f) }`, c.variables)
		if refused := got.code() == CodeTooComplex; refused != c.refused {
			t.Errorf("%s: %+v", c.rule, got.Errors)
		}
	}
}
