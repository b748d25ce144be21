package hiring_test

import (
	"context"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// Who may write a card, and who learns that there is one.
func TestWhoWritesAScorecard(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.join("outsider", access.Interviewer, access.HiringManager)
		draft, in := s.cards["interviewer"], s.cards["second"]
		s.submit("second")
		verbs := map[string]func(context.Context) error{
			"save": func(ctx context.Context) error { _, err := s.SaveScorecard(ctx, s.whole(draft)); return err },
			"submit": func(ctx context.Context) error {
				_, err := s.SubmitScorecard(ctx, s.whole(draft))
				return err
			},
			"amend": func(ctx context.Context) error {
				change := s.whole(in)
				change.Reason, change.Summary = "Because", hiring.To(to("Otherwise."))
				_, err := s.AmendScorecard(ctx, change)
				return err
			},
		}
		for verb, do := range verbs {
			for who, want := range map[string]string{
				"recruiter": "NOT_ASSIGNED at scorecardId", "manager": "NOT_ASSIGNED at scorecardId", "third": "NOT_ASSIGNED at scorecardId",
				"admin": "NOT_ASSIGNED at scorecardId", "outsider": "NOT_FOUND at scorecardId", "analyst": "NOT_FOUND at scorecardId",
				"nobody": "FORBIDDEN at ",
			} {
				if verb == "submit" && who == "admin" {
					continue // on behalf
				}
				s.refuses(t, refusal{who + " does not " + verb, want, func() error { return do(s.as(who)) }})
			}
		}
		// In a confidential opening an administrator of no team is nobody.
		s.must(s.DB.Opening.UpdateOneID(s.opening.ID).SetIsConfidential(true).Exec(s.system()))
		s.refuses(t, refusal{"admin sees no confidential opening", "NOT_FOUND at scorecardId", func() error { return verbs["submit"](s.as("admin")) }})
		s.must(verbs["submit"](s.as("interviewer")))
	})
}

func TestScorecardsRefuse(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		id, other := s.cards["interviewer"], s.cards["second"]
		s.submit("second")
		void := s.cards["third"]
		s.must(s.void("recruiter", void, nil, scorecard.VoidReasonWRONG_CANDIDATE)())
		save := func(who string, id gid.ID, with func(*hiring.ScorecardChange)) func() error {
			return func() error { _, err := s.SaveScorecard(s.as(who), s.changed(id, with)); return err }
		}
		submit := func(who string, id gid.ID, with func(*hiring.ScorecardChange)) func() error {
			return func() error { _, err := s.SubmitScorecard(s.as(who), s.changed(id, with)); return err }
		}
		amend := func(who string, id gid.ID, with func(*hiring.ScorecardChange)) func() error {
			return func() error {
				_, err := s.AmendScorecard(s.as(who), s.changed(id, func(in *hiring.ScorecardChange) {
					in.Reason, in.Summary = "Because", hiring.To(to("Otherwise."))
					if with != nil {
						with(in)
					}
				}))
				return err
			}
		}
		bad := func(in *hiring.ScorecardChange) {
			in.Ratings = []*hiring.SignalRatingInput{ratingOf("coaching_growth", 5), ratingOf("charm", 2)}
			in.RedFlags = seen("late")
		}
		stale := func(in *hiring.ScorecardChange) { in.ExpectedRevision = 7 }
		s.refuses(t,
			refusal{"save: no card", "NOT_FOUND at scorecardId", save("interviewer", id, func(in *hiring.ScorecardChange) { in.ScorecardID = s.id(gid.Scorecard) })},
			refusal{"save: another kind of thing", "NOT_FOUND at scorecardId", save("interviewer", id, func(in *hiring.ScorecardChange) { in.ScorecardID = s.application })},
			refusal{"save: another revision", "CONFLICT at expectedRevision", save("interviewer", id, stale)},
			refusal{"save: handed in", "ALREADY_SUBMITTED at scorecardId", save("second", other, nil)},
			refusal{"save: void", "INVALID_TRANSITION at scorecardId", save("third", void, nil)},
			refusal{"save: all that is wrong", "INVALID at ratings.0.rating, INVALID at ratings.1.signal, NOT_FOUND at redFlags.0.redFlag", save("interviewer", id, bad)},
			refusal{"save: advice before the ratings", "INVALID at recommendation", save("interviewer", id, func(in *hiring.ScorecardChange) {
				in.Ratings, in.Recommendation = in.Ratings[:1], hiring.To(to(scorecard.RecommendationYES))
			})},

			refusal{"submit: another revision", "CONFLICT at expectedRevision", submit("interviewer", id, stale)},
			refusal{"submit: handed in", "ALREADY_SUBMITTED at scorecardId", submit("second", other, nil)},
			refusal{"submit: void", "INVALID_TRANSITION at scorecardId", submit("third", void, nil)},
			refusal{"submit: a focus signal is open", "REQUIRED at ratings.team_wellbeing", submit("interviewer", id, func(in *hiring.ScorecardChange) { in.Ratings = in.Ratings[:1] })},
			refusal{"submit: too little evidence", "EVIDENCE_REQUIRED at ratings.0.evidence", submit("interviewer", id, func(in *hiring.ScorecardChange) { in.Ratings[0].Evidence = to("Short.") })},
			refusal{"submit: all that is wrong",
				"INVALID at ratings.0.rating, INVALID at ratings.1.signal, NOT_FOUND at redFlags.0.redFlag, REQUIRED at ratings.team_wellbeing",
				submit("interviewer", id, bad)},

			refusal{"amend: another revision", "CONFLICT at expectedRevision", amend("second", other, stale)},
			refusal{"amend: a draft", "INVALID_TRANSITION at scorecardId", amend("interviewer", id, nil)},
			refusal{"amend: void", "INVALID_TRANSITION at scorecardId", amend("third", void, nil)},
			refusal{"amend: without a reason", "REASON_REQUIRED at reason", amend("second", other, func(in *hiring.ScorecardChange) { in.Reason = " " })},
			refusal{"amend: nothing", "INVALID at ", amend("second", other, func(in *hiring.ScorecardChange) { in.Summary = hiring.To[*string](nil) })},
			refusal{"amend: an answer away", "REQUIRED at ratings.team_wellbeing", amend("second", other, func(in *hiring.ScorecardChange) {
				in.Ratings = []*hiring.SignalRatingInput{{Signal: "team_wellbeing"}}
			})},
		)

		// While the interview has not begun, or never will, there is nothing to hand in.
		session := s.card(id).InterviewID
		set := func(change func(*db.InterviewUpdateOne)) {
			t.Helper()
			update := s.DB.Interview.UpdateOneID(session)
			change(update)
			s.must(update.Exec(s.system()))
		}
		const early = "INVALID_TRANSITION at scorecardId"
		set(func(i *db.InterviewUpdateOne) { i.SetStartsAt(s.now.Add(time.Microsecond)) })
		s.refuses(t, refusal{"submit: before the interview", early, submit("interviewer", id, nil)})
		set(func(i *db.InterviewUpdateOne) { i.ClearStartsAt() })
		s.refuses(t, refusal{"submit: an interview without a time", early, submit("interviewer", id, nil)})
		for _, status := range []interview.Status{interview.StatusCANCELLED, interview.StatusNO_SHOW} {
			set(func(i *db.InterviewUpdateOne) { i.SetStartsAt(s.now).SetStatus(status) })
			s.refuses(t, refusal{"submit: an interview that is " + string(status), early, submit("interviewer", id, nil)})
		}
		set(func(i *db.InterviewUpdateOne) { i.SetStatus(interview.StatusSCHEDULED) })
		for _, status := range []loop.Status{loop.StatusDRAFT, loop.StatusCANCELLED} {
			s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetStatus(status).Exec(s.system()))
			s.refuses(t, refusal{"submit: in a loop that is " + string(status), early, submit("interviewer", id, nil)})
		}
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetStatus(loop.StatusACTIVE).ClearRubricVersionID().Exec(s.system()))
		s.refuses(t, refusal{"save: in a loop without a rubric", "INVALID_TRANSITION at scorecardId", save("interviewer", id, nil)})
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRubricVersionID(*s.opening.RubricVersionID).Exec(s.system()))

		// What people decided by stays as it was.
		s.storedDecision(s.application, decision.KindMORE_EVIDENCE, onLoop(s.loop.ID))
		s.must(amend("second", other, nil)())
		s.storedDecision(s.application, decision.KindHIRE, onLoop(s.loop.ID))
		s.refuses(t,
			refusal{"amend: after the decision", "INVALID_TRANSITION at scorecardId", amend("second", other, func(in *hiring.ScorecardChange) { in.Summary = hiring.To(to("Later.")) })},
			refusal{"void: after the decision", "INVALID_TRANSITION at scorecardId", s.void("recruiter", other, to(2), scorecard.VoidReasonWRONG_CANDIDATE)},
		)
		s.must(submit("interviewer", id, nil)()) // late, and kept
	})
}

// changed is a whole change that a test has changed.
func (s *sitting) changed(id gid.ID, with func(*hiring.ScorecardChange)) hiring.ScorecardChange {
	in := s.whole(id)
	if with != nil {
		with(&in)
	}
	return in
}
