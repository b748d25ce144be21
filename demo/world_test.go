package demo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// stocked is a migrated database with the built-in content, whose ids are the
// same every time.
func stocked() testdb.Template {
	return testdb.Template{Name: "stocked", Prepare: func(ctx context.Context, d *store.DB) error {
		if _, err := store.Migrate(ctx, d); err != nil {
			return err
		}
		clock := func() time.Time { return time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC) }
		service := &hiring.Service{
			Store: d, DB: db.NewClient(db.Driver(d.Driver())), Now: clock,
			IDs: gid.NewGenerator(clock, bytes.NewReader(make([]byte, 1<<20))),
		}
		return service.InstallBuiltin(ctx)
	}}
}

// populated is stocked and has a world of the default size.
func populated() testdb.Template {
	return testdb.Template{Name: "populated", Prepare: func(ctx context.Context, d *store.DB) error {
		if err := stocked().Prepare(ctx, d); err != nil {
			return err
		}
		_, err := demo.Load(ctx, d, demo.Options{})
		return err
	}}
}

func TestLoadMakesTheSameWorldEveryTimeOnBothEngines(t *testing.T) {
	engines := testdb.Engines()
	var first *demo.World
	var want map[string]string
	for _, c := range []struct {
		name   string
		engine testdb.Engine
		many   bool // the way for many applications
	}{
		{"sqlite", engines[0], false},
		{"sqlite, by the way for many", engines[0], true},
		{"postgres", engines[1], false},
		{"postgres, by the way for many", engines[1], true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.engine.Open(t, stocked(), store.Options{})
			before := shape(t, d)
			world, err := demo.LoadVia(context.Background(), d, demo.Options{Applications: 300}, c.many)
			if err != nil {
				t.Fatal(err)
			}
			got := fingerprints(t, d, slices.Sorted(maps.Keys(world.Rows)))
			if first == nil {
				first, want = world, got
			}
			if diff := cmp.Diff(first, world); diff != "" {
				t.Errorf("the world differs from the first (-first +this):\n%s", diff)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows differ from the first load's (-first +this):\n%s", diff)
			}
			for table, rows := range world.Rows {
				if !strings.HasPrefix(got[table], fmt.Sprintf("%d rows ", rows)) {
					t.Errorf("%s: Rows says %d, the table has %s", table, rows, got[table])
				}
			}
			if diff := cmp.Diff(before, shape(t, d)); diff != "" {
				t.Errorf("tables, indexes or keys are not what they were (-before +after):\n%s", diff)
			}
		})
	}
}

func TestAnotherSeedMakesAnotherWorld(t *testing.T) {
	prints := map[string]bool{}
	for seed := uint64(1); seed <= 3; seed++ {
		d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
		if _, err := demo.Load(context.Background(), d, demo.Options{Seed: seed, Applications: 30}); err != nil {
			t.Fatal(err)
		}
		prints[fingerprints(t, d, []string{"candidates"})["candidates"]] = true
	}
	if len(prints) != 3 {
		t.Errorf("3 seeds made %d worlds", len(prints))
	}
}

func TestLoadRefuses(t *testing.T) {
	testdb.EachFrom(t, populated(), func(t *testing.T, d *store.DB) {
		for name, c := range map[string]struct {
			opt  demo.Options
			want string
		}{
			"a database in use": {demo.Options{}, "the database is in use"},
			"a negative size":   {demo.Options{Applications: -1}, "applications: must not be negative"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := demo.Load(context.Background(), d, c.opt)
				if refusal, ok := errors.AsType[*fault.Error](err); !ok || !strings.Contains(refusal.Error(), c.want) {
					t.Errorf("error = %v, want a fault with %q", err, c.want)
				}
			})
		}
	})
	t.Run("a database without content", func(t *testing.T) {
		testdb.Each(t, func(t *testing.T, d *store.DB) {
			_, err := demo.Load(context.Background(), d, demo.Options{})
			if err == nil || !strings.Contains(err.Error(), "lacks built-in content: the level em") {
				t.Errorf("error = %v", err)
			}
		})
	})
}

func TestLoadLeavesNothingBehindWhenItIsStopped(t *testing.T) {
	testdb.EachFrom(t, stocked(), func(t *testing.T, d *store.DB) {
		for _, many := range []bool{false, true} {
			before := shape(t, d)
			ctx, stop := context.WithCancel(context.Background())
			opt := demo.Options{Applications: 400, Progress: func(done, total int) {
				if done > 100 {
					stop()
				}
			}}
			if _, err := demo.LoadVia(ctx, d, opt, many); !errors.Is(err, context.Canceled) {
				t.Errorf("error = %v, want that of the context", err)
			}
			for table, print := range fingerprints(t, d, []string{"openings", "members", "applications"}) {
				if !strings.HasPrefix(print, "0 rows") {
					t.Errorf("%s has %s", table, print)
				}
			}
			if diff := cmp.Diff(before, shape(t, d)); diff != "" {
				t.Errorf("tables, indexes or keys are not what they were (-before +after):\n%s", diff)
			}
		}
	})
}

func TestProgressGrowsToItsTotal(t *testing.T) {
	d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
	last, of := 0, 0
	_, err := demo.Load(context.Background(), d, demo.Options{Applications: 2000, Progress: func(done, total int) {
		if done < last || done > total {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last, of = done, total
	}})
	if err != nil {
		t.Fatal(err)
	}
	if last != of || of < 1900 || of > 2100 {
		t.Errorf("ended with %d of %d, want about 2000", last, of)
	}
}

// fingerprints are of the rows of tables, whatever an engine's way to hand
// values out.
func fingerprints(t *testing.T, d *store.DB, tables []string) map[string]string {
	t.Helper()
	prints := map[string]string{}
	for _, table := range tables {
		hash, count := sha256.New(), 0
		scan(t, d, `SELECT * FROM "`+table+`" ORDER BY 1, 2`, func(row map[string]any) {
			count++
			for _, column := range slices.Sorted(maps.Keys(row)) {
				fmt.Fprintf(hash, "%s=%v;", column, plain(row[column]))
			}
		})
		prints[table] = fmt.Sprintf("%d rows %x", count, hash.Sum(nil)[:8])
	}
	return prints
}

func scan(t *testing.T, d *store.DB, query string, visit func(row map[string]any)) {
	t.Helper()
	rows, err := d.SQL().QueryContext(access.System(t.Context()), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, targets, row := make([]any, len(columns)), make([]any, len(columns)), map[string]any{}
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		for i, c := range columns {
			row[c] = values[i]
		}
		visit(row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// plain is a value as both engines mean it.
func plain(v any) any {
	switch x := v.(type) {
	case []byte:
		return plain(string(x))
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case bool:
		if x {
			return 1
		}
		return 0
	case string:
		var document any
		if strings.ContainsAny(x[:min(1, len(x))], "[{") && json.Unmarshal([]byte(x), &document) == nil {
			canonical, _ := json.Marshal(document)
			return string(canonical)
		}
	}
	return v
}

// shape is everything about the tables but their rows.
func shape(t *testing.T, d *store.DB) (all []string) {
	t.Helper()
	query := "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS text FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1"
	if d.Dialect() == "postgres" {
		query = `SELECT indexdef AS text FROM pg_indexes WHERE schemaname = 'public'
			UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
			UNION ALL SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`
	}
	scan(t, d, query, func(row map[string]any) { all = append(all, fmt.Sprint(plain(row["text"]))) })
	return all
}
