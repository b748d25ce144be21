package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Interview is one session of a loop.
type Interview struct{ ent.Schema }

func (Interview) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Interview"}, tracked{}} }

func (Interview) Fields() []ent.Field {
	return []ent.Field{
		ref("loop_id"),
		field.Int("position"),
		field.String("key").Comment("the focus area, e.g. people_leadership"),
		field.String("name"),
		field.Strings("focus_signals").SchemaType(jsonb()).Comment("signal keys"),
		field.Enum("status").Values("PLANNED", "SCHEDULED", "COMPLETED", "CANCELLED", "NO_SHOW"),
		field.Int("minutes"),
		field.Time("starts_at").Optional().Nillable(),
		field.Time("ends_at").Optional().Nillable(),
		field.Text("cancel_reason").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

func (Interview) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("loop", Loop.Type, "loop_id"),
		edge.From("seats", InterviewSeat.Type).Ref("interview").Annotations(List{"position"}),
		edge.From("scorecards", Scorecard.Type).Ref("interview"),
	}
}

func (Interview) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("loop_id", "position").Unique(),
		index.Fields("starts_at"),
	}
}

// InterviewSeat is a place in an interview and who sits in it.
type InterviewSeat struct{ ent.Schema }

func (InterviewSeat) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "InterviewSeat"}} }

func (InterviewSeat) Fields() []ent.Field {
	return []ent.Field{
		ref("interview_id"),
		field.Int("position"),
		field.String("role").Comment("e.g. designer"),
		optionalRef("member_id"),
		field.Text("vacated_reason").Optional().Nillable().Comment("why the last one in it was taken out, while nobody is"),
		field.Bool("is_shadow").Default(false).Comment("learns; the card never counts"),
	}
}

func (InterviewSeat) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("interview", Interview.Type, "interview_id"),
		mayBelong("member", Member.Type, "member_id"),
	}
}

func (InterviewSeat) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("interview_id", "position").Unique(),
		index.Fields("member_id", "interview_id"),
	}
}
