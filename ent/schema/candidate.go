package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Candidate is a person who might be hired.
type Candidate struct{ ent.Schema }

func (Candidate) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "Candidate"}, tracked{}} }

func (Candidate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Annotations(byteOrder()),
		field.String("headline").Optional().Nillable().Comment("how they describe themselves in a line"),
		field.String("company").Optional().Nillable(),
		field.String("location").Optional().Nillable().Comment("as the candidate wrote it"),
		field.JSON("links", []CandidateLink{}).SchemaType(jsonb()),
		field.Strings("tags").SchemaType(jsonb()),
		field.Bool("is_private").Default(false).Comment("seen by administrators and the hiring teams only"),
		field.Text("search_text").Default("").Comment("name, headline and tags, folded: see hiring.SearchText"),
		optionalRef("merged_into_id"),
		field.Bool("is_erased").Default(false).Comment("stands for somebody of whom nothing else is left"),
		optionalRef("member_id"),
		field.Int("version").Default(1),
	}
}

// CandidateLink is a page about the candidate.
type CandidateLink struct {
	Kind string `json:"kind"` // LINKEDIN, GITHUB, WEBSITE or OTHER
	URL  string `json:"url"`
}

func (Candidate) Edges() []ent.Edge {
	return []ent.Edge{
		mayFollow("merged_into", "absorbed", Candidate.Type, "merged_into_id"),
		mayBelong("member", Member.Type, "member_id"),
		edge.From("contacts", CandidateContact.Type).Ref("candidate").Annotations(List{"position"}),
		edge.From("consents", Consent.Type).Ref("candidate").Annotations(List{"given_at"}),
	}
}

func (Candidate) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name", "id"),
		index.Fields("member_id"),
		// search_text is searched by what internal/store derives from it: a
		// trigram index on PostgreSQL, a full-text table on SQLite.
	}
}

// CandidateContact is an e-mail address or a telephone number.
type CandidateContact struct{ ent.Schema }

func (CandidateContact) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{kind: "CandidateContact"}}
}

func (CandidateContact) Fields() []ent.Field {
	return []ent.Field{
		ref("candidate_id"),
		field.Enum("kind").Values("EMAIL", "PHONE"),
		field.Int("position").Comment("the first of its kind is the primary one"),
		field.String("address").Comment("as given"),
		field.String("normalized").Comment("by which duplicates are found"),
	}
}

func (CandidateContact) Edges() []ent.Edge {
	return []ent.Edge{belongs("candidate", Candidate.Type, "candidate_id")}
}

func (CandidateContact) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("candidate_id", "position"),
		index.Fields("kind", "normalized"),
	}
}

// CandidateMerge records that two candidates turned out to be one person, and
// everything the absorbed one had.
type CandidateMerge struct{ ent.Schema }

func (CandidateMerge) Mixin() []ent.Mixin { return []ent.Mixin{identified{kind: "CandidateMerge"}} }

func (CandidateMerge) Fields() []ent.Field {
	return []ent.Field{
		ref("survivor_id"),
		ref("absorbed_id"),
		optionalRef("actor_id"),
		field.Time("merged_at"),
		field.JSON("absorbed", map[string]any{}).SchemaType(jsonb()).Comment("the absorbed candidate as it was"),
	}
}

func (CandidateMerge) Edges() []ent.Edge {
	return []ent.Edge{
		belongs("survivor", Candidate.Type, "survivor_id"),
		belongs("absorbed_candidate", Candidate.Type, "absorbed_id"),
		mayBelong("actor", Member.Type, "actor_id"),
	}
}

func (CandidateMerge) Indexes() []ent.Index {
	return []ent.Index{index.Fields("survivor_id"), index.Fields("absorbed_id").Unique()}
}
