package funnel_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

func stays(left, still []float64) []funnel.Stay {
	var all []funnel.Stay
	for _, d := range still { // first, so that ties show who is taken first
		all = append(all, funnel.Stay{Days: d})
	}
	for _, d := range left {
		all = append(all, funnel.Stay{Days: d, Left: true})
	}
	return all
}

func ExampleKaplanMeier() {
	finished, waiting := []float64{3, 4, 5, 6}, []float64{7, 7, 8}
	for _, step := range funnel.KaplanMeier(stays(finished, waiting)) {
		fmt.Printf("day %g: %d of %d left, %.3f remain\n", step.Days, step.Left, step.AtRisk, step.Remaining)
	}
	// Output:
	// day 3: 1 of 7 left, 0.857 remain
	// day 4: 1 of 6 left, 0.714 remain
	// day 5: 1 of 5 left, 0.571 remain
	// day 6: 1 of 4 left, 0.429 remain
}

func TestQuantile(t *testing.T) {
	const never = -1
	for rule, c := range map[string]struct {
		left, still []float64
		median, p90 float64
	}{
		"those still there move the median out":                        {[]float64{3, 4, 5, 6}, []float64{7, 7, 8}, 6, never},
		"when most are still there it is not known":                    {[]float64{2, 3, 4}, []float64{10, 12, 15, 20}, never, never},
		"nobody ever came":                                             {nil, nil, never, never},
		"nobody ever left":                                             {nil, []float64{1, 2, 3}, never, never},
		"half is reached exactly":                                      {[]float64{5, 6}, nil, 5, 6},
		"half is reached exactly, after thirds":                        {[]float64{8, 11, 12, 13, 14}, []float64{5, 23}, 12, never},
		"a tenth remaining is nine in ten leaving":                     {[]float64{5, 6, 6, 7, 7, 7, 8, 9, 10}, []float64{19}, 7, 10},
		"who leaves on a day leaves before those still there that day": {[]float64{2}, []float64{2}, 2, never},
		"a clinical trial of 1963 (Freireich, 6-MP)": {
			[]float64{6, 6, 6, 7, 10, 13, 16, 22, 23},
			[]float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}, 23, never},
	} {
		t.Run(rule, func(t *testing.T) {
			curve := funnel.KaplanMeier(stays(c.left, c.still))
			for q, want := range map[float64]float64{.5: c.median, .9: c.p90} {
				got, reached := curve.Quantile(q)
				if !reached {
					got = never
				}
				if got != want {
					t.Errorf("quantile %g = %g, want %g", q, got, want)
				}
			}
		})
	}
}

func TestKaplanMeierAgainstPublishedFigures(t *testing.T) {
	got := funnel.KaplanMeier(stays(
		[]float64{6, 6, 6, 7, 10, 13, 16, 22, 23},
		[]float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}))
	want := funnel.Survival{
		{6, 21, 3, .857143}, {7, 17, 1, .806723}, {10, 15, 1, .752941}, {13, 12, 1, .690196},
		{16, 11, 1, .627451}, {22, 7, 1, .537815}, {23, 6, 1, .448179},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Error(diff)
	}
}

// Without anybody still there, what remains is the plain share of longer stays.
func TestKaplanMeierIsThePlainShareWhenAllHaveLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.SliceOfN(rapid.Float64Range(0, 30), 1, 200).Draw(t, "left")
		for _, step := range funnel.KaplanMeier(stays(left, nil)) {
			longer := 0
			for _, d := range left {
				if d > step.Days {
					longer++
				}
			}
			if share := float64(longer) / float64(len(left)); math.Abs(step.Remaining-share) > 1e-9 {
				t.Fatalf("after %g days %g remain, want %g", step.Days, step.Remaining, share)
			}
		}
	})
}

// Knowing that somebody waited longer never makes the estimate shorter.
func TestWaitingLongerNeverShortensQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 20), 1, 40)
		as := func(ints []int) []float64 {
			floats := make([]float64, len(ints))
			for i, n := range ints {
				floats[i] = float64(n)
			}
			return floats
		}
		all := stays(as(days.Draw(t, "left")), as(days.Draw(t, "still")))
		before := slices.Clone(all)
		all[0].Days += float64(rapid.IntRange(1, 20).Draw(t, "longer")) // one who is still there
		for _, q := range []float64{.1, .5, .9} {
			was, reachedBefore := funnel.KaplanMeier(before).Quantile(q)
			is, reached := funnel.KaplanMeier(all).Quantile(q)
			if reached && (!reachedBefore || is < was) {
				t.Fatalf("quantile %g shrank from %g (%t) to %g", q, was, reachedBefore, is)
			}
		}
	})
}
