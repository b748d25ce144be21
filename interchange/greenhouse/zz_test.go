package greenhouse

import (
	"context"
	"os"
	"testing"

	"hireloop/interchange"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

func TestZZ(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		for range 2 {
			for _, dry := range []bool{true, false} {
				r, err := Import(context.Background(), d, os.DirFS(os.Getenv("SAMPLE")), interchange.Options{IDs: gid.NewGenerator(nil, nil), DryRun: dry})
				if err != nil {
					t.Fatal(err)
				}
				_ = r.Print(os.Stdout)
			}
		}
	})
}
