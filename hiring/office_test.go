package hiring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/source"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/visit"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// office is a desk at which applications move: one opening with the stages
// Applied, Screen, Onsite, Offer, Hired, which the manager leads, and a manager
// of other openings, the stranger.
type office struct {
	*desk
	opening *db.Opening
	stages  []*db.Stage
	source  gid.ID
	reasons map[rejectionreason.Initiator]gid.ID
}

func eachOffice(t *testing.T, fn func(t *testing.T, o *office)) {
	eachDesk(t, func(t *testing.T, d *desk) { fn(t, newOffice(d)) })
}

func newOffice(d *desk) *office {
	o := &office{desk: d, reasons: map[rejectionreason.Initiator]gid.ID{}}
	o.join("stranger", access.HiringManager)
	ctx := o.system()
	var err error
	o.source, err = o.DB.Source.Query().Where(source.KindEQ(source.KindREFERRAL)).OnlyID(ctx)
	o.must(err)
	for by, name := range map[rejectionreason.Initiator]string{
		rejectionreason.InitiatorUS: "Skills", rejectionreason.InitiatorTHEM: "Accepted another offer",
		rejectionreason.InitiatorOTHER: "Transferred",
	} {
		o.reasons[by], err = o.DB.RejectionReason.Query().Where(rejectionreason.Name(name), rejectionreason.InitiatorEQ(by)).OnlyID(ctx)
		o.must(err)
	}
	o.opening, o.stages = o.newOpening(opening.StatusOPEN, 2)
	o.must(o.DB.Opening.UpdateOne(o.opening).AddAllowedLevelIDs(o.levels["em"]).Exec(ctx))
	return o
}

// newOpening has the usual stages and so many open seats; the manager leads it.
func (o *office) newOpening(status opening.Status, seats int) (*db.Opening, []*db.Stage) {
	o.t.Helper()
	ctx := o.system()
	one, err := o.DB.Opening.Create().SetID(o.id(gid.Opening)).SetTitle("Engineering Manager").SetStatus(status).
		SetOpenedAt(dayOf(0)).SetCreatedAt(o.now).SetUpdatedAt(o.now).Save(ctx)
	o.must(err)
	o.must(o.DB.HiringTeamMember.Create().SetID(o.id(gid.HiringTeamMember)).SetOpeningID(one.ID).
		SetMemberID(o.members["manager"]).SetRole(hiringteammember.RoleHIRING_MANAGER).Exec(ctx))
	var stages []*db.Stage
	for i, kind := range []stage.Kind{stage.KindAPPLIED, stage.KindSCREEN, stage.KindINTERVIEW, stage.KindOFFER, stage.KindHIRED} {
		st, err := o.DB.Stage.Create().SetID(o.id(gid.Stage)).SetOpeningID(one.ID).
			SetPosition(i).SetName(string(kind)).SetKind(kind).Save(ctx)
		o.must(err)
		stages = append(stages, st)
	}
	for n := range seats {
		o.must(o.DB.Seat.Create().SetID(o.id(gid.Seat)).SetOpeningID(one.ID).SetNumber(n + 1).
			SetStatus(seat.StatusOPEN).SetOpenedAt(dayOf(0)).SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	}
	return one, stages
}

// apply has a new candidate apply on day 10, to begin in this stage.
func (o *office) apply(stageIndex int) *db.Application {
	o.t.Helper()
	return o.applyFor(o.opening, o.stages[stageIndex])
}

func (o *office) applyFor(one *db.Opening, first *db.Stage) *db.Application {
	o.t.Helper()
	return o.applicant(one.ID, func(in *hiring.CreateApplicationInput) { in.StageID, in.AppliedAt = &first.ID, to(dayOf(10)) })
}

// bring takes a new application from the screen to a state.
func (o *office) bring(to application.Status) *db.Application {
	o.t.Helper()
	a := o.apply(1)
	var err error
	switch to {
	case application.StatusREJECTED:
		_, err = o.RejectApplication(o.as("recruiter"), hiring.RejectApplicationInput{
			ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: o.reasons[rejectionreason.InitiatorUS]})
	case application.StatusWITHDRAWN:
		_, err = o.WithdrawApplication(o.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1})
	case application.StatusHIRED:
		_, err = o.HireApplication(o.as("recruiter"), o.hire(a))
	}
	o.must(err)
	return o.application(a.ID)
}

func (o *office) hire(a *db.Application) hiring.HireApplicationInput {
	why := "signed on paper"
	return hiring.HireApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, WithoutOfferReason: &why}
}

// tell writes an application's visits in a line: "APPLIED[10-12 ADVANCED] INTERVIEW[12-… skipped SCREEN] ACTIVE v2".
func (o *office) tell(id gid.ID) string {
	o.t.Helper()
	a, err := o.DB.Application.Query().Where(application.ID(id)).WithStage().Only(o.system())
	o.must(err)
	visits, err := o.DB.Visit.Query().Where(visit.ApplicationID(id)).Order(visit.BySequence()).WithStage().All(o.system())
	o.must(err)
	day := func(t time.Time) string { return fmt.Sprint(t.Sub(dayOf(0)).Hours() / 24) }
	var words []string
	for _, v := range visits {
		end := "…"
		if v.ExitedAt != nil {
			end = day(*v.ExitedAt) + " " + string(*v.Outcome)
		}
		for _, s := range v.SkippedStageIds {
			st, err := o.DB.Stage.Get(o.system(), s)
			o.must(err)
			end += " skipped " + st.Name
		}
		words = append(words, fmt.Sprintf("%s[%s-%s]", v.Edges.Stage.Name, day(v.EnteredAt), end))
	}
	return fmt.Sprintf("%s %s v%d", strings.Join(words, " "), a.Status, a.Version)
}

// happened lists the types of the last n events of the feed.
func (o *office) happened(n int) []string {
	o.t.Helper()
	all, err := o.DB.Event.Query().Order(event.ByID()).All(o.system())
	o.must(err)
	var types []string
	for _, e := range all[max(0, len(all)-n):] {
		types = append(types, e.Type)
	}
	return types
}
