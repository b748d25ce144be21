package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/graph"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// A story is a folder of operations under examples, told in the order of their
// names over one database. Beside what every example may say, a header may have
//
//	# variables: {…}         several times: the operation is sent once for each, "$name" being what was kept
//	# viewer: $name          a member whose id was kept
//	# clock: 2027-05-03T…    when it happens
//	# keep: name = path      what later operations need of the answer
//	# edit: name "a" => "b"  what is changed in something that was kept
//	# want: path = JSON      what the answer must have
//
// A path leads into data: names, numbers of elements, and [name=value] for the
// element that has it.
type story struct {
	t    *testing.T
	d    *store.DB
	ids  *names
	kept map[string]any
	now  time.Time
}

// sending is one time that an operation is sent.
type sending struct{ viewer, variables string }

var (
	headerLine = regexp.MustCompile(`^# (viewer|variables|clock|keep|edit|want): (.*)$`)
	pathStep   = regexp.MustCompile(`\[[^\]]*\]|[^.]+`)
	keptName   = regexp.MustCompile(`"\$(\w+)"`)
)

// stories are the steps of each by its folder.
func stories(t *testing.T) map[string][]string {
	steps, err := filepath.Glob("../examples/*/*.graphql")
	if err != nil || len(steps) == 0 {
		t.Fatal("there are no stories", err)
	}
	told := map[string][]string{}
	for _, step := range steps {
		told[filepath.Dir(step)] = append(told[filepath.Dir(step)], step)
	}
	return told
}

func TestStories(t *testing.T) {
	for _, engine := range testdb.Engines() {
		for folder, steps := range stories(t) {
			t.Run(engine.Name+"/"+filepath.Base(folder), func(t *testing.T) {
				s := &story{t: t, d: engine.Open(t, template, store.Options{}), ids: named(world.World), kept: map[string]any{}, now: now}
				for _, step := range steps {
					if !s.tell(step) {
						t.Fatalf("so far as %s", filepath.Base(step))
					}
				}
			})
		}
	}
}

// handler serves the contract at the moment that the story has come to.
func (s *story) handler() http.Handler {
	service := newService(s.d)
	service.Now = func() time.Time { return s.now }
	service.IDs = gid.NewGenerator(service.Now, nil)
	return graph.NewHandler(&graph.Resolver{DB: service.DB, Hiring: service}, graph.HandlerOptions{
		CursorKey: []byte("the key of the cases"), HTTP: gqlhttp.Options{},
	})
}

func (s *story) tell(path string) bool {
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	var viewer string
	var sendings []sending
	after := map[string][]string{} // keep, edit, want
	lines := strings.Split(string(text), "\n")
	for i := 0; i < len(lines); i++ {
		m := headerLine.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		switch m[1] {
		case "viewer":
			viewer = m[2]
		case "clock":
			if s.now, err = time.Parse(time.RFC3339, m[2]); err != nil {
				s.t.Fatal(err)
			}
		case "variables":
			variables := m[2]
			for ; i+1 < len(lines) && strings.HasPrefix(lines[i+1], "#   "); i++ {
				variables += strings.TrimPrefix(lines[i+1], "#   ")
			}
			sendings = append(sendings, sending{viewer, variables})
		default:
			after[m[1]] = append(after[m[1]], m[2])
		}
	}
	if sendings == nil {
		sendings = []sending{{viewer: viewer}}
	}
	for i, sent := range sendings {
		data := s.send(path, string(text), sent)
		// What is kept of several answers is kept of each in turn.
		if keeps := after["keep"]; len(sendings) > 1 && len(keeps) == len(sendings) {
			s.keep(path, keeps[i], data)
		} else {
			for _, k := range keeps {
				s.keep(path, k, data)
			}
		}
		for _, want := range after["want"] {
			where, text, _ := strings.Cut(want, " = ")
			var wanted any
			if err := json.Unmarshal([]byte(text), &wanted); err != nil {
				s.t.Fatalf("%s: %s: %v", path, want, err)
			}
			if got := find(data, where); !reflect.DeepEqual(got, wanted) {
				s.t.Errorf("%s: %s is %v, want %v", filepath.Base(path), where, got, wanted)
			}
		}
		// A refusal that the story does not tell of is none of it.
		for field, value := range data {
			object, _ := value.(map[string]any)
			if refusals, _ := object["userErrors"].([]any); len(refusals) > 0 && !slices.ContainsFunc(after["want"], func(w string) bool {
				return strings.HasPrefix(w, field+".userErrors")
			}) {
				s.t.Errorf("%s: %s was refused: %v", filepath.Base(path), field, refusals)
			}
		}
	}
	for _, e := range after["edit"] {
		name, change, _ := strings.Cut(e, " ")
		old, replacement, _ := strings.Cut(change, " => ")
		before, _ := s.kept[name].(string)
		edited := strings.ReplaceAll(before, strings.Trim(old, `"`), strings.Trim(replacement, `"`))
		if edited == before {
			s.t.Errorf("%s: there is no %s to edit", filepath.Base(path), old)
		}
		s.kept[name] = edited
	}
	return !s.t.Failed()
}

func (s *story) send(path, document string, sent sending) map[string]any {
	variables := keptName.ReplaceAllStringFunc(sent.variables, func(name string) string {
		value, ok := s.kept[keptName.FindStringSubmatch(name)[1]]
		if !ok {
			s.t.Fatalf("%s: nothing was kept as %s", filepath.Base(path), name)
		}
		text, err := json.Marshal(value)
		if err != nil {
			s.t.Fatal(err)
		}
		return string(text)
	})
	answer, _ := ask(s.t, s.handler(), s.viewer(sent.viewer), document, s.ids.show(s.t, variables))
	var a struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal(answer, &a); err != nil || len(a.Errors) > 0 {
		s.t.Fatalf("%s: %v %v", filepath.Base(path), err, a.Errors)
	}
	return a.Data
}

// viewer is one of the demo's, or a member whose id was kept.
func (s *story) viewer(name string) *access.Viewer {
	id, kept := s.kept[strings.TrimPrefix(name, "$")]
	if !kept || !strings.HasPrefix(name, "$") {
		return viewerOf(s.t, s.d, name)
	}
	member, err := gid.Parse(fmt.Sprint(id))
	if err != nil {
		s.t.Fatal(err)
	}
	v := access.Viewer{Member: member}
	for _, role := range db.NewClient(db.Driver(s.d.Driver())).Member.GetX(s.t.Context(), v.Member).Roles {
		v.Roles = append(v.Roles, access.Role(role))
	}
	return &v
}

func (s *story) keep(path, line string, data map[string]any) {
	name, where, _ := strings.Cut(line, " = ")
	value := find(data, where)
	if value == nil {
		s.t.Errorf("%s: there is nothing at %s to keep: %v", filepath.Base(path), where, data)
	}
	s.kept[name] = value
}

// find is what lies at a path, nil when nothing does.
func find(data any, path string) any {
	for _, step := range pathStep.FindAllString(path, -1) {
		switch at := data.(type) {
		case map[string]any:
			data = at[step]
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(at) {
				data = at[i]
				continue
			}
			name, value, _ := strings.Cut(strings.Trim(step, "[]"), "=")
			i := slices.IndexFunc(at, func(e any) bool { return fmt.Sprint(find(e, name)) == value })
			if i < 0 {
				return nil
			}
			data = at[i]
		default:
			return nil
		}
	}
	return data
}
