package rubric_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"hireloop/rubric"
)

// vectorFile is a set of loops with the answers worked out elsewhere.
type vectorFile struct {
	Levels  []vectorLevel `json:"levels"` // none: the builtin rubric
	Vectors []vector      `json:"vectors"`
}

type vectorLevel struct {
	Key         string
	Rank        int
	Extends     *string
	CoverageMin float64
	Signals     json.RawMessage
}

type vector struct {
	ID, Title, Target string
	Allowed           []string
	Resolved          []string
	Leniency          map[string]float64
	Scorecards        []vectorCard
	Expected          struct {
		Outcome         rubric.Outcome
		Level           *string
		AlsoMeets       []string
		Attention       []rubric.Attention
		RequiresDebrief *bool
		Levels          map[string]vectorResult
	}
}

type vectorCard struct {
	Interviewer string
	Shadow      bool
	Ratings     map[string]*int
	Overall     rubric.Recommendation
	Flags       []struct {
		Key, Signal string
		Severity    rubric.Severity
		Confirmed   bool
	}
}

type vectorResult struct {
	Verdict                                     rubric.Verdict
	Reasons                                     []rubric.Reason
	Margin, OwnMargin, BestCaseMargin, Coverage *float64
	Confidence                                  *float64
	ConfidenceClass                             *rubric.Confidence
	WeakestLink                                 string
	Signals                                     map[string]struct {
		Status       rubric.SignalStatus
		N            int
		Mean, PMeets *float64
	}
}

func (c vectorCard) scorecard(i int) rubric.Scorecard {
	card := rubric.Scorecard{
		ID: "card " + strconv.Itoa(i), Revision: 1, Interviewer: c.Interviewer,
		Status: rubric.ScorecardSubmitted, Shadow: c.Shadow, Recommendation: c.Overall,
	}
	for signal, rating := range c.Ratings {
		r := rubric.Rating{Signal: signal, Rating: rating}
		if rating == nil {
			r.NotAssessed = "NO_TIME"
		}
		card.Ratings = append(card.Ratings, r)
	}
	for _, f := range c.Flags {
		o := rubric.Observation{RedFlag: f.Key, Signal: f.Signal, Severity: f.Severity}
		if f.Confirmed {
			o.ConfirmedBy = "a second person"
		}
		card.RedFlags = append(card.RedFlags, o)
	}
	return card
}

// rubricOf makes a ladder and an edition of the file's levels.
func (f vectorFile) rubricOf(t *testing.T) (rubric.Ladder, rubric.Edition) {
	t.Helper()
	if len(f.Levels) == 0 {
		content := builtin(t)
		return content.Ladder, content.Edition
	}
	edition := rubric.Edition{Semver: "1.0.0", ScaleMax: 4}
	var ladder rubric.Ladder
	position := map[string]int{}
	for _, l := range f.Levels {
		level := rubric.Level{Key: l.Key, Name: l.Key, Rank: l.Rank, Hireable: true}
		if l.Extends != nil {
			level.Extends = *l.Extends
		}
		ladder.Levels = append(ladder.Levels, level)
		edition.Levels = append(edition.Levels, rubric.LevelSetting{Level: l.Key, CoverageMinimum: int(math.Round(l.CoverageMin * 100))})
		for _, key := range keysInOrder(t, l.Signals) {
			if _, known := position[key]; !known {
				position[key] = len(edition.Signals)
				edition.Signals = append(edition.Signals, rubric.Signal{Key: key, Name: key, Demands: map[string]rubric.Demand{}})
			}
		}
		var demands map[string]struct {
			Weight, MinRaters int
			Bar               rubric.Bar
			MustHave          bool
		}
		if err := json.Unmarshal(l.Signals, &demands); err != nil {
			t.Fatal(err)
		}
		for key, d := range demands {
			edition.Signals[position[key]].Demands[l.Key] = rubric.Demand{Weight: d.Weight, Bar: d.Bar, MustHave: d.MustHave, MinimumRaters: d.MinRaters}
		}
	}
	return ladder, edition
}

// keysInOrder are the keys of a JSON object as it writes them.
func keysInOrder(t *testing.T, object json.RawMessage) []string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key.(string))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func TestVectors(t *testing.T) {
	for _, name := range []string{"levelfit", "levelfit-full"} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var file vectorFile
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		if len(file.Vectors) == 0 {
			t.Fatalf("%s holds no vectors", name)
		}
		ladder, edition := file.rubricOf(t)
		for _, v := range file.Vectors {
			t.Run(v.ID+" "+v.Title, func(t *testing.T) {
				in := rubric.FitInput{Ladder: ladder, Edition: edition, Target: v.Target, Allowed: v.Allowed, Resolved: v.Resolved, Leniency: v.Leniency}
				for i, card := range v.Scorecards {
					in.Cards = append(in.Cards, card.scorecard(i))
				}
				fit, err := rubric.LevelFit(in)
				if err != nil {
					t.Fatal(err)
				}
				v.check(t, fit)
			})
		}
	}
}

func (v vector) check(t *testing.T, fit rubric.Fit) {
	t.Helper()
	want := v.Expected
	level := ""
	if want.Level != nil {
		level = *want.Level
	}
	if fit.Outcome != want.Outcome || fit.Level != level {
		t.Errorf("outcome %s at %q, want %s at %q", fit.Outcome, fit.Level, want.Outcome, level)
	}
	if want.AlsoMeets != nil && !slices.Equal(fit.AlsoMeets, want.AlsoMeets) {
		t.Errorf("also meets %v, want %v", fit.AlsoMeets, want.AlsoMeets)
	}
	if !slices.Equal(fit.Attention, want.Attention) {
		t.Errorf("attention %v, want %v", fit.Attention, want.Attention)
	}
	if want.RequiresDebrief != nil && fit.RequiresDebrief != *want.RequiresDebrief {
		t.Errorf("requires debrief: %v", fit.RequiresDebrief)
	}
	if len(fit.Levels) != len(want.Levels) {
		t.Errorf("%d levels, want %d", len(fit.Levels), len(want.Levels))
	}
	for _, got := range fit.Levels {
		want, ok := want.Levels[got.Level]
		if !ok {
			t.Errorf("nothing is expected of the level %s", got.Level)
			continue
		}
		if got.Verdict != want.Verdict || !slices.Equal(got.Reasons, want.Reasons) {
			t.Errorf("%s is %s %v, want %s %v", got.Level, got.Verdict, got.Reasons, want.Verdict, want.Reasons)
		}
		if got.WeakestLink != want.WeakestLink {
			t.Errorf("%s hangs on %s, want %s", got.Level, got.WeakestLink, want.WeakestLink)
		}
		if want.ConfidenceClass != nil && got.ConfidenceClass != *want.ConfidenceClass {
			t.Errorf("%s: confidence is %s, want %s", got.Level, got.ConfidenceClass, *want.ConfidenceClass)
		}
		wantClose(t, got.Level+" margin", float(got.Margin), want.Margin)
		wantClose(t, got.Level+" own margin", float(got.OwnMargin), want.OwnMargin)
		wantClose(t, got.Level+" best case", float(got.BestCaseMargin), want.BestCaseMargin)
		wantClose(t, got.Level+" coverage", float(&got.Coverage), want.Coverage)
		wantClose(t, got.Level+" confidence", got.Confidence, want.Confidence)
		for _, s := range got.Signals {
			if want.Signals == nil {
				break
			}
			expected, ok := want.Signals[s.Signal]
			if !ok || s.Status != expected.Status || s.Raters != expected.N {
				t.Errorf("%s %s: %s by %d, want %s by %d", got.Level, s.Signal, s.Status, s.Raters, expected.Status, expected.N)
			}
			wantClose(t, got.Level+" mean of "+s.Signal, float(s.Mean), expected.Mean)
			wantClose(t, got.Level+" pMeets of "+s.Signal, s.PMeets, expected.PMeets)
		}
	}
}

func float(r *rubric.Ratio) *float64 {
	if r == nil {
		return nil
	}
	f := r.Float64()
	return &f
}

// wantClose compares with answers that were rounded to six places.
func wantClose(t *testing.T, what string, got, want *float64) {
	t.Helper()
	switch {
	case (got == nil) != (want == nil):
		t.Errorf("%s is %v, want %v", what, show(got), show(want))
	case got != nil && math.Abs(*got-*want) > 0.5000001e-6:
		t.Errorf("%s is %v, want %v", what, *got, *want)
	}
}

func show(f *float64) any {
	if f == nil {
		return "null"
	}
	return *f
}
