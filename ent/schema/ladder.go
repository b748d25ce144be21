package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Ladder is a job family with its levels.
type Ladder struct{ ent.Schema }

func (Ladder) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Ladder"}, tracked{}} }

func (Ladder) Fields() []ent.Field {
	return []ent.Field{
		field.String("key").Unique().Immutable().Comment("stable, e.g. engineering_management"),
		field.String("name"),
		field.Text("description").Default(""),
	}
}

func (Ladder) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("levels", Level.Type).Ref("ladder").Annotations(List{"rank"}),
		edge.From("rubric_versions", RubricVersion.Type).Ref("ladder").Annotations(List{"created_at"}),
	}
}
