package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

var historyQuality = []string{"RECORDED", "DERIVED", "INFERRED"}

// StageEvent is one thing that happened to an application. Rows are only ever
// added: a mistake is mended by a CORRECT event that names the one it mends.
type StageEvent struct{ ent.Schema }

func (StageEvent) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "StageEvent"}} }

func (StageEvent) Fields() []ent.Field {
	return []ent.Field{
		ref("application_id"),
		field.Int("sequence").Comment("from 1, in the order of recording"),
		field.Enum("kind").Values("ENTER", "REOPEN", "REJECT", "WITHDRAW", "CORRECT"),
		optionalRef("stage_id"),
		field.Time("occurred_at").Comment("when it happened"),
		field.Time("recorded_at").Comment("when we learnt of it"),
		optionalRef("actor_id"),
		field.Text("reason").Optional().Nillable(),
		optionalRef("rejection_reason_id"),
		optionalRef("corrects_id"),
		field.Enum("corrected_kind").Values("ENTER", "REOPEN", "REJECT", "WITHDRAW").Optional().Nillable().
			Comment("of a CORRECT event: what really happened; absent when nothing did"),
		field.Enum("quality").Values(historyQuality...).Default("RECORDED"),
	}
}

func (StageEvent) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("application", Application.Type, "application_id"),
		mayBelong("stage", Stage.Type, "stage_id"),
		mayBelong("actor", Member.Type, "actor_id"),
		mayBelong("rejection_reason", RejectionReason.Type, "rejection_reason_id"),
		mayFollow("corrects", "corrected_by", StageEvent.Type, "corrects_id"),
	}
}

func (StageEvent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("application_id", "sequence").Unique(),
		index.Fields("corrects_id").Unique(),
		index.Fields("recorded_at", "id"),
	}
}
