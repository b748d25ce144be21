package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"hireloop/internal/gid"
)

// DemographicAnswer is what somebody who applied said of themselves. It lives
// apart: it names the application by its id and has no edge, no row refers to it,
// and it is no node, so that nothing in hiring leads to it or can be joined,
// filtered or ordered by it. It is read in one place only, for figures of groups.
type DemographicAnswer struct{ ent.Schema }

func (DemographicAnswer) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", gid.ID{}).Immutable(),
		field.UUID("application_id", gid.ID{}).Immutable().Comment("no foreign key, on purpose"),
		field.Enum("attribute").Immutable().
			Values("GENDER", "RACE_ETHNICITY", "VETERAN_STATUS", "DISABILITY_STATUS", "AGE_BAND"),
		field.String("answer").Optional().Nillable().Comment("in their own words; absent: asked, and declined to say"),
		field.Time("recorded_at"),
		field.String("former_answer").Optional().Nillable().Comment("what counts until the quarter in which another took its place is over"),
		field.Time("former_at").Optional().Nillable().Comment("when that was recorded"),
	}
}

func (DemographicAnswer) Indexes() []ent.Index {
	return []ent.Index{index.Fields("application_id", "attribute").Unique()}
}
