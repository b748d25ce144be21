package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	entmigrate "hireloop/ent/db/migrate"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func empty() testdb.Template { return testdb.Template{Name: "empty"} }

// migrated runs Migrate, which must apply so many files.
func migrated(t *testing.T, db *store.DB, want int) {
	t.Helper()
	applied, err := store.Migrate(t.Context(), db)
	must(t, err)
	if applied != want {
		t.Errorf("Migrate applied %d files, want %d", applied, want)
	}
}

func drift(t *testing.T, db *store.DB) string {
	t.Helper()
	wanted, err := store.Drift(t.Context(), db)
	must(t, err)
	return wanted
}

// builtIn are the program's own migrations for db.
func builtIn(t *testing.T, db *store.DB) (files map[string]string, objects string) {
	t.Helper()
	files, objects, err := store.BuiltIn(db.Dialect())
	must(t, err)
	return files, objects
}

// sealed makes a folder of the files, with their checksum.
func sealed(t *testing.T, files map[string]string) fstest.MapFS {
	t.Helper()
	var list []migrate.File
	folder := fstest.MapFS{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, migrate.NewLocalFile(name, []byte(files[name])))
		folder[name] = &fstest.MapFile{Data: []byte(files[name])}
	}
	sum, err := migrate.NewHashFile(list)
	must(t, err)
	text, err := sum.MarshalText()
	must(t, err)
	folder[migrate.HashFileName] = &fstest.MapFile{Data: text}
	return folder
}

// fileOf is the file of a SQLite database.
func fileOf(t *testing.T, db *store.DB) (file string) {
	t.Helper()
	must(t, db.SQL().QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file))
	return file
}

// programs are n programs that have opened the same database.
func programs(t *testing.T, db *store.DB, n int) []*store.DB {
	t.Helper()
	list := slices.Repeat([]*store.DB{db}, n) // to a server, connections are what programs are
	if db.Dialect() == "sqlite3" {
		for i := range list {
			other, err := store.Open(t.Context(), "file:"+fileOf(t, db), store.Options{})
			must(t, err)
			t.Cleanup(func() { must(t, other.Close()) })
			list[i] = other
		}
	}
	return list
}

// atOnce starts all programs together and returns how many files they applied in all.
func atOnce(t *testing.T, list []*store.DB, start func(*store.DB) (int, error)) (applied int) {
	t.Helper()
	counts, errs := make([]int, len(list)), make([]error, len(list))
	var ready, done sync.WaitGroup
	ready.Add(len(list))
	for i, db := range list {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			counts[i], errs[i] = start(db)
		})
	}
	done.Wait()
	must(t, errors.Join(errs...))
	for _, n := range counts {
		applied += n
	}
	return applied
}

func TestMigrateOnce(t *testing.T) {
	testdb.EachFrom(t, empty(), func(t *testing.T, db *store.DB) {
		files, _ := builtIn(t, db)
		pending, err := store.Pending(t.Context(), db)
		must(t, err)
		if want := slices.Sorted(maps.Keys(files)); !slices.Equal(pending, want) {
			t.Errorf("pending on an empty database = %q, want %q", pending, want)
		}
		started := time.Now()
		migrated(t, db, len(files))
		first := time.Since(started)
		started = time.Now()
		migrated(t, db, 0)
		t.Logf("first start %v, second %v", first, time.Since(started))
		if pending, err = store.Pending(t.Context(), db); err != nil || len(pending) > 0 {
			t.Errorf("pending after Migrate = %q, %v, want none", pending, err)
		}
		if wanted := drift(t, db); wanted != "" {
			t.Errorf("ent/schema wants more than the migrations make; run go run ./internal/migrationgen\n%s", wanted)
		}
		if db.Dialect() == "sqlite3" {
			if got := setting(t, db, "foreign_keys"); got != "1" {
				t.Errorf("foreign_keys = %s after Migrate, want 1", got)
			}
		}
	})
}

func TestOneOfManyStartsMigrates(t *testing.T) {
	for name, n := range map[string]int{"two": 2, "eight": 8} {
		t.Run(name, func(t *testing.T) {
			testdb.EachFrom(t, empty(), func(t *testing.T, db *store.DB) {
				files, _ := builtIn(t, db)
				applied := atOnce(t, programs(t, db, n), func(db *store.DB) (int, error) {
					return store.Migrate(t.Context(), db)
				})
				if applied != len(files) {
					t.Errorf("%d files were applied, want %d", applied, len(files))
				}
				if wanted := drift(t, db); wanted != "" {
					t.Errorf("drift: %s", wanted)
				}
			})
		})
	}
}

func TestOneOfManyStartsMakesTheFile(t *testing.T) {
	url := "file:" + filepath.Join(t.TempDir(), "new.db")
	applied := atOnce(t, make([]*store.DB, 8), func(*store.DB) (n int, err error) {
		db, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		return store.Migrate(t.Context(), db)
	})
	if files, _, err := store.BuiltIn("sqlite3"); err != nil || applied != len(files) {
		t.Errorf("%d files were applied, want %d (%v)", applied, len(files), err)
	}
}

// withRank are the program's migrations and a second one as the generator would
// write it: on SQLite it rebuilds the table of candidates.
func withRank(t *testing.T, engine testdb.Engine) (fstest.MapFS, string) {
	t.Helper()
	scratch := engine.Open(t, empty(), store.Options{})
	files, objects := builtIn(t, scratch)
	dir := &migrate.MemDir{}
	for name, file := range sealed(t, files) {
		must(t, dir.WriteFile(name, file.Data))
	}
	tables, err := schema.CopyTables(entmigrate.Tables)
	must(t, err)
	at := slices.IndexFunc(tables, func(table *schema.Table) bool { return table.Name == "candidates" })
	tables[at].Columns = append(tables[at].Columns, &schema.Column{Name: "rank", Type: field.TypeInt, Default: 7})
	m, err := schema.NewMigrate(scratch.Driver(), schema.WithDir(dir), schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDialect(scratch.Dialect()), schema.WithFormatter(laterFile{}), schema.WithErrNoPlan(true))
	must(t, err)
	must(t, m.NamedDiff(t.Context(), "rank", tables...))
	list, err := dir.Files()
	must(t, err)
	for _, f := range list {
		files[f.Name()] = string(f.Bytes())
	}
	return sealed(t, files), objects
}

// laterFile formats a plan as a file that comes after all others.
type laterFile struct{}

func (laterFile) Format(plan *migrate.Plan) ([]migrate.File, error) {
	plan.Version = "99990101000000"
	return migrate.DefaultFormatter.Format(plan)
}

func TestTheSecondMigrationKeepsRowsAndObjects(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			files, objects := withRank(t, engine)
			db := engine.Open(t, empty(), store.Options{})
			migrated(t, db, len(files)-2) // all but the second and the checksum
			ids := gid.NewGenerator(nil, nil)
			texts := []string{"ada lovelace", "grace hopper", "barbara liskov", "frances allen"}
			var people []gid.ID
			for _, text := range texts {
				people = append(people, ids.New(gid.Candidate))
				addCandidate(t, db, people[len(people)-1], text)
			}
			must(t, exec(db, `INSERT INTO candidate_contacts (id, candidate_id, kind, position, address, normalized)
				VALUES ($1, $2, 'EMAIL', 0, 'x', 'x')`, ids.New(gid.CandidateContact), people[3]))
			must(t, exec(db, `DELETE FROM candidates WHERE id = $1`, people[0])) // a hole in the row ids

			applied := atOnce(t, programs(t, db, 2), func(db *store.DB) (int, error) {
				return store.MigrateFrom(t.Context(), db, files, objects+"-- of the newer program\n")
			})
			if applied != 1 {
				t.Errorf("%d files were applied, want 1", applied)
			}
			var ranks, contacts int
			must(t, db.SQL().QueryRow(`SELECT sum(rank), (SELECT count(*) FROM candidate_contacts) FROM candidates`).Scan(&ranks, &contacts))
			if ranks != 3*7 || contacts != 1 {
				t.Errorf("ranks add up to %d and there are %d contacts, want 21 of three candidates and 1", ranks, contacts)
			}
			for i, text := range texts {
				if got := search(t, db, text); i > 0 != slices.Equal(got, people[i:i+1]) {
					t.Errorf("search %q = %v; candidate %d is %v", text, got, i, people[i])
				}
			}
			fresh := ids.New(gid.Candidate)
			addCandidate(t, db, fresh, "katherine johnson")
			if got := search(t, db, "katherine"); !slices.Equal(got, []gid.ID{fresh}) {
				t.Errorf("a candidate added afterwards is not found: %v", got)
			}
			if err := exec(db, `INSERT INTO candidate_contacts (id, candidate_id, kind, position, address, normalized)
				VALUES ($1, $2, 'EMAIL', 0, 'x', 'x')`, ids.New(gid.CandidateContact), ids.New(gid.Candidate)); !store.IsForeignKeyViolation(err) {
				t.Errorf("a reference to nobody: %v, want it refused", err)
			}
			// To the program without the second file the database is of the future.
			objectsHash := func() (hash string) {
				must(t, db.SQL().QueryRow(`SELECT hash FROM schema_revisions WHERE version = 'objects'`).Scan(&hash))
				return hash
			}
			newer := objectsHash()
			migrated(t, db, 0)
			if objectsHash() != newer {
				t.Error("the older program has put its objects in place of the newer ones")
			}
			if wanted := drift(t, db); wanted != "" {
				t.Errorf("what a newer program added is drift: %s", wanted)
			}
		})
	}
}

func TestMigrateRefusesFilesThatDoNotFit(t *testing.T) {
	const extra = "99990101000000_extra.sql"
	for name, c := range map[string]struct {
		change func(t *testing.T, files map[string]string) fs.FS
		want   string // part of the error
	}{
		"a file that was changed without its checksum": {
			func(t *testing.T, files map[string]string) fs.FS {
				folder := sealed(t, files)
				folder[first(files)].Data = append(folder[first(files)].Data, "SELECT 1;\n"...)
				return folder
			}, first(nil)},
		"a file that was changed after it was applied": {
			func(t *testing.T, files map[string]string) fs.FS {
				files[first(files)] += "SELECT 1;\n"
				return sealed(t, files)
			}, "was changed after it was applied"},
		"a history of other files": {
			func(t *testing.T, files map[string]string) fs.FS {
				return sealed(t, map[string]string{extra: "SELECT 1;\n"})
			}, "does not know"},
		"a statement that fails": {
			func(t *testing.T, files map[string]string) fs.FS {
				files[extra] = "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);\n"
				return sealed(t, files)
			}, extra},
	} {
		t.Run(name, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, db *store.DB) {
				files, objects := builtIn(t, db)
				folder := c.change(t, files)
				_, err := store.MigrateFrom(t.Context(), db, folder, objects)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("err = %v, want it to say %q", err, c.want)
				}
				if strings.Contains(name, "checksum") && !errors.Is(err, migrate.ErrChecksumMismatch) {
					t.Errorf("err = %v, want a checksum mismatch", err)
				}
				if exec(db, `SELECT count(*) FROM half`) == nil {
					t.Error("half of a file was applied")
				}
			})
		})
	}
}

func TestMigrateRefusesAFileThatCameInBetween(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		files, objects := builtIn(t, db)
		files["99990101000000_last.sql"] = "SELECT 1;\n"
		_, err := store.MigrateFrom(t.Context(), db, sealed(t, files), objects)
		must(t, err)
		files["99980101000000_between.sql"] = "SELECT 1;\n"
		if _, err = store.MigrateFrom(t.Context(), db, sealed(t, files), objects); err == nil || !strings.Contains(err.Error(), "out of order") {
			t.Errorf("err = %v, want it to say out of order", err)
		}
	})
}

// first is the name of the first file; of the program's own when files is nil.
func first(files map[string]string) string {
	if files == nil {
		files, _, _ = store.BuiltIn("sqlite3")
	}
	return slices.Min(slices.Collect(maps.Keys(files)))
}

func TestSQLiteMigrationLeavesNoDanglingReference(t *testing.T) {
	db := testdb.Engines()[0].Open(t, empty(), store.Options{})
	files := map[string]string{
		"1_tables.sql": "CREATE TABLE parent (id int PRIMARY KEY);\nCREATE TABLE child (parent_id int REFERENCES parent (id));\n" +
			"INSERT INTO parent VALUES (1);\nINSERT INTO child VALUES (1);\n",
	}
	_, err := store.MigrateFrom(t.Context(), db, sealed(t, files), "")
	must(t, err)
	files["2_drop.sql"] = "DELETE FROM parent;\n"
	if _, err := store.MigrateFrom(t.Context(), db, sealed(t, files), ""); err == nil ||
		!strings.Contains(err.Error(), "2_drop.sql: rows of child refer to rows of parent") {
		t.Errorf("err = %v, want the dangling reference", err)
	}
	var parents int
	must(t, db.SQL().QueryRow(`SELECT count(*) FROM parent`).Scan(&parents))
	if parents != 1 {
		t.Error("the migration was applied all the same")
	}
}

func TestObjectsAreAppliedWhenTheyChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *store.DB) {
		files, objects := builtIn(t, db)
		start := func(objects string) {
			t.Helper()
			if n, err := store.MigrateFrom(t.Context(), db, sealed(t, files), objects); n != 0 || err != nil {
				t.Errorf("applied %d files, %v, want none", n, err)
			}
		}
		changed := objects + "\nCREATE TABLE derived (id int);\n"
		start(changed)
		must(t, exec(db, `DROP TABLE derived`))
		start(changed)
		if exec(db, `SELECT count(*) FROM derived`) == nil {
			t.Error("objects were applied though they had not changed")
		}
		start(objects) // may be applied over themselves
		start(changed)
		must(t, exec(db, `SELECT count(*) FROM derived`))
	})
}

func TestMigrateWaitsAsLongAsItMay(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			var log bytes.Buffer
			opt := store.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
			db := engine.Open(t, empty(), opt)
			patient, hold := db, `SELECT pg_advisory_xact_lock(x'486972656c6f6f70'::bigint)`
			if db.Dialect() == "sqlite3" {
				hold = `SELECT 1` // any transaction that may write
				var err error
				patient, err = store.Open(t.Context(), "file:"+fileOf(t, db)+"?_pragma=busy_timeout(1)", opt)
				must(t, err)
				t.Cleanup(func() { must(t, patient.Close()) })
			}
			must(t, db.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, hold); err != nil {
					return err
				}
				short, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				if n, err := store.Migrate(short, patient); n != 0 || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Migrate = %d, %v while another migrates, want the deadline", n, err)
				}
				return nil
			}))
			if n := strings.Count(log.String(), "the migration waits"); n != 1 {
				t.Errorf("the log says %d times that the migration waits, want once:\n%s", n, &log)
			}
			files, _ := builtIn(t, db)
			migrated(t, patient, len(files))
			for _, part := range []string{"migration applied", first(files), "derived objects applied"} {
				if !strings.Contains(log.String(), part) {
					t.Errorf("the log does not say %q:\n%s", part, &log)
				}
			}
		})
	}
}

func TestDriftIsFound(t *testing.T) {
	for name, c := range map[string]struct{ change, want string }{
		"a column that nobody ordered": {`ALTER TABLE members ADD COLUMN rogue text`, "members"},
		"an index that is gone":        {`DROP INDEX candidate_name_id`, "candidate_name_id"},
		"a table that is gone":         {`DROP TABLE external_references`, "external_references"},
		"an index that nobody ordered": {`CREATE INDEX rogue ON members (name)`, "rogue"},
	} {
		t.Run(name, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, db *store.DB) {
				must(t, exec(db, c.change))
				if wanted := drift(t, db); !strings.Contains(wanted, c.want) {
					t.Errorf("drift = %q, want it to name %s", wanted, c.want)
				}
			})
		})
	}
}
