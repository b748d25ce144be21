package hiring_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
	"github.com/google/go-cmp/cmp"

	"hireloop/demo"
	"hireloop/ent/db/application"
	"hireloop/ent/db/consent"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/migrate"
	"hireloop/ent/db/note"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/personal"
	"hireloop/internal/reports"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// company is the demo data; what the story ends with is the present.
var company struct {
	sync.Mutex
	*demo.World
}

var companyNow = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

var hired = testdb.Template{Name: "company", Prepare: func(ctx context.Context, d *store.DB) error {
	if _, err := store.Migrate(ctx, d); err != nil {
		return err
	}
	if err := newService(d, companyNow).InstallBuiltin(ctx); err != nil {
		return err
	}
	w, err := demo.Load(ctx, d, demo.Options{Seed: 1, Applications: 600, Now: companyNow})
	company.Lock()
	defer company.Unlock()
	company.World = w
	return err
}}

// subject is somebody with rows in every table that holds something about people,
// made up of several people of the demo data who were merged, with words in every
// column that nobody else has: see word.
type subject struct {
	*hiring.Service
	t      *testing.T
	admin  context.Context
	id     gid.ID
	people []gid.ID       // they, and those who were merged into them
	words  map[string]int // table.column → which word
}

// marker begins every word: no other text of the database has it.
const marker = "Qxzwv"

// word is the nth of the subject's words: with capitals, and a letter that folding
// changes.
func word(n int) string { return fmt.Sprintf("%s%02dÉrable", marker, n) }

func newSubject(t *testing.T, d *store.DB) *subject {
	s := &subject{
		Service: newService(d, companyNow), t: t, words: map[string]int{},
		admin: access.WithViewer(context.Background(), &access.Viewer{Member: company.Admin, Roles: []access.Role{access.Admin}}),
	}
	s.gather()
	s.complete()
	s.mark()
	return s
}

func (s *subject) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *subject) exec(query string, args ...any) {
	s.t.Helper()
	if _, err := s.Store.SQL().ExecContext(access.System(s.t.Context()), query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// texts reads the first column of every row.
func (s *subject) texts(query string, args ...any) (list []string) {
	s.t.Helper()
	s.must(store.Query(access.System(context.Background()), s.Store.SQL(), query, args...).Each(func(row store.Row) error {
		var text *string
		err := row.Scan(&text)
		if text != nil {
			list = append(list, *text)
		}
		return err
	}))
	return list
}

// gather merges people until there are rows in every table that the demo fills.
func (s *subject) gather() {
	for _, t := range personal.Tables {
		if t.Of == "" || t.Of == personal.Anything {
			continue
		}
		from, last, at := t.Name+` t0`, `t0.`+t.By, t
		for n := 1; at.Of != "candidates"; n++ {
			at, _ = personal.Get(at.Of)
			from += fmt.Sprintf(` JOIN %s t%d ON t%[2]d.id = %s`, at.Name, n, last)
			last = fmt.Sprintf(`t%d.%s`, n, at.By)
		}
		for _, found := range s.texts(`SELECT ` + last + ` FROM ` + from + ` ORDER BY t0.id LIMIT 1`) {
			id, err := gid.ParseUUID(found)
			s.must(err)
			if !slices.Contains(s.people, id) {
				s.people = append(s.people, id)
			}
		}
	}
	if len(s.people) < 2 {
		s.t.Fatal("nobody to merge")
	}
	s.id = s.people[0]
	for _, absorbed := range s.people[1:] {
		c, err := s.DB.Candidate.Get(access.System(context.Background()), s.id)
		s.must(err)
		_, err = s.MergeCandidates(s.admin, hiring.MergeCandidatesInput{SurvivorID: s.id, ExpectedVersion: c.Version, AbsorbedID: absorbed})
		s.must(err)
	}
}

// complete adds the rows that the demo has none of.
func (s *subject) complete() {
	ctx := access.System(context.Background())
	_, err := s.RecordConsent(s.admin, hiring.RecordConsentInput{CandidateID: s.id, Purpose: consent.PurposeTALENT_POOL, Source: "Form"})
	s.must(err)
	_, err = s.PlaceLegalHold(s.admin, hiring.PlaceLegalHoldInput{CandidateID: s.id, Reason: "Claim"})
	s.must(err)
	_, err = s.LiftLegalHold(s.admin, hiring.LiftLegalHoldInput{CandidateID: s.id})
	s.must(err)
	s.must(s.DB.Note.Create().SetID(s.IDs.New(gid.Note)).SetCandidateID(s.id).SetVisibility(note.VisibilityADMIN).SetBody("Note").
		SetCreatedAt(companyNow).SetUpdatedAt(companyNow).Exec(ctx))
	s.must(s.DB.ExternalReference.Create().SetID(s.IDs.New(gid.ExternalReference)).SetSystem("greenhouse").SetObject("candidate").
		SetExternalID("1").SetSubjectID(s.id).Exec(ctx))
	s.must(s.DB.ImportRun.Create().SetID(s.IDs.New(gid.ImportRun)).SetSystem("greenhouse").SetStartedAt(companyNow).
		SetReport(map[string]any{"system": "greenhouse", "rows": []any{map[string]any{"id": word(0)}}}).Exec(ctx))
}

// rows is SQL for the ids of what the subject has in a table.
func (s *subject) rows(t personal.Table) string {
	texts := make([]string, len(s.people))
	for i, id := range s.people {
		texts[i] = "'" + id.UUID() + "'"
	}
	switch t.Of {
	case "":
		return strings.Join(texts, ", ")
	case personal.Anything:
		return `SELECT id FROM ` + t.Name + ` WHERE ` + t.By + ` IN (` + strings.Join(texts, ", ") + `)`
	}
	above, _ := personal.Get(t.Of)
	return `SELECT id FROM ` + t.Name + ` WHERE ` + t.By + ` IN (` + s.rows(above) + `)`
}

// mark writes a word of its own into every personal column.
func (s *subject) mark() {
	postgres := s.Store.Dialect() == dialect.Postgres
	if postgres {
		s.exec(`ALTER TABLE stage_events DISABLE TRIGGER refuse_update`)
	} else {
		s.exec(`DROP TRIGGER stage_events_refuse_update`)
	}
	for _, t := range personal.Tables {
		if len(s.texts(s.found(t))) == 0 {
			s.t.Errorf("the subject has nothing in %s", t.Name)
		}
		for _, c := range tableOf(t.Name).Columns {
			if !t.Columns[c.Name].Personal {
				continue
			}
			column := t.Name + "." + c.Name
			s.words[column] = len(s.words) + 1
			text := word(s.words[column])
			value := `'` + text + `-' || substr(CAST(id AS text), 20)`
			switch {
			case c.Type == field.TypeInt64:
				value = `98765432`
				delete(s.words, column)
			case column == "candidates.search_text":
				value = `'` + hiring.FoldSearch(text) + `'`
			case column == "candidates.links":
				value = `'[{"kind":"OTHER","url":"` + text + `"}]'`
			case column == "candidates.tags":
				value = `'["` + text + `"]'`
			case column == "decisions.level_fit" && postgres:
				value = `jsonb_set(CASE jsonb_typeof(level_fit) WHEN 'object' THEN level_fit ELSE '{}' END, '{quote}', '"` + text + `"')`
			case column == "decisions.level_fit":
				value = `json_set(CASE json_type(CAST(level_fit AS TEXT)) WHEN 'object' THEN CAST(level_fit AS TEXT) ELSE '{}' END, '$.quote', '` + text + `')`
			case c.Type == field.TypeJSON:
				value = `'{"quote":"` + text + `"}'`
			}
			s.exec(`UPDATE ` + t.Name + ` SET ` + c.Name + ` = ` + value + ` WHERE id IN (` + s.rows(t) + `)`)
		}
	}
	s.exec(`ANALYZE`)
}

func (s *subject) found(t personal.Table) string {
	return `SELECT id FROM ` + t.Name + ` WHERE id IN (` + s.rows(t) + `)`
}

func tableOf(name string) *schema.Table {
	return migrate.Tables[slices.IndexFunc(migrate.Tables, func(t *schema.Table) bool { return t.Name == name })]
}

// everything is all that the database keeps: on SQLite the bytes of its files, on
// PostgreSQL every column of every table, and what the planner knows of them.
func (s *subject) everything() []byte {
	var all bytes.Buffer
	if s.Store.Dialect() != dialect.Postgres {
		file := s.texts(`SELECT file FROM pragma_database_list WHERE name = 'main'`)[0]
		files, err := filepath.Glob(file + "*") // with -wal and -shm
		s.must(err)
		for _, name := range files {
			content, err := os.ReadFile(name)
			s.must(err)
			all.Write(content)
		}
		return all.Bytes()
	}
	for _, table := range s.texts(`SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm', 'v') AND relnamespace = 'public'::regnamespace`) {
		for _, row := range s.texts(`SELECT x::text FROM ` + table + ` x`) {
			all.WriteString(row + "\n")
		}
	}
	for _, row := range s.statistics() {
		all.WriteString(row + "\n")
	}
	return all.Bytes()
}

func (s *subject) statistics() []string {
	return s.texts(`SELECT coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') FROM pg_stats WHERE schemaname = 'public'`)
}

// indexed is how many people the search index of SQLite finds by the marker.
func (s *subject) indexed(index string) (n int) {
	s.t.Helper()
	conn, err := s.Store.SQL().Conn(context.Background())
	s.must(err)
	defer conn.Close()
	for _, text := range []string{
		`DROP TABLE IF EXISTS temp.terms`,
		`CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', '` + index + `', 'instance')`,
	} {
		_, err := conn.ExecContext(context.Background(), text)
		s.must(err)
	}
	s.must(conn.QueryRowContext(context.Background(), `SELECT count(*) FROM temp.terms WHERE term IN ('qxz', 'xzw', 'zwv', 'Qxz')`).Scan(&n))
	return n
}

// newest is the number of the newest event, to which an erasure adds.
var newest = regexp.MustCompile(`(?m)^((?:[^,]*,){5})\d+,`)

// figures are all reports as files.
func (s *subject) figures() map[string]string {
	s.t.Helper()
	const year = "from=2025-07-01&to=2026-07-01"
	handler := reports.NewHandler(newService(s.Store, companyNow)) // with nothing in memory
	all := map[string]string{}
	for _, path := range []string{
		"funnel.csv?" + year, "funnel.csv?groupBy=SOURCE&" + year, "funnelActivity.csv?" + year, "funnelSnapshot.csv", "stageTimes.csv?" + year,
		"hireTimes.csv?" + year, "sourceEffectiveness.csv?" + year, "levelOutcomes.csv?" + year,
		"hireForecast.csv?openingId=" + company.Openings["executive_reporting"].String(), "calibration.csv?" + year,
		"funnel.csv?asOf=2026-03-03T10:00:00Z&knownAt=2026-03-05T10:00:00Z&" + year,
		"adverseImpact.csv?from=2025-04-01&to=2026-04-01&stage=APPLIED&attribute=GENDER",
		"adverseImpact.csv?from=2025-04-01&to=2026-04-01&stage=APPLIED&attribute=AGE_BAND",
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(s.admin, "GET", "/reports/"+path, nil))
		if w.Code != 200 || w.Body.Len() < 100 {
			s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		all[path] = newest.ReplaceAllString(w.Body.String(), "$1,")
	}
	return all
}

func TestErasureLeavesNoTrace(t *testing.T) {
	t.Parallel()
	testdb.EachFrom(t, hired, func(t *testing.T, d *store.DB) {
		s := newSubject(t, d)
		sqlite := d.Dialect() != dialect.Postgres
		before := s.everything()
		for column, n := range s.words {
			found := bytes.Contains(before, []byte(word(n))) || bytes.Contains(before, []byte(hiring.FoldSearch(word(n))))
			if !found {
				t.Errorf("%s is not found before: the test would find nothing", column)
			}
		}
		if sqlite && (s.indexed("candidates_search_text") == 0 || s.indexed("candidate_contacts_normalized") == 0) {
			t.Error("the search index does not have the words before")
		}
		if !sqlite && !strings.Contains(strings.Join(s.statistics(), "\n"), marker) {
			t.Error("the planner does not know the words before")
		}
		old := map[string][]string{}
		for _, table := range personal.Tables {
			old[table.Name] = s.texts(s.found(table))
		}
		figures := s.figures()

		id, err := s.EraseCandidate(s.admin, hiring.EraseCandidateInput{CandidateID: s.id, Reason: erasurereceipt.ReasonREQUEST})
		s.must(err)
		s.must(s.PurgeErased(s.admin)) // on a busy machine it takes longer than an erasure waits

		lower := bytes.ToLower(s.everything())
		if at := bytes.Index(lower, []byte(strings.ToLower(marker))); at >= 0 {
			t.Errorf("something is left: %q", lower[max(0, at-60):min(len(lower), at+80)])
		}
		if sqlite && s.indexed("candidates_search_text")+s.indexed("candidate_contacts_normalized") > 0 {
			t.Error("the search index has the words still")
		}
		if diff := cmp.Diff(figures, s.figures()); diff != "" {
			t.Errorf("reports say something else:\n%s", diff)
		}
		for _, table := range personal.Tables {
			for _, was := range old[table.Name] {
				if len(s.texts(`SELECT id FROM `+table.Name+` WHERE id = $1`, was)) > 0 {
					t.Errorf("%s %s is there still", table.Name, was)
				}
			}
		}
		if n := len(s.texts(`SELECT id FROM offer_versions WHERE salary = 98765432`)); n > 0 {
			t.Errorf("%d salaries are left", n)
		}
		if sqlite {
			if broken := s.texts(`SELECT "table" FROM pragma_foreign_key_check`); len(broken) > 0 {
				t.Errorf("references lead nowhere in %v", broken)
			}
		}
		r, err := s.DB.ErasureReceipt.Get(s.admin, id)
		s.must(err)
		for _, table := range personal.Tables {
			want := len(old[table.Name])
			if slices.Contains(concealed, table.Name) {
				want = 0
			}
			if r.Counts[table.Name] != want {
				t.Errorf("the receipt counts %d %s, want %d", r.Counts[table.Name], table.Name, want)
			}
		}
		if r.PurgedAt == nil || r.CandidateID != s.id || r.ErasedByID != company.Admin {
			t.Errorf("the receipt says %+v", r)
		}
	})
}

// The planner of PostgreSQL samples no words of people but those that are searched.
func TestStatisticsHaveNoWords(t *testing.T) {
	t.Parallel()
	sampled := []string{"candidates.name", "candidates.search_text", "candidate_contacts.normalized"}
	testdb.EachFrom(t, stocked, func(t *testing.T, d *store.DB) {
		if d.Dialect() != dialect.Postgres {
			t.Skip("SQLite samples what is indexed: an erasure has it sampled anew")
		}
		for _, table := range personal.Tables {
			for _, column := range table.Personal() {
				var target *int
				err := d.SQL().QueryRow(`SELECT attstattarget FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2`, table.Name, column).Scan(&target)
				if err != nil {
					t.Fatal(err)
				}
				if off := target != nil && *target == 0; off == slices.Contains(sampled, table.Name+"."+column) {
					t.Errorf("%s.%s: sampled %t", table.Name, column, !off)
				}
			}
		}
	})
}

// What one person gets is all of theirs, and nothing of anybody else's.
func TestExportIsAllOfOnePerson(t *testing.T) {
	t.Parallel()
	testdb.EachFrom(t, hired, func(t *testing.T, d *store.DB) {
		s := newSubject(t, d)
		e, err := s.ExportCandidate(s.admin, hiring.ExportCandidateInput{CandidateID: s.id, Whole: true})
		s.must(err)
		var document struct {
			Format      string
			CandidateID gid.ID
			Records     map[string][]map[string]any
			Names       map[string]string
		}
		s.must(json.Unmarshal([]byte(e.Document), &document))
		if document.Format != "hireloop.candidate/1" || document.CandidateID != s.id {
			t.Errorf("it is a %s of %s", document.Format, document.CandidateID)
		}
		for column, n := range s.words {
			table, _, _ := strings.Cut(column, ".")
			if !strings.Contains(e.Document, word(n)) && !strings.Contains(e.Document, hiring.FoldSearch(word(n))) {
				t.Errorf("%s is not in it", column)
			}
			var ours []string
			s.must(store.Query(access.System(s.admin), d.SQL(), `SELECT id FROM `+table+` WHERE id IN (`+s.rows(mustGet(table))+`)`).Each(func(row store.Row) error {
				var id gid.ID
				err := row.Scan(&id)
				ours = append(ours, id.String())
				return err
			}))
			if len(document.Records[table]) != len(ours) {
				t.Errorf("%d rows of %s, want %d", len(document.Records[table]), table, len(ours))
			}
			for _, row := range document.Records[table] {
				if !slices.Contains(ours, row["id"].(string)) {
					t.Errorf("%s of somebody else: %v", table, row)
				}
			}
		}
		if !strings.Contains(e.Document, `"salary":98765432`) {
			t.Error("the salary is not in it")
		}
		for _, query := range []string{
			`SELECT name FROM candidates WHERE name NOT LIKE '` + marker + `%'`,
			`SELECT normalized FROM candidate_contacts WHERE normalized NOT LIKE '` + marker + `%'`,
			`SELECT name FROM members`, `SELECT email FROM members`,
		} {
			others := s.texts(query)
			if len(others) < 5 {
				t.Fatalf("%s finds %d only", query, len(others))
			}
			for _, other := range others {
				if strings.Contains(e.Document, `"`+other+`"`) {
					t.Errorf("it tells of %s", other)
				}
			}
		}
		for id, name := range document.Names {
			if name == "" || strings.HasPrefix(id, "member_") {
				t.Errorf("%s is called %q", id, name)
			}
		}
		if len(document.Names) < 5 {
			t.Errorf("ids are explained by %v only", document.Names)
		}
	})
}

// What an administrator is handed, and told of an erasure, has nothing of confidential
// openings of other teams; whoever runs the server is handed all.
func TestConfidentialApplicationsAreNotHandedOut(t *testing.T) {
	t.Parallel()
	testdb.EachFrom(t, hired, func(t *testing.T, d *store.DB) {
		s := newService(d, companyNow)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		system := access.System(t.Context())
		insider := access.WithViewer(t.Context(), &access.Viewer{Member: company.Recruiter, Roles: []access.Role{access.Admin}})
		outsider := access.WithViewer(t.Context(), &access.Viewer{Member: company.Admin, Roles: []access.Role{access.Admin}})
		one, err := s.CreateCandidate(insider, hiring.CreateCandidateInput{Name: "Zoe Quillfeather"})
		must(err)
		hidden, err := s.CreateApplication(insider, hiring.CreateApplicationInput{CandidateID: one, OpeningID: company.Openings["payments_succession"]})
		must(err)
		shown, err := s.CreateApplication(insider, hiring.CreateApplicationInput{CandidateID: one, OpeningID: company.Openings["ecosystem_integrations"]})
		must(err)
		must(s.DB.Note.Create().SetID(s.IDs.New(gid.Note)).SetCandidateID(one).SetApplicationID(hidden).SetVisibility(note.VisibilityTEAM).
			SetBody("for the confidential team").SetCreatedAt(companyNow).SetUpdatedAt(companyNow).Exec(system))

		for name, c := range map[string]struct {
			ctx   context.Context
			whole bool
			all   bool
		}{
			"to an administrator of the team": {insider, false, true},
			"to another":                      {outsider, false, false},
			"to another who runs the server":  {outsider, true, true},
			"to the former, who runs it, too": {insider, true, true},
		} {
			e, err := s.ExportCandidate(c.ctx, hiring.ExportCandidateInput{CandidateID: one, Whole: c.whole})
			must(err)
			if !strings.Contains(e.Document, shown.String()) {
				t.Errorf("%s: nothing of what they see", name)
			}
			for _, what := range []string{hidden.String(), "for the confidential team", company.Openings["payments_succession"].String()} {
				if strings.Contains(e.Document, what) != c.all {
					t.Errorf("%s: %s is told %t, want %t", name, what, !c.all, c.all)
				}
			}
		}

		receipt, err := s.EraseCandidate(outsider, hiring.EraseCandidateInput{CandidateID: one, Reason: erasurereceipt.ReasonREQUEST})
		must(err)
		counts := s.DB.ErasureReceipt.GetX(system, receipt).Counts
		if counts["applications"] != 1 || counts["notes"] != 0 {
			t.Errorf("the receipt counts %v", counts)
		}
		if n := s.DB.Application.Query().Where(application.CandidateID(one)).CountX(system); n != 0 {
			t.Errorf("%d applications remain", n)
		}
	})
}

func mustGet(table string) personal.Table {
	t, ok := personal.Get(table)
	if !ok {
		panic(table)
	}
	return t
}

// concealed are what a receipt does not count: an administrator who owes a
// scorecard reads receipts too.
var concealed = []string{
	"scorecard_revisions", "signal_ratings", "red_flag_observations", "debriefs", "debrief_resolutions",
	"decisions", "decision_makers", "offers", "offer_versions",
}
