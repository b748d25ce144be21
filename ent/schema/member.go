package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Member is a person of the company who works with hiring.
type Member struct{ ent.Schema }

func (Member) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Member"}, tracked{}} }

func (Member) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Annotations(byteOrder()),
		field.String("email").Unique().Comment("lower case; links the member to the account by which they first sign in"),
		field.String("title").Optional().Nillable(),
		field.Strings("roles").SchemaType(jsonb()).Comment("access.Role values; what the member may do across openings"),
		field.Time("deactivated_at").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}
