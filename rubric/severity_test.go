package rubric_test

import (
	"slices"
	"testing"

	"hireloop/rubric"
)

func TestLeniencyOfInterviewersShowsWhatHangsOnThem(t *testing.T) {
	in := mini(t)
	before := fitOf(t, in)
	if before.Adjusted != nil {
		t.Errorf("nothing is known of anybody, and adjusted is %+v", before.Adjusted)
	}
	in.Leniency = map[string]float64{"ana": 0.9, "ben": 0.9, "cho": 0.25, "somebody else": 3}
	after := fitOf(t, in)
	if after.Outcome != before.Outcome || after.Levels[0].Verdict != rubric.Met {
		t.Errorf("the raw outcome changed to %s", after.Outcome)
	}
	if after.Adjusted.Outcome != rubric.NoHire || after.Adjusted.Level != "" || !after.RequiresDebrief ||
		!slices.Contains(after.Attention, rubric.SeveritySensitive) {
		t.Errorf("adjusted to %s, attention %v; want NO_HIRE that needs attention", after.Adjusted.Outcome, after.Attention)
	}
	// No more than half a point is taken: (2.5 + 2.5)/2.
	if got := signalOf(t, after.Adjusted.Levels[0], "coaching_growth").Mean; *got != (rubric.Ratio{Num: 5, Den: 2}) {
		t.Errorf("coaching is adjusted to %v, want 5/2", got)
	}
	// (2.5 + 2.75)/2.
	if got := signalOf(t, after.Adjusted.Levels[0], "efficient_delivery").Mean; *got != (rubric.Ratio{Num: 21, Den: 8}) {
		t.Errorf("delivery is adjusted to %v, want 21/8", got)
	}
	// Ratings stay on the scale.
	set(&in, "ana", "coaching_growth", 4)
	set(&in, "ben", "coaching_growth", 4)
	in.Leniency = map[string]float64{"ana": -0.4, "ben": -1e9}
	if got := signalOf(t, fitOf(t, in).Adjusted.Levels[0], "coaching_growth").Mean; *got != (rubric.Ratio{Num: 4, Den: 1}) {
		t.Errorf("4 of severe people is adjusted to %v, want 4", got)
	}
}

func TestSeveritySensitiveWithoutALevel(t *testing.T) {
	// A second rater of coaching_growth could still save it, unless the others
	// are lenient.
	in := mini(t)
	in.Cards = []rubric.Scorecard{
		rate("ana", 3, "coaching_growth", "efficient_delivery"),
		rate("ben", 2, "hiring_onboarding"),
		rate("cho", 2, "epd_collaboration"),
		rate("dee", 3, "efficient_delivery"),
	}
	in.Leniency = map[string]float64{"ben": 0.5, "cho": 0.5, "dee": 0.5}
	fit := fitOf(t, in)
	if fit.Outcome != rubric.LacksEvidence || fit.Adjusted.Outcome != rubric.NoHire {
		t.Errorf("outcome %s, adjusted %s", fit.Outcome, fit.Adjusted.Outcome)
	}
	if !slices.Contains(fit.Attention, rubric.SeveritySensitive) {
		t.Errorf("attention %v: the outcomes differ, though there is a level in neither", fit.Attention)
	}
}
