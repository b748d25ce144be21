package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// RubricVersion is one edition of a ladder's rubric: immutable and hashed once
// published.
type RubricVersion struct{ ent.Schema }

func (RubricVersion) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "RubricVersion"}, tracked{}}
}

func (RubricVersion) Fields() []ent.Field {
	return []ent.Field{
		ref("ladder_id"),
		field.String("semver").Comment("1.0.0; what changed says which part moves"),
		field.Enum("status").Values("DRAFT", "PUBLISHED", "RETIRED"),
		optionalRef("supersedes_id"),
		field.JSON("areas", []RubricArea{}).SchemaType(jsonb()),
		field.JSON("level_settings", []RubricLevelSetting{}).SchemaType(jsonb()),
		field.Int("scale_max").Default(4).Comment("ratings run from 1 to this"),
		field.Text("notes").Default(""),
		field.String("content_hash").Optional().Nillable().Comment("SHA-256 of the canonical JSON, set by publishing"),
		field.Time("published_at").Optional().Nillable(),
		field.Time("retired_at").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

// RubricArea groups signals.
type RubricArea struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// RubricLevelSetting is what a version says of a level as a whole.
type RubricLevelSetting struct {
	LevelKey        string `json:"levelKey"`
	CoverageMinimum int    `json:"coverageMinimum"` // percent of the weight that must be assessed
}

func (RubricVersion) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("ladder", Ladder.Type, "ladder_id"),
		mayFollow("supersedes", "superseded_by", RubricVersion.Type, "supersedes_id"),
		edge.From("signals", RubricSignal.Type).Ref("rubric_version").Annotations(List{"position"}),
	}
}

func (RubricVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("ladder_id", "semver").Unique()}
}
