package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// Visit is a stay in one stage, derived from the corrected stage events of its
// application and rewritten whenever they change.
type Visit struct{ ent.Schema }

func (Visit) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Visit"}} }

func (Visit) Fields() []ent.Field {
	return []ent.Field{
		ref("application_id"),
		ref("stage_id"),
		field.Int("sequence").Comment("from 1"),
		field.Time("entered_at"),
		field.Time("exited_at").Optional().Nillable().Comment("absent while the application is there"),
		field.Enum("outcome").Values("ADVANCED", "MOVED_BACK", "REJECTED", "WITHDRAWN", "HIRED").Optional().Nillable(),
		field.JSON("skipped_stage_ids", []gid.ID{}).SchemaType(jsonb()).
			Comment("stages jumped over to get here"),
		field.Enum("quality").Values(historyQuality...).Default("RECORDED"),
	}
}

func (Visit) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("application", Application.Type, "application_id"),
		belongs("stage", Stage.Type, "stage_id"),
	}
}

func (Visit) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("application_id", "sequence").Unique(),
		index.Fields("stage_id", "entered_at"),
	}
}
