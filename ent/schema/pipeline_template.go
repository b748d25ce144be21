package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// PipelineTemplate is a list of stages that new openings copy.
type PipelineTemplate struct{ ent.Schema }

func (PipelineTemplate) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "PipelineTemplate"}, tracked{}}
}

func (PipelineTemplate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Annotations(byteOrder()),
		field.Text("description").Default(""),
		field.Bool("is_default").Default(false),
	}
}

func (PipelineTemplate) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("stages", PipelineTemplateStage.Type).Ref("template").Annotations(List{"position"}),
	}
}

// PipelineTemplateStage is one stage of a template.
type PipelineTemplateStage struct{ ent.Schema }

func (PipelineTemplateStage) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "PipelineTemplateStage"}}
}

func (PipelineTemplateStage) Fields() []ent.Field {
	return []ent.Field{
		ref("template_id"),
		field.Int("position"),
		field.String("name"),
		field.Enum("kind").Values(stageKinds...),
		field.Int("sla_days").Optional().Nillable(),
	}
}

func (PipelineTemplateStage) Edges() []ent.Edge {
	return []ent.Edge{belongs("template", PipelineTemplate.Type, "template_id")}
}

func (PipelineTemplateStage) Indexes() []ent.Index {
	return []ent.Index{index.Fields("template_id", "position").Unique()}
}
