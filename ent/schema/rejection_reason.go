package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// RejectionReason is why an application ended without a hire, and by whom.
type RejectionReason struct{ ent.Schema }

func (RejectionReason) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "RejectionReason"}, tracked{}}
}

func (RejectionReason) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Annotations(byteOrder()),
		field.Enum("initiator").Values("US", "THEM", "OTHER").Comment("who ended it: the company, the candidate, neither"),
	}
}
