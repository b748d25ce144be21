package funnel_test

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

// seen is what somebody has of a world: whether there are undisclosed, how many
// are there and selected of all, and of each group the same where it is shown.
type seen struct {
	undisclosed   bool
	all, selected int8
	groups        [4][2]int8
}

const (
	hidden  = -1
	unasked = -2
)

// values are, for each group, the sizes, numbers selected and extremes that it has
// in any of the worlds that look the same, as bits.
type values [4][3]uint32

// extremes of a rate.
const (
	nobody = iota
	everybody
	some
)

func extreme(g funnel.ImpactGroup) int {
	switch g.Selected {
	case 0:
		return nobody
	case g.Total:
		return everybody
	}
	return some
}

// attacker remembers every world by what is seen of it.
type attacker struct {
	names           []string
	minimum         int
	mostUndisclosed int // in the worlds that are tried
	worlds          map[seen]*values
}

func (a *attacker) remember(key seen, groups []funnel.ImpactGroup) {
	v := a.worlds[key]
	if v == nil {
		v = &values{}
		a.worlds[key] = v
	}
	for i, g := range groups {
		v[i][0] |= 1 << g.Total
		v[i][1] |= 1 << g.Selected
		if g.Total > 0 {
			v[i][2] |= 1 << extreme(g)
		}
	}
}

// look takes in one world, once without the report and once with it.
func (a *attacker) look(groups []funnel.ImpactGroup, undisclosed funnel.ImpactGroup) {
	without := seen{undisclosed: undisclosed.Total > 0, all: int8(undisclosed.Total), selected: int8(undisclosed.Selected)}
	for i, g := range groups {
		without.all += int8(g.Total)
		without.selected += int8(g.Selected)
		without.groups[i] = [2]int8{unasked, unasked}
	}
	with := without
	report := funnel.AdverseImpact(groups, funnel.ImpactOptions{Minimum: a.minimum, Undisclosed: undisclosed})
	for i, row := range report.Rows { // by name, as the groups are
		with.groups[i] = [2]int8{hidden, hidden}
		if row.Applicants != nil {
			with.groups[i] = [2]int8{int8(*row.Applicants), int8(*row.Selected)}
		}
	}
	a.remember(without, groups)
	a.remember(with, groups)
}

// Somebody who knows the procedure, the names and the totals, and tries every
// world that gives the same report, is not sure of any count that is hidden,
// unless they were without the report. Tried are all worlds of a size.
func TestNoHiddenCountFollowsFromWhatIsShown(t *testing.T) {
	for rule, c := range map[string]struct {
		names                              []string
		minimum                            int
		smallest, largest, mostUndisclosed int
	}{
		"four groups":                    {[]string{"A", "B", "C", "D"}, 3, 0, 5, 0},
		"four groups of somebody":        {[]string{"A", "B", "C", "D"}, 3, 1, 5, 0},
		"a minimum of four":              {[]string{"A", "B", "C", "D"}, 4, 0, 5, 0},
		"a minimum of four, of somebody": {[]string{"A", "B", "C", "D"}, 4, 1, 5, 0},
		"three groups among undisclosed": {[]string{"A", "B", "C"}, 3, 0, 4, 7},
		"groups of somebody, among them": {[]string{"A", "B", "C"}, 3, 1, 5, 7},
		"the usual minimum, among them":  {[]string{"A", "B", "C"}, 5, 1, 6, 5},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			a := attacker{c.names, c.minimum, c.mostUndisclosed, map[seen]*values{}}
			groups := make([]funnel.ImpactGroup, len(c.names))
			var try func(i int)
			try = func(i int) {
				if i == len(groups) {
					for total := range c.mostUndisclosed + 1 {
						for selected := range total + 1 {
							a.look(groups, funnel.ImpactGroup{Selected: selected, Total: total})
						}
					}
					return
				}
				for total := c.smallest; total <= c.largest; total++ {
					for selected := range total + 1 {
						groups[i] = funnel.ImpactGroup{Group: c.names[i], Selected: selected, Total: total}
						try(i + 1)
					}
				}
			}
			try(0)
			a.judge(t)
		})
	}
}

// judge compares what is known with reports to what is known without.
func (a *attacker) judge(t *testing.T) {
	partly := 0
	for key, with := range a.worlds {
		if key.groups[0][0] == unasked {
			continue
		}
		without := key
		for i := range a.names {
			without.groups[i] = [2]int8{unasked, unasked}
		}
		shown, covered := 0, 0
		if key.undisclosed && a.rest(key) > a.mostUndisclosed {
			continue // worlds with more undisclosed would have to be tried
		}
		for i, name := range a.names {
			if key.groups[i][0] != hidden {
				shown++
				continue
			}
			covered++
			for figure, what := range []string{"size", "selections", "rate"} {
				before, after := a.worlds[without][i][figure], with[i][figure]
				if what == "rate" && after == 1<<some {
					continue // neither 0 nor 1 says little
				}
				if bits.OnesCount32(before) > 1 && bits.OnesCount32(after) == 1 {
					t.Errorf("%+v: the %s of %s is known: %b", key, what, name, after)
				}
			}
		}
		if shown > 0 && covered > 0 {
			partly++
		}
	}
	if partly == 0 {
		t.Error("no report hides some groups and shows others: nothing was tried")
	}
}

// rest is how many are not shown.
func (a *attacker) rest(key seen) int {
	rest := int(key.all)
	for i := range a.names {
		if n := key.groups[i][0]; n != hidden {
			rest -= int(n)
		}
	}
	return rest
}

func drawGroups(t *rapid.T, most int) []funnel.ImpactGroup {
	size := rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 60), rapid.IntRange(0, 2000))
	names := rapid.SliceOfNDistinct(rapid.StringMatching("[A-Za-z]{1,3}"), 0, most, rapid.ID[string]).Draw(t, "names")
	groups := make([]funnel.ImpactGroup, len(names))
	for i, name := range names {
		total := size.Draw(t, "total")
		groups[i] = funnel.ImpactGroup{Group: name, Total: total, Selected: rapid.IntRange(0, total).Draw(t, "selected")}
	}
	return groups
}

func drawUndisclosed(t *rapid.T) funnel.ImpactGroup {
	total := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 40)).Draw(t, "undisclosed")
	return funnel.ImpactGroup{Total: total, Selected: rapid.IntRange(0, total).Draw(t, "undisclosed selected")}
}

// Among groups of any size, people can be moved between those that are hidden, or
// exchanged with the undisclosed, and the report stays the same.
func TestHiddenGroupsCanChangePlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups, undisclosed := drawGroups(t, 8), drawUndisclosed(t)
		options := funnel.ImpactOptions{Undisclosed: undisclosed}
		report := funnel.AdverseImpact(groups, options)
		behind := map[string]bool{}
		for _, row := range report.Rows {
			behind[row.Group] = row.Status == funnel.Suppressed
		}
		var places []int
		for i, g := range groups {
			if behind[g.Group] {
				places = append(places, i)
			}
		}
		if len(places) < len(groups) && len(places) == 1 && undisclosed.Total == 0 {
			t.Fatalf("one group alone is hidden: %+v", report)
		}
		other := append([]funnel.ImpactGroup(nil), groups...)
		for at, from := range rapid.Permutation(places).Draw(t, "places") {
			other[places[at]].Total, other[places[at]].Selected = groups[from].Total, groups[from].Selected
		}
		if again := funnel.AdverseImpact(other, options); !sameReport(report, again) {
			t.Fatalf("groups that are hidden show:\n%+v\n%+v", report, again)
		}
	})
}
