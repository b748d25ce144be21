package rubric_test

import (
	"strings"
	"testing"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

func TestScorecards(t *testing.T) {
	content := builtin(t)
	focus := []string{"coaching_growth", "team_wellbeing"}
	rating := func(n int) *int { return &n }
	text := func(n int) string { return strings.Repeat("é", n) } // characters, not bytes
	for _, c := range []struct {
		rule string
		with func(*rubric.Scorecard)
		code fault.Code
		want string // "" when it is fine
	}{
		{"rated and answered", func(*rubric.Scorecard) {}, "", ""},
		{"signals outside the focus are welcome", func(card *rubric.Scorecard) {
			card.Ratings = append(card.Ratings, rubric.Rating{Signal: "transparency", Rating: rating(2), Evidence: text(40)})
		}, "", ""},
		{"no recommendation is no decision", func(card *rubric.Scorecard) { card.Recommendation = rubric.NoDecision }, "", ""},
		{"every focus signal is answered", func(card *rubric.Scorecard) { card.Ratings = card.Ratings[:1] },
			fault.CodeRequired, "ratings.team_wellbeing: is required"},
		{"by a rating or a reason", func(card *rubric.Scorecard) { card.Ratings[1].NotAssessed = "" },
			fault.CodeRequired, "ratings.1.rating: is required"},
		{"not by both", func(card *rubric.Scorecard) { card.Ratings[0].NotAssessed = "NO_TIME" },
			fault.CodeInvalid, "ratings.0: has a rating and a reason"},
		{"by a known reason", func(card *rubric.Scorecard) { card.Ratings[1].NotAssessed = "BORED" },
			fault.CodeInvalid, "ratings.1.notAssessed: must be NO_TIME"},
		{"once", func(card *rubric.Scorecard) { card.Ratings = append(card.Ratings, card.Ratings[0]) },
			fault.CodeInvalid, `ratings.2.signal: "coaching_growth" is answered twice`},
		{"of the rubric", func(card *rubric.Scorecard) {
			card.Ratings = append(card.Ratings, rubric.Rating{Signal: "charm", NotAssessed: "NO_TIME"})
		}, fault.CodeInvalid, `ratings.2.signal: there is no signal "charm"`},
		{"no rating 0", func(card *rubric.Scorecard) { card.Ratings[0].Rating = rating(0) },
			fault.CodeInvalid, "ratings.0.rating: must be between 1 and 4"},
		{"no rating 5", func(card *rubric.Scorecard) { card.Ratings[0].Rating = rating(5) },
			fault.CodeInvalid, "ratings.0.rating: must be between 1 and 4"},
		{"39 characters are too little evidence", func(card *rubric.Scorecard) { card.Ratings[0].Evidence = text(39) },
			rubric.CodeEvidenceRequired, "ratings.0.evidence: a rating of 3 needs at least 40 characters of evidence, there are 39"},
		{"nor are characters that nobody sees", func(card *rubric.Scorecard) { card.Ratings[0].Evidence = text(1) + strings.Repeat("\u200b", 39) },
			rubric.CodeEvidenceRequired, "ratings.0.evidence: a rating of 3 needs at least 40 characters of evidence, there are 1"},
		{"space is no evidence", func(card *rubric.Scorecard) { card.Ratings[0].Evidence = text(39) + "  \n " },
			rubric.CodeEvidenceRequired, "ratings.0.evidence: a rating of 3 needs"},
		{"the lowest rating needs 80", func(card *rubric.Scorecard) { card.Ratings[0].Rating, card.Ratings[0].Evidence = rating(1), text(79) },
			rubric.CodeEvidenceRequired, "ratings.0.evidence: a rating of 1 needs at least 80"},
		{"so does the highest", func(card *rubric.Scorecard) { card.Ratings[0].Rating, card.Ratings[0].Evidence = rating(4), text(79) },
			rubric.CodeEvidenceRequired, "ratings.0.evidence: a rating of 4 needs at least 80"},
		{"80 will do", func(card *rubric.Scorecard) { card.Ratings[0].Rating, card.Ratings[0].Evidence = rating(4), text(80) }, "", ""},
		{"evidence is of a known kind", func(card *rubric.Scorecard) { card.Ratings[0].EvidenceKind = "RUMOUR" },
			fault.CodeInvalid, "ratings.0.evidenceKind: must be OBSERVED"},
		{"recommendations are known", func(card *rubric.Scorecard) { card.Recommendation = "MAYBE" },
			fault.CodeInvalid, "recommendation: must be STRONG_NO"},
		{"red flags are the rubric's", func(card *rubric.Scorecard) {
			card.RedFlags = []rubric.Observation{{RedFlag: "late", Evidence: "Five minutes."}}
		}, fault.CodeNotFound, "redFlags.0.redFlag: no such red flag"},
		{"and need evidence", func(card *rubric.Scorecard) {
			card.RedFlags = []rubric.Observation{{RedFlag: "takes_credit", Evidence: " "}}
		}, fault.CodeRequired, "redFlags.0.evidence: is required"},
		{"once", func(card *rubric.Scorecard) {
			card.RedFlags = []rubric.Observation{{RedFlag: "takes_credit", Evidence: "All stories."}, {RedFlag: "takes_credit", Evidence: "All."}}
		}, fault.CodeInvalid, `redFlags.1.redFlag: "takes_credit" is reported twice`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			card := rubric.Scorecard{
				Ratings: []rubric.Rating{
					{Signal: "coaching_growth", Rating: rating(3), Evidence: text(40), EvidenceKind: "CLAIMED"},
					{Signal: "team_wellbeing", NotAssessed: "NO_TIME"},
				},
				Recommendation: rubric.Yes,
			}
			c.with(&card)
			problems := fault.All(rubric.CheckScorecard(content.Edition, focus, card))
			switch {
			case c.want == "" && len(problems) > 0:
				t.Errorf("refused: %v", problems)
			case c.want != "" && (len(problems) != 1 || problems[0].Code != c.code || !strings.HasPrefix(problems[0].Error(), c.want)):
				t.Errorf("problems %v, want %s %s", problems, c.code, c.want)
			}
		})
	}
}
