package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ApiKey lets a program act for a member. Its secret is not kept, only a digest
// by which the secret is known again.
type ApiKey struct{ ent.Schema }

func (ApiKey) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "ApiKey"}, tracked{}} }

func (ApiKey) Fields() []ent.Field {
	return []ent.Field{
		ref("member_id"),
		field.String("name").Annotations(byteOrder()),
		field.Enum("scope").Values("READ", "WRITE"),
		field.Strings("roles").SchemaType(jsonb()).Comment("access.Role values; it acts with those of them that the member has"),
		field.Bytes("digest").Sensitive().Comment("SHA-256 of the secret"),
		field.Bytes("previous_digest").Optional().Nillable().Sensitive().Comment("of the secret before the last rotation"),
		field.Time("previous_secret_until").Optional().Nillable(),
		field.Time("expires_at"),
		field.Time("rotated_at").Optional().Nillable(),
		field.Time("last_used_at").Optional().Nillable().Comment("written every few minutes at most"),
		field.Time("revoked_at").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

func (ApiKey) Edges() []ent.Edge { return []ent.Edge{belongs("member", Member.Type, "member_id")} }

func (ApiKey) Indexes() []ent.Index { return []ent.Index{index.Fields("member_id")} }
