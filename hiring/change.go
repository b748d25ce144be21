package hiring

import (
	"maps"
	"slices"
)

// Change is what an update says of one field: nothing unless Set, else its new
// value, where nil or empty clears.
type Change[T any] struct {
	Set bool
	To  T
}

// To is a change to this value.
func To[T any](value T) Change[T] { return Change[T]{Set: true, To: value} }

// apply sets a nullable column, or clears it when value is nil.
func apply[T, U any](value *T, set func(T) U, clear func() U) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

// given is nil for an empty text or a 0, which stand for nothing.
func given[T comparable](value T) *T {
	var nothing T
	if value == nothing {
		return nil
	}
	return &value
}

// changed names the fields that are, in alphabetical order.
func changed(fields map[string]bool) []string {
	maps.DeleteFunc(fields, func(_ string, set bool) bool { return !set })
	return slices.Sorted(maps.Keys(fields))
}

// same compares values that may be absent.
func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
