package gqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// Heap bytes of parsed documents, measured with some room above.
const (
	bytesEach    = 2_048 // a document with its place in the cache
	bytesPerNode = 400   // a field, argument, value, directive or fragment
)

// weigh estimates the memory that doc holds, from above.
func weigh(text string, doc *ast.QueryDocument) int {
	nodes := 0
	for _, op := range doc.Operations {
		nodes += 1 + countDirectives(op.Directives) + countSet(op.SelectionSet)
		for _, v := range op.VariableDefinitions {
			nodes += 2 + countValue(v.DefaultValue) + countDirectives(v.Directives)
		}
	}
	for _, f := range doc.Fragments {
		nodes += 1 + countDirectives(f.Directives) + countSet(f.SelectionSet)
	}
	return bytesEach + 2*len(text) + bytesPerNode*nodes
}

func countSet(set ast.SelectionSet) int {
	n := 0
	for _, selection := range set {
		n++
		switch s := selection.(type) {
		case *ast.Field:
			n += countDirectives(s.Directives) + countArguments(s.Arguments) + countSet(s.SelectionSet)
		case *ast.InlineFragment:
			n += countDirectives(s.Directives) + countSet(s.SelectionSet)
		case *ast.FragmentSpread:
			n += countDirectives(s.Directives)
		}
	}
	return n
}

func countDirectives(list ast.DirectiveList) int {
	n := 0
	for _, d := range list {
		n += 1 + countArguments(d.Arguments)
	}
	return n
}

func countArguments(list ast.ArgumentList) int {
	n := 0
	for _, a := range list {
		n += 1 + countValue(a.Value)
	}
	return n
}

func countValue(v *ast.Value) int {
	if v == nil {
		return 0
	}
	n := 1
	for _, child := range v.Children {
		n += countValue(child.Value)
	}
	return n
}
