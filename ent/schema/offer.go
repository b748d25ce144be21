package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Offer is the company's proposal to a candidate.
type Offer struct{ ent.Schema }

func (Offer) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Offer"}, tracked{}} }

func (Offer) Fields() []ent.Field {
	return []ent.Field{
		ref("application_id"),
		field.Enum("status").Values("DRAFT", "APPROVED", "EXTENDED", "ACCEPTED", "DECLINED", "EXPIRED", "RESCINDED"),
		field.Text("without_decision_reason").Optional().Nillable().Comment("why it was made before a decision to hire"),
		optionalRef("approved_by_id"),
		field.Time("approved_at").Optional().Nillable(),
		field.Time("extended_at").Optional().Nillable(),
		field.Time("resolved_at").Optional().Nillable().Comment("accepted, declined, expired or rescinded"),
		field.Text("resolution_reason").Optional().Nillable().Comment("why it was declined or rescinded"),
		field.Int("version").Default(1),
	}
}

func (Offer) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("application", Application.Type, "application_id"),
		mayBelong("approved_by", Member.Type, "approved_by_id"),
		edge.From("versions", OfferVersion.Type).Ref("offer").Annotations(List{"number"}),
	}
}

func (Offer) Indexes() []ent.Index {
	return []ent.Index{index.Fields("application_id"), index.Fields("status", "resolved_at")}
}

// OfferVersion is the terms of an offer as they once stood.
type OfferVersion struct{ ent.Schema }

func (OfferVersion) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "OfferVersion"}} }

func (OfferVersion) Fields() []ent.Field {
	return []ent.Field{
		ref("offer_id"),
		field.Int("number"),
		optionalRef("level_id"),
		field.Int64("salary").Comment("minor units a year"),
		field.String("currency").Comment("ISO 4217"),
		field.Time("start_on").Optional().Nillable().Comment("a day, at midnight UTC"),
		field.Time("expires_at").Optional().Nillable(),
		field.Text("reason").Optional().Nillable().Comment("why the terms changed, or depart from the decided level"),
		optionalRef("author_id"),
		field.Time("recorded_at"),
	}
}

func (OfferVersion) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("offer", Offer.Type, "offer_id"),
		mayBelong("level", Level.Type, "level_id"),
		mayBelong("author", Member.Type, "author_id"),
	}
}

func (OfferVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("offer_id", "number").Unique()}
}
