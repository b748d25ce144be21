package gqlappend

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Kind is how a field gets its value.
type Kind uint8

const (
	Variable Kind = iota // reads a variable
	Method               // calls a method that needs no context
	Waiting              // calls a method that may wait for the database
	Resolver             // calls a resolver, which may wait too
	Serial               // calls a resolver before any later sibling
)

func (k Kind) waits() bool { return k == Waiting || k == Resolver }

// Type is an object type of the contract.
type Type struct {
	Name      string
	Satisfies []string        // its name and those of its interfaces
	Kinds     map[string]Kind // of the fields that are no variables
}

// Field is a selected field, collected once for an operation.
type Field struct {
	graphql.CollectedField

	of      *Type
	kind    Kind
	key     string // ,"alias":
	nonNull bool
	hidden  bool // the answer has its alias already
	args    *graphql.FieldContext
	plans   []*plan // for each type of object found under it
}

// plan is what was selected of one type of object.
type plan struct {
	of      *Type
	fields  []Field
	waiting int
}

// plan finds or makes the plan for objects of t under f. No two goroutines ever
// write below the same field.
func (f *Field) plan(op *graphql.OperationContext, t *Type) *plan {
	for _, p := range f.plans {
		if p.of == t {
			return p
		}
	}
	collected := graphql.CollectFields(op, f.Selections, t.Satisfies)
	p := &plan{of: t, fields: make([]Field, len(collected))}
	seen := make(map[string]bool, len(collected))
	for i, c := range collected {
		p.fields[i] = Field{
			CollectedField: c,
			of:             t,
			kind:           t.Kinds[c.Name],
			key:            `,"` + c.Alias + `":`,
			nonNull:        c.Definition != nil && c.Definition.Type.NonNull,
			hidden:         seen[c.Alias],
		}
		seen[c.Alias] = true
		if p.fields[i].kind.waits() {
			p.waiting++
		}
	}
	f.plans = append(f.plans, p)
	return p
}

// Args reads the arguments of f. They are read once for all objects, unless
// they are wrong: then each object has its own error.
func (w *Writer) Args(f *Field, read func(context.Context, map[string]any) (map[string]any, error)) (*graphql.FieldContext, bool) {
	if f.args == nil {
		ctx := w.Context()
		args, err := read(ctx, f.ArgumentMap(w.op.Variables))
		if err != nil {
			w.op.Error(ctx, err)
			return nil, false
		}
		f.args = &graphql.FieldContext{Args: args}
	}
	return f.args, true
}
