package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Decision is what named people decided about an application, with what the
// evidence said at that moment.
type Decision struct{ ent.Schema }

func (Decision) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Decision"}, tracked{}} }

func (Decision) Fields() []ent.Field {
	return []ent.Field{
		ref("application_id"),
		optionalRef("loop_id"),
		optionalRef("debrief_id"),
		field.Enum("kind").Values("HIRE", "NO_HIRE", "MORE_EVIDENCE"),
		optionalRef("level_id"),
		field.Text("rationale"),
		field.Text("dissent").Default(""),
		field.Bool("is_override").Default(false).Comment("departs from the level fit"),
		field.Text("override_reason").Optional().Nillable(),
		field.JSON("level_fit", json.RawMessage{}).SchemaType(jsonb()).Comment("frozen"),
		field.String("basis_hash").Comment("SHA-256 over rubric, cards, resolutions, confirmations and level fit"),
		field.Time("decided_at"),
	}
}

func (Decision) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("application", Application.Type, "application_id"),
		mayBelong("loop", Loop.Type, "loop_id"),
		mayBelong("debrief", Debrief.Type, "debrief_id"),
		mayBelong("level", Level.Type, "level_id"),
		edge.From("makers", DecisionMaker.Type).Ref("decision").Annotations(List{"id"}),
	}
}

func (Decision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("application_id"), index.Fields("loop_id")}
}

// DecisionMaker is one of the people who decided.
type DecisionMaker struct{ ent.Schema }

func (DecisionMaker) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "DecisionMaker"}} }

func (DecisionMaker) Fields() []ent.Field {
	return []ent.Field{
		ref("decision_id"),
		ref("member_id"),
		field.Bool("is_dissenting").Default(false),
	}
}

func (DecisionMaker) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("decision", Decision.Type, "decision_id"),
		belongs("member", Member.Type, "member_id"),
	}
}

func (DecisionMaker) Indexes() []ent.Index {
	return []ent.Index{index.Fields("decision_id", "member_id").Unique()}
}
