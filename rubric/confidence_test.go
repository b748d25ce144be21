package rubric_test

import (
	"math"
	"slices"
	"testing"

	"hireloop/rubric"
)

func TestPosteriors(t *testing.T) {
	for _, c := range []struct {
		ratings       []int
		bar           rubric.Bar
		pMeets, pGate float64
	}{
		{[]int{3, 3}, 275, .5475, .8954},
		{[]int{2, 3}, 275, .2849, .7151},
		{[]int{2, 2}, 275, .1046, .4525},
		{[]int{4, 4}, 275, .9324, .9957},
		{[]int{3, 3, 3}, 275, .6007, .9397},
		{[]int{3, 3, 3, 3}, 275, .6426, .9645},
		{[]int{3, 4}, 325, .3708, .7901},
		{[]int{4, 4}, 325, .6397, .9324},
	} {
		// A gate of little weight next to a signal that is met by far: the gate is
		// the weakest link, and its probability the confidence.
		in := mini(t)
		in.Policy = rubric.StandardPolicy()
		in.Policy.MinInterviewers = 1
		in.Edition.Signals = in.Edition.Signals[:2]
		in.Edition.Signals[0].Demands = map[string]rubric.Demand{"em": {Weight: 1, Bar: c.bar, MustHave: true, MinimumRaters: 1}}
		in.Edition.Signals[1].Demands = map[string]rubric.Demand{"em": {Weight: 99, Bar: 100, MinimumRaters: 1}}
		in.Edition.Levels = in.Edition.Levels[:1]
		in.Cards = nil
		for i, rating := range c.ratings {
			set(&in, string(rune('a'+i)), "coaching_growth", rating)
		}
		for i := range 20 {
			set(&in, "x"+string(rune('a'+i)), "efficient_delivery", 4)
		}
		l := fitOf(t, in).Levels[0]
		if got := *signalOf(t, l, "coaching_growth").PMeets; math.Abs(got-c.pMeets) > .00005 {
			t.Errorf("%v at %v: pMeets %.4f, want %.4f", c.ratings, c.bar, got, c.pMeets)
		}
		got := *l.Confidence
		if l.Verdict == rubric.NotMet {
			got = 1 - got
		}
		if l.WeakestLink == "coaching_growth" && math.Abs(got-c.pGate) > .00005 || l.WeakestLink != "coaching_growth" && got > c.pGate {
			t.Errorf("%v at %v: pGate %.4f (%s), want %.4f", c.ratings, c.bar, got, l.WeakestLink, c.pGate)
		}
	}
}

func TestThereIsNoConfidenceInWhatARedFlagDecided(t *testing.T) {
	in := seniorLoop(t)
	in.Cards[0].RedFlags = []rubric.Observation{{RedFlag: "x", Signal: "management_foundation", Severity: rubric.Blocking, ConfirmedBy: "witness"}}
	in.Cards[0].Ratings = append(in.Cards[0].Ratings, rate("", 3, "management_foundation").Ratings...)
	set(&in, "peer_em", "team_direction", 3)
	fit := fitOf(t, in)
	em, senior := fit.Levels[0], fit.Levels[1]
	if !slices.Equal(em.Reasons, []rubric.Reason{rubric.RedFlagConfirmed}) || em.Confidence != nil {
		t.Errorf("em is %s %v with confidence %v", em.Verdict, em.Reasons, em.Confidence)
	}
	// Senior no longer asks for the signal, but extends em.
	if !slices.Equal(senior.Reasons, []rubric.Reason{rubric.ParentNotMet}) || senior.Confidence != nil {
		t.Errorf("senior is %s %v with confidence %v", senior.Verdict, senior.Reasons, show(senior.Confidence))
	}
}
