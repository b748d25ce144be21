package store

import (
	"database/sql"
	"encoding/json"
	"errors"
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

// Each scans rows to their end and closes them.
func Each(rows *sql.Rows, scan func() error) error {
	for rows.Next() {
		if err := scan(); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
