package rubric_test

import (
	"slices"
	"testing"

	"hireloop/rubric"
)

func TestARecommendationCrossChecksTheOutcome(t *testing.T) {
	for _, c := range []struct {
		rule   string
		rating int // of everything: 3 is a hire, 1 is none
		given  []rubric.Recommendation
		want   []rubric.Attention
	}{
		{"none given", 3, []rubric.Recommendation{"", "", ""}, nil},
		{"a hire against less than half", 3, []rubric.Recommendation{"NO", "YES", "YES"}, nil},
		{"a hire against half", 3, []rubric.Recommendation{"NO", "YES", ""}, []rubric.Attention{rubric.Mismatch}},
		{"no hire against half", 1, []rubric.Recommendation{"NO", "YES", ""}, nil},
		{"no hire against more than half", 1, []rubric.Recommendation{"NO", "YES", "STRONG_YES"}, []rubric.Attention{rubric.Mismatch}},
		{"strong ones at odds", 3, []rubric.Recommendation{"STRONG_NO", "YES", "STRONG_YES"}, []rubric.Attention{rubric.Contradictory}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			in := mini(t)
			for i := range in.Cards {
				in.Cards[i].Recommendation = c.given[i]
				for j := range in.Cards[i].Ratings {
					in.Cards[i].Ratings[j].Rating = &c.rating
				}
			}
			if fit := fitOf(t, in); !slices.Equal(fit.Attention, c.want) {
				t.Errorf("%s: attention %v, want %v", fit.Outcome, fit.Attention, c.want)
			}
		})
	}
}
