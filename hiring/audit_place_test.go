package hiring

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/migrate"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Whatever belongs to an application or opening by a column of its own, or by a
// row that it refers to, is placed, in SQL that both engines take: otherwise the
// audit trail would tell of it to everybody who reads the trail.
func TestEveryKindIsPlaced(t *testing.T) {
	placed := map[string]bool{"applications": true, "openings": true}
	kinds := map[string]gid.Kind{}
	for _, kind := range gid.Kinds() {
		opening, _, _ := placeOf(kind, "?")
		for _, table := range migrate.Tables {
			if strings.TrimSuffix(table.Name, "s") == kind.Noun() || strings.TrimSuffix(table.Name, "ies")+"y" == kind.Noun() {
				kinds[table.Name] = kind
				placed[table.Name] = opening != "NULL"
			}
		}
	}
	if len(kinds) < 40 {
		t.Fatalf("found tables of %d kinds only", len(kinds))
	}
	for _, table := range migrate.Tables {
		for _, key := range table.ForeignKeys {
			if to := key.RefTable.Name; placed[to] && kinds[table.Name] != 0 && !placed[table.Name] && to != table.Name && table.Name != auditentry.Table {
				t.Errorf("%s belongs to %s and has no place", table.Name, to)
			}
		}
	}
	testdb.EachFrom(t, testdb.Template{Name: "empty", Prepare: func(ctx context.Context, d *store.DB) error {
		_, err := store.Migrate(ctx, d)
		return err
	}}, func(t *testing.T, d *store.DB) {
		for _, kind := range gid.Kinds() {
			opening, application, loop := placeOf(kind, "$1")
			expressions := slices.DeleteFunc([]string{opening, application, loop}, func(e string) bool { return e == "NULL" || e == "$1" })
			for _, e := range expressions {
				if _, err := d.SQL().Exec("SELECT "+e, gid.NewGenerator(nil, nil).New(kind)); err != nil {
					t.Errorf("%s: %v", kind.Noun(), err)
				}
			}
		}
	})
}
