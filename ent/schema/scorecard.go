package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

var recommendations = []string{"STRONG_NO", "NO", "YES", "STRONG_YES"}

// Scorecard is what one interviewer reports of one interview.
type Scorecard struct{ ent.Schema }

func (Scorecard) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Scorecard"}, tracked{}} }

func (Scorecard) Fields() []ent.Field {
	return []ent.Field{
		ref("interview_id"),
		ref("interviewer_id"),
		ref("loop_id"),
		ref("application_id"),
		field.Enum("status").Values("DRAFT", "SUBMITTED", "AMENDED", "VOID"),
		field.Enum("recommendation").Values(recommendations...).Optional().Nillable().Comment("of the current revision"),
		field.Time("due_at").Optional().Nillable(),
		field.Time("submitted_at").Optional().Nillable(),
		field.Bool("is_on_time").Optional().Nillable(),
		field.Bool("is_shadow").Default(false),
		field.Enum("void_reason").Values("NO_SHOW", "CANCELLED", "CONFLICT_OF_INTEREST", "WRONG_CANDIDATE", "CANDIDATE_WITHDREW").Optional().Nillable(),
		field.Text("void_comment").Optional().Nillable().Comment("more about it"),
		field.Bool("is_exposed").Default(false).Comment("the interviewer could see others' cards before this one was assigned"),
		field.Int("revision").Default(0).Comment("number of the current revision, one more with every save; 0 before the first"),
		optionalRef("current_revision_id"),
	}
}

func (Scorecard) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("interview", Interview.Type, "interview_id"),
		belongs("interviewer", Member.Type, "interviewer_id"),
		belongs("loop", Loop.Type, "loop_id"),
		belongs("application", Application.Type, "application_id"),
		edge.From("revisions", ScorecardRevision.Type).Ref("scorecard").Annotations(List{"number"}),
		edge.From("red_flags", RedFlagObservation.Type).Ref("scorecard").Annotations(List{"id"}),
	}
}

func (Scorecard) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("interview_id", "interviewer_id").Unique(),
		index.Fields("application_id", "submitted_at", "id"),
		index.Fields("interviewer_id", "status", "due_at"),
		index.Fields("loop_id", "interviewer_id", "status"),
	}
}

// ScorecardRevision is a scorecard as it stood when it was handed in or amended,
// or as a draft stands. A draft has one, which every save writes anew under the
// next number; submitting freezes it, amending appends.
type ScorecardRevision struct{ ent.Schema }

func (ScorecardRevision) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "ScorecardRevision"}}
}

func (ScorecardRevision) Fields() []ent.Field {
	return []ent.Field{
		ref("scorecard_id"),
		field.Int("number"),
		field.Time("recorded_at"),
		optionalRef("author_id"),
		field.Text("reason").Optional().Nillable().Comment("why it was amended"),
		field.Bool("is_after_reveal").Default(false).Comment("the author could see others' cards by then"),
		field.Enum("recommendation").Values(recommendations...).Optional().Nillable(),
		field.Text("summary").Default(""),
	}
}

func (ScorecardRevision) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("scorecard", Scorecard.Type, "scorecard_id"),
		mayBelong("author", Member.Type, "author_id"),
		edge.From("ratings", SignalRating.Type).Ref("revision").Annotations(List{"position"}),
	}
}

func (ScorecardRevision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("scorecard_id", "number").Unique()}
}
