package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Level is a rung of a ladder. Equal ranks are tracks side by side; ranks may
// have gaps.
type Level struct{ ent.Schema }

func (Level) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Level"}, tracked{}} }

func (Level) Fields() []ent.Field {
	return []ent.Field{
		ref("ladder_id"),
		field.String("key").Immutable().Comment("stable within the ladder, e.g. senior_em"),
		field.String("name"),
		field.Int("rank"),
		field.String("track").Default("management"),
		field.Bool("hireable").Default(true).Comment("false: reached by promotion only"),
		optionalRef("extends_id"),
		field.Text("scope").Default("").Comment("what a person at this level answers for"),
		field.JSON("external_equivalents", []ExternalEquivalent{}).SchemaType(jsonb()).
			Comment("metadata for readers; never computed with"),
	}
}

// ExternalEquivalent is what another company calls about the same level.
type ExternalEquivalent struct {
	Company string `json:"company"`
	Label   string `json:"label"`
	Note    string `json:"note,omitempty"`
}

func (Level) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("ladder", Ladder.Type, "ladder_id"),
		mayFollow("extends", "extended_by", Level.Type, "extends_id"),
		edge.From("allowing_openings", Opening.Type).Ref("allowed_levels"),
	}
}

func (Level) Indexes() []ent.Index {
	return []ent.Index{index.Fields("ladder_id", "key").Unique()}
}
