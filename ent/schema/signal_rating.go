package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SignalRating is one signal's rating on the absolute scale, with its evidence,
// or why there is none.
type SignalRating struct{ ent.Schema }

func (SignalRating) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "SignalRating"}} }

func (SignalRating) Fields() []ent.Field {
	return []ent.Field{
		ref("revision_id"),
		field.Int("position"),
		field.String("signal").Comment("key"),
		field.Int("rating").Optional().Nillable(),
		field.Enum("not_assessed").Values("NO_TIME", "NOT_ASKED", "NO_SIGNAL", "CONFLICT").Optional().Nillable(),
		field.Text("evidence").Default(""),
		field.Enum("evidence_kind").Values("OBSERVED", "CLAIMED", "ARTEFACT").Optional().Nillable(),
		field.Bool("is_unplanned").Default(false).Comment("outside the interview's focus; it counts"),
	}
}

func (SignalRating) Edges() []ent.Edge {
	return []ent.Edge{belongs("revision", ScorecardRevision.Type, "revision_id")}
}

func (SignalRating) Indexes() []ent.Index {
	return []ent.Index{index.Fields("revision_id", "signal").Unique()}
}

func (SignalRating) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"rating_or_reason": "(rating IS NULL OR not_assessed IS NULL)", // neither in drafts only
	})}
}

// RedFlagObservation is a red flag of the rubric that an interviewer saw.
type RedFlagObservation struct{ ent.Schema }

func (RedFlagObservation) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "RedFlagObservation"}}
}

func (RedFlagObservation) Fields() []ent.Field {
	return []ent.Field{
		ref("scorecard_id"),
		field.String("signal"),
		field.String("red_flag").Comment("key"),
		field.Enum("severity").Values("NOTE", "CAUTION", "BLOCKING"),
		field.Text("evidence"),
		field.Time("observed_at"),
		field.Int("since_revision").Comment("number of the revision that first reports it"),
		field.Int("until_revision").Optional().Nillable().Comment("number of the revision that no longer does"),
		optionalRef("confirmed_by_id"),
		field.Time("confirmed_at").Optional().Nillable(),
		optionalRef("dismissed_by_id"),
		field.Time("dismissed_at").Optional().Nillable(),
		field.Text("dismissal_reason").Optional().Nillable().Comment("why it does not hold"),
	}
}

func (RedFlagObservation) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("scorecard", Scorecard.Type, "scorecard_id"),
		mayBelong("confirmed_by", Member.Type, "confirmed_by_id"),
		mayBelong("dismissed_by", Member.Type, "dismissed_by_id"),
	}
}

func (RedFlagObservation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("scorecard_id", "red_flag", "since_revision").Unique()}
}
