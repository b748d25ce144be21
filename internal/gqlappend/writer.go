package gqlappend

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Writer writes an answer, or the part of it below one field. Functions that
// append a value return false for null, and leave Buf longer or not: what they
// appended is then dropped.
type Writer struct {
	Buf  []byte
	Ctx  context.Context // without a path: see Context
	Exec any

	op   *graphql.OperationContext
	path []step
	// first is whether the cohorts around here are likely not loaded yet: it is
	// the first object of its list, and of those around.
	first bool
}

// step is a field, or a place in a list when field is nil.
type step struct {
	field *Field
	index int
}

// Context is the context of the place where w writes, for what reports errors.
func (w *Writer) Context() context.Context { return w.contextOf(w.path) }

func (w *Writer) contextOf(path []step) context.Context {
	ctx := w.Ctx
	for _, s := range path {
		place := &graphql.FieldContext{}
		if f := s.field; f == nil {
			place.Index = &s.index
		} else {
			place.Field = f.CollectedField
			place.IsMethod = f.kind != Variable
			place.IsResolver = f.kind == Resolver || f.kind == Serial
			if f.of != nil {
				place.Object = f.of.Name
			}
		}
		ctx = graphql.WithFieldContext(ctx, place)
	}
	return ctx
}

// Fail reports what a resolver or method returned.
func (w *Writer) Fail(err error) bool {
	ctx := w.Context()
	w.op.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
	return false
}

// InvalidNull reports a null where the contract has the type want.
func (w *Writer) InvalidNull(want string) bool {
	graphql.AddInvalidNullError(w.Context(), want)
	return false
}

// InvalidNullFromMarshaler reports a value that is written as null where the
// contract has the type want.
func (w *Writer) InvalidNullFromMarshaler(want string) bool {
	graphql.AddInvalidNullFromMarshaler(w.Context(), want)
	return false
}

func (w *Writer) recovered(v any) {
	ctx := w.Context()
	w.op.Error(ctx, w.op.Recover(ctx, v))
}

// Foreign writes the current field by gqlgen's own execution, which gets the
// context of the object around it.
func (w *Writer) Foreign(f *Field, field func(context.Context, graphql.CollectedField) graphql.Marshaler) bool {
	value := field(w.contextOf(w.path[:len(w.path)-1]), f.CollectedField)
	return value != graphql.Null && w.Marshal(value)
}
