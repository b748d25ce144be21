package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// stageKinds are canonical: by them funnels compare across openings whose
// stages are named as each team likes.
var stageKinds = []string{"LEAD", "APPLIED", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}

// Stage is one step of an opening's pipeline.
type Stage struct{ ent.Schema }

func (Stage) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Stage"}} }

func (Stage) Fields() []ent.Field {
	return []ent.Field{
		ref("opening_id"),
		field.Int("position").Comment("from 0; advancing means a greater one"),
		field.String("name"),
		field.Enum("kind").Values(stageKinds...),
		field.Int("sla_days").Optional().Nillable().Comment("an application should not wait longer here"),
	}
}

func (Stage) Edges() []ent.Edge {
	return []ent.Edge{belongs("opening", Opening.Type, "opening_id")}
}

func (Stage) Indexes() []ent.Index {
	return []ent.Index{index.Fields("opening_id", "position").Unique()}
}
