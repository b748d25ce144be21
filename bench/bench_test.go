// Package bench owns the measurements: the product's two main queries and deep
// pages against the same answers from hand-written SQL and JSON, side by side
// in one run, on both databases. Run them with "make bench".
//
// It does not own correctness, but that both sides answer alike is checked
// before anything is measured.
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/stage"
	"hireloop/graph"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

const applications = 100_000

var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

const openRolesQuery = `query OpenRoles($first: Int!) {
  openings(first: $first, filterBy: {status: [OPEN]}) {
    totalCount
    nodes {
      id title status openedAt daysOpen
      department { name } targetLevel { key name } hiringManager { name }
      stageCounts { stage { name kind } active }
    }
  }
}`

const boardQuery = `query Board($opening: ID!, $first: Int!) {
  opening(id: $opening) {
    title
    applications(first: $first, filterBy: {stageKinds: [INTERVIEW, OFFER, HIRED]}) {
      totalCount
      nodes {
        id appliedAt stage { name } candidate { name headline }
        scorecards(first: 3) { nodes { status recommendation interviewer { name } ratings { signal rating } } }
      }
    }
  }
}`

const pageQuery = `query Page($after: String) {
  applications(first: 100, after: $after) { pageInfo { endCursor } nodes { id appliedAt status } }
}`

// side is one engine with the demo data, and both contenders over it.
type side struct {
	db      *store.DB
	handler http.Handler
	hand    *handwritten
	viewer  *access.Viewer
	busiest gid.ID // the opening with the most applications that came to interviews
}

var worlds = map[string]*demo.World{} // by template

func open(b *testing.B, engine testdb.Engine) *side {
	return openOf(b, engine, applications, store.Options{})
}

// openOf is open with that many applications.
func openOf(b *testing.B, engine testdb.Engine, applications int, o store.Options) *side {
	return over(b, engine.Open(b, filled(applications), o), applications)
}

// filled is the demo data, with the built-in content.
func filled(applications int) testdb.Template {
	name := fmt.Sprint("bench", applications)
	return testdb.Template{Name: name, Prepare: func(ctx context.Context, d *store.DB) (err error) {
		if _, err := store.Migrate(ctx, d); err != nil {
			return err
		}
		if err := service(d).InstallBuiltin(ctx); err != nil {
			return err
		}
		world, err := demo.Load(ctx, d, demo.Options{Seed: 1, Applications: applications, Now: now})
		if err != nil {
			return err
		}
		worlds[name] = world
		_, err = d.SQL().ExecContext(ctx, "ANALYZE")
		return err
	}}
}

// over is a side over a database with the demo data of so many applications.
func over(b *testing.B, d *store.DB, applications int) *side {
	s, world := service(d), worlds[filled(applications).Name]
	side := &side{
		db:      d,
		handler: handler(s),
		viewer:  &access.Viewer{Member: world.Recruiter, Roles: []access.Role{access.Recruiter}},
		hand:    &handwritten{db: d, viewer: world.Recruiter, now: now, dialect: d.Dialect()},
	}
	var rows []struct {
		OpeningID gid.ID `json:"opening_id"`
		Count     int    `json:"count"`
	}
	late := stage.KindIn(stage.KindINTERVIEW, stage.KindOFFER, stage.KindHIRED)
	err := s.DB.Application.Query().Where(application.HasStageWith(late)).
		GroupBy(application.FieldOpeningID).Aggregate(db.Count()).Scan(access.System(b.Context()), &rows)
	if err != nil {
		b.Fatal(err)
	}
	most := 0
	for _, r := range rows {
		if r.Count > most {
			side.busiest, most = r.OpeningID, r.Count
		}
	}
	return side
}

func handler(s *hiring.Service) http.Handler {
	return graph.NewHandler(&graph.Resolver{DB: s.DB, Hiring: s}, graph.HandlerOptions{
		CursorKey: []byte("the key of the benchmarks"), HTTP: gqlhttp.Options{},
	})
}

func service(d *store.DB) *hiring.Service {
	clock := func() time.Time { return now }
	client := hiring.NewClient(d)
	return &hiring.Service{Store: d, DB: client, IDs: gid.NewGenerator(clock, nil), Now: clock}
}

// ask sends one operation and gives the answer.
func (s *side) ask(query string, variables map[string]any) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequestWithContext(access.WithViewer(context.Background(), s.viewer), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// alike fails unless both answers have the same data.
func alike(b *testing.B, ours, theirs []byte) {
	b.Helper()
	var x, y struct{ Data json.RawMessage }
	if err := json.Unmarshal(ours, &x); err != nil {
		b.Fatal(err)
	}
	if err := json.Unmarshal(theirs, &y); err != nil {
		b.Fatalf("%v\n%s", err, theirs)
	}
	for i := range min(len(x.Data), len(y.Data)) {
		if x.Data[i] != y.Data[i] {
			from := max(0, i-200)
			b.Fatalf("the contenders answer differently:\n…%.400s…\n…%.400s…", x.Data[from:], y.Data[from:])
		}
	}
	if len(x.Data) != len(y.Data) {
		b.Fatalf("the contenders answer differently: %d and %d bytes", len(x.Data), len(y.Data))
	}
}

// race runs blocks of both contenders in turns, with so many clients at once,
// and reports the time of one request of ours, its allocations, and the ratio
// of our throughput to theirs.
func race(b *testing.B, clients int, against string, ours, theirs func()) {
	const block = 8
	var mine, other time.Duration
	var before, after runtime.MemStats
	var allocations uint64
	requests := 0
	run := func(f func()) time.Duration {
		start := time.Now()
		var group sync.WaitGroup
		for range clients {
			group.Go(func() {
				for range block {
					f()
				}
			})
		}
		group.Wait()
		return time.Since(start)
	}
	run(ours) // plans and caches
	run(theirs)
	for b.Loop() {
		runtime.ReadMemStats(&before)
		mine += run(ours)
		runtime.ReadMemStats(&after)
		allocations += after.Mallocs - before.Mallocs
		other += run(theirs)
		requests += clients * block
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(mine.Microseconds())/float64(requests), "µs/request")
	b.ReportMetric(float64(allocations)/float64(requests), "allocs/request")
	b.ReportMetric(other.Seconds()/mine.Seconds(), "×"+against)
}

func each(b *testing.B, run func(b *testing.B, s *side, clients int)) {
	for _, engine := range testdb.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			s := open(b, engine)
			for _, clients := range []int{1, 8} {
				b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { run(b, s, clients) })
			}
		})
	}
}

// BenchmarkOpenRoles is the open roles page: 20 openings with department,
// level, hiring manager, stage counts, and the total.
func BenchmarkOpenRoles(b *testing.B) {
	each(b, func(b *testing.B, s *side, clients int) {
		ctx := context.Background()
		ours := func() []byte { return s.ask(openRolesQuery, map[string]any{"first": 20}) }
		alike(b, ours(), s.hand.openRoles(ctx, 20))
		race(b, clients, "handwritten", func() { ours() }, func() { s.hand.openRoles(ctx, 20) })
	})
}

// BenchmarkBoard is the pipeline board: 50 applications of one opening that
// came to interviews, with candidate, stage, and the three latest scorecards with their ratings.
func BenchmarkBoard(b *testing.B) {
	each(b, func(b *testing.B, s *side, clients int) {
		ctx := context.Background()
		ours := func() []byte { return s.ask(boardQuery, map[string]any{"opening": s.busiest.String(), "first": 50}) }
		alike(b, ours(), s.hand.board(ctx, s.busiest, 50))
		race(b, clients, "handwritten", func() { ours() }, func() { s.hand.board(ctx, s.busiest, 50) })
	})
}

// BenchmarkDeepPage is page 500 of all applications against page 1.
func BenchmarkDeepPage(b *testing.B) {
	each(b, func(b *testing.B, s *side, clients int) {
		page := func(after *string) (end *string) {
			var answer struct {
				Data struct {
					Applications struct {
						PageInfo struct{ EndCursor *string }
						Nodes    []any
					}
				}
			}
			if err := json.Unmarshal(s.ask(pageQuery, map[string]any{"after": after}), &answer); err != nil {
				b.Fatal(err)
			}
			if len(answer.Data.Applications.Nodes) != 100 {
				b.Fatalf("a page of %d", len(answer.Data.Applications.Nodes))
			}
			return answer.Data.Applications.PageInfo.EndCursor
		}
		var deep *string
		for range 499 {
			deep = page(deep)
		}
		race(b, clients, "page1",
			func() { s.ask(pageQuery, map[string]any{"after": deep}) },
			func() { s.ask(pageQuery, map[string]any{"after": nil}) })
	})
}
