package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/graph"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata want")

// now is when all cases happen.
var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// world is the demo data of the cases: small, and the same on both engines.
var world struct {
	sync.Mutex
	*demo.World
}

func loadWorld(ctx context.Context, d *store.DB) error {
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
}

var template = testdb.Template{Name: "demo", Prepare: loadWorld}

func newService(d *store.DB) *hiring.Service {
	clock := func() time.Time { return now }
	client := hiring.NewClient(d)
	return &hiring.Service{Store: d, DB: client, IDs: gid.NewGenerator(clock, nil), Now: clock}
}

// newHandler serves the contract over d, to the viewer in the request's context.
func newHandler(d *store.DB) http.Handler {
	s := newService(d)
	return graph.NewHandler(&graph.Resolver{DB: s.DB, Hiring: s}, graph.HandlerOptions{
		CursorKey: []byte("the key of the cases"), HTTP: gqlhttp.Options{Introspection: true},
	})
}

// A case is a txtar file: a comment that says which rule it shows, then steps of
//
//	-- viewer --      admin, recruiter, hiringManager, interviewer, analyst or nobody; stays until changed
//	-- query --       the document
//	-- variables --   JSON, if any
//	-- statements --  how many SQL statements it issues, if that matters
//	-- want --        the answer as JSON
//
// Ids and cursors are written as noun#n, numbered as they first appear in the
// file; what a step got, later steps can send. opening#growth and the like are
// known from the start: see named.
type step struct {
	viewer, query, variables string
	statements, want         *txtar.File
}

func stepsOf(t *testing.T, a *txtar.Archive) []step {
	var steps []step
	viewer := "recruiter"
	for i := range a.Files {
		f := &a.Files[i]
		if f.Name == "viewer" {
			viewer = strings.TrimSpace(string(f.Data))
			continue
		}
		if f.Name == "query" {
			steps = append(steps, step{viewer: viewer, query: string(f.Data)})
			continue
		}
		if len(steps) == 0 {
			t.Fatalf("section %q before the first query", f.Name)
		}
		last := &steps[len(steps)-1]
		switch f.Name {
		case "variables":
			last.variables = string(f.Data)
		case "statements":
			last.statements = f
		case "want":
			last.want = f
		default:
			t.Fatalf("unknown section %q", f.Name)
		}
	}
	for i, s := range steps {
		if s.want == nil {
			t.Fatalf("step %d wants nothing", i+1)
		}
	}
	return steps
}

// names tells ids and cursors by names that do not change from run to run.
type names struct {
	real  map[string]string // name → text
	name  map[string]string // text → name
	count map[string]int
}

func named(w *demo.World) *names {
	n := &names{real: map[string]string{}, name: map[string]string{}, count: map[string]int{}}
	for name, id := range viewers(w) {
		n.add("member#"+name, id.String())
	}
	for key, id := range w.Openings {
		n.add("opening#"+key, id.String())
	}
	return n
}

func viewers(w *demo.World) map[string]gid.ID {
	return map[string]gid.ID{
		"admin": w.Admin, "recruiter": w.Recruiter, "hiringManager": w.HiringManager,
		"interviewer": w.Interviewer, "analyst": w.Analyst,
	}
}

func (n *names) add(name, text string) { n.real[name], n.name[text] = text, name }

var (
	idText     = regexp.MustCompile(`[a-z]+(?:_[a-z]+)*_[0-9a-hjkmnp-tv-z]{26}\b`)
	cursorText = regexp.MustCompile(`("(?:cursor|startCursor|endCursor)": )"([\w-]{40,})"`)
	nameText   = regexp.MustCompile(`[a-z]+(?:_[a-z]+)*#\w+`)
)

// hide replaces ids and cursors by their names.
func (n *names) hide(text string) string {
	nameOf := func(noun, real string) string {
		if _, known := n.name[real]; !known {
			n.count[noun]++
			n.add(fmt.Sprintf("%s#%d", noun, n.count[noun]), real)
		}
		return n.name[real]
	}
	text = idText.ReplaceAllStringFunc(text, func(id string) string {
		return nameOf(id[:strings.LastIndexByte(id, '_')], id)
	})
	return cursorText.ReplaceAllStringFunc(text, func(field string) string {
		m := cursorText.FindStringSubmatch(field)
		return m[1] + strconv.Quote(nameOf("cursor", m[2]))
	})
}

// show replaces names by what they stand for.
func (n *names) show(t *testing.T, text string) string {
	return nameText.ReplaceAllStringFunc(text, func(name string) string {
		real, known := n.real[name]
		if !known {
			t.Fatalf("%s stands for nothing so far", name)
		}
		return real
	})
}

// ask sends one operation as a viewer and gives the answer as it came, and the
// SQL statements that it took.
func ask(t testing.TB, h http.Handler, viewer *access.Viewer, query, variables string) ([]byte, *store.Statements) {
	t.Helper()
	return askWithin(context.Background(), t, h, viewer, query, variables)
}

// askWithin is ask of somebody who leaves when ctx ends.
func askWithin(ctx context.Context, t testing.TB, h http.Handler, viewer *access.Viewer, query, variables string) ([]byte, *store.Statements) {
	t.Helper()
	request := map[string]any{"query": query}
	if variables != "" {
		request["variables"] = json.RawMessage(variables)
	}
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatalf("variables: %v", err)
	}
	ctx, statements := store.CountStatements(ctx)
	if viewer != nil {
		ctx = access.WithViewer(ctx, viewer)
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.Bytes(), statements
}

// told is an answer in the form in which cases keep it.
func told(t testing.TB, answer []byte) string {
	var a map[string]any
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("the answer is not JSON: %v\n%s", err, answer)
	}
	if extensions, ok := a["extensions"].(map[string]any); ok {
		delete(extensions, "cost")
		if len(extensions) == 0 {
			delete(a, "extensions")
		}
	}
	if errors, ok := a["errors"].([]any); ok {
		for _, e := range errors {
			delete(e.(map[string]any), "locations")
		}
	}
	var ordered bytes.Buffer
	encoder := json.NewEncoder(&ordered)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	// The data keeps the order of its fields; the rest is sorted.
	if data, ok := a["data"]; ok && data != nil {
		var raw struct{ Data json.RawMessage }
		_ = json.Unmarshal(answer, &raw) // it was JSON above
		a["data"] = raw.Data
	}
	if err := encoder.Encode(a); err != nil {
		t.Fatal(err)
	}
	return ordered.String()
}

func viewerOf(t testing.TB, d *store.DB, name string) *access.Viewer {
	if name == "nobody" {
		return nil
	}
	id, known := viewers(world.World)[name]
	if !known {
		t.Fatalf("there is no viewer %q", name)
	}
	client := db.NewClient(db.Driver(d.Driver()))
	v := &access.Viewer{Member: id}
	for _, role := range client.Member.GetX(context.Background(), id).Roles {
		v.Roles = append(v.Roles, access.Role(role))
	}
	return v
}

// TestCases runs every file under testdata on both engines. Cases that change
// something get a database of their own.
func TestCases(t *testing.T) {
	var files []string
	err := filepath.WalkDir("testdata", func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".txtar") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			shared := engine.Open(t, template, store.Options{})
			for _, path := range files {
				name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(path), "testdata/"), ".txtar")
				t.Run(name, func(t *testing.T) {
					archive, err := txtar.ParseFile(path)
					if err != nil {
						t.Fatal(err)
					}
					if len(bytes.TrimSpace(archive.Comment)) == 0 {
						t.Error("the case does not say which rule it shows")
					}
					d := shared
					if changing(archive) {
						d = engine.Open(t, template, store.Options{})
					}
					runCase(t, d, archive)
					if *update && !t.Failed() {
						if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// changing tells whether a case changes something, or reads what reading changes.
func changing(archive *txtar.Archive) bool {
	text := string(txtar.Format(archive))
	return strings.Contains(text, "mutation") || strings.Contains(text, "auditEntries")
}

func runCase(t *testing.T, d *store.DB, archive *txtar.Archive) {
	h, n := newHandler(d), named(world.World)
	for i, s := range stepsOf(t, archive) {
		answer, statements := ask(t, h, viewerOf(t, d, s.viewer), n.show(t, s.query), n.show(t, s.variables))
		got := n.hide(told(t, answer))
		count := strconv.Itoa(statements.Count()) + "\n"
		if *update {
			s.want.Data = []byte(got)
			if s.statements != nil {
				s.statements.Data = []byte(count)
			}
			continue
		}
		if diff := cmp.Diff(string(s.want.Data), got); diff != "" {
			t.Errorf("step %d: -want +got\n%s", i+1, diff)
		}
		if s.statements != nil && string(s.statements.Data) != count {
			t.Errorf("step %d issued %s statements, want %s:\n%s", i+1,
				strings.TrimSpace(count), strings.TrimSpace(string(s.statements.Data)), strings.Join(statements.List(), "\n"))
		}
	}
}
