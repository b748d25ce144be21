package rubric

import (
	"cmp"
	"slices"
	"strings"
)

// pair is one thing as it was and as it is: nil before when it is new, nil
// after when it has gone.
type pair[T any] struct {
	key           string // as it is, or was
	before, after *T
	position      int // of before
}

// match joins what has the same key, then what is left and says which key it
// replaces. Pairs stand in the order of to, those that have gone after them in
// the order of from. Each thing is in one pair, also where a draft uses a key
// twice.
func match[T any](from, to []T, key, replaces func(T) string) []pair[T] {
	waiting := map[string][]int{} // positions in from, by key
	for i, before := range from {
		waiting[key(before)] = append(waiting[key(before)], i)
	}
	pairs := make([]pair[T], len(to))
	join := func(i int, key string) {
		if queue := waiting[key]; pairs[i].before == nil && len(queue) > 0 {
			pairs[i].before, pairs[i].position = &from[queue[0]], queue[0]
			waiting[key] = queue[1:]
		}
	}
	for i := range to {
		pairs[i].key, pairs[i].after = key(to[i]), &to[i]
		join(i, pairs[i].key)
	}
	for i := range to {
		if old := replaces(to[i]); old != "" {
			join(i, old)
		}
	}
	for i := range from {
		if slices.Contains(waiting[key(from[i])], i) {
			pairs = append(pairs, pair[T]{key: key(from[i]), before: &from[i], position: i})
		}
	}
	return pairs
}

// never is for things that are not renamed.
func never[T any](T) string { return "" }

// order lists the keys of what there was and still is, as ordered before and
// after.
func order[T any](pairs []pair[T]) (before, after string) {
	both := slices.DeleteFunc(slices.Clone(pairs), func(p pair[T]) bool { return p.before == nil || p.after == nil })
	list := func() string {
		keys := make([]string, len(both))
		for i, p := range both {
			keys[i] = p.key
		}
		return strings.Join(keys, ", ")
	}
	after = list()
	slices.SortFunc(both, func(a, b pair[T]) int { return cmp.Compare(a.position, b.position) })
	return list(), after
}
