package hiring_test

import (
	"encoding/json"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/gid"
)

// What is here writes rows, for tests of a use case that must hold whatever
// other use cases ask for before they lead there.

// storedLoop is an ACTIVE loop, of no rubric unless the test says so.
func (d *desk) storedLoop(applicationID gid.ID, with ...func(*db.LoopCreate)) *db.Loop {
	d.t.Helper()
	create := d.DB.Loop.Create().SetID(d.id(gid.Loop)).SetApplicationID(applicationID).SetStatus(loop.StatusACTIVE).
		SetCreatedAt(d.now).SetUpdatedAt(d.now)
	for _, set := range with {
		set(create)
	}
	l, err := create.Save(d.system())
	d.must(err)
	return l
}

// storedInterview is an hour of a loop that took place, the first one and about
// nothing unless the test says so.
func (d *desk) storedInterview(loopID gid.ID, with ...func(*db.InterviewCreate)) gid.ID {
	d.t.Helper()
	id := d.id(gid.Interview)
	create := d.DB.Interview.Create().SetID(id).SetLoopID(loopID).SetPosition(0).SetKey("people").SetName("People").
		SetMinutes(60).SetFocusSignals([]string{}).SetStatus(interview.StatusCOMPLETED).SetCreatedAt(d.now).SetUpdatedAt(d.now)
	for _, set := range with {
		set(create)
	}
	d.must(create.Exec(d.system()))
	return id
}

// storedCard is what somebody owes of an interview, a DRAFT that says nothing
// unless the test says so.
func (d *desk) storedCard(interviewID gid.ID, who string, with ...func(*db.ScorecardCreate)) gid.ID {
	d.t.Helper()
	l, err := d.DB.Interview.Query().Where(interview.ID(interviewID)).QueryLoop().Only(d.system())
	d.must(err)
	id := d.id(gid.Scorecard)
	create := d.DB.Scorecard.Create().SetID(id).SetInterviewID(interviewID).SetLoopID(l.ID).SetApplicationID(l.ApplicationID).
		SetInterviewerID(d.members[who]).SetStatus(scorecard.StatusDRAFT).SetCreatedAt(d.now).SetUpdatedAt(d.now)
	for _, set := range with {
		set(create)
	}
	d.must(create.Exec(d.system()))
	return id
}

// storedDebrief is an open debrief of a loop, with an empty packet.
func (d *desk) storedDebrief(loopID gid.ID) gid.ID {
	d.t.Helper()
	l, err := d.DB.Loop.Get(d.system(), loopID)
	d.must(err)
	id := d.id(gid.Debrief)
	d.must(d.DB.Debrief.Create().SetID(id).SetLoopID(loopID).SetApplicationID(l.ApplicationID).SetOpenedAt(d.now).
		SetPacket(json.RawMessage(`{}`)).SetPacketHash("").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	return id
}

// storedDecision is what people decided now about an application.
func (d *desk) storedDecision(applicationID gid.ID, kind decision.Kind, with ...func(*db.DecisionCreate)) gid.ID {
	d.t.Helper()
	id := d.id(gid.Decision)
	create := d.DB.Decision.Create().SetID(id).SetApplicationID(applicationID).SetKind(kind).
		SetRationale("Enough was seen.").SetLevelFit(json.RawMessage(`{}`)).SetBasisHash("").
		SetDecidedAt(d.now).SetCreatedAt(d.now).SetUpdatedAt(d.now)
	for _, set := range with {
		set(create)
	}
	d.must(create.Exec(d.system()))
	return id
}

func onLoop(id gid.ID) func(*db.DecisionCreate) {
	return func(c *db.DecisionCreate) { c.SetLoopID(id) }
}

// at is the level of a decision to hire; old records may name none, "".
func (d *desk) at(level string) func(*db.DecisionCreate) {
	return func(c *db.DecisionCreate) {
		if level != "" {
			c.SetLevelID(d.levels[level])
		}
	}
}

// storedOffer is an offer whose terms named these levels, the latest last.
func (d *desk) storedOffer(applicationID gid.ID, status offer.Status, levels ...string) gid.ID {
	d.t.Helper()
	id := d.id(gid.Offer)
	d.must(d.DB.Offer.Create().SetID(id).SetApplicationID(applicationID).SetStatus(status).
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	for i, key := range levels {
		d.must(d.DB.OfferVersion.Create().SetID(d.id(gid.OfferVersion)).SetOfferID(id).SetNumber(i + 1).SetLevelID(d.levels[key]).
			SetSalary(1).SetCurrency("EUR").SetRecordedAt(d.now).Exec(d.system()))
	}
	return id
}
