package hiring_test

import (
	"testing"

	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
)

// joins adds an interview for somebody and tells whether they could read others'
// cards before.
func (p *panel) joins(who string) bool {
	p.t.Helper()
	_, err := p.AddInterview(p.as("admin"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Interview: p.followUp(who)})
	p.must(err)
	return p.card(who, len(p.interviews())-1).IsExposed
}

// Policies change, and people talk: who saw the application when a card of
// somebody else was in counts as exposed by any of them.
func TestWhoSawTheApplicationIsExposedByAnyPolicy(t *testing.T) {
	for _, policy := range []loop.RevealPolicy{loop.RevealPolicyOWN_SUBMITTED, loop.RevealPolicyALL_SUBMITTED, loop.RevealPolicyDEBRIEF_OPENED} {
		t.Run(string(policy), func(t *testing.T) {
			eachStarted(t, func(t *testing.T, p *panel) {
				p.must(p.DB.Loop.UpdateOneID(p.loop).SetRevealPolicy(policy).Exec(p.system()))
				p.assign("manager", 1, 0)
				if p.card("manager", 1).IsExposed {
					t.Error("there was nothing to see")
				}
				p.must(p.unassign(1, 0))
				p.took("ann", 0)
				p.must(p.DB.Scorecard.UpdateOne(p.card("ann", 0)).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonWRONG_CANDIDATE).Exec(p.system()))
				p.assign("manager", 1, 0)
				if !p.card("manager", 1).IsExposed {
					t.Error("they saw the application, with a card that was in")
				}
				p.assign("ann", 1, 0)
				if p.card("ann", 1).IsExposed {
					t.Error("the only card was their own")
				}
			})
		})
	}
}

// Interviewers see an application as long as they have a place: who left and
// comes back saw nothing meanwhile.
func TestAnInterviewerWhoComesBackIsNotExposed(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("ann", 0)
		p.must(p.unassign(1, 0))
		p.assign("ben", 1, 0)
		if p.card("ben", 1).IsExposed {
			t.Error("ben did not see the application")
		}
		p.must(p.DB.Scorecard.UpdateOne(p.card("ben", 1)).SetIsExposed(true).Exec(p.system()))
		p.must(p.unassign(1, 0))
		p.assign("ben", 1, 0)
		if !p.card("ben", 1).IsExposed {
			t.Error("what was read is not forgotten")
		}
	})
}

func TestWhoHandedInIsExposedInTheNextInterview(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("cid", 2)
		if p.joins("cid") {
			t.Error("nobody else's card is in")
		}
		p.took("dan", 3)
		if !p.joins("dan") {
			t.Error("dan handed in, and could read cid's card")
		}
		if p.joins("eve") {
			t.Error("eve owes a card, and is blind")
		}
	})
}

// What was said of the application that this one continues was said of the same
// person.
func TestWhatWasReadBeforeATransferExposes(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("ann", 0)
		there := p.newOpening()
		next, err := p.TransferApplication(p.as("recruiter"), hiring.TransferApplicationInput{ApplicationID: p.application, ExpectedVersion: 1, ToOpeningID: there.ID, Reason: "fits"})
		p.must(err)
		p.application = next
		p.plan(func(list []*hiring.LoopInterviewInput) {
			list[0].Seats[0].MemberID = to(p.members["manager"])
			list[1].Seats[0].MemberID = to(p.members["interviewer"])
			list[5].Seats[1].MemberID = to(p.members["ann"])
		})
		p.start()
		for _, c := range []struct {
			who      string
			position int
			want     bool
		}{
			{"manager", 0, true},      // leads both openings
			{"interviewer", 1, false}, // saw neither
			{"cid", 2, true},          // had a place in the former one, and owes nothing for it any more
			{"ann", 5, false},         // wrote the only card
		} {
			if got := p.card(c.who, c.position).IsExposed; got != c.want {
				t.Errorf("%s: exposed %v", c.who, got)
			}
		}
	})
}
