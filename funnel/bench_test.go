package funnel_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hireloop/funnel"
)

// company is n applications, 3.2 visits each, of openings with 200 each: 8 in
// 100 are still active.
func company(b *testing.B, n int) []*funnel.Pipeline {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	kinds := []string{"APPLIED", "SCREEN", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}
	var pipelines []*funnel.Pipeline
	for n > 0 {
		tracks := make([]funnel.Track, min(n, 200))
		n -= len(tracks)
		for i := range tracks {
			at := origin.Add(time.Duration(random.IntN(365*24*3600)) * time.Second)
			log := []funnel.Entry{}
			add := func(kind funnel.EventKind, stage int) {
				log = append(log, funnel.Entry{Event: funnel.Event{Kind: kind, Stage: stage, At: at}, RecordedAt: at, Sequence: len(log) + 1})
				at = at.Add(time.Duration(random.ExpFloat64() * float64(6*24*time.Hour)))
			}
			add(funnel.Enter, 0)
			for stage := 1; stage < 6 && random.Float64() < 0.73; stage++ {
				add(funnel.Enter, stage)
			}
			if log[len(log)-1].Stage != 5 && random.Float64() < 0.92 {
				add(funnel.Reject, 0)
			}
			tracks[i] = funnel.Track{Source: int32(random.IntN(8)), Log: log}
		}
		p, _, err := funnel.NewPipeline(kinds, tracks)
		if err != nil {
			b.Fatal(err)
		}
		pipelines = append(pipelines, p)
	}
	return pipelines
}

func selection(pipelines []*funnel.Pipeline) funnel.Selection {
	asOf := origin.Add(3 * 365 * 24 * time.Hour)
	return funnel.Selection{
		Pipelines: pipelines, Moment: funnel.Moment{At: asOf, Known: asOf}, ByKind: true,
		Groups: 1, Boundaries: []time.Time{origin, asOf},
	}
}

// The company-wide funnel: every count and rate, and every median and p90 of time
// in stage. Its time is to grow with the number of applications, not faster.
func BenchmarkCompany(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000, 3_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := selection(company(b, n))
			visits, bytes := 0, 0
			for _, p := range s.Pipelines {
				visits += p.Visits()
				bytes += p.Bytes()
			}
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				if c, _ := funnel.FollowCohorts(s, funnel.EachVisit); c[0].Applications != n {
					b.Fatalf("%d applications", c[0].Applications)
				}
			}
			b.ReportMetric(float64(bytes)/float64(visits), "B/visit")
			b.ReportMetric(float64(visits)/float64(n), "visits/application")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(visits), "ns/visit")
		})
	}
}

// The same of one opening with 200 applications.
func BenchmarkOpening(b *testing.B) {
	s := selection(company(b, 200))
	s.ByKind = false
	b.ReportAllocs()
	for b.Loop() {
		funnel.FollowCohorts(s, funnel.EachVisit)
	}
}
