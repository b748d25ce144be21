package hiring_test

import (
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/hiring"
)

// Of several who change one revision of a card at once one does, and the others
// learn that somebody did; nothing of theirs is written.
func TestScorecardRaces(t *testing.T) {
	type attempt struct {
		name string
		do   func(*sitting, hiring.ScorecardChange) error
	}
	save := attempt{"save", func(s *sitting, in hiring.ScorecardChange) error {
		_, err := s.SaveScorecard(s.as("interviewer"), in)
		return err
	}}
	submit := attempt{"submit", func(s *sitting, in hiring.ScorecardChange) error {
		_, err := s.SubmitScorecard(s.as("interviewer"), in)
		return err
	}}
	behalf := attempt{"submit on behalf", func(s *sitting, in hiring.ScorecardChange) error {
		_, err := s.SubmitScorecard(s.as("admin"), in)
		return err
	}}
	amend := attempt{"amend", func(s *sitting, in hiring.ScorecardChange) error {
		in.Reason, in.Summary = "Because", hiring.To(to("Otherwise."))
		_, err := s.AmendScorecard(s.as("interviewer"), in)
		return err
	}}
	void := attempt{"void", func(s *sitting, in hiring.ScorecardChange) error {
		_, err := s.VoidScorecard(s.as("recruiter"), hiring.VoidScorecardInput{
			ScorecardID: in.ScorecardID, ExpectedRevision: &in.ExpectedRevision, Reason: scorecard.VoidReasonWRONG_CANDIDATE,
		})
		return err
	}}
	const taken = "ALREADY_SUBMITTED at scorecardId"
	const stale = "CONFLICT at expectedRevision"
	const over = "INVALID_TRANSITION at scorecardId"
	eachSitting(t, func(t *testing.T, s *sitting) {
		for _, c := range []struct {
			handedIn bool
			all      []attempt
			losers   []string // what the others may be told
		}{
			{false, []attempt{save, save, save}, []string{stale}},
			{false, []attempt{submit, submit, behalf}, []string{taken}},
			{false, []attempt{save, submit}, []string{stale, taken}},
			{false, []attempt{save, void}, []string{over}},
			{false, []attempt{submit, void}, []string{over, stale}},
			{true, []attempt{amend, amend, amend}, []string{stale}},
			{true, []attempt{amend, void}, []string{over, stale}},
			{true, []attempt{submit, amend}, []string{taken}},
		} {
			var names []string
			for _, a := range c.all {
				names = append(names, a.name)
			}
			t.Run(strings.Join(names, " against "), func(t *testing.T) {
				defer func(outer testing.TB) { s.t = outer }(s.t)
				s.t = t
				s := s.sit()
				others := s.DB.SignalRating.Query().CountX(s.system())
				id := s.cards["interviewer"]
				if c.handedIn {
					s.submit("interviewer")
				}
				in := s.whole(id)
				won := 0
				for i, err := range atOnce(times(len(c.all), func(i int) error { return c.all[i].do(s, in) })...) {
					switch {
					case err == nil:
						won++
					case !slices.Contains(c.losers, refused(err)):
						t.Errorf("%s: got %q (%v), want one of %v", c.all[i].name, refused(err), err, c.losers)
					}
				}
				card := s.card(id)
				revisions := s.DB.ScorecardRevision.Query().Where(scorecardrevision.ScorecardID(id)).CountX(s.system())
				ratings := s.DB.SignalRating.Query().CountX(s.system()) - others
				// Voiding a draft needs no revision, and so follows what it raced with.
				if won != 1 && !(won == 2 && card.Status == scorecard.StatusVOID) {
					t.Errorf("%d of %v won: %s", won, names, s.story(id))
				}
				if ratings != revisions*len(in.Ratings) {
					t.Errorf("%d revisions have %d ratings: %s", revisions, ratings, s.story(id))
				}
				if made := card.Revision - in.ExpectedRevision; made < 0 || made > 1 {
					t.Errorf("revision %d became %d", in.ExpectedRevision, card.Revision)
				}
			})
		}
	})
}
