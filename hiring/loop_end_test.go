package hiring_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func (p *panel) version() int {
	p.t.Helper()
	a, err := p.DB.Application.Get(p.system(), p.application)
	p.must(err)
	return a.Version
}

func (p *panel) withdraw() {
	p.t.Helper()
	_, err := p.WithdrawApplication(p.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: p.application, ExpectedVersion: p.version()})
	p.must(err)
}

func (p *panel) reject() {
	p.t.Helper()
	reason, err := p.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(rejectionreason.InitiatorUS)).FirstID(p.system())
	p.must(err)
	_, err = p.RejectApplication(p.as("recruiter"), hiring.RejectApplicationInput{ApplicationID: p.application, ExpectedVersion: p.version(), ReasonID: reason})
	p.must(err)
}

func (p *panel) reopen() {
	p.t.Helper()
	_, err := p.ReopenApplication(p.as("recruiter"), hiring.ReopenApplicationInput{ApplicationID: p.application, ExpectedVersion: p.version(), Reason: "too early"})
	p.must(err)
}

// Who left after an interview had begun was interviewed: it is not called off,
// though nobody owes a card for it any more.
func TestEndingCallsOffWhatIsAhead(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.now = dayOf(102).Add(time.Hour) // the second one begins now
		p.withdraw()
		p.tells("CANCELLED v3", "hm_screen SCHEDULED v1: ann VOID CANDIDATE_WITHDREW", "people_leadership SCHEDULED v1: ben VOID CANDIDATE_WITHDREW",
			"delivery_complexity CANCELLED v2: cid VOID CANDIDATE_WITHDREW", "strategy_uncertainty CANCELLED v2: dan VOID CANDIDATE_WITHDREW",
			"org_and_managers CANCELLED v2: eve VOID CANDIDATE_WITHDREW", "epd_panel CANCELLED v2: fay VOID CANDIDATE_WITHDREW, ann VOID CANDIDATE_WITHDREW")
	})
}

// Reopening brings back what ending took, and nothing else.
func TestReopeningBringsBackWhatEndingTook(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.must(p.unassign(1, 0))
		p.must(p.DB.Scorecard.UpdateOne(p.card("cid", 2)).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonCANCELLED).Exec(p.system()))
		p.took("fay", 5)
		p.now = dayOf(102).Add(150 * time.Minute) // the first three have begun
		p.reject()
		p.tells("COMPLETED v4", "hm_screen SCHEDULED v1: ann VOID CANCELLED", "people_leadership SCHEDULED v2: nobody, (ben VOID CANCELLED)",
			"delivery_complexity SCHEDULED v1: cid VOID CANCELLED", "strategy_uncertainty CANCELLED v2: dan VOID CANCELLED",
			"org_and_managers CANCELLED v2: eve VOID CANCELLED", "epd_panel COMPLETED v1: fay SUBMITTED, ann VOID CANCELLED")
		p.now = p.now.Add(time.Hour)
		p.reopen()
		p.tells("ACTIVE v5", "hm_screen SCHEDULED v1: ann DRAFT", "people_leadership SCHEDULED v2: nobody, (ben VOID CANCELLED)",
			"delivery_complexity SCHEDULED v1: cid VOID CANCELLED", "strategy_uncertainty CANCELLED v2: dan VOID CANCELLED",
			"org_and_managers CANCELLED v2: eve VOID CANCELLED", "epd_panel COMPLETED v1: fay SUBMITTED, ann DRAFT")
		p.leaves("application.reopened of application", "loop.resumed of loop", "reopenApplication of application", "reopenApplication of loop")
		if l := p.readLoop(); l.CancelReason != nil {
			t.Errorf("it is %v", l)
		}
		if !p.card("ann", 0).IsExposed {
			t.Error("ann could read fay's card meanwhile")
		}
	})
}

// A loop that was cancelled by ending goes on where cards are owed again; one
// without such cards, or that somebody gave up, stays as it is.
func TestWhichLoopsGoOnWithTheirApplication(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		for _, c := range []struct {
			rule  string
			begin func()
			want  string
		}{
			{"one interview had begun", func() { p.start(); p.now = dayOf(102) }, "ACTIVE"},
			{"none had", func() { p.start(); p.now = dayOf(101) }, "CANCELLED"},
			{"it had not started", func() { p.now = dayOf(101) }, "CANCELLED"},
			{"it was given up before", func() { p.start(); p.took("fay", 5); p.cancel(); p.now = dayOf(101) }, "CANCELLED"},
			{"it was over, but for a late card", func() {
				p.start()
				p.took("fay", 5)
				for n := range 5 {
					p.drop(n)
				}
				p.now = dayOf(103)
			}, "COMPLETED"},
		} {
			p.now = dayOf(100)
			p.must(p.DB.Loop.Update().SetStatus(loop.StatusDRAFT).Exec(p.system())) // the former ones book nobody
			p.application = p.applicant(p.newOpening().ID).ID
			p.plan(nil)
			c.begin()
			p.now = p.now.Add(time.Minute)
			p.withdraw()
			p.now = p.now.Add(time.Hour)
			p.reopen()
			if got := string(p.readLoop().Status); got != c.want {
				t.Errorf("%s: it is %s, want %s", c.rule, got, c.want)
			}
			if c.want == "COMPLETED" {
				if card := p.card("ann", 5); card.Status != scorecard.StatusDRAFT || card.VoidReason != nil {
					t.Errorf("%s: the card is %v", c.rule, card)
				}
			}
		}
	})
}

// A hire leaves nothing to do: what is ahead is called off, nobody owes a card,
// and no other offer is open.
func TestAHireLeavesNothingToDo(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("fay", 5)
		offers := map[offer.Status]gid.ID{}
		for _, status := range []offer.Status{offer.StatusACCEPTED, offer.StatusEXTENDED, offer.StatusDECLINED} {
			offers[status] = p.storedOffer(p.application, status)
		}
		p.now = p.now.Add(time.Hour)
		_, err := p.HireApplication(p.as("recruiter"), hiring.HireApplicationInput{ApplicationID: p.application, ExpectedVersion: 1})
		p.must(err)
		p.tells("COMPLETED v3", "hm_screen CANCELLED v2: ann VOID CANCELLED", "people_leadership CANCELLED v2: ben VOID CANCELLED",
			"delivery_complexity CANCELLED v2: cid VOID CANCELLED", "strategy_uncertainty CANCELLED v2: dan VOID CANCELLED",
			"org_and_managers CANCELLED v2: eve VOID CANCELLED", "epd_panel COMPLETED v1: fay SUBMITTED, ann VOID CANCELLED")
		if why := *p.interviews()[0].CancelReason; why != "The candidate was hired." {
			t.Errorf("called off as %q", why)
		}
		for was, want := range map[offer.Status]offer.Status{
			offer.StatusACCEPTED: offer.StatusACCEPTED, offer.StatusEXTENDED: offer.StatusRESCINDED, offer.StatusDECLINED: offer.StatusDECLINED,
		} {
			if got := p.DB.Offer.GetX(p.system(), offers[was]).Status; got != want {
				t.Errorf("the %s offer is %s", was, got)
			}
		}
	})
}

// Every card that becomes void is told of, and the audit trail names them.
func TestVoidCardsAreToldOf(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		last := func(action string) map[string]any {
			e, err := p.DB.AuditEntry.Query().Where(auditentry.Action(action)).Order(auditentry.ByID()).All(p.system())
			p.must(err)
			return e[len(e)-1].Details
		}
		ids := func(cards ...*db.Scorecard) (list []any) {
			for _, c := range cards {
				list = append(list, c.ID.String())
			}
			return list
		}
		p.now = p.now.Add(time.Hour)
		p.drop(1)
		p.leaves("scorecard.voided of scorecard", "interview.cancelled of interview", "cancelInterview of interview")
		if diff := cmp.Diff(ids(p.card("ben", 1)), last("cancelInterview")["voidScorecardIds"]); diff != "" {
			t.Error(diff)
		}
		p.now = p.now.Add(time.Hour)
		p.must(p.unassign(0, 0))
		p.leaves("scorecard.voided of scorecard", "interview.unassigned of interview", "unassignInterviewer of interview")
		if diff := cmp.Diff(ids(p.card("ann", 0)), last("unassignInterviewer")["voidScorecardIds"]); diff != "" {
			t.Error(diff)
		}
		p.now = p.now.Add(time.Hour)
		p.assign("manager", 2, 0)
		if diff := cmp.Diff(ids(p.card("cid", 2)), last("assignInterviewer")["voidScorecardIds"]); diff != "" {
			t.Error(diff)
		}
		p.now = p.now.Add(time.Hour)
		p.withdraw()
		told := p.left()
		if n := len(slices.DeleteFunc(slices.Clone(told), func(s string) bool { return s != "scorecard.voided of scorecard" })); n != 5 {
			t.Errorf("five cards are void: %q", told)
		}
		if diff := cmp.Diff(ids(p.card("dan", 3), p.card("eve", 4), p.card("fay", 5), p.card("ann", 5), p.card("manager", 2)),
			last("withdrawApplication")["voidScorecardIds"]); diff != "" {
			t.Error(diff)
		}
	})
}
