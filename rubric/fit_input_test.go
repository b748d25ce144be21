package rubric_test

import (
	"math"
	"strings"
	"testing"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

func TestTheHashIdentifiesTheInputs(t *testing.T) {
	in := mini(t)
	in.Cards[1].RedFlags = []rubric.Observation{{RedFlag: "x<y", Severity: rubric.Caution, ConfirmedBy: "ana"}}
	fit := fitOf(t, in)
	want, err := rubric.Hash(map[string]any{
		"rubricVersion": "1.0.0", "policyVersion": "1.0.0", "target": "em", "allowed": []string{"em"}, "resolved": []string{}, "leniency": nil,
		"cards": []map[string]any{
			{"id": "card of ana", "revision": 1, "confirmedRedFlags": []string{}},
			{"id": "card of ben", "revision": 1, "confirmedRedFlags": []string{"x<y"}},
			{"id": "card of cho", "revision": 1, "confirmedRedFlags": []string{}},
		},
	})
	if err != nil || fit.InputsHash != want {
		t.Errorf("hash %s is not that of the canonical JSON, %s, %v", fit.InputsHash, want, err)
	}
	two := func(first, second string) string {
		in := mini(t)
		for _, key := range []string{first, second} {
			in.Cards[0].RedFlags = append(in.Cards[0].RedFlags, rubric.Observation{RedFlag: key, Severity: rubric.Caution, ConfirmedBy: "ben"})
		}
		return fitOf(t, in).InputsHash
	}
	if two("a", "b") != two("b", "a") {
		t.Error("the order of red flags changes the hash")
	}
	for what, change := range map[string]func(*rubric.FitInput){
		"a revision":     func(in *rubric.FitInput) { in.Cards[0].Revision++ },
		"a card":         func(in *rubric.FitInput) { in.Cards = in.Cards[1:] },
		"a status":       func(in *rubric.FitInput) { in.Cards[0].Status = rubric.ScorecardVoid },
		"the target":     func(in *rubric.FitInput) { in.Target = "senior_em" },
		"a resolution":   func(in *rubric.FitInput) { in.Resolved = []string{"coaching_growth"} },
		"a leniency":     func(in *rubric.FitInput) { in.Leniency = map[string]float64{"ana": 0.1} },
		"the rubric":     func(in *rubric.FitInput) { in.Edition.Semver = "1.0.1" },
		"a confirmation": func(in *rubric.FitInput) { in.Cards[1].RedFlags = nil },
	} {
		other := mini(t)
		other.Cards[1].RedFlags = in.Cards[1].RedFlags
		change(&other)
		if got := fitOf(t, other).InputsHash; got == fit.InputsHash {
			t.Errorf("%s changes nothing in the hash", what)
		}
	}
}

func TestWhatIsNoLoop(t *testing.T) {
	for _, c := range []struct {
		rule string
		with func(*rubric.FitInput)
		want string
	}{
		{"the target is of the edition", func(in *rubric.FitInput) { in.Target = "vp" }, `target: the edition has no level "vp"`},
		{"so are allowed levels", func(in *rubric.FitInput) { in.Allowed = []string{"em", "vp"} }, `allowed.1: the edition has no level "vp"`},
		{"signals are of the edition", func(in *rubric.FitInput) { set(in, "ben", "charm", 3) }, `cards.1.ratings.2.signal: there is no signal "charm"`},
		{"so are resolved ones", func(in *rubric.FitInput) { in.Resolved = []string{"charm"} }, `resolved.0: there is no signal "charm"`},
		{"ratings are on the scale", func(in *rubric.FitInput) { set(in, "ben", "coaching_growth", 5) }, "cards.1.ratings.0.rating: must be between 1 and 4"},
		{"a card answers once", func(in *rubric.FitInput) { in.Cards[0].Ratings[1].Signal = "coaching_growth" }, `cards.0.ratings.1.signal: "coaching_growth" is answered twice`},
		{"a card is given once", func(in *rubric.FitInput) { in.Cards = append(in.Cards, in.Cards[0]) }, "cards.3.id: the card card of ana is given twice"},
		{"a card has an id", func(in *rubric.FitInput) { in.Cards[0].ID = "" }, "cards.0.id: is required"},
		{"somebody wrote it", func(in *rubric.FitInput) { in.Cards[0].Interviewer = "" }, "cards.0.interviewer: is required"},
		{"leniency is a number", func(in *rubric.FitInput) { in.Leniency = map[string]float64{"ana": math.NaN()} }, "leniency.ana: must be a number of rating points"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			in := mini(t)
			c.with(&in)
			_, err := rubric.LevelFit(in)
			if problems := fault.All(err); len(problems) != 1 || problems[0].Error() != c.want {
				t.Errorf("problems are\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func TestAveragesThatAreNotExactAreRefused(t *testing.T) {
	in := mini(t)
	in.Cards = nil
	for i, n := range []int{53, 59, 61, 67, 47, 43} {
		for person := range n {
			set(&in, strings.Repeat("x", person+1), in.Edition.Signals[i].Key, 3)
		}
	}
	in.Leniency = map[string]float64{"x": 0.1}
	if _, err := rubric.LevelFit(in); !fault.Is(err, fault.Invalid) {
		t.Errorf("the answer is %v", err)
	}
}
