package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// LevelSignal is what one level demands of one signal. Only what differs from
// the extended level need be said; the rest is inherited.
type LevelSignal struct{ ent.Schema }

func (LevelSignal) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "LevelSignal"}} }

func (LevelSignal) Fields() []ent.Field {
	return []ent.Field{
		ref("rubric_signal_id"),
		ref("level_id"),
		field.Enum("mode").Values("INHERIT", "RAISE", "REWEIGHT", "RETIRE", "ADD"),
		field.Int("weight").Comment("of 100 per level; 0 when retired"),
		field.Int("bar").Comment("hundredths of a rating: 275 is 2.75; 0 when retired"),
		field.Bool("must_have").Comment("a gate: missing it cannot be outweighed"),
		field.Int("minimum_raters"),
		field.Text("expectation").Default(""),
		field.String("subsumed_by").Optional().Nillable().Comment("key of the signal that covers a retired one"),
	}
}

func (LevelSignal) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("signal", RubricSignal.Type, "rubric_signal_id"),
		belongs("level", Level.Type, "level_id"),
	}
}

func (LevelSignal) Indexes() []ent.Index {
	return []ent.Index{index.Fields("rubric_signal_id", "level_id").Unique()}
}
