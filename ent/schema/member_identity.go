package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// MemberIdentity is an account by which a member signs in: a subject of an
// OpenID Connect issuer, as its tokens name it.
type MemberIdentity struct{ ent.Schema }

func (MemberIdentity) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "MemberIdentity"}} }

func (MemberIdentity) Fields() []ent.Field {
	return []ent.Field{
		ref("member_id"),
		field.String("issuer"),
		field.String("subject"),
		field.Time("linked_at"),
	}
}

func (MemberIdentity) Edges() []ent.Edge {
	return []ent.Edge{belongs("member", Member.Type, "member_id")}
}

func (MemberIdentity) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("issuer", "subject").Unique(),
		index.Fields("member_id", "issuer").Unique(), // whoever has the address later is not the member
	}
}
