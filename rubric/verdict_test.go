package rubric_test

import (
	"strings"
	"testing"

	"hireloop/rubric"
)

func TestVerdicts(t *testing.T) {
	flag := func(in *rubric.FitInput, signal, confirmedBy string) {
		in.Cards[0].RedFlags = []rubric.Observation{{RedFlag: "x", Signal: signal, Severity: rubric.Blocking, ConfirmedBy: confirmedBy}}
	}
	// Senior is met, once somebody has looked for it.
	senior := func(in *rubric.FitInput) {
		in.Target, in.Allowed = "senior_em", []string{"em", "senior_em"}
		for _, person := range []string{"ana", "ben"} {
			for _, signal := range []string{"epd_collaboration", "delegation_systematisation", "autonomy_under_uncertainty"} {
				set(in, person, signal, 4)
			}
		}
		set(in, "cho", "epd_collaboration", 4)
	}
	// Both gates of em are just under their bars, which the rest makes up for.
	near := func(in *rubric.FitInput, most int) {
		set(in, "ana", "coaching_growth", 2)
		set(in, "ana", "efficient_delivery", 2)
		set(in, "ben", "hiring_onboarding", 4)
		set(in, "cho", "epd_collaboration", 4)
		in.Policy = rubric.StandardPolicy()
		if most > 0 {
			in.Policy.MaxNearGates = &most
		}
	}
	for _, c := range []struct {
		rule    string
		with    func(*rubric.FitInput)
		level   int
		verdict rubric.Verdict
		reasons string
		outcome rubric.Outcome
		at      string
	}{
		{"threes meet em", func(*rubric.FitInput) {}, 0, "MET", "", "HIRE_AT_TARGET_LEVEL", "em"},
		{"below the bar, though what is missing could lift it to the bar exactly", func(in *rubric.FitInput) {
			set(in, "ana", "coaching_growth", 2)
			in.Cards[1].Ratings = in.Cards[1].Ratings[:1] // no hiring_onboarding
			set(in, "cho", "epd_collaboration", 2)
		}, 0, "NOT_MET", "OVERALL_BELOW_BAR", "NO_HIRE", ""},
		{"nobody said anything", func(in *rubric.FitInput) { in.Cards = nil }, 0,
			"INSUFFICIENT_EVIDENCE", "MUST_HAVE_UNCOVERED COVERAGE_LOW TOO_FEW_INTERVIEWERS", "INSUFFICIENT_EVIDENCE", ""},
		{"a card without a rating is no interviewer", func(in *rubric.FitInput) {
			set(in, "ana", "epd_collaboration", 3)
			in.Cards[2].Ratings = []rubric.Rating{{Signal: "efficient_delivery", NotAssessed: "NO_TIME"}}
			set(in, "ben", "efficient_delivery", 3)
		}, 0, "INSUFFICIENT_EVIDENCE", "TOO_FEW_INTERVIEWERS", "INSUFFICIENT_EVIDENCE", ""},
		{"a blocking red flag waits for a second person", func(in *rubric.FitInput) { flag(in, "hiring_onboarding", "") }, 0,
			"INSUFFICIENT_EVIDENCE", "RED_FLAG_UNCONFIRMED", "INSUFFICIENT_EVIDENCE", ""},
		{"the observer is no second person", func(in *rubric.FitInput) { flag(in, "hiring_onboarding", "ana") }, 0,
			"INSUFFICIENT_EVIDENCE", "RED_FLAG_UNCONFIRMED", "INSUFFICIENT_EVIDENCE", ""},
		{"confirmed it decides", func(in *rubric.FitInput) { flag(in, "hiring_onboarding", "ben") }, 0,
			"NOT_MET", "RED_FLAG", "NO_HIRE", ""},
		{"a red flag of a signal that em does not ask for", func(in *rubric.FitInput) { flag(in, "autonomy_under_uncertainty", "ben") }, 0,
			"MET", "", "HIRE_AT_TARGET_LEVEL", "em"},
		{"applies to senior", func(in *rubric.FitInput) { senior(in); flag(in, "autonomy_under_uncertainty", "ben") }, 1,
			"NOT_MET", "RED_FLAG", "HIRE_AT_OTHER_LEVEL", "em"},
		{"a red flag of no level's signal applies to all", func(in *rubric.FitInput) { flag(in, "", "ben") }, 0,
			"NOT_MET", "RED_FLAG", "NO_HIRE", ""},
		{"no limit of near misses by default", func(in *rubric.FitInput) { near(in, 0) }, 0, "MET", "", "HIRE_AT_TARGET_LEVEL", "em"},
		{"as many near misses as the limit", func(in *rubric.FitInput) { near(in, 2) }, 0, "MET", "", "HIRE_AT_TARGET_LEVEL", "em"},
		{"more near misses than the limit", func(in *rubric.FitInput) { near(in, 1) }, 0, "NOT_MET", "TOO_MANY_NEAR_MISSES", "NO_HIRE", ""},
		{"senior", senior, 1, "MET", "", "HIRE_AT_TARGET_LEVEL", "senior_em"},
		{"what senior weighs less can fail em, and so senior", func(in *rubric.FitInput) {
			senior(in)
			set(in, "ben", "hiring_onboarding", 1)
			set(in, "dee", "epd_collaboration", 1)
			set(in, "eli", "epd_collaboration", 4)
			in.Edition.Signals[3].Demands["em"] = rubric.Demand{Weight: 40, Bar: 250, MinimumRaters: 1}
			in.Edition.Signals[0].Demands["em"] = rubric.Demand{Weight: 10, Bar: 275, MustHave: true, MinimumRaters: 2}
		}, 1, "NOT_MET", "PARENT_LEVEL_NOT_MET", "NO_HIRE", ""},
		{"what senior does not ask twice can be missing for em", func(in *rubric.FitInput) {
			senior(in)
			in.Edition.Signals[3].Demands["em"] = rubric.Demand{Weight: 20, Bar: 250, MustHave: true, MinimumRaters: 2}
		}, 1, "INSUFFICIENT_EVIDENCE", "PARENT_LEVEL_INSUFFICIENT_EVIDENCE", "INSUFFICIENT_EVIDENCE", ""},
		{"down the ladder, the first level that is not failed decides", func(in *rubric.FitInput) {
			senior(in)
			set(in, "ana", "autonomy_under_uncertainty", 2)
			set(in, "ben", "autonomy_under_uncertainty", 2)
			in.Edition.Signals[3].Demands["em"] = rubric.Demand{Weight: 20, Bar: 250, MustHave: true, MinimumRaters: 2}
		}, 1, "NOT_MET", "MUST_HAVE_MISSED", "INSUFFICIENT_EVIDENCE", ""},
		{"down the ladder only to levels that are allowed", func(in *rubric.FitInput) {
			senior(in)
			in.Allowed = []string{"senior_em"}
			set(in, "ana", "autonomy_under_uncertainty", 2)
			set(in, "ben", "autonomy_under_uncertainty", 2)
		}, 1, "NOT_MET", "MUST_HAVE_MISSED", "NO_HIRE", ""},
		{"a level beside the target is not below it", func(in *rubric.FitInput) {
			senior(in)
			in.Ladder.Levels = append(in.Ladder.Levels, rubric.Level{Key: "staff", Rank: 2})
			in.Edition.Levels = append(in.Edition.Levels, rubric.LevelSetting{Level: "staff", CoverageMinimum: 80})
			in.Edition.Signals[3].Demands["staff"] = rubric.Demand{Weight: 100, Bar: 250, MinimumRaters: 1}
			in.Allowed = []string{"senior_em", "staff"}
			set(in, "ana", "autonomy_under_uncertainty", 2)
			set(in, "ben", "autonomy_under_uncertainty", 2)
		}, 2, "MET", "", "NO_HIRE", ""},
		{"up the ladder", func(in *rubric.FitInput) { senior(in); in.Target = "em" }, 1,
			"MET", "", "HIRE_AT_OTHER_LEVEL", "senior_em"},
		{"up the ladder only with confidence", func(in *rubric.FitInput) {
			senior(in)
			in.Target = "em"
			in.Policy = rubric.StandardPolicy()
			in.Policy.UpLevel = 0.99
		}, 1, "MET", "", "HIRE_AT_TARGET_LEVEL", "em"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			in := mini(t)
			c.with(&in)
			fit := fitOf(t, in)
			l := fit.Levels[c.level]
			var reasons []string
			for _, r := range l.Reasons {
				reasons = append(reasons, string(r))
			}
			if got := strings.Join(reasons, " "); l.Verdict != c.verdict || got != c.reasons {
				t.Errorf("%s is %s [%s], want %s [%s]", l.Level, l.Verdict, got, c.verdict, c.reasons)
			}
			if fit.Outcome != c.outcome || fit.Level != c.at {
				t.Errorf("outcome %s %q, want %s %q", fit.Outcome, fit.Level, c.outcome, c.at)
			}
		})
	}
}
