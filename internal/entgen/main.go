// Package main runs ent's code generator over ent/schema with the templates of
// ent/template. It owns the list of ent features that the project uses, and
// nothing else. It is run by go generate; see gen.go.
package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("./ent/schema", &gen.Config{
		Target:  "./ent/db",
		Package: "hireloop/ent/db",
		Features: []gen.Feature{
			gen.FeatureIntercept, gen.FeatureModifier, gen.FeatureLock,
			gen.FeatureExecQuery, gen.FeatureVersionedMigration,
		},
	}, entc.TemplateDir("./ent/template"))
	if err != nil {
		log.Fatal("entgen: ", err)
	}
}
