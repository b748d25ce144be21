package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"hireloop/internal/fault"
)

// toySDL has one of everything that this package treats in its own way.
const toySDL = `
"A day, such as 2026-01-31."
scalar Date
enum Status { OPEN CLOSED }
enum Failure { FAULT FAULTS PLAIN PANIC CODED MANY HANG WAIT STOP }

input Filter {
  title: String
  id: ID
  status: Status
  remote: Boolean
  score: Float
  on: Date
  tags: [String!]
  matrix: [[Int]]
  limit: Int! = 10
  and: [Filter!]
}
input ThingBy @oneOf { id: ID name: String }
input RenameInput { id: ID! name: String! filter: Filter }

type Query {
  hello(name: String = "world"): String!
  add(a: Int!, b: Int! = 1): Int!
  half(of: Float!): Float!
  status(is: Status!): Status!
  thing(id: ID!): Thing
  things(first: Int, last: Int, after: String): Things!
  nodes(ids: [ID!]!): [Thing]!
  find(by: ThingBy!): Thing
  search(filter: Filter): String
  fail(how: Failure!): String
  must(how: Failure!): String!
}
type Mutation { rename(input: RenameInput!): Thing }
type Subscription { ticks: Int! }

"Something with a name."
type Thing { id: ID! name: String! things(first: Int, last: Int): Things! }
type Things { nodes: [Thing!]! edges: [Edge!]! totalCount: Int! }
type Edge { cursor: String! node: Thing! }
`

// toy is an executable schema that treats errors, paths and panics as gqlgen's
// generated code does.
type toy struct {
	schema *ast.Schema
	writes atomic.Int32  // mutations that ran
	hang   chan struct{} // what the field fail(how: HANG) waits for
}

func newToy(t testing.TB) *toy {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "toy.graphql", Input: toySDL})
	if err != nil {
		t.Fatal(err)
	}
	toy := &toy{schema: schema, hang: make(chan struct{})}
	t.Cleanup(func() { close(toy.hang) })
	return toy
}

func (t *toy) Schema() *ast.Schema { return t.schema }

func (t *toy) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (t *toy) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx).Operation
	root := map[ast.Operation]*ast.Definition{
		ast.Query: t.schema.Query, ast.Mutation: t.schema.Mutation, ast.Subscription: t.schema.Subscription,
	}[op.Operation]
	return func(ctx context.Context) *graphql.Response {
		data := t.object(ctx, root, nil, op.SelectionSet)
		if data == nil {
			data = json.RawMessage("null")
		}
		return &graphql.Response{Data: data}
	}
}

type thing struct{ ID, Name string }

type things struct{ n int }

func (c things) nodes() []any {
	out := make([]any, c.n)
	for i := range out {
		out[i] = thing{ID: fmt.Sprintf("thing_%d", i), Name: fmt.Sprintf("Thing %d", i)}
	}
	return out
}

// resolve answers one field of obj.
func (t *toy) resolve(ctx context.Context, parent, name string, obj any, args map[string]any) (any, error) {
	switch parent + "." + name {
	case "Query.hello":
		return fmt.Sprintf("hello %v", args["name"]), nil
	case "Query.add":
		return args["a"].(int64) + args["b"].(int64), nil
	case "Query.half":
		f, err := graphql.UnmarshalFloat(args["of"])
		return f / 2, err
	case "Query.status":
		return args["is"], nil
	case "Query.thing":
		return thing{ID: args["id"].(string), Name: "a thing"}, nil
	case "Query.nodes":
		return []any{nil, thing{ID: "thing_1", Name: "one"}}, nil
	case "Query.find", "Query.search":
		text, err := json.Marshal(args)
		if name == "find" {
			return thing{ID: "thing_1", Name: string(text)}, err
		}
		return string(text), err
	case "Query.things", "Thing.things":
		n, _ := args["first"].(int64)
		return things{n: int(n)}, nil
	case "Things.nodes":
		return obj.(things).nodes(), nil
	case "Things.totalCount":
		return obj.(things).n, nil
	case "Mutation.rename":
		t.writes.Add(1)
		input := args["input"].(map[string]any)
		return thing{ID: input["id"].(string), Name: input["name"].(string)}, nil
	case "Query.fail", "Query.must":
		return nil, t.fail(ctx, args["how"].(string))
	case "Query.__schema":
		return introspection.WrapSchema(t.schema), nil
	case "Query.__type":
		return introspection.WrapTypeFromDef(t.schema, t.schema.Types[args["name"].(string)]), nil
	}
	return reflected(obj, name, args), nil
}

func (t *toy) fail(ctx context.Context, how string) error {
	switch how {
	case "FAULT":
		return fmt.Errorf("toy: %w", fault.Conflictf("input.seatId", "the seat is taken").WithHint("read it again"))
	case "FAULTS":
		return fault.List{fault.Required("input.title"), fault.Invalidf("input.seats", "must be at least 1")}
	case "PANIC":
		panic("secret panic")
	case "CODED":
		return Errorf(CodeUnauthenticated, "sign in first")
	case "MANY":
		for i := range 25 {
			graphql.AddError(ctx, fault.Invalidf("", "problem %d", i))
		}
		return nil
	case "HANG": // heeds nobody
		<-t.hang
		return nil
	case "STOP": // as a count that ends when nobody waits
		<-ctx.Done()
		return nil
	case "WAIT": // heeds the deadline, as a database driver that words it in its own way
		<-ctx.Done()
		return errors.New("canceling statement")
	}
	return errors.New("secret detail of a plain error")
}

func (t *toy) object(ctx context.Context, def *ast.Definition, obj any, set ast.SelectionSet) json.RawMessage {
	var b strings.Builder
	opCtx := graphql.GetOperationContext(ctx)
	for i, field := range graphql.CollectFields(opCtx, set, []string{def.Name}) {
		value := json.RawMessage(strconv.Quote(def.Name))
		if field.Name != "__typename" {
			value = t.field(ctx, def, obj, field)
		}
		if value == nil {
			if field.Definition.Type.NonNull {
				return nil
			}
			value = json.RawMessage("null")
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", field.Alias, value)
	}
	return json.RawMessage("{" + b.String() + "}")
}

func (t *toy) field(ctx context.Context, def *ast.Definition, obj any, field graphql.CollectedField) (out json.RawMessage) {
	opCtx := graphql.GetOperationContext(ctx)
	fc := &graphql.FieldContext{Object: def.Name, Field: field}
	ctx = graphql.WithFieldContext(ctx, fc)
	defer func() {
		if v := recover(); v != nil {
			graphql.AddError(ctx, opCtx.Recover(ctx, v))
			out = nil
		}
	}()
	args := field.ArgumentMap(opCtx.Variables)
	for _, arg := range field.Definition.Arguments {
		if _, err := graphql.ProcessArgField(ctx, args, arg.Name, func(ctx context.Context, v any) (any, error) {
			return nil, t.unmarshal(ctx, arg.Type, v)
		}); err != nil {
			graphql.AddError(ctx, err)
			return nil
		}
	}
	result, err := t.resolve(ctx, def.Name, field.Name, obj, args)
	if err != nil {
		graphql.AddError(ctx, graphql.AddFieldLocationToError(ctx, err))
		return nil
	}
	return t.complete(ctx, field.Definition.Type, result, field.Selections)
}

// unmarshal stands for the generated code that calls scalars: ours wants ids
// that begin "thing_", and a Date that is not empty.
func (t *toy) unmarshal(ctx context.Context, typ *ast.Type, v any) error {
	def := t.schema.Types[typ.Name()]
	switch x := v.(type) {
	case []any:
		for i, item := range x {
			if err := t.unmarshal(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), typ.Elem, item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, f := range def.Fields {
			if inner, ok := x[f.Name]; ok {
				if err := t.unmarshal(graphql.WithPathContext(ctx, graphql.NewPathWithField(f.Name)), f.Type, inner); err != nil {
					return err
				}
			}
		}
	case string:
		if def.Name == "ID" && !strings.HasPrefix(x, "thing_") {
			return graphql.ErrorOnPath(ctx, errors.New("not an id of this API"))
		}
		if def.Name == "Date" && x == "" {
			return graphql.ErrorOnPath(ctx, fault.Invalidf("", "must be a day"))
		}
	}
	return nil
}

func (t *toy) complete(ctx context.Context, typ *ast.Type, v any, set ast.SelectionSet) json.RawMessage {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() || rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil
	}
	if typ.Elem != nil {
		items := make([]string, rv.Len())
		for i := range items {
			item := t.complete(ctx, typ.Elem, rv.Index(i).Interface(), set)
			if item == nil {
				item = json.RawMessage("null")
			}
			items[i] = string(item)
		}
		return json.RawMessage("[" + strings.Join(items, ",") + "]")
	}
	if def := t.schema.Types[typ.Name()]; def.Kind == ast.Object {
		return t.object(ctx, def, v, set)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// reflected answers from a field or a method: what gqlgen's introspection
// types and thing need.
func reflected(obj any, name string, args map[string]any) any {
	v := reflect.ValueOf(obj)
	title := strings.ToUpper(name[:1]) + name[1:]
	switch {
	case name == "id":
		title = "ID"
	case name == "args":
		title = "VisibleArgs"
	case name == "specifiedByURL":
		title = "SpecifiedByURL"
	}
	if v.Kind() == reflect.Struct {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p
	}
	if m := v.MethodByName(title); m.IsValid() {
		var in []reflect.Value
		if m.Type().NumIn() == 1 {
			deprecated, _ := args["includeDeprecated"].(bool)
			in = []reflect.Value{reflect.ValueOf(deprecated)}
		}
		return m.Call(in)[0].Interface()
	}
	if f := v.Elem().FieldByName(title); f.IsValid() {
		return f.Interface()
	}
	panic("toy: no field " + name)
}

// serveToy is a Handler over the toy with a short deadline.
func serveToy(t testing.TB, o Options) (*Handler, *toy) {
	t.Helper()
	toy := newToy(t)
	if o.Deadline == 0 {
		o.Deadline = 10 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return New(toy, o), toy
}
