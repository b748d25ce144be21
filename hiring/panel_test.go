package hiring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// panel is a desk at which one application is assessed: for a Senior Engineering
// Manager, in an opening that an Engineering Manager may fill too, by six
// interviewers: ann, ben, cid, dan, eve and fay. Its loop begins on day 102.
type panel struct {
	*desk
	opening     *db.Opening
	application gid.ID
	loop        gid.ID // Nil until there is one
}

// interviewers are the people of the panel, in the order of their first places.
var interviewers = []string{"ann", "ben", "cid", "dan", "eve", "fay"}

// eachPanel runs fn over panels that have no loop yet.
func eachPanel(t *testing.T, fn func(t *testing.T, p *panel)) {
	eachDesk(t, func(t *testing.T, d *desk) { fn(t, newPanel(d)) })
}

// eachStarted runs fn over panels whose loop is ACTIVE: every place has somebody,
// every interview a time, and nobody has written anything.
func eachStarted(t *testing.T, fn func(t *testing.T, p *panel)) {
	eachPanel(t, func(t *testing.T, p *panel) {
		p.plan(nil)
		p.start()
		fn(t, p)
	})
}

func newPanel(d *desk) *panel {
	p := &panel{desk: d}
	for _, name := range interviewers {
		p.join(name, access.Interviewer)
	}
	p.opening = p.newOpening()
	p.application = p.applicant(p.opening.ID).ID
	return p
}

// newOpening is open for a Senior EM or an EM; the manager leads it.
func (p *panel) newOpening() *db.Opening {
	p.t.Helper()
	id, err := p.CreateOpening(p.as("recruiter"), hiring.CreateOpeningInput{
		Title: "Senior Engineering Manager", TargetLevelID: to(p.levels["senior_em"]), AllowedLevelIDs: []gid.ID{p.levels["em"]},
		HiringTeam: []*hiring.HiringTeamMemberInput{{MemberID: p.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER}},
	})
	p.must(err)
	_, err = p.OpenOpening(p.as("recruiter"), hiring.OpenOpeningInput{OpeningID: id, ExpectedVersion: 1})
	p.must(err)
	return p.desk.opening(id)
}

// sessions are the interviews of the built-in plan for a Senior EM, one an hour
// from day 102 on. Each place has one of the six; ann has the last one too.
func (p *panel) sessions() []*hiring.LoopInterviewInput {
	p.t.Helper()
	content, err := rubric.Builtin()
	p.must(err)
	var list []*hiring.LoopInterviewInput
	places := 0
	for _, plan := range content.Plans {
		if plan.Level != "senior_em" {
			continue
		}
		for n, s := range plan.Sessions {
			one := &hiring.LoopInterviewInput{
				Key: s.Key, Name: s.Name, Minutes: s.Minutes, FocusSignals: s.FocusSignals,
				StartsAt: to(dayOf(102).Add(time.Duration(n) * time.Hour)),
			}
			for _, role := range s.Seats {
				who := p.members[interviewers[places%len(interviewers)]]
				one.Seats = append(one.Seats, &hiring.InterviewSeatInput{Role: role, MemberID: &who})
				places++
			}
			list = append(list, one)
		}
	}
	return list
}

// plan makes the panel's loop, a DRAFT of its sessions after change.
func (p *panel) plan(change func(list []*hiring.LoopInterviewInput)) {
	p.t.Helper()
	list := p.sessions()
	if change != nil {
		change(list)
	}
	id, err := p.CreateLoop(p.as("recruiter"), hiring.CreateLoopInput{ApplicationID: p.application, Interviews: list})
	p.must(err)
	p.loop = id
}

func (p *panel) start() {
	p.t.Helper()
	_, err := p.StartLoop(p.as("recruiter"), hiring.StartLoopInput{LoopID: p.loop, ExpectedVersion: p.readLoop().Version})
	p.must(err)
}

func (p *panel) readLoop() *db.Loop {
	p.t.Helper()
	l, err := p.DB.Loop.Get(p.system(), p.loop)
	p.must(err)
	return l
}

// interviews are those of the panel's loop with their places, in order.
func (p *panel) interviews() []*db.Interview {
	p.t.Helper()
	list, err := p.DB.Interview.Query().Where(interview.LoopID(p.loop)).Order(interview.ByPosition()).
		WithSeats(func(q *db.InterviewSeatQuery) { q.Order(interviewseat.ByPosition()) }).All(p.system())
	p.must(err)
	return list
}

// card is what somebody owes or wrote for the interview in this position.
func (p *panel) card(who string, position int) *db.Scorecard {
	p.t.Helper()
	c, err := p.DB.Scorecard.Query().Where(scorecard.InterviewerID(p.members[who]),
		scorecard.HasInterviewWith(interview.LoopID(p.loop), interview.Position(position))).Only(p.system())
	p.must(err)
	return c
}

// took makes a card handed in, as far as others can tell, and its interview one
// that took place.
func (p *panel) took(who string, position int) {
	p.t.Helper()
	c := p.card(who, position)
	p.must(p.DB.Scorecard.UpdateOne(c).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(p.now).SetRevision(1).Exec(p.system()))
	p.must(p.DB.Interview.UpdateOneID(c.InterviewID).SetStatus(interview.StatusCOMPLETED).Exec(p.system()))
}

// name is a member's.
func (p *panel) name(id *gid.ID) string {
	if id == nil {
		return "nobody"
	}
	for name, member := range p.members {
		if member == *id {
			return name
		}
	}
	return id.String()
}

// told writes the panel's loop, interview by interview: "ACTIVE v2", "hm_screen
// SCHEDULED v1: ann DRAFT", …; a card of somebody who has no place is in
// brackets.
func (p *panel) told() []string {
	p.t.Helper()
	l := p.readLoop()
	lines := []string{fmt.Sprintf("%s v%d", l.Status, l.Version)}
	for _, i := range p.interviews() {
		cards, err := p.DB.Scorecard.Query().Where(scorecard.InterviewID(i.ID)).Order(scorecard.ByID()).All(p.system())
		p.must(err)
		state := map[string]string{}
		for _, c := range cards {
			state[p.name(&c.InterviewerID)] = " " + string(c.Status)
			if c.VoidReason != nil {
				state[p.name(&c.InterviewerID)] += " " + string(*c.VoidReason)
			}
		}
		var seats []string
		for _, s := range i.Edges.Seats {
			seats = append(seats, p.name(s.MemberID)+state[p.name(s.MemberID)])
			delete(state, p.name(s.MemberID))
		}
		for _, name := range append(interviewers, "interviewer", "manager") {
			if text, left := state[name]; left {
				seats = append(seats, "("+name+text+")")
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s v%d: %s", i.Key, i.Status, i.Version, strings.Join(seats, ", ")))
	}
	return lines
}

func (p *panel) tells(want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.told()); diff != "" {
		p.t.Errorf("-want +got\n%s", diff)
	}
}

// left is what the present moment left: the events, then the audit entries, by
// what they are about.
func (p *panel) left() []string {
	p.t.Helper()
	var told []string
	events, err := p.DB.Event.Query().Where(event.RecordedAt(p.now)).Order(event.ByID()).All(p.system())
	p.must(err)
	for _, e := range events {
		told = append(told, fmt.Sprintf("%s of %s", e.Type, e.SubjectID.Kind().Noun()))
	}
	entries, err := p.DB.AuditEntry.Query().Where(auditentry.RecordedAt(p.now)).Order(auditentry.ByID()).All(p.system())
	p.must(err)
	for _, e := range entries {
		told = append(told, fmt.Sprintf("%s of %s", e.Action, e.SubjectID.Kind().Noun()))
	}
	return told
}

func (p *panel) leaves(want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.left()); diff != "" {
		p.t.Errorf("-want +got\n%s", diff)
	}
}
