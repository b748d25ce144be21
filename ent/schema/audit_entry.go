package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// AuditEntry says who did what to which thing. Rows are only ever added. It
// refers by id and holds no personal data of candidates.
type AuditEntry struct{ ent.Schema }

func (AuditEntry) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "AuditEntry"}} }

func (AuditEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Time("recorded_at"),
		optionalRef("actor_id"),
		field.String("action").Comment("the mutation, e.g. advanceApplication"),
		field.UUID("subject_id", gid.ID{}).Comment("what it was done to; any kind"),
		field.JSON("details", map[string]any{}).SchemaType(jsonb()),
		field.String("request_id").Default(""),
	}
}

func (AuditEntry) Edges() []ent.Edge {
	return []ent.Edge{mayBelong("actor", Member.Type, "actor_id")}
}

func (AuditEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("subject_id", "recorded_at"),
		index.Fields("recorded_at", "id"),
		index.Fields("actor_id", "recorded_at"),
	}
}
