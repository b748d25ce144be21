package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// HiringTeamMember says what a member does for an opening.
type HiringTeamMember struct{ ent.Schema }

func (HiringTeamMember) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "HiringTeamMember"}}
}

func (HiringTeamMember) Fields() []ent.Field {
	return []ent.Field{
		ref("opening_id"),
		ref("member_id"),
		field.Enum("role").Values("HIRING_MANAGER", "RECRUITER", "COORDINATOR", "SOURCER", "INTERVIEWER"),
	}
}

func (HiringTeamMember) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("opening", Opening.Type, "opening_id"),
		belongs("member", Member.Type, "member_id"),
	}
}

func (HiringTeamMember) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("opening_id", "role", "member_id").Unique(),
		index.Fields("member_id", "opening_id"),
	}
}
