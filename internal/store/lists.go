package store

import (
	"encoding/json"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"hireloop/internal/gid"
)

// AmongIDs is a condition that column is one of the ids that IDs binds as $n.
func (d *DB) AmongIDs(column string, n int) string { return d.among(column, n, "uuid") }

// AmongTexts is a condition that column is one of the texts that Texts binds as
// $n.
func (d *DB) AmongTexts(column string, n int) string { return d.among(column, n, "text") }

func (d *DB) among(column string, n int, kind string) string {
	if d.dialect == dialect.Postgres {
		return fmt.Sprintf("%s = ANY($%d::%s[])", column, n, kind)
	}
	return fmt.Sprintf("%s IN (SELECT value FROM json_each($%d))", column, n)
}

// Texts is a list to be bound for AmongTexts, as one argument.
func (d *DB) Texts(values []string) any {
	if d.dialect == dialect.Postgres {
		return pq.Array(values)
	}
	text, _ := json.Marshal(values) // strings always marshal
	return string(text)
}

// IDs is a list to be bound for AmongIDs, as one argument.
func (d *DB) IDs(ids []gid.ID) any {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.UUID()
	}
	return d.Texts(texts)
}
