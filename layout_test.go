package hireloop_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	gqlast "github.com/vektah/gqlparser/v2/ast"
)

// generated are the folders that generators write; nobody edits them.
var generated = []string{"ent/db", "graph/exec", "graph/model"}

func isGenerated(path string) bool {
	return slices.ContainsFunc(generated, func(g string) bool { return path == g || strings.HasPrefix(path, g+"/") })
}

// file is one Go file of ours.
type file struct {
	path string // slash-separated, from the root
	dir  string
	ast  *ast.File
	fset *token.FileSet
}

// ours parses every Go file that is not generated.
func ours(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if d.IsDir() && (isGenerated(path) || strings.HasPrefix(path, ".git") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		files = append(files, file{path: path, dir: filepath.ToSlash(filepath.Dir(path)), ast: parsed, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// forbidden says which imports a package must not have, and why. A package that
// has gone fails too, so that no rule outlives what it was for.
var forbidden = []struct {
	dir     string
	imports []string
	why     string
}{
	{"rubric", pureForbids, "it decides about values: anybody can test it without a database"},
	{"funnel", pureForbids, "it decides about values: anybody can test it without a database"},
	{"calibration", pureForbids, "it decides about values: anybody can test it without a database"},
	{"internal/fault", domain, "everything imports it"},
	{"internal/gid", domain, "everything imports it"},
	{"internal/oidc", append([]string{"hireloop/ent", "hireloop/internal/store", "hireloop/internal/access"}, domain...), "it checks tokens, whoever they are of"},
	{"internal/bearer", append([]string{"hireloop/ent", "hireloop/internal/store", "net/http"}, domain...), "it is the form of a text"},
	{"relay", domain, "it pages any list, whatever is in it"},
	{"internal/gqlhttp", append([]string{"hireloop/ent", "database/sql", "entgo.io"}, domain...), "it serves any schema"},
	{"internal/gqlappend", append([]string{"hireloop/ent", "database/sql", "entgo.io"}, domain...), "it answers for any schema"},
	{"internal/telemetry", append([]string{"hireloop/ent", "hireloop/internal/access", "entgo.io"}, domain...), "it cannot tell what it cannot see"},
	{"ent/schema", append([]string{"hireloop/ent/db", "hireloop/internal/access"}, domain...), "code generation must never be blocked by code that it generates"},
	{"internal/access", []string{"hireloop/hiring", "hireloop/graph"}, "rules stand below what obeys them"},
	{"internal/store", []string{"hireloop/hiring", "hireloop/graph"}, "storage stands below what uses it"},
	{"hiring", []string{"hireloop/graph", "github.com/99designs", "net/http"}, "use cases know no transport"},
	{"internal/reports", []string{"database/sql", "entgo.io", "hireloop/graph/exec", "hireloop/graph/model", "hireloop/internal/store"}, "it shows what hiring answers"},
	{"graph", []string{"database/sql", "hireloop/internal/store", "hireloop/interchange", "hireloop/demo"}, "resolvers translate"},
	{"demo", []string{"hireloop/graph", "github.com/99designs", "net/http"}, "data knows no transport"},
	{"interchange", []string{"hireloop/graph", "github.com/99designs", "net/http"}, "data knows no transport"},
}

var (
	pureForbids = []string{"hireloop/ent", "hireloop/internal/store", "hireloop/hiring", "hireloop/graph", "hireloop/relay", "entgo.io", "github.com/99designs", "database/sql", "context"}
	domain      = []string{"hireloop/rubric", "hireloop/funnel", "hireloop/calibration", "hireloop/hiring", "hireloop/graph", "hireloop/demo", "hireloop/interchange"}
)

func TestImportRules(t *testing.T) {
	files := ours(t)
	for _, rule := range forbidden {
		found := false
		for _, f := range files {
			if f.dir != rule.dir && !strings.HasPrefix(f.dir, rule.dir+"/") || strings.HasSuffix(f.path, "_test.go") {
				continue
			}
			found = true
			for _, spec := range f.ast.Imports {
				imported, _ := strconv.Unquote(spec.Path.Value)
				for _, not := range rule.imports {
					if imported == not || strings.HasPrefix(imported, not+"/") {
						t.Errorf("%s imports %s: %s must not, because %s", f.path, imported, rule.dir, rule.why)
					}
				}
			}
		}
		if !found {
			t.Errorf("there is no package %s any more: drop its rule", rule.dir)
		}
	}
	for _, f := range files {
		for _, spec := range f.ast.Imports {
			if imported, _ := strconv.Unquote(spec.Path.Value); imported == "hireloop/server" {
				t.Errorf("%s imports server: nothing does, it is the program", f.path)
			}
		}
	}
}

// The pure packages have no clock: what they say depends on what they are given.
func TestPurePackagesHaveNoClock(t *testing.T) {
	for _, f := range ours(t) {
		if !slices.Contains([]string{"rubric", "funnel", "calibration"}, f.dir) || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Since" || s.Sel.Name == "Until") {
					t.Errorf("%s uses time.%s: take the time as an argument", f.fset.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
}

// Every package says once what it owns and what it does not.
func TestPackageComments(t *testing.T) {
	comments, packages := map[string][]string{}, map[string]bool{}
	for _, f := range ours(t) {
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		packages[f.dir] = true
		if f.ast.Doc != nil {
			comments[f.dir] = append(comments[f.dir], f.ast.Doc.Text())
		}
	}
	for dir := range packages {
		switch c := comments[dir]; {
		case len(c) != 1:
			t.Errorf("%s has %d package comments, want one", dir, len(c))
		case !strings.Contains(c[0], "own"):
			t.Errorf("the package comment of %s does not say what it owns:\n%s", dir, c[0])
		}
	}
}

// A file's name says what is in it; these say nothing.
func TestFileNames(t *testing.T) {
	meaningless := regexp.MustCompile(`(^|[_/])(utils?|helpers?|common|manager|misc|shared)([_./]|$)`)
	for _, f := range ours(t) {
		if meaningless.MatchString(f.path) {
			t.Errorf("%s: name what it holds", f.path)
		}
	}
}

// The chapter rule: who looks for a noun finds it under the same name in the
// contract and in its resolvers.
func TestChapters(t *testing.T) {
	resolvers, err := filepath.Glob("graph/*.resolvers.go")
	if err != nil || len(resolvers) == 0 {
		t.Fatal("no resolvers", err)
	}
	for _, path := range resolvers {
		noun := strings.TrimSuffix(filepath.Base(path), ".resolvers.go")
		if _, err := os.Stat("schema/" + noun + ".graphql"); err != nil {
			t.Errorf("%s has no chapter in the contract: %v", path, err)
		}
	}
	for _, f := range ours(t) {
		name := strings.TrimSuffix(filepath.Base(f.path), ".go")
		if f.dir != "graph" || strings.HasSuffix(name, "_test") || strings.HasSuffix(name, ".resolvers") {
			continue
		}
		_, err := os.Stat("schema/" + name + ".graphql")
		if err != nil && !slices.Contains([]string{"resolver", "handler", "rights", "filter", "cost"}, name) {
			t.Errorf("%s belongs to no noun of the contract", f.path)
		}
	}
}

// A resolver is one expression, or "call, read again by id, return".
func TestResolversAreShort(t *testing.T) {
	const most = 12
	for _, f := range ours(t) {
		if !strings.HasSuffix(f.path, ".resolvers.go") {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if lines := f.fset.Position(fn.Body.Rbrace).Line - f.fset.Position(fn.Body.Lbrace).Line - 1; lines > most {
				t.Errorf("%s: %s has %d lines, want at most %d: what decides belongs in hiring, what is pure in rubric or funnel",
					f.fset.Position(fn.Pos()), fn.Name.Name, lines, most)
			}
		}
	}
}

// Everything that clients see is described.
func TestContractIsDescribed(t *testing.T) {
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
	undescribed := func(description, format string, args ...any) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("no description: "+format, args...)
		}
	}
	for _, def := range contract.Types {
		if def.BuiltIn || strings.HasPrefix(def.Name, "__") {
			continue
		}
		undescribed(def.Description, "%s", def.Name)
		for _, field := range def.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			undescribed(field.Description, "%s.%s", def.Name, field.Name)
			for _, argument := range field.Arguments {
				undescribed(argument.Description, "%s.%s(%s:)", def.Name, field.Name, argument.Name)
			}
		}
		for _, value := range def.EnumValues {
			undescribed(value.Description, "%s.%s", def.Name, value.Name)
		}
	}
}

// Generated code stands in the generated folders and nowhere else, and git
// knows them.
func TestGeneratedCodeIsMarked(t *testing.T) {
	marker := regexp.MustCompile(`^// Code generated .* DO NOT EDIT\.$`)
	for _, f := range ours(t) {
		for _, group := range f.ast.Comments {
			for _, c := range group.List {
				if c.Pos() < f.ast.Package && marker.MatchString(c.Text) {
					t.Errorf("%s is generated, outside %v", f.path, generated)
				}
			}
		}
	}
	for _, dir := range generated {
		out, err := exec.Command("git", "check-attr", "linguist-generated", dir+"/x.go").Output()
		if err != nil {
			t.Skipf("no git here: %v", err)
		}
		if !strings.HasSuffix(strings.TrimSpace(string(out)), ": true") {
			t.Errorf(".gitattributes does not mark %s as generated: %s", dir, out)
		}
	}
}

// The map of folders in the README is the folders.
func TestReadmeMap(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !strings.Contains(string(text), fmt.Sprintf("`%s/`", e.Name())) {
			t.Errorf("README.md does not say what %s/ is for", e.Name())
		}
	}
}
