package rubric_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"hireloop/rubric"
)

// mini is a small ladder of the levels em and senior_em, with the cards of

// three people who cover em and gave only threes, which meets it.

func mini(t *testing.T) rubric.FitInput {
	t.Helper()
	text, err := os.ReadFile("testdata/levelfit.json")
	if err != nil {
		t.Fatal(err)
	}
	var file vectorFile
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	ladder, edition := file.rubricOf(t)
	return rubric.FitInput{
		Ladder: ladder, Edition: edition, Target: "em", Allowed: []string{"em"},
		Cards: []rubric.Scorecard{
			rate("ana", 3, "coaching_growth", "efficient_delivery"),
			rate("ben", 3, "coaching_growth", "hiring_onboarding"),
			rate("cho", 3, "efficient_delivery", "epd_collaboration"),
		},
	}
}

// set changes the rating that an interviewer gave to a signal, or adds it.

func set(in *rubric.FitInput, interviewer, signal string, rating int) {
	for i := range in.Cards {
		card := &in.Cards[i]
		if card.Interviewer != interviewer {
			continue
		}
		at := slices.IndexFunc(card.Ratings, func(r rubric.Rating) bool { return r.Signal == signal })
		if at < 0 {
			at = len(card.Ratings)
			card.Ratings = append(card.Ratings, rubric.Rating{Signal: signal})
		}
		card.Ratings[at].Rating = &rating
		return
	}
	in.Cards = append(in.Cards, rate(interviewer, rating, signal))
}

func signalOf(t *testing.T, l rubric.LevelResult, key string) rubric.SignalResult {
	t.Helper()
	at := slices.IndexFunc(l.Signals, func(s rubric.SignalResult) bool { return s.Signal == key })
	if at < 0 {
		t.Fatalf("%s does not ask for %s", l.Level, key)
	}
	return l.Signals[at]
}

func TestStatusOfASignal(t *testing.T) {
	for _, c := range []struct {
		rule    string
		ratings []int // of coaching_growth, whose bar is 2.75, by different people
		want    rubric.SignalStatus
	}{
		{"nobody rated it", nil, rubric.NotAssessed},
		{"one of two raters", []int{4}, rubric.Thin},
		{"two points apart, one on each side", []int{2, 4}, rubric.Disputed},
		{"two points apart, two thirds reach the bar", []int{2, 4, 3}, rubric.MetBar},
		{"two points apart, two thirds are below", []int{1, 3, 1}, rubric.Missed},
		{"two points apart, three of five", []int{2, 2, 4, 4, 4}, rubric.Disputed},
		{"two points apart, four of six is two thirds", []int{2, 2, 4, 4, 4, 4}, rubric.MetBar},
		{"one point apart is no dispute", []int{2, 3}, rubric.Near},
		{"far apart on the same side", []int{1, 1, 2}, rubric.Missed},
		{"at the bar", []int{3, 3, 3, 2}, rubric.MetBar},
		{"half a point below is still near", []int{2, 2, 2, 3}, rubric.Near},
		{"and further is missed", []int{2, 2, 2, 2, 3}, rubric.Missed},
	} {
		t.Run(c.rule, func(t *testing.T) {
			in := mini(t)
			in.Cards = nil
			for i, rating := range c.ratings {
				set(&in, string(rune('a'+i)), "coaching_growth", rating)
			}
			if got := signalOf(t, fitOf(t, in).Levels[0], "coaching_growth"); got.Status != c.want || got.Raters != len(c.ratings) {
				t.Errorf("%v is %s, want %s", c.ratings, got.Status, c.want)
			}
		})
	}
}

func TestAVoteAtTheBarIsOnItsUpperSide(t *testing.T) {
	in := mini(t)
	set(&in, "ana", "delegation_systematisation", 1)
	set(&in, "ben", "delegation_systematisation", 3) // the bar of senior_em is 3
	if got := signalOf(t, fitOf(t, in).Levels[1], "delegation_systematisation"); got.Status != rubric.Disputed {
		t.Errorf("1 and 3 at a bar of 3 is %s, want a dispute", got.Status)
	}
}

func TestOneVotePerInterviewerAndSignal(t *testing.T) {
	in := mini(t)
	again := rate("ana", 2, "coaching_growth")
	again.ID = "second session of ana"
	in.Cards = append(in.Cards, again)
	got := signalOf(t, fitOf(t, in).Levels[0], "coaching_growth")
	if got.Raters != 2 || *got.Mean != (rubric.Ratio{Num: 11, Den: 4}) || got.Status != rubric.MetBar {
		t.Errorf("3 and 2 by ana, 3 by ben: %d raters, mean %v, %s; want 2, 11/4, met exactly", got.Raters, got.Mean, got.Status)
	}
	if want := []rubric.Ratio{{Num: 5, Den: 2}, {Num: 3, Den: 1}}; !slices.Equal(got.Ratings, want) {
		t.Errorf("votes %v, want %v", got.Ratings, want)
	}
}

// The method's table of posteriors: votes on a signal with two raters or more.

// Seventy people rate in numbers that have no common denominator to speak of:

// better no answer than a wrong one.

// Frozen with a decision, a fit is JSON with exact fractions.

func TestAFitIsJSON(t *testing.T) {
	in := mini(t)
	in.Cards = in.Cards[:2]
	text, err := rubric.Canonical(fitOf(t, in))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"decidedBy":"HUMAN"`, `"outcome":"INSUFFICIENT_EVIDENCE"`, `"alsoMeets":[]`, `"adjusted":null`, `"confidence":null`,
		`{"bar":2.75,"margin":"1/4","mean":"3","minimumRaters":2,"mustHave":true,"ownDemand":true,"pMeets":0.54746`,
		`{"bar":2.5,"margin":null,"mean":null,"minimumRaters":1,"mustHave":false,"ownDemand":true,"pMeets":null,"raters":0,"ratings":[],"signal":"epd_collaboration","status":"NOT_ASSESSED"}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s\nis not in\n%s", want, text)
		}
	}
}
