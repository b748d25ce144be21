package gqlhttp

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// checkLiterals holds the values written in a valid document to the rules that
// variables are held to, where validation is laxer: strings must be text, IDs
// must not be numbers, braces are no scalar, and lists have an end.
func (l Limits) checkLiterals(doc *ast.QueryDocument) gqlerror.List {
	c := literals{mostItems: l.ListItems}
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			c.value(v.DefaultValue)
			c.directives(v.Directives)
		}
		c.directives(op.Directives)
		c.set(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		c.directives(f.Directives)
		c.set(f.SelectionSet)
	}
	return c.problems
}

type literals struct {
	mostItems int
	problems  gqlerror.List
}

func (l *literals) set(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			l.directives(s.Directives)
			for _, a := range s.Arguments {
				l.value(a.Value)
			}
			l.set(s.SelectionSet)
		case *ast.InlineFragment:
			l.directives(s.Directives)
			l.set(s.SelectionSet)
		case *ast.FragmentSpread:
			l.directives(s.Directives)
		}
	}
}

func (l *literals) directives(list ast.DirectiveList) {
	for _, d := range list {
		if d.Name == "defer" {
			l.refuse(d.Position, "@defer needs an answer in parts, which is not offered")
		}
		for _, a := range d.Arguments {
			l.value(a.Value)
		}
	}
}

func (l *literals) value(v *ast.Value) {
	if v == nil {
		return
	}
	scalar := ""
	if v.Definition != nil && v.Definition.Kind == ast.Scalar {
		scalar = v.Definition.Name
	}
	switch v.Kind {
	case ast.ListValue:
		if len(v.Children) > l.mostItems {
			l.problems = append(l.problems, tooMuch("listItems", len(v.Children), l.mostItems))
			return
		}
	case ast.StringValue, ast.BlockValue:
		if why := notText(v.Raw); why != "" {
			l.refuse(v.Position, "a string %s", why)
		}
	case ast.IntValue:
		switch scalar {
		case "Int":
			if _, err := strconv.ParseInt(v.Raw, 10, 32); err != nil {
				l.refuse(v.Position, "an Int must be an integer of 32 bits")
			}
		case "ID":
			l.refuse(v.Position, "an ID must be a string")
		}
	case ast.ObjectValue:
		if v.Definition != nil && (v.Definition.Kind == ast.Enum ||
			v.Definition.OneOf("Int", "Float", "String", "Boolean", "ID")) {
			l.refuse(v.Position, "an object is no %s", v.Definition.Name)
		}
	}
	for _, child := range v.Children {
		l.value(child.Value)
	}
}

func (l *literals) refuse(where *ast.Position, format string, args ...any) {
	if len(l.problems) >= maxProblems {
		return
	}
	err := Errorf(CodeBadUserInput, format, args...)
	if where != nil {
		err.Locations = []gqlerror.Location{{Line: where.Line, Column: where.Column}}
	}
	l.problems = append(l.problems, err)
}
