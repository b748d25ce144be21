package funnel

import (
	"cmp"
	"slices"
)

// leastMinimum is the smallest number that hides: a group that is hidden for
// being under 2 is known to be of one.
const leastMinimum = 3

// suppressed says which groups are hidden so that no count of theirs can be told,
// not even by somebody who knows this procedure, every name and, from another
// report, how many there are and how many are selected of all, the undisclosed
// included.
//
// Those under the minimum are hidden, and beyond them the smallest, until what
// they add up to leaves it open who is what. Groups of one size are hidden
// together, so that the size says it and not the name. One group alone is
// compared with nothing and hidden with the rest.
//
// This guards one report. Of two whose people overlap the difference is a third
// one that nothing guards: whoever asks must not choose freely what is counted.
func suppressed(groups []ImpactGroup, minimum int, undisclosed ImpactGroup) map[string]bool {
	ascending := slices.SortedFunc(slices.Values(groups), func(a, b ImpactGroup) int { return cmp.Compare(a.Total, b.Total) })
	everybody := undisclosed
	for _, g := range groups {
		everybody.add(g)
	}
	hidden := 0
	for hidden < len(ascending) && ascending[hidden].Total < minimum {
		hidden++
	}
	for hidden > 0 && hidden < len(ascending) && !ambiguous(ascending[:hidden], minimum, undisclosed, everybody) {
		for size := ascending[hidden].Total; hidden < len(ascending) && ascending[hidden].Total == size; {
			hidden++
		}
	}
	if hidden > 0 && len(ascending)-hidden < 2 {
		hidden = len(ascending)
	}
	names := map[string]bool{}
	for _, g := range ascending[:hidden] {
		names[g.Group] = true
	}
	return names
}

// ambiguous reports whether the counts of hidden groups, in ascending order of
// size, cannot be told from what they add up to with the undisclosed, which is
// known to whoever takes away from everybody what is shown.
func ambiguous(hidden []ImpactGroup, minimum int, undisclosed, everybody ImpactGroup) bool {
	rest := undisclosed
	for _, g := range hidden {
		rest.add(g)
	}
	// All or nobody selected says it of every group, unless that is known anyway.
	if rest.Selected == 0 && everybody.Selected > 0 ||
		rest.Selected == rest.Total && everybody.Selected < everybody.Total {
		return false
	}
	if undisclosed.Total > 0 {
		// One more here and one less there is as good, unless each is of one.
		return rest.Total > len(hidden)+1
	}
	smallest, largest := hidden[0].Total, hidden[len(hidden)-1].Total
	// Groups of different sizes can change places. Those of one size can lend each
	// other one, unless that size is as small or as large as it can be.
	return smallest < largest || len(hidden) > 1 && 1 < smallest && smallest < minimum-1
}
