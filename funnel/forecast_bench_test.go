package funnel_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"hireloop/funnel"
)

// crowd is n active applications of up to a year in ten stages.
func crowd(n, seats int) funnel.FillInput {
	random := rand.New(rand.NewPCG(3, 4))
	in := funnel.FillInput{Seats: seats, HorizonDays: 365, ArrivalsPerDay: make([]float64, 10)}
	var pass []float64
	for range 10 {
		pass = append(pass, 0.3+0.5*random.Float64())
		in.Durations = append(in.Durations, funnel.LogNormal{MedianDays: 3 + 10*random.Float64(), Sigma: 0.7})
	}
	in.Chain, in.ArrivalsPerDay[0] = straight(pass, in.Durations), 3
	for i := range n {
		in.Active = append(in.Active, funnel.InStage{Application: i, Stage: random.IntN(10), Days: 365 * random.Float64()})
	}
	return in
}

// One curve of a year. Its time grows with applications × seats, once these are
// more than the stages and days cost.
func BenchmarkFillDate(b *testing.B) {
	for _, c := range []struct{ applications, seats int }{{6, 1}, {2_000, 1}, {2_000, 10}, {10_000, 1}, {10_000, 100}} {
		b.Run(fmt.Sprintf("%d_applications_%d_seats", c.applications, c.seats), func(b *testing.B) {
			in := crowd(c.applications, c.seats)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := funnel.FillDate(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The stays of a company, of which eight in a hundred last.
func BenchmarkFitLogNormal(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	stays := make([]funnel.Stay, 1_000_000)
	for i := range stays {
		stays[i] = funnel.Stay{Days: 10 * random.ExpFloat64(), Left: i%100 >= 8}
	}
	for b.Loop() {
		if l, told := funnel.FitLogNormal(stays); !told {
			b.Fatal(l)
		}
	}
}

func BenchmarkNeeded(b *testing.B) {
	for b.Loop() {
		if n, _ := funnel.Needed(1e-6, 1000, 0.8); n < 1e9 {
			b.Fatal(n)
		}
	}
}
