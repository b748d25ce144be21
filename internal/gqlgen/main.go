// Package main runs gqlgen over schema/ as gqlgen.yml says, and lets it write
// append.generated.go too: the functions by which internal/gqlappend answers.
// It owns the template of that file. It is run by go generate; see gen.go.
package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"log"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

func main() {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		log.Fatal("gqlgen: ", err)
	}
	if err := api.Generate(cfg, api.AddPlugin(appending{})); err != nil {
		log.Fatal("gqlgen: ", err)
	}
}

//go:embed append.gotpl
var text string

// appending is the plugin of gqlgen that writes append.generated.go.
type appending struct{}

func (appending) Name() string { return "appending" }

// GenerateCode writes an append function for every type that an answer can hold.
func (appending) GenerateCode(data *codegen.Data) error {
	a := answer{Data: data}
	for _, object := range data.Objects {
		if strings.HasPrefix(object.Name, "__") || object.Stream {
			continue
		}
		a.Written = append(a.Written, object)
		for _, field := range object.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			if field.IsMap() || field.IsBatch() || field.HasHaser || len(field.ImplDirectives()) > 0 || field.TypeReference.IsRoot {
				return fmt.Errorf("%s.%s: append.gotpl cannot do what it needs", object.Name, field.Name)
			}
			if err := a.add(field.TypeReference); err != nil {
				return fmt.Errorf("%s.%s: %w", object.Name, field.Name, err)
			}
		}
	}
	slices.SortFunc(a.Types, func(x, y *config.TypeReference) int { return strings.Compare(x.UniquenessKey(), y.UniquenessKey()) })
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.DirName, "append.generated.go"),
		Data:            a,
		Template:        text,
		Funcs:           map[string]any{"append": appender},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
		PruneOptions:    data.Config.GetPruneOptions(),
	})
}

// answer is what the template is given.
type answer struct {
	*codegen.Data
	Written []*codegen.Object
	Types   []*config.TypeReference // of all fields, and of their elements
}

func (a *answer) add(t *config.TypeReference) error {
	if slices.ContainsFunc(a.Types, func(known *config.TypeReference) bool { return known.UniquenessKey() == t.UniquenessKey() }) {
		return nil
	}
	if t.IsPtrToSlice() || t.IsPtrToIntf() || t.IsPtrToPtr() || t.HasEnumValues() {
		return fmt.Errorf("append.gotpl cannot write a %s", t.GO)
	}
	a.Types = append(a.Types, t)
	if t.IsSlice() {
		return a.add(t.Elem())
	}
	return nil
}

// appender is what appends v, a scalar or enum of type t, to a buffer: AppendGQL
// beside its MarshalGQL, or AppendX beside its MarshalX. It is "" when there is
// none; t then marshals itself.
func appender(t *config.TypeReference, v string) string {
	if t.IsMarshaler {
		if method, _, _ := types.LookupFieldOrMethod(t.GO, true, nil, "AppendGQL"); method != nil {
			return v + ".AppendGQL(w.Buf)"
		}
		return ""
	}
	name, ok := strings.CutPrefix(t.Marshaler.Name(), "Marshal")
	if !ok {
		return ""
	}
	if t.Marshaler.Pkg().Path() == "github.com/99designs/gqlgen/graphql" {
		if !slices.Contains([]string{"Boolean", "Int", "String"}, name) {
			return ""
		}
		return fmt.Sprintf("gqlappend.%s(w.Buf, %s)", name, v)
	}
	if f, ok := t.Marshaler.Pkg().Scope().Lookup("Append" + name).(*types.Func); ok {
		return fmt.Sprintf("%s(w.Buf, %s)", templates.Call(f), v)
	}
	return ""
}
