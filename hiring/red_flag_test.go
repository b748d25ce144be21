package hiring_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/loop"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

func (s *sitting) confirm(who string, id gid.ID) func() error {
	return func() error {
		_, err := s.ConfirmRedFlag(s.as(who), hiring.ConfirmRedFlagInput{RedFlagObservationID: id})
		return err
	}
}

func (s *sitting) dismiss(who string, id gid.ID, why string) func() error {
	return func() error {
		_, err := s.DismissRedFlag(s.as(who), hiring.DismissRedFlagInput{RedFlagObservationID: id, Reason: why})
		return err
	}
}

// To say that a red flag does not hold takes a second person and a reason, and is
// said once. It is kept as it was observed, and counts for nothing.
func TestDismissRedFlag(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		card := s.submit("interviewer", func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning", "takes_credit") })
		flag, other := s.flag(card, "demeaning"), s.flag(card, "takes_credit")
		s.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", s.dismiss("nobody", flag.ID, agreed)},
			refusal{"the observer", "INVALID at redFlagObservationId", s.dismiss("interviewer", flag.ID, agreed)},
			refusal{"who owes a card", "NOT_FOUND at redFlagObservationId", s.dismiss("second", flag.ID, agreed)},
			refusal{"an analyst", "NOT_FOUND at redFlagObservationId", s.dismiss("analyst", flag.ID, agreed)},
			refusal{"another kind of thing", "NOT_FOUND at redFlagObservationId", s.dismiss("recruiter", card, agreed)},
			refusal{"29 characters", "REASON_REQUIRED at reason", s.dismiss("recruiter", flag.ID, strings.Repeat("x", 29))},
			refusal{"damaged text", "INVALID at reason", s.dismiss("recruiter", flag.ID, "\xff")},
		)
		s.must(s.confirm("manager", flag.ID)())
		s.must(s.dismiss("recruiter", flag.ID, " "+agreed+"\n")()) // although it was confirmed
		if got, want := s.traces(), "dismissRedFlag by recruiter of red_flag_observation, red_flag.dismissed"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		after := s.flag(card, "demeaning")
		if *after.DismissedByID != s.members["recruiter"] || !after.DismissedAt.Equal(s.now) || *after.DismissalReason != agreed ||
			after.ConfirmedByID == nil || after.Evidence != flag.Evidence {
			t.Errorf("it is %v", after)
		}
		if diff := cmp.Diff([]string{redflagobservation.Table}, s.telling(agreed)); diff != "" {
			t.Errorf("what tells the reason: %s", diff)
		}
		s.refuses(t,
			refusal{"twice", "CONFLICT at redFlagObservationId", s.dismiss("manager", flag.ID, agreed)},
			refusal{"confirming it then", "CONFLICT at redFlagObservationId", s.confirm("admin", flag.ID)},
		)
		s.must(s.dismiss("manager", other.ID, agreed)()) // before anybody confirmed it
	})
}

// Neither a confirmed red flag nor one that waits for a second person hinders a
// hire once it was dismissed.
func TestADismissedRedFlagCountsForNothing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		card := d.DB.Scorecard.Query().FirstIDX(d.system())
		for _, confirmer := range []string{"", "admin"} {
			flag := h.flag(card, flagged{key: "x" + confirmer, signal: "coaching_growth", severity: redflagobservation.SeverityBLOCKING, confirmedBy: confirmer})
			if fit := h.fit("recruiter"); fit.Outcome == rubric.HireAtTarget && !fit.RequiresDebrief {
				t.Errorf("confirmed by %q it changes nothing", confirmer)
			}
			_, err := d.DismissRedFlag(d.as("recruiter"), hiring.DismissRedFlagInput{RedFlagObservationID: flag, Reason: agreed})
			d.must(err)
			if fit := h.fit("recruiter"); fit.Outcome != rubric.HireAtTarget || fit.RequiresDebrief {
				t.Errorf("confirmed by %q and dismissed it leads to %s, %v", confirmer, fit.Outcome, fit.Attention)
			}
		}
	})
}

// A red flag takes a second person: anybody who sees it, but neither who observed
// it nor who wrote it down for them.
func TestConfirmRedFlag(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		reports := func(in *hiring.ScorecardChange) {
			in.RedFlags = seen("demeaning", "takes_credit", "waits_for_template")
		}
		draft := s.cards["second"]
		saved := s.whole(draft)
		reports(&saved)
		_, err := s.SaveScorecard(s.as("second"), saved)
		s.must(err)
		card := s.submit("interviewer", reports)
		blocking := s.flag(card, "demeaning")
		s.refuses(t,
			refusal{"of a draft, for anybody else", "NOT_FOUND at redFlagObservationId", s.confirm("recruiter", s.flag(draft, "demeaning").ID)},
			refusal{"of a draft, for its author", "INVALID at redFlagObservationId", s.confirm("second", s.flag(draft, "demeaning").ID)},
			refusal{"by the observer", "INVALID at redFlagObservationId", s.confirm("interviewer", blocking.ID)},
			refusal{"by a panel member who is blind", "NOT_FOUND at redFlagObservationId", s.confirm("second", blocking.ID)},
			refusal{"by an analyst", "NOT_FOUND at redFlagObservationId", s.confirm("analyst", blocking.ID)},
			refusal{"by nobody", "FORBIDDEN at ", s.confirm("nobody", blocking.ID)},
			refusal{"that is another kind of thing", "NOT_FOUND at redFlagObservationId", s.confirm("recruiter", card)},
		)
		s.must(s.confirm("manager", blocking.ID)())
		after := s.flag(card, "demeaning")
		if after.ConfirmedByID == nil || *after.ConfirmedByID != s.members["manager"] || !after.ConfirmedAt.Equal(s.now) {
			t.Errorf("it is confirmed by %v at %v", after.ConfirmedByID, after.ConfirmedAt)
		}
		if got, want := s.traces(), "confirmRedFlag by manager of red_flag_observation, red_flag.confirmed"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		s.must(s.confirm("manager", s.flag(card, "takes_credit").ID)())         // CAUTION
		s.must(s.confirm("recruiter", s.flag(card, "waits_for_template").ID)()) // NOTE
		s.refuses(t, refusal{"twice", "CONFLICT at redFlagObservationId", s.confirm("recruiter", blocking.ID)})

		_, err = s.AmendScorecard(s.as("interviewer"), hiring.ScorecardChange{
			ScorecardID: card, ExpectedRevision: 1, Reason: "Heard it again", RedFlags: seen("takes_credit", "fabricates_evidence"),
		})
		s.must(err)
		if s.flag(card, "takes_credit").ConfirmedByID == nil {
			t.Error("what stays in the card lost its confirmation")
		}
		s.refuses(t, refusal{"that the card no longer reports", "CONFLICT at redFlagObservationId", s.confirm("recruiter", blocking.ID)})

		written := s.flag(card, "fabricates_evidence")
		_, err = s.VoidScorecard(s.as("recruiter"), hiring.VoidScorecardInput{
			ScorecardID: card, ExpectedRevision: to(2), Reason: scorecard.VoidReasonWRONG_CANDIDATE,
		})
		s.must(err)
		s.refuses(t, refusal{"of a void card", "INVALID_TRANSITION at redFlagObservationId", s.confirm("recruiter", written.ID)})
	})
}

func TestWhoWroteARedFlagDownConfirmsItNot(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		in := s.whole(s.cards["interviewer"])
		in.RedFlags = seen("demeaning")
		_, err := s.SubmitScorecard(s.as("admin"), in)
		s.must(err)
		flag := s.flag(in.ScorecardID, "demeaning")
		s.refuses(t, refusal{"the administrator alone", "INVALID at redFlagObservationId", s.confirm("admin", flag.ID)})
		s.must(s.confirm("recruiter", flag.ID)())
	})
}

func TestRedFlagsHideWithTheirCards(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED).Exec(s.system()))
		card := s.submit("interviewer", func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning") })
		s.refuses(t, refusal{"before the debrief", "NOT_FOUND at redFlagObservationId", s.confirm("recruiter", s.flag(card, "demeaning").ID)})
	})
}

// Of two who confirm at once one is the second person; one who confirms while
// the interviewer takes it back confirms it before or not at all.
func TestConfirmationRaces(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		card := s.submit("interviewer", func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning", "takes_credit") })
		flag := s.flag(card, "demeaning")
		won := 0
		for _, err := range atOnce(s.confirm("recruiter", flag.ID), s.confirm("manager", flag.ID), s.confirm("admin", flag.ID)) {
			if err == nil {
				won++
			} else if got := refused(err); got != "CONFLICT at redFlagObservationId" {
				t.Errorf("got %q", got)
			}
		}
		if won != 1 {
			t.Errorf("%d confirmed it", won)
		}
		flag = s.flag(card, "takes_credit")
		results := atOnce(s.confirm("recruiter", flag.ID), func() error {
			_, err := s.AmendScorecard(s.as("interviewer"), hiring.ScorecardChange{
				ScorecardID: card, ExpectedRevision: 1, Reason: "Misheard", RedFlags: seen(),
			})
			return err
		})
		s.must(results[1])
		after := s.DB.RedFlagObservation.GetX(s.system(), flag.ID)
		if confirmed := after.ConfirmedByID != nil; after.UntilRevision == nil || confirmed != (results[0] == nil) {
			t.Errorf("confirmed %t (%v), reported until %s", confirmed, results[0], optional(after.UntilRevision))
		}
	})
}
