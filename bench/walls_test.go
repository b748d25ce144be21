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
	b.Run("sqlite", func(b *testing.B) {
		guarded := openOf(b, testdb.Engines()[0], mid, store.Options{})
		guards(b, guarded)
	})
	b.Run("postgres", func(b *testing.B) {
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
		guarded := over(b, connect(testdb.As(url, "none")), mid) // a superuser, whom row-level security does not hold for
		guards(b, guarded)
		for name, ask := range asked(both) {
			b.Run("row-level-security/"+name, func(b *testing.B) { race(b, 1, "guard", func() { ask(both) }, func() { ask(guarded) }) })
		}
	})
}

// guards measures the guard.
func guards(b *testing.B, guarded *side) {
	open, bare := *guarded, service(guarded.db)
	bare.DB = db.NewClient(db.Driver(guarded.db.Driver()))
	open.handler = handler(bare)
	for name, ask := range asked(guarded) {
		b.Run("guard/"+name, func(b *testing.B) { race(b, 1, "none", func() { ask(guarded) }, func() { ask(&open) }) })
	}
}

// asked are the two main queries.
func asked(of *side) map[string]func(*side) {
	roles, board := map[string]any{"first": 20}, map[string]any{"opening": of.busiest.String(), "first": 50}
	return map[string]func(*side){
		"OpenRoles": func(s *side) { s.ask(openRolesQuery, roles) },
		"Board":     func(s *side) { s.ask(boardQuery, board) },
	}
}
