package rubric_test

import (
	"fmt"
	"strings"

	"hireloop/rubric"
)

// rate is a card of somebody who gave one rating to each of these signals.
func rate(interviewer string, rating int, signals ...string) rubric.Scorecard {
	card := rubric.Scorecard{ID: "card of " + interviewer, Revision: 1, Interviewer: interviewer, Status: rubric.ScorecardSubmitted}
	for _, key := range signals {
		card.Ratings = append(card.Ratings, rubric.Rating{Signal: key, Rating: &rating})
	}
	return card
}

// loop fills every seat of the plan with somebody who rates as told.
func loop(plan rubric.Plan, rating func(seat, signal string) int) []rubric.Scorecard {
	var cards []rubric.Scorecard
	for _, session := range plan.Sessions {
		for _, seat := range session.Seats {
			card := rate(seat, 0)
			card.ID += " in " + session.Key
			for _, key := range session.FocusSignals {
				r := rating(seat, key)
				card.Ratings = append(card.Ratings, rubric.Rating{Signal: key, Rating: &r})
			}
			cards = append(cards, card)
		}
	}
	return cards
}

// Everybody gave a 3, on a loop for a Senior Engineering Manager: that is
// enough for the level below, but not for what Senior asks beyond it.
func ExampleLevelFit() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := rubric.LevelFit(rubric.FitInput{
		Ladder: content.Ladder, Edition: content.Edition,
		Target: "senior_em", Allowed: []string{"em", "senior_em"},
		Cards: loop(content.Plans[1], func(_, _ string) int { return 3 }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fit.Outcome, fit.Level)
	for _, l := range fit.Levels {
		fmt.Printf("%s: %s %v, margin %v, own demands %v, confidence %.2f (%s)\n",
			l.Level, l.Verdict, l.Reasons, l.Margin, l.OwnMargin, *l.Confidence, l.WeakestLink)
	}
	// Output:
	// HIRE_AT_OTHER_LEVEL em
	// em: MET [], margin 20/49, own demands 20/49, confidence 0.90 (coaching_growth)
	// senior_em: NOT_MET [OWN_DEMANDS_BELOW_BAR], margin 1/16, own demands -1/12, confidence 0.64 (OWN_DEMANDS)
}

// The sentence is derived from the fit, level by level.
func ExampleFit_Explain() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := rubric.LevelFit(rubric.FitInput{
		Ladder: content.Ladder, Edition: content.Edition,
		Target: "senior_em", Allowed: []string{"em", "senior_em"},
		Cards: loop(content.Plans[1], func(seat, signal string) int {
			if seat == "senior_designer" && signal == "epd_collaboration" {
				return 2
			}
			return 3
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(fit.Explain(content.Ladder, content.Edition), "; ", ";\n"))
	for _, e := range fit.NextEvidence {
		fmt.Println(e.Signal, e.Why, e.RatersNeeded)
	}
	// Output:
	// Engineering Manager met (margin +0.36, weakest link Collaboration with product and design, MEDIUM);
	// Senior Engineering Manager not met: Collaboration with product and design 2.50 under 3.25 (clear miss);
	// own demands -0.14.
	// leadership_cultivation NEAR 1
	// epd_collaboration MISSED 1
}

// One loop can nearly decide for the level below too.
func ExampleCoverage() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	// The loop for Senior, read at the level below.
	report := rubric.Coverage(content.Ladder, content.Edition, "em", content.Plans[1].Sessions, "director")
	fmt.Printf("%.0f %% by %d interviewers\n", 100*report.WeightedCoverage.Float64(), report.Interviewers)
	for _, issue := range report.Issues {
		fmt.Printf("%s: %s: planned %d < required %d\n", issue.Code, issue.Signal, issue.Planned, issue.Required)
	}
	// Output:
	// 91 % by 7 interviewers
	// SIGNAL_UNCOVERED: team_direction: planned 1 < required 2
	// SIGNAL_UNCOVERED: management_foundation: planned 0 < required 1
}

func ExampleCheckScorecard() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	four := 4
	fmt.Println(rubric.CheckScorecard(content.Edition, []string{"coaching_growth", "team_wellbeing"}, rubric.Scorecard{
		Ratings: []rubric.Rating{{Signal: "coaching_growth", Rating: &four, Evidence: "Two of her engineers were promoted last year."}},
	}))
	// Output:
	// ratings.0.evidence: a rating of 4 needs at least 80 characters of evidence, there are 45
	// ratings.team_wellbeing: is required (rate it, or say why it was not assessed)
}
