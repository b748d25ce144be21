package gqlhttp

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	defaultPage = 20
	largestPage = 100
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

// costOf says how many fields the operation may make the server resolve: one
// for each field, and what is below a field once for each node that it asks
// for. A connection, known by its argument first or last, asks for that many
// (20 unless given, 100 at most); a lookup by a list of ids, for as many as
// there are ids. Types that exclude each other are added up: cost is an upper
// bound. variables are the coerced ones; the document must be valid.
func costOf(op *ast.OperationDefinition, variables map[string]any) int {
	c := coster{variables: variables, known: map[string]int{}}
	return c.set(op.SelectionSet)
}

type coster struct {
	variables map[string]any
	known     map[string]int // by fragment: each is priced once
}

func (c *coster) set(set ast.SelectionSet) int {
	total := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			total = add(total, add(1, multiply(c.nodes(s), c.set(s.SelectionSet))))
		case *ast.InlineFragment:
			total = add(total, c.set(s.SelectionSet))
		case *ast.FragmentSpread:
			price, known := c.known[s.Name]
			if !known && s.Definition != nil {
				price = c.set(s.Definition.SelectionSet)
				c.known[s.Name] = price
			}
			total = add(total, price)
		}
	}
	return total
}

// nodes is how many results f asks for.
func (c *coster) nodes(f *ast.Field) int {
	if f.Definition == nil || len(f.Definition.Arguments) == 0 || len(f.SelectionSet) == 0 {
		return 1
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
	return 1
}

func (c *coster) argument(f *ast.Field, name string) any {
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
