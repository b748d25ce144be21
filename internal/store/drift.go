package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	atlas "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect/sql/schema"

	entmigrate "hireloop/ent/db/migrate"
)

// Drift is the SQL that would make the tables what this program expects; ""
// when they are. After Migrate it is empty, unless somebody else has changed
// the tables. What a newer program has added is no drift. Nothing is changed.
func Drift(ctx context.Context, d *DB) (string, error) {
	m, err := builtIn(d.dialect)
	if err != nil {
		return "", err
	}
	ahead, err := m.compare(ctx, &revisions{q: d.sql, dialect: d.dialect})
	if err != nil {
		return "", err
	}
	tables, err := schema.CopyTables(entmigrate.Tables) // what plans changes sorts and fills the tables it is given
	if err != nil {
		return "", err
	}
	var wanted bytes.Buffer
	plan, err := schema.NewMigrate(&schema.WriteDriver{Driver: d.Driver(), Writer: &wanted},
		schema.WithDropColumn(!ahead), schema.WithDropIndex(!ahead), schema.WithForeignKeys(true),
		schema.WithDiffHook(keepIndexesOf(m.objects)))
	if err != nil {
		return "", err
	}
	if err := plan.Create(ctx, tables...); err != nil {
		return "", fmt.Errorf("compare the tables with what they should be: %w", err)
	}
	return wanted.String(), nil
}

// keepIndexesOf takes the indexes that the derived objects name out of what is
// to be dropped: ent does not know them.
func keepIndexesOf(objects string) schema.DiffHook {
	return func(next schema.Differ) schema.Differ {
		return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
			changes, err := next.Diff(current, desired)
			if err != nil {
				return nil, err
			}
			var kept []atlas.Change
			for _, c := range changes {
				if table, ok := c.(*atlas.ModifyTable); ok {
					var inner []atlas.Change
					for _, c := range table.Changes {
						if drop, ok := c.(*atlas.DropIndex); !ok || !strings.Contains(objects, drop.I.Name) {
							inner = append(inner, c)
						}
					}
					if table.Changes = inner; len(inner) == 0 {
						continue
					}
				}
				kept = append(kept, c)
			}
			return kept, nil
		})
	}
}
