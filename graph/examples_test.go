package graph_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

var exampleHeader = regexp.MustCompile(`(?m)^# (viewer|variables): (.*)$`)

// Every example answers without errors, with something in each list that it
// asks for first. Its header says who asks, and with which variables.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("../examples/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no examples", err)
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			h, n := newHandler(d), named(world.World)
			for _, path := range paths {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
					text, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					header := map[string]string{}
					for _, m := range exampleHeader.FindAllStringSubmatch(string(text), -1) {
						header[m[1]] = m[2]
					}
					answer, _ := ask(t, h, viewerOf(t, d, header["viewer"]), string(text), n.show(t, header["variables"]))
					var a struct {
						Data   map[string]any
						Errors []any
					}
					if err := json.Unmarshal(answer, &a); err != nil {
						t.Fatal(err)
					}
					if len(a.Errors) > 0 {
						t.Fatalf("errors: %v", a.Errors)
					}
					for field, value := range a.Data {
						if object, ok := value.(map[string]any); ok {
							if refusals, ok := object["userErrors"]; ok && len(refusals.([]any)) > 0 {
								t.Errorf("%s was refused: %v", field, refusals)
							}
							if nodes, listed := object["nodes"]; listed && len(nodes.([]any)) == 0 {
								t.Errorf("%s is empty", field)
							}
						}
						if value == nil {
							t.Errorf("%s is null", field)
						}
					}
				})
			}
		})
	}
}
