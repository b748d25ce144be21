package calibration

// groups are the sets of raters who can be compared with each other: two who
// rated a unit together, and whoever is linked to them by such pairs.
type groups struct {
	n    int
	of   []int // by rank: numbered in the order of their first member
	size []int // by number
}

func (p *panel) groups(pairs []pair) groups {
	above := make([]int32, p.raters)
	for i := range above {
		above[i] = int32(i)
	}
	top := func(i int32) int32 {
		for above[i] != i {
			above[i] = above[above[i]]
			i = above[i]
		}
		return i
	}
	for i := range pairs {
		a, b := top(pairs[i].first), top(pairs[i].second)
		// The lowest rank is the top, so that it is met before the others below.
		above[max(a, b)] = min(a, b)
	}
	g := groups{of: make([]int, p.raters)}
	for i := range above {
		if t := top(int32(i)); int(t) != i {
			g.of[i] = g.of[t]
		} else {
			g.of[i] = g.n
			g.n++
			g.size = append(g.size, 0)
		}
		g.size[g.of[i]]++
	}
	return g
}

// numbers are the groups as they are shown: from 1, and 0 for who stands alone.
func (g groups) numbers() []int {
	shown, next := make([]int, g.n), 0
	for i, size := range g.size {
		if size > 1 {
			next++
			shown[i] = next
		}
	}
	numbers := make([]int, len(g.of))
	for i, group := range g.of {
		numbers[i] = shown[group]
	}
	return numbers
}
