package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// LegalHold keeps a candidate from being erased, e.g. while a claim is open.
type LegalHold struct{ ent.Schema }

func (LegalHold) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "LegalHold"}} }

func (LegalHold) Fields() []ent.Field {
	return []ent.Field{
		ref("candidate_id"),
		field.Text("reason"),
		field.Time("placed_at"),
		ref("placed_by_id"),
		field.Time("expires_at").Optional().Nillable().Comment("it ends by itself then"),
		field.Time("lifted_at").Optional().Nillable(),
	}
}

func (LegalHold) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("candidate", Candidate.Type, "candidate_id"),
		belongs("placed_by", Member.Type, "placed_by_id"),
	}
}

func (LegalHold) Indexes() []ent.Index {
	return []ent.Index{index.Fields("candidate_id", "placed_at")}
}
