package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Loop is the set of interviews by which one application is assessed, against
// the rubric version that its opening had pinned.
type Loop struct{ ent.Schema }

func (Loop) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Loop"}, tracked{}} }

func (Loop) Fields() []ent.Field {
	return []ent.Field{
		ref("application_id"),
		optionalRef("rubric_version_id"),
		optionalRef("target_level_id"),
		optionalRef("plan_id"),
		field.Enum("status").Values("DRAFT", "ACTIVE", "COMPLETED", "CANCELLED"),
		field.Enum("reveal_policy").Values("OWN_SUBMITTED", "ALL_SUBMITTED", "DEBRIEF_OPENED").Default("OWN_SUBMITTED"),
		field.Text("forced_reason").Optional().Nillable().Comment("why it went ahead without coverage"),
		field.Text("cancel_reason").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

func (Loop) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("application", Application.Type, "application_id"),
		mayBelong("rubric_version", RubricVersion.Type, "rubric_version_id"),
		mayBelong("target_level", Level.Type, "target_level_id"),
		mayBelong("plan", InterviewPlan.Type, "plan_id"),
		edge.From("interviews", Interview.Type).Ref("loop").Annotations(List{"position"}),
		edge.From("debriefs", Debrief.Type).Ref("loop").Annotations(List{"opened_at"}),
		edge.From("decisions", Decision.Type).Ref("loop").Annotations(List{"decided_at"}),
	}
}

func (Loop) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("application_id"),
		index.Fields("reveal_policy"), // access asks whether any loop hides something
	}
}
