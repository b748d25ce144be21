package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

const funnelQuery = `query Funnel($openings: [ID!]) {
  funnel(filterBy: {from: "2021-07-02", to: "2026-07-01", openingIds: $openings}) {
    basis { asOf event openings }
    total {
      applications hires hireRate
      rows { stage { kind } entered actualEntered skipped passed rejected withdrawn active reentries conversion settledConversion settledConversionInterval { low high } }
      stageTimes { stage { kind } completed stillIn medianDays p90Days naiveMedianDays }
    }
  }
}`

// many is how many applications the funnel is measured with: HIRELOOP_BENCH_APPLICATIONS,
// or a million.
func many(b *testing.B) int {
	text := os.Getenv("HIRELOOP_BENCH_APPLICATIONS")
	if text == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkFunnel is the company-wide cohort funnel with every rate, median and
// p90, and that of one opening; over the API, and against the best single
// statement that we know for the same counts, medians and p90 on the same
// PostgreSQL. Before it, how long it takes a server to load the columns.
func BenchmarkFunnel(b *testing.B) {
	for _, engine := range testdb.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			s, opening := openCompany(b, engine, many(b))
			b.Run("load", func(b *testing.B) {
				var f hiring.PipelineFigures
				for b.Loop() {
					var err error
					if f, err = service(s.hand.db).LoadPipelines(access.System(b.Context())); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(f.Applications), "applications")
				b.ReportMetric(float64(f.Visits), "visits")
				b.ReportMetric(float64(f.Bytes)/float64(f.Visits), "B/visit")
			})
			b.Run("company", func(b *testing.B) {
				s.ask(funnelQuery, nil)
				b.ResetTimer()
				var took time.Duration
				for b.Loop() {
					start := time.Now()
					s.ask(funnelQuery, nil)
					took += time.Since(start)
				}
				if s.hand.dialect != dialect.Postgres {
					return
				}
				b.StopTimer()
				start := time.Now()
				theirs := s.hand.funnel(context.Background())
				b.ReportMetric(time.Since(start).Seconds()/(took.Seconds()/float64(b.N)), "×statement")
				sameFunnel(b, s.ask(funnelQuery, nil), theirs)
			})
			b.Run("opening", func(b *testing.B) {
				for b.Loop() {
					s.ask(funnelQuery, map[string]any{"openings": []gid.ID{opening}})
				}
			})
		})
	}
}

// openCompany is one engine with a large company's histories.
func openCompany(b *testing.B, engine testdb.Engine, n int) (*side, gid.ID) {
	ctx := b.Context()
	d := engine.Open(b, testdb.Template{Name: "empty"}, store.Options{})
	if _, err := store.Migrate(ctx, d); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	opening, err := company(ctx, d, n)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.SQL().ExecContext(ctx, "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	b.Logf("%s: %d applications written in %s", engine.Name, n, time.Since(start))
	viewer := gid.NewGenerator(time.Now, nil).New(gid.Member)
	return &side{
		handler: handler(service(d)),
		viewer:  &access.Viewer{Member: viewer, Roles: []access.Role{access.Recruiter}},
		hand:    &handwritten{db: d, viewer: viewer, now: now, dialect: d.Dialect()},
	}, opening
}

// funnelRow is what both say of a kind of stage.
type funnelRow struct {
	Entered, ActualEntered, Passed, Rejected, Withdrawn, Active, Reentries int
	Completed, StillIn                                                     int
	Median, P90                                                            string
}

// sameFunnel fails unless the API says what the statement says.
func sameFunnel(b *testing.B, ours []byte, theirs map[string]funnelRow) {
	b.Helper()
	var answer struct {
		Data struct {
			Funnel struct {
				Total struct {
					Rows []struct {
						Stage                                                                  struct{ Kind string }
						Entered, ActualEntered, Passed, Rejected, Withdrawn, Active, Reentries int
					}
					StageTimes []struct {
						Stage               struct{ Kind string }
						Completed, StillIn  int
						MedianDays, P90Days *float64
					}
				}
			}
		}
	}
	if err := json.Unmarshal(ours, &answer); err != nil {
		b.Fatal(err)
	}
	days := func(d *float64) string {
		if d == nil {
			return "none"
		}
		return fmt.Sprintf("%.3f", *d)
	}
	got := map[string]funnelRow{}
	for _, r := range answer.Data.Funnel.Total.Rows {
		got[r.Stage.Kind] = funnelRow{Entered: r.Entered, ActualEntered: r.ActualEntered, Passed: r.Passed, Rejected: r.Rejected,
			Withdrawn: r.Withdrawn, Active: r.Active, Reentries: r.Reentries, Median: "none", P90: "none"}
	}
	for _, t := range answer.Data.Funnel.Total.StageTimes {
		r := got[t.Stage.Kind]
		r.Completed, r.StillIn, r.Median, r.P90 = t.Completed, t.StillIn, days(t.MedianDays), days(t.P90Days)
		got[t.Stage.Kind] = r
	}
	for kind, want := range theirs {
		if got[kind] != want {
			b.Errorf("%s: the API says %+v, the statement %+v", kind, got[kind], want)
		}
	}
	if len(theirs) == 0 || len(got) != len(theirs) {
		b.Errorf("the API tells of %d kinds, the statement of %d", len(got), len(theirs))
	}
}
