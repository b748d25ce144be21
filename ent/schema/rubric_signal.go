package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// RubricSignal is one thing that interviews look for, with the anchors of the
// absolute scale.
type RubricSignal struct{ ent.Schema }

func (RubricSignal) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "RubricSignal"}, tracked{}}
}

func (RubricSignal) Fields() []ent.Field {
	return []ent.Field{
		ref("rubric_version_id"),
		field.Int("position"),
		field.String("key").Comment("stable across versions, never reused for another meaning"),
		field.String("area").Comment("key of an area of the version"),
		field.String("name"),
		field.Text("assesses"),
		field.JSON("anchors", []Anchor{}).SchemaType(jsonb()),
		field.JSON("red_flags", []RedFlag{}).SchemaType(jsonb()),
		field.String("replaces").Optional().Nillable().Comment("key in the version before, when renamed"),
	}
}

// Anchor describes one rating of the scale.
type Anchor struct {
	Rating   int      `json:"rating"`
	Text     string   `json:"text"`
	Examples []string `json:"examples,omitempty"`
}

// RedFlag is something a rubric asks interviewers to watch for.
type RedFlag struct {
	Key      string `json:"key"`
	Severity string `json:"severity"` // NOTE, CAUTION or BLOCKING
	Text     string `json:"text"`
}

func (RubricSignal) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("rubric_version", RubricVersion.Type, "rubric_version_id"),
		edge.From("level_signals", LevelSignal.Type).Ref("signal").Annotations(List{"level_id"}),
	}
}

func (RubricSignal) Indexes() []ent.Index {
	return []ent.Index{index.Fields("rubric_version_id", "key").Unique()}
}
