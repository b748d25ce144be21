package gqlappend

import (
	"slices"
	"sync"
)

// Object appends an object of type t; field appends the value of one of its
// fields.
func Object[T any](w *Writer, t *Type, object T, field func(*Writer, *Field, T) bool) bool {
	p := w.field().plan(w.op, t)
	var ready []part
	if w.first && p.waiting > 1 {
		ready = waitTogether(w, p, object, field)
	}
	w.Buf = append(w.Buf, '{')
	valid := true
	for i := 0; i < len(p.fields); {
		i = fields(w, p.fields, i, object, field, ready, &valid)
	}
	w.Buf = append(w.Buf, '}')
	return valid
}

// field is the field of whose value the current object is a part.
func (w *Writer) field() *Field {
	for i := len(w.path) - 1; ; i-- {
		if f := w.path[i].field; f != nil {
			return f
		}
	}
}

// fields appends the fields from i on, and returns where to go on: behind a
// field that panicked, or at the end.
func fields[T any](w *Writer, all []Field, i int, object T, field func(*Writer, *Field, T) bool, ready []part, valid *bool) (next int) {
	before, start, depth := 0, 0, len(w.path)
	done := func(null bool) {
		w.path = w.path[:depth]
		if null {
			w.Buf = append(w.Buf[:start], "null"...)
			*valid = *valid && !all[i].nonNull
		}
		if all[i].hidden {
			w.Buf = w.Buf[:before]
		}
	}
	defer func() {
		if v := recover(); v != nil {
			w.path = w.path[:depth+1]
			w.recovered(v)
			done(true)
			next = i + 1
		}
	}()
	for ; i < len(all); i++ {
		f := &all[i]
		before = len(w.Buf)
		if i == 0 {
			w.Buf = append(w.Buf, f.key[1:]...)
		} else {
			w.Buf = append(w.Buf, f.key...)
		}
		start = len(w.Buf)
		w.path = append(w.path, step{field: f})
		ok := true
		switch {
		case f.Name == "__typename":
			w.Buf = append(append(append(w.Buf, '"'), f.of.Name...), '"')
		case ready != nil && f.kind.waits():
			w.Buf = append(w.Buf, ready[i].json...)
			ok = ready[i].ok
		default:
			ok = field(w, f, object)
		}
		done(!ok)
	}
	return i
}

// part is the value of a field that was written ahead of its siblings.
type part struct {
	json []byte
	ok   bool
}

// waitTogether writes all values that may have to wait for the database at the
// same time. That pays for the first object of a list only: it loads what the
// others need too.
func waitTogether[T any](w *Writer, p *plan, object T, field func(*Writer, *Field, T) bool) []part {
	parts := make([]part, len(p.fields))
	var group sync.WaitGroup
	for i := range p.fields {
		f := &p.fields[i]
		if !f.kind.waits() {
			continue
		}
		group.Go(func() {
			path := append(slices.Clone(w.path), step{field: f})
			fork := &Writer{Ctx: w.Ctx, Exec: w.Exec, op: w.op, first: true, path: path}
			defer func() {
				if v := recover(); v != nil {
					fork.path = path
					fork.recovered(v)
				}
			}()
			ok := field(fork, f, object)
			parts[i] = part{fork.Buf, ok}
		})
	}
	group.Wait()
	return parts
}

// List appends a list; element appends one of its elements, which must not be
// null when nonNull is set. Once the context is done, the rest is null.
func List[T any](w *Writer, list []T, nonNull bool, element func(*Writer, T) bool) bool {
	depth, first := len(w.path), w.first
	w.Buf = append(w.Buf, '[')
	w.path = append(w.path, step{})
	complete := true
	for i := 0; i < len(list); {
		i = elements(w, list, i, element, &complete)
	}
	w.Buf = append(w.Buf, ']')
	w.path, w.first = w.path[:depth], first
	return complete || !nonNull
}

// elements appends the elements from i on, and returns where to go on, like
// fields.
func elements[T any](w *Writer, list []T, i int, element func(*Writer, T) bool, complete *bool) (next int) {
	start, depth := 0, len(w.path)
	null := func() {
		w.Buf = append(w.Buf[:start], "null"...)
		*complete = false
	}
	defer func() {
		if v := recover(); v != nil {
			w.path = w.path[:depth]
			w.recovered(v)
			null()
			next = i + 1
		}
	}()
	late := false
	for ; i < len(list); i++ {
		if i > 0 {
			w.Buf = append(w.Buf, ',')
			w.first = false
		}
		start = len(w.Buf)
		w.path[depth-1].index = i
		if err := w.Ctx.Err(); err != nil {
			if !late {
				w.op.Error(w.Context(), err)
			}
			late = true
		}
		if late || !element(w, list[i]) {
			null()
		}
	}
	return i
}

// Leaves appends a list of scalars, whose errors name the list, not a place in
// it.
func Leaves[T any](w *Writer, list []T, nonNull bool, element func(*Writer, T) bool) bool {
	w.Buf = append(w.Buf, '[')
	complete := true
	for i, v := range list {
		if i > 0 {
			w.Buf = append(w.Buf, ',')
		}
		start := len(w.Buf)
		if !element(w, v) {
			w.Buf = append(w.Buf[:start], "null"...)
			complete = false
		}
	}
	w.Buf = append(w.Buf, ']')
	return complete || !nonNull
}
