package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// AuditEntry says who did, read or was refused what, when and from where. Rows
// are only ever added, none is taken away. It refers by id and holds no personal
// data of candidates, so that an erasure has nothing to do here.
type AuditEntry struct{ ent.Schema }

func (AuditEntry) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "AuditEntry"}} }

func (AuditEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Time("recorded_at"),
		field.Enum("kind").Values("WRITE", "READ", "EXPORT", "REFUSAL").Default("WRITE"),
		field.UUID("actor_id", gid.ID{}).Optional().Nillable().Comment("absent for what the program itself did"),
		field.UUID("api_key_id", gid.ID{}).Optional().Nillable().Comment("by which a program asked for the actor"),
		field.String("action").Comment("the mutation, e.g. advanceApplication, or what was read"),
		field.UUID("subject_id", gid.ID{}).Optional().Nillable().Comment("what it was done to; any kind, and perhaps gone by now"),
		field.JSON("details", map[string]any{}).SchemaType(jsonb()).Comment("ids, states and numbers"),
		field.JSON("changes", []AuditChange{}).SchemaType(jsonb()),
		field.String("address").Default("").Comment("of the network, from where"),
		field.String("request_id").Default(""),
		field.Bytes("digest").Comment("SHA-256 over all of the above"),

		// By what the rule of access finds who may know of it.
		optionalRef("opening_id"),
		optionalRef("application_id"),
		field.UUID("loop_id", gid.ID{}).Optional().Nillable().Comment("of which it tells what was reported or decided"),
	}
}

// AuditChange is one field of a row that a use case changed. Values are as
// clients see them; fields that may hold personal data or prose have none.
type AuditChange struct {
	Noun     string  `json:"noun"`         // of the row, e.g. seat
	RowID    *gid.ID `json:"id,omitempty"` // nil when many rows of the noun became the same
	Field    string  `json:"field"`
	Before   *string `json:"before,omitempty"`
	After    *string `json:"after,omitempty"`
	Withheld bool    `json:"isWithheld,omitempty"` // it has changed, and not told from what into what
}

func (AuditEntry) Edges() []ent.Edge {
	return []ent.Edge{mayBelong("actor", Member.Type, "actor_id")}
}

func (AuditEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("subject_id", "recorded_at"),
		index.Fields("recorded_at", "id"),
		index.Fields("actor_id", "recorded_at"),
		index.Fields("application_id", "recorded_at"),
		index.Fields("opening_id", "recorded_at"),
		index.Fields("api_key_id", "recorded_at"),
	}
}

// AuditLink chains the entries of the audit trail in the order of their commits:
// each hash is over the one before and the digest of an entry, so that whoever
// keeps the last one can tell later whether anything before it was touched. A
// trigger adds them.
type AuditLink struct{ ent.Schema }

func (AuditLink) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Comment("from 1, without a gap"),
		field.UUID("entry_id", gid.ID{}).Unique(),
		field.Bytes("hash"),
	}
}
