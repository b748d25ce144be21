package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Consent is what a candidate agreed to. A row stays as it was given; agreeing
// anew is another row.
type Consent struct{ ent.Schema }

func (Consent) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Consent"}} }

func (Consent) Fields() []ent.Field {
	return []ent.Field{
		ref("candidate_id"),
		field.Enum("purpose").Values("PROCESSING", "TALENT_POOL"),
		field.String("source").Comment("where they said so"),
		field.Time("given_at"),
		field.Time("expires_at").Optional().Nillable(),
		field.Time("withdrawn_at").Optional().Nillable(),
		ref("recorded_by_id"),
	}
}

func (Consent) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("candidate", Candidate.Type, "candidate_id"),
		belongs("recorded_by", Member.Type, "recorded_by_id"),
	}
}

func (Consent) Indexes() []ent.Index {
	return []ent.Index{index.Fields("candidate_id", "given_at")}
}
