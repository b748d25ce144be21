package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Source is where candidates come from.
type Source struct{ ent.Schema }

func (Source) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Source"}, tracked{}} }

func (Source) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Annotations(byteOrder()),
		field.Enum("kind").Values("INBOUND", "JOB_BOARD", "REFERRAL", "SOURCED", "AGENCY", "INTERNAL", "OTHER"),
	}
}
