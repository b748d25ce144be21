package hiring

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// Whatever people say: who said something is in one group, those whose wordings
// differ in case only are in the same, and no group but Other is named by few.
func TestGroupsOfAnswers(t *testing.T) {
	ids := gid.NewGenerator(nil, nil)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"Woman", "woman", "WOMAN", "Man", "man", "Agender", "agender", "Other", "other", "Élan", "éLAN"})
		said, given := map[gid.ID]string{}, map[string]int{}
		var all tally
		for _, answer := range rapid.SliceOfN(words, 0, 60).Draw(t, "answers") {
			id := ids.New(gid.Application)
			said[id] = answer
			given[strings.ToLower(answer)]++
			all.add(id, answer)
		}
		g := all.groups()
		if !slices.IsSorted(g.names) || len(slices.Compact(slices.Clone(g.names))) != len(g.names) {
			t.Fatalf("the groups are %q", g.names)
		}
		if len(g.of) != len(said) {
			t.Fatalf("%d are in a group, %d said something", len(g.of), len(said))
		}
		for id, answer := range said {
			name := g.names[g.of[id]]
			switch n := given[strings.ToLower(answer)]; {
			case n >= funnel.DefaultMinimumGroup && !strings.EqualFold(name, answer):
				t.Fatalf("%d said %q, and are called %q", n, answer, name)
			case n < funnel.DefaultMinimumGroup && name != otherAnswers:
				t.Fatalf("%d said %q, and are named %q", n, answer, name)
			}
		}
	})
}
