package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Seat is one headcount of an opening. Two applications can never fill one
// seat, and one application never fills two.
type Seat struct{ ent.Schema }

func (Seat) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Seat"}, tracked{}} }

func (Seat) Fields() []ent.Field {
	return []ent.Field{
		ref("opening_id"),
		field.Int("number").Comment("from 1 within the opening"),
		field.Enum("status").Values("OPEN", "FILLED", "CLOSED"),
		optionalRef("application_id"),
		field.Bool("is_backfill").Default(false),
		field.Time("target_start_on").Optional().Nillable().Comment("a day, at midnight UTC"),
		field.Time("opened_at"),
		field.Time("filled_at").Optional().Nillable(),
		field.Time("closed_at").Optional().Nillable(),
		field.Text("close_reason").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

func (Seat) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("opening", Opening.Type, "opening_id"),
		mayBelong("application", Application.Type, "application_id"),
	}
}

func (Seat) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("opening_id", "number").Unique(),
		index.Fields("application_id").Unique(),
	}
}
