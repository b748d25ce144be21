package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Location is an office or a region that openings name.
type Location struct{ ent.Schema }

func (Location) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Location"}, tracked{}} }

func (Location) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Annotations(byteOrder()),
		field.String("time_zone").Optional().Nillable().Comment("IANA name"),
	}
}

func (Location) Edges() []ent.Edge {
	return []ent.Edge{edge.From("openings", Opening.Type).Ref("locations")}
}
