package gqlappend

import (
	"bytes"
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// Strings are escaped as gqlgen escapes them, whatever bytes they have.
func TestStringIsEscapedAsByGqlgen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringOf(rapid.SampledFrom([]rune("a\"\\\n\r\t\x00\x1f\x7fé🙂")))).Draw(t, "s")
		var want bytes.Buffer
		graphql.MarshalString(s).MarshalGQL(&want)
		if got := String(nil, s); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%q is written %s, want %s", s, got, want.Bytes())
		}
	})
}

// writer writes below a field "list" that the contract does not know.
func writer(ctx context.Context) *Writer {
	op := &graphql.OperationContext{RecoverFunc: graphql.DefaultRecover}
	ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	field := &Field{CollectedField: graphql.CollectedField{Field: &ast.Field{Name: "list", Alias: "list"}}}
	return &Writer{Ctx: ctx, op: op, path: []step{{field: field}}}
}

// A list is not walked on once the deadline has passed: what is left is null,
// and one error says from where.
func TestListStopsAtTheDeadline(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := writer(ctx)
	complete := List(w, []int{1, 2, 3, 4}, true, func(w *Writer, n int) bool {
		if n == 2 {
			cancel()
		}
		w.Buf = Int(w.Buf, n)
		return true
	})
	if complete || string(w.Buf) != "[1,2,null,null]" {
		t.Errorf("wrote %s, complete: %t", w.Buf, complete)
	}
	errs := graphql.GetErrors(w.Ctx)
	if len(errs) != 1 || errs[0].Path.String() != "list[2]" {
		t.Errorf("errors are %v, want one at list[2]", errs)
	}
}

// A panic costs the element in which it happened, and no other.
func TestPanicCostsOneElement(t *testing.T) {
	w := writer(t.Context())
	complete := List(w, []int{1, 2, 3}, false, func(w *Writer, n int) bool {
		w.Buf = append(w.Buf, "half an"...)
		if n == 2 {
			w.path = append(w.path, step{index: 7})
			panic("oops")
		}
		w.Buf = Int(w.Buf[:len(w.Buf)-len("half an")], n)
		return true
	})
	if !complete || string(w.Buf) != "[1,null,3]" {
		t.Errorf("wrote %s, complete: %t", w.Buf, complete)
	}
	if errs := graphql.GetErrors(w.Ctx); len(errs) != 1 || errs[0].Path.String() != "list[1]" {
		t.Errorf("errors are %v, want one at list[1]", errs)
	}
	if len(w.path) != 1 {
		t.Errorf("the path is left with %d steps", len(w.path))
	}
}
