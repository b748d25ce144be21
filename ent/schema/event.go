package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// Event is the feed: one row per committed change, numbered in commit order.
// It refers by id only.
type Event struct{ ent.Schema }

func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Comment("drawn under a lock, so that no smaller one commits later"),
		field.String("type").Comment("e.g. application.advanced"),
		field.UUID("subject_id", gid.ID{}),
		field.UUID("opening_id", gid.ID{}).Optional().Nillable(),
		field.UUID("application_id", gid.ID{}).Optional().Nillable(),
		field.UUID("actor_id", gid.ID{}).Optional().Nillable(),
		field.Time("recorded_at"),
	}
}

func (Event) Indexes() []ent.Index {
	return []ent.Index{index.Fields("opening_id", "id"), index.Fields("application_id", "id")}
}
