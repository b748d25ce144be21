package hiring_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/demographicanswer"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stage"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// screened is the comparison of how those of the first quarter of 2026 got
// through the screen, by their gender.
var screened = hiring.AdverseImpactFilter{
	Attribute: gender, From: date(2026, time.January, 1), To: date(2026, time.April, 1), Stage: stage.KindSCREEN,
}

// pool has people who applied in the first quarter, and were screened in the
// second: so many of each group got through, and so many not.
type pool struct {
	*office
	members map[string][]*db.Application
}

func (o *office) pool(groups map[string][2]int) *pool {
	p := &pool{office: o, members: map[string][]*db.Application{}}
	for name, n := range groups {
		for range n[0] {
			p.join(name, o.apply(2))
		}
		for range n[1] {
			p.join(name, o.bring(application.StatusREJECTED))
		}
	}
	return p
}

// join puts somebody into a group; "" has said nothing.
func (p *pool) join(name string, a *db.Application) {
	p.members[name] = append(p.members[name], a)
	if name != "" {
		p.must(p.record(a.ID, says(gender, &name)))
	}
}

// impact tells a comparison in lines: the reference, and each group.
func (o *office) impact(who string, filter hiring.AdverseImpactFilter) []string {
	o.t.Helper()
	a, err := o.AdverseImpact(o.as(who), filter)
	o.must(err)
	lines := []string{fmt.Sprintf("%d hidden", a.SuppressedGroups)}
	for _, row := range a.Rows {
		line := fmt.Sprintf("%s %s", row.Group, row.Status)
		if row.Applicants != nil {
			line += fmt.Sprintf(" %d/%d", *row.Selected, *row.Applicants)
		}
		lines = append(lines, line)
	}
	return lines
}

// everythingOf is all that a comparison says.
func (o *office) everythingOf(who string, filter hiring.AdverseImpactFilter) string {
	o.t.Helper()
	a, err := o.AdverseImpact(o.as(who), filter)
	o.must(err)
	text, err := json.Marshal([]any{a, a.Basis()})
	o.must(err)
	return string(text)
}

func want(t *testing.T, rule string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", rule, diff)
	}
}

func TestAdverseImpact(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.pool(map[string][2]int{"Man": {8, 4}, "man": {1, 0}, "Woman": {3, 7}, "Agender": {2, 3}, "Enby": {1, 0}, "enby ": {1, 1}, "": {3, 4}})
		o.apply(1) // is not settled
		o.must(o.record(o.bring(application.StatusREJECTED).ID, says(gender, nil)))
		o.now = dayOf(200)
		all := []string{"1 hidden", "Agender BELOW_FOUR_FIFTHS_NOT_SIGNIFICANT 2/5", "Man REFERENCE 9/13", "Other SUPPRESSED", "Woman BELOW_FOUR_FIFTHS_NOT_SIGNIFICANT 3/10"}
		want(t, "settled at the screen, by what they said", o.impact("analyst", screened), all...)
		want(t, "an administrator", o.impact("admin", screened), all...)

		later := screened
		later.From, later.To = screened.To, date(2026, time.July, 1)
		want(t, "nobody began then, and the list of groups does not tell", o.impact("analyst", later),
			"4 hidden", "Agender SUPPRESSED", "Man SUPPRESSED", "Other SUPPRESSED", "Woman SUPPRESSED")

		longer := screened
		longer.From, longer.To = date(2025, time.October, 1), date(2026, time.July, 1)
		want(t, "with quarters in which nobody began", o.impact("analyst", longer), all...)

		a, err := o.AdverseImpact(o.as("analyst"), screened)
		o.must(err)
		if b := a.Basis(); !b.AsOf.Equal(date(2026, time.July, 1)) || !b.KnownAt.Equal(b.AsOf) || b.Openings != 1 || b.Event == 0 {
			t.Errorf("it stands on %+v", b)
		}
	})
}

// A group is called what its people say, whatever that looks like.
func TestAGroupMayLookLikeADay(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.pool(map[string][2]int{"1969-12-31": {3, 3}, "{}": {3, 3}})
		o.now = dayOf(200)
		want(t, "by their names", o.impact("analyst", screened), "0 hidden", "1969-12-31 REFERENCE 3/6", "{} NO_INDICATION 3/6")
	})
}

// Openings that an analyst does not see count for nobody, so that two answers
// never differ by them.
func TestAdverseImpactIsTheSameForAll(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.pool(map[string][2]int{"Man": {4, 4}, "Woman": {3, 5}, "": {2, 2}})
		secret, stages := o.newOpening(opening.StatusOPEN, 9)
		for range 6 {
			o.must(o.record(o.applyFor(secret, stages[2]).ID, says(gender, to("Woman"))))
		}
		o.must(o.DB.Opening.UpdateOne(secret).SetIsConfidential(true).Exec(o.system()))
		o.must(o.DB.HiringTeamMember.Create().SetID(o.id(gid.HiringTeamMember)).SetOpeningID(secret.ID).
			SetMemberID(o.members["admin"]).SetRole(hiringteammember.RoleHIRING_MANAGER).Exec(o.system()))
		o.now = dayOf(200)
		open := []string{"0 hidden", "Man REFERENCE 4/8", "Woman TOO_FEW_TO_TELL 3/8"}
		for _, who := range []string{"analyst", "admin"} {
			want(t, who, o.impact(who, screened), open...)
		}
		o.must(o.DB.Opening.UpdateOne(secret).SetIsConfidential(false).Exec(o.system()))
		want(t, "when it is no secret any more", o.impact("analyst", screened), "0 hidden", "Man TOO_FEW_TO_TELL 4/8", "Woman REFERENCE 9/14")
	})
}

// Nothing that happens, and nothing that anybody answers, in the quarter that goes
// on changes what is told in it: who looks before and after learns nothing.
func TestAdverseImpactStandsForAQuarter(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		p := o.pool(map[string][2]int{"Man": {5, 5}, "Woman": {4, 4}, "": {3, 4}})
		settles := o.apply(1)
		o.must(o.record(settles.ID, says(gender, to("Woman"))))
		o.now = dayOf(182)
		before := o.impact("analyst", screened)
		o.now = dayOf(230)
		o.must(o.record(p.members[""][0].ID, says(gender, to("Woman"))))
		_, err := o.AdvanceApplication(o.as("recruiter"), hiring.AdvanceApplicationInput{ApplicationID: settles.ID, ExpectedVersion: 1})
		o.must(err)
		o.now = dayOf(271)
		want(t, "to the end of the quarter", o.impact("analyst", screened), before...)
		o.now = dayOf(275)
		want(t, "in the next quarter", o.impact("analyst", screened), "0 hidden", "Man NO_INDICATION 5/10", "Woman REFERENCE 6/10")
	})
}

// Probing: whichever few of those who told nothing say they are of a small group,
// all that is told is the same. With as many as are shown, it is not.
func TestASmallGroupCannotBeProbed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		p := o.pool(map[string][2]int{"Man": {8, 4}, "Woman": {6, 5}, "": {5, 6}})
		for range 5 { // by others of this name, it is one that is told
			o.must(o.record(o.applicant(o.opening.ID, func(in *hiring.CreateApplicationInput) { in.AppliedAt = to(dayOf(95)) }).ID, says(gender, to("Agender"))))
		}
		undisclosed := p.members[""]
		say := func(first, n int) {
			_, err := o.DB.DemographicAnswer.Delete().Where(demographicanswer.ApplicationIDIn(idsOf(undisclosed)...)).Exec(o.system())
			o.must(err)
			for _, a := range undisclosed[first : first+n] {
				o.must(o.DB.DemographicAnswer.Create().SetID(o.id(gid.DemographicAnswer)).SetApplicationID(a.ID).SetAttribute(gender).
					SetAnswer("Agender").SetRecordedAt(dayOf(100)).Exec(o.system()))
			}
		}
		o.now = dayOf(200)
		told := o.everythingOf("analyst", screened)
		want(t, "nobody", o.impact("analyst", screened), "1 hidden", "Agender SUPPRESSED", "Man REFERENCE 8/12", "Woman NO_INDICATION 6/11")
		for n := 1; n < 5; n++ {
			for first := range 3 {
				say(3*first, n)
				if got := o.everythingOf("analyst", screened); got != told {
					t.Fatalf("%d of a group are told from none:\n%s\n%s", n, got, told)
				}
			}
		}
		say(3, 5)
		want(t, "five", o.impact("analyst", screened), "0 hidden", "Agender TOO_FEW_TO_TELL 2/5", "Man REFERENCE 8/12", "Woman NO_INDICATION 6/11")
	})
}

func idsOf(all []*db.Application) []gid.ID {
	ids := make([]gid.ID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

func TestAdverseImpactRefuses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.now = dayOf(200)
		by := func(who string) func() error {
			return func() error { _, err := o.AdverseImpact(o.as(who), screened); return err }
		}
		with := func(change func(*hiring.AdverseImpactFilter)) func() error {
			return func() error {
				filter := screened
				change(&filter)
				_, err := o.AdverseImpact(o.as("analyst"), filter)
				return err
			}
		}
		o.refuses(t,
			refusal{"a recruiter", "FORBIDDEN at ", by("recruiter")},
			refusal{"a hiring manager", "FORBIDDEN at ", by("manager")},
			refusal{"an interviewer", "FORBIDDEN at ", by("interviewer")},
			refusal{"nobody", "FORBIDDEN at ", by("nobody")},
			refusal{"a month", "INVALID at to", with(func(f *hiring.AdverseImpactFilter) { f.To = date(2026, time.February, 1) })},
			refusal{"days within quarters", "INVALID at from, INVALID at to", with(func(f *hiring.AdverseImpactFilter) {
				f.From, f.To = date(2026, time.January, 2), date(2026, time.March, 31)
			})},
			refusal{"an hour of a quarter's first day", "INVALID at from", with(func(f *hiring.AdverseImpactFilter) { f.From = f.From.Add(time.Hour) })},
			refusal{"no quarter", "INVALID at from", with(func(f *hiring.AdverseImpactFilter) { f.To = f.From })},
			refusal{"quarters the other way round", "INVALID at from", with(func(f *hiring.AdverseImpactFilter) { f.From, f.To = f.To, f.From })},
			refusal{"more than five years", "INVALID at to", with(func(f *hiring.AdverseImpactFilter) { f.From = date(2020, time.October, 1) })},
			refusal{"a quarter that is not over", "INVALID at to", with(func(f *hiring.AdverseImpactFilter) { f.To = date(2026, time.October, 1) })},
			refusal{"the hired", "INVALID at stage", with(func(f *hiring.AdverseImpactFilter) { f.Stage = stage.KindHIRED })},
			refusal{"a stage and an attribute that there are not", "INVALID at attribute, INVALID at stage", with(func(f *hiring.AdverseImpactFilter) {
				f.Attribute, f.Stage = "SHOE_SIZE", "LUNCH"
			})},
		)
		if _, err := o.AdverseImpact(o.as("analyst"), screened); err != nil {
			t.Errorf("what is asked for rightly: %v", err)
		}
		longest := screened
		longest.From, longest.To = date(2021, time.July, 1), date(2026, time.July, 1)
		if _, err := o.AdverseImpact(o.as("analyst"), longest); err != nil {
			t.Errorf("five years, up to the quarter that goes on: %v", err)
		}
	})
}

// A quarter begins and ends where the company is.
func TestQuartersAreTheCompanys(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		auckland, err := time.LoadLocation("Pacific/Auckland")
		o.must(err)
		o.now = time.Date(2026, time.June, 30, 12, 30, 0, 0, time.UTC) // July has begun there
		filter := screened
		filter.To = date(2026, time.July, 1)
		if _, err := o.AdverseImpact(o.as("analyst"), filter); refused(err) != "INVALID at to" {
			t.Errorf("in UTC: %v", err)
		}
		o.Norms.Zone = auckland
		a, err := o.AdverseImpact(o.as("analyst"), filter)
		o.must(err)
		if want := time.Date(2026, time.June, 30, 12, 0, 0, 0, time.UTC); !a.Basis().AsOf.Equal(want) {
			t.Errorf("it stands as of %s, want %s", a.Basis().AsOf, want)
		}
	})
}

// Who looked at which groups is in the audit trail; the feed does not tell.
func TestReadingAdverseImpactIsRecorded(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.now = dayOf(200)
		events := o.DB.Event.Query().CountX(o.system())
		o.impact("analyst", screened)
		entry, err := o.DB.AuditEntry.Query().Order(auditentry.ByRecordedAt(), auditentry.ByID()).Where(auditentry.Action("adverseImpact")).Only(o.system())
		o.must(err)
		got := map[string]any{"by": *entry.ActorID, "of": entry.SubjectID}
		for k, v := range entry.Details {
			got[k] = v
		}
		wanted := map[string]any{
			"by": o.desk.members["analyst"], "of": (*gid.ID)(nil), "attribute": "GENDER", "stage": "SCREEN",
			"from": "2026-01-01", "to": "2026-04-01",
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("the audit entry differs (-want +got):\n%s", diff)
		}
		if n := o.DB.Event.Query().Where(event.IDGT(0)).CountX(o.system()); n != events {
			t.Errorf("reading left %d events", n-events)
		}
	})
}
