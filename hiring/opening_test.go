package hiring_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/pipelinetemplate"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/stage"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// describe tells the parts of an opening that are rows of their own.
func (d *desk) describe(o *db.Opening) map[string]string {
	d.t.Helper()
	ctx := d.system()
	parts := map[string]string{"seats": d.seatLine(o.ID)}
	stages, err := d.DB.Stage.Query().Where(stage.OpeningID(o.ID)).Order(stage.ByPosition()).All(ctx)
	d.must(err)
	for _, s := range stages {
		days := "-"
		if s.SLADays != nil {
			days = fmt.Sprint(*s.SLADays)
		}
		parts["stages"] += fmt.Sprintf("%d %s %s %s; ", s.Position, s.Name, s.Kind, days)
	}
	team, err := d.DB.HiringTeamMember.Query().Where(hiringteammember.OpeningID(o.ID)).WithMember().All(ctx)
	d.must(err)
	var places []string
	for _, m := range team {
		places = append(places, fmt.Sprintf("%s %s", m.Edges.Member.Name, m.Role))
	}
	slices.Sort(places)
	parts["team"] = strings.Join(places, "; ")
	levels, err := d.DB.Opening.QueryAllowedLevels(o).Order(db.Asc("rank")).All(ctx)
	d.must(err)
	for _, l := range levels {
		parts["levels"] += l.Key + " "
	}
	locations, err := d.DB.Opening.QueryLocations(o).Order(db.Asc("name")).All(ctx)
	d.must(err)
	for _, l := range locations {
		parts["locations"] += l.Name + " "
	}
	return parts
}

// full is an opening that says all that one can say.
func (d *desk) full() hiring.CreateOpeningInput {
	return hiring.CreateOpeningInput{
		Title: "  Senior   Engineering Manager, Café\u0301 🚀 ", Requisition: to("R-17"), Description: to(" Lead.\n\nGrow. "),
		DepartmentID: &d.department, LocationIDs: []gid.ID{d.lisbon, d.berlin, d.lisbon},
		TargetLevelID: to(d.levels["senior_em"]), AllowedLevelIDs: []gid.ID{d.levels["em"], d.levels["senior_em"]},
		Archetype: to(opening.ArchetypePRODUCT), WorkplaceType: to(opening.WorkplaceTypeHYBRID),
		EmploymentType: to(opening.EmploymentTypeFULL_TIME),
		PayRange:       &hiring.PayRangeInput{Minimum: 9_000_000, Maximum: 12_000_000, Currency: "EUR"},
		IsConfidential: to(true), IsCritical: to(true), SeatCount: to(3),
		HiringTeam: []*hiring.HiringTeamMemberInput{
			{MemberID: d.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER},
			{MemberID: d.members["manager"], Role: hiringteammember.RoleINTERVIEWER},
		},
	}
}

func TestCreateOpeningKeepsAllThatIsSaid(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateOpening(d.as("recruiter"), d.full())
		d.must(err)
		o := d.opening(id)
		got := []any{o.Title, *o.Requisition, o.Description, *o.DepartmentID, *o.TargetLevelID, *o.Archetype, *o.WorkplaceType,
			*o.EmploymentType, *o.PayMinimum, *o.PayMaximum, *o.PayCurrency, o.IsConfidential, o.IsCritical,
			o.Status, o.Version, o.RubricVersionID, o.OpenedAt, o.CreatedAt, o.UpdatedAt}
		want := []any{"Senior Engineering Manager, Café\u0301 🚀", "R-17", "Lead.\n\nGrow.", d.department, d.levels["senior_em"],
			opening.ArchetypePRODUCT, opening.WorkplaceTypeHYBRID, opening.EmploymentTypeFULL_TIME,
			int64(9_000_000), int64(12_000_000), "EUR", true, true,
			opening.StatusDRAFT, 1, (*gid.ID)(nil), (*time.Time)(nil), d.now, d.now}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]string{
			"seats": "1:OPEN 2:OPEN 3:OPEN",
			"stages": "0 Applied APPLIED 5; 1 Recruiter screen SCREEN 7; 2 Hiring manager screen SCREEN 7; " +
				"3 Onsite INTERVIEW 14; 4 Offer OFFER 7; 5 Hired HIRED -; ",
			"team":   "manager HIRING_MANAGER; manager INTERVIEWER; recruiter RECRUITER", // confidential: its maker too
			"levels": "em senior_em ", "locations": "Berlin Lisbon ",
		}, d.describe(o)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "createOpening by recruiter of opening, opening.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestCreateOpeningNeedsOnlyATitle(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateOpening(d.as("admin"), hiring.CreateOpeningInput{Title: "מנהלת פיתוח"})
		d.must(err)
		parts := d.describe(d.opening(id))
		delete(parts, "stages")
		if diff := cmp.Diff(map[string]string{"seats": "1:OPEN", "team": ""}, parts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCreateOpeningCopiesTheNamedTemplate(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		own := d.id(gid.PipelineTemplate)
		d.must(d.DB.PipelineTemplate.Create().SetID(own).SetName("Short").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
		d.must(d.DB.PipelineTemplateStage.Create().SetID(d.id(gid.PipelineTemplateStage)).SetTemplateID(own).
			SetPosition(4).SetName("Chat").SetKind("SCREEN").Exec(d.system()))
		id, err := d.CreateOpening(d.as("recruiter"), hiring.CreateOpeningInput{Title: "Cook", PipelineTemplateID: &own})
		d.must(err)
		if got := d.describe(d.opening(id))["stages"]; got != "0 Chat SCREEN -; " {
			t.Errorf("stages are %q", got)
		}
	})
}

func TestCreateOpeningRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		empty := d.id(gid.PipelineTemplate)
		d.must(d.DB.PipelineTemplate.Create().SetID(empty).SetName("Empty").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
		by := func(who string, change func(*hiring.CreateOpeningInput)) func() error {
			in := d.full()
			change(&in)
			return func() error {
				_, err := d.CreateOpening(d.as(who), in)
				return err
			}
		}
		create := func(change func(*hiring.CreateOpeningInput)) func() error { return by("recruiter", change) }
		type in = *hiring.CreateOpeningInput
		d.refuses(t,
			refusal{"a hiring manager", "FORBIDDEN at ", by("manager", func(in) {})},
			refusal{"an analyst", "FORBIDDEN at ", by("analyst", func(in) {})},
			refusal{"nobody", "FORBIDDEN at ", by("", func(in) {})},
			refusal{"no title", "REQUIRED at title", create(func(i in) { i.Title = " \t" })},
			refusal{"a title of 201 characters", "INVALID at title", create(func(i in) { i.Title = strings.Repeat("ü", 201) })},
			refusal{"a title with NUL", "INVALID at title", create(func(i in) { i.Title = "a\x00b" })},
			refusal{"a title of broken UTF-8", "INVALID at title", create(func(i in) { i.Title = "a\xff" })},
			refusal{"a title that was damaged", "INVALID at title", create(func(i in) { i.Title = "M\uFFFDller" })},
			refusal{"a title with a bell", "INVALID at title", create(func(i in) { i.Title = "ding\a" })},
			refusal{"a title that shows nothing", "REQUIRED at title", create(func(i in) { i.Title = "\u200b\u202e" })},
			refusal{"a title that shows other words", "INVALID at title", create(func(i in) { i.Title = "Cook \u202erotceriD" })},
			refusal{"a requisition of a novel", "INVALID at requisition", create(func(i in) { i.Requisition = to(strings.Repeat("x", 10_000)) })},
			refusal{"a description of 20,001 characters", "INVALID at description", create(func(i in) { i.Description = to(strings.Repeat("x", 20_001)) })},
			refusal{"an unknown department", "NOT_FOUND at departmentId", create(func(i in) { i.DepartmentID = to(d.id(gid.Department)) })},
			refusal{"a department that is a location", "NOT_FOUND at departmentId", create(func(i in) { i.DepartmentID = &d.berlin })},
			refusal{"an unknown location", "NOT_FOUND at locationIds.1", create(func(i in) { i.LocationIDs = []gid.ID{d.berlin, d.id(gid.Location)} })},
			refusal{"101 locations", "INVALID at locationIds", create(func(i in) { i.LocationIDs = slices.Repeat([]gid.ID{d.berlin}, 101) })},
			refusal{"an unknown level", "NOT_FOUND at targetLevelId", create(func(i in) { i.TargetLevelID, i.AllowedLevelIDs = to(d.id(gid.Level)), nil })},
			refusal{"a level that is not hired at", "INVALID at targetLevelId", create(func(i in) { i.TargetLevelID = to(d.levels["director"]) })},
			refusal{"a further level that is not hired at", "INVALID at allowedLevelIds.0", create(func(i in) { i.AllowedLevelIDs = []gid.ID{d.levels["vp"]} })},
			refusal{"a further level of another ladder", "INVALID at allowedLevelIds.1", create(func(i in) { i.AllowedLevelIDs = []gid.ID{d.levels["em"], d.levels["designer"]} })},
			refusal{"further levels of no target", "INVALID at allowedLevelIds", create(func(i in) { i.TargetLevelID = nil })},
			refusal{"an archetype that there is not", "INVALID at archetype", create(func(i in) { i.Archetype = to(opening.Archetype("HERO")) })},
			refusal{"pay below nothing", "INVALID at payRange.minimum", create(func(i in) { i.PayRange.Minimum = -1 })},
			refusal{"pay that shrinks", "INVALID at payRange.maximum", create(func(i in) { i.PayRange.Maximum = 1 })},
			refusal{"pay in shells", "INVALID at payRange.currency", create(func(i in) { i.PayRange.Currency = "SHELLS" })},
			refusal{"pay in a code that nobody issued", "INVALID at payRange.currency", create(func(i in) { i.PayRange.Currency = "EUX" })},
			refusal{"no seat", "INVALID at seatCount", create(func(i in) { i.SeatCount = to(0) })},
			refusal{"101 seats", "INVALID at seatCount", create(func(i in) { i.SeatCount = to(101) })},
			refusal{"an unknown template", "NOT_FOUND at pipelineTemplateId", create(func(i in) { i.PipelineTemplateID = to(d.id(gid.PipelineTemplate)) })},
			refusal{"a template without stages", "INVALID at pipelineTemplateId", create(func(i in) { i.PipelineTemplateID = &empty })},
			refusal{"an unknown member", "NOT_FOUND at hiringTeam.1.memberId", create(func(i in) { i.HiringTeam[1].MemberID = d.id(gid.Member) })},
			refusal{"a member who has left", "INVALID at hiringTeam.0.memberId", create(func(i in) { i.HiringTeam[0].MemberID = d.members["left"] })},
			refusal{"a role that there is not", "INVALID at hiringTeam.1.role", create(func(i in) { i.HiringTeam[1].Role = "BOSS" })},
			refusal{"a place named twice", "INVALID at hiringTeam.1", create(func(i in) { i.HiringTeam[1].Role = hiringteammember.RoleHIRING_MANAGER })},
			refusal{"all that is wrong is told at once",
				"REQUIRED at title, INVALID at payRange.maximum, INVALID at seatCount, NOT_FOUND at departmentId, NOT_FOUND at hiringTeam.0.memberId",
				create(func(i in) {
					i.Title, i.PayRange.Maximum, i.SeatCount = "", 1, to(-5)
					i.DepartmentID, i.HiringTeam[0].MemberID = to(d.id(gid.Department)), d.id(gid.Member)
				})},
		)
		d.must(d.DB.PipelineTemplate.Update().Where(pipelinetemplate.IsDefault(true)).SetIsDefault(false).Exec(d.system()))
		d.refuses(t, refusal{"no default template", "REQUIRED at pipelineTemplateId", create(func(in) {})})
	})
}

func TestUpdateOpening(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateOpening(d.as("recruiter"), d.full())
		d.must(err)
		before, parts := d.opening(id), d.describe(d.opening(id))
		d.now = dayOf(101)

		_, err = d.UpdateOpening(d.as("recruiter"), hiring.OpeningUpdate{OpeningID: id, ExpectedVersion: 1, Title: hiring.To(to("EM"))})
		d.must(err)
		after := d.opening(id)
		if after.Title != "EM" || after.Version != 2 || !after.UpdatedAt.Equal(d.now) {
			t.Errorf("title %q, version %d, updated %v", after.Title, after.Version, after.UpdatedAt)
		}
		after.Title, after.Version, after.UpdatedAt = before.Title, before.Version, before.UpdatedAt
		if before.String() != after.String() {
			t.Errorf("what the update does not name changed:\n%v\n%v", before, after)
		}
		if diff := cmp.Diff(parts, d.describe(after)); diff != "" {
			t.Errorf("what the update does not name changed: %s", diff)
		}

		_, err = d.UpdateOpening(d.as("recruiter"), hiring.OpeningUpdate{
			OpeningID: id, ExpectedVersion: 2,
			Requisition: hiring.To[*string](nil), Description: hiring.To[*string](nil), DepartmentID: hiring.To[*gid.ID](nil),
			LocationIDs: hiring.To[[]gid.ID](nil), TargetLevelID: hiring.To[*gid.ID](nil),
			Archetype: hiring.To[*opening.Archetype](nil), WorkplaceType: hiring.To[*opening.WorkplaceType](nil),
			EmploymentType: hiring.To[*opening.EmploymentType](nil), PayRange: hiring.To[*hiring.PayRangeInput](nil),
			IsConfidential: hiring.To(to(false)), HiringTeam: hiring.To[[]*hiring.HiringTeamMemberInput](nil),
		})
		d.must(err)
		o := d.opening(id)
		for field, gone := range map[string]bool{
			"requisition": o.Requisition == nil, "description": o.Description == "", "departmentId": o.DepartmentID == nil,
			"targetLevelId": o.TargetLevelID == nil, "archetype": o.Archetype == nil, "workplaceType": o.WorkplaceType == nil,
			"employmentType": o.EmploymentType == nil, "payRange": o.PayMinimum == nil && o.PayMaximum == nil && o.PayCurrency == nil,
		} {
			if !gone {
				t.Errorf("null did not clear %s", field)
			}
		}
		cleared := d.describe(o)
		if cleared["team"]+cleared["levels"]+cleared["locations"] != "" {
			t.Errorf("null did not clear %v", cleared)
		}
		if got, want := d.traces(), "updateOpening by recruiter of opening, opening.updated"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestUpdateOpeningTeamKeepsPlaces(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1)
		place := func() gid.ID {
			id, err := d.DB.HiringTeamMember.Query().Where(hiringteammember.OpeningID(o.ID),
				hiringteammember.MemberID(d.members["manager"])).OnlyID(d.system())
			d.must(err)
			return id
		}
		before := place()
		d.must(d.DB.Member.UpdateOneID(d.members["manager"]).SetDeactivatedAt(d.now).Exec(d.system()))
		_, err := d.UpdateOpening(d.as("recruiter"), hiring.OpeningUpdate{OpeningID: o.ID, ExpectedVersion: 1,
			HiringTeam: hiring.To([]*hiring.HiringTeamMemberInput{
				{MemberID: d.members["colleague"], Role: hiringteammember.RoleSOURCER},
				{MemberID: d.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER}, // left since, and stays until replaced
			})})
		d.must(err)
		if got := d.describe(o)["team"]; got != "colleague SOURCER; manager HIRING_MANAGER" {
			t.Errorf("team is %q", got)
		}
		if place() != before {
			t.Error("a place that stays has a new id")
		}
	})
}

func TestWhoMakesAnOpeningConfidentialStillSeesIt(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1)
		confide := hiring.OpeningUpdate{OpeningID: o.ID, ExpectedVersion: 1, IsConfidential: hiring.To(to(true))}
		d.refuses(t, refusal{"who would join the team by it, and read salaries", "FORBIDDEN at ", func() error {
			_, err := d.UpdateOpening(d.as("colleague"), confide)
			return err
		}})
		_, err := d.UpdateOpening(d.as("admin"), confide)
		d.must(err)
		if got := d.describe(o)["team"]; got != "admin RECRUITER; manager HIRING_MANAGER" {
			t.Errorf("team is %q", got)
		}
		confide.ExpectedVersion = 2
		d.refuses(t,
			refusal{"others do not see it any more", "NOT_FOUND at openingId", func() error {
				_, err := d.UpdateOpening(d.as("recruiter"), confide)
				return err
			}},
		)
	})
}

// A confidential opening is seen by its team only: were nobody in it who may
// manage openings, nobody could ever bring it back.
func TestAConfidentialOpeningIsNotLockedAway(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.must(d.DB.Member.UpdateOneID(d.members["left"]).SetRoles([]string{"RECRUITER"}).Exec(d.system()))
		in := d.full()
		in.HiringTeam = append(in.HiringTeam, &hiring.HiringTeamMemberInput{MemberID: d.members["recruiter"], Role: hiringteammember.RoleRECRUITER})
		id, err := d.CreateOpening(d.as("recruiter"), in)
		d.must(err)
		d.must(d.DB.HiringTeamMember.Create().SetID(d.id(gid.HiringTeamMember)).SetOpeningID(id).
			SetMemberID(d.members["left"]).SetRole(hiringteammember.RoleRECRUITER).Exec(d.system()))
		open := d.draft(1)
		// Whoever had the role when the request began, and has it no more.
		demoted := access.WithViewer(context.Background(), &access.Viewer{Member: d.members["analyst"], Roles: []access.Role{access.Admin}})

		teamOf := func(id gid.ID, names ...string) hiring.OpeningUpdate {
			places := []*hiring.HiringTeamMemberInput{}
			for _, name := range names {
				places = append(places, &hiring.HiringTeamMemberInput{MemberID: d.members[name], Role: hiringteammember.RoleRECRUITER})
			}
			return hiring.OpeningUpdate{OpeningID: id, ExpectedVersion: d.opening(id).Version, HiringTeam: hiring.To(places)}
		}
		update := func(ctx context.Context, in hiring.OpeningUpdate) func() error {
			return func() error {
				_, err := d.UpdateOpening(ctx, in)
				return err
			}
		}
		confide := hiring.OpeningUpdate{OpeningID: open.ID, ExpectedVersion: 1, IsConfidential: hiring.To(to(true))}
		d.refuses(t,
			refusal{"a team of nobody", "INVALID at hiringTeam", update(d.as("recruiter"), teamOf(id))},
			refusal{"an analyst as its recruiter", "INVALID at hiringTeam", update(d.as("recruiter"), teamOf(id, "analyst"))},
			refusal{"a recruiter who has left", "INVALID at hiringTeam", update(d.as("recruiter"), teamOf(id, "left", "manager"))},
			refusal{"a wrong place is told by itself", "NOT_FOUND at hiringTeam.0.memberId", update(d.as("recruiter"), teamOf(id, "nobody"))},
			refusal{"made confidential by one who is no administrator any more", "INVALID at hiringTeam", update(demoted, confide)},
			refusal{"created by one who is no administrator any more", "INVALID at hiringTeam", func() error {
				_, err := d.CreateOpening(demoted, d.full())
				return err
			}},
		)
		err = update(d.as("recruiter"), teamOf(id, "analyst"))()
		if told := fault.All(err); len(told) != 1 || told[0].Hint == "" {
			t.Errorf("%v does not say what to do", err)
		}
		d.must(update(d.as("recruiter"), teamOf(id, "colleague"))()) // a hand-over
		d.must(update(d.as("colleague"), teamOf(id, "admin", "analyst"))())
		d.must(update(d.as("admin"), teamOf(open.ID, "analyst"))()) // others see it anyway
	})
}

// submit has a scorecard handed in for an application to the opening.
func (d *desk) submit(o *db.Opening) {
	d.t.Helper()
	l := d.storedLoop(d.applicant(o.ID).ID, func(c *db.LoopCreate) { c.SetRubricVersionID(*o.RubricVersionID).SetTargetLevelID(*o.TargetLevelID) })
	d.storedCard(d.storedInterview(l.ID), "interviewer", func(c *db.ScorecardCreate) { c.SetStatus(scorecard.StatusSUBMITTED) })
}

func TestTheLevelOfAnOpening(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(1)
		change := func(in hiring.OpeningUpdate) error {
			in.OpeningID, in.ExpectedVersion = o.ID, d.opening(o.ID).Version
			_, err := d.UpdateOpening(d.as("recruiter"), in)
			return err
		}
		for _, c := range []struct {
			rule   string
			in     hiring.OpeningUpdate
			levels string
			pinned bool // the rubric of engineering managers
		}{
			{"allowed levels always have the target", hiring.OpeningUpdate{AllowedLevelIDs: hiring.To([]gid.ID{d.levels["senior_em"]})}, "em senior_em ", true},
			{"a new target keeps the allowed levels of its ladder", hiring.OpeningUpdate{TargetLevelID: hiring.To(to(d.levels["senior_em"]))}, "em senior_em ", true},
			{"levels of another ladder fall away, and its rubric is pinned", hiring.OpeningUpdate{TargetLevelID: hiring.To(to(d.levels["designer"]))}, "designer ", false},
			{"and back", hiring.OpeningUpdate{TargetLevelID: hiring.To(to(d.levels["em"])), AllowedLevelIDs: hiring.To([]gid.ID{})}, "em ", true},
			{"without a target there is no level and no rubric", hiring.OpeningUpdate{TargetLevelID: hiring.To[*gid.ID](nil)}, "", false},
			{"and back again", hiring.OpeningUpdate{TargetLevelID: hiring.To(to(d.levels["em"]))}, "em ", true},
		} {
			d.must(change(c.in))
			got := d.opening(o.ID)
			if levels := d.describe(got)["levels"]; levels != c.levels || (got.RubricVersionID != nil) != c.pinned {
				t.Errorf("%s: levels %q, rubric %v; want %q, %v", c.rule, levels, got.RubricVersionID, c.levels, c.pinned)
			}
		}
		d.submit(d.opening(o.ID))
		d.refuses(t, refusal{"once a scorecard was handed in the target stays", "INVALID at targetLevelId", func() error {
			return change(hiring.OpeningUpdate{TargetLevelID: hiring.To(to(d.levels["senior_em"]))})
		}})
		d.must(change(hiring.OpeningUpdate{
			TargetLevelID:   hiring.To(to(d.levels["em"])), // as it is
			AllowedLevelIDs: hiring.To([]gid.ID{d.levels["senior_em"]}),
		}))
	})
}

func TestUpdateOpeningRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1)
		update := func(who string, change func(*hiring.OpeningUpdate)) func() error {
			return func() error {
				in := hiring.OpeningUpdate{OpeningID: o.ID, ExpectedVersion: 1, Title: hiring.To(to("New"))}
				change(&in)
				_, err := d.UpdateOpening(d.as(who), in)
				return err
			}
		}
		type in = *hiring.OpeningUpdate
		d.refuses(t,
			refusal{"its hiring manager", "FORBIDDEN at ", update("manager", func(in) {})},
			refusal{"an analyst, who sees it", "FORBIDDEN at ", update("analyst", func(in) {})},
			refusal{"an interviewer, who does not", "NOT_FOUND at openingId", update("interviewer", func(in) {})},
			refusal{"an unknown opening", "NOT_FOUND at openingId", update("recruiter", func(i in) { i.OpeningID = d.id(gid.Opening) })},
			refusal{"an opening that is a seat", "NOT_FOUND at openingId", update("recruiter", func(i in) { i.OpeningID = d.seats(o.ID)[0].ID })},
			refusal{"a version that is past", "CONFLICT at expectedVersion", update("recruiter", func(i in) { i.ExpectedVersion = 0; i.Title = hiring.To[*string](nil) })},
			refusal{"null where there must be something", "REQUIRED at title, REQUIRED at isConfidential, REQUIRED at isCritical",
				update("recruiter", func(i in) {
					i.Title, i.IsConfidential, i.IsCritical = hiring.To[*string](nil), hiring.To[*bool](nil), hiring.To[*bool](nil)
				})},
			refusal{"all that is wrong is told at once", "REQUIRED at title, NOT_FOUND at departmentId, NOT_FOUND at locationIds.0, INVALID at targetLevelId, INVALID at hiringTeam.0.memberId",
				update("recruiter", func(i in) {
					i.Title, i.DepartmentID = hiring.To(to("")), hiring.To(to(d.berlin))
					i.LocationIDs, i.TargetLevelID = hiring.To([]gid.ID{d.department}), hiring.To(to(d.levels["svp"]))
					i.AllowedLevelIDs = hiring.To([]gid.ID{})
					i.HiringTeam = hiring.To([]*hiring.HiringTeamMemberInput{{MemberID: d.members["left"], Role: hiringteammember.RoleSOURCER}})
				})},
		)
	})
}

// Whoever reads salaries says who does so beside them; nobody takes that for
// themselves. Every other place is given by whoever manages the opening.
func TestWhoGivesPlacesInAHiringTeam(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1) // the manager's
		place := func(who string, role hiringteammember.Role) *hiring.HiringTeamMemberInput {
			return &hiring.HiringTeamMemberInput{MemberID: d.members[who], Role: role}
		}
		manager := place("manager", hiringteammember.RoleHIRING_MANAGER)
		team := func(as string, places ...*hiring.HiringTeamMemberInput) func() error {
			return func() error {
				_, err := d.UpdateOpening(d.as(as), hiring.OpeningUpdate{OpeningID: o.ID, ExpectedVersion: d.opening(o.ID).Version, HiringTeam: hiring.To(places)})
				return err
			}
		}
		d.refuses(t,
			refusal{"themselves, to lead it", "FORBIDDEN at ", team("recruiter", manager, place("recruiter", hiringteammember.RoleRECRUITER))},
			refusal{"themselves, in any place", "FORBIDDEN at ", team("recruiter", manager, place("recruiter", hiringteammember.RoleCOORDINATOR))},
			refusal{"a colleague, to lead it", "FORBIDDEN at ", team("recruiter", manager, place("colleague", hiringteammember.RoleRECRUITER))},
			refusal{"to take the lead away", "FORBIDDEN at ", team("recruiter")},
		)
		d.must(team("recruiter", manager, place("interviewer", hiringteammember.RoleINTERVIEWER))())
		d.must(team("admin", manager, place("recruiter", hiringteammember.RoleRECRUITER))())
		d.must(team("recruiter", manager, place("recruiter", hiringteammember.RoleRECRUITER), place("colleague", hiringteammember.RoleRECRUITER))())
		d.must(team("colleague", manager, place("colleague", hiringteammember.RoleRECRUITER))())
	})
}
