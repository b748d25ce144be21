package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// kinds has a column of each kind that ent makes, with ent's column types.
func kinds() testdb.Template {
	return testdb.Template{Name: "kinds", Prepare: func(ctx context.Context, db *store.DB) error {
		types := "id uuid PRIMARY KEY, name text, n integer, big integer, yes bool, at datetime, doc json, raw blob, rate real"
		if db.Dialect() == "postgres" {
			types = "id uuid PRIMARY KEY, name varchar, n int, big bigint, yes bool, at timestamptz, doc jsonb, raw bytea, rate float8"
		}
		_, err := db.SQL().ExecContext(ctx, "CREATE TABLE kinds ("+types+")")
		return err
	}}
}

func kindColumns() []string {
	return []string{"id", "name", "n", "big", "yes", "at", "doc", "raw", "rate"}
}

// kind is a row as ent scans it.
type kind struct {
	ID   gid.ID
	Name sql.NullString
	N    sql.NullInt64
	Big  sql.NullInt64
	Yes  sql.NullBool
	At   sql.NullTime
	Doc  []byte
	Raw  []byte
	Rate sql.NullFloat64
}

func readKinds(t *testing.T, db *store.DB) (list []kind) {
	t.Helper()
	rows, err := db.SQL().Query("SELECT id, name, n, big, yes, at, doc, raw, rate FROM kinds ORDER BY id")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var k kind
		must(t, rows.Scan(&k.ID, &k.Name, &k.N, &k.Big, &k.Yes, &k.At, &k.Doc, &k.Raw, &k.Rate))
		if k.At.Valid {
			k.At.Time = k.At.Time.UTC()
		}
		if k.Doc != nil { // engines space JSON differently
			var v any
			must(t, json.Unmarshal(k.Doc, &v))
			k.Doc, err = json.Marshal(v)
			must(t, err)
		}
		list = append(list, k)
	}
	must(t, rows.Err())
	return list
}

type status string

func TestBulkStoresWhatEntWouldStore(t *testing.T) {
	testdb.EachFrom(t, kinds(), func(t *testing.T, db *store.DB) {
		ctx, ids := context.Background(), gid.NewGenerator(nil, nil)
		at := time.Date(2026, 2, 3, 4, 5, 6, 123456789, time.FixedZone("east", 3*3600))
		big := int64(1) << 60
		name := "pointed at"
		rows := [][]any{
			{ids.New(1), "O'Neil \\ \t\n\r \u202e עברית 🙂 \\N", 1, big, true, at, json.RawMessage(`{"a": ["\\", "\n"]}`), []byte{0, 1, '\\'}, 0.1},
			{ids.New(1), status("OPEN"), int32(-1), &big, false, &at, map[string]any{"k": "v"}, []byte("x"), float32(0.5)},
			{ids.New(1), &name, 0, 0, true, at.UTC(), []string{"a", "b"}, []byte(nil), 1e300},
			{ids.New(1), nil, nil, (*int64)(nil), nil, (*time.Time)(nil), json.RawMessage(nil), nil, nil},
			{ids.New(1), "", 0, 0, false, at, struct{ X int }{7}, []byte{255}, 0.0},
		}
		must(t, db.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			bulk, err := db.Bulk(ctx, tx, "kinds", kindColumns())
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := bulk.Add(row...); err != nil {
					return err
				}
			}
			return bulk.Close()
		}))
		bulk := readKinds(t, db)

		// The same rows one by one, with the values that ent gives the driver.
		must(t, exec(db, "DELETE FROM kinds"))
		µs := at.UTC().Truncate(time.Microsecond)
		for i, v := range [][]any{
			{rows[0][1], 1, big, true, µs, []byte(`{"a": ["\\", "\n"]}`), []byte{0, 1, '\\'}, 0.1},
			{"OPEN", -1, big, false, µs, []byte(`{"k":"v"}`), []byte("x"), 0.5},
			{name, 0, 0, true, µs, []byte(`["a","b"]`), nil, 1e300},
			{nil, nil, nil, nil, nil, nil, nil, nil},
			{"", 0, 0, false, µs, []byte(`{"X":7}`), []byte{255}, 0.0},
		} {
			must(t, exec(db, "INSERT INTO kinds VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", append([]any{rows[i][0]}, v...)...))
		}
		single := readKinds(t, db)
		if len(bulk) != len(rows) {
			t.Fatalf("%d rows, want %d", len(bulk), len(rows))
		}
		for i := range bulk {
			if !reflect.DeepEqual(bulk[i], single[i]) {
				t.Errorf("row %d:\n bulk %+v\n ent  %+v", i, bulk[i], single[i])
			}
		}
		if got := bulk[0].At.Time; !got.Equal(µs) {
			t.Errorf("time = %v, want %v", got, µs)
		}
		if got := bulk[0].Name.String; got != rows[0][1] {
			t.Errorf("text = %q, want %q", got, rows[0][1])
		}
		if db.Dialect() == "sqlite3" {
			for column, want := range map[string]string{"doc": "blob", "at": "text", "yes": "integer", "id": "text"} {
				var got string
				must(t, db.SQL().QueryRow("SELECT typeof("+column+") FROM kinds WHERE doc IS NOT NULL").Scan(&got))
				if got != want {
					t.Errorf("%s is stored as %s, want %s as ent does", column, got, want)
				}
			}
		}
	})
}

func TestBulkLeavesTheTransactionUsable(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		must(t, exec(db, "CREATE TABLE parent (id int PRIMARY KEY)"))
		must(t, exec(db, "CREATE TABLE child (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES parent (id))"))
		const many = 12_345 // several buffers and a rest
		must(t, db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			parents, err := db.Bulk(ctx, tx, "parent", []string{"id"})
			if err != nil {
				return err
			}
			children, err := db.Bulk(ctx, tx, "child", []string{"id", "parent_id"})
			if err != nil {
				return err
			}
			for n := range many {
				if err := parents.Add(n); err != nil {
					return err
				}
				if n%1000 == 0 {
					if err := parents.Flush(); err != nil {
						return err
					}
					var have int
					if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM parent WHERE id <= $1", n).Scan(&have); err != nil {
						return err
					}
					if have != n+1 {
						t.Errorf("after a flush %d parents are there, want %d", have, n+1)
					}
					if err := children.Add(n, n); err != nil {
						return err
					}
				}
			}
			if err := parents.Close(); err != nil {
				return err
			}
			return children.Close()
		}))
		var parents, children int
		must(t, db.SQL().QueryRow("SELECT (SELECT count(*) FROM parent), (SELECT count(*) FROM child)").Scan(&parents, &children))
		if parents != many || children != many/1000+1 {
			t.Errorf("%d parents, %d children", parents, children)
		}
	})
}

func TestBulkRefuses(t *testing.T) {
	testdb.EachFrom(t, kinds(), func(t *testing.T, db *store.DB) {
		ids := gid.NewGenerator(nil, nil)
		twice := ids.New(1)
		for name, c := range map[string]struct {
			columns []string
			rows    [][]any
			want    string
		}{
			"no columns":         {nil, nil, "kinds: 0 columns"},
			"a row too short":    {[]string{"id", "name"}, [][]any{{twice}}, "kinds: 1 values for 2 columns"},
			"what is no value":   {[]string{"id", "name"}, [][]any{{twice, func() {}}}, "kinds.name: "},
			"a key twice":        {[]string{"id"}, [][]any{{twice}, {twice}}, "bulk insert into kinds: "},
			"an unknown column":  {[]string{"id", "nowhere"}, [][]any{{twice, 1}}, "bulk insert into kinds: "},
			"a quote in a name":  {[]string{`id", "name`}, [][]any{{twice}}, "bulk insert into kinds: "},
			"JSON that is none ": {[]string{"id", "doc"}, [][]any{{twice, make(chan int)}}, "kinds.doc: "},
		} {
			t.Run(name, func(t *testing.T) {
				err := db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
					bulk, err := db.Bulk(ctx, tx, "kinds", c.columns)
					if err != nil {
						return err
					}
					for _, row := range c.rows {
						if err := bulk.Add(row...); err != nil {
							return err
						}
					}
					err = bulk.Close()
					if again := bulk.Add(twice); err != nil && again != err {
						t.Errorf("after %v Add says %v", err, again)
					}
					return err
				})
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error = %v, want one with %q", err, c.want)
				}
				if name == "a key twice" {
					if _, _, ok := store.IsUniqueViolation(err); !ok {
						t.Errorf("%v hides the violation", err)
					}
				}
				if got := readKinds(t, db); len(got) != 0 {
					t.Errorf("%d rows are left", len(got))
				}
			})
		}
	})
}

func BenchmarkBulk(b *testing.B) {
	for _, e := range testdb.Engines() {
		b.Run(e.Name, func(b *testing.B) {
			db, ids := e.Open(b, kinds(), store.Options{}), gid.NewGenerator(nil, nil)
			at := time.Now()
			b.ReportAllocs()
			b.ResetTimer()
			must(b, db.InTx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				bulk, err := db.Bulk(ctx, tx, "kinds", kindColumns())
				if err != nil {
					return err
				}
				for n := range b.N {
					if err := bulk.Add(ids.New(1), fmt.Sprint("name ", n), n, n, true, at, json.RawMessage(`["a"]`), nil, 0.5); err != nil {
						return err
					}
				}
				return bulk.Close()
			}))
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
