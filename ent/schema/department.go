package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Department is a part of the company that hires.
type Department struct{ ent.Schema }

func (Department) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Department"}, tracked{}} }

func (Department) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Annotations(byteOrder()),
		optionalRef("parent_id"),
	}
}

func (Department) Edges() []ent.Edge {
	return []ent.Edge{mayFollow("parent", "children", Department.Type, "parent_id")}
}
