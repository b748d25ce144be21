package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// ErasureReceipt says that everything about a person was erased: who did it, when
// and why, and how much there was. Of the person it has the id alone, which names
// nothing any more.
type ErasureReceipt struct{ ent.Schema }

func (ErasureReceipt) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "ErasureReceipt"}}
}

func (ErasureReceipt) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("candidate_id", gid.ID{}).Immutable().Comment("there is no such candidate any more"),
		field.Enum("reason").Immutable().Values("REQUEST", "CONSENT_WITHDRAWN", "RETENTION", "MISTAKE"),
		field.Time("erased_at").Immutable(),
		ref("erased_by_id"),
		field.JSON("counts", map[string]int{}).SchemaType(jsonb()).Immutable().Comment("rows, by table"),
		field.Time("purged_at").Optional().Nillable().Comment("when the database had forgotten it too"),
	}
}

func (ErasureReceipt) Edges() []ent.Edge {
	return []ent.Edge{belongs("erased_by", Member.Type, "erased_by_id")}
}

func (ErasureReceipt) Indexes() []ent.Index {
	return []ent.Index{index.Fields("candidate_id").Unique(), index.Fields("erased_at", "id")}
}

// ErasedReference keeps importers from bringing an erased person back. It knows
// them by the keyed hash of what another system calls them.
type ErasedReference struct{ ent.Schema }

func (ErasedReference) Fields() []ent.Field {
	return []ent.Field{field.String("id").Comment("HMAC-SHA-256 of system, object and external id")}
}
