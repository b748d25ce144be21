package rubric_test

import (
	"slices"
	"testing"

	"hireloop/rubric"
)

func TestNextEvidence(t *testing.T) {
	for _, c := range []struct {
		rule    string
		ratings []int // of the gate coaching_growth
		why     rubric.SignalStatus
		needed  int
	}{
		{"met", []int{3, 3}, "", 0},
		{"near", []int{2, 3}, rubric.Near, 1},
		{"thin", []int{3}, rubric.Thin, 1},
		{"in dispute one to one", []int{2, 4}, rubric.Disputed, 1},
		{"in dispute two to two", []int{2, 2, 4, 4}, rubric.Disputed, 2},
		{"in dispute three to two", []int{2, 2, 4, 4, 4}, rubric.Disputed, 1},
		{"missed by the word of two", []int{2, 2}, rubric.Missed, 1},
		{"missed by the word of three", []int{2, 2, 2}, "", 0},
		{"never rated: the loop owes it, not a follow-up", nil, "", 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			in := mini(t)
			in.Cards = []rubric.Scorecard{rate("zoe", 3, "efficient_delivery", "epd_collaboration"), rate("yan", 3, "efficient_delivery")}
			for i, rating := range c.ratings {
				set(&in, string(rune('a'+i)), "coaching_growth", rating)
			}
			want := []rubric.Evidence{}
			if c.needed > 0 {
				want = append(want, rubric.Evidence{Signal: "coaching_growth", Why: c.why, RatersNeeded: c.needed})
			}
			if got := fitOf(t, in).NextEvidence; !slices.Equal(got, want) {
				t.Errorf("next evidence %v, want %v", got, want)
			}
		})
	}
}
