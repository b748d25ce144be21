package rubric_test

import (
	"slices"
	"testing"

	"hireloop/rubric"
)

func builtin(t *testing.T) rubric.Content {
	t.Helper()
	content, err := rubric.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Openings pin the edition: whoever changes a word of it makes a new one.
func TestThePublishedEditionNeverChanges(t *testing.T) {
	const published = "e1324783796832951a629dbd80f41255e6cd0f3e654d9d18986428bd88f2e1ea"
	edition := builtin(t).Edition
	if edition.Semver != "1.0.0" {
		t.Fatalf("edition %s: publish it beside 1.0.0, not instead", edition.Semver)
	}
	if got, err := rubric.Hash(edition); err != nil || got != published {
		t.Errorf("the content of 1.0.0 hashes to %s, %v; published was %s", got, err, published)
	}
}

func TestTheBuiltinLevels(t *testing.T) {
	content := builtin(t)
	for _, want := range []struct {
		level           string
		signals, gates  int
		modes           map[rubric.Mode]int
		mostWeight      int
		mostWeightyKeys []string
	}{
		{"em", 19, 5, map[rubric.Mode]int{rubric.Add: 19, rubric.Retire: 7}, 9,
			[]string{"efficient_delivery", "epd_collaboration"}},
		{"senior_em", 25, 8, map[rubric.Mode]int{rubric.Reweight: 13, rubric.Raise: 5, rubric.Add: 7, rubric.Retire: 1}, 9,
			[]string{"leadership_cultivation"}},
	} {
		t.Run(want.level, func(t *testing.T) {
			var signals, gates, most int
			var mostKeys []string
			modes := map[rubric.Mode]int{}
			for _, s := range content.Edition.Signals {
				modes[s.Mode(content.Ladder, want.level)]++
				d, asked := s.Effective(content.Ladder, want.level)
				if !asked {
					continue
				}
				signals++
				if d.MustHave {
					gates++
				}
				if d.Weight > most {
					most, mostKeys = d.Weight, nil
				}
				if d.Weight == most {
					mostKeys = append(mostKeys, s.Key)
				}
			}
			if signals != want.signals || gates != want.gates {
				t.Errorf("%d signals with %d gates, want %d with %d", signals, gates, want.signals, want.gates)
			}
			for mode, n := range want.modes {
				if modes[mode] != n {
					t.Errorf("%d signals are %s, want %d", modes[mode], mode, n)
				}
			}
			if most != want.mostWeight || !slices.Equal(mostKeys, want.mostWeightyKeys) {
				t.Errorf("%v weigh most, %d; want %v, %d", mostKeys, most, want.mostWeightyKeys, want.mostWeight)
			}
		})
	}
}

func TestOnlyTheFirstTwoLevelsAreHiredAt(t *testing.T) {
	var hireable, all []string
	for _, l := range builtin(t).Ladder.Levels {
		all = append(all, l.Key)
		if l.Hireable {
			hireable = append(hireable, l.Key)
		}
		if l.Scope == "" {
			t.Errorf("%s says nothing of its scope", l.Key)
		}
	}
	if want := []string{"em", "senior_em", "director", "vp", "svp"}; !slices.Equal(all, want) {
		t.Errorf("levels %v, want %v", all, want)
	}
	if want := []string{"em", "senior_em"}; !slices.Equal(hireable, want) {
		t.Errorf("hireable %v, want %v", hireable, want)
	}
}

// planned is the weight, of 100, of the level's signals that enough
// interviewers of the plan rate.
func planned(content rubric.Content, plan rubric.Plan, level string) (weight, ratings, interviewers int) {
	raters := map[string]map[string]bool{}
	everybody := map[string]bool{}
	for _, session := range plan.Sessions {
		for _, seat := range session.Seats {
			everybody[seat] = true
			for _, key := range session.FocusSignals {
				if raters[key] == nil {
					raters[key] = map[string]bool{}
				}
				raters[key][seat] = true
			}
		}
		ratings += len(session.Seats) * len(session.FocusSignals)
	}
	for _, s := range content.Edition.Signals {
		if d, asked := s.Effective(content.Ladder, level); asked && len(raters[s.Key]) >= d.MinimumRaters {
			weight += d.Weight
		}
	}
	return weight, ratings, len(everybody)
}

func TestTheBuiltinLoopsCoverTheirLevels(t *testing.T) {
	content := builtin(t)
	for i, want := range []struct {
		plan, level                   string
		weight, ratings, interviewers int
	}{
		{"em_loop", "em", 100, 28, 6},
		{"senior_em_loop", "senior_em", 100, 40, 7},
	} {
		plan := content.Plans[i]
		weight, ratings, interviewers := planned(content, plan, want.level)
		if plan.Key != want.plan || plan.Level != want.level ||
			weight != want.weight || ratings != want.ratings || interviewers != want.interviewers {
			t.Errorf("%s for %s covers %d with %d ratings by %d interviewers, want %+v",
				plan.Key, plan.Level, weight, ratings, interviewers, want)
		}
	}
	// One loop can decide for the level below too: all but management_foundation
	// and the second rater of team_direction.
	if weight, _, _ := planned(content, content.Plans[1], "em"); weight != 91 {
		t.Errorf("the senior loop covers %d of the level em, want 91", weight)
	}
}
