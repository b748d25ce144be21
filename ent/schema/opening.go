package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Opening is a role that the company hires for, with one seat per headcount.
type Opening struct{ ent.Schema }

func (Opening) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Opening"}, tracked{}} }

func (Opening) Fields() []ent.Field {
	return []ent.Field{
		field.String("title").Annotations(byteOrder()),
		field.Enum("status").Values("DRAFT", "OPEN", "PAUSED", "FILLED", "CANCELLED"),
		field.String("requisition").Optional().Nillable().Comment("the company's own number"),
		field.Text("description").Default(""),
		optionalRef("department_id"),
		optionalRef("target_level_id"),
		field.Enum("archetype").Values("TECH_LEAD", "TEAM_LEAD", "DELIVERY", "PRODUCT", "LEAD_OF_LEADS").Optional().Nillable(),
		field.Enum("workplace_type").Values("ONSITE", "HYBRID", "REMOTE").Optional().Nillable(),
		field.Enum("employment_type").Values("FULL_TIME", "PART_TIME", "CONTRACT", "INTERN").Optional().Nillable(),
		field.Int64("pay_minimum").Optional().Nillable().Comment("minor units a year"),
		field.Int64("pay_maximum").Optional().Nillable().Comment("minor units a year"),
		field.String("pay_currency").Optional().Nillable().Comment("ISO 4217"),
		field.Bool("is_confidential").Default(false),
		field.Bool("is_critical").Default(false),
		optionalRef("rubric_version_id"),
		field.Time("opened_at").Optional().Nillable().Comment("first opened"),
		field.Time("paused_at").Optional().Nillable().Comment("since when, while PAUSED"),
		field.Text("pause_reason").Optional().Nillable().Comment("why, while PAUSED"),
		field.Time("closed_at").Optional().Nillable().Comment("filled or cancelled"),
		field.Text("close_reason").Optional().Nillable(),
		field.Int("version").Default(1),
	}
}

func (Opening) Edges() []ent.Edge {
	return []ent.Edge{
		mayBelong("department", Department.Type, "department_id"),
		mayBelong("target_level", Level.Type, "target_level_id"),
		mayBelong("rubric_version", RubricVersion.Type, "rubric_version_id"),
		edge.To("allowed_levels", Level.Type).Annotations(List{"rank"}),
		edge.To("locations", Location.Type).Annotations(List{"name"}),
		edge.From("stages", Stage.Type).Ref("opening").Annotations(List{"position"}),
		edge.From("seats", Seat.Type).Ref("opening").Annotations(List{"number"}),
		edge.From("hiring_team", HiringTeamMember.Type).Ref("opening").Annotations(List{"id"}),
	}
}

func (Opening) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("status", "opened_at", "id"),
		index.Fields("department_id"),
		index.Fields("target_level_id"),
		index.Fields("title", "id"),
		index.Fields("is_confidential").Annotations(entsql.IndexWhere("is_confidential")), // which access asks for
	}
}
