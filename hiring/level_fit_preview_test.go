package hiring_test

import (
	"slices"
	"testing"

	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func TestPreviewLevelFitRefusals(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		version, err := d.DB.RubricVersion.Query().OnlyID(d.system())
		d.must(err)
		signal := "coaching_growth"
		var flag string
		for _, s := range d.builtin().Signals {
			if len(s.RedFlags) > 0 {
				flag = s.RedFlags[0].Key
			}
		}
		try := func(who string, change func(*hiring.PreviewLevelFitInput)) func() error {
			in := hiring.PreviewLevelFitInput{
				RubricVersionID: version, TargetLevelID: d.levels["em"],
				Scorecards: []*hiring.PreviewScorecardInput{
					{Interviewer: "ana", Ratings: []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(3)}, {Signal: "team_wellbeing"}}},
					{Interviewer: "ana", Ratings: []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(3)}, {Signal: "team_wellbeing"}}},
				},
			}
			change(&in)
			return func() error { _, err := d.PreviewLevelFit(d.as(who), in); return err }
		}
		type in = *hiring.PreviewLevelFitInput
		d.must(try("analyst", func(in) {})())
		draft := d.id(gid.RubricVersion)
		ladder, err := d.DB.Ladder.Query().Where().All(d.system())
		d.must(err)
		d.must(d.DB.RubricVersion.Create().SetID(draft).SetLadderID(ladder[0].ID).SetSemver("9.0.0").SetStatus(rubricversion.StatusDRAFT).
			SetAreas(nil).SetLevelSettings(nil).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
		d.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", try("nobody", func(in) {})},
			refusal{"an unknown edition", "NOT_FOUND at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = d.id(gid.RubricVersion) })},
			refusal{"another kind of thing", "NOT_FOUND at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = d.levels["em"] })},
			refusal{"a draft", "INVALID at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = draft })},
			refusal{"levels that are none of the edition", "INVALID at targetLevelId, INVALID at allowedLevelIds.1, NOT_FOUND at allowedLevelIds.2", try("admin", func(p in) {
				p.TargetLevelID = d.levels["designer"]
				p.AllowedLevelIDs = []gid.ID{d.levels["em"], d.id(gid.Level), version}
			})},
			refusal{"no scorecards", "REQUIRED at scorecards", try("admin", func(p in) { p.Scorecards = nil })},
			refusal{"too many scorecards", "INVALID at scorecards", try("admin", func(p in) { p.Scorecards = slices.Repeat(p.Scorecards, 26) })},
			refusal{"too many ratings", "INVALID at scorecards.1.ratings", try("admin", func(p in) {
				p.Scorecards[1].Ratings = slices.Repeat(p.Scorecards[1].Ratings, 51)
			})},
			refusal{"everything else at once",
				"REQUIRED at scorecards.0.interviewer, INVALID at scorecards.0.recommendation, NOT_FOUND at scorecards.1.redFlags.0.redFlag, " +
					"INVALID at scorecards.1.redFlags.2.redFlag, INVALID at resolvedSignals.1, INVALID at scorecards.0.ratings.0.rating, " +
					"INVALID at scorecards.0.ratings.1.signal, INVALID at scorecards.1.ratings.1.signal",
				try("admin", func(p in) {
					p.ResolvedSignals = []string{signal, "hearsay"}
					p.Scorecards[0].Interviewer, p.Scorecards[0].Recommendation = " ", to(scorecard.Recommendation("MAYBE"))
					p.Scorecards[0].Ratings = []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(5)}, {Signal: "hearsay", Rating: to(3)}}
					p.Scorecards[1].Ratings[1].Signal = signal
					p.Scorecards[1].RedFlags = []*hiring.PreviewRedFlagInput{{RedFlag: "hearsay"}, {RedFlag: flag}, {RedFlag: flag}}
				})},
		)
	})
}

func TestPreviewsOfTheSameRatingsHaveTheSameHash(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		version, err := d.DB.RubricVersion.Query().OnlyID(d.system())
		d.must(err)
		card := func(by string, rating int) *hiring.PreviewScorecardInput {
			return &hiring.PreviewScorecardInput{Interviewer: by, Ratings: []*hiring.PreviewRatingInput{{Signal: "coaching_growth", Rating: &rating}}}
		}
		hash := func(cards ...*hiring.PreviewScorecardInput) string {
			t.Helper()
			fit, err := d.PreviewLevelFit(d.as("interviewer"), hiring.PreviewLevelFitInput{
				RubricVersionID: version, TargetLevelID: d.levels["em"], Scorecards: cards,
			})
			d.must(err)
			return fit.InputsHash
		}
		first := hash(card("ana", 3), card("ben", 2))
		if hash(card("ben", 2), card("ana", 3)) != first {
			t.Error("the order of cards matters")
		}
		if hash(card("ana", 3), card("ben", 3)) == first {
			t.Error("ratings do not matter")
		}
	})
}
