package calibration_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"hireloop/calibration"
	"hireloop/rubric"
)

// anyInput draws a small company with everything that an input can hold.
func anyInput(t *rapid.T) calibration.Input {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	var in calibration.Input
	people, signals := rapid.IntRange(1, 8).Draw(t, "interviewers"), rapid.IntRange(1, 5).Draw(t, "signals")
	for i := range people {
		in.Interviewers = append(in.Interviewers, calibration.Interviewer{ID: fmt.Sprintf("mem_%d", i), Eligible: random.IntN(4) > 0})
	}
	for s := range signals {
		in.Signals = append(in.Signals, fmt.Sprintf("sig_%d", s))
	}
	for a := range rapid.IntRange(1, 12).Draw(t, "applications") {
		in.Applications = append(in.Applications, fmt.Sprintf("app_%02d", a))
		if random.IntN(3) > 0 {
			in.Decisions = append(in.Decisions, calibration.Decision{Application: int32(a), Hire: random.IntN(2) == 0})
		}
		for range random.IntN(7) {
			ended := from.Add(time.Duration(random.IntN(30*24)) * time.Hour)
			who := int32(random.IntN(people))
			c := calibration.Card{
				Application: int32(a), Interviewer: who, Major: int32(1 + random.IntN(2)), Shadow: random.IntN(5) == 0,
				Status:         []rubric.ScorecardStatus{rubric.ScorecardSubmitted, rubric.ScorecardAmended, rubric.ScorecardDraft, rubric.ScorecardVoid}[min(3, random.IntN(9)/2)],
				Recommendation: []rubric.Recommendation{rubric.NoDecision, rubric.StrongNo, rubric.No, rubric.Yes, rubric.StrongYes}[random.IntN(5)],
				EndedAt:        ended, DueAt: ended.Add(24 * time.Hour),
			}
			if c.Status != rubric.ScorecardDraft {
				c.SubmittedAt = ended.Add(time.Duration(random.IntN(60)) * time.Hour)
			}
			in.Cards = append(in.Cards, c)
			in.Interviews = append(in.Interviews, calibration.Interview{Interviewer: who, EndedAt: ended})
			for s := range signals {
				if random.IntN(4) > 0 {
					in.Ratings = append(in.Ratings, calibration.Rating{Card: int32(len(in.Cards) - 1), Signal: int32(s), Value: uint8(1 + random.IntN(4))})
				}
			}
		}
	}
	return in
}

func anyOptions(t *rapid.T) calibration.Options {
	o := standard()
	o.IncludeShadows, o.MixMajors = rapid.Bool().Draw(t, "shadows"), rapid.Bool().Draw(t, "mix majors")
	o.AsOf = from.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "as of day")) * 24 * time.Hour)
	if rapid.Bool().Draw(t, "no minima") {
		o = o.WithoutMinima()
	}
	return o
}

// shuffled is the same input, with its rows in another order and its tables
// numbered anew.
func shuffled(in calibration.Input, random *rand.Rand) calibration.Input {
	interviewers, to := permuted(in.Interviewers, random)
	applications, toApplication := permuted(in.Applications, random)
	signals, toSignal := permuted(in.Signals, random)
	cards, toCard := permuted(in.Cards, random)
	ratings, _ := permuted(in.Ratings, random)
	held, _ := permuted(in.Interviews, random)
	decisions, _ := permuted(in.Decisions, random)
	for i := range cards {
		cards[i].Interviewer, cards[i].Application = to[cards[i].Interviewer], toApplication[cards[i].Application]
	}
	for i := range ratings {
		ratings[i].Card, ratings[i].Signal = toCard[ratings[i].Card], toSignal[ratings[i].Signal]
	}
	for i := range held {
		held[i].Interviewer = to[held[i].Interviewer]
	}
	for i := range decisions {
		decisions[i].Application = toApplication[decisions[i].Application]
	}
	return calibration.Input{Interviewers: interviewers, Applications: applications, Signals: signals, Cards: cards,
		Ratings: ratings, Interviews: held, Decisions: decisions}
}

// permuted is the table in another order, and where each row went.
func permuted[T any](table []T, random *rand.Rand) (rows []T, to []int32) {
	rows, to = make([]T, len(table)), make([]int32, len(table))
	for row, place := range random.Perm(len(table)) {
		rows[place], to[row] = table[row], int32(place)
	}
	return rows, to
}

func mustCalibrate(t *rapid.T, in calibration.Input, o calibration.Options) *calibration.Report {
	r, err := calibration.Calibrate(in, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The answer is the same to the last bit, in whatever order the rows come.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, o := anyInput(t), anyOptions(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		if diff := cmp.Diff(mustCalibrate(t, in, o), mustCalibrate(t, shuffled(in, random), o)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Who is called what does not matter: the same figures come with other names.
func TestNamesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, o := anyInput(t), anyOptions(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "names"), 0))
		renamed := in
		renamed.Interviewers, renamed.Applications = slices.Clone(in.Interviewers), slices.Clone(in.Applications)
		was := map[string]string{}
		for i, place := range random.Perm(len(in.Interviewers)) {
			renamed.Interviewers[i].ID = in.Interviewers[place].ID
			was[in.Interviewers[place].ID] = in.Interviewers[i].ID
		}
		for i, place := range random.Perm(len(in.Applications)) {
			renamed.Applications[i] = in.Applications[place]
		}
		want, got := mustCalibrate(t, in, o), mustCalibrate(t, renamed, o)
		for i := range got.Interviewers {
			got.Interviewers[i].Interviewer = was[got.Interviewers[i].Interviewer]
		}
		slices.SortFunc(got.Interviewers, func(a, b calibration.Profile) int {
			return strings.Compare(a.Interviewer, b.Interviewer)
		})
		for i := range got.Pairs {
			p := &got.Pairs[i]
			p.First, p.Second = was[p.First], was[p.Second]
			if p.First > p.Second {
				p.First, p.Second = p.Second, p.First
			}
		}
		slices.SortFunc(got.Pairs, func(a, b calibration.Pair) int { return strings.Compare(a.First+a.Second, b.First+b.Second) })
		for i := range got.Load.Warnings {
			got.Load.Warnings[i].Interviewer = was[got.Load.Warnings[i].Interviewer]
		}
		slices.SortFunc(got.Load.Warnings, func(a, b calibration.Week) int {
			return strings.Compare(fmt.Sprint(a.Year, 100+a.Week, a.Interviewer), fmt.Sprint(b.Year, 100+b.Week, b.Interviewer))
		})
		// Groups are numbered by names, and draws go by the order of applications.
		sameGroups(t, want, got)
		for _, r := range []*calibration.Report{want, got} {
			r.Alpha.Interval = nil
			for i := range r.Interviewers {
				r.Interviewers[i].ComparisonGroup = 0
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func sameGroups(t *rapid.T, a, b *calibration.Report) {
	to := map[int]int{0: 0}
	for i, p := range a.Interviewers {
		other := b.Interviewers[i].ComparisonGroup
		if known, seen := to[p.ComparisonGroup]; seen && known != other {
			t.Fatalf("%s is in group %d, then in %d, others of the group in %d", p.Interviewer, p.ComparisonGroup, other, known)
		}
		to[p.ComparisonGroup] = other
	}
}

// Whoever starts to rate everything higher becomes more lenient, by less than
// the difference, and nobody else does.
func TestAddingToOnesRatingsMakesOneMoreLenient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, more := anyInput(t), rapid.IntRange(1, 5).Draw(t, "more")
		o := standard().WithoutMinima()
		o.Model.Shrinkage = rapid.SampledFrom([]float64{.01, 5, 100}).Draw(t, "shrinkage")
		who := int32(rapid.IntRange(0, len(in.Interviewers)-1).Draw(t, "who"))
		before := mustCalibrate(t, in, o)
		in.Ratings = slices.Clone(in.Ratings)
		for i := range in.Ratings {
			if in.Cards[in.Ratings[i].Card].Interviewer == who {
				in.Ratings[i].Value += uint8(more)
			}
		}
		after := mustCalibrate(t, in, o)
		for i, p := range after.Interviewers {
			if p.RatedUnits == 0 {
				continue
			}
			change := *p.Leniency.Value - *before.Interviewers[i].Leniency.Value
			switch {
			case p.Interviewer != in.Interviewers[who].ID && change > 1e-9:
				t.Fatalf("%s became more lenient, by %v, but %s rates higher", p.Interviewer, change, in.Interviewers[who].ID)
			case p.Interviewer == in.Interviewers[who].ID && !(change > 0 && change < float64(more)):
				t.Fatalf("who rates %d higher became more lenient by %v", more, change)
			}
		}
	})
}

func TestAlphaProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ratings := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(1, 4), 2, 5), 1, 20).Draw(t, "units")
		o := standard().WithoutMinima()
		r := mustCalibrate(t, units(ratings).Input, o)
		if r.Alpha.Value == nil {
			return
		}
		if *r.Alpha.Value > 1 || r.ICC1k.Value != nil && *r.ICC1k.Value > 1 {
			t.Fatalf("alpha %v, %+v", *r.Alpha.Value, r.ICC1k)
		}
		swapped := slices.Clone(ratings)
		for i := range swapped {
			swapped[i] = rapid.Permutation(ratings[i]).Draw(t, "raters")
		}
		if s := mustCalibrate(t, units(swapped).Input, o); *s.Alpha.Value != *r.Alpha.Value {
			t.Fatalf("alpha is %v, with raters swapped within units %v", *r.Alpha.Value, *s.Alpha.Value)
		}
		for i := range swapped {
			swapped[i] = slices.Repeat(ratings[i][:1], len(ratings[i]))
		}
		if s := mustCalibrate(t, units(swapped).Input, o); s.Alpha.Value != nil && *s.Alpha.Value != 1 {
			t.Fatalf("everybody agrees, and alpha is %v", *s.Alpha.Value)
		}
	})
}

func TestKappaOfPairsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := make([][]int, 4)
		var ratings [][]int
		for i := range counts {
			counts[i] = rapid.SliceOfN(rapid.IntRange(0, 3), 4, 4).Draw(t, "row")
			for j, n := range counts[i] {
				for range n {
					ratings = append(ratings, []int{i + 1, j + 1})
				}
			}
		}
		if len(ratings) == 0 {
			return
		}
		got, want := mustCalibrate(t, units(ratings).Input, standard().WithoutMinima()).Pairs[0].Kappa.Value, calibration.Kappa(counts, calibration.Quadratic)
		if (got == nil) != (want == nil) || got != nil && (math.Abs(*got-*want) > 1e-12 || *got > 1) {
			t.Fatalf("from sums %v, from the table %v", got, want)
		}
	})
}

// Gini is half the mean difference of two, over the mean.
func TestGiniProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 30).Draw(t, "values")
		g := calibration.Gini(values)
		sum, differences := 0, 0
		for _, a := range values {
			sum += a
			for _, b := range values {
				differences += max(a-b, b-a)
			}
		}
		if sum == 0 {
			if g != nil {
				t.Fatalf("nothing to spread, and Gini is %v", *g)
			}
			return
		}
		if want := float64(differences) / (2 * float64(len(values)) * float64(sum)); math.Abs(*g-want) > 1e-12 || *g < 0 || *g >= 1 {
			t.Fatalf("%v, want %v", *g, want)
		}
	})
}
