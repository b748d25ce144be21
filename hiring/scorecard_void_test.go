package hiring_test

import (
	"strings"
	"testing"

	"hireloop/ent/db/decision"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

const conflict = scorecard.VoidReasonCONFLICT_OF_INTEREST

func (s *sitting) void(who string, id gid.ID, revision *int, why scorecard.VoidReason) func() error {
	return func() error {
		_, err := s.VoidScorecard(s.as(who), hiring.VoidScorecardInput{
			ScorecardID: id, ExpectedRevision: revision, Reason: why, Comment: to("Former colleagues."),
		})
		return err
	}
}

// A void card keeps what it says, and counts no more.
func TestVoidScorecard(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		draft, in := s.cards["interviewer"], s.cards["second"]
		_, err := s.SaveScorecard(s.as("interviewer"), s.whole(draft))
		s.must(err)
		s.submit("second")
		s.join("both", access.Recruiter, access.Interviewer)
		own := s.assign(s.loop, 3, "both", nil)
		s.refuses(t,
			refusal{"a panel member", "FORBIDDEN at ", s.void("third", draft, nil, conflict)},
			refusal{"an analyst", "NOT_FOUND at scorecardId", s.void("analyst", draft, nil, conflict)},
			refusal{"another kind of thing", "NOT_FOUND at scorecardId", s.void("recruiter", s.application, nil, conflict)},
			refusal{"an interviewer, their own", "INVALID at scorecardId", s.void("interviewer", draft, nil, conflict)},
			refusal{"who runs the application, their own", "INVALID at scorecardId", s.void("both", own, nil, conflict)},
			refusal{"for no reason that there is", "INVALID at reason", s.void("recruiter", draft, nil, "BORED")},
			refusal{"as if the candidate had left", "INVALID at reason", s.void("recruiter", draft, nil, scorecard.VoidReasonCANDIDATE_WITHDREW)},
			refusal{"what was handed in, unseen", "REQUIRED at expectedRevision", s.void("recruiter", in, nil, conflict)},
			refusal{"what was handed in, as it was", "CONFLICT at expectedRevision", s.void("recruiter", in, to(9), conflict)},
		)
		s.must(s.void("recruiter", draft, nil, conflict)())
		s.tells("VOID r1 ", `1* by interviewer:  "" team_wellbeing=NO_TIME coaching_growth=3`)(draft)
		if got, want := s.traces(), "voidScorecard by recruiter of scorecard, scorecard.voided"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		s.must(s.void("recruiter", in, to(1), conflict)())
		s.tells("VOID r1  on time true", `1* by second:  "" team_wellbeing=NO_TIME coaching_growth=3`)(in)
		if c := s.card(in); *c.VoidReason != conflict {
			t.Errorf("it is void as %s", *c.VoidReason)
		}
		s.storedDecision(s.application, decision.KindHIRE, onLoop(s.loop.ID))
		s.must(s.void("manager", s.cards["third"], nil, scorecard.VoidReasonNO_SHOW)()) // nothing rests on a draft
		s.refuses(t, refusal{"twice", "INVALID_TRANSITION at scorecardId", s.void("recruiter", draft, to(1), conflict)})
	})
}

// Who runs the application voids unread what a policy hides, whatever revision
// they name. Who owes a card voids others' drafts; of what was handed in they would
// learn whether people decided on it.
func TestVoidingUnread(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.assign(s.loop, 3, "manager", nil)
		in := s.submit("interviewer")
		s.refuses(t, refusal{"of another's, owing a card", "INVALID_TRANSITION at scorecardId", s.void("manager", in, to(9), conflict)})
		s.must(s.void("manager", s.cards["third"], to(9), conflict)())
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED).Exec(s.system()))
		s.must(s.void("recruiter", in, to(9), conflict)())
	})
}

// Whose card is void since they had a conflict of interest, or met somebody else,
// never reports of the candidate independently: they stay blind. A card that did
// not come about otherwise hides nothing.
func TestWhoHasAConflictStaysBlind(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.submit("third")
		for why, want := range map[scorecard.VoidReason]string{
			scorecard.VoidReasonCONFLICT_OF_INTEREST: "1 OWN_SCORECARD_PENDING",
			scorecard.VoidReasonWRONG_CANDIDATE:      "1 OWN_SCORECARD_PENDING",
			scorecard.VoidReasonNO_SHOW:              "0 ",
			scorecard.VoidReasonCANCELLED:            "0 ",
		} {
			card := s.assign(s.loop, 10+len(why), "manager", nil)
			s.must(s.void("recruiter", card, nil, why)())
			if got := s.tellHidden("manager"); got != want {
				t.Errorf("void as %s: got %q, want %q", why, got, want)
			}
			_, err := s.OpenDebrief(s.as("manager"), hiring.OpenDebriefInput{LoopID: s.loop.ID})
			if blind := refused(err) == "INVALID_TRANSITION at loopId" && strings.Contains(err.Error(), "a card of your own"); blind != (want != "0 ") {
				t.Errorf("void as %s: openDebrief says %v", why, err)
			}
			s.must(s.DB.Scorecard.DeleteOneID(card).Exec(s.system()))
		}
	})
}
