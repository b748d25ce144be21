package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// InterviewPlan is the loop that a level calls for, as a template.
type InterviewPlan struct{ ent.Schema }

func (InterviewPlan) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "InterviewPlan"}, tracked{}}
}

func (InterviewPlan) Fields() []ent.Field {
	return []ent.Field{
		ref("level_id"),
		field.String("key").Unique(),
		field.String("name"),
		field.Text("description").Default(""),
	}
}

func (InterviewPlan) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("level", Level.Type, "level_id"),
		edge.From("sessions", InterviewPlanSession.Type).Ref("plan").Annotations(List{"position"}),
	}
}

// InterviewPlanSession is one interview of a plan.
type InterviewPlanSession struct{ ent.Schema }

func (InterviewPlanSession) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "InterviewPlanSession"}}
}

func (InterviewPlanSession) Fields() []ent.Field {
	return []ent.Field{
		ref("plan_id"),
		field.Int("position"),
		field.String("key"),
		field.String("name"),
		field.Int("minutes"),
		field.Strings("seats").SchemaType(jsonb()).Comment("who should sit in it, e.g. product_manager"),
		field.Strings("focus_signals").SchemaType(jsonb()).Comment("signal keys"),
	}
}

func (InterviewPlanSession) Edges() []ent.Edge {
	return []ent.Edge{belongs("plan", InterviewPlan.Type, "plan_id")}
}

func (InterviewPlanSession) Indexes() []ent.Index {
	return []ent.Index{index.Fields("plan_id", "position").Unique()}
}
