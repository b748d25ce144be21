package hiring_test

import (
	"testing"

	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// A void card keeps what it says, and counts no more.
func TestVoidScorecard(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		draft, in := s.cards["interviewer"], s.cards["second"]
		_, err := s.SaveScorecard(s.as("interviewer"), s.whole(draft))
		s.must(err)
		s.submit("second")
		void := func(who string, id gid.ID, revision *int, why scorecard.VoidReason) func() error {
			return func() error {
				_, err := s.VoidScorecard(s.as(who), hiring.VoidScorecardInput{
					ScorecardID: id, ExpectedRevision: revision, Reason: why, Comment: to("Former colleagues."),
				})
				return err
			}
		}
		const conflict = scorecard.VoidReasonCONFLICT_OF_INTEREST
		s.refuses(t,
			refusal{"a panel member", "FORBIDDEN at ", void("third", draft, nil, conflict)},
			refusal{"an analyst", "NOT_FOUND at scorecardId", void("analyst", draft, nil, conflict)},
			refusal{"another kind of thing", "NOT_FOUND at scorecardId", void("recruiter", s.application, nil, conflict)},
			refusal{"an interviewer for others' reasons", "INVALID at reason", void("interviewer", draft, nil, scorecard.VoidReasonNO_SHOW)},
			refusal{"for no reason that there is", "INVALID at reason", void("recruiter", draft, nil, "BORED")},
			refusal{"what was handed in, unseen", "REQUIRED at expectedRevision", void("recruiter", in, nil, conflict)},
			refusal{"what was handed in, as it was", "CONFLICT at expectedRevision", void("recruiter", in, to(9), conflict)},
		)
		s.must(void("recruiter", draft, nil, conflict)())
		s.tells("VOID r1 ", `1* by interviewer:  "" team_wellbeing=NO_TIME coaching_growth=3`)(draft)
		if got, want := s.traces(), "voidScorecard by recruiter of scorecard, scorecard.voided"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		s.must(void("second", in, to(1), conflict)())
		s.tells("VOID r1  on time true", `1* by second:  "" team_wellbeing=NO_TIME coaching_growth=3`)(in)
		if c := s.card(in); *c.VoidReason != conflict {
			t.Errorf("it is void as %s", *c.VoidReason)
		}
		s.must(void("manager", s.cards["third"], nil, scorecard.VoidReasonNO_SHOW)())
		s.refuses(t, refusal{"twice", "INVALID_TRANSITION at scorecardId", void("recruiter", draft, to(1), conflict)})
	})
}
