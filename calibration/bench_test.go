package calibration_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/rubric"
)

// company is loops of five cards each, of eight of twenty signals: 40 ratings
// an application. One card in fifty is of somebody's second interview.
func company(ratings, interviewers int) calibration.Input {
	random := rand.New(rand.NewPCG(1, 2))
	var in calibration.Input
	lenient := make([]float64, interviewers)
	for i := range interviewers {
		in.Interviewers = append(in.Interviewers, calibration.Interviewer{ID: fmt.Sprintf("mem_%06d", random.IntN(1e6)*interviewers+i), Eligible: true})
		lenient[i] = random.NormFloat64() * .35
	}
	const signals, seats, focus = 20, 5, 8
	for s := range signals {
		in.Signals = append(in.Signals, "sig_"+strconv.Itoa(s))
	}
	for len(in.Ratings) < ratings {
		application := int32(len(in.Applications))
		in.Applications = append(in.Applications, fmt.Sprintf("app_%08d_%d", random.IntN(1e8), application))
		var worth [signals]float64
		level := random.NormFloat64() * .5
		for s := range worth {
			worth[s] = 2.5 + level + random.NormFloat64()*.5
		}
		if application%3 > 0 {
			in.Decisions = append(in.Decisions, calibration.Decision{Application: application, Hire: level > .4})
		}
		first := random.IntN(interviewers)
		for seat := range seats {
			who := (first + 3*seat + random.IntN(3)) % interviewers
			if seat > 0 && random.IntN(40) == 0 {
				who = int(in.Cards[len(in.Cards)-1].Interviewer)
			}
			ended := from.Add(time.Duration(random.Int64N(int64(to.Sub(from)))))
			in.Interviews = append(in.Interviews, calibration.Interview{Interviewer: int32(who), EndedAt: ended})
			card := calibration.Card{
				Application: application, Interviewer: int32(who), Major: 1, Status: rubric.ScorecardSubmitted,
				Recommendation: rubric.Yes, EndedAt: ended, DueAt: ended.Add(24 * time.Hour),
				SubmittedAt: ended.Add(time.Duration(random.ExpFloat64() * float64(20*time.Hour))),
			}
			if level+random.NormFloat64()*.5 < .2 {
				card.Recommendation = rubric.No
			}
			in.Cards = append(in.Cards, card)
			start := random.IntN(signals)
			for s := range focus {
				signal := (start + s) % signals
				value := min(4, max(1, int(worth[signal]+lenient[who]+random.NormFloat64()*.7+.5)))
				in.Ratings = append(in.Ratings, calibration.Rating{Card: int32(len(in.Cards) - 1), Signal: int32(signal), Value: uint8(value)})
			}
		}
	}
	return in
}

// The whole report. Its time is to grow with the number of ratings, not faster.
func BenchmarkCalibrate(b *testing.B) {
	for _, n := range []int{20_000, 200_000, 2_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := company(n, max(20, n/2000))
			b.ReportAllocs()
			for b.Loop() {
				r, err := calibration.Calibrate(in, standard())
				if err != nil || !r.Sufficient {
					b.Fatal(err, r)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rating")
		})
	}
}

// What a level fit needs.
func BenchmarkLeniencies(b *testing.B) {
	in := company(2_000_000, 1000)
	for b.Loop() {
		if usable, err := calibration.Leniencies(in, standard()); err != nil || len(usable) == 0 {
			b.Fatal(err, usable)
		}
	}
}
