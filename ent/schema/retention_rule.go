package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// RetentionRule says how long people are kept. Without rules nobody is erased.
type RetentionRule struct{ ent.Schema }

func (RetentionRule) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "RetentionRule"}, tracked{}}
}

func (RetentionRule) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("since").Values("APPLICATION_ENDED", "CONSENT_ENDED", "RECORDED"),
		optionalRef("rejection_reason_id"),
		field.Int("months"),
	}
}

func (RetentionRule) Edges() []ent.Edge {
	return []ent.Edge{mayBelong("rejection_reason", RejectionReason.Type, "rejection_reason_id")}
}

func (RetentionRule) Indexes() []ent.Index {
	return []ent.Index{index.Fields("since", "rejection_reason_id").Unique()}
}
