package hiring

import (
	"slices"
	"sync"

	"hireloop/funnel"
)

// report is what is counted of all together, and of each group and period. Each
// is counted when it is asked for, once.
type report[T any] struct {
	*counted
	together func() []T
	apart    func() []T
}

// naming tells which group, in which period, a number stands for.
type naming func(group, period int) *FunnelGroup

// newReport tells what tell makes of a selection: one for each group and period,
// period by period within the group. Groups that are empty in every period are
// left out: a source or an opening that came later does not change what a past day
// tells.
func newReport[T any](c *counted, tell func(funnel.Selection, naming) []T, empty func(T) bool) report[T] {
	return report[T]{
		counted: c,
		together: sync.OnceValue(func() []T {
			return tell(c.whole, func(int, int) *FunnelGroup { return c.everybody() })
		}),
		apart: sync.OnceValue(func() []T {
			kept := []T{}
			if c.grouped == nil || len(c.groups) == 0 {
				return kept
			}
			all := tell(*c.grouped, c.group)
			for periods := len(all) / len(c.groups); len(all) > 0; all = all[periods:] {
				if one := all[:periods]; slices.ContainsFunc(one, func(t T) bool { return !empty(t) }) {
					kept = append(kept, one...)
				}
			}
			return kept
		}),
	}
}

// Basis is on what the figures stand.
func (r report[T]) Basis() *FunnelBasis { return &r.basis }

// Total is all together.
func (r report[T]) Total() T { return r.together()[0] }

// Groups are by group, and by period within the group.
func (r report[T]) Groups() []T { return r.apart() }
