package eventlog_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hireloop/interchange"
	"hireloop/interchange/eventlog"
	"hireloop/interchange/interchangetest"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// importer imports logs into one database, each time a minute later.
type importer struct {
	t   testing.TB
	d   *store.DB
	ids *gid.Generator
	now time.Time
}

func newImporter(t testing.TB, d *store.DB) *importer {
	i := &importer{t: t, d: d, now: time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)}
	i.ids = gid.NewGenerator(func() time.Time { return i.now }, nil)
	return i
}

func (i *importer) options(dry bool) interchange.Options {
	return interchange.Options{IDs: i.ids, Now: func() time.Time { return i.now }, DryRun: dry}
}

// run imports a log three times, dry, for good and again, and checks what every
// import must keep. The answer is the report of the second.
func (i *importer) run(log string) *interchange.Report {
	i.t.Helper()
	one := func(dry bool) *interchange.Report {
		i.t.Helper()
		i.now = i.now.Add(time.Minute)
		r, err := eventlog.Import(context.Background(), i.d, strings.NewReader(log), "log.csv", i.options(dry))
		if err != nil {
			i.t.Fatal(err)
		}
		interchangetest.Balanced(i.t, r)
		return r
	}
	before := interchangetest.Dump(i.t, i.d)
	dry := one(true)
	if interchangetest.Dump(i.t, i.d) != before {
		i.t.Error("the dry run wrote")
	}
	r := one(false)
	interchangetest.Same(i.t, dry, r)
	interchangetest.Check(i.t, i.d)
	before = interchangetest.Dump(i.t, i.d)
	interchangetest.Still(i.t, one(false))
	if interchangetest.Dump(i.t, i.d) != before {
		i.t.Error("importing the log again changed the database")
	}
	return r
}

func wantRows(t *testing.T, d *store.DB, query string, want ...string) {
	t.Helper()
	if got := interchangetest.Rows(t, d, query); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant\n%s", query, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const histories = `SELECT c.name, e.sequence, e.kind, s.name, e.occurred_at, e.quality FROM stage_events e
	JOIN applications a ON a.id = e.application_id JOIN candidates c ON c.id = a.candidate_id LEFT JOIN stages s ON s.id = e.stage_id
	ORDER BY c.name, e.sequence`

const pipelines = `SELECT o.title, o.status, s.position, s.name, s.kind FROM stages s JOIN openings o ON o.id = s.opening_id ORDER BY o.title, s.position`

const plain = `application_id,candidate,opening,source,at,event,stage
A1,ada@example.com,EM,Referral,2025-01-04 10:00:00,applied,Application Review
A1,ada@example.com,EM,Referral,2025-01-06 10:00:00,enter,Recruiter Screen
A1,ada@example.com,EM,Referral,2025-01-20 10:00:00,enter,Onsite
A1,ada@example.com,EM,Referral,2025-02-01 10:00:00,hire,
A2,Bo Lindgren,EM,Careers page,2025-01-05 10:00:00,applied,Application Review
A2,Bo Lindgren,EM,Careers page,2025-01-07 10:00:00,reject,
A2,Bo Lindgren,EM,Careers page,2025-01-09 10:00:00,reopen,Recruiter Screen
A2,Bo Lindgren,EM,Careers page,2025-01-12 10:00:00,withdraw,
A3,C-77,Designer,,2025-01-05 10:00:00,enter,Application Review
`

func TestAPlainLog(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		r := i.run(plain)
		if len(r.Rows) != 0 {
			t.Errorf("rows that did not fit: %v", r.Rows)
		}
		wantRows(t, d, histories,
			"Bo Lindgren | 1 | ENTER | Application Review | 2025-01-05T10:00:00 | RECORDED",
			"Bo Lindgren | 2 | REJECT | - | 2025-01-07T10:00:00 | RECORDED",
			"Bo Lindgren | 3 | REOPEN | Recruiter Screen | 2025-01-09T10:00:00 | RECORDED",
			"Bo Lindgren | 4 | WITHDRAW | - | 2025-01-12T10:00:00 | RECORDED",
			"C-77 | 1 | ENTER | Application Review | 2025-01-05T10:00:00 | RECORDED",
			"ada@example.com | 1 | ENTER | Application Review | 2025-01-04T10:00:00 | RECORDED",
			"ada@example.com | 2 | ENTER | Recruiter Screen | 2025-01-06T10:00:00 | RECORDED",
			"ada@example.com | 3 | ENTER | Onsite | 2025-01-20T10:00:00 | RECORDED",
			"ada@example.com | 4 | ENTER | Hired | 2025-02-01T10:00:00 | RECORDED")
		wantRows(t, d, pipelines,
			"Designer | OPEN | 0 | Application Review | APPLIED",
			"Designer | OPEN | 1 | Hired | HIRED",
			"EM | FILLED | 0 | Application Review | APPLIED",
			"EM | FILLED | 1 | Recruiter Screen | SCREEN",
			"EM | FILLED | 2 | Onsite | INTERVIEW",
			"EM | FILLED | 3 | Hired | HIRED")
		wantRows(t, d, `SELECT name, kind FROM sources ORDER BY name`, "Careers page | INBOUND", "Referral | REFERRAL")
		wantRows(t, d, `SELECT c.name, x.normalized FROM candidate_contacts x JOIN candidates c ON c.id = x.candidate_id`, "ada@example.com | ada@example.com")
		for _, ref := range interchangetest.Rows(t, d, `SELECT external_id FROM external_references WHERE object = 'candidate'`) {
			if strings.Contains(ref, "ada") || strings.Contains(ref, "Bo") {
				t.Errorf("provenance names a person: %s", ref)
			}
		}
	})
}

func TestALongerLogAddsWhatIsNew(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.run(plain)
		r := i.run(plain + `A3,C-77,Designer,,2025-01-08 10:00:00,enter,Portfolio
A3,C-77,Designer,,2025-01-07 10:00:00,enter,Phone Screen
A4,Cleo,EM,Referral,2025-03-01 10:00:00,applied,
`)
		if got := r.Table("log.csv"); got.Created != 3 || got.Unchanged != 9 {
			t.Errorf("log.csv: %+v, want 3 created and 9 unchanged", *got)
		}
		wantRows(t, d, pipelines,
			"Designer | OPEN | 0 | Application Review | APPLIED",
			"Designer | OPEN | 1 | Phone Screen | SCREEN",
			"Designer | OPEN | 2 | Portfolio | INTERVIEW",
			"Designer | OPEN | 3 | Hired | HIRED",
			"EM | OPEN | 0 | Application Review | APPLIED",
			"EM | OPEN | 1 | Recruiter Screen | SCREEN",
			"EM | OPEN | 2 | Onsite | INTERVIEW",
			"EM | OPEN | 3 | Hired | HIRED")
	})
}

func TestRowsThatDoNotFitAreReportedOneByOne(t *testing.T) {
	log := "\ufeffEvent;AT;Application_ID;Opening;Candidate;Email;Stage;Reason;Mood\r\n" +
		"enter;2025-01-04;1;EM;Ada;ada@example.com;Applied;;fine\r\n" +
		"entr;2025-01-05;1;EM;Ada;;Screen;;\r\n" + // misspelt
		"celebrate;2025-01-05;1;EM;Ada;;Screen;;\r\n" + // unknown
		"enter;someday;1;EM;Ada;;Screen;;\r\n" + // no time
		"enter;2025-01-06;1;EM;Ada;;;;\r\n" + // no stage
		"enter;2025-01-06;;EM;Ada;;Screen;;\r\n" + // no application
		"enter;2025-01-06;1;EM;Ada;;Screen;;\r\n" + // there already
		"enter;2025-01-07;1;PM;Ada;;Onsite;;\r\n" + // another opening
		"enter;2025-01-07;2;;Bo;;Screen;;\r\n" + // for nothing
		"enter;2025-01-07\r\n" + // cut off
		"reject;2025-01-08;1;EM;Ada;;Onsite;no seat;\r\n" +
		"enter;2025-01-09;1;EM;Ada;;Onsite;;\r\n" + // after the end
		"enter;2025-01-09;3;EM;;not an address;Onsite;;"
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		r := newImporter(t, d).run(log)
		var got []string
		for _, row := range r.Rows {
			got = append(got, row.String())
		}
		want := []string{
			`log.csv:3 id 1 event: "entr" was read as "enter" (mapped)`,
			`log.csv:4 id 1 event: is none of enter, applied, reopen, reject, withdraw, hire (skipped)`,
			`log.csv:5 id 1 at: is not a time that can be read (skipped)`,
			`log.csv:6 id 1 stage: is empty: enter needs a stage (skipped)`,
			`log.csv:7 application_id: is empty or cannot be an id (skipped)`,
			`log.csv:9 id 1 opening: differs from the first row of the application, which holds (noted)`,
			`log.csv:10 id 2 opening: is empty, and no earlier row of the application has it (skipped)`,
			`log.csv:11: the row has 2 values, the header 9 columns (skipped)`,
			`log.csv:14 id 3 email: is not an e-mail address; left out (mapped)`,
			`log.csv:8 id 1: the application is in that stage already (skipped)`,
			`log.csv:13 id 1: the application had ended before; taken as reopened (mapped)`,
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("reported\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if len(r.UnknownColumns) != 1 || strings.Join(r.UnknownColumns[0].Columns, " ") != "mood" {
			t.Errorf("unknown columns: %v, want mood", r.UnknownColumns)
		}
		wantRows(t, d, `SELECT c.name, e.kind, e.reason FROM stage_events e JOIN applications a ON a.id = e.application_id
			JOIN candidates c ON c.id = a.candidate_id WHERE e.reason IS NOT NULL`, "Ada | REJECT | no seat")
	})
}

func TestAFileThatIsNoLogIsRefused(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		_, err := eventlog.Import(context.Background(), d, strings.NewReader("id,at\n1,2025-01-01\n"), "log.csv", newImporter(t, d).options(false))
		for _, column := range []string{"application_id", "candidate", "opening", "event"} {
			if err == nil || !strings.Contains(err.Error(), "header."+column) {
				t.Errorf("error = %v, want it to name %s", err, column)
			}
		}
	})
}

// Two imports at once: one waits, or fails and leaves nothing.
func TestTwoImportsAtOnceLeaveOneHistory(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		done := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := eventlog.Import(context.Background(), d, strings.NewReader(plain), "log.csv", interchange.Options{IDs: gid.NewGenerator(nil, nil)})
				done <- err
			}()
		}
		failed := 0
		for range 2 {
			if err := <-done; err != nil {
				failed++
				if !strings.Contains(err.Error(), "run it again") {
					t.Errorf("error = %v", err)
				}
			}
		}
		if failed == 2 {
			t.Error("both failed")
		}
		interchangetest.Check(t, d)
		wantRows(t, d, `SELECT count(*) FROM applications`, "3")
	})
}
