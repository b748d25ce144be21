package hiring_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// words is all that refusals say.
func words(err error) string {
	var told []string
	for _, e := range fault.All(err) {
		told = append(told, fmt.Sprintf("%s at %s: %s", e.Code, strings.Join(e.Path, "."), e.Message))
	}
	return strings.Join(told, "; ") + advice(err)
}

// advice is what refusals hint at.
func advice(err error) string {
	told := ""
	for _, e := range fault.All(err) {
		if e.Hint != "" {
			told += " (" + e.Hint + ")"
		}
	}
	return told
}

// updates is what updateLoop does with the panel's loop as it is now.
func (p *panel) updates(who string, change func(*hiring.UpdateLoopInput)) func() error {
	in := hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version}
	change(&in)
	return func() error {
		_, err := p.UpdateLoop(p.as(who), in)
		return err
	}
}

// What was shown is not hidden again, and nobody shows themselves what they may
// not see.
func TestWhenCardsAreShownStaysOnceOneIsIn(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		to := func(policy loop.RevealPolicy) func() error {
			return p.updates("recruiter", func(in *hiring.UpdateLoopInput) { in.RevealPolicy = &policy })
		}
		p.must(to(loop.RevealPolicyALL_SUBMITTED)())
		p.took("ann", 0)
		p.refuses(t,
			refusal{"to sooner", "INVALID_TRANSITION at revealPolicy", to(loop.RevealPolicyOWN_SUBMITTED)},
			refusal{"to later", "INVALID_TRANSITION at revealPolicy", to(loop.RevealPolicyDEBRIEF_OPENED)},
			refusal{"to the same", "INVALID at ", to(loop.RevealPolicyALL_SUBMITTED)},
		)
		p.must(p.DB.Scorecard.UpdateOne(p.card("ann", 0)).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonWRONG_CANDIDATE).Exec(p.system()))
		p.refuses(t, refusal{"after it was void", "INVALID_TRANSITION at revealPolicy", to(loop.RevealPolicyOWN_SUBMITTED)})
	})
}

func TestAnUpdateOfALoopThatChangesNothingIsRefused(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		p.refuses(t,
			refusal{"nothing given", "INVALID at ", p.updates("recruiter", func(*hiring.UpdateLoopInput) {})},
			refusal{"the policy that it has", "INVALID at ", p.updates("recruiter", func(in *hiring.UpdateLoopInput) {
				in.RevealPolicy = to(loop.RevealPolicyOWN_SUBMITTED)
			})},
		)
	})
}

// Whoever planned by what a loop was before is told to read it again.
func TestALoopIsAnotherOneAfterEveryChangeOfItsInterviews(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		p.now = dayOf(103)
		first := func() *db.Interview { return p.interviews()[0] }
		for _, c := range []struct {
			what    string
			started bool
			do      func() error
		}{
			{"schedule", false, func() error {
				_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{InterviewID: first().ID, ExpectedVersion: first().Version, StartsAt: dayOf(101)})
				return err
			}},
			{"assign", false, func() error { p.assign("manager", 0, 0); return nil }},
			{"unassign", false, func() error { return p.unassign(0, 0) }},
			{"cancel", false, func() error { p.drop(0); return nil }},
			{"assign once it has started", true, func() error { p.assign("manager", 1, 0); return nil }},
			{"add", true, func() error {
				_, err := p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Interview: p.followUp("ben")})
				return err
			}},
			{"no-show", true, func() error {
				i := p.interviews()[2]
				_, err := p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: i.ID, ExpectedVersion: i.Version})
				return err
			}},
		} {
			if c.started && p.readLoop().Status == loop.StatusDRAFT {
				p.force()
			}
			before := p.readLoop().Version
			p.must(c.do())
			if now := p.readLoop().Version; now != before+1 {
				t.Errorf("%s: from version %d to %d", c.what, before, now)
			}
			if c.started {
				continue
			}
			p.refuses(t,
				refusal{c.what + ", then update", "CONFLICT at expectedVersion", p.updates("manager", func(in *hiring.UpdateLoopInput) {
					in.ExpectedVersion, in.Interviews = before, p.sessions()
				})},
				refusal{c.what + ", then start", "CONFLICT at expectedVersion", func() error {
					_, err := p.StartLoop(p.as("manager"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: before})
					return err
				}},
			)
		}
	})
}

// unassign takes whoever has a place out of it.
func (p *panel) unassign(position, seat int) error {
	i := p.interviews()[position]
	_, err := p.UnassignInterviewer(p.as("recruiter"), hiring.UnassignInterviewerInput{
		SeatID: i.Edges.Seats[seat].ID, ExpectedVersion: i.Version, Reason: "ill",
	})
	return err
}

// Times of a draft are wishes: they keep nobody from anything, until it starts.
func TestADraftBooksNobody(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		first, firstApplication := p.loop, p.application
		p.application = p.applicant(p.newOpening().ID).ID
		p.plan(nil)
		p.start()
		p.loop, p.application = first, firstApplication
		p.refuses(t, refusal{"to start where all are elsewhere",
			"CONFLICT at interviews.0.seats.0.memberId, CONFLICT at interviews.1.seats.0.memberId, CONFLICT at interviews.2.seats.0.memberId, " +
				"CONFLICT at interviews.3.seats.0.memberId, CONFLICT at interviews.4.seats.0.memberId, CONFLICT at interviews.5.seats.0.memberId, " +
				"CONFLICT at interviews.5.seats.1.memberId",
			func() error {
				_, err := p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: 1})
				return err
			}})
		last := p.interviews()[5]
		p.refuses(t, refusal{"to have somebody twice at once in it", "CONFLICT at startsAt", func() error {
			_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{
				InterviewID: last.ID, ExpectedVersion: 1, StartsAt: dayOf(102).Add(30 * time.Minute), // ann's first one is then
			})
			return err
		}})
	})
}

// The candidate may be an employee: they do not sit in their own interviews.
func TestNobodyInterviewsThemself(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		person, err := p.CreateCandidate(p.as("recruiter"), hiring.CreateCandidateInput{Name: "Ann", Emails: []string{"Ann@Example.org"}})
		p.must(err)
		p.application, err = p.CreateApplication(p.as("recruiter"), hiring.CreateApplicationInput{CandidateID: person, OpeningID: p.opening.ID, AppliedAt: to(dayOf(90))})
		p.must(err)
		p.refuses(t, refusal{"in a plan", "CONFLICT at interviews.0.seats.0.memberId, CONFLICT at interviews.5.seats.1.memberId",
			p.create("recruiter", func(c *hiring.CreateLoopInput) { c.Interviews = p.sessions() })})
		p.plan(func(list []*hiring.LoopInterviewInput) {
			list[0].Seats[0].MemberID, list[5].Seats[1].MemberID = to(p.members["manager"]), nil
		})
		p.refuses(t, refusal{"in a place", "CONFLICT at memberId", func() error {
			i := p.interviews()[5]
			_, err := p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{InterviewID: i.ID, ExpectedVersion: 1, SeatID: &i.Edges.Seats[1].ID, MemberID: p.members["ann"]})
			return err
		}})
	})
}

// A loop on which people decided is kept, and goes on with no more interviews.
func TestALoopThatWasDecidedOnIsKept(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("fay", 5)
		cancel := func(who string) func() error {
			return func() error {
				_, err := p.CancelLoop(p.as(who), hiring.CancelLoopInput{LoopID: p.loop, ExpectedVersion: 2, Reason: "again"})
				return err
			}
		}
		hint := func(who string) string {
			_, err := p.CreateLoop(p.as(who), hiring.CreateLoopInput{ApplicationID: p.application})
			return advice(err)
		}
		if got := hint("recruiter"); !strings.Contains(got, "cancelLoop") {
			t.Errorf("the hint is %q", got)
		}
		p.storedDecision(p.application, decision.KindNO_HIRE, onLoop(p.loop))
		p.refuses(t, refusal{"to give it up", "INVALID_TRANSITION at loopId", cancel("recruiter")})
		if got := advice(cancel("recruiter")()); !strings.Contains(got, "cancelInterview") {
			t.Errorf("the hint is %q", got)
		}
		if got := hint("recruiter"); strings.Contains(got, "cancelLoop") || !strings.Contains(got, "cancelInterview") {
			t.Errorf("the hint is %q", got)
		}
	})
}

// Whoever owes a card learns nothing of a decision, whatever they try.
func TestWhoIsBlindHearsOfNoDecision(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("fay", 5)
		p.assign("manager", 1, 0) // who runs the application, and owes a card now
		try := func() (told []string) {
			version := p.readLoop().Version
			_, err := p.AddInterview(p.as("manager"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: version, Interview: p.followUp("ben")})
			told = append(told, "addInterview: "+words(err))
			_, err = p.CancelLoop(p.as("manager"), hiring.CancelLoopInput{LoopID: p.loop, ExpectedVersion: version, Reason: "again"})
			told = append(told, "cancelLoop: "+words(err))
			_, err = p.CreateLoop(p.as("manager"), hiring.CreateLoopInput{ApplicationID: p.application})
			told = append(told, "createLoop: "+words(err))
			_, err = p.UpdateLoop(p.as("manager"), hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: version, RevealPolicy: to(loop.RevealPolicyALL_SUBMITTED)})
			return append(told, "updateLoop: "+words(err))
		}
		before := try()
		for _, kind := range []decision.Kind{decision.KindMORE_EVIDENCE, decision.KindHIRE} {
			p.storedDecision(p.application, kind, onLoop(p.loop))
			after := try()
			for n := range before {
				if before[n] != after[n] {
					t.Errorf("after %s got %q, before %q", kind, after[n], before[n])
				}
			}
		}
		p.tells("ACTIVE v3", "hm_screen SCHEDULED v1: ann DRAFT", "people_leadership SCHEDULED v2: manager DRAFT, (ben VOID CANCELLED)",
			"delivery_complexity SCHEDULED v1: cid DRAFT", "strategy_uncertainty SCHEDULED v1: dan DRAFT",
			"org_and_managers SCHEDULED v1: eve DRAFT", "epd_panel COMPLETED v1: fay SUBMITTED, ann DRAFT")
	})
}

// A void card will never be in: its interviewer rates nothing.
func TestCoverageLeavesOutWhoseCardIsVoid(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.must(p.DB.Scorecard.UpdateOne(p.card("ben", 1)).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonCONFLICT_OF_INTEREST).Exec(p.system()))
		if c := p.coverage()[0]; c.IsFeasible || c.Interviewers != 5 {
			t.Errorf("with five of six: feasible %v with %d", c.IsFeasible, c.Interviewers)
		}
		p.must(p.DB.Scorecard.UpdateOne(p.card("ann", 0)).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonCONFLICT_OF_INTEREST).Exec(p.system()))
		if c := p.coverage()[0]; c.Interviewers != 5 {
			t.Errorf("ann has another place: %d interview", c.Interviewers)
		}
	})
}

func TestCoverageTakesAsManyStatementsForOneLoopAsForMany(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		var loops []gid.ID
		for range 4 {
			p.application = p.applicant(p.newOpening().ID).ID
			p.plan(nil)
			loops = append(loops, p.loop)
		}
		p.start()
		take := func(n int) int {
			return p.statements("recruiter", func(ctx context.Context) error {
				got, err := p.LoopCoverages(ctx, loops[len(loops)-n:])
				if len(got) != n {
					t.Errorf("found %d of %d", len(got), n)
				}
				return err
			})
		}
		if one, four := take(1), take(4); one != four {
			t.Errorf("%d statements for one, %d for four", one, four)
		}
	})
}

// What planners read names people, never rows.
func TestRefusalsOfLoopsNamePeople(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		i := p.interviews()[0]
		_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{InterviewID: i.ID, ExpectedVersion: 1, StartsAt: *p.interviews()[5].StartsAt})
		if got, want := words(err), "CONFLICT at startsAt: ann sits in another interview at that time"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		p.Norms.InterviewsADay = 2
		follow := p.followUp("ann")
		follow.StartsAt = to(dayOf(102).Add(9 * time.Hour))
		_, err = p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: 2, Interview: follow})
		if got, want := words(err), "CONFLICT at interview.seats.0.memberId: ann has 2 interviews on "+dayOf(102).Format(time.DateOnly)+" already, as many as one person has on a day"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		_, err = p.CancelLoop(p.as("ben"), hiring.CancelLoopInput{LoopID: p.loop, ExpectedVersion: 2, Reason: "no"})
		if got, want := words(err), "FORBIDDEN at : you may not run this application"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		p.application = p.applicant(p.newOpening().ID).ID
		p.plan(func(list []*hiring.LoopInterviewInput) {
			for n := range list {
				list[n].StartsAt, list[n].Seats[0].MemberID = nil, to(p.members["ben"])
			}
		})
		_, err = p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: 1})
		if got := words(err); !strings.Contains(got, "COVERAGE at interviews: ben has too many of the interviews: planned 6, required 2") || strings.Contains(got, "member_") {
			t.Errorf("got %q", got)
		}
		p.must(p.DB.Loop.UpdateOneID(p.loop).SetStatus(loop.StatusACTIVE).Exec(p.system()))
		_, err = p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: p.interviews()[0].ID, ExpectedVersion: 1})
		if got := advice(err); !strings.Contains(got, "scheduleInterview") {
			t.Errorf("the hint is %q", got)
		}
	})
}
