package hiring_test

import (
	"slices"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/event"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
)

// The life of a card: saved, saved again, handed in, corrected twice. A draft
// has one revision, which each save writes anew; what was handed in is kept.
func TestAScorecardsLife(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		id := s.cards["interviewer"]
		me := s.as("interviewer")
		save := func(in hiring.ScorecardChange) {
			t.Helper()
			in.ScorecardID, in.ExpectedRevision = id, s.card(id).Revision
			_, err := s.SaveScorecard(me, in)
			s.must(err)
		}
		s.tells("DRAFT r0 ")(id)
		save(hiring.ScorecardChange{
			Ratings:  []*hiring.SignalRatingInput{noTime("team_wellbeing"), {Signal: "coaching_growth", Evidence: to("More to come.")}, ratingOf("transparency", 2)},
			RedFlags: seen("takes_credit", "demeaning"),
		})
		s.tells("DRAFT r1 ",
			`1* by interviewer:  "" team_wellbeing=NO_TIME coaching_growth= transparency=2 unplanned`,
			"demeaning of feedback_candour BLOCKING 1-", "takes_credit of coaching_growth CAUTION 1-")(id)
		flag := s.flag(id, "takes_credit")
		save(hiring.ScorecardChange{
			Ratings:        []*hiring.SignalRatingInput{{Signal: "transparency"}, ratingOf("coaching_growth", 3)},
			Recommendation: hiring.To(to(scorecard.RecommendationYES)), RedFlags: seen("takes_credit"), Summary: hiring.To(to("Good.")),
		})
		s.tells("DRAFT r2 YES",
			`2* by interviewer: YES "Good." team_wellbeing=NO_TIME coaching_growth=3`, "takes_credit of coaching_growth CAUTION 2-")(id)
		if again := s.flag(id, "takes_credit"); again.ID != flag.ID || !again.ObservedAt.Equal(flag.ObservedAt) {
			t.Errorf("a red flag that stays is another: %v, was %v", again, flag)
		}

		s.now = s.now.Add(23 * time.Hour)
		_, err := s.SubmitScorecard(me, hiring.ScorecardChange{ScorecardID: id, ExpectedRevision: 2})
		s.must(err)
		s.tells("SUBMITTED r3 YES on time true",
			`3* by interviewer: YES "Good." team_wellbeing=NO_TIME coaching_growth=3`, "takes_credit of coaching_growth CAUTION 3-")(id)
		if got, want := s.traces(), "submitScorecard by interviewer of scorecard, scorecard.submitted"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		if i := s.card(id).Edges.Interview; i.Status != interview.StatusCOMPLETED || i.Version != 2 {
			t.Errorf("the interview is %s at version %d", i.Status, i.Version)
		} else if n := s.DB.Event.Query().Where(event.Type("interview.completed"), event.SubjectID(i.ID)).CountX(s.system()); n != 1 {
			t.Errorf("told %d times that it took place", n)
		}
		if l := s.DB.Loop.GetX(s.system(), s.loop.ID); l.Status != loop.StatusACTIVE {
			t.Errorf("with two interviews ahead the loop is %s", l.Status)
		}

		_, err = s.ConfirmRedFlag(s.as("recruiter"), hiring.ConfirmRedFlagInput{RedFlagObservationID: s.flag(id, "takes_credit").ID})
		s.must(err)
		amend := func(in hiring.ScorecardChange) {
			t.Helper()
			in.ScorecardID, in.ExpectedRevision, in.Reason = id, s.card(id).Revision, "Mixed up two answers"
			_, err := s.AmendScorecard(me, in)
			s.must(err)
		}
		amend(hiring.ScorecardChange{
			Ratings: []*hiring.SignalRatingInput{ratingOf("coaching_growth", 4)}, RedFlags: seen("demeaning", "takes_credit"),
			Recommendation: hiring.To[*scorecard.Recommendation](nil),
		})
		s.tells("AMENDED r4  on time true",
			`3 by interviewer: YES "Good." team_wellbeing=NO_TIME coaching_growth=3`,
			`4* by interviewer as "Mixed up two answers":  "Good." team_wellbeing=NO_TIME coaching_growth=4`,
			"demeaning of feedback_candour BLOCKING 4-", "takes_credit of coaching_growth CAUTION 3- confirmed")(id)
		if got, want := s.traces(), "amendScorecard by interviewer of scorecard, scorecard.amended"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		amend(hiring.ScorecardChange{RedFlags: hiring.To([]*hiring.RedFlagInput{
			{RedFlag: "takes_credit", Evidence: "Said so of a launch that two others had prepared."},
		})})
		s.tells("AMENDED r5  on time true",
			`3 by interviewer: YES "Good." team_wellbeing=NO_TIME coaching_growth=3`,
			`4 by interviewer as "Mixed up two answers":  "Good." team_wellbeing=NO_TIME coaching_growth=4`,
			`5* by interviewer as "Mixed up two answers":  "Good." team_wellbeing=NO_TIME coaching_growth=4`,
			"demeaning of feedback_candour BLOCKING 4-5", "takes_credit of coaching_growth CAUTION 3-5 confirmed",
			"takes_credit of coaching_growth CAUTION 5-")(id)
	})
}

func TestSavingIsNoNewsAndHandsNothingIn(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		events := s.DB.Event.Query().CountX(s.system())
		_, err := s.SaveScorecard(s.as("interviewer"), s.whole(s.cards["interviewer"]))
		s.must(err)
		if after := s.DB.Event.Query().CountX(s.system()); after != events {
			t.Errorf("it left %d events", after-events)
		}
		if got, want := s.traces(), "saveScorecard by interviewer of scorecard, application.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		if c := s.card(s.cards["interviewer"]); c.SubmittedAt != nil || c.Edges.Interview.Status != interview.StatusSCHEDULED {
			t.Errorf("the card is %v, its interview %v", c, c.Edges.Interview)
		}
	})
}

// When a card was due decides whether it is on time; without a due time it is
// neither.
func TestOnTime(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		due := s.now.Add(24 * time.Hour)
		s.now = due
		if c := s.card(s.submit("interviewer")); c.IsOnTime == nil || !*c.IsOnTime {
			t.Errorf("at its due time it is on time %s", optional(c.IsOnTime))
		}
		s.now = due.Add(time.Microsecond)
		if c := s.card(s.submit("second")); c.IsOnTime == nil || *c.IsOnTime {
			t.Errorf("after it it is on time %s", optional(c.IsOnTime))
		}
		s.must(s.DB.Scorecard.UpdateOneID(s.cards["third"]).ClearDueAt().Exec(s.system()))
		if c := s.card(s.submit("third")); c.IsOnTime != nil {
			t.Errorf("never due it is on time %t", *c.IsOnTime)
		}
		if l := s.DB.Loop.GetX(s.system(), s.loop.ID); l.Status != loop.StatusCOMPLETED {
			t.Errorf("with every interview over the loop is %s", l.Status)
		}
	})
}

// An administrator hands in for somebody else: both are on record, and it stays
// the interviewer's card.
func TestSubmittingOnBehalf(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		id := s.cards["interviewer"]
		_, err := s.SubmitScorecard(s.as("admin"), s.whole(id))
		s.must(err)
		s.tells("SUBMITTED r1  on time true", `1* by admin:  "" team_wellbeing=NO_TIME coaching_growth=3`)(id)
		if got, want := s.traces(), "submitScorecard by admin of scorecard, scorecard.submitted"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		if c := s.card(id); c.InterviewerID != s.members["interviewer"] {
			t.Error("the card is another's now")
		}
		// Whoever has read a card writes the next one knowing it.
		_, err = s.SubmitScorecard(s.as("admin"), s.whole(s.cards["second"]))
		s.must(err)
		s.tells("SUBMITTED r1  on time true", `1* by admin after reveal:  "" team_wellbeing=NO_TIME coaching_growth=3`)(s.cards["second"])
	})
}

// Nobody else reads a draft, and so nobody else builds on one: on behalf of
// somebody a card is handed in whole, whatever its draft says, and that it is
// another revision by now is no news. Who is blind to the loop hands in nothing.
func TestSubmittingOnBehalfTellsNothingOfTheDraft(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		id := s.cards["interviewer"]
		saved := s.whole(id)
		saved.Recommendation, saved.Summary = hiring.To(to(scorecard.RecommendationYES)), hiring.To(to("Good."))
		saved.Ratings, saved.RedFlags = append(saved.Ratings, ratingOf("transparency", 2)), seen("takes_credit", "demeaning")
		_, err := s.SaveScorecard(s.as("interviewer"), saved)
		s.must(err)
		s.now = s.now.Add(time.Hour)

		in := s.whole(id)
		in.ExpectedRevision = 9
		behalf := func(with func(*hiring.ScorecardChange)) func() error {
			return func() error {
				changed := in
				changed.Ratings = slices.Clone(in.Ratings)
				with(&changed)
				_, err := s.SubmitScorecard(s.as("admin"), changed)
				return err
			}
		}
		whole := func(*hiring.ScorecardChange) {}
		s.refuses(t, refusal{"what the draft answers", "REQUIRED at ratings.team_wellbeing", behalf(func(in *hiring.ScorecardChange) { in.Ratings = in.Ratings[:1] })})
		for _, policy := range []loop.RevealPolicy{loop.RevealPolicyALL_SUBMITTED, loop.RevealPolicyDEBRIEF_OPENED} {
			s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(policy).Exec(s.system()))
			s.refuses(t, refusal{"blind by " + string(policy), "INVALID_TRANSITION at scorecardId", behalf(whole)})
		}
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(loop.RevealPolicyOWN_SUBMITTED).Exec(s.system()))
		own, other := s.assign(s.loop, 3, "admin", nil), s.submit("second")
		s.refuses(t,
			refusal{"who owes a card", "INVALID_TRANSITION at scorecardId", behalf(whole)},
			refusal{"who owes a card, of one that is in", "INVALID_TRANSITION at scorecardId", behalf(func(in *hiring.ScorecardChange) { in.ScorecardID = other })},
		)
		s.must(s.void("recruiter", own, nil, scorecard.VoidReasonCANCELLED)())
		s.must(behalf(func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning") })())
		s.tells("SUBMITTED r2  on time true", `2* by admin after reveal:  "" team_wellbeing=NO_TIME coaching_growth=3`,
			"demeaning of feedback_candour BLOCKING 2-")(id)
		if at := s.flag(id, "demeaning").ObservedAt; !at.Equal(s.now) {
			t.Errorf("the red flag tells that the draft had it, since %s", at)
		}
	})
}

// Statistics about interviewers use what they wrote before they could know what
// others did; once they could, they always could.
func TestAfterReveal(t *testing.T) {
	change := func(s *sitting, who string, n int) {
		s.t.Helper()
		in := hiring.ScorecardChange{
			ScorecardID: s.cards[who], ExpectedRevision: s.card(s.cards[who]).Revision, Reason: "Second thoughts",
			Ratings: []*hiring.SignalRatingInput{ratingOf("coaching_growth", n)},
		}
		_, err := s.AmendScorecard(s.as(who), in)
		s.must(err)
	}
	latest := func(s *sitting, who string) bool {
		s.t.Helper()
		c := s.card(s.cards[who])
		return s.DB.ScorecardRevision.GetX(s.system(), *c.CurrentRevisionID).IsAfterReveal
	}
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.submit("interviewer")
		change(s, "interviewer", 2)
		if latest(s, "interviewer") {
			t.Error("alone with a card one cannot see others'")
		}
		s.submit("second")
		if latest(s, "second") {
			t.Error("a card that was due hid those of others until it was in")
		}
		change(s, "second", 2)
		if !latest(s, "second") {
			t.Error("with the own card in one could see others'")
		}
		// A second interview hides them again, but they were seen.
		s.cards["second again"] = s.assign(s.loop, 3, "second", func(c *db.ScorecardCreate) { c.SetIsExposed(true) })
		s.people["second again"] = s.people["second"]
		change(s, "second", 3)
		if !latest(s, "second") {
			t.Error("what one saw is forgotten")
		}
		s.submit("second again")
		if !latest(s, "second again") {
			t.Error("a card assigned to somebody who could see others' is independent")
		}
		s.submit("third")
		change(s, "third", 2)
		// The policy of the loop hides them from everybody, also from who saw them.
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED).Exec(s.system()))
		change(s, "interviewer", 3)
		if latest(s, "interviewer") {
			t.Error("cards that wait for the debrief count as seen")
		}
		change(s, "third", 3)
		if !latest(s, "third") {
			t.Error("what one saw is forgotten when it is hidden")
		}
	})
}
