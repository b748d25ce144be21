package rubric_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

// drawLoop draws a loop of the builtin rubric: a candidate of some quality,
// judged with noise, where some ratings are missing, some people come twice,
// some see red flags and some disputes were resolved.
func drawLoop(t *rapid.T, content rubric.Content) rubric.FitInput {
	plan := rapid.SampledFrom(content.Plans[:2]).Draw(t, "plan")
	quality := rapid.SampledFrom([]int{2, 3, 3, 4, 4}).Draw(t, "quality")
	noise := rapid.Just(0) // in half of the loops, so that levels are met often enough
	if rapid.Bool().Draw(t, "noisy") {
		noise = rapid.SampledFrom([]int{-1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 9})
	}
	in := rubric.FitInput{
		Ladder: content.Ladder, Edition: content.Edition,
		Target:  rapid.SampledFrom([]string{"em", "senior_em"}).Draw(t, "target"),
		Allowed: rapid.SampledFrom([][]string{{"em"}, {"senior_em"}, {"em", "senior_em"}}).Draw(t, "allowed"),
	}
	rare := rapid.SampledFrom(append(make([]bool, 50), true))
	in.Cards = loop(plan, func(_, _ string) int { return min(max(quality+noise.Draw(t, "noise"), 1), 9) })
	for i := range in.Cards {
		card := &in.Cards[i]
		for j, r := range card.Ratings {
			if *r.Rating > 4 && rapid.Bool().Draw(t, "missing") {
				card.Ratings[j] = rubric.Rating{Signal: r.Signal, NotAssessed: "NO_TIME"}
			} else {
				*r.Rating = min(*r.Rating, 4)
			}
		}
		card.Recommendation = rapid.SampledFrom([]rubric.Recommendation{"", "STRONG_NO", "NO", "YES", "YES", "STRONG_YES"}).Draw(t, "recommendation")
		if rare.Draw(t, "red flag") {
			card.RedFlags = []rubric.Observation{{
				RedFlag: "fabricates_evidence", Signal: "efficient_delivery", Severity: rubric.Blocking,
				ConfirmedBy: rapid.SampledFrom([]string{"", "witness"}).Draw(t, "confirmed by"),
			}}
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "second sessions") {
		again := in.Cards[rapid.IntRange(0, len(in.Cards)-1).Draw(t, "of")]
		again.ID = fmt.Sprintf("%s again, %d", again.ID, len(in.Cards))
		again.Ratings = copyRatings(again.Ratings)
		again.Interviewer = rapid.SampledFrom(in.Cards).Draw(t, "by").Interviewer
		in.Cards = append(in.Cards, again)
	}
	if rapid.Bool().Draw(t, "debriefed") {
		in.Resolved = []string{"coaching_growth", "leadership_cultivation"}
	}
	return in
}

func copyRatings(ratings []rubric.Rating) []rubric.Rating {
	ratings = slices.Clone(ratings)
	for i, r := range ratings {
		if r.Rating != nil {
			rating := *r.Rating
			ratings[i].Rating = &rating
		}
	}
	return ratings
}

func fitOf(t interface{ Fatal(...any) }, in rubric.FitInput) rubric.Fit {
	fit, err := rubric.LevelFit(in)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

func TestTheOrderOfScorecardsIsIrrelevant(t *testing.T) {
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawLoop(t, content)
		want := fitOf(t, in)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(in.Cards), func(i, j int) { in.Cards[i], in.Cards[j] = in.Cards[j], in.Cards[i] })
		if got := fitOf(t, in); !reflect.DeepEqual(got, want) {
			t.Errorf("in another order the fit is\n%+v\nnot\n%+v", got, want)
		}
	})
}

func TestCardsThatDoNotCountChangeNothing(t *testing.T) {
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawLoop(t, content)
		want := fitOf(t, in)
		other := drawLoop(t, content)
		for i, card := range other.Cards {
			card.ID, card.Shadow = fmt.Sprintf("shadow %d", i), true
			if rapid.Bool().Draw(t, "another status") {
				card.Shadow = false
				card.Status = rapid.SampledFrom([]rubric.ScorecardStatus{rubric.ScorecardDraft, rubric.ScorecardVoid}).Draw(t, "status")
			}
			in.Cards = append(in.Cards, card)
		}
		if got := fitOf(t, in); !reflect.DeepEqual(got, want) {
			t.Errorf("with shadows, drafts and voids the fit is\n%+v\nnot\n%+v", got, want)
		}
	})
}

func TestALevelIsMetOnlyWithTheOneItExtends(t *testing.T) {
	content := builtin(t)
	seen := map[rubric.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		fit := fitOf(t, drawLoop(t, content))
		em, senior := fit.Levels[0], fit.Levels[1]
		seen[senior.Verdict]++
		if senior.Verdict == rubric.Met && em.Verdict != rubric.Met {
			t.Errorf("Senior is met, EM is %s %v", em.Verdict, em.Reasons)
		}
		if senior.Verdict == rubric.Met && *senior.Confidence > *em.Confidence {
			t.Errorf("confidence in Senior is %v, in EM %v", *senior.Confidence, *em.Confidence)
		}
	})
	if len(seen) < 3 && !testing.Short() { // too few are drawn to miss none
		t.Errorf("the loops drawn have the verdicts %v only", seen)
	}
}

func TestSharesAndProbabilitiesLieBetween0And1(t *testing.T) {
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		for _, l := range fitOf(t, drawLoop(t, content)).Levels {
			if c := l.Coverage.Float64(); c < 0 || c > 1 {
				t.Errorf("coverage %v", l.Coverage)
			}
			if l.Confidence != nil && !(*l.Confidence >= 0 && *l.Confidence <= 1) {
				t.Errorf("confidence %v", *l.Confidence)
			}
			for _, s := range l.Signals {
				if s.PMeets != nil && !(*s.PMeets >= 0 && *s.PMeets <= 1) {
					t.Errorf("pMeets %v of %s", *s.PMeets, s.Signal)
				}
			}
		}
	})
}

// The margins, worked out once more from what the fit says of signals, with
// rationals of any size.
func TestMarginsAreExact(t *testing.T) {
	content := builtin(t)
	settled := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, l := range fitOf(t, drawLoop(t, content)).Levels {
			margin, best, rated, all := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
			most, open := big.NewRat(1, 2), false
			for _, s := range l.Signals {
				at := slices.IndexFunc(content.Edition.Signals, func(x rubric.Signal) bool { return x.Key == s.Signal })
				demand, _ := content.Edition.Signals[at].Effective(content.Ladder, l.Level)
				weight, bar := big.NewRat(int64(demand.Weight), 1), big.NewRat(int64(s.Bar), 100)
				distance := new(big.Rat)
				capped := func(r *big.Rat) *big.Rat {
					if r.Cmp(most) > 0 {
						r.Set(most)
					}
					return r.Mul(r, weight)
				}
				if s.Raters > 0 {
					mean := new(big.Rat)
					for _, r := range s.Ratings {
						mean.Add(mean, big.NewRat(r.Num, r.Den))
					}
					mean.Quo(mean, big.NewRat(int64(s.Raters), 1))
					if mean.Cmp(big.NewRat(s.Mean.Num, s.Mean.Den)) != 0 {
						t.Errorf("the mean of %v is %v, want %v", s.Ratings, s.Mean, mean)
					}
					if s.Status == rubric.MetBar && mean.Cmp(bar) < 0 {
						t.Errorf("%v is met by %v", bar, mean)
					}
					distance = capped(mean.Sub(mean, bar))
					margin.Add(margin, distance)
					rated.Add(rated, weight)
				}
				switch s.Status {
				case rubric.NotAssessed, rubric.Thin, rubric.Disputed:
					open = true
					distance = capped(new(big.Rat).Sub(big.NewRat(4, 1), bar))
				}
				best.Add(best, distance)
				all.Add(all, weight)
			}
			same := func(what string, got *rubric.Ratio, sum, weight *big.Rat) {
				want := new(big.Rat).Quo(sum, weight)
				if want.Cmp(big.NewRat(got.Num, got.Den)) != 0 {
					t.Errorf("%s of %s is %v, want %v", what, l.Level, got, want)
				}
			}
			same("margin", l.Margin, margin, rated)
			same("best case", l.BestCaseMargin, best, all)
			if !open {
				settled++
				if *l.BestCaseMargin != *l.Margin {
					t.Errorf("everything is settled, the margin is %v, at best %v", l.Margin, l.BestCaseMargin)
				}
			}
		}
	})
	if settled == 0 && !testing.Short() { // too few are drawn to miss none
		t.Error("no loop drawn is settled")
	}
}

func TestAHigherRatingNeverFailsALevelThatIsMet(t *testing.T) {
	content := builtin(t)
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		in := drawLoop(t, content)
		before := fitOf(t, in)
		card := rapid.SampledFrom(in.Cards).Draw(t, "card")
		rating := rapid.SampledFrom(card.Ratings).Draw(t, "rating").Rating
		if rating == nil || *rating == 4 {
			return
		}
		*rating++
		after := fitOf(t, in)
		for i, l := range before.Levels {
			if l.Verdict != rubric.Met {
				continue
			}
			met++
			if now := after.Levels[i]; now.Verdict == rubric.NotMet {
				t.Errorf("%s was met and is %s %v after a rating was raised", l.Level, now.Verdict, now.Reasons)
			}
		}
	})
	if met == 0 && !testing.Short() { // too few are drawn to miss none
		t.Error("no loop drawn meets a level")
	}
}

func TestTheSentenceAlwaysSaysWhy(t *testing.T) {
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		fit := fitOf(t, drawLoop(t, content))
		sentence := fit.Explain(content.Ladder, content.Edition)
		if again := fit.Explain(content.Ladder, content.Edition); sentence != again {
			t.Errorf("%s\nand then\n%s", sentence, again)
		}
		for _, bad := range []string{": ;", ": .", "; ;", "; .", "unknown", "%!"} {
			if strings.Contains(sentence, bad) {
				t.Errorf("a reason is left out: %s", sentence)
			}
		}
	})
}
