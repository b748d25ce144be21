package calibration_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/rubric"
)

var (
	from = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday
	to   = from.AddDate(0, 0, 26*7)
)

func standard() calibration.Options {
	return calibration.Options{From: from, To: to, AsOf: to, Seed: 1, Model: calibration.StandardModel()}
}

// world is an input that is built by names.
type world struct {
	calibration.Input
	interviewers, applications, signals map[string]int32
	cards                               map[[2]string]int32
}

func newWorld() *world {
	return &world{interviewers: map[string]int32{}, applications: map[string]int32{}, signals: map[string]int32{}, cards: map[[2]string]int32{}}
}

func (w *world) interviewer(id string) int32 {
	i, known := w.interviewers[id]
	if !known {
		i = int32(len(w.Interviewers))
		w.interviewers[id] = i
		w.Interviewers = append(w.Interviewers, calibration.Interviewer{ID: id, Eligible: true})
	}
	return i
}

func (w *world) application(id string) int32 { return number(w.applications, &w.Applications, id) }

func (w *world) signal(id string) int32 { return number(w.signals, &w.Signals, id) }

func number(numbers map[string]int32, table *[]string, id string) int32 {
	i, known := numbers[id]
	if !known {
		i = int32(len(*table))
		numbers[id] = i
		*table = append(*table, id)
	}
	return i
}

// card is the interviewer's card for the application, handed in.
func (w *world) card(application, interviewer string) *calibration.Card {
	key := [2]string{application, interviewer}
	i, known := w.cards[key]
	if !known {
		i = int32(len(w.Cards))
		w.cards[key] = i
		w.another(application, interviewer)
	}
	return &w.Cards[i]
}

// another is one more card.
func (w *world) another(application, interviewer string) *calibration.Card {
	w.Cards = append(w.Cards, calibration.Card{
		Application: w.application(application), Interviewer: w.interviewer(interviewer), Major: 1,
		Status: rubric.ScorecardSubmitted, EndedAt: from, DueAt: from.Add(24 * time.Hour), SubmittedAt: from.Add(time.Hour),
	})
	return &w.Cards[len(w.Cards)-1]
}

// rate rates on the interviewer's card for the application.
func (w *world) rate(application, signal, interviewer string, value int) {
	w.card(application, interviewer)
	w.Ratings = append(w.Ratings, calibration.Rating{
		Card: w.cards[[2]string{application, interviewer}], Signal: w.signal(signal), Value: uint8(value)})
}

// units are applications with a unit each, of as many ratings, by interviewers
// who are numbered in the order of the ratings; 0 is no rating.
func units(ratings [][]int) *world {
	w := newWorld()
	for u, values := range ratings {
		for i, v := range values {
			if v > 0 {
				w.rate(fmt.Sprintf("app_%03d", u), "signal", fmt.Sprintf("mem_%02d", i), v)
			}
		}
	}
	return w
}

func calibrate(t testing.TB, w *world, o calibration.Options) *calibration.Report {
	t.Helper()
	r, err := calibration.Calibrate(w.Input, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func profile(t testing.TB, r *calibration.Report, id string) calibration.Profile {
	t.Helper()
	for _, p := range r.Interviewers {
		if p.Interviewer == id {
			return p
		}
	}
	t.Fatalf("there is no interviewer %s", id)
	return calibration.Profile{}
}

// is compares with a figure that is known to so many decimals.
func is(t testing.TB, what string, got *float64, want float64, decimals int) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s is nil, want %v", what, want)
	case !(math.Abs(*got-want) <= .5000001*math.Pow(10, -float64(decimals))):
		t.Errorf("%s = %v, want %v", what, *got, want)
	}
}
