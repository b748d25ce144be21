package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"entgo.io/ent"

	"hireloop/graph"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// forever are statements that nobody waits for to end. PostgreSQL's gives a row
// first (three, to fill its buffer), so that it is known to run: a cancellation
// that comes before is lost on its way, by the protocol, and left to
// statement_timeout. SQLite's driver does not lose one before the first row, but
// heeds none between rows.
var forever = map[string]struct {
	text   string
	speaks bool
}{
	"sqlite":   {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT count(*) FROM n", false},
	"postgres": {"SELECT repeat('x', 20000) FROM generate_series(1, 3) UNION ALL SELECT pg_sleep(25)::text", true},
}

// A deadline ends the statement that runs, not only the wait for it; and so
// does a client that leaves. The connection serves on.
func TestDeadlinesCancelStatements(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			s := newService(d)
			began, ended := make(chan struct{}, 1), make(chan error, 1)
			s.DB.Intercept(ent.InterceptFunc(func(next ent.Querier) ent.Querier {
				return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
					if ent.QueryFromContext(ctx).Type != "Level" {
						return next.Query(ctx, q)
					}
					statement := forever[engine.Name]
					if !statement.speaks {
						began <- struct{}{}
					}
					rows, err := d.SQL().QueryContext(ctx, statement.text)
					if err == nil {
						for first := statement.speaks; rows.Next(); first = false {
							if first {
								began <- struct{}{}
							}
						}
						err = rows.Err()
						_ = rows.Close()
					}
					ended <- err
					return nil, err
				})
			}))
			viewer := viewerOf(t, d, "recruiter")
			for _, c := range []struct {
				rule     string
				deadline time.Duration
				leaves   bool
				code     string
			}{
				{"the deadline", 100 * time.Millisecond, false, `"TIMEOUT"`},
				{"the client leaves", time.Hour, true, `"CANCELLED"`},
			} {
				h := graph.NewHandler(&graph.Resolver{DB: s.DB, Hiring: s}, graph.HandlerOptions{
					CursorKey: []byte("the key of the cases"), HTTP: gqlhttp.Options{Deadline: c.deadline},
				})
				ctx, leave := context.WithCancel(t.Context())
				answered := make(chan string, 1)
				go func() {
					answer, _ := askWithin(ctx, t, h, viewer, `{ levels { id } }`, "")
					answered <- string(answer)
				}()
				<-began
				if c.leaves {
					leave()
				}
				select {
				case err := <-ended:
					if err == nil {
						t.Errorf("%s: the statement ran to its end", c.rule)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("%s: the statement goes on", c.rule)
				}
				if answer := <-answered; !strings.Contains(answer, c.code) {
					t.Errorf("%s: %s", c.rule, answer)
				}
				leave()
				if answer, _ := ask(t, newHandler(d), viewer, `{ departments { name } }`, ""); strings.Contains(string(answer), `"errors"`) {
					t.Errorf("%s: the database does not serve on: %s", c.rule, answer)
				}
			}
			if engine.Name == "postgres" {
				var running int
				err := d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(25)%' AND pid <> pg_backend_pid()").Scan(&running)
				if err != nil || running > 0 {
					t.Errorf("%d statements run on the server: %v", running, err)
				}
			}
		})
	}
}
