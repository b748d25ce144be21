package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/migrate"
	"hireloop/ent/db/note"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/retentionrule"
	"hireloop/ent/db/seat"
	"hireloop/graph/exec"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Who sees and may do what, as one page: every entity, every way that the contract
// has to a thing, every field that is told to some only, and every mutation, for
// people of every role and of every place in a hiring team. The page is made by
// walking the contract, so that what somebody adds is on it; who sees it is to be
// read in the difference.
const matrixFile = "testdata/access_matrix.txt"

// audience is somebody who asks.
type audience struct {
	name, who string
	viewer    *access.Viewer
}

// audiences adds people to the demo's, and gives some of them places in two
// hiring teams: of the opening that the panel's application is for, and of the
// confidential one.
func audiences(t *testing.T, d *store.DB, p *panel) []audience {
	t.Helper()
	s, ctx := seeded(d), access.System(t.Context())
	demo := func(name, who string) audience { return audience{name, who, viewerOf(t, d, name)} }
	join := func(name, who string, place hiringteammember.Role, roles ...access.Role) audience {
		id, texts := s.IDs.New(gid.Member), []string{}
		for _, r := range roles {
			texts = append(texts, string(r))
		}
		s.DB.Member.Create().SetID(id).SetName(name).SetEmail(name + "@matrix.example").SetRoles(texts).SetCreatedAt(now).SetUpdatedAt(now).ExecX(ctx)
		if place != "" {
			for _, o := range []gid.ID{p.application.OpeningID, world.Openings["payments_succession"]} {
				s.DB.HiringTeamMember.Create().SetID(s.IDs.New(gid.HiringTeamMember)).SetOpeningID(o).SetMemberID(id).SetRole(place).ExecX(ctx)
			}
		}
		return audience{name, who, &access.Viewer{Member: id, Roles: roles}}
	}
	all := []audience{
		demo("admin", "an administrator"),
		demo("recruiter", "a recruiter, who leads some openings"),
		{"manager", "a hiring manager, who leads some openings", viewerOf(t, d, "hiringManager")},
		{"interv", "an interviewer, who owes scorecards", viewerOf(t, d, "interviewer")},
		demo("analyst", "an analyst"),
		join("t:manager", "a hiring manager in the two teams, as HIRING_MANAGER", hiringteammember.RoleHIRING_MANAGER, access.HiringManager),
		join("t:recruit", "a recruiter in the two teams, as RECRUITER", hiringteammember.RoleRECRUITER, access.Recruiter),
		join("t:coord", "a recruiter in the two teams, as COORDINATOR", hiringteammember.RoleCOORDINATOR, access.Recruiter),
		join("t:sourcer", "a recruiter in the two teams, as SOURCER", hiringteammember.RoleSOURCER, access.Recruiter),
		join("t:interv", "an interviewer in the two teams, as INTERVIEWER", hiringteammember.RoleINTERVIEWER, access.Interviewer),
		join("outsider", "a hiring manager who also interviews, in no team and no interview", "", access.HiringManager, access.Interviewer),
		join("roleless", "a member without a role", ""),
		join("applicant", "an administrator who is the candidate of the application that mutations are about", "", access.Admin),
		join("referrer", "an administrator who referred that candidate", "", access.Admin),
		{"nobody", "who has not signed in", nil},
	}
	by := map[string]*access.Viewer{}
	for _, a := range all {
		by[a.name] = a.viewer
	}
	s.DB.Candidate.UpdateOneID(p.application.CandidateID).SetMemberID(by["applicant"].Member).ExecX(ctx)
	s.DB.Application.UpdateOneID(p.application.ID).SetCreditedMemberID(by["referrer"].Member).ClearSourceID().ExecX(ctx)
	id := s.IDs.New(gid.Offer)
	s.DB.Offer.Create().SetID(id).SetApplicationID(p.application.ID).SetStatus(offer.StatusDRAFT).SetCreatedAt(now).SetUpdatedAt(now).ExecX(ctx)
	s.DB.OfferVersion.Create().SetID(s.IDs.New(gid.OfferVersion)).SetOfferID(id).SetNumber(1).
		SetLevelID(*p.loop.TargetLevelID).SetSalary(9_000_000).SetCurrency("EUR").SetRecordedAt(now).ExecX(ctx)
	s.DB.Note.Create().SetID(s.IDs.New(gid.Note)).SetCandidateID(p.application.CandidateID).SetApplicationID(p.application.ID).
		SetAuthorID(by["t:recruit"].Member).SetVisibility(note.VisibilityTEAM).SetBody("said at some length").SetCreatedAt(now).SetUpdatedAt(now).ExecX(ctx)
	s.DB.RetentionRule.Create().SetID(s.IDs.New(gid.RetentionRule)).SetSince(retentionrule.SinceRECORDED).SetMonths(24).
		SetCreatedAt(now).SetUpdatedAt(now).ExecX(ctx)
	for _, table := range migrate.Tables { // so that whoever makes up a version knows it
		if slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Name == "version" }) {
			if _, err := d.SQL().ExecContext(access.System(t.Context()), "UPDATE "+table.Name+" SET version = 1"); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// matrix is a page under way: sections of rows, a cell for each audience.
type matrix struct {
	t         *testing.T
	d         *store.DB
	guarded   bool
	panel     *panel
	walk      *walk
	audiences []audience
	recorded  []gid.ID // audit entries
	page      strings.Builder
}

// matrixOf reads the page from a database, with or without the guard: what stands
// behind it, if anything, can be held to the same page.
func matrixOf(t *testing.T, d *store.DB, guarded bool) string {
	t.Helper()
	p := newPanel(t, d)
	m := &matrix{t: t, d: d, guarded: guarded, panel: p, audiences: audiences(t, d, p), walk: newWalk(t, d, p.application.ID, "a")}
	s, system := seeded(d), access.System(t.Context()) // beside what lies around the application
	m.walk.ids["seat"] = s.DB.Seat.Query().Where(seat.OpeningID(p.application.OpeningID)).Order(seat.ByNumber()).IDsX(system)
	m.walk.ids["candidate"] = append(m.walk.ids["candidate"], s.DB.Candidate.Query().
		Where(candidate.IsPrivate(false), candidate.IDNEQ(p.application.CandidateID)).Order(candidate.ByID()).FirstIDX(system))
	m.page.WriteString("Who sees and may do what. Made by TestAccessMatrix; see internal/access/table.go for the rules.\n\n")
	for _, a := range m.audiences {
		fmt.Fprintf(&m.page, "%-12s%s\n", a.name, a.who)
	}
	m.page.WriteString("\nno: FORBIDDEN; hidden: NOT_FOUND; partly: FORBIDDEN for some inputs; capitals: the code of another refusal.\n")
	m.entities()
	m.things()
	m.roots()
	m.mutations()
	return m.page.String()
}

func TestAccessMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("the page is made in the full run")
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			got := matrixOf(t, engine.Open(t, template, store.Options{}), true)
			if *update {
				if err := os.WriteFile(matrixFile, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(matrixFile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("who sees and may do what changed: -want +got\n%s", diff)
			}
		})
	}
}

// On PostgreSQL the second wall alone, without the guard, lets everybody see the
// same of all that stands behind it, and find the same to change.
func TestAccessMatrixBehindTheSecondWallAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("the page is made in the full run")
	}
	d := testdb.Postgres().Open(t, template, store.Options{})
	if _, bypasses, err := store.Role(t.Context(), d); bypasses || err != nil {
		t.Fatalf("row-level security does not hold for the role of this test: %v", err)
	}
	walled := map[string]bool{} // by type
	if err := store.Query(access.System(t.Context()), d.SQL(), "SELECT relname FROM pg_class WHERE relrowsecurity").Each(func(row store.Row) error {
		var table string
		err := row.Scan(&table)
		walled[strings.ReplaceAll(singular(table), "_", "")] = true
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(walled) < 20 {
		t.Fatalf("behind the second wall there is only %v", walled)
	}
	behind := func(name string) bool { return walled[strings.ToLower(name)] }
	page, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	contract := exec.NewExecutableSchema(exec.Config{}).Schema()
	want, got, held := rowsOf(string(page)), rowsOf(matrixOf(t, d, false)), 0
	for _, name := range sortedKeys(want) {
		section, about, _ := strings.Cut(name, ": ")
		first, _, _ := strings.Cut(about, " ")
		entity, _, _ := strings.Cut(first, ".")
		stands := false
		switch section {
		case "BY EDGES":
			_, target, _ := strings.Cut(about, " → ")
			stands = behind(entity) && behind(target)
		case "QUERIES":
			result := contract.Types[strings.TrimSuffix(contract.Query.Fields.ForName(first).Type.Name(), "Connection")]
			stands = behind(result.Name) || !slices.Contains(result.Interfaces, "Node")
		case "MUTATIONS":
			stands = !slices.Contains(beforeTheFirstWallAlone, first)
		default:
			stands = behind(entity)
		}
		switch {
		case !stands:
		case got[name] != want[name]:
			t.Errorf("%s: -behind both walls +behind the second\n-%s\n+%s", name, want[name], got[name])
		default:
			held++
		}
	}
	if held < 150 {
		t.Errorf("only %d rows are held to the page", held)
	}
}

// beforeTheFirstWallAlone are the mutations about what no second wall stands before:
// candidates, notes and keys.
var beforeTheFirstWallAlone = []string{
	"addNote", "updateNote", "deleteNote", "createApplication", "updateCandidate", "mergeCandidates", "recordConsent", "withdrawConsent",
	"placeLegalHold", "eraseCandidate", "rotateApiKey", "revokeApiKey",
}

// rowsOf are the rows of a page by what they are called in their section.
func rowsOf(page string) map[string]string {
	rows, section := map[string]string{}, ""
	for line := range strings.Lines(page) {
		if name, _, found := strings.Cut(line, ": "); found && name == strings.ToUpper(name) {
			section = name
		} else if len(line) > nameWidth && line[0] != ' ' {
			rows[section+": "+strings.TrimSpace(line[:nameWidth])] = strings.TrimSpace(line[nameWidth:])
		}
	}
	return rows
}

const nameWidth, cellWidth = 52, 10

// section begins a part of the page; total is how its first column is called.
func (m *matrix) section(title, total string) {
	fmt.Fprintf(&m.page, "\n%s\n\n", title)
	m.row("", total, func(a audience) string { return a.name })
}

// row writes a line; what nobody has is a dot.
func (m *matrix) row(name, total string, cell func(audience) string) {
	line := fmt.Sprintf("%-*s%*s", nameWidth, name, cellWidth, total)
	for _, a := range m.audiences {
		text := cell(a)
		if short, known := brief[text]; known {
			text = short
		}
		line += fmt.Sprintf("%*s", cellWidth, text)
	}
	m.page.WriteString(strings.TrimRight(line, " ") + "\n")
}

// brief is how cells say what is frequent or long.
var brief = map[string]string{
	"0": "·", "none": "·", "FORBIDDEN": "no", "NOT_FOUND": "hidden", "NOT_ASSIGNED": "not own",
	"INVALID_TRANSITION": "STATE", "ALREADY_SUBMITTED": "STATE", "LEVEL_NOT_ALLOWED": "LEVEL", "REASON_REQUIRED": "REASON", "EVIDENCE_REQUIRED": "EVIDENCE",
}

// contextOf is in which somebody asks.
func contextOf(v *access.Viewer) context.Context {
	if v == nil {
		return context.Background()
	}
	return access.WithViewer(context.Background(), v)
}

// entities counts the rows of every entity that the rules let through.
func (m *matrix) entities() {
	client := newClient(m.d.Driver(), m.guarded)
	count := func(entity string, ctx context.Context) string {
		query := reflect.ValueOf(client).Elem().FieldByName(entity).MethodByName("Query").Call(nil)[0]
		out := query.MethodByName("Count").Call([]reflect.Value{reflect.ValueOf(ctx)})
		if err, _ := out[1].Interface().(error); err != nil {
			m.t.Fatalf("%s: %v", entity, err)
		}
		return fmt.Sprint(out[0].Interface())
	}
	m.section("ENTITIES: rows that are read", "there are")
	of := reflect.TypeFor[db.Client]()
	for i := range of.NumField() {
		if f := of.Field(i); f.IsExported() && f.Type.Kind() == reflect.Pointer && f.Name != "Schema" {
			m.row(f.Name, count(f.Name, access.System(context.Background())), func(a audience) string { return count(f.Name, contextOf(a.viewer)) })
		}
	}
}

// seen is what somebody is told of things: type → id → field → value.
type seen map[string]map[string]map[string]json.RawMessage

// things asks everybody for all things by their ids, and for every field of them.
func (m *matrix) things() {
	types := map[string]string{} // table → type
	for _, table := range migrate.Tables {
		if name := m.walk.typeOf(singular(table.Name)); name != "" {
			types[table.Name] = name
		}
	}
	m.recorded = m.all("audit_entries") // before asking adds to them
	everything := m.read(types, nil, true)
	told := map[string]seen{}
	for _, a := range m.audiences {
		told[a.name] = m.read(types, a.viewer, false)
	}
	m.section("BY ID: things that node and nodes find", "there are")
	names := []string{}
	for _, name := range types {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if len(everything[name]) == 0 {
			m.t.Errorf("the demo has no %s: who sees one?", name)
		}
		m.row(name, fmt.Sprint(len(everything[name])), func(a audience) string { return fmt.Sprint(len(told[a.name][name])) })
	}
	m.section("BY EDGES: things that each field leads to, from all that are found by id", "there are")
	for _, name := range names {
		for _, field := range m.walk.schema.Types[name].Fields {
			if m.leads(field) {
				m.row(name+"."+field.Name+" → "+m.target(field), fmt.Sprint(everything.reached(name, field.Name)), func(a audience) string {
					return fmt.Sprint(told[a.name].reached(name, field.Name))
				})
			}
		}
	}
	m.section("FIELDS that tell some less of what they see: for how many things they tell something", "things")
	for _, name := range names {
		for _, field := range m.walk.schema.Types[name].Fields {
			if !m.leads(field) && m.differs(name, field.Name, told) {
				m.row(name+"."+field.Name, fmt.Sprint(len(everything[name])), func(a audience) string {
					return fmt.Sprint(told[a.name].telling(name, field.Name))
				})
			}
		}
	}
}

// target is the type that a field leads to, without its connection.
func (m *matrix) target(field *ast.FieldDefinition) string {
	return strings.TrimSuffix(field.Type.Name(), "Connection")
}

// leads reports whether a field leads to things with ids.
func (m *matrix) leads(field *ast.FieldDefinition) bool {
	return slices.Contains(m.walk.schema.Types[m.target(field)].Interfaces, "Node")
}

// differs reports whether two people who see a thing are told otherwise by a
// field: one something, the other nothing, or of a truth the opposite.
func (m *matrix) differs(name, field string, told map[string]seen) bool {
	first := map[string]bool{}
	for _, by := range told {
		for id, fields := range by[name] {
			says := tells(fields[field])
			if other, known := first[id]; known && other != says {
				return true
			}
			first[id] = says
		}
	}
	return false
}

// tells reports whether a value says anything.
func tells(value json.RawMessage) bool {
	return !slices.Contains([]string{"", "null", "[]", "false", "0", `""`}, string(value))
}

func (s seen) telling(name, field string) (n int) {
	for _, fields := range s[name] {
		if tells(fields[field]) {
			n++
		}
	}
	return n
}

var idField = regexp.MustCompile(`"id":"([^"]+)"`)

func (s seen) reached(name, field string) int {
	ids := map[string]bool{}
	for _, fields := range s[name] {
		for _, match := range idField.FindAllSubmatch(fields[field], -1) {
			ids[string(match[1])] = true
		}
	}
	return len(ids)
}

// read asks for all things, as somebody or, for everything, as the program.
func (m *matrix) read(types map[string]string, viewer *access.Viewer, everything bool) seen {
	h := unbound(m.d, m.guarded)
	if everything {
		viewer = &access.Viewer{Member: m.panel.own.InterviewerID, Roles: access.Roles}
		inner := h
		h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inner.ServeHTTP(w, r.WithContext(access.System(r.Context())))
		})
	}
	all := seen{}
	for table, name := range types {
		all[name] = map[string]map[string]json.RawMessage{}
		var fields []string
		for _, field := range m.walk.schema.Types[name].Fields {
			fields = append(fields, m.selection(field))
		}
		for ids := range slices.Chunk(m.all(table), 100) {
			query := fmt.Sprintf("{ nodes(ids: [%s]) { ... on %s { %s } } }", quoted(ids), name, strings.Join(fields, " "))
			answer, _ := ask(m.t, h, viewer, query, "")
			var a struct {
				Data struct {
					Nodes []map[string]json.RawMessage `json:"nodes"`
				} `json:"data"`
				Errors []struct {
					Extensions struct{ Code string }
				} `json:"errors"`
			}
			if err := json.Unmarshal(answer, &a); err != nil || slices.ContainsFunc(a.Errors, func(e struct{ Extensions struct{ Code string } }) bool {
				return e.Extensions.Code != "FORBIDDEN"
			}) {
				m.t.Fatalf("%v\n%.300s\n%.600s", err, query, answer)
			}
			for _, node := range a.Data.Nodes {
				if id := strings.Trim(string(node["id"]), `"`); id != "" {
					all[name][id] = node
				}
			}
		}
	}
	return all
}

// selection asks for a field: the ids of things, and values whole.
func (m *matrix) selection(field *ast.FieldDefinition) string {
	call := bare(m.walk.calls(&ast.Definition{}, field, 0)[0])
	target := m.walk.schema.Types[field.Type.Name()]
	switch {
	case !m.leads(field) && target.IsCompositeType():
		return call + " { " + m.walk.fields(target, 0) + " }"
	case strings.HasSuffix(target.Name, "Connection"):
		return field.Name + "(first: 100) { nodes { id } }"
	case m.leads(field):
		return call + " { id }"
	}
	return call
}

// all are the ids of the things in a table.
func (m *matrix) all(table string) (ids []gid.ID) {
	if table == "audit_entries" && m.recorded != nil {
		return m.recorded
	}
	rows, err := m.d.SQL().QueryContext(access.System(context.Background()), "SELECT id FROM "+table+" ORDER BY id")
	if err != nil {
		m.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id gid.ID
		if err := rows.Scan(&id); err != nil {
			m.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		m.t.Fatal(err)
	}
	return ids
}

// roots asks every field of Query, and every filter, order and search of it.
func (m *matrix) roots() {
	h := unbound(m.d, m.guarded)
	m.section("QUERIES: totals of lists, by each filter and order; of others, what is answered", "")
	for _, field := range m.walk.schema.Query.Fields {
		if strings.HasPrefix(field.Name, "__") || field.Name == "node" || field.Name == "nodes" {
			continue // above
		}
		var ways []string
		calls := map[string][]string{} // way → documents
		list := strings.HasSuffix(field.Type.Name(), "Connection") && field.Type.NonNull &&
			field.Name != "auditEntries" // of which asking makes more
		for _, call := range m.walk.calls(m.walk.schema.Query, field, 0) {
			way := field.Name
			switch narrowed := narrowing.FindStringSubmatch(call); {
			case list && narrowed != nil:
				way += " " + narrowed[1] + " " + narrowed[2]
			case list && aliased.MatchString(call):
				continue // a page of the same
			}
			if calls[way] == nil {
				ways = append(ways, way)
			}
			call = aliased.ReplaceAllString(call, "")
			if list {
				call = bare(call) + " { totalCount }"
			}
			calls[way] = append(calls[way], call)
		}
		for _, way := range ways {
			m.row(way, "", func(a audience) string {
				var answers []string
				total := 0
				for _, call := range calls[way] {
					answer, _ := ask(m.t, h, a.viewer, "{ it: "+call+" }", "")
					n, word := toldOf(m.t, answer)
					total += n
					answers = append(answers, word)
				}
				if list && !slices.Contains(answers, "FORBIDDEN") {
					return fmt.Sprint(total)
				}
				return together(answers)
			})
		}
	}
}

// together is one word for several answers.
func together(answers []string) string {
	no, told := slices.Contains(answers, "FORBIDDEN"), slices.Contains(answers, "told")
	switch {
	case no && told:
		return "partly"
	case told:
		return "told"
	case no:
		return "FORBIDDEN"
	}
	return answers[0]
}

// narrowing finds which argument and field of it a call of the walk narrows by.
var narrowing = regexp.MustCompile(`^\w+_(filterBy|orderBy)_\d+: .*(?:filterBy|orderBy): \{(?:field: )?(\w+)`)

// bare is a call without what it selects.
func bare(call string) string {
	within := 0
	for i, r := range call {
		switch {
		case r == '(':
			within++
		case r == ')':
			within--
		case r == '{' && within == 0:
			return strings.TrimSpace(call[:i])
		}
	}
	return call
}

// aliased is the name that the walk gives a call.
var aliased = regexp.MustCompile(`^\w+_\d+: `)

// toldOf is what an answer to one query comes to: how many there are, and a word.
func toldOf(t *testing.T, answer []byte) (int, string) {
	t.Helper()
	var a struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("%v in %.300s", err, answer)
	}
	if len(a.Errors) > 0 {
		return 0, a.Errors[0].Extensions.Code
	}
	var list struct{ TotalCount int }
	switch value := a.Data["it"]; {
	case !tells(value):
		return 0, "none"
	case json.Unmarshal(value, &list) == nil:
		return list.TotalCount, "told"
	}
	return 0, "told"
}

// dry is a driver whose transactions change nothing: they end as if they had.
type dry struct{ *entsql.Driver }

func (d dry) Tx(ctx context.Context) (dialect.Tx, error) {
	tx, err := d.Driver.Tx(ctx)
	if err != nil {
		return nil, err
	}
	return dryTx{tx.(*entsql.Tx)}, nil
}

type dryTx struct{ *entsql.Tx }

func (tx dryTx) Commit() error { return tx.Rollback() }

// rehearsal serves a contract by which nothing changes.
func rehearsal(d *store.DB, guarded bool) http.Handler {
	s := newService(d)
	s.DB = newClient(dry{d.Driver()}, guarded)
	return serve(s)
}

// outcome is what a mutation that was rehearsed comes to: yes, or the first code
// by which it is refused.
func outcome(t *testing.T, h http.Handler, viewer *access.Viewer, mutation, input string) string {
	t.Helper()
	answer, _ := ask(t, h, viewer, fmt.Sprintf("mutation { it: %s(input: %s) { userErrors { code path } } }", mutation, input), "")
	var a struct {
		Data   map[string]*struct{ UserErrors []struct{ Code string } }
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("%v in %.300s", err, answer)
	}
	switch {
	case len(a.Errors) > 0 && a.Errors[0].Extensions.Code != "FORBIDDEN":
		t.Fatalf("%s(%s): %.400s", mutation, input, answer)
	case len(a.Errors) > 0:
		return a.Errors[0].Extensions.Code
	case len(a.Data["it"].UserErrors) > 0:
		return a.Data["it"].UserErrors[0].Code
	}
	return "yes"
}

// mutations rehearses every mutation, on the things around the panel's
// application: of all inputs that the walk makes up the one that goes furthest.
func (m *matrix) mutations() {
	h := rehearsal(m.d, m.guarded)
	m.section("MUTATIONS: whether they are done, or why not", "")
	for _, field := range m.walk.schema.Mutation.Fields {
		input := m.furthest(h, field)
		allowed := false
		m.row(field.Name, "", func(a audience) string {
			result := outcome(m.t, h, a.viewer, field.Name, input)
			if a.viewer == nil && result != "FORBIDDEN" {
				m.t.Errorf("%s answers %s to who has not signed in", field.Name, result)
			}
			allowed = allowed || result != "FORBIDDEN" && result != "NOT_FOUND"
			return result
		})
		if !allowed {
			m.t.Errorf("%s is for nobody of these: who may do it?", field.Name)
		}
	}
}

// furthest finds the input of a mutation by which somebody of the audiences gets
// furthest.
func (m *matrix) furthest(h http.Handler, field *ast.FieldDefinition) string {
	inputs := m.walk.values("Mutation."+field.Name, "input", field.Arguments[0].Type, 0)
	best, reach := "", -1
	for i := range min(len(inputs), 40) {
		input := inputs[i*len(inputs)/min(len(inputs), 40)]
		for _, a := range m.audiences {
			if !slices.Contains([]string{"admin", "t:recruit"}, a.name) {
				continue
			}
			far := slices.Index([]string{"FORBIDDEN", "NOT_FOUND", "REQUIRED", "INVALID", "", "yes"}, outcome(m.t, h, a.viewer, field.Name, input))
			if far < 0 {
				far = 4
			}
			if far > reach {
				best, reach = input, far
			}
			if reach == 5 {
				return best
			}
		}
	}
	return best
}
