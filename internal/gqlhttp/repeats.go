package gqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// mostRepeats is how often the most repeated response key is selected of one
// object, once selections of the same key are merged as execution merges them:
// { a { b } a { b } } selects b twice. Whether they can be merged is decided by
// comparing each with each, so that this bounds what validation costs.
//
// Under different type conditions a key counts apart: they select of different
// objects, mostly. The set must be free of cycles and bounded; fragments that
// are not there count as nothing.
func mostRepeats(fragments map[string]*ast.FragmentDefinition, set ast.SelectionSet) int {
	root := &merged{}
	root.add(fragments, set, "")
	return root.most()
}

// merged is one object of the answer.
type merged struct {
	fields map[place]*mergedField
}

// place is a response key under a type condition, "" being none.
type place struct{ condition, key string }

type mergedField struct {
	times int
	below merged
}

func (m *merged) add(fragments map[string]*ast.FragmentDefinition, set ast.SelectionSet, condition string) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if m.fields == nil {
				m.fields = map[place]*mergedField{}
			}
			at := place{condition, s.Alias}
			f := m.fields[at]
			if f == nil {
				f = &mergedField{}
				m.fields[at] = f
			}
			f.times++
			f.below.add(fragments, s.SelectionSet, "")
		case *ast.InlineFragment:
			on := condition
			if s.TypeCondition != "" {
				on = s.TypeCondition
			}
			m.add(fragments, s.SelectionSet, on)
		case *ast.FragmentSpread:
			if f := fragments[s.Name]; f != nil {
				m.add(fragments, f.SelectionSet, f.TypeCondition)
			}
		}
	}
}

func (m *merged) most() int {
	most := 0
	for _, f := range m.fields {
		most = max(most, f.times, f.below.most())
	}
	return most
}
