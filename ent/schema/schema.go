// Package schema owns storage: what each noun keeps, as ent fields, edges and
// indexes, one file per noun. It is data only.
//
// It does not own behaviour: what may change and who may see it are decided in
// hiring and internal/access. What clients see is in the folder schema at the
// top. It imports nothing of ours but the id type, so that code generation can
// always run.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"

	"hireloop/internal/gid"
)

// Kind is the annotation that ties an entity to the kind inside its ids; the
// templates generate the node lookup from it.
type Kind struct{ Kind string }

// Name implements schema.Annotation.
func (Kind) Name() string { return "Kind" }

// List is the annotation of a to-many edge that is short and closed: templates
// generate a method that returns all of it, ordered by this column.
type List struct{ OrderBy string }

// Name implements schema.Annotation.
func (List) Name() string { return "List" }

// identified gives an entity its id, of the named kind in package id.
type identified struct {
	mixin.Schema
	kind string
}

func (identified) Fields() []ent.Field {
	return []ent.Field{field.UUID("id", gid.ID{}).Immutable()}
}

func (m identified) Annotations() []schema.Annotation {
	return []schema.Annotation{Kind{m.kind}}
}

// tracked gives an entity the two times by which integrations follow it; both
// are set by hiring from its clock. updated_at is at least the creation.
type tracked struct{ mixin.Schema }

func (tracked) Fields() []ent.Field {
	return []ent.Field{
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
	}
}

func (tracked) Indexes() []ent.Index {
	return []ent.Index{index.Fields("updated_at", "id")}
}

// ref is a foreign key column; optional ones are nil when absent.
func ref(name string) ent.Field { return field.UUID(name, gid.ID{}) }

func optionalRef(name string) ent.Field { return field.UUID(name, gid.ID{}).Optional().Nillable() }

// belongs is the edge over a foreign key column: application → candidate.
// Rows that others refer to cannot be deleted.
func belongs(name string, to any, column string) ent.Edge {
	return edge.To(name, to).Field(column).Unique().Required().
		Annotations(entsql.OnDelete(entsql.NoAction))
}

func mayBelong(name string, to any, column string) ent.Edge {
	return edge.To(name, to).Field(column).Unique().
		Annotations(entsql.OnDelete(entsql.NoAction))
}

// mayFollow is mayBelong to another row of the same table. It names the way
// back too: a unique edge of a type to itself without one would be symmetric,
// like a marriage, and ent would write it into both rows.
func mayFollow(name, back string, same any, column string) ent.Edge {
	return edge.To(back, same).Annotations(entsql.OnDelete(entsql.NoAction)).
		From(name).Field(column).Unique()
}

// byteOrder makes PostgreSQL compare text as SQLite does, byte by byte, so
// that both engines page alike whatever the database's locale.
func byteOrder() schema.Annotation {
	return &entsql.Annotation{Collation: "C"}
}

// jsonb stores structured values that are only read and written whole.
func jsonb() map[string]string { return map[string]string{dialect.Postgres: "jsonb"} }
