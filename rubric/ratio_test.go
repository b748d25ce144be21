package rubric_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

func ExampleRatio() {
	text, _ := json.Marshal([]rubric.Ratio{{Num: 7, Den: 20}, {Num: -1, Den: 12}, {Num: 3, Den: 1}, {Num: 0, Den: 1}})
	fmt.Println(string(text))
	// Output: ["7/20","-1/12","3","0"]
}

func TestOneTextForEachRatio(t *testing.T) {
	for _, c := range []struct{ rule, text string }{
		{"a fraction is text", `0.35`},
		{"not a number", `3`},
		{"and not null", `null`},
		{"nor nothing", `""`},
		{"it is in lowest terms", `"14/40"`},
		{"a whole number has no denominator", `"3/1"`},
		{"nothing is divided by zero", `"1/0"`},
		{"not even zero", `"0/0"`},
		{"zero is 0", `"0/5"`},
		{"of one sign", `"-0"`},
		{"which stands first", `"1/-12"`},
		{"and is left out where it can be", `"+1/12"`},
		{"no leading zeros", `"07/20"`},
		{"nor in the denominator", `"7/020"`},
		{"no space", `" 7/20"`},
		{"one bar", `"7/20/3"`},
		{"with something on both sides", `"7/"`},
		{"and on this one", `"/20"`},
		{"no decimals", `"3.5"`},
		{"no exponents", `"1e2"`},
		{"numbers that fit", `"9223372036854775808"`},
		{"and have a counterpart below zero", `"-9223372036854775808"`},
		{"also under the bar", `"1/9223372036854775808"`},
		{"no escapes", `"\u0037/20"`},
		{"no more quotes", `"\"7/20\""`},
		{"no list", `["7/20"]`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ratio := rubric.Ratio{Num: 5, Den: 7}
			if err := json.Unmarshal([]byte(c.text), &ratio); err == nil {
				t.Errorf("%s is read as %v", c.text, ratio)
			}
			if ratio != (rubric.Ratio{Num: 5, Den: 7}) {
				t.Errorf("what is refused leaves %v behind", ratio)
			}
		})
	}
}

func TestWhatIsNoRatioIsNotWritten(t *testing.T) {
	for _, r := range []rubric.Ratio{{}, {Num: 1}, {Num: 2, Den: 4}, {Num: 1, Den: -2}, {Num: 0, Den: 3}, {Num: math.MinInt64, Den: 1}} {
		if text, err := json.Marshal(r); err == nil {
			t.Errorf("%d/%d is written as %s", r.Num, r.Den, text)
		}
	}
}

func TestRatiosAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		num := rapid.OneOf(rapid.Int64Range(-50, 50), rapid.Int64Range(-math.MaxInt64, math.MaxInt64)).Draw(t, "num")
		den := rapid.OneOf(rapid.Int64Range(1, 50), rapid.Int64Range(1, math.MaxInt64)).Draw(t, "den")
		for a, b := max(num, -num), den; ; a, b = b, a%b { // the greatest common divisor
			if b == 0 {
				num, den = num/a, den/a
				break
			}
		}
		want := rubric.Ratio{Num: num, Den: den}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got rubric.Ratio
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Errorf("%v is written %s and read %v, %v", want, text, got, err)
		}
	})
}

// Frozen with a decision, a fit is read years later: it must be the same to the
// last bit, whatever is null in it.
func TestAFitIsReadAsWritten(t *testing.T) {
	content := builtin(t)
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		in := drawLoop(t, content)
		if rapid.Bool().Draw(t, "adjusted") {
			in.Leniency = map[string]float64{in.Cards[0].Interviewer: rapid.Float64Range(-1, 1).Draw(t, "leniency")}
		}
		in.Cards = in.Cards[:rapid.IntRange(0, len(in.Cards)).Draw(t, "cards")]
		want := fitOf(t, in)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got rubric.Fit
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("read is\n%+v\nwritten was\n%+v", got, want)
		}
		canonical, err := rubric.Canonical(want)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := rubric.Canonical(got); err != nil || string(again) != string(canonical) {
			t.Errorf("written again is %s, %v", again, err)
		}
		for what, is := range map[string]bool{
			"adjusted": got.Adjusted != nil, "no ratings": got.Interviewers == 0,
			"confident": got.Levels[0].Confidence != nil, "without reasons": len(got.Levels[0].Reasons) == 0,
		} {
			if is {
				seen[what]++
			}
		}
	})
	if len(seen) != 4 && !testing.Short() { // too few are drawn to miss none
		t.Errorf("the fits drawn are %v only", seen)
	}
}

// Slices that a fit has nil are nil when read, those without items are empty.
func TestNothingAndNoneStayApart(t *testing.T) {
	for _, want := range []rubric.Fit{
		{},
		{AlsoMeets: []string{}, Attention: []rubric.Attention{}, Levels: []rubric.LevelResult{}, NextEvidence: []rubric.Evidence{}},
		{Adjusted: &rubric.Adjusted{}, Levels: []rubric.LevelResult{{
			Coverage: rubric.Ratio{Num: 0, Den: 1}, Margin: &rubric.Ratio{Num: -1, Den: 3},
			Signals: []rubric.SignalResult{{Ratings: []rubric.Ratio{}}, {Ratings: nil, Mean: &rubric.Ratio{Num: 5, Den: 2}}},
		}}},
	} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got rubric.Fit
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
}
