package greenhouse_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"hireloop/interchange"
	"hireloop/interchange/greenhouse"
	"hireloop/interchange/interchangetest"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// export is a small export of one job with one application; tests change it.
func export(change map[string]string) map[string]string {
	base := map[string]string{
		"user":      "id,first_name,last_name\n10,Mira,Holm\n",
		"candidate": "id,first_name,last_name,title\n101,Ada,Quill,Engineer\n",
		"job":       "id,name,status,created_at\n1001,Engineering manager,open,2025-01-01 09:00:00\n",
		"job_stage": "id,job_id,name\n51,1001,Application Review\n52,1001,Phone Screen\n54,1001,Offer\n",
		"application": "id,candidate_id,applied_at,current_stage_id,status,last_activity_at\n" +
			"2001,101,2025-01-04 10:00:00,52,active,2025-01-20 10:00:00\n",
		"job_application": "application_id,job_id\n2001,1001\n",
		"scorecard": "id,application_id,interview,interviewed_at,overall_recommendation,submitted_at,submitted_by_user_id\n" +
			"501,2001,Phone,2025-01-10 10:00:00,no,2025-01-10 12:00:00,10\n",
		"scorecard_attribute": "scorecard_id,index,name,rating\n501,0,Coaching,no\n",
	}
	maps.Copy(base, change)
	return base
}

// section is a part of the story of a database, without its title.
func section(t *testing.T, d *store.DB, title string) string {
	t.Helper()
	_, rest, found := strings.Cut(interchangetest.Story(t, d), title)
	if !found {
		t.Fatalf("the story has no section %q", title)
	}
	_, rest, _ = strings.Cut(rest, "\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	return rest
}

func wantSection(t *testing.T, d *store.DB, title string, want ...string) {
	t.Helper()
	if got := section(t, d, title); got != "  "+strings.Join(want, "\n  ") {
		t.Errorf("%s:\n%s\nwant\n  %s", title, got, strings.Join(want, "\n  "))
	}
}

func TestALaterExportAddsWhatItKnowsMore(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.real(files(export(nil)))
		wantSection(t, d, "Histories",
			"Engineering manager | Ada Quill | 1 | ENTER | Application Review | 2025-01-04T10:00:00 | INFERRED | - | -",
			"Engineering manager | Ada Quill | 2 | ENTER | Phone Screen | 2025-01-20T10:00:00 | INFERRED | - | -")

		later := files(export(map[string]string{
			"job": "id,name,status,created_at\n1001,Engineering manager,closed,2025-01-01 09:00:00\n",
			// A stage was put between two others.
			"job_stage": "id,job_id,name\n51,1001,Application Review\n52,1001,Phone Screen\n54,1001,Offer\n55,1001,Onsite\n",
			"application": "id,candidate_id,applied_at,current_stage_id,status,last_activity_at\n" +
				"2001,101,2025-01-04 10:00:00,54,hired,2025-02-03 10:00:00\n",
			"application_history": "application_id,updated_at,new_stage_id,new_status\n" +
				"2001,2025-01-12 10:00:00,52,active\n2001,2025-01-25 10:00:00,54,active\n2001,2025-02-03 10:00:00,,hired\n",
			"job_opening": "id,job_id,status,application_id,opened_at,closed_at\n1,1001,closed,2001,2025-01-01 09:00:00,2025-02-03 10:00:00\n",
		}))
		r := i.real(later)
		interchangetest.Check(t, d)
		wantSection(t, d, "Histories",
			"Engineering manager | Ada Quill | 1 | ENTER | Application Review | 2025-01-04T10:00:00 | INFERRED | - | -",
			"Engineering manager | Ada Quill | 2 | ENTER | Phone Screen | 2025-01-20T10:00:00 | INFERRED | - | -",
			"Engineering manager | Ada Quill | 3 | CORRECT | - | 2025-01-20T10:00:00 | DERIVED | - | 2",
			"Engineering manager | Ada Quill | 4 | ENTER | Phone Screen | 2025-01-12T10:00:00 | RECORDED | - | -",
			"Engineering manager | Ada Quill | 5 | ENTER | Offer | 2025-01-25T10:00:00 | RECORDED | - | -",
			"Engineering manager | Ada Quill | 6 | ENTER | Hired | 2025-02-03T10:00:00 | RECORDED | - | -")
		wantSection(t, d, "Pipelines",
			"Engineering manager | 0 | Application Review | APPLIED",
			"Engineering manager | 1 | Phone Screen | SCREEN",
			"Engineering manager | 2 | Onsite | INTERVIEW",
			"Engineering manager | 3 | Offer | OFFER",
			"Engineering manager | 4 | Hired | HIRED")
		wantSection(t, d, "Applications",
			"Engineering manager | Ada Quill | HIRED | Hired | 2025-01-04T10:00:00 | 2025-02-03T10:00:00 | 2025-02-03T10:00:00 | - | - | -")
		wantSection(t, d, "Openings", "Engineering manager | FILLED | - | 2025-01-01T09:00:00 | 2025-02-03T10:00:00 | -")
		wantSection(t, d, "Seats",
			"Engineering manager | 1 | OPEN | - | - | - | -",
			"Engineering manager | 2 | FILLED | Ada Quill | 2025-02-03T10:00:00 | - | -")
		if got := r.Table("application_history"); got.Created != 3 {
			t.Errorf("application_history: %+v, want 3 created", *got)
		}
		interchangetest.Still(t, i.real(later))

		undone := i.real(files(export(nil))) // the hire did not come about
		interchangetest.Check(t, d)
		if got := undone.Table("application"); got.Updated != 1 {
			t.Errorf("application: %+v, want 1 updated", *got)
		}
	})
}

// Who is hired no more leaves their seat, also when the export speaks of the
// seat but not of who fills it.
func TestAHireUndoneLeavesTheSeat(t *testing.T) {
	for name, seats := range map[string]string{
		"the seat is not in the export":         "id,job_id,status\n",
		"the export does not say who fills it":  "id,job_id,opened_at\n1,1001,2025-01-01 09:00:00\n",
		"nor anything else of it":               "id,job_id\n1,1001\n",
		"the export still names who filled it":  "id,job_id,status,application_id\n1,1001,open,2001\n",
		"the export says that it is open again": "id,job_id,status,application_id\n1,1001,open,\n",
	} {
		t.Run(name, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, d *store.DB) {
				i := newImporter(t, d)
				i.real(files(export(map[string]string{
					"application": "id,candidate_id,applied_at,current_stage_id,status,last_activity_at\n" +
						"2001,101,2025-01-04 10:00:00,54,hired,2025-02-03 10:00:00\n",
					"job_opening": "id,job_id,status,application_id,opened_at,closed_at\n1,1001,closed,2001,2025-01-01 09:00:00,2025-02-03 10:00:00\n",
				})))
				wantSection(t, d, "Seats", "Engineering manager | 1 | FILLED | Ada Quill | 2025-02-03T10:00:00 | - | -")
				undone := files(export(map[string]string{"job_opening": seats}))
				i.real(undone)
				interchangetest.Check(t, d)
				interchangetest.Still(t, i.real(undone))
			})
		})
	}
}

func TestAChangedScorecardIsOneMoreRevision(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.real(files(export(nil)))
		changed := files(export(map[string]string{"scorecard_attribute": "scorecard_id,index,name,rating\n501,0,Coaching,yes\n"}))
		i.real(changed)
		interchangetest.Check(t, d)
		wantSection(t, d, "Scorecards", "Ada Quill | Phone | Mira Holm | AMENDED | NO | 2025-01-10T12:00:00 | 2")
		wantSection(t, d, "Ratings",
			"Phone | Mira Holm | 1 | 0 | coaching | 2 | - | ",
			"Phone | Mira Holm | 2 | 0 | coaching | 3 | - | ")
		interchangetest.Still(t, i.real(changed))
	})
}

func TestWhatWasChangedHereIsLeftSo(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.real(files(export(nil)))
		here := i.now.Add(1)
		for _, change := range []string{
			`UPDATE candidates SET headline = 'CTO', updated_at = $1`,
			`UPDATE applications SET last_activity_at = $1, updated_at = $1`,
			`UPDATE openings SET title = 'EM, payments', updated_at = $1`,
			`UPDATE scorecards SET updated_at = $1`,
		} {
			if _, err := d.SQL().ExecContext(access.System(context.Background()), change, here.Add(1000)); err != nil {
				t.Fatal(err)
			}
		}
		before := interchangetest.Dump(t, d)
		r := i.real(files(export(map[string]string{
			"candidate": "id,first_name,last_name,title\n101,Ada,Quill,Manager\n",
			"job":       "id,name,status,created_at\n1001,Engineering manager (new),open,2025-01-01 09:00:00\n",
			"application": "id,candidate_id,applied_at,current_stage_id,status,last_activity_at\n" +
				"2001,101,2025-01-04 10:00:00,54,active,2025-02-20 10:00:00\n",
			"scorecard_attribute": "scorecard_id,index,name,rating\n501,0,Coaching,yes\n",
		})))
		if after := interchangetest.Dump(t, d); after != before {
			t.Errorf("the import changed\n%s\nto\n%s", before, after)
		}
		var kept []string
		for _, row := range r.Rows {
			if row.Code == interchange.CodeKept {
				kept = append(kept, row.File)
			}
		}
		slices.Sort(kept)
		if want := []string{"application.csv", "candidate.csv", "job.csv", "scorecard.csv"}; !slices.Equal(kept, want) {
			t.Errorf("reported as changed here: %v, want %v", kept, want)
		}
	})
}

func TestWhatIsHereByNameIsUsed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		long := i.now.AddDate(-1, 0, 0)
		here := map[string]gid.ID{"sources": i.ids.New(gid.Source), "members": i.ids.New(gid.Member)}
		for table, insert := range map[string]string{
			"sources": `INSERT INTO sources (id, name, kind, created_at, updated_at) VALUES ($1, 'LinkedIn', 'SOURCED', $2, $2)`,
			"members": `INSERT INTO members (id, name, email, roles, created_at, updated_at) VALUES ($1, 'M. Holm', 'mira@example.com', '["ADMIN"]', $2, $2)`,
		} {
			if _, err := d.SQL().ExecContext(access.System(context.Background()), insert, here[table], long); err != nil {
				t.Fatal(err)
			}
		}
		export := files(export(map[string]string{
			"source":     "id,name,source_type_name\n1,LinkedIn,Third-party boards\n",
			"user_email": "user_id,email\n10,MIRA@example.com\n",
		}))
		for range 2 {
			i.real(export)
			wantSection(t, d, "Sources", "LinkedIn | SOURCED")
			wantSection(t, d, "Members", `M. Holm | mira@example.com | ["ADMIN"] | -`)
			interchangetest.Check(t, d)
		}
		for table, id := range here {
			got := interchangetest.Rows(t, d, `SELECT object FROM external_references WHERE subject_id = $1`, id)
			if len(got) != 1 {
				t.Errorf("%s: the row here has references %v, want one", table, got)
			}
		}
	})
}

func TestPeopleWhoMayBeHereAlreadyAreReportedOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.real(files(export(map[string]string{"email_address": "candidate_id,index,value\n101,0,ada@example.com\n"})))
		second := files(export(map[string]string{
			"candidate":     "id,first_name,last_name,title\n101,Ada,Quill,Engineer\n102,A.,Quill,\n",
			"email_address": "candidate_id,index,value\n101,0,ada@example.com\n102,0,ADA@example.com\n",
		}))
		same := func(r *interchange.Report) (n int) {
			for _, row := range r.Rows {
				if row.Code == interchange.CodeSameCandidate {
					n++
					if strings.Contains(strings.ToLower(row.Message), "ada") {
						t.Errorf("the report names a person: %s", row)
					}
				}
			}
			return n
		}
		if n := same(i.real(second)); n != 1 {
			t.Errorf("reported %d times, want once", n)
		}
		if n := same(i.real(second)); n != 0 {
			t.Errorf("reported %d times for somebody who is here, want not at all", n)
		}
		if got := interchangetest.Rows(t, d, `SELECT count(*) FROM candidates`); got[0] != "2" {
			t.Errorf("%s candidates, want 2: nobody is merged by an import", got[0])
		}
	})
}

func TestARowThatWasRemovedHereIsNotBroughtBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		with := files(export(map[string]string{"email_address": "candidate_id,index,value\n101,0,ada@example.com\n"}))
		i.real(with)
		if _, err := d.SQL().ExecContext(context.Background(), `DELETE FROM candidate_contacts`); err != nil {
			t.Fatal(err)
		}
		r := i.real(with)
		if got := r.Table("email_address"); got.Skipped != 1 {
			t.Errorf("email_address: %+v, want 1 skipped", *got)
		}
		if got := interchangetest.Rows(t, d, `SELECT count(*) FROM candidate_contacts`); got[0] != "0" {
			t.Errorf("%s contacts, want none", got[0])
		}
	})
}

func TestEveryRunIsRecorded(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.run(files(export(nil)), true)
		i.real(files(export(nil)))
		i.real(files(export(nil)))
		for query, want := range map[string]string{
			`SELECT count(*) FROM import_runs WHERE finished_at IS NOT NULL AND system = 'greenhouse'`:                  "2",
			`SELECT count(*) FROM audit_entries WHERE action = 'import' AND subject_id IN (SELECT id FROM import_runs)`: "2",
			`SELECT count(*) FROM events WHERE type = 'import.finished' AND subject_id IN (SELECT id FROM import_runs)`: "2",
		} {
			if got := interchangetest.Rows(t, d, query); got[0] != want {
				t.Errorf("%s = %s, want %s", query, got[0], want)
			}
		}
		for _, report := range interchangetest.Rows(t, d, `SELECT report FROM import_runs`) {
			if !strings.Contains(report, `"application_history"`) && !strings.Contains(report, `"job_application"`) {
				t.Errorf("the stored report is %s", report)
			}
		}
	})
}

func TestAFolderThatIsNoExportIsRefused(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		if _, err := greenhouse.Import(context.Background(), d, files(map[string]string{"wishes": "id\n1\n"}), i.options(false)); err == nil || !strings.Contains(err.Error(), "no table of Greenhouse") {
			t.Errorf("a folder without tables: %v", err)
		}
		r := i.real(files(map[string]string{"job": "", "candidate": "id,first_name\n1,Ada\n"}))
		if len(r.Rows) == 0 || r.Rows[0].File != "job.csv" || r.Rows[0].Code != interchange.CodeMalformed {
			t.Errorf("an empty file is reported as %v", r.Rows)
		}
	})
}
