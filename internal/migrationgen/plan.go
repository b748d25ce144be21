package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"

	entmigrate "hireloop/ent/db/migrate"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func openFolders(root string) (folders, error) {
	var list folders
	for _, of := range []struct{ dialect, name string }{{dialect.SQLite, "sqlite"}, {dialect.Postgres, "postgres"}} {
		dir, err := migrate.NewLocalDir(filepath.Join(root, of.name))
		if err != nil {
			return nil, fmt.Errorf("run it in the folder of go.mod: %w", err)
		}
		list = append(list, folder{of.dialect, dir})
	}
	return list, nil
}

func (l folders) rehash() error {
	for _, f := range l {
		if err := f.rehash(); err != nil {
			return err
		}
	}
	return nil
}

// add writes a file of one version for each engine that needs one. All are
// planned before the first is written, so a failure leaves nothing half done.
func (l folders) add(ctx context.Context, out io.Writer, version, name string) error {
	planned := make([]migrate.File, len(l))
	for i, f := range l {
		files, err := f.files()
		if err != nil {
			return err
		}
		if n := len(files); n > 0 && files[n-1].Version() >= version {
			return fmt.Errorf("%s is not before the new version %s", files[n-1].Name(), version)
		}
		if planned[i], err = f.plan(ctx, files, version, name); err != nil {
			return err
		}
	}
	return l.write(planned, out)
}

// replaceInitial plans from nothing and writes over the one file there is.
func (l folders) replaceInitial(ctx context.Context, out io.Writer) error {
	planned := make([]migrate.File, len(l))
	for i, f := range l {
		files, err := f.dir.Files() // whatever its checksum
		if err != nil {
			return err
		}
		if len(files) != 1 {
			return fmt.Errorf("%s has %d files: only the first can be written anew, and only while it is alone", f.dir.Path(), len(files))
		}
		if planned[i], err = f.plan(ctx, nil, files[0].Version(), files[0].Desc()); err != nil {
			return err
		}
	}
	return l.write(planned, out)
}

func (l folders) write(planned []migrate.File, out io.Writer) error {
	for i, f := range l {
		if err := f.write(planned[i], out); err != nil {
			return err
		}
	}
	return nil
}

func (l folders) check(ctx context.Context, out io.Writer) error {
	missing := false
	for _, f := range l {
		files, err := f.files()
		if err != nil {
			return err
		}
		planned, err := f.plan(ctx, files, "99999999999999", "missing")
		if err != nil {
			return err
		}
		if planned != nil {
			missing = true
			fmt.Fprintf(out, "-- %s\n%s", f.dialect, planned.Bytes())
		}
	}
	if missing {
		return errors.New("ent/schema says more than the migrations do: run go run ./internal/migrationgen NAME")
	}
	return nil
}

// files are the folder's migrations, unless one was changed since its hash was taken.
func (f folder) files() ([]migrate.File, error) {
	if err := migrate.Validate(f.dir); err != nil {
		return nil, fmt.Errorf("%s: %w; after an edit by hand run go run ./internal/migrationgen -hash", f.dir.Path(), err)
	}
	return f.dir.Files()
}

// plan replays files on a scratch database and returns what leads from there
// to ent/schema; nil when nothing does.
func (f folder) plan(ctx context.Context, files []migrate.File, version, name string) (planned migrate.File, err error) {
	scratch := &migrate.MemDir{}
	if err := scratch.CopyFiles(files); err != nil {
		return nil, err
	}
	db, closeDB, err := f.scratch(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeDB()) }()
	m, err := schema.NewMigrate(db.Driver(),
		schema.WithDir(scratch), schema.WithMigrationMode(schema.ModeReplay), schema.WithDialect(f.dialect),
		schema.WithFormatter(&keepFile{version: version, kept: &planned}),
		schema.WithDropColumn(true), schema.WithDropIndex(true), schema.WithForeignKeys(true), schema.WithErrNoPlan(true))
	if err != nil {
		return nil, err
	}
	if err := m.NamedDiff(ctx, name, entmigrate.Tables...); err != nil && !errors.Is(err, migrate.ErrNoPlan) {
		return nil, fmt.Errorf("%s: %w", f.dialect, err)
	}
	return planned, nil
}

// keepFile formats a plan as one file of a given version and keeps that.
type keepFile struct {
	version string
	kept    *migrate.File
}

func (k *keepFile) Format(plan *migrate.Plan) ([]migrate.File, error) {
	plan.Version = k.version
	files, err := migrate.DefaultFormatter.Format(plan)
	if err == nil && len(files) == 1 {
		*k.kept = files[0]
	}
	return files, err
}

// scratch opens an empty database to replay migrations on.
func (f folder) scratch(ctx context.Context) (db *store.DB, closeDB func() error, err error) {
	if f.dialect == dialect.Postgres {
		return testdb.Scratch(ctx)
	}
	dir, err := os.MkdirTemp("", "migrationgen-")
	if err != nil {
		return nil, nil, err
	}
	db, err = store.Open(ctx, "file:"+filepath.Join(dir, "scratch.db"), store.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return db, func() error { return errors.Join(db.Close(), os.RemoveAll(dir)) }, nil
}
