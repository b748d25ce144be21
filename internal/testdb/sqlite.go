package testdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// sqliteImages are the files of prepared templates, by name. They stay in
// memory: a process has no moment at which it could remove files for certain.
var sqliteImages = sync.OnceValue(func() *images { return &images{byName: map[string][]byte{}} })

// escaped is a path in a URL: names of tests, and folders named for them, hold any of these.
var escaped = strings.NewReplacer("%", "%25", "#", "%23", "?", "%3f")

type images struct {
	mu     sync.Mutex
	byName map[string][]byte
}

func sqliteURL(t testing.TB, from Template) string {
	t.Helper()
	image, err := sqliteImages().of(from)
	if err != nil {
		t.Fatalf("prepare the SQLite template %q: %v", from.Name, err)
	}
	file := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(file, image, 0o600); err != nil {
		t.Fatal(err)
	}
	// A test's data need not survive a power cut.
	return "file:" + escaped.Replace(file) + "?_pragma=synchronous(OFF)"
}

func (i *images) of(from Template) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if image, ok := i.byName[from.Name]; ok {
		return image, nil
	}
	dir, err := os.MkdirTemp("", "hireloop-test-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "template.db")
	if err := prepare("file:"+file, from); err != nil {
		return nil, err
	}
	// The last connection to close moves the write-ahead log into the file.
	if log, err := os.Stat(file + "-wal"); !errors.Is(err, fs.ErrNotExist) && (err != nil || log.Size() > 0) {
		return nil, fmt.Errorf("a connection is open after Prepare")
	}
	image, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	i.byName[from.Name] = image
	return image, nil
}
