package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"hireloop/graph"
	"hireloop/graph/exec"
	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// executions are both ways to answer the same queries over one database.
type executions struct {
	appended, plain http.Handler
	faults          map[string]string // what queries of an entity do wrong
}

func newExecutions(d *store.DB) *executions {
	e := &executions{faults: map[string]string{}}
	s := newService(d)
	s.DB.Intercept(ent.InterceptFunc(e.spoil))
	handler := func(plain bool) http.Handler {
		const much = 1 << 30
		return graph.NewHandler(&graph.Resolver{DB: s.DB, Hiring: s}, graph.HandlerOptions{
			CursorKey: []byte("the key of the cases"), PlainExecution: plain,
			HTTP: gqlhttp.Options{
				Introspection: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
				Limits: gqlhttp.Limits{Errors: much, Cost: much, Aliases: much, Directives: much, Tokens: much, Text: much, Selections: much},
			},
		})
	}
	e.appended, e.plain = handler(false), handler(true)
	return e
}

// spoil makes queries of the entities in faults fail, panic, or find nothing.
func (e *executions) spoil(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
		switch e.faults[ent.QueryFromContext(ctx).Type] {
		case "fails":
			return nil, errors.New("spoilt")
		case "panics":
			panic("spoilt")
		case "is empty":
			v, err := next.Query(ctx, q)
			if t := reflect.TypeOf(v); err == nil && t.Kind() == reflect.Slice {
				return reflect.MakeSlice(t, 0, 0).Interface(), nil
			}
			return v, err
		}
		return next.Query(ctx, q)
	})
}

var (
	requestText  = regexp.MustCompile(`internal error, request [\w-]+`)
	locationText = regexp.MustCompile(`"locations":\[[^\]]*\],`)
	pathText     = regexp.MustCompile(`"path":\[[^\]]*\],`)
)

// repeatable tells queries that are answered alike when they are asked twice: not
// mutations, nor what asks for the audit trail, in which is that it was read.
func repeatable(query string) bool {
	return !strings.Contains(query, "mutation") && !strings.Contains(query, "auditEntries")
}

// compare asks both and fails unless they answer alike, byte by byte; only
// errors come in any order, as plain execution finds them in any order.
func (e *executions) compare(t rapid.TB, d *store.DB, viewer *access.Viewer, query, variables string) (answered, failed bool) {
	type answer struct {
		Data, Extensions json.RawMessage
		Errors           []json.RawMessage
	}
	read := func(h http.Handler) (answer, string) {
		text, _ := ask(t.(testing.TB), h, viewer, query, variables)
		text = requestText.ReplaceAll(text, []byte("internal error"))
		panics := slices.Contains(slices.Collect(maps.Values(e.faults)), "panics")
		if panics {
			// Of siblings that share a load, whoever comes first has the panic,
			// which has no location, and the others an error, which has one, or
			// what a load leaves that did not end. Who comes first is chance, and how
			// many are under way when the answer is already lost.
			text = pathText.ReplaceAll(locationText.ReplaceAll(text, nil), nil)
		}
		var a answer
		if err := json.Unmarshal(text, &a); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		slices.SortFunc(a.Errors, func(x, y json.RawMessage) int { return bytes.Compare(x, y) })
		if panics {
			a.Errors = slices.CompactFunc(a.Errors, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n%s\n", a.Data, a.Extensions)
		for _, e := range a.Errors {
			fmt.Fprintf(&b, "%s\n", e)
		}
		return a, b.String()
	}
	_, plain := read(e.plain)
	got, appended := read(e.appended)
	if plain != appended {
		t.Fatalf("%s\n%s\nfaults: %v\n-plain +appended\n%s", query, variables, e.faults, cmp.Diff(plain, appended))
	}
	return got.Data != nil, len(got.Errors) > 0
}

// Every query of the cases and examples is answered alike by both executions.
func TestExecutionsAgreeOnCases(t *testing.T) {
	cases, _ := filepath.Glob("testdata/*/*.txtar")
	examples, _ := filepath.Glob("../examples/*.graphql")
	if len(cases) == 0 || len(examples) == 0 {
		t.Fatal("no cases, or no examples")
	}
	engine := testdb.Engines()[0]
	for _, path := range cases {
		t.Run(path, func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d := engine.Open(t, template, store.Options{})
			both, n := newExecutions(d), named(world.World)
			for _, s := range stepsOf(t, archive) {
				viewer, query, variables := viewerOf(t, d, s.viewer), n.show(t, s.query), n.show(t, s.variables)
				if repeatable(query) {
					both.compare(t, d, viewer, query, variables)
				}
				answer, _ := ask(t, both.appended, viewer, query, variables)
				n.hide(told(t, answer)) // later steps use its names
			}
		})
	}
	d := engine.Open(t, template, store.Options{})
	both, n := newExecutions(d), named(world.World)
	for _, path := range examples {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		header := map[string]string{}
		for _, m := range exampleHeader.FindAllStringSubmatch(string(text), -1) {
			header[m[1]] = m[2]
		}
		if repeatable(string(text)) {
			both.compare(t, d, viewerOf(t, d, header["viewer"]), string(text), n.show(t, header["variables"]))
		}
	}
}

func TestExecutionsAgree(t *testing.T) {
	d := testdb.Engines()[0].Open(t, template, store.Options{})
	both, n := newExecutions(d), named(world.World)
	viewer := viewerOf(t, d, "recruiter")
	for _, tc := range []struct {
		rule, query, variables string
		faults                 map[string]string
	}{
		{rule: "aliases", query: `{ a: openings(first: 2) { n: nodes { x: id y: id title t2: title } } b: openings(first: 1) { totalCount } }`},
		{rule: "fields of one name are merged", query: `{ openings(first: 2) { nodes { id } nodes { title stages { id } } nodes { stages { name } id } } }`},
		{rule: "nested fragments", query: `{ openings(first: 2) { ...a } } fragment a on OpeningConnection { nodes { ...b ...b } totalCount } fragment b on Opening { id department { ...c } } fragment c on Department { name ... { id } }`},
		{rule: "fragments on an interface", query: `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Opening { title } ... on Node { id x: id } ... on Member { name } } }`,
			variables: `{"ids": ["opening#mobile", "member#admin", "opening_00000000000000000000000000"]}`},
		{rule: "an unknown node", query: `query($id: ID!) { node(id: $id) { id } }`, variables: `{"id": "opening_00000000000000000000000000"}`},
		{rule: "skip and include", query: `query($y: Boolean!, $n: Boolean!) { openings(first: 1) { nodes { id @skip(if: $y) title @include(if: $y) status @include(if: $n) ... @skip(if: $n) { slug: id } ... on Opening @include(if: $n) { status } } } }`, variables: `{"y": true, "n": false}`},
		{rule: "everything skipped", query: `{ openings(first: 1) { nodes @include(if: false) { id } } viewer @skip(if: true) { member { id } } }`},
		{rule: "directive with null", query: `query($y: Boolean = true) { openings(first: 1) { nodes { id @skip(if: $y) title } } }`, variables: `{"y": null}`},
		{rule: "directive with null at the top", query: `query($y: Boolean = true) { levels @skip(if: $y) { id } }`, variables: `{"y": null}`},
		{rule: "typename everywhere", query: `{ __typename q: __typename openings(first: 1) { __typename nodes { __typename stages { __typename kind } } pageInfo { __typename } } }`},
		{rule: "introspection beside data", query: `{ __schema { queryType { name } types { name kind fields { name type { name ofType { name } } } } } __type(name: "Opening") { name interfaces { name } } openings(first: 1) { totalCount } }`},
		{rule: "a wrong page at the top", query: `{ openings(first: 0) { nodes { id } } applications(first: 1000) { totalCount } }`},
		{rule: "a wrong page below each parent", query: `{ openings(first: 3) { nodes { id applications(first: 0, last: 1, after: "x") { nodes { id } } } } }`},
		{rule: "a wrong id in an argument", query: `{ openings(first: 2) { nodes { applications(filterBy: {stageKinds: [OFFER], sourceIds: ["nonsense"]}) { totalCount } } } }`},
		{rule: "a wrong id in a variable", query: `query($id: ID!) { opening(id: $id) { id } candidate(id: $id) { id } }`, variables: `{"id": "opening_x"}`},
		{rule: "an empty list", query: `{ openings(first: 2, filterBy: {search: "no such role"}) { nodes { id stages { id } } edges { cursor node { id } } pageInfo { hasNextPage startCursor } totalCount } }`},
		{rule: "cursors", query: `{ applications(first: 3) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`},
		{rule: "errors in nested fields", query: `{ openings(first: 3) { nodes { id stages { id name } stageCounts { active } department { name } } } }`, faults: map[string]string{"Stage": "fails"}},
		{rule: "panics in nested fields", query: `{ openings(first: 3) { nodes { id hiringManager { name } department { name } targetLevel { name } } } }`, faults: map[string]string{"Department": "panics"}},
		{rule: "a required edge that is not found", query: `{ applications(first: 3) { nodes { id scorecards(first: 2) { nodes { interviewer { id } ratings { rating } } } } } agingApplications(first: 2) { nodes { stage { id } application { id stage { id } } } } }`, faults: map[string]string{"Member": "is empty", "Stage": "is empty"}},
		{rule: "a whole answer that is null", query: `{ levels { id } departments { id } viewer { member { id } } }`, faults: map[string]string{"Level": "fails", "Member": "is empty"}},
		{rule: "a failing page", query: `{ openings(first: 3) { totalCount nodes { id } edges { node { title } } } levels { name } }`, faults: map[string]string{"Opening": "fails"}},
		{rule: "a panic at the top", query: `{ openings(first: 3) { nodes { id } } levels { name } }`, faults: map[string]string{"Level": "panics", "Opening": "panics"}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			both.faults = tc.faults
			both.compare(t, d, viewer, tc.query, n.show(t, tc.variables))
		})
	}
}

// Random queries, over databases in which some entities fail, are answered alike.
func TestExecutionsAgreeOnRandomQueries(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			both := newExecutions(d)
			contract := exec.NewExecutableSchema(exec.Config{}).Schema()
			ids := []string{`"opening_nonsense"`}
			for _, id := range world.Openings {
				ids = append(ids, fmt.Sprintf("%q", id))
			}
			for _, id := range viewers(world.World) {
				ids = append(ids, fmt.Sprintf("%q", id))
			}
			slices.Sort(ids)
			var allViewers []*access.Viewer
			for _, name := range []string{"recruiter", "admin", "hiringManager", "interviewer"} {
				allViewers = append(allViewers, viewerOf(t, d, name))
			}
			asked, answered, failed := 0, 0, 0
			rapid.Check(t, func(r *rapid.T) {
				w := &queryWriter{r: r, contract: contract, ids: ids}
				query := w.operation()
				if !repeatable(query) {
					return
				}
				both.faults = rapid.MapOfN(
					rapid.SampledFrom([]string{"Opening", "Application", "Stage", "Member", "Candidate", "Department", "Level", "Scorecard", "Seat", "StageEvent"}),
					rapid.SampledFrom([]string{"fails", "panics", "is empty"}), 0, 4).Draw(r, "faults")
				viewer := rapid.SampledFrom(allViewers).Draw(r, "viewer")
				ok, errs := both.compare(rapidTB{t, r}, d, viewer, query, `{"yes": true, "no": false, "few": 2}`)
				asked++
				if ok {
					answered++
				}
				if errs {
					failed++
				}
			})
			t.Logf("%d queries, %d answered, %d with errors", asked, answered, failed)
			if answered < asked/3 || failed == asked {
				t.Error("too few queries are valid to say anything")
			}
		})
	}
}

// rapidTB lets ask tell rapid of failures.
type rapidTB struct {
	testing.TB
	r *rapid.T
}

func (t rapidTB) Fatalf(format string, args ...any) { t.r.Fatalf(format, args...) }

// queryWriter draws queries that are valid for the contract.
type queryWriter struct {
	r         *rapid.T
	contract  *ast.Schema
	ids       []string
	aliases   int
	fragments []string
}

func (w *queryWriter) operation() string {
	body := w.set(w.contract.Query, 0)
	// Variables must be used, or the query is not valid.
	return "query($yes: Boolean!, $no: Boolean!, $few: Int) { u: openings(first: $few) { v: totalCount @skip(if: $yes) w: totalCount @include(if: $no) __typename } " +
		body + " }\n" + strings.Join(w.fragments, "\n")
}

func (w *queryWriter) chance(percent int, label string) bool {
	return rapid.IntRange(1, 100).Draw(w.r, label) <= percent
}

// set draws what is selected of an object, without its braces. All that is
// drawn for one response name is the same, but for what is selected below.
func (w *queryWriter) set(def *ast.Definition, depth int) string {
	var fields ast.FieldList
	for _, f := range def.Fields {
		if leaf := w.contract.Types[f.Type.Name()].IsLeafType(); !strings.HasPrefix(f.Name, "__") && (leaf || depth < 5) {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return "__typename"
	}
	count := 3
	if def == w.contract.Query {
		count = 2
	}
	selected := []string{"__typename"}
	for _, f := range rapid.SliceOfN(rapid.SampledFrom(fields), 1, count).Draw(w.r, "fields of "+def.Name) {
		selected = append(selected, w.field(f, depth))
	}
	if def.Kind == ast.Interface {
		for _, t := range w.contract.PossibleTypes[def.Name] {
			if w.chance(30, "on "+t.Name) {
				selected = append(selected, fmt.Sprintf("... on %s { %s }", t.Name, w.set(t, depth+1)))
			}
		}
	} else if slices.Contains(def.Interfaces, "Node") && w.chance(20, "on Node") {
		selected = append(selected, "... on Node { id __typename }")
	}
	text := strings.Join(selected, " ")
	switch {
	case w.chance(15, "inline fragment"):
		return fmt.Sprintf("... on %s%s { %s }", def.Name, w.directive(), text)
	case w.chance(15, "fragment"):
		name := fmt.Sprintf("f%d", len(w.fragments))
		w.fragments = append(w.fragments, fmt.Sprintf("fragment %s on %s { %s }", name, def.Name, text))
		return fmt.Sprintf("...%s%s ...%s", name, w.directive(), name)
	}
	return text
}

func (w *queryWriter) directive() string {
	return rapid.SampledFrom([]string{"", "", "", " @skip(if: $yes)", " @skip(if: $no)", " @include(if: $yes)", " @include(if: $no) @skip(if: $no)"}).Draw(w.r, "directive")
}

func (w *queryWriter) field(f *ast.FieldDefinition, depth int) string {
	var args []string
	for _, a := range f.Arguments {
		switch {
		case a.Name == "first" && w.chance(90, "first"):
			args = append(args, "first: "+rapid.SampledFrom([]string{"1", "2", "3", "$few", "$few", "0"}).Draw(w.r, "size"))
		case a.Type.Name() == "ID" && a.Type.NonNull && a.Type.Elem != nil:
			args = append(args, fmt.Sprintf("%s: [%s]", a.Name, strings.Join(rapid.SliceOfN(rapid.SampledFrom(w.ids), 0, 3).Draw(w.r, "ids"), ", ")))
		case a.Type.NonNull:
			args = append(args, a.Name+": "+rapid.SampledFrom(w.ids).Draw(w.r, "id"))
		}
	}
	alias := ""
	if len(f.Arguments) > 0 || w.chance(20, "alias") {
		w.aliases++
		alias = fmt.Sprintf("a%d: ", w.aliases)
	}
	text := alias + f.Name
	if len(args) > 0 {
		text += "(" + strings.Join(args, ", ") + ")"
	}
	text += w.directive()
	if def := w.contract.Types[f.Type.Name()]; !def.IsLeafType() {
		text += " { " + w.set(def, depth+1) + " }"
	}
	return text
}
