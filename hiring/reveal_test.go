package hiring_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// tellLoop says what a viewer learns of the loop's scorecards:
// "expected 3, submitted 1, overdue 0, hidden 1 OWN_SCORECARD_PENDING, visible interviewer".
func (s *sitting) tellLoop(who string, l *db.Loop) string {
	s.t.Helper()
	all, err := s.LoopScorecards(s.as(who), []gid.ID{l.ID})
	s.must(err)
	c := all[l.ID]
	if c == nil {
		return "nothing"
	}
	text := fmt.Sprintf("expected %d, submitted %d, overdue %d, hidden %d %s, visible", c.Expected, c.Submitted, c.Overdue, c.HiddenCount, optional(c.HiddenBecause))
	for _, card := range c.Visible {
		text += " " + s.DB.Member.GetX(s.system(), card.InterviewerID).Name
	}
	return text
}

func (s *sitting) tellHidden(who string) string {
	s.t.Helper()
	hidden, err := s.HiddenScorecards(s.as(who), []gid.ID{s.application})
	s.must(err)
	h, there := hidden[s.application]
	if !there {
		return "nothing"
	}
	return fmt.Sprintf("%d %s", h.Count, optional(h.Because))
}

// Hidden is told apart from none: how many are in is the same for everybody who
// sees the loop, and whoever may not read them learns why.
func TestLoopScorecards(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.submit("interviewer")
		s.now = s.now.Add(25 * time.Hour)
		for who, want := range map[string]string{
			"recruiter":   "expected 3, submitted 1, overdue 2, hidden 0 , visible interviewer",
			"manager":     "expected 3, submitted 1, overdue 2, hidden 0 , visible interviewer",
			"interviewer": "expected 3, submitted 1, overdue 2, hidden 0 , visible interviewer",
			"second":      "expected 3, submitted 1, overdue 2, hidden 1 OWN_SCORECARD_PENDING, visible second",
			"analyst":     "nothing",
			"nobody":      "nothing",
		} {
			if got := s.tellLoop(who, s.loop); got != want {
				t.Errorf("%s: got %q, want %q", who, got, want)
			}
		}
		for who, want := range map[string]string{"recruiter": "0 ", "second": "1 OWN_SCORECARD_PENDING", "analyst": "nothing"} {
			if got := s.tellHidden(who); got != want {
				t.Errorf("%s: got %q, want %q", who, got, want)
			}
		}

		// Those of people who learn, and void ones, are read but not counted.
		trainee := s.assign(s.loop, 3, "second", func(c *db.ScorecardCreate) { c.SetIsShadow(true) })
		s.people["trainee"], s.cards["trainee"] = s.people["second"], trainee
		s.submit("second")
		if got, want := s.tellLoop("recruiter", s.loop), "expected 3, submitted 2, overdue 1, hidden 0 , visible interviewer second"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := s.tellLoop("second", s.loop), "expected 3, submitted 2, overdue 1, hidden 1 OWN_SCORECARD_PENDING, visible second second"; got != want {
			t.Errorf("while learning: got %q, want %q", got, want)
		}
		s.submit("trainee")
		_, err := s.VoidScorecard(s.as("recruiter"), hiring.VoidScorecardInput{
			ScorecardID: s.cards["interviewer"], ExpectedRevision: to(1), Reason: scorecard.VoidReasonCONFLICT_OF_INTEREST,
		})
		s.must(err)
		if got, want := s.tellLoop("second", s.loop), "expected 2, submitted 1, overdue 1, hidden 0 , visible interviewer second second"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// The policies of a loop hide cards from everybody but their authors.
func TestRevealPolicies(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.submit("interviewer")
		s.submit("second")
		policy := func(p loop.RevealPolicy) {
			t.Helper()
			s.must(s.DB.Loop.UpdateOneID(s.loop.ID).SetRevealPolicy(p).Exec(s.system()))
		}
		check := func(rule string, want map[string]string) {
			t.Helper()
			for who, text := range want {
				if got := s.tellHidden(who); got != text {
					t.Errorf("%s, for %s: got %q, want %q", rule, who, got, text)
				}
			}
		}
		policy(loop.RevealPolicyALL_SUBMITTED)
		check("one is due", map[string]string{"recruiter": "2 SCORECARDS_PENDING", "interviewer": "1 SCORECARDS_PENDING", "third": "2 OWN_SCORECARD_PENDING"})
		s.must(s.DB.Scorecard.UpdateOneID(s.cards["third"]).SetIsShadow(true).Exec(s.system()))
		check("only somebody who learns owes one", map[string]string{"recruiter": "0 ", "interviewer": "0 ", "third": "2 OWN_SCORECARD_PENDING"})
		policy(loop.RevealPolicyDEBRIEF_OPENED)
		check("no debrief", map[string]string{"recruiter": "2 DEBRIEF_NOT_OPENED", "interviewer": "1 DEBRIEF_NOT_OPENED"})
		s.storedDebrief(s.loop.ID)
		check("a debrief", map[string]string{"recruiter": "0 ", "interviewer": "0 ", "third": "2 OWN_SCORECARD_PENDING"})
		later := s.anotherLoop(loop.RevealPolicyDEBRIEF_OPENED)
		check("another loop that waits for its debrief", map[string]string{"recruiter": "0 DEBRIEF_NOT_OPENED"})
		s.must(s.DB.Loop.UpdateOneID(later.ID).SetStatus(loop.StatusCANCELLED).Exec(s.system()))
		check("given up before anybody interviewed", map[string]string{"recruiter": "0 "})
	})
}

// The reason why cards are hidden is what the rule of access does, for whatever
// cards, policies and viewers: there is none exactly when the loop's evidence may
// be read, and then every card of others is shown, else none is.
func TestTheReasonIsTheRule(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		viewers := []string{"admin", "recruiter", "manager", "interviewer", "second", "third", "analyst"}
		s.join("both", access.Recruiter, access.Interviewer)
		viewers = append(viewers, "both")
		rapid.Check(t, func(t *rapid.T) {
			// One application, with one loop or two.
			s.application = s.applicant(s.opening.ID).ID
			var loops []*db.Loop
			for range rapid.IntRange(1, 2).Draw(t, "loops") {
				l := s.anotherLoop(rapid.SampledFrom([]loop.RevealPolicy{
					loop.RevealPolicyOWN_SUBMITTED, loop.RevealPolicyALL_SUBMITTED, loop.RevealPolicyDEBRIEF_OPENED,
				}).Draw(t, "policy"))
				loops = append(loops, l)
				for i := range rapid.IntRange(0, 3).Draw(t, "cards") {
					s.assign(l, i, rapid.SampledFrom([]string{"interviewer", "second", "third", "both"}).Draw(t, "interviewer"), func(c *db.ScorecardCreate) {
						status := rapid.SampledFrom([]scorecard.Status{
							scorecard.StatusDRAFT, scorecard.StatusSUBMITTED, scorecard.StatusAMENDED, scorecard.StatusVOID,
						}).Draw(t, "status")
						c.SetStatus(status).SetIsShadow(rapid.Bool().Draw(t, "learns"))
						if status == scorecard.StatusVOID {
							c.SetVoidReason(rapid.SampledFrom([]scorecard.VoidReason{
								scorecard.VoidReasonNO_SHOW, scorecard.VoidReasonCANCELLED, scorecard.VoidReasonCONFLICT_OF_INTEREST,
								scorecard.VoidReasonWRONG_CANDIDATE, scorecard.VoidReasonCANDIDATE_WITHDREW,
							}).Draw(t, "void as"))
						}
						if status == scorecard.StatusSUBMITTED || status == scorecard.StatusAMENDED || status == scorecard.StatusVOID && rapid.Bool().Draw(t, "was in") {
							c.SetSubmittedAt(s.now)
						}
					})
				}
				if rapid.Bool().Draw(t, "debrief") {
					s.storedDebrief(l.ID)
				}
				if rapid.IntRange(0, 3).Draw(t, "given up") == 0 {
					s.must(s.DB.Loop.UpdateOneID(l.ID).SetStatus(loop.StatusCANCELLED).Exec(s.system()))
				}
			}
			for _, who := range viewers {
				s.checkReveal(t, who, loops)
			}
		})
	})
}

func (s *sitting) checkReveal(t *rapid.T, who string, loops []*db.Loop) {
	ctx, me := s.as(who), s.members[who]
	ids := []gid.ID{}
	for _, l := range loops {
		ids = append(ids, l.ID)
	}
	told, err := s.LoopScorecards(ctx, ids)
	s.must(err)
	hidden, err := s.HiddenScorecards(ctx, []gid.ID{s.application})
	s.must(err)
	hides, unread := 0, false // cards of others; a loop that matters
	owes := slices.ContainsFunc(
		s.DB.Scorecard.Query().Where(scorecard.ApplicationID(s.application), scorecard.InterviewerID(me)).AllX(s.system()),
		func(c *db.Scorecard) bool {
			never := c.Status == scorecard.StatusVOID && c.SubmittedAt == nil &&
				(*c.VoidReason == scorecard.VoidReasonCONFLICT_OF_INTEREST || *c.VoidReason == scorecard.VoidReasonWRONG_CANDIDATE)
			return c.Status == scorecard.StatusDRAFT || never
		})
	for _, l := range loops {
		if sees := s.DB.Loop.Query().Where(loop.ID(l.ID)).ExistX(ctx); sees != (told[l.ID] != nil) {
			t.Fatalf("%s sees the loop: %t, and is told %v", who, sees, told[l.ID])
		} else if !sees {
			continue
		}
		because := told[l.ID].HiddenBecause
		evidence := s.DB.Loop.Query().Where(loop.ID(l.ID), access.Visible(ctx, access.LoopEvidence)).ExistX(ctx)
		if evidence != (because == nil) {
			t.Errorf("%s may read the evidence: %t, but is told %s", who, evidence, optional(because))
		}
		visible := s.DB.Scorecard.Query().Where(scorecard.LoopID(l.ID)).Order(scorecard.ByID()).IDsX(ctx)
		counted, there, all := 0, 0, s.DB.Scorecard.Query().Where(scorecard.LoopID(l.ID)).AllX(s.system())
		for _, c := range all {
			in := c.Status == scorecard.StatusSUBMITTED || c.Status == scorecard.StatusAMENDED
			switch reads := slices.Contains(visible, c.ID); {
			case c.InterviewerID == me && !reads:
				t.Errorf("%s does not see their own card", who)
			case c.InterviewerID == me || !in:
			case reads != (because == nil):
				t.Errorf("%s reads a card of another's: %t, but is told %s", who, reads, optional(because))
			case !reads:
				hides++
				there++
				if !c.IsShadow {
					counted++
				}
			}
		}
		givenUp := s.DB.Loop.GetX(s.system(), l.ID).Status == loop.StatusCANCELLED
		unread = unread || !evidence && (!givenUp || there > 0 || owes)
		if told[l.ID].HiddenCount != counted {
			t.Errorf("%s: %d cards of the loop are hidden, told %d", who, counted, told[l.ID].HiddenCount)
		}
		var listed []gid.ID
		for _, c := range told[l.ID].Visible {
			listed = append(listed, c.ID)
		}
		slices.SortFunc(listed, func(a, b gid.ID) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(listed, visible) {
			t.Errorf("%s sees the cards %v, told %v", who, visible, listed)
		}
	}
	h := hidden[s.application]
	if h.Count != hides {
		t.Errorf("%s: %d cards of the application are hidden, told %d", who, hides, h.Count)
	}
	if unread != (h.Because != nil) {
		t.Errorf("%s: %d cards of the application are hidden, and its loops unread: %t, because %s", who, hides, unread, optional(h.Because))
	}
}
