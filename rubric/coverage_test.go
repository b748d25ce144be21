package rubric_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

func TestTheBuiltinLoopsAreFeasible(t *testing.T) {
	content := builtin(t)
	for i, manager := range []string{"hiring_manager", "director"} {
		plan := content.Plans[i]
		report := rubric.Coverage(content.Ladder, content.Edition, plan.Level, plan.Sessions, manager)
		if !report.Feasible || len(report.Issues) > 0 || report.WeightedCoverage != (rubric.Ratio{Num: 1, Den: 1}) {
			t.Errorf("%s: %v covered, %v", plan.Key, report.WeightedCoverage, report.Issues)
		}
		if want := 6 + i; report.Interviewers != want {
			t.Errorf("%s: %d interviewers, want %d", plan.Key, report.Interviewers, want)
		}
	}
}

func TestCoverageIssues(t *testing.T) {
	drop := func(p *rubric.Plan, session int, signal string) {
		s := &p.Sessions[session]
		s.FocusSignals = slices.DeleteFunc(slices.Clone(s.FocusSignals), func(key string) bool { return key == signal })
	}
	for _, c := range []struct {
		rule string
		with func(*rubric.Plan)
		want []rubric.CoverageIssue
	}{
		{"every signal has the raters it asks for", func(p *rubric.Plan) { drop(p, 3, "team_direction") },
			[]rubric.CoverageIssue{{Code: rubric.SignalUncovered, Signal: "team_direction", Planned: 1, Required: 2}}},
		{"gates above all", func(p *rubric.Plan) { drop(p, 2, "coaching_growth") },
			[]rubric.CoverageIssue{{Code: rubric.GateUncovered, Signal: "coaching_growth", Planned: 1, Required: 2}}},
		{"the hiring manager alone decides about no gate", func(p *rubric.Plan) { drop(p, 3, "servant_leadership") },
			[]rubric.CoverageIssue{
				{Code: rubric.GateUncovered, Signal: "servant_leadership", Planned: 1, Required: 2},
				{Code: rubric.HiringManagerAlone, Signal: "servant_leadership", Interviewer: "hiring_manager", Planned: 1, Required: 2},
			}},
		{"nobody has three sessions", func(p *rubric.Plan) {
			p.Sessions[2].Seats = []string{"senior_engineer", "director"}
			p.Sessions[4].Seats = []string{"product_manager", "designer", "director"}
		},
			[]rubric.CoverageIssue{{Code: rubric.ManySessions, Interviewer: "director", Planned: 3, Required: 2}}},
		{"a person in two sessions is one rater", func(p *rubric.Plan) {
			p.Sessions[3].Seats = []string{"hiring_manager"}
		},
			[]rubric.CoverageIssue{
				{Code: rubric.SignalUncovered, Signal: "team_direction", Planned: 1, Required: 2},
				{Code: rubric.GateUncovered, Signal: "servant_leadership", Planned: 1, Required: 2},
				{Code: rubric.HiringManagerAlone, Signal: "servant_leadership", Interviewer: "hiring_manager", Planned: 1, Required: 2},
			}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			content := copyOf(t)
			plan := content.Plans[0]
			c.with(&plan)
			report := rubric.Coverage(content.Ladder, content.Edition, "em", plan.Sessions, "hiring_manager")
			if report.Feasible || !slices.Equal(report.Issues, c.want) {
				t.Errorf("issues\n%+v\nwant\n%+v", report.Issues, c.want)
			}
		})
	}
}

func TestALoopOfTwoPeopleIsTooSmall(t *testing.T) {
	content := builtin(t)
	session := content.Plans[0].Sessions[4]
	report := rubric.Coverage(content.Ladder, content.Edition, "em", []rubric.Session{session}, "")
	// epd_collaboration, outcome_quality, feedback_candour and transparency weigh 9+7+5+2.
	if report.WeightedCoverage != (rubric.Ratio{Num: 23, Den: 100}) {
		t.Errorf("%v is covered, want 23/100", report.WeightedCoverage)
	}
	for _, want := range []rubric.CoverageIssue{
		{Code: rubric.WeightUncovered, Planned: 23, Required: 80},
		{Code: rubric.FewInterviewers, Planned: 2, Required: 3},
	} {
		if !slices.Contains(report.Issues, want) {
			t.Errorf("%+v is not among the issues %+v", want, report.Issues)
		}
	}
	for _, s := range report.Signals {
		if inPanel := slices.Contains(session.FocusSignals, s.Signal); s.SamePanel != inPanel {
			t.Errorf("%s: same panel is %v", s.Signal, s.SamePanel)
		}
	}
}

func TestALevelThatAsksForNothingIsNotCovered(t *testing.T) {
	content := builtin(t)
	if report := rubric.Coverage(content.Ladder, content.Edition, "vp", content.Plans[0].Sessions, ""); report.Feasible {
		t.Errorf("vp is covered: %+v", report)
	}
}

func TestMoreInterviewersNeverCoverLess(t *testing.T) {
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		plan := content.Plans[rapid.IntRange(0, 1).Draw(t, "plan")]
		var sessions []rubric.Session
		for _, s := range plan.Sessions {
			if rapid.Bool().Draw(t, "keep "+s.Key) {
				sessions = append(sessions, s)
			}
		}
		before := rubric.Coverage(content.Ladder, content.Edition, plan.Level, sessions, "")
		extra := rapid.SampledFrom(plan.Sessions).Draw(t, "extra")
		extra.Seats = []string{fmt.Sprint("new ", len(sessions))}
		after := rubric.Coverage(content.Ladder, content.Edition, plan.Level, append(sessions, extra), "")
		if after.WeightedCoverage.Float64() < before.WeightedCoverage.Float64() || after.Interviewers != before.Interviewers+1 {
			t.Errorf("covered %v by %d, with one more %v by %d", before.WeightedCoverage, before.Interviewers, after.WeightedCoverage, after.Interviewers)
		}
		if before.Feasible && !after.Feasible {
			t.Errorf("one more interviewer raises %+v", after.Issues)
		}
	})
}

func TestAPersonSitsInASessionOnce(t *testing.T) {
	content := builtin(t)
	session := content.Plans[0].Sessions[0]
	session.Seats = []string{"ana", "ana", "ana"}
	report := rubric.Coverage(content.Ladder, content.Edition, "em", []rubric.Session{session}, "")
	if report.Interviewers != 1 || slices.ContainsFunc(report.Issues, func(i rubric.CoverageIssue) bool { return i.Code == rubric.ManySessions }) {
		t.Errorf("%d interviewers, issues %+v", report.Interviewers, report.Issues)
	}
}
