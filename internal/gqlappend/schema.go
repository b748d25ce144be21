// Package gqlappend owns how an operation of a gqlgen schema is answered by
// appending JSON to one buffer, in place of gqlgen's execution: that makes a
// context, a goroutine or a closure for every field, which costs more than the
// work of most fields. internal/gqlgen generates, for every type of the
// contract, the functions that this package drives.
//
// It does not own what answers mean. Fields are collected, arguments are read,
// and errors are reported by gqlgen, so that both executions answer alike; the
// tests of graph hold them to it. Field and root-field middleware are not run,
// and @defer is taken as absent: internal/gqlhttp offers neither.
package gqlappend

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Roots append the root objects of a schema.
type Roots struct {
	Query, Mutation func(*Writer) bool
}

// Schema answers queries and mutations of inner by roots. exec makes what the
// generated functions find in Writer.Exec.
func Schema(inner graphql.ExecutableSchema, exec func(*graphql.OperationContext) any, roots Roots) graphql.ExecutableSchema {
	return &schema{ExecutableSchema: inner, exec: exec, roots: roots}
}

type schema struct {
	graphql.ExecutableSchema
	exec  func(*graphql.OperationContext) any
	roots Roots
}

// Exec is what gqlgen's executor calls for each operation.
func (s *schema) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	root := s.roots.Query
	switch op.Operation.Operation {
	case ast.Mutation:
		root = s.roots.Mutation
	case ast.Subscription:
		return s.ExecutableSchema.Exec(ctx)
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil // gqlgen's sign of the end
		}
		answered = true
		w := &Writer{Ctx: ctx, Exec: s.exec(op), op: op, first: true}
		w.path = append(w.path, step{field: &Field{CollectedField: graphql.CollectedField{Selections: op.Operation.SelectionSet}}})
		if !root(w) {
			w.Buf = append(w.Buf[:0], "null"...)
		}
		return &graphql.Response{Data: w.Buf}
	}
}
