// Package main writes the versioned migrations of internal/store: for each
// engine the SQL that turns what the files so far make into what ent/schema
// says. Read what it writes before it is committed.
//
// It does not own applying them, nor the objects that are derived from the
// tables: both are internal/store's.
//
//	go run ./internal/migrationgen NAME               one more file for each engine that needs one
//	go run ./internal/migrationgen -replace-initial   write the only file anew; until the first release
//	go run ./internal/migrationgen -check             print what is missing and fail when something is
//	go run ./internal/migrationgen -hash              accept files that were edited by hand
//
// PostgreSQL's part needs a server, as the tests do: see internal/testdb.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"ariga.io/atlas/sql/migrate"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "migrationgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	flags := flag.NewFlagSet("migrationgen", flag.ContinueOnError)
	var (
		root           = flags.String("dir", "internal/store/migrations", "the `folder` of the migrations")
		check          = flags.Bool("check", false, "print what is missing instead of writing it")
		hash           = flags.Bool("hash", false, "accept files edited by hand")
		replaceInitial = flags.Bool("replace-initial", false, "write the only file anew")
	)
	if err := flags.Parse(args); err != nil {
		return err
	}
	modes, named := 0, flags.NArg()
	for _, set := range []bool{*check, *hash, *replaceInitial} {
		if set {
			modes++
		}
	}
	if modes > 1 || modes+named != 1 {
		return errors.New("give one of NAME, -check, -hash and -replace-initial")
	}
	folders, err := openFolders(*root)
	if err != nil {
		return err
	}
	switch {
	case *hash:
		return folders.rehash()
	case *check:
		return folders.check(ctx, out)
	case *replaceInitial:
		return folders.replaceInitial(ctx, out)
	}
	if name := flags.Arg(0); !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(name) {
		return fmt.Errorf("the name %q is not of lower-case letters, digits and _", name)
	}
	return folders.add(ctx, out, now().UTC().Format("20060102150405"), flags.Arg(0))
}

// folder holds the migrations of one engine.
type folder struct {
	dialect string
	dir     *migrate.LocalDir
}

type folders []folder

// write puts a planned file in place, when there is one.
func (f folder) write(planned migrate.File, out io.Writer) error {
	if planned == nil {
		fmt.Fprintf(out, "%s: nothing to do\n", f.dialect)
		return nil
	}
	if err := f.dir.WriteFile(planned.Name(), planned.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s/%s\n", f.dialect, f.dir.Path(), planned.Name())
	return f.rehash()
}

func (f folder) rehash() error {
	sum, err := f.dir.Checksum()
	if err != nil {
		return err
	}
	return migrate.WriteSumFile(f.dir, sum)
}
