package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Debrief is the meeting over a loop, with the packet as it was when opened.
type Debrief struct{ ent.Schema }

func (Debrief) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Debrief"}, tracked{}} }

func (Debrief) Fields() []ent.Field {
	return []ent.Field{
		ref("loop_id"),
		ref("application_id"),
		optionalRef("opened_by_id"),
		field.Time("opened_at"),
		field.Time("closed_at").Optional().Nillable(),
		field.Text("summary").Default("").Comment("what was said, told when it is closed"),
		field.JSON("packet", json.RawMessage{}).SchemaType(jsonb()).Comment("frozen when opened"),
		field.String("packet_hash").Comment("SHA-256 of the canonical JSON"),
		field.Int("version").Default(1),
	}
}

func (Debrief) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("loop", Loop.Type, "loop_id"),
		belongs("application", Application.Type, "application_id"),
		mayBelong("opened_by", Member.Type, "opened_by_id"),
		edge.From("resolutions", DebriefResolution.Type).Ref("debrief").Annotations(List{"id"}),
	}
}

func (Debrief) Indexes() []ent.Index {
	return []ent.Index{index.Fields("loop_id", "opened_at"), index.Fields("application_id")}
}

// DebriefResolution settles a dispute over one signal.
type DebriefResolution struct{ ent.Schema }

func (DebriefResolution) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "DebriefResolution"}}
}

func (DebriefResolution) Fields() []ent.Field {
	return []ent.Field{
		ref("debrief_id"),
		field.String("signal"),
		field.Text("resolution"),
		optionalRef("recorded_by_id"),
		field.Time("recorded_at"),
	}
}

func (DebriefResolution) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("debrief", Debrief.Type, "debrief_id"),
		mayBelong("recorded_by", Member.Type, "recorded_by_id"),
	}
}

func (DebriefResolution) Indexes() []ent.Index {
	return []ent.Index{index.Fields("debrief_id", "signal").Unique()}
}
