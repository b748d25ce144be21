package greenhouse_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"hireloop/interchange/interchangetest"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// damaged is an export with rows and columns missing, rows in another order,
// cells emptied, ids that lead elsewhere and bytes that are no text.
func damaged(t *rapid.T, all map[string][]byte) fs.FS {
	dir := fstest.MapFS{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if rapid.IntRange(0, 15).Draw(t, "drop "+name) == 0 {
			continue
		}
		text := bytes.TrimPrefix(all[name], []byte("\xef\xbb\xbf"))
		lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
		header, rows := lines[0], lines[1:]
		rows = rapid.Permutation(rows).Draw(t, "order of "+name)
		rows = rows[rapid.IntRange(0, max(0, len(rows)/4)).Draw(t, "rows gone"):]
		for range rapid.IntRange(0, 3).Draw(t, "harm") {
			if len(rows) == 0 {
				break
			}
			i := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
			cells := strings.Split(rows[i], ",")
			k := rapid.IntRange(0, len(cells)-1).Draw(t, "cell")
			cells[k] = rapid.SampledFrom([]string{"", "2001", "101", "1002", "53", "hired", "rejected", "true", "2025-01-12 00:00:00",
				"\"", "\xff\xfe", "a\x00b", "x", "1969-12-31", "99999999999999999999", "مرحبا 🙂"}).Draw(t, "harm")
			rows[i] = strings.Join(cells, ",")
		}
		if rapid.IntRange(0, 7).Draw(t, "column gone") == 0 {
			columns := strings.Split(header, ",")
			columns[rapid.IntRange(0, len(columns)-1).Draw(t, "column")] = "unheard_of"
			header = strings.Join(columns, ",")
		}
		dir[name] = &fstest.MapFile{Data: []byte(header + "\n" + strings.Join(rows, "\n"))}
	}
	if len(dir) == 0 {
		dir["job.csv"] = &fstest.MapFile{Data: all["job.csv"]}
	}
	return dir
}

// TestWhateverIsWrongWithAnExport imports damaged exports, one after the other,
// into one database: each is accounted for row by row, is the same in a dry
// run, changes nothing when it is imported again, and leaves rows that agree.
func TestWhateverIsWrongWithAnExport(t *testing.T) {
	all := contents(t, os.DirFS("testdata/small"))
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			cases := 0 // each has a database of its own
			rapid.Check(t, func(rt *rapid.T) {
				if e.Name == "postgres" && rapid.IntRange(0, 9).Draw(rt, "every tenth on PostgreSQL") > 0 {
					return
				}
				var exports []fs.FS
				for range rapid.IntRange(1, 3).Draw(rt, "exports") {
					exports = append(exports, damaged(rt, all))
				}
				cases++
				if !t.Run(fmt.Sprintf("case %d", cases), func(t *testing.T) { importAll(t, e, exports) }) {
					rt.Fatalf("see above")
				}
			})
		})
	}
}

func importAll(t *testing.T, e testdb.Engine, exports []fs.FS) {
	i := newImporter(t, e.Open(t, migrated(), store.Options{}))
	for _, export := range exports {
		dry := i.run(export, true)
		interchangetest.Same(t, dry, i.real(export))
		interchangetest.Check(t, i.d)
		before := interchangetest.Dump(t, i.d)
		interchangetest.Still(t, i.real(export))
		if interchangetest.Dump(t, i.d) != before {
			t.Error("the second import changed the database")
		}
		if t.Failed() {
			return
		}
	}
}

// FuzzImport imports an export one of whose tables is any text into an empty
// database, and again.
func FuzzImport(f *testing.F) {
	all := contents(f, os.DirFS("testdata/small"))
	for name, text := range all {
		f.Add(name, string(text))
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if all[name] == nil {
			return
		}
		export := fstest.MapFS{}
		for n, file := range all {
			export[n] = &fstest.MapFile{Data: file}
		}
		export[name] = &fstest.MapFile{Data: []byte(text)}
		importAll(t, testdb.Engines()[0], []fs.FS{export})
	})
}
