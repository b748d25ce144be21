package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Application is a candidate's way through one opening. Its present stage and
// status are what the corrected history of stage events implies.
type Application struct{ ent.Schema }

func (Application) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "Application"}, tracked{}}
}

func (Application) Fields() []ent.Field {
	return []ent.Field{
		ref("candidate_id"),
		ref("opening_id"),
		optionalRef("source_id"),
		optionalRef("credited_member_id"),
		ref("stage_id"),
		field.Enum("status").Values("ACTIVE", "REJECTED", "WITHDRAWN", "HIRED"),
		field.Time("applied_at"),
		field.Time("stage_entered_at").Comment("when the present or last visit began"),
		field.Time("last_activity_at"),
		field.Time("closed_at").Optional().Nillable().Comment("rejected, withdrawn or hired"),
		optionalRef("rejection_reason_id"),
		optionalRef("applied_level_id"),
		optionalRef("transferred_from_id"),
		field.Int("version").Default(1),
	}
}

func (Application) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("candidate", Candidate.Type, "candidate_id"),
		belongs("opening", Opening.Type, "opening_id"),
		belongs("stage", Stage.Type, "stage_id"),
		mayBelong("source", Source.Type, "source_id"),
		mayBelong("credited_member", Member.Type, "credited_member_id"),
		mayBelong("rejection_reason", RejectionReason.Type, "rejection_reason_id"),
		mayBelong("applied_level", Level.Type, "applied_level_id"),
		mayFollow("transferred_from", "transferred_to", Application.Type, "transferred_from_id"),
		edge.From("stage_events", StageEvent.Type).Ref("application").Annotations(List{"sequence"}),
		edge.From("visits", Visit.Type).Ref("application").Annotations(List{"sequence"}),
		edge.From("loops", Loop.Type).Ref("application").Annotations(List{"created_at"}),
		edge.From("decisions", Decision.Type).Ref("application").Annotations(List{"decided_at"}),
		edge.From("offers", Offer.Type).Ref("application").Annotations(List{"created_at"}),
	}
}

func (Application) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("opening_id", "applied_at", "id"),
		index.Fields("opening_id", "status", "stage_id"),
		index.Fields("candidate_id", "opening_id"),
		index.Fields("status", "applied_at", "id"),
		index.Fields("status", "last_activity_at", "id"),
		index.Fields("applied_at", "id"),
		index.Fields("last_activity_at", "id"),
		index.Fields("source_id"),
		index.Fields("credited_member_id"),
		index.Fields("stage_id"),
	}
}
