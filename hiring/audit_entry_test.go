package hiring_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// actions are those of the audit trail that somebody sees, in order.
func (d *desk) actions(ctx context.Context) []string {
	d.t.Helper()
	entries, err := d.DB.AuditEntry.Query().Order(auditentry.ByID()).All(ctx)
	d.must(err)
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	return actions
}

// What was not done is not in the audit trail, what was done says by whom and from
// where.
func TestAuditEntriesComeWithWhatTheyTellOf(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.draft(1)
		before := d.actions(d.system())
		_, err := d.OpenOpening(d.as("recruiter"), hiring.OpenOpeningInput{OpeningID: o.ID, ExpectedVersion: 7})
		if !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		if got := d.actions(d.system()); !slices.Equal(got, before) {
			t.Errorf("a refused mutation left %v", got)
		}
		v := *access.ViewerOf(d.as("recruiter"))
		v.Key = d.id(gid.Member) // stands for one of a key
		ctx := access.WithOrigin(access.WithViewer(context.Background(), &v), access.Origin{Address: "192.0.2.7", RequestID: "r-1"})
		_, err = d.OpenOpening(ctx, hiring.OpenOpeningInput{OpeningID: o.ID, ExpectedVersion: o.Version})
		d.must(err)
		e, err := d.DB.AuditEntry.Query().Where(auditentry.Action("openOpening")).Only(d.system())
		d.must(err)
		if *e.ActorID != v.Member || *e.APIKeyID != v.Key || e.Address != "192.0.2.7" || e.RequestID != "r-1" ||
			*e.SubjectID != o.ID || *e.OpeningID != o.ID || e.ApplicationID != nil {
			t.Errorf("the entry is %+v", e)
		}
		var told []string
		for _, c := range e.Changes {
			if c.Withheld || c.After == nil {
				t.Errorf("%s is withheld", c.Field)
				continue
			}
			told = append(told, c.Field)
		}
		if want := []string{"openedAt", "rubricVersionId", "status"}; !slices.Equal(told, want) {
			t.Errorf("it tells of %v, want %v", told, want)
		}
	})
}

// Administrators read the trail, but nothing of confidential openings of other
// teams, nor of an application for which they owe a scorecard; nobody else does.
func TestWhoSeesTheAuditTrail(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		_, err := o.CreateOpening(o.as("recruiter"), hiring.CreateOpeningInput{
			Title: "Secret", TargetLevelID: to(o.levels["em"]), IsConfidential: to(true),
			HiringTeam: []*hiring.HiringTeamMemberInput{{MemberID: o.members["recruiter"], Role: hiringteammember.RoleRECRUITER}},
		})
		o.must(err)
		sees := func(who string, want ...string) {
			t.Helper()
			if got := o.actions(o.as(who)); !slices.Equal(got, want) {
				t.Errorf("the %s sees %v, want %v", who, got, want)
			}
		}
		sees("admin")
		a := o.applicant(o.opening.ID)
		sees("admin", "createCandidate", "createApplication")
		for _, who := range []string{"recruiter", "manager", "interviewer", "analyst"} {
			sees(who)
		}
		_, interview := o.loop(a.ID, loop.StatusACTIVE, interview.StatusCOMPLETED, to(dayOf(95)))
		o.card(interview, "admin", scorecard.StatusDRAFT, 101, false)
		sees("admin", "createCandidate")
		o.must(o.DB.Scorecard.Update().SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(o.now).Exec(o.system()))
		sees("admin", "createCandidate", "createApplication")
	})
}

// What somebody reads again and again is recorded once an hour: by whom, by which
// key and from where.
func TestReadingAgainIsRecordedOnceAnHour(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		admin := *access.ViewerOf(d.as("admin"))
		byKey := admin
		byKey.Key = d.id(gid.ApiKey)
		readings := 0
		for _, step := range []struct {
			rule   string
			viewer access.Viewer
			from   string
			later  time.Duration
			want   bool
		}{
			{"the first", admin, "192.0.2.7", 0, true},
			{"soon after", admin, "192.0.2.7", 59 * time.Minute, false},
			{"by a key", byKey, "192.0.2.7", 0, true},
			{"from elsewhere", admin, "192.0.2.8", 0, true},
			{"an hour after the first", admin, "192.0.2.7", time.Minute, true},
			{"an hour counts from what was recorded", admin, "192.0.2.7", 59 * time.Minute, false},
			{"and ends", admin, "192.0.2.7", time.Minute, true},
		} {
			d.now = d.now.Add(step.later)
			ctx := hiring.Watched(access.WithOrigin(access.WithViewer(context.Background(), &step.viewer), access.Origin{Address: step.from}))
			_, err := d.DB.AuditEntry.Query().Count(ctx)
			d.must(err)
			d.must(d.Settle(ctx, nil))
			now, err := d.DB.AuditEntry.Query().Where(auditentry.Action("readAuditTrail")).Count(d.system())
			d.must(err)
			if (now > readings) != step.want {
				t.Errorf("%s: %d readings are recorded after %d, want one more: %t", step.rule, now, readings, step.want)
			}
			readings = now
		}
	})
}

// Whoever changes, takes away or cuts off what the trail tells is found out, with
// the ends that were kept also when the chain is made anew.
func TestTamperingWithTheAuditTrailShows(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.applicant(d.open(1).ID)
		d.applicant(d.open(1).ID)
		whole, err := d.VerifyAudit(d.system())
		d.must(err)
		if n := d.DB.AuditEntry.Query().CountX(d.system()); whole.Length != int64(n) || n < 8 {
			t.Fatalf("the chain has %d of %d entries", whole.Length, n)
		}
		d.newCandidate()
		later, err := d.VerifyAudit(d.system(), whole)
		d.must(err)
		sql := func(statements ...string) {
			t.Helper()
			for _, s := range statements {
				if _, err := d.Store.SQL().Exec(s); err != nil {
					t.Fatal(err)
				}
			}
		}
		unguard := []string{"DROP TRIGGER audit_entries_refuse_update", "DROP TRIGGER audit_entries_refuse_delete", "DROP TRIGGER audit_links_refuse_delete"}
		if d.Store.Dialect() == "postgres" {
			unguard = []string{
				"ALTER TABLE audit_entries DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY",
				"ALTER TABLE audit_links DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY",
			}
		}
		sql(unguard...)
		fails := func(want string, known ...hiring.AuditHead) {
			t.Helper()
			if _, err := d.VerifyAudit(d.system(), known...); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the check says %v, want %q", err, want)
			}
		}
		last := "(SELECT entry_id FROM audit_links ORDER BY id DESC LIMIT 1)"
		sql("UPDATE audit_entries SET action = 'nothing' WHERE id = " + last)
		fails(fmt.Sprintf("entry %d ", later.Length))
		sql("UPDATE audit_entries SET action = 'createCandidate' WHERE id = " + last)
		_, err = d.VerifyAudit(d.system(), later)
		d.must(err)
		sql("DELETE FROM audit_entries WHERE id = " + last)
		fails("is missing")
		sql("DELETE FROM audit_links WHERE entry_id = " + last)
		_, err = d.VerifyAudit(d.system(), whole)
		d.must(err)
		fails(fmt.Sprintf("and had %d", later.Length), later)
		fails("is another one", hiring.AuditHead{Length: 1, Hash: later.Hash})
	})
}

// However many write at a time, the chain has no gap and no fork.
func TestAuditTrailUnderManyWriters(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, err := range atOnce(times(16, func(i int) error {
			_, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: fmt.Sprintf("Ada %d", i)})
			return err
		})...) {
			d.must(err)
		}
		if head, err := d.VerifyAudit(d.system()); err != nil || head.Length != 16 {
			t.Errorf("the chain has %d entries: %v", head.Length, err)
		}
	})
}
