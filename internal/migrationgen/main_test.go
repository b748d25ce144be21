package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// TestTheGenerator follows a developer through its commands, from the first file on.
func TestTheGenerator(t *testing.T) {
	testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{}) // skips or fails here when there is no server
	dir, now := t.TempDir(), time.Date(2098, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, engine := range []string{"sqlite", "postgres"} {
		if err := os.Mkdir(filepath.Join(dir, engine), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	gen := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(context.Background(), append([]string{"-dir", dir}, args...), &out,
			func() time.Time { return now })
		return out.String(), err
	}
	succeeds := func(args ...string) string {
		t.Helper()
		out, err := gen(args...)
		if err != nil {
			t.Fatalf("migrationgen %q: %v\n%s", args, err, out)
		}
		return out
	}
	refuses := func(want string, args ...string) string {
		t.Helper()
		out, err := gen(args...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("migrationgen %q = %v, want it to say %q", args, err, want)
		}
		return out
	}
	files := func(engine string) []string {
		t.Helper()
		list, err := filepath.Glob(filepath.Join(dir, engine, "*.sql"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	edit := func(file, old, new string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("%s does not contain %q", file, old)
		}
		if err := os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(new), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	refuses("migrationgen NAME", "-check")
	succeeds("initial")
	succeeds("-check")
	initial := map[string]string{}
	for _, engine := range []string{"sqlite", "postgres"} {
		text, err := os.ReadFile(filepath.Join(dir, engine, "20980102030405_initial.sql"))
		if err != nil {
			t.Fatal(err)
		}
		initial[engine] = string(text)
	}
	now = now.AddDate(1, 0, 0)
	if out := succeeds("more"); strings.Count(out, "nothing to do") != 2 || len(files("sqlite")) != 1 {
		t.Errorf("with nothing to do it says %q and leaves %q", out, files("sqlite"))
	}

	edit(files("sqlite")[0], " `headline` text NULL,", "")
	edit(files("postgres")[0], ` "headline" character varying NULL,`, "")
	refuses("-hash", "-check")
	refuses("-hash", "more")
	succeeds("-hash")

	out := refuses("migrationgen NAME", "-check")
	if strings.Count(out, "headline") < 2 || len(files("sqlite")) != 1 {
		t.Errorf("-check prints %q and leaves %q, want what is missing on each engine and no file", out, files("sqlite"))
	}
	succeeds("candidate_headline")
	for _, engine := range []string{"sqlite", "postgres"} {
		list := files(engine)
		if len(list) != 2 || filepath.Base(list[1]) != "20990102030405_candidate_headline.sql" {
			t.Errorf("files of %s = %q, want one more of the given name and version", engine, list)
		}
	}
	succeeds("-check")
	refuses("not before", "again")
	refuses("alone", "-replace-initial")

	for _, engine := range []string{"sqlite", "postgres"} {
		if err := os.Remove(files(engine)[1]); err != nil {
			t.Fatal(err)
		}
	}
	succeeds("-replace-initial")
	succeeds("-check")
	for _, engine := range []string{"sqlite", "postgres"} {
		if text, err := os.ReadFile(files(engine)[0]); err != nil || string(text) != initial[engine] {
			t.Errorf("the %s file, edited and then written anew, is not what it was at first (%v)", engine, err)
		}
	}
}

func TestTheProjectsMigrationsAreComplete(t *testing.T) {
	testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{}) // skips or fails here when there is no server
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-dir", "../store/migrations", "-check"}, &out, time.Now); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
}

func TestBadArguments(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":           {nil, "give one of"},
		"two names":         {[]string{"a", "b"}, "give one of"},
		"a name and a flag": {[]string{"-check", "a"}, "give one of"},
		"two flags":         {[]string{"-check", "-hash"}, "give one of"},
		"a bad name":        {[]string{"-dir", "../store/migrations", "Add Column"}, "lower-case"},
		"no such folder":    {[]string{"-dir", "nowhere", "-check"}, "folder of go.mod"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := run(context.Background(), c.args, &out, time.Now); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("run(%q) = %v, want it to say %q", c.args, err, c.want)
			}
		})
	}
}
