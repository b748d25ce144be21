package hireloop_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	gqlast "github.com/vektah/gqlparser/v2/ast"

	"hireloop/ent/db"
	"hireloop/ent/db/migrate"
)

// What people say of themselves lives apart from hiring: nothing there reads it,
// filters, orders or joins by it, at any level. These tests hold that, level by
// level; internal/access holds that no viewer reads a row of it.

const answersTable = "demographic_answers"

// telling finds names of what tells of people's attributes.
var telling = regexp.MustCompile(`(?i)demograph|gender|ethnic|veteran|disabilit|age_?band|eeoc|adverse_?impact|impact_?status`)

func TestNoTableLeadsToDemographics(t *testing.T) {
	there := false
	for _, table := range migrate.Tables {
		for _, key := range table.ForeignKeys {
			if table.Name == answersTable || key.RefTable.Name == answersTable {
				t.Errorf("%s of %s leads to %s", key.Symbol, table.Name, key.RefTable.Name)
			}
		}
		if table.Name == answersTable {
			there = true
			continue
		}
		for _, column := range table.Columns {
			if telling.MatchString(column.Name) || slices.ContainsFunc(column.Enums, telling.MatchString) {
				t.Errorf("%s.%s tells of people's attributes", table.Name, column.Name)
			}
		}
	}
	if !there {
		t.Errorf("there is no table %s", answersTable)
	}
}

func TestNoEntityLeadsToDemographics(t *testing.T) {
	answer := reflect.TypeFor[*db.DemographicAnswer]()
	if _, hasEdges := answer.Elem().FieldByName("Edges"); hasEdges {
		t.Error("answers have edges")
	}
	if answer.Implements(reflect.TypeFor[db.Noder]()) {
		t.Error("answers are nodes")
	}
	entities := 0
	client := reflect.TypeFor[db.Client]()
	for i := range client.NumField() {
		get, isEntity := client.Field(i).Type, false
		if get.Kind() == reflect.Pointer {
			var method reflect.Method
			if method, isEntity = get.MethodByName("Get"); isEntity {
				get = method.Type.Out(0)
			}
		}
		if !isEntity {
			continue
		}
		entities++
		for m := range get.NumMethod() {
			if name := get.Method(m).Name; get != answer && telling.MatchString(name) {
				t.Errorf("%s.%s leads to answers", get.Elem().Name(), name)
			}
		}
		edges, has := get.Elem().FieldByName("Edges")
		for e := 0; has && e < edges.Type.NumField(); e++ {
			if to := edges.Type.Field(e).Type; to == answer || to == reflect.SliceOf(answer) {
				t.Errorf("%s.%s leads to answers", get.Elem().Name(), edges.Type.Field(e).Name)
			}
		}
	}
	if entities < 40 {
		t.Errorf("looked at %d entities only", entities)
	}
}

// What the contract says of attributes is one report about groups, and one
// mutation whose answer tells nothing.
func TestTheContractLeadsToNoAnswer(t *testing.T) {
	paths, err := filepath.Glob("schema/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*gqlast.Source
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &gqlast.Source{Name: path, Input: string(text)})
	}
	contract, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, def := range contract.Types {
		if telling.MatchString(def.Name) {
			found = append(found, string(def.Kind)+" "+def.Name)
			continue // what is in it is reached by what names it only
		}
		for _, field := range def.Fields {
			if telling.MatchString(field.Name) || telling.MatchString(field.Type.Name()) {
				found = append(found, def.Name+"."+field.Name)
				continue
			}
			for _, argument := range field.Arguments {
				if telling.MatchString(argument.Name) || telling.MatchString(argument.Type.Name()) {
					found = append(found, def.Name+"."+field.Name+"("+argument.Name+")")
				}
			}
		}
		for _, value := range def.EnumValues {
			if telling.MatchString(value.Name) {
				found = append(found, def.Name+"."+value.Name)
			}
		}
	}
	slices.Sort(found)
	want := []string{
		"ENUM AdverseImpactStatus", "ENUM DemographicAttribute",
		"INPUT_OBJECT DemographicAnswerInput", "INPUT_OBJECT RecordDemographicsInput",
		"Mutation.recordDemographics",
		"OBJECT AdverseImpact", "OBJECT AdverseImpactRow", "OBJECT RecordDemographicsPayload",
		"Query.adverseImpact",
	}
	if !slices.Equal(found, want) {
		t.Errorf("the contract tells of attributes by\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
	for name, want := range map[string]string{
		"RecordDemographicsPayload": "applicationId userErrors",
		"AdverseImpact":             "basis attribute stage reference minimumGroup suppressedGroups rows",
		"AdverseImpactRow":          "group status applicants selected selectionRate impactRatio ratioInterval fisherP z flipFlop",
	} {
		var fields []string
		for _, field := range contract.Types[name].Fields {
			fields = append(fields, field.Name)
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("%s tells %q, want %q", name, got, want)
		}
	}
	var arguments []string
	for _, argument := range contract.Query.Fields.ForName("adverseImpact").Arguments {
		arguments = append(arguments, argument.Name)
	}
	if got := strings.Join(arguments, " "); got != "attribute from to stage" {
		t.Errorf("adverseImpact can be asked by %q: whatever else could be chosen could be taken away from something", got)
	}
}

// Answers are named by these files, and in SQL by themselves: nothing is joined
// with them.
func TestFewFilesNameDemographics(t *testing.T) {
	allowed := map[string]string{
		"ent/schema/demographic_answer.go":       "keeps them",
		"hiring/demographic_answer.go":           "records them",
		"hiring/adverse_impact_groups.go":        "reads them for that",
		"hiring/audit_change.go":                 "keeps them out of the audit trail",
		"internal/access/policy.go":              "walls them off",
		"internal/personal/table.go":             "says what erasure leaves of them",
		"interchange/demographics.go":            "imports them",
		"demo/demographics.go":                   "makes them up",
		"demo/write_tables.go":                   "writes what it made up",
		"demo/write.go":                          "writes what it made up",
		"interchange/greenhouse/demographics.go": "reads them from an export",
		"internal/gid/kind.go":                   "names their ids",
		"interchange/interchangetest/story.go":   "shows tests what an import made",
	}
	names := regexp.MustCompile(`DemographicAnswer|demographicAnswers|\bdemographic_answers\b`)
	joins := regexp.MustCompile(`(?is)\bjoin\b|\bin\s*\(\s*select\b|\bexists\b|\border by\b|\bunion\b|,\s*demographic_answers`)
	seen := map[string]bool{}
	for _, f := range ours(t) {
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			name := ""
			switch n := n.(type) {
			case *ast.Ident:
				name = n.Name
			case *ast.BasicLit:
				name, _ = strconv.Unquote(n.Value)
			}
			if !names.MatchString(name) || strings.HasPrefix(name, "MaxDemographicAnswer") || strings.HasPrefix(name, "DemographicAnswerInput") {
				return true
			}
			seen[f.path] = true
			if allowed[f.path] == "" {
				t.Errorf("%s names %.60s", f.fset.Position(n.Pos()), name)
			}
			if strings.Contains(name, answersTable) && joins.MatchString(name) && f.dir != "interchange/interchangetest" {
				t.Errorf("%s joins answers with something: %s", f.fset.Position(n.Pos()), name)
			}
			return true
		})
	}
	for path := range allowed {
		if !seen[path] {
			t.Errorf("%s does not name answers any more: take it off the list", path)
		}
	}
}
