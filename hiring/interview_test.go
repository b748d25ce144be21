package hiring_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func TestAddInterview(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.now = p.now.Add(time.Hour)
		in := hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: 2, Interview: p.followUp("ben")}
		in.Interview.StartsAt = to(dayOf(104))
		id, err := p.AddInterview(p.as("manager"), in)
		p.must(err)
		p.leaves("interview.added of interview", "addInterview of interview")
		if got := p.told(); got[0] != "ACTIVE v3" || got[7] != "follow_up SCHEDULED v1: ben DRAFT" {
			t.Errorf("got %q", got)
		}
		if last := p.interviews()[6]; last.ID != id || last.Position != 6 {
			t.Errorf("it is %v", last)
		}
		if c := p.card("ben", 6); !c.DueAt.Equal(dayOf(105).Add(45 * time.Minute)) {
			t.Errorf("due %v", c.DueAt)
		}
	})
}

// A COMPLETED loop goes on with another interview, until it was decided on.
func TestACompletedLoopGoesOnWithAnotherInterview(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		add := func() error {
			_, err := p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, Interview: p.followUp("ben")})
			return err
		}
		p.took("ann", 0)
		for _, i := range p.interviews()[1:] {
			p.drop(i.Position)
		}
		if got := p.told()[0]; got != "COMPLETED v8" {
			t.Fatalf("it is %s", got)
		}
		p.storedDecision(p.application, decision.KindMORE_EVIDENCE, onLoop(p.loop))
		p.must(add())
		if got := p.told()[0]; got != "ACTIVE v9" {
			t.Errorf("it is %s", got)
		}
		p.drop(6)
		if got := p.told()[0]; got != "COMPLETED v11" {
			t.Errorf("it is %s", got)
		}
		other := p.loop
		p.plan(func(list []*hiring.LoopInterviewInput) { list[0].StartsAt = nil }) // which ann has given already
		next := p.loop
		p.loop = other
		p.refuses(t, refusal{"while another loop is under way", "CONFLICT at loopId", add})
		p.must(p.DB.Loop.UpdateOneID(next).SetStatus(loop.StatusCANCELLED).Exec(p.system()))
		p.storedDecision(p.application, decision.KindNO_HIRE, onLoop(p.loop))
		p.refuses(t, refusal{"after a decision", "INVALID_TRANSITION at loopId", add})
	})
}

// drop cancels the interview in this position.
func (p *panel) drop(position int) {
	p.t.Helper()
	i := p.interviews()[position]
	_, err := p.CancelInterview(p.as("recruiter"), hiring.CancelInterviewInput{InterviewID: i.ID, ExpectedVersion: i.Version, Reason: "no time"})
	p.must(err)
}

func TestAddInterviewRefuses(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		add := func(who string, change func(*hiring.AddInterviewInput)) func() error {
			in := hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: 2, Interview: p.followUp("ben")}
			change(&in)
			return func() error {
				_, err := p.AddInterview(p.as(who), in)
				return err
			}
		}
		type in = *hiring.AddInterviewInput
		p.refuses(t, refusal{"to a draft", "INVALID_TRANSITION at loopId", add("recruiter", func(c in) { c.ExpectedVersion = 1 })})
		p.start()
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", add("ben", func(in) {})},
			refusal{"by who does not see it", "NOT_FOUND at loopId", add("interviewer", func(in) {})},
			refusal{"a past version", "CONFLICT at expectedVersion", add("recruiter", func(c in) { c.ExpectedVersion = 1 })},
			refusal{"a place that nobody has, and a signal that is none", "INVALID at interview.focusSignals.0, REQUIRED at interview.seats.0.memberId",
				add("recruiter", func(c in) {
					c.Interview.FocusSignals, c.Interview.Seats[0].MemberID = []string{"juggling"}, nil
				})},
			refusal{"who is elsewhere then", "CONFLICT at interview.seats.0.memberId", add("recruiter", func(c in) { c.Interview.StartsAt = to(dayOf(102).Add(30 * time.Minute)) })},
		)
		one := p.followUp("ben")
		for n := range 14 {
			_, err := p.AddInterview(p.as("recruiter"), hiring.AddInterviewInput{LoopID: p.loop, ExpectedVersion: 2 + n, Interview: one})
			p.must(err)
		}
		p.refuses(t, refusal{"a 21st interview", "INVALID at loopId", add("recruiter", func(c in) { c.ExpectedVersion = 16 })})
		p.must(p.DB.Application.UpdateOneID(p.application).SetStatus(application.StatusHIRED).Exec(p.system()))
		p.refuses(t, refusal{"for who was hired", "INVALID_TRANSITION at loopId", add("recruiter", func(c in) { c.ExpectedVersion = 16 })})
	})
}

func TestScheduleInterview(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		i := p.interviews()[1]
		p.now = p.now.Add(time.Hour)
		_, err := p.ScheduleInterview(p.as("manager"), hiring.ScheduleInterviewInput{InterviewID: i.ID, ExpectedVersion: 1, StartsAt: dayOf(106)})
		p.must(err)
		p.leaves("interview.scheduled of interview", "scheduleInterview of interview")
		i = p.interviews()[1]
		if !i.StartsAt.Equal(dayOf(106)) || !i.EndsAt.Equal(dayOf(106).Add(time.Hour)) || i.Version != 2 {
			t.Errorf("it is %v", i)
		}
		if c := p.card("ben", 1); !c.DueAt.Equal(dayOf(109).Add(time.Hour)) { // day 106 is a Friday
			t.Errorf("due %v", c.DueAt)
		}
		_, err = p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{InterviewID: i.ID, ExpectedVersion: 2, StartsAt: dayOf(95), EndsAt: to(dayOf(95.5))})
		p.must(err) // it was on paper so far
		if got, want := p.told()[2], "people_leadership SCHEDULED v3: ben DRAFT"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestScheduleInterviewRefuses(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		all := p.interviews()
		schedule := func(who string, change func(*hiring.ScheduleInterviewInput)) func() error {
			in := hiring.ScheduleInterviewInput{InterviewID: all[1].ID, ExpectedVersion: 1, StartsAt: dayOf(103)}
			change(&in)
			return func() error {
				_, err := p.ScheduleInterview(p.as(who), in)
				return err
			}
		}
		p.took("cid", 2)
		p.drop(3)
		type in = *hiring.ScheduleInterviewInput
		p.refuses(t,
			refusal{"by its interviewer", "FORBIDDEN at ", schedule("ben", func(in) {})},
			refusal{"by who does not see it", "NOT_FOUND at interviewId", schedule("interviewer", func(in) {})},
			refusal{"a loop", "NOT_FOUND at interviewId", schedule("recruiter", func(c in) { c.InterviewID = p.loop })},
			refusal{"a past version", "CONFLICT at expectedVersion", schedule("recruiter", func(c in) { c.ExpectedVersion = 0 })},
			refusal{"one that took place", "INVALID_TRANSITION at interviewId", schedule("recruiter", func(c in) { c.InterviewID = all[2].ID })},
			refusal{"one that was cancelled, to a bad time", "INVALID_TRANSITION at interviewId, INVALID at endsAt", schedule("recruiter", func(c in) {
				c.InterviewID, c.ExpectedVersion, c.EndsAt = all[3].ID, 2, &c.StartsAt
			})},
			refusal{"to before the application", "INVALID at startsAt", schedule("recruiter", func(c in) { c.StartsAt = dayOf(89) })},
			refusal{"to an end before the beginning", "INVALID at endsAt", schedule("recruiter", func(c in) { c.EndsAt = to(dayOf(102)) })},
			refusal{"for 12 hours and a second", "INVALID at endsAt", schedule("recruiter", func(c in) { c.EndsAt = to(c.StartsAt.Add(12*time.Hour + time.Second)) })},
			refusal{"to the year 10000", "INVALID at startsAt", schedule("recruiter", func(c in) { c.StartsAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })},
			refusal{"to when its interviewer is elsewhere", "CONFLICT at startsAt", schedule("recruiter", func(c in) {
				c.InterviewID, c.StartsAt = all[0].ID, *all[5].StartsAt // ann is in both
			})},
		)
		p.must(p.DB.Application.UpdateOneID(p.application).SetStatus(application.StatusHIRED).Exec(p.system()))
		p.refuses(t, refusal{"of who was hired", "INVALID_TRANSITION at interviewId", schedule("recruiter", func(in) {})})
	})
}

// Two interviews of one person do not overlap, and touch at most. What counts is
// what took or is to take place, of any application.
func TestNobodyIsInTwoInterviewsAtOnce(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		first := p.interviews()[0] // ann, day 102, 9:00 to 9:45
		p.application = p.applicant(p.newOpening().ID).ID
		attempt := func(from, until time.Duration) error {
			p.t.Helper()
			p.plan(func(list []*hiring.LoopInterviewInput) {
				for _, one := range list {
					one.StartsAt = nil
				}
			})
			defer p.cancel()
			_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{
				InterviewID: p.interviews()[5].ID, ExpectedVersion: 1, // ann is in it too
				StartsAt: first.StartsAt.Add(from * time.Minute), EndsAt: to(first.StartsAt.Add(until * time.Minute)),
			})
			return err
		}
		for _, c := range []struct {
			rule        string
			from, until time.Duration
			state       interview.Status
			want        string
		}{
			{"before", -60, 0, interview.StatusSCHEDULED, "<nil>"},
			{"into it", -60, 1, interview.StatusSCHEDULED, "CONFLICT at startsAt"},
			{"around it", -60, 60, interview.StatusSCHEDULED, "CONFLICT at startsAt"},
			{"within it", 10, 20, interview.StatusSCHEDULED, "CONFLICT at startsAt"},
			{"at its time", 0, 45, interview.StatusSCHEDULED, "CONFLICT at startsAt"},
			{"out of it", 44, 60, interview.StatusSCHEDULED, "CONFLICT at startsAt"},
			{"after", 45, 60, interview.StatusSCHEDULED, "<nil>"},
			{"one that took place", 0, 45, interview.StatusCOMPLETED, "CONFLICT at startsAt"},
			{"one that was cancelled", 0, 45, interview.StatusCANCELLED, "<nil>"},
			{"one that nobody came to", 0, 45, interview.StatusNO_SHOW, "<nil>"},
		} {
			p.must(p.DB.Interview.UpdateOne(first).SetStatus(c.state).Exec(p.system()))
			if got := refused(attempt(c.from, c.until)); got != c.want {
				t.Errorf("%s: got %s, want %s", c.rule, got, c.want)
			}
		}
		p.must(p.DB.Interview.UpdateOne(first).SetStatus(interview.StatusSCHEDULED).ClearEndsAt().Exec(p.system()))
		if got, want := refused(attempt(44, 60)), "CONFLICT at startsAt"; got != want {
			t.Errorf("an end that is not known is that of its minutes: got %s, want %s", got, want)
		}
	})
}

// Days are those of the company's zone, and a person has so many interviews on
// one as the company says.
func TestNobodyHasMoreInterviewsThanADayTakes(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.Norms = hiring.Norms{InterviewsADay: 2, Zone: zone(t, "America/New_York")} // 4 hours behind
		midnight := dayOf(102).Add(-5 * time.Hour)                                   // there, on a Monday
		interviews := func(hours ...time.Duration) []*hiring.LoopInterviewInput {
			var list []*hiring.LoopInterviewInput
			for _, h := range hours {
				one := p.followUp("ann")
				one.StartsAt = to(midnight.Add(h * time.Hour))
				list = append(list, &one)
			}
			return list
		}
		var err error
		p.loop, err = p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: p.application, Interviews: interviews(-1, 0, 10)})
		p.must(err)
		p.force()
		other := p.applicant(p.opening.ID).ID
		second := func(hours ...time.Duration) func() error {
			return p.create("recruiter", func(c *hiring.CreateLoopInput) { c.ApplicationID, c.Interviews = other, interviews(hours...) })
		}
		p.refuses(t,
			refusal{"a third that day", "CONFLICT at interviews.0.seats.0.memberId", second(23)},
			refusal{"three of one list", "CONFLICT at interviews.2.seats.0.memberId", second(24, 26, 28)},
		)
		p.must(second(-3, 24, 26)())
	})
}

// force starts the panel's loop, whatever it could decide.
func (p *panel) force() {
	p.t.Helper()
	_, err := p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version, ForceReason: to("hurry")})
	p.must(err)
}

// Of two who book the same person for the same time at once one gets them.
func TestTwoBookSomebodyAtOnce(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		const people = 6
		bookings := make([]func() error, people)
		for n := range people {
			application := p.applicant(p.newOpening().ID).ID // of another opening each, so that nothing else keeps them apart
			one := p.followUp("ann")
			id, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: application, Interviews: []*hiring.LoopInterviewInput{&one}})
			p.must(err)
			p.loop = id
			p.force()
			i, err := p.DB.Interview.Query().Where(interview.LoopID(id)).WithSeats().Only(p.system())
			p.must(err)
			at := dayOf(103).Add(time.Duration(n) * time.Minute)
			if n%2 == 0 {
				bookings[n] = func() error {
					_, err := p.ScheduleInterview(p.as("recruiter"), hiring.ScheduleInterviewInput{InterviewID: i.ID, ExpectedVersion: 1, StartsAt: at})
					return err
				}
				continue
			}
			p.must(p.DB.InterviewSeat.UpdateOne(i.Edges.Seats[0]).ClearMemberID().Exec(p.system()))
			p.must(p.DB.Interview.UpdateOne(i).SetStatus(interview.StatusSCHEDULED).SetStartsAt(at).SetEndsAt(at.Add(time.Hour)).Exec(p.system()))
			bookings[n] = func() error {
				_, err := p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{
					InterviewID: i.ID, ExpectedVersion: 1, SeatID: &i.Edges.Seats[0].ID, MemberID: p.members["ann"],
				})
				return err
			}
		}
		told := map[bool]int{}
		for _, err := range atOnce(bookings...) {
			if got := refused(err); err != nil && got != "CONFLICT at startsAt" && got != "CONFLICT at memberId" {
				t.Errorf("got %s", got)
			}
			told[err == nil]++
		}
		if diff := cmp.Diff(map[bool]int{true: 1, false: people - 1}, told); diff != "" {
			t.Error(diff)
		}
		booked, err := p.DB.InterviewSeat.Query().Where(interviewseat.MemberID(p.members["ann"]),
			interviewseat.HasInterviewWith(interview.StatusEQ(interview.StatusSCHEDULED))).Count(p.system())
		p.must(err)
		if booked != 1 {
			t.Errorf("ann is in %d interviews at once", booked)
		}
	})
}

func TestCancelInterview(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.now = p.now.Add(time.Hour)
		p.drop(1)
		p.leaves("scorecard.voided of scorecard", "interview.cancelled of interview", "cancelInterview of interview")
		if got, want := p.told()[2], "people_leadership CANCELLED v2: ben VOID CANCELLED"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if i := p.interviews()[1]; *i.CancelReason != "no time" {
			t.Errorf("it is %v", i)
		}
		cancel := func(who string, change func(*hiring.CancelInterviewInput)) func() error {
			in := hiring.CancelInterviewInput{InterviewID: p.interviews()[1].ID, ExpectedVersion: 2, Reason: "again"}
			change(&in)
			return func() error {
				_, err := p.CancelInterview(p.as(who), in)
				return err
			}
		}
		type in = *hiring.CancelInterviewInput
		p.refuses(t,
			refusal{"by its interviewer", "FORBIDDEN at ", cancel("ben", func(in) {})},
			refusal{"it again, without a reason", "REASON_REQUIRED at reason, INVALID_TRANSITION at interviewId", cancel("recruiter", func(c in) { c.Reason = "" })},
			refusal{"a past version", "CONFLICT at expectedVersion", cancel("recruiter", func(c in) { c.ExpectedVersion = 1 })},
		)
	})
}

func TestRecordNoShow(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(func(list []*hiring.LoopInterviewInput) { list[4].StartsAt = nil })
		missed := func(position int) func() error {
			i := p.interviews()[position]
			return func() error {
				_, err := p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: i.ID, ExpectedVersion: i.Version})
				return err
			}
		}
		p.now = dayOf(102)
		p.refuses(t, refusal{"of a draft", "INVALID_TRANSITION at interviewId", missed(0)})
		p.start()
		p.took("cid", 2)
		p.refuses(t,
			refusal{"before its time", "INVALID_TRANSITION at interviewId", missed(1)},
			refusal{"of one that took place", "INVALID_TRANSITION at interviewId", missed(2)},
			refusal{"of one without a time", "INVALID_TRANSITION at interviewId", missed(4)},
			refusal{"a past version", "CONFLICT at expectedVersion", func() error {
				_, err := p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: p.interviews()[0].ID, ExpectedVersion: 0})
				return err
			}},
			refusal{"by its interviewer", "FORBIDDEN at ", func() error {
				_, err := p.RecordNoShow(p.as("ann"), hiring.RecordNoShowInput{InterviewID: p.interviews()[0].ID, ExpectedVersion: 1})
				return err
			}},
		)
		p.now = p.now.Add(time.Nanosecond * 1000)
		p.must(missed(0)())
		p.leaves("scorecard.voided of scorecard", "interview.no_show of interview", "recordNoShow of interview")
		if got, want := p.told()[1], "hm_screen NO_SHOW v2: ann VOID NO_SHOW"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p.refuses(t, refusal{"twice", "INVALID_TRANSITION at interviewId", missed(0)})
	})
}

// A loop is over when no interview is ahead and one took place.
func TestALoopIsOverWithItsInterviews(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.now = dayOf(103)
		for n := range 5 {
			p.drop(n)
		}
		if got := p.told()[0]; got != "ACTIVE v7" {
			t.Errorf("with one ahead it is %s", got)
		}
		i := p.interviews()[5]
		_, err := p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: i.ID, ExpectedVersion: 1})
		p.must(err)
		if got := p.told()[0]; got != "ACTIVE v8" {
			t.Errorf("when none took place it is %s", got)
		}
		p.must(p.DB.Interview.UpdateOneID(i.ID).SetStatus(interview.StatusSCHEDULED).Exec(p.system()))
		p.must(p.DB.Interview.UpdateOneID(p.interviews()[0].ID).SetStatus(interview.StatusCOMPLETED).Exec(p.system()))
		p.now = p.now.Add(time.Hour)
		_, err = p.RecordNoShow(p.as("recruiter"), hiring.RecordNoShowInput{InterviewID: i.ID, ExpectedVersion: 2})
		p.must(err)
		if got := p.told()[0]; got != "COMPLETED v10" {
			t.Errorf("at last it is %s", got)
		}
		p.leaves("interview.no_show of interview", "loop.completed of loop", "recordNoShow of interview", "recordNoShow of loop")
	})
}

func TestAssignInterviewer(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.now = p.now.Add(time.Hour)
		p.assign("fay", 1, 0)
		p.leaves("scorecard.voided of scorecard", "interview.unassigned of interview", "interview.assigned of interview", "assignInterviewer of interview")
		line := func(want string) {
			t.Helper()
			if got := p.told()[2]; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		line("people_leadership SCHEDULED v2: fay DRAFT, (ben VOID CANCELLED)")
		if c := p.card("fay", 1); !c.DueAt.Equal(dayOf(103).Add(2 * time.Hour)) {
			t.Errorf("due %v", c.DueAt)
		}
		i := p.interviews()[1]
		_, err := p.AssignInterviewer(p.as("manager"), hiring.AssignInterviewerInput{
			InterviewID: i.ID, ExpectedVersion: 2, MemberID: p.members["interviewer"], Role: to(" learner "), IsShadow: to(true),
		})
		p.must(err)
		line("people_leadership SCHEDULED v3: fay DRAFT, interviewer DRAFT, (ben VOID CANCELLED)")
		added := p.interviews()[1].Edges.Seats[1]
		if added.Role != "learner" || !added.IsShadow || added.Position != 1 || !p.card("interviewer", 1).IsShadow {
			t.Errorf("the new place is %v", added)
		}
		// Who learned enough interviews from now on, in the same place.
		_, err = p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{
			InterviewID: i.ID, ExpectedVersion: 3, SeatID: &added.ID, MemberID: p.members["interviewer"], Role: to("peer"), IsShadow: to(false),
		})
		p.must(err)
		line("people_leadership SCHEDULED v4: fay DRAFT, interviewer DRAFT, (ben VOID CANCELLED)")
		if s := p.interviews()[1].Edges.Seats[1]; s.Role != "peer" || s.IsShadow || p.card("interviewer", 1).IsShadow {
			t.Errorf("the place is %v", s)
		}
	})
}

// Whoever comes back goes on with the card that they had.
func TestWhoComesBackGoesOnWithTheirCard(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		card := p.card("ben", 1)
		p.must(p.DB.Scorecard.UpdateOne(card).SetRevision(3).Exec(p.system()))
		p.assign("fay", 1, 0)
		p.assign("ben", 1, 0)
		if back := p.card("ben", 1); back.ID != card.ID || back.Revision != 3 || back.Status != scorecard.StatusDRAFT || back.VoidReason != nil {
			t.Errorf("the card is %v", back)
		}
		p.must(p.DB.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(p.now).Exec(p.system()))
		p.assign("fay", 1, 0)
		if kept := p.card("ben", 1); kept.Status != scorecard.StatusSUBMITTED {
			t.Errorf("what was handed in is %s", kept.Status)
		}
		p.assign("ben", 1, 0)
		if back := p.card("ben", 1); back.Status != scorecard.StatusSUBMITTED {
			t.Errorf("what was handed in is %s", back.Status)
		}
		seat := p.interviews()[1].Edges.Seats[0]
		again := func() error {
			i := p.interviews()[1]
			_, err := p.AssignInterviewer(p.as("recruiter"), hiring.AssignInterviewerInput{
				InterviewID: i.ID, ExpectedVersion: i.Version, SeatID: &seat.ID, MemberID: p.members["ben"],
			})
			return err
		}
		p.must(p.DB.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusVOID).SetVoidReason(scorecard.VoidReasonCANCELLED).Exec(p.system()))
		p.refuses(t, refusal{"after it was void though handed in", "INVALID_TRANSITION at memberId", again})
		p.must(p.DB.Scorecard.UpdateOne(card).ClearSubmittedAt().SetVoidReason(scorecard.VoidReasonCONFLICT_OF_INTEREST).Exec(p.system()))
		p.refuses(t, refusal{"after a conflict of interest", "INVALID_TRANSITION at memberId", again})
	})
}

func TestInADraftNobodyOwesACard(t *testing.T) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		p.assign("fay", 1, 0)
		i := p.interviews()[0]
		_, err := p.UnassignInterviewer(p.as("recruiter"), hiring.UnassignInterviewerInput{SeatID: i.Edges.Seats[0].ID, ExpectedVersion: 1, Reason: "ill"})
		p.must(err)
		told := p.told()
		if diff := cmp.Diff([]string{"DRAFT v3", "hm_screen SCHEDULED v2: nobody", "people_leadership SCHEDULED v2: fay"}, told[:3]); diff != "" {
			t.Error(diff)
		}
		if n := p.DB.Scorecard.Query().CountX(p.system()); n != 0 {
			t.Errorf("there are %d cards", n)
		}
	})
}

func TestAssignInterviewerRefuses(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		all := p.interviews()
		assign := func(who string, change func(*hiring.AssignInterviewerInput)) func() error {
			in := hiring.AssignInterviewerInput{InterviewID: all[5].ID, ExpectedVersion: 1, MemberID: p.members["manager"], Role: to("peer")}
			change(&in)
			return func() error {
				_, err := p.AssignInterviewer(p.as(who), in)
				return err
			}
		}
		type in = *hiring.AssignInterviewerInput
		p.must(p.DB.Application.UpdateOneID(p.application).SetCreditedMemberID(p.members["interviewer"]).Exec(p.system()))
		p.took("cid", 2)
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", assign("fay", func(in) {})},
			refusal{"by who does not see it", "NOT_FOUND at interviewId", assign("interviewer", func(in) {})},
			refusal{"a past version", "CONFLICT at expectedVersion", assign("recruiter", func(c in) { c.ExpectedVersion = 0 })},
			refusal{"to one that took place", "INVALID_TRANSITION at interviewId", assign("recruiter", func(c in) { c.InterviewID = all[2].ID })},
			refusal{"a place of another interview", "NOT_FOUND at seatId", assign("recruiter", func(c in) { c.SeatID = &all[1].Edges.Seats[0].ID })},
			refusal{"a new place for nothing", "REQUIRED at role", assign("recruiter", func(c in) { c.Role = nil })},
			refusal{"a new place for blanks", "REQUIRED at role", assign("recruiter", func(c in) { c.Role = to(" ") })},
			refusal{"somebody who sits there", "INVALID at memberId", assign("recruiter", func(c in) { c.MemberID = p.members["ann"] })},
			refusal{"somebody who is none", "NOT_FOUND at memberId", assign("recruiter", func(c in) { c.MemberID = p.id(gid.Member) })},
			refusal{"an opening", "NOT_FOUND at memberId", assign("recruiter", func(c in) { c.MemberID = p.opening.ID })},
			refusal{"who has left", "INVALID at memberId", assign("recruiter", func(c in) { c.MemberID = p.members["left"] })},
			refusal{"who referred the candidate", "CONFLICT at memberId", assign("recruiter", func(c in) { c.MemberID = p.members["interviewer"] })},
			refusal{"the only one who interviews, to learn", "INVALID at isShadow", assign("recruiter", func(c in) {
				c.InterviewID, c.SeatID, c.MemberID, c.IsShadow = all[1].ID, &all[1].Edges.Seats[0].ID, p.members["ben"], to(true)
			})},
		)
		p.must(p.DB.Interview.UpdateOne(all[4]).SetStartsAt(*all[5].StartsAt).SetEndsAt(*all[5].EndsAt).Exec(p.system()))
		p.refuses(t, refusal{"who is elsewhere then", "CONFLICT at memberId", assign("recruiter", func(c in) { c.MemberID = p.members["eve"] })})
		p.must(assign("recruiter", func(in) {})())
		p.refuses(t, refusal{"a fourth who interviews", "INVALID at interviewId", assign("recruiter", func(c in) { c.ExpectedVersion, c.MemberID = 2, p.members["ben"] })})
		for n, who := range []string{"ben", "dan"} {
			p.must(assign("recruiter", func(c in) {
				c.ExpectedVersion, c.MemberID, c.IsShadow = 2+n, p.members[who], to(true)
			})())
		}
		p.refuses(t, refusal{"a third who learns", "INVALID at interviewId", assign("recruiter", func(c in) {
			c.ExpectedVersion, c.MemberID, c.IsShadow = 4, p.members["colleague"], to(true)
		})})
		p.must(p.DB.Scorecard.UpdateOne(p.card("dan", 5)).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(p.now).Exec(p.system()))
		p.refuses(t, refusal{"another kind of place to who has handed in", "INVALID_TRANSITION at isShadow", func() error {
			seats := p.interviews()[5].Edges.Seats
			p.must(p.DB.InterviewSeat.UpdateOne(seats[2]).SetIsShadow(true).Exec(context.Background()))
			defer func() { p.must(p.DB.InterviewSeat.UpdateOne(seats[2]).SetIsShadow(false).Exec(context.Background())) }()
			return assign("recruiter", func(c in) {
				c.ExpectedVersion, c.SeatID, c.MemberID, c.IsShadow = 4, &seats[4].ID, p.members["dan"], to(false)
			})()
		}})
	})
}

func TestUnassignInterviewer(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		unassign := func(who string, position int, change func(*hiring.UnassignInterviewerInput)) func() error {
			i := p.interviews()[position]
			in := hiring.UnassignInterviewerInput{SeatID: i.Edges.Seats[0].ID, ExpectedVersion: i.Version, Reason: "ill"}
			change(&in)
			return func() error {
				_, err := p.UnassignInterviewer(p.as(who), in)
				return err
			}
		}
		type in = *hiring.UnassignInterviewerInput
		good := func(in) {}
		p.now = p.now.Add(time.Hour)
		p.must(unassign("recruiter", 1, good)())
		p.leaves("scorecard.voided of scorecard", "interview.unassigned of interview", "unassignInterviewer of interview")
		if got, want := p.told()[2], "people_leadership SCHEDULED v2: nobody, (ben VOID CANCELLED)"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		card := p.card("cid", 2)
		p.must(p.DB.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(p.now).Exec(p.system()))
		p.must(unassign("recruiter", 2, good)())
		if got, want := p.told()[3], "delivery_complexity SCHEDULED v2: nobody, (cid SUBMITTED)"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p.took("dan", 3)
		p.refuses(t,
			refusal{"by an interviewer of it", "FORBIDDEN at ", unassign("ann", 0, good)},
			refusal{"by who does not see it", "NOT_FOUND at seatId", unassign("interviewer", 0, good)},
			refusal{"a place that is none", "NOT_FOUND at seatId", unassign("recruiter", 0, func(c in) { c.SeatID = p.id(gid.InterviewSeat) })},
			refusal{"an interview, without a reason", "REASON_REQUIRED at reason, NOT_FOUND at seatId", unassign("recruiter", 0, func(c in) { c.SeatID, c.Reason = p.loop, "" })},
			refusal{"a place that nobody has, without a reason", "REASON_REQUIRED at reason, INVALID_TRANSITION at seatId", unassign("recruiter", 1, func(c in) { c.Reason = "" })},
			refusal{"of one that took place", "INVALID_TRANSITION at seatId", unassign("recruiter", 3, good)},
			refusal{"a past version", "CONFLICT at expectedVersion", unassign("recruiter", 0, func(c in) { c.ExpectedVersion = 0 })},
		)
	})
}

// Who left before they handed in goes also from an interview that took place: it
// waits for them no more.
func TestWhoOwesACardCanGoFromAnInterviewThatTookPlace(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("fay", 5)
		p.must(p.unassign(5, 1)) // ann
		if got, want := p.told()[6], "epd_panel COMPLETED v2: fay SUBMITTED, nobody, (ann VOID CANCELLED)"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		p.must(p.DB.Interview.UpdateOneID(p.interviews()[1].ID).SetStatus(interview.StatusNO_SHOW).Exec(p.system()))
		p.refuses(t,
			refusal{"who handed in", "INVALID_TRANSITION at seatId", func() error { return p.unassign(5, 0) }},
			refusal{"twice", "INVALID_TRANSITION at seatId", func() error { return p.unassign(5, 1) }},
			refusal{"of one that nobody came to", "INVALID_TRANSITION at seatId", func() error { return p.unassign(1, 0) }},
		)
	})
}

// Where cards stand is for those who run the application, and for their author;
// what they say does not matter for it.
func TestScorecardStates(t *testing.T) {
	eachStarted(t, func(t *testing.T, p *panel) {
		p.took("ann", 0)
		p.now = dayOf(104) // day 103 was the last one for most cards
		ids := []gid.ID{p.interviews()[0].ID, p.interviews()[1].ID}
		seen := func(who string) map[string]string {
			states, err := p.ScorecardStates(p.as(who), ids)
			p.must(err)
			told := map[string]string{}
			for _, byMember := range states {
				for member, s := range byMember {
					told[p.name(&member)] = string(s.Status)
					if c := p.DB.Scorecard.GetX(p.system(), s.ScorecardID); c.InterviewerID != member || c.Status != s.Status {
						t.Errorf("%s is the card of %s", s.ScorecardID, p.name(&c.InterviewerID))
					}
					if s.IsOverdue {
						told[p.name(&member)] += " overdue"
					}
				}
			}
			return told
		}
		all := map[string]string{"ann": "SUBMITTED", "ben": "DRAFT overdue"}
		for who, want := range map[string]map[string]string{
			"recruiter": all, "manager": all, "admin": all,
			"ann": {"ann": "SUBMITTED"}, "ben": {"ben": "DRAFT overdue"}, "cid": {}, "analyst": {}, "": {},
		} {
			if diff := cmp.Diff(want, seen(who)); diff != "" {
				t.Errorf("%q: %s", who, diff)
			}
		}
		p.now = dayOf(103).Add(2 * time.Hour)
		if got := seen("ben")["ben"]; got != "DRAFT" {
			t.Errorf("when it is due it is %s", got)
		}
	})
}
