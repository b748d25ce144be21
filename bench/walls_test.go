package bench

import (
	"testing"

	"hireloop/ent/db"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// mid is how many applications the walls are measured on.
const mid = 20_000

// BenchmarkWalls is what it costs to decide who sees what: the guard against
// none, and row-level security behind the guard against the guard alone.
func BenchmarkWalls(b *testing.B) {
	url := testdb.Postgres().URL(b, filled(mid))
	connect := func(url string) *store.DB {
		d, err := store.Open(b.Context(), url, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = d.Close() })
		return d
	}
	both := over(b, connect(url), mid)
	superuser := connect(testdb.As(url, "none")) // whom row-level security does not hold for
	guarded, open := over(b, superuser, mid), *both
	bare := service(superuser)
	bare.DB = db.NewClient(db.Driver(superuser.Driver()))
	open.handler = handler(bare)

	roles := map[string]any{"first": 20}
	board := map[string]any{"opening": both.busiest.String(), "first": 50}
	for name, ask := range map[string]func(s *side){
		"OpenRoles": func(s *side) { s.ask(openRolesQuery, roles) },
		"Board":     func(s *side) { s.ask(boardQuery, board) },
	} {
		b.Run("guard/"+name, func(b *testing.B) { race(b, 1, "none", func() { ask(guarded) }, func() { ask(&open) }) })
		b.Run("row-level-security/"+name, func(b *testing.B) { race(b, 1, "guard", func() { ask(both) }, func() { ask(guarded) }) })
	}
}
