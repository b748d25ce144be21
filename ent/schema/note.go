package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Note is something a member wrote about a candidate.
type Note struct{ ent.Schema }

func (Note) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Note"}, tracked{}} }

func (Note) Fields() []ent.Field {
	return []ent.Field{
		ref("candidate_id"),
		optionalRef("application_id"),
		optionalRef("author_id"),
		field.Enum("visibility").Values("TEAM", "PRIVATE", "ADMIN"),
		field.Text("body"),
		field.Int("version").Default(1),
	}
}

func (Note) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("candidate", Candidate.Type, "candidate_id"),
		mayBelong("application", Application.Type, "application_id"),
		mayBelong("author", Member.Type, "author_id"),
	}
}

func (Note) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("candidate_id", "created_at", "id"),
		index.Fields("application_id", "created_at", "id"),
	}
}
