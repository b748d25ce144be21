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

	"hireloop/internal/fault"
	"hireloop/rubric"
)

func ExampleDisagreement() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := rubric.Disagreement(content.Edition, []rubric.Scorecard{
		rate("ana", 3, "coaching_growth", "team_wellbeing"),
		rate("ben", 3, "coaching_growth"),
		rate("dee", 4, "team_wellbeing"),
		rate("cho", 1, "coaching_growth"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range list {
		fmt.Println(d.Signal, d.Votes, "mean", d.Mean, "range", d.Range, "at odds", d.AtOdds, d.Outliers)
	}
	// Output:
	// team_wellbeing [{ana 3} {dee 4}] mean 7/2 range 1 at odds false []
	// coaching_growth [{ana 3} {ben 3} {cho 1}] mean 7/3 range 2 at odds true [cho]
}

func TestWhoStandsOut(t *testing.T) {
	for _, c := range []struct {
		rule    string
		ratings [][]int // of each person, a to z
		mean    rubric.Ratio
		spread  rubric.Ratio
		atOdds  bool
		out     string // who
	}{
		{"nobody to differ from", [][]int{{1}}, rubric.Ratio{Num: 1, Den: 1}, rubric.Ratio{Num: 0, Den: 1}, false, ""},
		{"of two, neither", [][]int{{1}, {4}}, rubric.Ratio{Num: 5, Den: 2}, rubric.Ratio{Num: 3, Den: 1}, true, ""},
		{"a point and a half from the others is far", [][]int{{1}, {2}, {3}}, rubric.Ratio{Num: 2, Den: 1}, rubric.Ratio{Num: 2, Den: 1}, true, "ac"},
		{"less is not", [][]int{{2}, {3}, {3}, {4}}, rubric.Ratio{Num: 3, Den: 1}, rubric.Ratio{Num: 2, Den: 1}, true, ""},
		{"nor is a point", [][]int{{3}, {3}, {4}}, rubric.Ratio{Num: 10, Den: 3}, rubric.Ratio{Num: 1, Den: 1}, false, ""},
		{"it is measured from the others, not from all", [][]int{{4}, {4}, {2}}, rubric.Ratio{Num: 10, Den: 3}, rubric.Ratio{Num: 2, Den: 1}, true, "c"},
		{"two camps", [][]int{{1}, {1}, {4}, {4}}, rubric.Ratio{Num: 5, Den: 2}, rubric.Ratio{Num: 3, Den: 1}, true, "abcd"},
		{"one vote of each: 1 and 4 are 5/2", [][]int{{1, 4}, {3}, {4}}, rubric.Ratio{Num: 19, Den: 6}, rubric.Ratio{Num: 3, Den: 2}, false, ""},
		{"5/2 lies a point and a half from 4", [][]int{{2, 3}, {4}, {4}}, rubric.Ratio{Num: 7, Den: 2}, rubric.Ratio{Num: 3, Den: 2}, false, "a"},
		{"8/3 does not", [][]int{{2, 3, 3}, {4}, {4}}, rubric.Ratio{Num: 32, Den: 9}, rubric.Ratio{Num: 4, Den: 3}, false, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var cards []rubric.Scorecard
			for i, ratings := range c.ratings {
				for j, rating := range ratings {
					card := rate(string(rune('a'+i)), rating, "coaching_growth")
					card.ID = fmt.Sprint(i, " ", j)
					cards = append(cards, card)
				}
			}
			list, err := rubric.Disagreement(builtin(t).Edition, cards)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			got := list[0]
			if got.Mean != c.mean || got.Range != c.spread || got.AtOdds != c.atOdds || strings.Join(got.Outliers, "") != c.out {
				t.Errorf("%+v, want mean %v, range %v, at odds %v, outliers %q", got, c.mean, c.spread, c.atOdds, c.out)
			}
		})
	}
}

func TestOnlyWhatCountsIsRead(t *testing.T) {
	draft, void, shadow := rate("ben", 1, "coaching_growth"), rate("cho", 1, "coaching_growth"), rate("dee", 1, "coaching_growth")
	draft.Status, void.Status, shadow.Shadow = rubric.ScorecardDraft, rubric.ScorecardVoid, true
	silent := rate("eve", 1)
	silent.Ratings = []rubric.Rating{{Signal: "coaching_growth", NotAssessed: "NO_TIME"}, {Signal: "goal_context", NotAssessed: "NO_TIME"}}
	amended := rate("fay", 4, "coaching_growth")
	amended.Status = rubric.ScorecardAmended
	got, err := rubric.Disagreement(builtin(t).Edition, []rubric.Scorecard{rate("ana", 4, "coaching_growth"), draft, void, shadow, silent, amended})
	four := rubric.Ratio{Num: 4, Den: 1}
	want := []rubric.SignalDisagreement{{
		Signal: "coaching_growth", Votes: []rubric.Vote{{Interviewer: "ana", Rating: four}, {Interviewer: "fay", Rating: four}},
		Mean: four, Range: rubric.Ratio{Num: 0, Den: 1}, Outliers: []string{},
	}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if got, err := rubric.Disagreement(builtin(t).Edition, []rubric.Scorecard{draft}); err != nil || got == nil || len(got) > 0 {
		t.Errorf("of a draft: %#v, %v; want an empty list", got, err)
	}
}

func TestCardsOfAnotherRubric(t *testing.T) {
	strange, twice, off := rate("ana", 3, "charm"), rate("ben", 3, "coaching_growth", "coaching_growth"), rate("cho", 5, "coaching_growth")
	_, err := rubric.Disagreement(builtin(t).Edition, []rubric.Scorecard{strange, twice, off, off, {}})
	var got []string
	for _, problem := range fault.All(err) {
		got = append(got, problem.Error())
	}
	want := []string{
		`cards.0.ratings.0.signal: there is no signal "charm"`,
		`cards.1.ratings.1.signal: "coaching_growth" is answered twice`,
		"cards.2.ratings.0.rating: must be between 1 and 4",
		"cards.3.id: the card card of cho is given twice",
		"cards.3.ratings.0.rating: must be between 1 and 4",
		"cards.4.id: is required",
		"cards.4.interviewer: is required",
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems\n%q\nwant\n%q", got, want)
	}
}

// Worked out once more with rationals of any size, from the cards in any order;
// and what is said here is what a level fit says.
func TestDisagreementIsExact(t *testing.T) {
	content := builtin(t)
	outliers := 0
	rapid.Check(t, func(t *rapid.T) {
		in := drawLoop(t, content)
		for range rapid.IntRange(0, 4).Draw(t, "followers") { // gates with more raters
			card := rate(fmt.Sprint("follower ", len(in.Cards)), rapid.IntRange(1, 4).Draw(t, "rating"), "coaching_growth", "epd_collaboration")
			in.Cards = append(in.Cards, card)
		}
		got, err := rubric.Disagreement(content.Edition, in.Cards)
		if err != nil {
			t.Fatal(err)
		}
		votes := map[string]map[string]*big.Rat{}
		for _, s := range content.Edition.Signals {
			people := map[string][]int64{}
			for _, card := range in.Cards {
				for _, r := range card.Ratings {
					if r.Signal == s.Key && r.Rating != nil {
						people[card.Interviewer] = append(people[card.Interviewer], int64(*r.Rating))
					}
				}
			}
			for person, ratings := range people {
				var sum int64
				for _, r := range ratings {
					sum += r
				}
				if votes[s.Key] == nil {
					votes[s.Key] = map[string]*big.Rat{}
				}
				votes[s.Key][person] = big.NewRat(sum, int64(len(ratings)))
			}
		}
		if len(got) != len(votes) {
			t.Fatalf("%d signals, want %d", len(got), len(votes))
		}
		last := -1
		for _, d := range got {
			at := slices.IndexFunc(content.Edition.Signals, func(s rubric.Signal) bool { return s.Key == d.Signal })
			if at <= last {
				t.Errorf("%s is not in the edition's order", d.Signal)
			}
			last = at
			want, sum := votes[d.Signal], new(big.Rat)
			for _, vote := range want {
				sum.Add(sum, vote)
			}
			if len(d.Votes) != len(want) || !slices.IsSortedFunc(d.Votes, func(a, b rubric.Vote) int { return strings.Compare(a.Interviewer, b.Interviewer) }) {
				t.Errorf("votes %v, want %v", d.Votes, want)
			}
			var out []string
			for _, vote := range d.Votes {
				exact := want[vote.Interviewer]
				if exact == nil || exact.Cmp(big.NewRat(vote.Rating.Num, vote.Rating.Den)) != 0 {
					t.Errorf("the vote of %s is %v, want %v", vote.Interviewer, vote.Rating, exact)
					continue
				}
				if len(want) > 2 {
					others := new(big.Rat).Sub(sum, exact)
					away := others.Sub(exact, others.Quo(others, big.NewRat(int64(len(want)-1), 1)))
					if away.Abs(away).Cmp(big.NewRat(3, 2)) >= 0 {
						out = append(out, vote.Interviewer)
					}
				}
			}
			outliers += len(out)
			if !slices.Equal(d.Outliers, out) {
				t.Errorf("%s: outliers of %v are %v, want %v", d.Signal, d.Votes, d.Outliers, out)
			}
			if mean := sum.Quo(sum, big.NewRat(int64(len(want)), 1)); mean.Cmp(big.NewRat(d.Mean.Num, d.Mean.Den)) != 0 {
				t.Errorf("mean %v, want %v", d.Mean, mean)
			}
			if d.AtOdds != (d.Range.Float64() >= 2) {
				t.Errorf("range %v, at odds: %v", d.Range, d.AtOdds)
			}
		}
		for _, l := range fitOf(t, in).Levels {
			for _, s := range l.Signals {
				at := slices.IndexFunc(got, func(d rubric.SignalDisagreement) bool { return d.Signal == s.Signal })
				if (at < 0) != (s.Raters == 0) || at >= 0 && (*s.Mean != got[at].Mean || s.Raters != len(got[at].Votes) || s.Status == rubric.Disputed && !got[at].AtOdds) {
					t.Errorf("the fit says %+v, the disagreement %+v", s, got)
				}
			}
		}
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(in.Cards), func(i, j int) { in.Cards[i], in.Cards[j] = in.Cards[j], in.Cards[i] })
		if again, err := rubric.Disagreement(content.Edition, in.Cards); err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("in another order it is %+v, %v", again, err)
		}
	})
	if outliers == 0 {
		t.Error("nobody stands out in the loops drawn")
	}
}
