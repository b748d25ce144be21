package store

import (
	"context"
	"io/fs"
	"maps"
)

// BuiltIn are the files of the program's own migrations for an engine, by name,
// and the objects derived from their tables.
func BuiltIn(engine string) (files map[string]string, objects string, err error) {
	m, err := builtIn(engine)
	if err != nil {
		return nil, "", err
	}
	list, err := m.dir.Files()
	files = map[string]string{}
	for _, f := range list {
		files[f.Name()] = string(f.Bytes())
	}
	return maps.Clone(files), m.objects, err
}

// MigrateFrom is Migrate with other files.
func MigrateFrom(ctx context.Context, d *DB, files fs.FS, objects string) (applied int, err error) {
	m, err := readMigrations(files, objects)
	if err != nil {
		return 0, err
	}
	return m.run(ctx, d)
}
