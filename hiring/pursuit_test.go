package hiring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/application"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stageevent"
	"hireloop/hiring"
)

// A rejection that is told later, by a correction, ends what a rejection ends.
func TestACorrectionThatEndsAnApplicationEndsItsPursuit(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("ann", 0)
		_, err := p.AdvanceApplication(p.as("recruiter"), hiring.AdvanceApplicationInput{ApplicationID: p.application, ExpectedVersion: 1})
		p.must(err)
		offered, err := p.CreateOffer(p.as("manager"), hiring.CreateOfferInput{
			ApplicationID: p.application, Terms: p.terms("em"), WithoutDecisionReason: to("the loop is next week"),
		})
		p.must(err)
		advance, err := p.DB.StageEvent.Query().Where(stageevent.ApplicationID(p.application), stageevent.Sequence(2)).OnlyID(p.system())
		p.must(err)

		p.now = p.now.Add(time.Hour)
		_, err = p.CorrectStageEvent(p.as("recruiter"), hiring.CorrectStageEventInput{
			StageEventID: advance, ExpectedVersion: 2, Kind: to(stageevent.CorrectedKindREJECT), Reason: "wrong button",
		})
		p.must(err)
		if a := p.DB.Application.GetX(p.system(), p.application); a.Status != application.StatusREJECTED {
			t.Fatalf("the application is %s", a.Status)
		}
		told := p.told()
		want := []string{
			"COMPLETED v3", "hm_screen COMPLETED v1: ann SUBMITTED", "epd_panel CANCELLED v2: fay VOID CANCELLED, ann VOID CANCELLED",
		}
		if diff := cmp.Diff(want, []string{told[0], told[1], told[6]}); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if o := p.DB.Offer.GetX(p.system(), offered); o.Status != offer.StatusRESCINDED || o.ResolvedAt == nil || !o.ResolvedAt.Equal(p.now) {
			t.Errorf("the offer is %s since %v", o.Status, o.ResolvedAt)
		}
	})
}

// For an opening that is not to be filled nobody plans, books or is booked.
func TestNobodyIsPursuedForAnOpeningThatIsOver(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		first := p.interviews()[0].ID
		schedule := func() error {
			_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{InterviewID: first, ExpectedVersion: 1, StartsAt: dayOf(105)})
			return err
		}
		assign := func(version int) func() error {
			return func() error {
				_, err := p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{
					InterviewID: first, ExpectedVersion: version, MemberID: p.members["interviewer"], Role: to("observer"), IsShadow: to(true),
				})
				return err
			}
		}
		replan := func() error {
			_, err := p.UpdateLoop(p.as("recruiter"), hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Interviews: p.sessions()})
			return err
		}
		for _, status := range []opening.Status{opening.StatusCANCELLED, opening.StatusFILLED} {
			p.setOpening(p.opening, status)
			p.refuses(t,
				refusal{"a time, the opening " + string(status), "INVALID_TRANSITION at interviewId", schedule},
				refusal{"a place, the opening " + string(status), "INVALID_TRANSITION at interviewId", assign(1)},
				refusal{"other interviews, the opening " + string(status), "INVALID_TRANSITION at loopId", replan},
			)
		}
		p.setOpening(p.opening, opening.StatusPAUSED)
		p.must(schedule())
		p.must(assign(2)())
		p.must(replan())
	})
}
