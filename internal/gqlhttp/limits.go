package gqlhttp

import (
	"cmp"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// defaultBody is how many bytes a POST may have unless Limits say so.
const defaultBody int64 = 256 << 10

// Limits bound one request. A zero field means the default beside it. Counts
// are of one operation with every fragment spread out where it is used.
type Limits struct {
	Body       int64 // bytes of a POST body: 256 KiB
	Text       int   // bytes of the document: 20,000
	Tokens     int   // lexical tokens of the document: 4,000
	Operations int   // in one document: 10
	Depth      int   // of nested fields: 12; introspection counts as one level
	Fragments  int   // in one document: 100
	Selections int   // fields, inline fragments and spreads: 1,000
	RootFields int   // of one operation: 20
	Repeats    int   // of one response key in one object: 10
	Aliases    int   // 30
	Directives int   // 50
	Variables  int   // 50
	ListItems  int   // in one list of the input, written or from a variable: 500
	Cost       int   // see costOf: 50,000
	Errors     int   // in one answer: 20
	CacheBytes int   // memory for parsed documents: 16 MiB
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Body:       cmp.Or(l.Body, defaultBody),
		Text:       cmp.Or(l.Text, 20_000),
		Tokens:     cmp.Or(l.Tokens, 4_000),
		Operations: cmp.Or(l.Operations, 10),
		Depth:      cmp.Or(l.Depth, 12),
		Fragments:  cmp.Or(l.Fragments, 100),
		Selections: cmp.Or(l.Selections, 1_000),
		RootFields: cmp.Or(l.RootFields, 20),
		Repeats:    cmp.Or(l.Repeats, 10),
		Aliases:    cmp.Or(l.Aliases, 30),
		Directives: cmp.Or(l.Directives, 50),
		Variables:  cmp.Or(l.Variables, 50),
		ListItems:  cmp.Or(l.ListItems, 500),
		Cost:       cmp.Or(l.Cost, 50_000),
		Errors:     cmp.Or(l.Errors, 20),
		CacheBytes: cmp.Or(l.CacheBytes, 16<<20),
	}
}

// check refuses a parsed document that is over a limit, before anything that
// could take more than linear time looks at it.
func (l Limits) check(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Operations) > l.Operations {
		return tooMuch("operations", len(doc.Operations), l.Operations)
	}
	if len(doc.Fragments) > l.Fragments {
		return tooMuch("fragments", len(doc.Fragments), l.Fragments)
	}
	m := measurer{fragments: map[string]*ast.FragmentDefinition{}, known: map[string]size{}, within: map[string]bool{}}
	for _, f := range doc.Fragments {
		m.fragments[f.Name] = f
	}
	for _, op := range doc.Operations {
		s := m.set(op.SelectionSet)
		s.directives = add(s.directives, len(op.Directives))
		for _, v := range op.VariableDefinitions {
			s.directives = add(s.directives, len(v.Directives))
		}
		for _, bound := range []struct {
			name      string
			got, most int
		}{
			{"selections", s.selections, l.Selections},
			{"depth", s.depth, l.Depth},
			{"rootFields", s.width, l.RootFields},
			{"aliases", s.aliases, l.Aliases},
			{"directives", s.directives, l.Directives},
			{"variables", len(op.VariableDefinitions), l.Variables},
		} {
			if bound.got > bound.most {
				return tooMuch(bound.name, bound.got, bound.most)
			}
		}
	}
	// Validation visits each fragment by itself as well, spread or not.
	for _, f := range doc.Fragments {
		if s := m.fragment(f.Name); s.selections > l.Selections {
			return tooMuch("selections", s.selections, l.Selections)
		}
	}
	if m.cyclic {
		return Errorf(errcode.ValidationFailed, "a fragment spreads itself")
	}
	// From here on all that is selected can be walked, fragments spread out.
	for _, op := range doc.Operations {
		if got := mostRepeats(m.fragments, op.SelectionSet); got > l.Repeats {
			return tooMuch("repeats", got, l.Repeats)
		}
	}
	return nil
}

// size of a selection set with its fragments spread out.
type size struct {
	selections, depth, width, aliases, directives int
}

func (s *size) add(o size) {
	s.selections = add(s.selections, o.selections)
	s.depth = max(s.depth, o.depth)
	s.width = add(s.width, o.width)
	s.aliases = add(s.aliases, o.aliases)
	s.directives = add(s.directives, o.directives)
}

// measurer measures each fragment once: a document of n fragments that each
// spread the next one twice has 2ⁿ selections but n fragments.
type measurer struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[string]size
	within    map[string]bool // being measured
	cyclic    bool            // what was measured is then too small
}

func (m *measurer) set(set ast.SelectionSet) size {
	var total size
	for _, selection := range set {
		one := size{selections: 1}
		switch s := selection.(type) {
		case *ast.Field:
			inner := m.set(s.SelectionSet)
			if introspects(s.Name) {
				inner.depth = 0 // its depth is bounded by validation
			}
			one.add(inner)
			one.width = 1
			one.depth = inner.depth + 1
			one.directives = add(one.directives, len(s.Directives))
			if s.Alias != s.Name {
				one.aliases = add(one.aliases, 1)
			}
		case *ast.InlineFragment:
			one.add(m.set(s.SelectionSet))
			one.directives = add(one.directives, len(s.Directives))
		case *ast.FragmentSpread:
			one.add(m.fragment(s.Name))
			one.directives = add(one.directives, len(s.Directives))
		}
		total.add(one)
	}
	return total
}

// fragment measures by name. Unknown fragments and cycles measure as nothing;
// neither is valid.
func (m *measurer) fragment(name string) size {
	m.cyclic = m.cyclic || m.within[name]
	if s, ok := m.known[name]; ok {
		return s
	}
	m.known[name] = size{}
	m.within[name] = true
	defer delete(m.within, name)
	if f := m.fragments[name]; f != nil {
		s := m.set(f.SelectionSet)
		s.directives = add(s.directives, len(f.Directives))
		m.known[name] = s
	}
	return m.known[name]
}

// checkLists refuses lists in variables that are longer than any use asks for.
func (l Limits) checkLists(value any) *gqlerror.Error {
	switch v := value.(type) {
	case []any:
		if len(v) > l.ListItems {
			return tooMuch("listItems", len(v), l.ListItems)
		}
		for _, item := range v {
			if err := l.checkLists(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, item := range v {
			if err := l.checkLists(item); err != nil {
				return err
			}
		}
	}
	return nil
}

func introspects(field string) bool { return field == "__schema" || field == "__type" }

func tooMuch(what string, got, most int) *gqlerror.Error {
	err := Errorf(CodeTooComplex, "the operation is over the limit of %s: %d, at most %d", what, got, most)
	err.Extensions["limit"] = what
	return err
}

// ceiling is where counts stop growing: far beyond any limit, far from overflow.
const ceiling = 1 << 30

func add(a, b int) int { return min(a+b, ceiling) }

func multiply(a, b int) int {
	if a != 0 && b > ceiling/a {
		return ceiling
	}
	return a * b
}
