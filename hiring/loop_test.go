package hiring_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/application"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// create is what createLoop does with an input for the panel's application.
func (p *panel) create(who string, change func(*hiring.CreateLoopInput)) func() error {
	in := hiring.CreateLoopInput{ApplicationID: p.application}
	change(&in)
	return func() error {
		_, err := p.CreateLoop(p.as(who), in)
		return err
	}
}

func TestALoopBeginsFromThePlanOfItsLevel(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		id, err := p.CreateLoop(p.as("manager"), hiring.CreateLoopInput{ApplicationID: p.application})
		p.must(err)
		p.loop = id
		p.tells("DRAFT v1",
			"hm_screen PLANNED v1: nobody", "people_leadership PLANNED v1: nobody", "delivery_complexity PLANNED v1: nobody",
			"strategy_uncertainty PLANNED v1: nobody", "org_and_managers PLANNED v1: nobody", "epd_panel PLANNED v1: nobody, nobody")
		l := p.readLoop()
		if *l.RubricVersionID != *p.opening.RubricVersionID || *l.TargetLevelID != p.levels["senior_em"] ||
			l.PlanID == nil || l.RevealPolicy != loop.RevealPolicyOWN_SUBMITTED {
			t.Errorf("it is %v", l)
		}
		last := p.interviews()[5]
		if last.Minutes != 60 || last.Edges.Seats[1].Role != "senior_designer" || !slices.Contains(last.FocusSignals, "transparency") {
			t.Errorf("the last interview is %v", last)
		}
		if got, want := p.traces(), "createLoop by manager of loop, loop.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestALoopOfItsOwnList(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		learner := p.members["interviewer"]
		id, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{
			ApplicationID: p.application, TargetLevelID: to(p.levels["em"]), RevealPolicy: to(loop.RevealPolicyALL_SUBMITTED),
			Interviews: []*hiring.LoopInterviewInput{
				{Key: "people", Name: "  People   leadership ", Minutes: 50, FocusSignals: []string{"coaching_growth"},
					Seats:    []*hiring.InterviewSeatInput{{Role: "peer", MemberID: to(p.members["ann"])}, {Role: "peer", MemberID: &learner, IsShadow: to(true)}},
					StartsAt: to(dayOf(95))},
				{Key: "later", Name: "Later", Minutes: 15, FocusSignals: []string{"team_direction"}, Seats: []*hiring.InterviewSeatInput{{Role: "director"}}},
			},
		})
		p.must(err)
		p.loop = id
		p.tells("DRAFT v1", "people SCHEDULED v1: ann, interviewer", "later PLANNED v1: nobody")
		first := p.interviews()[0]
		if first.Name != "People leadership" || !first.StartsAt.Equal(dayOf(95)) || !first.EndsAt.Equal(dayOf(95).Add(50*time.Minute)) || !first.Edges.Seats[1].IsShadow {
			t.Errorf("the first interview is %v with %v", first, first.Edges.Seats)
		}
		if l := p.readLoop(); l.PlanID != nil || *l.TargetLevelID != p.levels["em"] || l.RevealPolicy != loop.RevealPolicyALL_SUBMITTED {
			t.Errorf("it is %v", l)
		}
	})
}

func TestCreateLoopRefuses(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		type in = *hiring.CreateLoopInput
		// with is a list of one good interview after change.
		with := func(change func(*hiring.LoopInterviewInput)) func(in) {
			one := p.sessions()[0]
			change(one)
			return func(c in) { c.Interviews = []*hiring.LoopInterviewInput{one} }
		}
		type one = *hiring.LoopInterviewInput
		busy := p.applicant(p.opening.ID).ID
		_, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: busy})
		p.must(err)
		rejected := p.applicant(p.opening.ID).ID
		p.must(p.DB.Application.UpdateOneID(rejected).SetStatus(application.StatusREJECTED).Exec(p.system()))
		bare, closed := p.newOpening(), p.newOpening()
		unrated, late := p.applicant(bare.ID).ID, p.applicant(closed.ID).ID
		p.must(p.DB.Opening.UpdateOne(bare).ClearRubricVersionID().Exec(p.system()))
		p.setOpening(closed, opening.StatusCANCELLED)
		p.must(p.DB.Application.UpdateOneID(p.application).SetCreditedMemberID(p.members["fay"]).Exec(p.system()))
		var plans []gid.ID // another one for the EM's level; one of another ladder; one with a signal that is none
		for n, c := range []struct{ level, signal string }{{"em", "coaching_growth"}, {"designer", "coaching_growth"}, {"senior_em", "juggling"}} {
			id := p.id(gid.InterviewPlan)
			key := []string{"second", "design", "circus"}[n]
			p.must(p.DB.InterviewPlan.Create().SetID(id).SetKey(key).SetName(key).SetLevelID(p.levels[c.level]).SetCreatedAt(p.now).SetUpdatedAt(p.now).Exec(p.system()))
			p.must(p.DB.InterviewPlanSession.Create().SetID(p.id(gid.InterviewPlanSession)).SetPlanID(id).SetPosition(0).SetKey("one").SetName("One").
				SetMinutes(60).SetSeats([]string{"peer"}).SetFocusSignals([]string{c.signal}).Exec(p.system()))
			plans = append(plans, id)
		}
		seats := func(n, shadows int) (list []*hiring.InterviewSeatInput) {
			for k := range n + shadows {
				list = append(list, &hiring.InterviewSeatInput{Role: "peer", IsShadow: to(k >= n)})
			}
			return list
		}
		p.refuses(t,
			refusal{"by nobody", "FORBIDDEN at ", p.create("", func(in) {})},
			refusal{"by an interviewer, who does not see it", "NOT_FOUND at applicationId", p.create("ann", func(in) {})},
			refusal{"by an analyst, who sees no application", "NOT_FOUND at applicationId", p.create("analyst", func(in) {})},
			refusal{"an application that is none", "NOT_FOUND at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = p.id(gid.Application) })},
			refusal{"an opening", "NOT_FOUND at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = p.opening.ID })},
			refusal{"an application that has ended", "INVALID_TRANSITION at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = rejected })},
			refusal{"an opening that was cancelled", "INVALID_TRANSITION at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = late })},
			refusal{"an opening without a rubric", "INVALID_TRANSITION at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = unrated })},
			refusal{"a second loop", "CONFLICT at applicationId", p.create("recruiter", func(c in) { c.ApplicationID = busy })},
			refusal{"a level at which the opening cannot be filled", "LEVEL_NOT_ALLOWED at targetLevelId", p.create("recruiter", func(c in) { c.TargetLevelID = to(p.levels["designer"]) })},
			refusal{"a level that is none", "NOT_FOUND at targetLevelId", p.create("recruiter", func(c in) { c.TargetLevelID = &p.application })},
			refusal{"a plan that is none", "NOT_FOUND at planId", p.create("recruiter", func(c in) { c.PlanID = to(p.id(gid.InterviewPlan)) })},
			refusal{"a plan of another ladder", "INVALID at planId", p.create("recruiter", func(c in) { c.PlanID = &plans[1] })},
			refusal{"a plan with a signal that the rubric has not", "INVALID at planId", p.create("recruiter", func(c in) { c.PlanID = &plans[2] })},
			refusal{"one of several plans", "REQUIRED at planId", p.create("recruiter", func(c in) { c.TargetLevelID = to(p.levels["em"]) })},
			refusal{"a plan and a list", "INVALID at planId", p.create("recruiter", func(c in) { c.PlanID, c.Interviews = &plans[0], p.sessions() })},
			refusal{"a policy that is none", "INVALID at revealPolicy, INVALID at planId", p.create("recruiter", func(c in) { c.RevealPolicy, c.PlanID = to(loop.RevealPolicy("NEVER")), &plans[1] })},
			refusal{"no interview", "REQUIRED at interviews", p.create("recruiter", func(c in) { c.Interviews = []*hiring.LoopInterviewInput{} })},
			refusal{"21 interviews", "INVALID at interviews", p.create("recruiter", func(c in) { c.Interviews = slices.Repeat(p.sessions()[:1], 21) })},
			refusal{"a focus area without a key", "REQUIRED at interviews.0.key", p.create("recruiter", with(func(i one) { i.Key = "" }))},
			refusal{"a focus area with capitals", "INVALID at interviews.0.key", p.create("recruiter", with(func(i one) { i.Key = "People" }))},
			refusal{"without a name", "REQUIRED at interviews.0.name", p.create("recruiter", with(func(i one) { i.Name = " " }))},
			refusal{"14 minutes", "INVALID at interviews.0.minutes", p.create("recruiter", with(func(i one) { i.Minutes = 14 }))},
			refusal{"481 minutes", "INVALID at interviews.0.minutes", p.create("recruiter", with(func(i one) { i.Minutes = 481 }))},
			refusal{"without a signal", "REQUIRED at interviews.0.focusSignals", p.create("recruiter", with(func(i one) { i.FocusSignals = nil }))},
			refusal{"signals that are none, or twice there", "INVALID at interviews.0.focusSignals.1, INVALID at interviews.0.focusSignals.2",
				p.create("recruiter", with(func(i one) { i.FocusSignals = []string{"coaching_growth", "juggling", "coaching_growth"} }))},
			refusal{"8 signals", "INVALID at interviews.0.focusSignals", p.create("recruiter", with(func(i one) { i.FocusSignals = slices.Repeat([]string{"coaching_growth"}, 8) }))},
			refusal{"without a place", "REQUIRED at interviews.0.seats", p.create("recruiter", with(func(i one) { i.Seats = nil }))},
			refusal{"only people who learn", "REQUIRED at interviews.0.seats", p.create("recruiter", with(func(i one) { i.Seats = seats(0, 1) }))},
			refusal{"4 who interview", "INVALID at interviews.0.seats", p.create("recruiter", with(func(i one) { i.Seats = seats(4, 0) }))},
			refusal{"3 who learn", "INVALID at interviews.0.seats", p.create("recruiter", with(func(i one) { i.Seats = seats(1, 3) }))},
			refusal{"6 places", "INVALID at interviews.0.seats", p.create("recruiter", with(func(i one) { i.Seats = seats(3, 3) }))},
			refusal{"a place for nothing", "REQUIRED at interviews.0.seats.0.role", p.create("recruiter", with(func(i one) { i.Seats[0].Role = "" }))},
			refusal{"a member that is none", "NOT_FOUND at interviews.0.seats.0.memberId", p.create("recruiter", with(func(i one) { i.Seats[0].MemberID = &p.loop }))},
			refusal{"who has left", "INVALID at interviews.0.seats.0.memberId", p.create("recruiter", with(func(i one) { i.Seats[0].MemberID = to(p.members["left"]) }))},
			refusal{"who referred the candidate", "CONFLICT at interviews.0.seats.0.memberId", p.create("recruiter", with(func(i one) { i.Seats[0].MemberID = to(p.members["fay"]) }))},
			refusal{"somebody twice", "INVALID at interviews.0.seats.1.memberId", p.create("recruiter", with(func(i one) { i.Seats = append(i.Seats, i.Seats[0]) }))},
			refusal{"before they applied", "INVALID at interviews.0.startsAt", p.create("recruiter", with(func(i one) { i.StartsAt = to(dayOf(89)) }))},
			refusal{"somebody in two interviews at once", "CONFLICT at interviews.1.seats.0.memberId", p.create("recruiter", func(c in) {
				c.Interviews = p.sessions()[:2]
				c.Interviews[1].Seats[0].MemberID, c.Interviews[1].StartsAt = to(p.members["ann"]), to(dayOf(102).Add(44*time.Minute))
			})},
			refusal{"all that is wrong at once", "LEVEL_NOT_ALLOWED at targetLevelId, INVALID at interviews.0.minutes, INVALID at interviews.0.focusSignals.1, " +
				"REQUIRED at interviews.0.seats.0.role, CONFLICT at interviews.0.seats.0.memberId", p.create("recruiter", func(c in) {
				with(func(i one) {
					i.Minutes, i.FocusSignals[1], i.Seats[0].Role, i.Seats[0].MemberID = 0, "juggling", "", to(p.members["fay"])
				})(c)
				c.TargetLevelID = to(p.levels["designer"])
			})},
		)
	})
}

// A loop keeps its edition, whatever its opening pins later.
func TestALoopKeepsItsEdition(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		next := p.id(gid.RubricVersion)
		first, err := p.DB.RubricVersion.Get(p.system(), *p.opening.RubricVersionID)
		p.must(err)
		p.must(p.DB.RubricVersion.Create().SetID(next).SetLadderID(first.LadderID).SetSemver("9.0.0").SetStatus(rubricversion.StatusPUBLISHED).
			SetAreas(first.Areas).SetLevelSettings(first.LevelSettings).SetScaleMax(4).SetCreatedAt(p.now).SetUpdatedAt(p.now).Exec(p.system()))
		p.must(p.DB.Opening.UpdateOne(p.opening).SetRubricVersionID(next).Exec(p.system()))
		_, err = p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: 2, Interview: p.followUp("ben")})
		p.must(err) // its signal is of the first edition; the next has none
		if got := *p.readLoop().RubricVersionID; got != first.ID {
			t.Errorf("it uses %s now", got)
		}
	})
}

// Of two people who plan a loop at once one is told of the other's.
func TestOneLoopIsUnderWay(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		const people = 6
		errs := atOnce(times(people, func(int) error {
			_, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: p.application})
			return err
		})...)
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at applicationId": people - 1}, tally(errs)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUpdateLoop(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		list := p.sessions()[:2]
		list[0].Seats[0].MemberID = to(p.members["manager"]) // ann's time is free for the other one
		list[1].Seats[0].MemberID, list[1].StartsAt = to(p.members["ann"]), to(dayOf(102))
		_, err := p.UpdateLoop(p.as("manager"), hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: 1, Interviews: list})
		p.must(err)
		p.tells("DRAFT v2", "hm_screen SCHEDULED v1: manager", "people_leadership SCHEDULED v1: ann")
		_, err = p.UpdateLoop(p.as("recruiter"), hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: 2, RevealPolicy: to(loop.RevealPolicyDEBRIEF_OPENED)})
		p.must(err)
		p.tells("DRAFT v3", "hm_screen SCHEDULED v1: manager", "people_leadership SCHEDULED v1: ann")
		if got := p.readLoop().RevealPolicy; got != loop.RevealPolicyDEBRIEF_OPENED {
			t.Errorf("it shows cards by %s", got)
		}
		if got, want := p.traces(), "updateLoop by recruiter of loop, loop.updated"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestUpdateLoopRefuses(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		update := func(who string, change func(*hiring.UpdateLoopInput)) func() error {
			in := hiring.UpdateLoopInput{LoopID: p.loop, ExpectedVersion: 1}
			change(&in)
			return func() error {
				_, err := p.UpdateLoop(p.as(who), in)
				return err
			}
		}
		type in = *hiring.UpdateLoopInput
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", update("ann", func(in) {})},
			refusal{"by who does not see it", "NOT_FOUND at loopId", update("interviewer", func(in) {})},
			refusal{"a loop that is none", "NOT_FOUND at loopId", update("recruiter", func(c in) { c.LoopID = p.application })},
			refusal{"a past version", "CONFLICT at expectedVersion", update("recruiter", func(c in) { c.ExpectedVersion = 0 })},
			refusal{"no interviews", "REQUIRED at interviews", update("recruiter", func(c in) { c.Interviews = []*hiring.LoopInterviewInput{} })},
			refusal{"a bad policy and a bad interview", "INVALID at revealPolicy, INVALID at interviews.5.minutes", update("recruiter", func(c in) {
				c.RevealPolicy, c.Interviews = to(loop.RevealPolicy("NEVER")), p.sessions()
				c.Interviews[5].Minutes = 0
			})},
		)
		p.start()
		p.refuses(t, refusal{"other interviews once it has started", "INVALID_TRANSITION at interviews",
			update("recruiter", func(c in) { c.ExpectedVersion, c.Interviews = 2, p.sessions() })})
		p.cancel()
		p.refuses(t, refusal{"a cancelled one", "INVALID_TRANSITION at loopId",
			update("recruiter", func(c in) { c.ExpectedVersion, c.RevealPolicy = 3, to(loop.RevealPolicyALL_SUBMITTED) })})
	})
}

func (p *panel) cancel() {
	p.t.Helper()
	_, err := p.CancelLoop(p.as("recruiter"), hiring.CancelLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Reason: "they need a break"})
	p.must(err)
}

func TestStartingALoopHasEverybodyOweAScorecard(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(func(list []*hiring.LoopInterviewInput) {
			list[1].StartsAt = nil
			list[2].Seats = append(list[2].Seats, &hiring.InterviewSeatInput{Role: "learner", MemberID: to(p.members["interviewer"]), IsShadow: to(true)})
		})
		p.now = p.now.Add(time.Hour)
		p.start()
		p.tells("ACTIVE v2", "hm_screen SCHEDULED v1: ann DRAFT", "people_leadership PLANNED v1: ben DRAFT",
			"delivery_complexity SCHEDULED v1: cid DRAFT, interviewer DRAFT", "strategy_uncertainty SCHEDULED v1: dan DRAFT",
			"org_and_managers SCHEDULED v1: eve DRAFT", "epd_panel SCHEDULED v1: fay DRAFT, ann DRAFT")
		p.leaves("loop.started of loop", "startLoop of loop")
		if l := p.readLoop(); l.ForcedReason != nil {
			t.Errorf("it was forced: %v", l)
		}
		card := p.card("ann", 0)
		if want := dayOf(103).Add(45 * time.Minute); card.DueAt == nil || !card.DueAt.Equal(want) { // day 102 is a Monday
			t.Errorf("due %v, want %v", card.DueAt, want)
		}
		if card.Revision != 0 || card.IsShadow || card.IsExposed || card.LoopID != p.loop || card.ApplicationID != p.application {
			t.Errorf("the card is %v", card)
		}
		if later := p.card("ben", 1); later.DueAt != nil {
			t.Errorf("due %v without a time", later.DueAt)
		}
		if !p.card("interviewer", 2).IsShadow {
			t.Error("the card of who learns counts")
		}
	})
}

// A loop that could not decide about its target level starts only with a reason,
// and says what is missing.
func TestALoopStartsWithoutCoverageOnlyForAReason(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(func(list []*hiring.LoopInterviewInput) { // who coaches is heard in two interviews: one of them by who only learns
			list[4].Seats = append([]*hiring.InterviewSeatInput{}, list[4].Seats...)
			list[4].FocusSignals = slices.DeleteFunc(slices.Clone(list[4].FocusSignals), func(s string) bool { return s == "coaching_growth" })
			list[1].Seats[0].MemberID = to(p.members["manager"])
		})
		before := p.everything()
		_, err := p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: 1, ForceReason: to("  ")})
		var told []string
		for _, e := range fault.All(err) {
			told = append(told, string(e.Code)+" "+strings.Join(e.Path, ".")+": "+e.Message)
		}
		want := []string{
			"COVERAGE interviews.coaching_growth: too few interviewers rate the must-have: planned 1, required 2",
			"COVERAGE interviews.coaching_growth: nobody but the hiring manager rates the must-have: planned 1, required 2",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(before, p.everything()); diff != "" {
			t.Errorf("the refusal left a trace: %s", diff)
		}
		_, err = p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: 1, ForceReason: to("The candidate leaves tomorrow.")})
		p.must(err)
		if l := p.readLoop(); l.Status != loop.StatusACTIVE || *l.ForcedReason != "The candidate leaves tomorrow." {
			t.Errorf("it is %v", l)
		}
		entry, err := p.DB.AuditEntry.Query().All(p.system())
		p.must(err)
		last := entry[len(entry)-1]
		for _, e := range entry {
			if e.Action == "startLoop" {
				last = e
			}
		}
		if last.Details["isForced"] != true || last.Details["coverageIssues"] != float64(2) {
			t.Errorf("audited %v", last.Details)
		}
	})
}

func TestStartLoopRefuses(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(func(list []*hiring.LoopInterviewInput) {
			list[0].Seats[0].MemberID, list[5].Seats[1].MemberID = nil, nil
		})
		start := func(who string, change func(*hiring.StartLoopInput)) func() error {
			in := hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version}
			change(&in)
			return func() error {
				_, err := p.StartLoop(p.as(who), in)
				return err
			}
		}
		type in = *hiring.StartLoopInput
		good := func(in) {}
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", start("ben", good)},
			refusal{"a past version", "CONFLICT at expectedVersion", start("recruiter", func(c in) { c.ExpectedVersion = 2 })},
			refusal{"places that nobody has", "REQUIRED at interviews.0.seats.0.memberId, REQUIRED at interviews.5.seats.1.memberId", start("recruiter", good)},
			refusal{"them for a reason", "REQUIRED at interviews.0.seats.0.memberId, REQUIRED at interviews.5.seats.1.memberId", start("recruiter", func(c in) { c.ForceReason = to("hurry") })},
			refusal{"a reason that nobody can read", "INVALID at forceReason, REQUIRED at interviews.0.seats.0.memberId, REQUIRED at interviews.5.seats.1.memberId",
				start("recruiter", func(c in) { c.ForceReason = to("a\x00b") })},
		)
		// What was fine when it was planned may not be so any more.
		p.assign("ann", 0, 0)
		p.assign("ann", 5, 1)
		p.must(p.DB.Member.UpdateOneID(p.members["eve"]).SetDeactivatedAt(p.now).Exec(p.system()))
		p.must(p.DB.Application.UpdateOneID(p.application).SetCreditedMemberID(p.members["dan"]).Exec(p.system()))
		p.refuses(t, refusal{"who has left, and who is credited since", "CONFLICT at interviews.3.seats.0.memberId, INVALID at interviews.4.seats.0.memberId", start("recruiter", good)})
		p.must(p.DB.Member.UpdateOneID(p.members["eve"]).ClearDeactivatedAt().Exec(p.system()))
		p.must(p.DB.Application.UpdateOneID(p.application).ClearCreditedMemberID().SetStatus(application.StatusHIRED).Exec(p.system()))
		p.refuses(t, refusal{"an application that has ended", "INVALID_TRANSITION at loopId", start("recruiter", good)})
		p.must(p.DB.Application.UpdateOneID(p.application).SetStatus(application.StatusACTIVE).Exec(p.system()))
		p.setOpening(p.opening, opening.StatusFILLED)
		p.refuses(t, refusal{"an opening that is filled", "INVALID_TRANSITION at loopId", start("recruiter", good)})
		p.setOpening(p.opening, opening.StatusPAUSED)
		p.start()
		p.refuses(t, refusal{"it again", "INVALID_TRANSITION at loopId", start("recruiter", good)})
	})
}

func TestALoopWithoutInterviewsDoesNotStart(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(func(list []*hiring.LoopInterviewInput) {})
		for _, i := range p.interviews() {
			_, err := p.CancelInterview(p.as("recruiter"), hiring.CancelInterviewInput{InterviewID: i.ID, ExpectedVersion: 1, Reason: "no time"})
			p.must(err)
		}
		p.refuses(t, refusal{"even for a reason", "REQUIRED at interviews", func() error {
			_, err := p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, ForceReason: to("hurry")})
			return err
		}})
	})
}

// assign puts somebody into a place that there is.
func (p *panel) assign(who string, position, seat int) {
	p.t.Helper()
	i := p.interviews()[position]
	_, err := p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{
		InterviewID: i.ID, ExpectedVersion: i.Version, SeatID: &i.Edges.Seats[seat].ID, MemberID: p.members[who],
	})
	p.must(err)
}

func TestCancelLoop(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("ann", 0)
		p.took("fay", 5)
		p.now = p.now.Add(time.Hour)
		p.cancel()
		p.tells("CANCELLED v3", "hm_screen COMPLETED v1: ann SUBMITTED", "people_leadership CANCELLED v2: ben VOID CANCELLED",
			"delivery_complexity CANCELLED v2: cid VOID CANCELLED", "strategy_uncertainty CANCELLED v2: dan VOID CANCELLED",
			"org_and_managers CANCELLED v2: eve VOID CANCELLED", "epd_panel COMPLETED v1: fay SUBMITTED, ann VOID CANCELLED")
		p.leaves("interview.cancelled of interview", "interview.cancelled of interview", "interview.cancelled of interview",
			"interview.cancelled of interview", "scorecard.voided of scorecard", "scorecard.voided of scorecard", "scorecard.voided of scorecard",
			"scorecard.voided of scorecard", "scorecard.voided of scorecard", "loop.cancelled of loop", "cancelLoop of loop")
		if l := p.readLoop(); *l.CancelReason != "they need a break" {
			t.Errorf("it is %v", l)
		}
		if i := p.interviews()[1]; *i.CancelReason != "they need a break" {
			t.Errorf("the interview is %v", i)
		}
		cancel := func(who string, change func(*hiring.CancelLoopInput)) func() error {
			in := hiring.CancelLoopInput{LoopID: p.loop, ExpectedVersion: 3, Reason: "again"}
			change(&in)
			return func() error {
				_, err := p.CancelLoop(p.as(who), in)
				return err
			}
		}
		type in = *hiring.CancelLoopInput
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", cancel("ben", func(in) {})},
			refusal{"it again, and without a reason", "REASON_REQUIRED at reason, INVALID_TRANSITION at loopId", cancel("recruiter", func(c in) { c.Reason = "" })},
			refusal{"a past version", "CONFLICT at expectedVersion", cancel("recruiter", func(c in) { c.ExpectedVersion = 2 })},
		)
		_, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: p.application})
		p.must(err) // another one may begin
	})
}

// An application that ends ends its loops: who owes a card owes it no more, and
// what was handed in is kept.
func TestEndingAnApplicationEndsItsLoops(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		reasons, err := p.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(rejectionreason.InitiatorUS)).IDs(p.system())
		p.must(err)
		elsewhere := p.newOpening()
		end := map[string]func() error{
			"reject": func() error {
				_, err := p.RejectApplication(p.as("recruiter"), hiring.RejectApplicationInput{ApplicationID: p.application, ExpectedVersion: 1, ReasonID: reasons[0]})
				return err
			},
			"withdraw": func() error {
				_, err := p.WithdrawApplication(p.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: p.application, ExpectedVersion: 1})
				return err
			},
			"transfer": func() error {
				_, err := p.TransferApplication(p.as("recruiter"), hiring.TransferApplicationInput{ApplicationID: p.application, ExpectedVersion: 1, ToOpeningID: elsewhere.ID, Reason: "fits"})
				return err
			},
			"hire": func() error {
				_, err := p.HireApplication(p.as("recruiter"), hiring.HireApplicationInput{ApplicationID: p.application, ExpectedVersion: 1, WithoutOfferReason: to("on paper")})
				return err
			},
		}
		for _, c := range []struct {
			how   string
			begin func()
			want  []string
		}{
			{"withdraw", func() { p.start(); p.took("fay", 5) },
				[]string{"COMPLETED v3", "hm_screen CANCELLED v2: ann VOID CANDIDATE_WITHDREW", "epd_panel COMPLETED v1: fay SUBMITTED, ann VOID CANDIDATE_WITHDREW"}},
			{"reject", func() { p.start() },
				[]string{"CANCELLED v3", "hm_screen CANCELLED v2: ann VOID CANCELLED", "epd_panel CANCELLED v2: fay VOID CANCELLED, ann VOID CANCELLED"}},
			{"transfer", func() { p.start(); p.took("ann", 0) },
				[]string{"COMPLETED v3", "hm_screen COMPLETED v1: ann SUBMITTED", "epd_panel CANCELLED v2: fay VOID CANCELLED, ann VOID CANCELLED"}},
			{"reject", func() {},
				[]string{"CANCELLED v2", "hm_screen CANCELLED v2: ann", "epd_panel CANCELLED v2: fay, ann"}},
			{"hire", func() { p.start() },
				[]string{"CANCELLED v3", "hm_screen CANCELLED v2: ann VOID CANCELLED", "epd_panel CANCELLED v2: fay VOID CANCELLED, ann VOID CANCELLED"}},
		} {
			p.application = p.applicant(p.newOpening().ID).ID
			p.plan(func(list []*hiring.LoopInterviewInput) {
				for _, one := range list {
					one.StartsAt = nil // people are busy enough
				}
			})
			c.begin()
			p.now = p.now.Add(time.Hour)
			p.must(end[c.how]())
			told := p.told()
			if diff := cmp.Diff(c.want, []string{told[0], told[1], told[6]}); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.how, diff)
			}
		}
	})
}

// What a COMPLETED loop still waits for is void as well when the application ends.
func TestLateCardsEndWithTheApplication(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("fay", 5)
		for _, i := range p.interviews()[:5] {
			_, err := p.CancelInterview(p.as("recruiter"), hiring.CancelInterviewInput{InterviewID: i.ID, ExpectedVersion: 1, Reason: "enough"})
			p.must(err)
		}
		if got := p.told()[0]; got != "COMPLETED v8" {
			t.Fatalf("it is %s", got)
		}
		p.now = p.now.Add(time.Hour)
		_, err := p.WithdrawApplication(p.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: p.application, ExpectedVersion: 1})
		p.must(err)
		told := p.told()
		if want := []string{"COMPLETED v9", "epd_panel COMPLETED v1: fay SUBMITTED, ann VOID CANDIDATE_WITHDREW"}; !slices.Equal(want, []string{told[0], told[6]}) {
			t.Errorf("got %q, want %q", told, want)
		}
		p.leaves("application.withdrawn of application", "scorecard.voided of scorecard",
			"withdrawApplication of application", "withdrawApplication of loop")
	})
}

// coverage is that of the panel's loop, by level: "target", then the others.
func (p *panel) coverage() []*hiring.LoopCoverage {
	p.t.Helper()
	found, err := p.LoopCoverages(p.as("recruiter"), []gid.ID{p.loop})
	p.must(err)
	return found[p.loop]
}

func TestCoverageTellsWhatALoopCanDecide(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		levels := func() (told []string) {
			for _, c := range p.coverage() {
				told = append(told, c.Level.Key)
				if c.IsTarget {
					told = append(told, "target")
				}
				if c.IsFeasible {
					told = append(told, "feasible")
				}
				for _, i := range c.Issues {
					line := string(i.Code)
					if i.Signal != nil {
						line += " " + *i.Signal
					}
					if i.Interviewer != nil {
						line += " " + i.Interviewer.Name
					}
					told = append(told, line)
				}
			}
			return told
		}
		compare := func(rule string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, levels()); diff != "" {
				t.Errorf("%s: -want +got\n%s", rule, diff)
			}
		}
		compare("as planned", "senior_em", "target", "feasible", "em", "SIGNAL_UNCOVERED team_direction", "SIGNAL_UNCOVERED management_foundation")
		if c := p.coverage()[0]; c.Interviewers != 6 || c.WeightedCoverage.Num != c.WeightedCoverage.Den {
			t.Errorf("%d people, %v of the weight", c.Interviewers, c.WeightedCoverage)
		}
		seat := p.interviews()[1].Edges.Seats[0]
		p.must(p.DB.InterviewSeat.UpdateOne(seat).SetIsShadow(true).Exec(p.system()))
		if c := p.coverage()[0]; c.IsFeasible || c.Interviewers != 5 {
			t.Errorf("who learns is counted: %v", c)
		}
		p.must(p.DB.InterviewSeat.UpdateOne(seat).SetIsShadow(false).ClearMemberID().Exec(p.system()))
		compare("a place that nobody has is somebody", "senior_em", "target", "feasible", "em", "SIGNAL_UNCOVERED team_direction", "SIGNAL_UNCOVERED management_foundation")
		for _, n := range []int{0, 1, 2} {
			p.must(p.DB.InterviewSeat.UpdateOne(p.interviews()[n].Edges.Seats[0]).SetMemberID(p.members["ann"]).Exec(p.system()))
		}
		if got := levels(); !slices.Contains(got, "TOO_MANY_SESSIONS ann") {
			t.Errorf("ann has four: %v", got)
		}
		p.must(p.DB.Interview.Update().Where(interview.PositionIn(1, 2)).SetStatus(interview.StatusCANCELLED).Exec(p.system()))
		p.must(p.DB.Interview.Update().Where(interview.Position(3)).SetStatus(interview.StatusNO_SHOW).Exec(p.system()))
		if c := p.coverage()[0]; c.Interviewers != 3 || c.IsFeasible {
			t.Errorf("what does not take place is counted: %v", c)
		}
		p.must(p.DB.Loop.UpdateOneID(p.loop).ClearTargetLevelID().Exec(p.system()))
		if got := p.coverage(); len(got) != 0 {
			t.Errorf("a loop without a target has %v", got)
		}
	})
}

// Who could read what others had handed in before they came to owe a card is
// marked, and stays so.
func TestWhoCouldReadOthersBeforeIsExposed(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		exposed := func(who string, position int, want bool) {
			t.Helper()
			if got := p.card(who, position).IsExposed; got != want {
				t.Errorf("%s in %d: exposed %v", who, position, got)
			}
		}
		p.took("ann", 0)
		add := func(who string) int {
			t.Helper()
			_, err := p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Interview: p.followUp(who)})
			p.must(err)
			return len(p.interviews()) - 1
		}
		exposed("ann", 5, false)
		exposed("ben", add("ben"), false)                 // owes one, and so sees none
		exposed("interviewer", add("interviewer"), false) // does not see the application
		first := add("manager")
		exposed("manager", first, true) // leads the opening, and owed nothing
		exposed("manager", add("manager"), true)
		i := p.interviews()[first]
		_, err := p.UnassignInterviewer(p.as("recruiter"), hiring.UnassignInterviewerInput{SeatID: i.Edges.Seats[0].ID, ExpectedVersion: i.Version, Reason: "ill"})
		p.must(err)
		p.assign("manager", first, 0)
		exposed("manager", first, true)
		if c := p.card("manager", first); c.Status != scorecard.StatusDRAFT || c.VoidReason != nil {
			t.Errorf("the card is %v", c)
		}
	})
}

// followUp is an interview without a time on one signal.
func (p *panel) followUp(who string) hiring.LoopInterviewInput {
	return hiring.LoopInterviewInput{
		Key: "follow_up", Name: "Follow-up", Minutes: 45, FocusSignals: []string{"coaching_growth"},
		Seats: []*hiring.InterviewSeatInput{{Role: "peer", MemberID: to(p.members[who])}},
	}
}
