package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// ExternalReference says which row of another system a row of ours came from.
type ExternalReference struct{ ent.Schema }

func (ExternalReference) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "ExternalReference"}}
}

func (ExternalReference) Fields() []ent.Field {
	return []ent.Field{
		field.String("system").Comment("e.g. greenhouse"),
		field.String("object").Comment("that system's own table name"),
		field.String("external_id"),
		field.UUID("subject_id", gid.ID{}).Comment("our row; any kind"),
		optionalRef("import_run_id"),
	}
}

func (ExternalReference) Edges() []ent.Edge {
	return []ent.Edge{mayBelong("import_run", ImportRun.Type, "import_run_id")}
}

func (ExternalReference) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("system", "object", "external_id").Unique(),
		index.Fields("subject_id"),
	}
}

// ImportRun is one run of an importer and what it reported.
type ImportRun struct{ ent.Schema }

func (ImportRun) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "ImportRun"}} }

func (ImportRun) Fields() []ent.Field {
	return []ent.Field{
		field.String("system"),
		field.Time("started_at"),
		field.Time("finished_at").Optional().Nillable(),
		field.JSON("report", map[string]any{}).SchemaType(jsonb()),
	}
}
