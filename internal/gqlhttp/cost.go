package gqlhttp

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	defaultPage = 20
	largestPage = 100
	// mutationWeight is what a transaction costs beside reading a field.
	mutationWeight = 10
	// The whole schema is a long answer; what is below it is not counted apart.
	schemaWeight, typeWeight = 20_000, 200
)

// Cost of an operation as extensions.cost shows it.
type Cost struct {
	Requested int `json:"requested"`
	Limit     int `json:"limit"`
}

// CostOf is the cost of the operation that ctx belongs to; false when it was
// refused before it had one.
func CostOf(ctx context.Context) (Cost, bool) {
	if !graphql.HasOperationContext(ctx) {
		return Cost{}, false
	}
	cost, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(costExtension).(Cost)
	return cost, ok
}

// costOf says how many fields the operation may make the server resolve: its
// weight for each field, and what is below a field once for each object that it
// asks for.
//
// The weight is 1, of a mutation 10, unless the schema's directive @cost says
// more. A connection, known by its argument first or last, asks for that many
// objects (20 unless given, 100 at most); a lookup by a list of ids, for as many
// as there are ids; a list, for as many as sizes or @cost's rows say, or its
// argument points. Types that exclude each other are added up. variables are the
// coerced ones; the document must be valid.
func costOf(op *ast.OperationDefinition, variables map[string]any, sizes map[string]func(map[string]any) int) int {
	c := coster{variables: variables, sizes: sizes, known: map[spread]int{}, root: 1}
	if op.Operation == ast.Mutation {
		c.root = mutationWeight
	}
	return c.set(op.SelectionSet, nil)
}

type coster struct {
	variables map[string]any
	sizes     map[string]func(map[string]any) int
	known     map[spread]int
	root      int // weight of a root field
}

// spread is a fragment below a field: each is priced once.
type spread struct {
	fragment string
	parent   *ast.Field
}

// set prices what is selected of parent's result; parent is nil at the root.
func (c *coster) set(set ast.SelectionSet, parent *ast.Field) int {
	total := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if introspects(s.Name) {
				total = add(total, map[string]int{"__schema": schemaWeight, "__type": typeWeight}[s.Name])
				continue
			}
			weight, rows := priceOf(s.Definition)
			if parent == nil {
				weight = max(weight, c.root)
			}
			below := 0
			if len(s.SelectionSet) > 0 {
				below = multiply(c.objects(s, parent, rows), c.set(s.SelectionSet, s))
			}
			total = add(total, add(weight, below))
		case *ast.InlineFragment:
			total = add(total, c.set(s.SelectionSet, parent))
		case *ast.FragmentSpread:
			at := spread{s.Name, parent}
			price, known := c.known[at]
			if !known && s.Definition != nil {
				price = c.set(s.Definition.SelectionSet, parent)
				c.known[at] = price
			}
			total = add(total, price)
		}
	}
	return total
}

// priceOf reads @cost.
func priceOf(f *ast.FieldDefinition) (weight, rows int) {
	if f == nil {
		return 1, 1
	}
	cost := f.Directives.ForName("cost")
	if cost == nil {
		return 1, 1
	}
	number := func(name string) int {
		if a := cost.Arguments.ForName(name); a != nil {
			if n, err := strconv.Atoi(a.Value.Raw); err == nil {
				return n
			}
		}
		return 1
	}
	return number("weight"), number("rows")
}

// objects is how many results f asks for.
func (c *coster) objects(f, parent *ast.Field, rows int) int {
	if f.Definition == nil {
		return 1
	}
	if f.ObjectDefinition != nil && parent != nil {
		if size := c.sizes[f.ObjectDefinition.Name+"."+f.Name]; size != nil {
			return max(size(parent.ArgumentMap(c.variables)), 1)
		}
	}
	connection := false
	for _, name := range []string{"first", "last"} {
		if f.Definition.Arguments.ForName(name) == nil {
			continue
		}
		connection = true
		if n, given := asInt(c.argument(f, name)); given {
			return min(max(n, 1), largestPage)
		}
	}
	if connection {
		return defaultPage
	}
	if list, ok := c.argument(f, "ids").([]any); ok {
		return max(len(list), 1)
	}
	if n, given := asInt(c.argument(f, "points")); given {
		return max(n, 1)
	}
	return rows
}

func (c *coster) argument(f *ast.Field, name string) any {
	if f.Definition.Arguments.ForName(name) == nil {
		return nil
	}
	given := f.Arguments.ForName(name)
	value := (*ast.Value)(nil)
	if given != nil {
		value = given.Value
	} else if def := f.Definition.Arguments.ForName(name); def != nil {
		value = def.DefaultValue
	}
	v, err := value.Value(c.variables)
	if err != nil {
		return nil
	}
	return v
}

func asInt(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}
