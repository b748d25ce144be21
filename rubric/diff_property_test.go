package rubric_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

// leaves are the places of all texts, numbers and truths in a JSON value, each
// with how to make it another one.
func leaves(value any, path string, replace func(any), found func(path string, value any, replace func(any))) {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			leaves(item, path+"."+key, func(x any) { v[key] = x }, found)
		}
	case []any:
		for i, item := range v {
			leaves(item, fmt.Sprintf("%s.%d", path, i), func(x any) { v[i] = x }, found)
		}
	default:
		found(path, value, replace)
	}
}

// Whatever is edited in an edition is a change, and names the signal that it is
// about: no field is forgotten, also none that is added later.
func TestNoFieldIsForgotten(t *testing.T) {
	content := copyOf(t)
	content.Edition.Signals[wellbeing].Anchors[0].Examples = []string{"Left."}
	content.Edition.Signals[coaching].Replaces = "growth"
	text, err := json.Marshal(content.Edition)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	retired := fmt.Sprintf(".signals.%d.demands.senior_em.", foundation)
	edited := 0
	leaves(tree, "", nil, func(path string, value any, replace func(any)) {
		switch v := value.(type) {
		case string:
			replace(v + "x")
		case float64:
			replace(v + 1)
		case bool:
			replace(!v)
		}
		text, err := json.Marshal(tree)
		replace(value)
		if err != nil {
			t.Fatal(err)
		}
		var after rubric.Edition
		if err := json.Unmarshal(text, &after); err != nil {
			t.Fatal(err)
		}
		got := rubric.Diff(content.Ladder, content.Edition, after)
		same := len(got.Changes) == 0
		switch {
		case path == ".semver", path == fmt.Sprintf(".signals.%d.replaces", coaching):
			// The version follows from the changes; a rename was a change once.
			if !same {
				t.Errorf("%s makes %+v", path, got.Changes)
			}
			return
		case strings.HasPrefix(path, retired) && path != retired+"subsumedBy":
			if !same { // a retired signal has no bar and no weight
				t.Errorf("%s makes %+v", path, got.Changes)
			}
			return
		}
		edited++
		if same {
			t.Errorf("%s is not %v any more, and nothing changed", path, value)
		}
	})
	if edited < 600 {
		t.Errorf("%d fields edited: the edition has more", edited)
	}
}

func TestAnEditionDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ladder, edition := drawDraft(t)
		if got := rubric.Diff(ladder, edition, edition); len(got.Changes) > 0 || got.Bump != rubric.NoBump {
			t.Errorf("%+v", got)
		}
	})
}

// Between drafts of any kind: the changes come in one order, each with a bump
// that the whole is the greatest of.
func TestDifferencesOfDrafts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ladder, from := drawDraft(t)
		_, to := drawDraft(t)
		want := rubric.Diff(ladder, from, to)
		for range 3 {
			if got := rubric.Diff(ladder, from, to); !reflect.DeepEqual(got, want) {
				t.Fatalf("changes\n%+v\nand then\n%+v", want, got)
			}
		}
		most := rubric.NoBump
		for _, bump := range []rubric.Bump{rubric.Patch, rubric.Minor, rubric.Major} {
			if slices.ContainsFunc(want.Changes, func(c rubric.Change) bool { return c.Bump == bump }) {
				most = bump
			}
		}
		if want.Bump != most {
			t.Errorf("the whole is %q, its greatest change %q", want.Bump, most)
		}
		for i, c := range want.Changes {
			if c.Bump == rubric.NoBump || c.Kind == "" {
				t.Errorf("change %d, %+v, says nothing", i, c)
			}
		}
	})
}

// What makes somebody fail who passed is a MAJOR change: loops of people near
// the bars, read by editions that differ in numbers.
func TestWhoeverCouldNewlyFailIsInAMajorVersion(t *testing.T) {
	content := builtin(t)
	newlyFailed, lesser := 0, map[rubric.Bump]int{}
	rapid.Check(t, func(t *rapid.T) {
		plan := content.Plans[rapid.IntRange(0, 1).Draw(t, "plan")]
		rating := rapid.SampledFrom([]int{2, 3, 3, 3, 3, 4, 4})
		if rapid.Bool().Draw(t, "strong") {
			rating = rapid.SampledFrom([]int{3, 3, 4, 4})
		}
		in := rubric.FitInput{
			Ladder: content.Ladder, Edition: content.Edition, Target: "em", Allowed: []string{"em"},
			Cards: loop(plan, func(_, _ string) int { return rating.Draw(t, "rating") }),
		}
		before := fitOf(t, in)
		for range 10 {
			edition := drawEdit(t, content.Ladder, content.Edition)
			difference := rubric.Diff(content.Ladder, content.Edition, edition)
			if difference.Bump != rubric.Major {
				lesser[difference.Bump]++
			}
			in.Edition = edition
			after := fitOf(t, in)
			for i, l := range before.Levels {
				if now := after.Levels[i]; l.Verdict == rubric.Met && now.Verdict == rubric.NotMet {
					newlyFailed++
					if difference.Bump != rubric.Major {
						t.Errorf("%s was met and is %s %v, though the changes are %s: %+v", l.Level, now.Verdict, now.Reasons, difference.Bump, difference.Changes)
					}
				}
			}
		}
	})
	if (newlyFailed == 0 || lesser[rubric.Minor] == 0) && !testing.Short() { // too few are drawn to miss none
		t.Errorf("%d levels were newly failed, %v versions are no MAJOR ones: nothing was tried", newlyFailed, lesser)
	}
}

// drawEdit draws an edition that differs in a few numbers.
func drawEdit(t *rapid.T, ladder rubric.Ladder, edition rubric.Edition) rubric.Edition {
	edition = cloneEdition(edition)
	edits := rapid.SampledFrom([][]string{
		{"lower bar", "fewer raters", "no gate", "lower coverage"},
		{"bar", "weight", "gate"},
		{"lower bar", "fewer raters", "no gate", "lower coverage", "bar", "weight", "raters", "gate"},
	}).Draw(t, "edits of this kind")
	for range rapid.SampledFrom([]int{1, 2, 4, 8, 16, 32}).Draw(t, "edits") {
		signal := rapid.SampledFrom(edition.Signals).Draw(t, "signal")
		level := rapid.SampledFrom([]string{"em", "senior_em"}).Draw(t, "level")
		d, asked := signal.Effective(ladder, level)
		if !asked {
			continue
		}
		switch rapid.SampledFrom(edits).Draw(t, "edit") {
		case "lower bar":
			d.Bar = max(100, d.Bar-rubric.Bar(rapid.SampledFrom([]int{25, 50, 100}).Draw(t, "by")))
		case "fewer raters":
			d.MinimumRaters = 1
		case "no gate":
			d.MustHave = false
		case "lower coverage":
			edition.Levels[rapid.IntRange(0, 1).Draw(t, "of level")].CoverageMinimum = rapid.IntRange(1, 80).Draw(t, "coverage")
		case "bar":
			d.Bar = rubric.Bar(rapid.IntRange(250, 400).Draw(t, "bar"))
		case "weight":
			d.Weight = rapid.IntRange(1, 60).Draw(t, "weight")
		case "raters":
			d.MinimumRaters = rapid.IntRange(1, 5).Draw(t, "raters")
		case "gate":
			d.MustHave = true
		}
		signal.Demands[level] = d
	}
	return edition
}

// The case that bars alone do not show: nothing gets harder for Senior but what
// is weighed as its own.
func TestALowerBarBelowCanFailSomebodyAbove(t *testing.T) {
	in := mini(t)
	at := slices.IndexFunc(in.Edition.Signals, func(s rubric.Signal) bool { return s.Key == "efficient_delivery" })
	for i, person := range []string{"ana", "ben", "cho", "dee"} {
		in.Cards = slices.DeleteFunc(in.Cards, func(c rubric.Scorecard) bool { return i == 0 })
		for _, s := range in.Edition.Signals {
			rating := 3
			if s.Key == "efficient_delivery" && i > 0 {
				rating = 2
			} else if s.Key == "epd_collaboration" || s.Key == "coaching_growth" || s.Key == "hiring_onboarding" {
				rating = 3 + i%2
			}
			set(&in, person, s.Key, rating)
		}
	}
	in.Target, in.Allowed = "senior_em", []string{"senior_em"}
	before := fitOf(t, in)
	edition := cloneEdition(in.Edition)
	d := edition.Signals[at].Demands["em"]
	d.Bar -= 50
	edition.Signals[at].Demands["em"] = d
	difference := rubric.Diff(in.Ladder, in.Edition, edition)
	in.Edition = edition
	after := fitOf(t, in)
	if before.Levels[1].Verdict != rubric.Met || after.Levels[1].Verdict != rubric.NotMet {
		t.Errorf("Senior was %s %v and is %s %v", before.Levels[1].Verdict, before.Levels[1].Reasons, after.Levels[1].Verdict, after.Levels[1].Reasons)
	}
	if difference.Bump != rubric.Major {
		t.Errorf("changes %+v", difference)
	}
}

// cloneEdition copies what a test may edit of demands.
func cloneEdition(e rubric.Edition) rubric.Edition {
	e.Levels, e.Signals = slices.Clone(e.Levels), slices.Clone(e.Signals)
	for i, s := range e.Signals {
		demands := make(map[string]rubric.Demand, len(s.Demands))
		for level, d := range s.Demands {
			demands[level] = d
		}
		e.Signals[i].Demands = demands
	}
	return e
}

// drawDraft draws a ladder of few levels and an edition that anybody might be
// writing: keys come twice, levels are unknown, lists are empty or nil.
func drawDraft(t *rapid.T) (rubric.Ladder, rubric.Edition) {
	key := rapid.SampledFrom([]string{"", "one", "two", "three", "four", "five.six", "Größe"})
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "One.", "Two.\nLines.", `<"\u00e9"> & \`, "\u2028\ufffd\U0001f600"}), rapid.StringOf(rapid.Rune().Filter(func(r rune) bool { return r != 0 })))
	number := rapid.OneOf(rapid.IntRange(0, 5), rapid.Int())
	ladder := rubric.Ladder{Key: key.Draw(t, "ladder"), Name: text.Draw(t, "name"), Description: text.Draw(t, "description")}
	ladder.Levels = drawList(t, func() rubric.Level {
		return rubric.Level{
			Key: key.Draw(t, "level"), Name: text.Draw(t, "name"), Rank: number.Draw(t, "rank"), Track: text.Draw(t, "track"),
			Hireable: rapid.Bool().Draw(t, "hireable"), Extends: key.Draw(t, "extends"), Scope: text.Draw(t, "scope"),
			ExternalEquivalents: drawList(t, func() rubric.Equivalent {
				return rubric.Equivalent{Company: text.Draw(t, "company"), Label: text.Draw(t, "label"), Note: text.Draw(t, "note")}
			}),
		}
	})
	edition := rubric.Edition{Semver: text.Draw(t, "semver"), Notes: text.Draw(t, "notes"), ScaleMax: number.Draw(t, "scale")}
	edition.Areas = drawList(t, func() rubric.Area { return rubric.Area{Key: key.Draw(t, "area"), Name: text.Draw(t, "name")} })
	edition.Levels = drawList(t, func() rubric.LevelSetting {
		return rubric.LevelSetting{Level: key.Draw(t, "level"), CoverageMinimum: number.Draw(t, "coverage")}
	})
	edition.Signals = drawList(t, func() rubric.Signal {
		s := rubric.Signal{
			Key: key.Draw(t, "signal"), Replaces: key.Draw(t, "replaces"), Area: key.Draw(t, "area"),
			Name: text.Draw(t, "name"), Assesses: text.Draw(t, "assesses"),
			Anchors: drawList(t, func() rubric.Anchor {
				a := rubric.Anchor{Rating: number.Draw(t, "rating"), Text: text.Draw(t, "text")}
				if rapid.Bool().Draw(t, "examples") {
					a.Examples = []string{text.Draw(t, "example")}
				}
				return a
			}),
			RedFlags: drawList(t, func() rubric.RedFlag {
				return rubric.RedFlag{Key: key.Draw(t, "flag"), Text: text.Draw(t, "text"),
					Severity: rapid.SampledFrom([]rubric.Severity{"", rubric.Note, rubric.Caution, rubric.Blocking}).Draw(t, "severity")}
			}),
		}
		demands := drawList(t, func() rubric.Demand {
			return rubric.Demand{
				Weight: number.Draw(t, "weight"), Bar: rubric.Bar(rapid.IntRange(0, 500).Draw(t, "bar")), MustHave: rapid.Bool().Draw(t, "gate"),
				MinimumRaters: number.Draw(t, "raters"), Expectation: text.Draw(t, "expectation"), SubsumedBy: key.Draw(t, "subsumed by"),
			}
		})
		if demands != nil {
			s.Demands = map[string]rubric.Demand{}
		}
		for _, d := range demands {
			s.Demands[key.Draw(t, "at")] = d
		}
		return s
	})
	return ladder, edition
}

// drawList draws up to three items; none is nil or an empty list.
func drawList[T any](t *rapid.T, item func() T) []T {
	n := rapid.IntRange(-1, 3).Draw(t, "items")
	if n < 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = item()
	}
	return list
}
