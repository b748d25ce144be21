package rubric_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"hireloop/rubric"
)

// A bar goes up, with weight that another signal gives.
func ExampleDiff() {
	before, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	after, _ := rubric.Builtin()
	for i := range after.Edition.Signals {
		signal := &after.Edition.Signals[i]
		demand := signal.Demands["em"]
		switch signal.Key {
		case "management_foundation":
			signal.Name = "Foundation"
			demand.Bar, demand.Weight = 300, demand.Weight+1
		case "team_direction":
			demand.Weight--
		default:
			continue
		}
		signal.Demands["em"] = demand
	}

	difference := rubric.Diff(before.Ladder, before.Edition, after.Edition)
	for _, c := range difference.Changes {
		fmt.Printf("%s %s %s %s: %s -> %s\n", c.Bump, c.Kind, c.Signal, c.Level, c.Before, c.After)
	}
	next, _ := rubric.Next(before.Edition.Semver, difference.Bump)
	fmt.Println(next)
	// Output:
	// MAJOR WEIGHT_CHANGED team_direction em: 7 -> 6
	// PATCH SIGNAL_NAME_CHANGED management_foundation : Management foundation -> Foundation
	// MAJOR BAR_RAISED management_foundation em: 2.5 -> 3
	// MAJOR WEIGHT_CHANGED management_foundation em: 2 -> 3
	// 2.0.0
}

const (
	wellbeing  = 0  // a signal of both levels, no gate; senior_em states its own demand
	coaching   = 2  // a gate at both levels
	foundation = 18 // retired at senior_em
	managers   = 25 // of senior_em only
)

// diffCases are one edit each, with all that it changes.
var diffCases = []struct {
	rule string
	with func(*rubric.Content)
	want []rubric.Change // without the texts
}{
	{"another scale makes other ratings",
		func(c *rubric.Content) { c.Edition.ScaleMax = 5 },
		[]rubric.Change{{Kind: rubric.ScaleChanged, Bump: rubric.Major}}},
	{"notes are words",
		func(c *rubric.Content) { c.Edition.Notes = "" },
		[]rubric.Change{{Kind: rubric.NotesChanged, Bump: rubric.Patch}}},
	{"versions are not content",
		func(c *rubric.Content) { c.Edition.Semver = "9.9.9" }, nil},

	{"an area's name is words",
		func(c *rubric.Content) { c.Edition.Areas[1].Name = "Delivery" },
		[]rubric.Change{{Kind: rubric.AreaNamed, Area: "delivery", Bump: rubric.Patch}}},
	{"areas group",
		func(c *rubric.Content) {
			c.Edition.Areas = append(c.Edition.Areas, rubric.Area{Key: "other", Name: "Other"})
		},
		[]rubric.Change{{Kind: rubric.AreaAdded, Area: "other", Bump: rubric.Minor}}},
	{"areas group, also those that go",
		func(c *rubric.Content) { c.Edition.Areas = slices.Delete(c.Edition.Areas, 1, 2) },
		[]rubric.Change{{Kind: rubric.AreaRemoved, Area: "delivery", Bump: rubric.Minor}}},
	{"the order of areas is for readers",
		func(c *rubric.Content) { slices.Reverse(c.Edition.Areas) },
		[]rubric.Change{{Kind: rubric.AreasOrdered, Bump: rubric.Patch}}},
	{"a signal of another area is the same signal",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].Area = "delivery" },
		[]rubric.Change{{Kind: rubric.SignalMoved, Signal: "team_wellbeing", Bump: rubric.Minor}}},

	{"more must be covered",
		func(c *rubric.Content) { c.Edition.Levels[1].CoverageMinimum = 81 },
		[]rubric.Change{{Kind: rubric.CoverageRaised, Level: "senior_em", Bump: rubric.Major}}},
	{"less must be covered",
		func(c *rubric.Content) { c.Edition.Levels[1].CoverageMinimum = 79 },
		[]rubric.Change{{Kind: rubric.CoverageEased, Level: "senior_em", Bump: rubric.Minor}}},
	{"a level at the top is one more to reach",
		func(c *rubric.Content) {
			c.Edition.Levels = append(c.Edition.Levels, rubric.LevelSetting{Level: "director", CoverageMinimum: 80})
		},
		[]rubric.Change{{Kind: rubric.LevelAdded, Level: "director", Bump: rubric.Minor}}},
	{"and may ask for signals of its own",
		func(c *rubric.Content) {
			c.Edition.Levels = append(c.Edition.Levels, rubric.LevelSetting{Level: "director", CoverageMinimum: 80})
			c.Edition.Signals = append(c.Edition.Signals, rubric.Signal{Key: "org_design", Name: "Organisation", Demands: map[string]rubric.Demand{"director": {Weight: 100, Bar: 300, MinimumRaters: 2}}})
		},
		[]rubric.Change{
			{Kind: rubric.LevelAdded, Level: "director", Bump: rubric.Minor},
			{Kind: rubric.SignalAdded, Signal: "org_design", Bump: rubric.Minor},
		}},
	{"a level that is no more",
		func(c *rubric.Content) { c.Edition.Levels = c.Edition.Levels[:1] },
		[]rubric.Change{{Kind: rubric.LevelRemoved, Level: "senior_em", Bump: rubric.Major}}},
	{"the order of levels is for readers",
		func(c *rubric.Content) { slices.Reverse(c.Edition.Levels) },
		[]rubric.Change{{Kind: rubric.LevelsOrdered, Bump: rubric.Patch}}},

	{"a new signal can be missed",
		func(c *rubric.Content) {
			c.Edition.Signals = slices.Insert(c.Edition.Signals, 1, rubric.Signal{Key: "humour", Name: "Humour", Demands: map[string]rubric.Demand{"em": {Weight: 5, Bar: 200, MinimumRaters: 1}}})
		},
		[]rubric.Change{
			{Kind: rubric.SignalAdded, Signal: "humour", Bump: rubric.Major},
			{Kind: rubric.SignalAsked, Signal: "humour", Level: "em", Bump: rubric.Major},
			{Kind: rubric.SignalAsked, Signal: "humour", Level: "senior_em", Bump: rubric.Major}, // by inheritance
		}},
	{"also when nothing is demanded of it yet",
		func(c *rubric.Content) {
			c.Edition.Signals = append(c.Edition.Signals, rubric.Signal{Key: "humour", Name: "Humour"})
		},
		[]rubric.Change{{Kind: rubric.SignalAdded, Signal: "humour", Bump: rubric.Major}}},
	{"a signal that goes leaves its weight to others",
		func(c *rubric.Content) { c.Edition.Signals = slices.Delete(c.Edition.Signals, wellbeing, wellbeing+1) },
		[]rubric.Change{
			{Kind: rubric.SignalRemoved, Signal: "team_wellbeing", Bump: rubric.Major},
			{Kind: rubric.SignalDropped, Signal: "team_wellbeing", Level: "em", Bump: rubric.Major},
			{Kind: rubric.SignalDropped, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major},
		}},
	{"another key is another signal",
		func(c *rubric.Content) { c.Edition.Signals[managers].Key = "peers" },
		[]rubric.Change{
			{Kind: rubric.SignalAdded, Signal: "peers", Bump: rubric.Major},
			{Kind: rubric.SignalAsked, Signal: "peers", Level: "senior_em", Bump: rubric.Major},
			{Kind: rubric.SignalRemoved, Signal: "supporting_managers", Bump: rubric.Major},
			{Kind: rubric.SignalDropped, Signal: "supporting_managers", Level: "senior_em", Bump: rubric.Major},
		}},
	{"unless it says which one it replaces",
		func(c *rubric.Content) {
			c.Edition.Signals[managers].Key, c.Edition.Signals[managers].Replaces = "peers", "supporting_managers"
		},
		[]rubric.Change{{Kind: rubric.SignalRekeyed, Signal: "peers", Bump: rubric.Patch}}},
	{"what covers a retired signal may have a new key",
		func(c *rubric.Content) {
			by := c.Edition.Signals[foundation].Demands["senior_em"].SubsumedBy
			at := slices.IndexFunc(c.Edition.Signals, func(s rubric.Signal) bool { return s.Key == by })
			c.Edition.Signals[at].Key, c.Edition.Signals[at].Replaces = "cover", by
			demand(c, foundation, "senior_em", func(d *rubric.Demand) { d.SubsumedBy = "cover" })
		},
		[]rubric.Change{{Kind: rubric.SignalRekeyed, Signal: "cover", Bump: rubric.Patch}}},
	{"a name is words",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].Name = "Wellbeing" },
		[]rubric.Change{{Kind: rubric.SignalNamed, Signal: "team_wellbeing", Bump: rubric.Patch}}},
	{"what a signal assesses is words",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].Assesses = "How all are." },
		[]rubric.Change{{Kind: rubric.SignalAssesses, Signal: "team_wellbeing", Bump: rubric.Patch}}},
	{"the order of signals is for readers",
		func(c *rubric.Content) {
			s := c.Edition.Signals
			s[3], s[4] = s[4], s[3]
		},
		[]rubric.Change{{Kind: rubric.SignalsOrdered, Bump: rubric.Patch}}},

	{"an anchor is made clear",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].Anchors[2].Text = "Knows how all are." },
		[]rubric.Change{{Kind: rubric.AnchorChanged, Signal: "team_wellbeing", Rating: 3, Bump: rubric.Minor}}},
	{"examples make it clear",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].Anchors[3].Examples = []string{"A rota."} },
		[]rubric.Change{{Kind: rubric.ExamplesChanged, Signal: "team_wellbeing", Rating: 4, Bump: rubric.Minor}}},
	{"one rating more has an anchor",
		func(c *rubric.Content) {
			c.Edition.Signals[wellbeing].Anchors = append(c.Edition.Signals[wellbeing].Anchors, rubric.Anchor{Rating: 5, Text: "All are well."})
		},
		[]rubric.Change{{Kind: rubric.AnchorAdded, Signal: "team_wellbeing", Rating: 5, Bump: rubric.Minor}}},
	{"one rating fewer has",
		func(c *rubric.Content) {
			c.Edition.Signals[wellbeing].Anchors = c.Edition.Signals[wellbeing].Anchors[1:]
		},
		[]rubric.Change{{Kind: rubric.AnchorRemoved, Signal: "team_wellbeing", Rating: 1, Bump: rubric.Minor}}},

	{"a blocking red flag ends an application",
		func(c *rubric.Content) { flag(c, rubric.RedFlag{Key: "lies", Severity: rubric.Blocking}) },
		[]rubric.Change{{Kind: rubric.RedFlagAdded, Signal: "team_wellbeing", RedFlag: "lies", Bump: rubric.Major}}},
	{"others are talked about",
		func(c *rubric.Content) { flag(c, rubric.RedFlag{Key: "late", Severity: rubric.Caution}) },
		[]rubric.Change{{Kind: rubric.RedFlagAdded, Signal: "team_wellbeing", RedFlag: "late", Bump: rubric.Minor}}},
	{"a severity becomes blocking",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].RedFlags[0].Severity = rubric.Blocking },
		[]rubric.Change{{Kind: rubric.SeverityChanged, Signal: "team_wellbeing", RedFlag: "blames_individuals_for_burnout", Bump: rubric.Major}}},
	{"another severity",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].RedFlags[0].Severity = rubric.Note },
		[]rubric.Change{{Kind: rubric.SeverityChanged, Signal: "team_wellbeing", RedFlag: "blames_individuals_for_burnout", Bump: rubric.Minor}}},
	{"the text of a red flag is words",
		func(c *rubric.Content) { c.Edition.Signals[wellbeing].RedFlags[0].Text = "Proud of nights." },
		[]rubric.Change{{Kind: rubric.RedFlagReworded, Signal: "team_wellbeing", RedFlag: "blames_individuals_for_burnout", Bump: rubric.Patch}}},
	{"a red flag less",
		func(c *rubric.Content) {
			c.Edition.Signals[wellbeing].RedFlags = c.Edition.Signals[wellbeing].RedFlags[1:]
		},
		[]rubric.Change{{Kind: rubric.RedFlagRemoved, Signal: "team_wellbeing", RedFlag: "blames_individuals_for_burnout", Bump: rubric.Minor}}},

	{"a higher bar",
		func(c *rubric.Content) { demand(c, managers, "senior_em", func(d *rubric.Demand) { d.Bar++ }) },
		[]rubric.Change{{Kind: rubric.BarRaised, Signal: "supporting_managers", Level: "senior_em", Bump: rubric.Major}}},
	{"a lower bar",
		func(c *rubric.Content) { demand(c, managers, "senior_em", func(d *rubric.Demand) { d.Bar-- }) },
		[]rubric.Change{{Kind: rubric.BarLowered, Signal: "supporting_managers", Level: "senior_em", Bump: rubric.Minor}}},
	{"more weight",
		func(c *rubric.Content) { demand(c, wellbeing, "senior_em", func(d *rubric.Demand) { d.Weight++ }) },
		[]rubric.Change{{Kind: rubric.Reweighted, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major}}},
	{"less weight is more for others",
		func(c *rubric.Content) { demand(c, wellbeing, "senior_em", func(d *rubric.Demand) { d.Weight-- }) },
		[]rubric.Change{{Kind: rubric.Reweighted, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major}}},
	{"a new gate",
		func(c *rubric.Content) {
			demand(c, wellbeing, "senior_em", func(d *rubric.Demand) { d.MustHave = true })
		},
		[]rubric.Change{{Kind: rubric.GateAdded, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major}}},
	{"a gate less",
		func(c *rubric.Content) { demand(c, coaching, "em", func(d *rubric.Demand) { d.MustHave = false }) },
		[]rubric.Change{{Kind: rubric.GateDropped, Signal: "coaching_growth", Level: "em", Bump: rubric.Minor}}},
	{"more raters",
		func(c *rubric.Content) { demand(c, coaching, "em", func(d *rubric.Demand) { d.MinimumRaters++ }) },
		[]rubric.Change{{Kind: rubric.RatersRaised, Signal: "coaching_growth", Level: "em", Bump: rubric.Major}}},
	{"fewer raters",
		func(c *rubric.Content) { demand(c, coaching, "em", func(d *rubric.Demand) { d.MinimumRaters-- }) },
		[]rubric.Change{{Kind: rubric.RatersLowered, Signal: "coaching_growth", Level: "em", Bump: rubric.Minor}}},
	{"an expectation is words",
		func(c *rubric.Content) {
			demand(c, coaching, "em", func(d *rubric.Demand) { d.Expectation = "People grew." })
		},
		[]rubric.Change{{Kind: rubric.ExpectationChanged, Signal: "coaching_growth", Level: "em", Bump: rubric.Patch}}},
	{"a signal is retired",
		func(c *rubric.Content) {
			demand(c, wellbeing, "senior_em", func(d *rubric.Demand) { *d = rubric.Demand{SubsumedBy: "coaching_growth"} })
		},
		[]rubric.Change{{Kind: rubric.SignalDropped, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major}}},
	{"a retired signal is asked again",
		func(c *rubric.Content) { delete(c.Edition.Signals[foundation].Demands, "senior_em") },
		[]rubric.Change{{Kind: rubric.SignalAsked, Signal: "management_foundation", Level: "senior_em", Bump: rubric.Major}}},
	{"what covers a retired signal is words",
		func(c *rubric.Content) {
			demand(c, foundation, "senior_em", func(d *rubric.Demand) { d.SubsumedBy = "coaching_growth" })
		},
		[]rubric.Change{{Kind: rubric.SubsumptionChanged, Signal: "management_foundation", Level: "senior_em", Bump: rubric.Patch}}},
	{"a lower bar that is still raised above the level below",
		func(c *rubric.Content) { demand(c, wellbeing, "em", func(d *rubric.Demand) { d.Bar -= 25 }) },
		[]rubric.Change{
			{Kind: rubric.BarLowered, Signal: "team_wellbeing", Level: "em", Bump: rubric.Minor},
			// Senior asks for as much as before, but that is now more than em does: it
			// weighs among what Senior asks beyond em.
			{Kind: rubric.OwnDemandChanged, Signal: "team_wellbeing", Level: "senior_em", Bump: rubric.Major},
		}},
}

func flag(c *rubric.Content, f rubric.RedFlag) {
	s := &c.Edition.Signals[wellbeing]
	s.RedFlags = append(s.RedFlags, f)
}

func TestChangesAndWhatTheyMean(t *testing.T) {
	for _, c := range diffCases {
		t.Run(c.rule, func(t *testing.T) {
			before, after := builtin(t), copyOf(t)
			c.with(after)
			got := rubric.Diff(before.Ladder, before.Edition, after.Edition)
			want := rubric.NoBump
			for i := range got.Changes {
				if got.Changes[i].Before == got.Changes[i].After && got.Changes[i].Kind != rubric.SignalAsked {
					t.Errorf("%s shows %q on both sides", got.Changes[i].Kind, got.Changes[i].Before)
				}
				got.Changes[i].Before, got.Changes[i].After = "", ""
				if c.want != nil && got.Changes[i].Bump == rubric.Major {
					want = rubric.Major
				} else if want != rubric.Major && (want == rubric.NoBump || got.Changes[i].Bump == rubric.Minor) {
					want = got.Changes[i].Bump
				}
			}
			if !slices.Equal(got.Changes, c.want) {
				t.Errorf("changes\n%+v\nwant\n%+v", got.Changes, c.want)
			}
			if got.Bump != want {
				t.Errorf("all together is %q, want %q", got.Bump, want)
			}
		})
	}
}

// Levels between others, below them and beside them, by rank.
func TestWhereALevelIsAdded(t *testing.T) {
	ladder := rubric.Ladder{Levels: []rubric.Level{
		{Key: "one", Rank: 1}, {Key: "two", Rank: 2}, {Key: "side", Rank: 2}, {Key: "three", Rank: 3},
		{Key: "four", Rank: 4, Extends: "base"}, {Key: "base", Rank: 0},
	}}
	for _, c := range []struct {
		rule   string
		levels []string
		added  string
		want   rubric.Bump
	}{
		{"the first of all", nil, "two", rubric.Minor},
		{"below", []string{"two", "three"}, "one", rubric.Minor},
		{"above", []string{"one", "two"}, "three", rubric.Minor},
		{"between", []string{"one", "three"}, "two", rubric.Major},
		{"between, on another track", []string{"one", "two", "three"}, "side", rubric.Major},
		{"beside the highest", []string{"one", "two"}, "side", rubric.Minor},
		{"below, but what is there extends it", []string{"two", "four"}, "base", rubric.Major},
	} {
		var from, to rubric.Edition
		for _, key := range c.levels {
			from.Levels = append(from.Levels, rubric.LevelSetting{Level: key})
		}
		to.Levels = append(slices.Clone(from.Levels), rubric.LevelSetting{Level: c.added})
		got := rubric.Diff(ladder, from, to)
		if len(got.Changes) != 1 || got.Changes[0].Kind != rubric.LevelAdded || got.Bump != c.want {
			t.Errorf("%s: %s beside %v is %+v, want %s", c.rule, c.added, c.levels, got, c.want)
		}
	}
}

// What changes is said in words that people understand.
func TestChangesShowBothValues(t *testing.T) {
	before, after := builtin(t), copyOf(t)
	after.Edition.Levels[0].CoverageMinimum = 75
	after.Edition.Signals[wellbeing].RedFlags[0] = rubric.RedFlag{Key: "new_flag", Severity: rubric.Note, Text: "A text."}
	demand(after, wellbeing, "em", func(d *rubric.Demand) { d.MustHave, d.MinimumRaters = true, 3 })
	demand(after, foundation, "em", func(d *rubric.Demand) { d.Bar = 325 })
	demand(after, wellbeing, "senior_em", func(d *rubric.Demand) { *d = rubric.Demand{SubsumedBy: "coaching_growth"} })
	want := [][3]string{
		{"COVERAGE_MINIMUM_LOWERED", "80 %", "75 %"},
		{"RED_FLAG_ADDED", "", "NOTE: A text."},
		{"RED_FLAG_REMOVED", "CAUTION: " + before.Edition.Signals[wellbeing].RedFlags[0].Text, ""},
		{"GATE_ADDED", "no gate", "a gate"},
		{"MINIMUM_RATERS_RAISED", "1", "3"},
		{"SIGNAL_DROPPED", "bar 2.5, weight 3, no gate, raters 1", "covered by coaching_growth"},
		{"BAR_RAISED", "2.5", "3.25"},
	}
	var got [][3]string
	for _, c := range rubric.Diff(before.Ladder, before.Edition, after.Edition).Changes {
		got = append(got, [3]string{string(c.Kind), c.Before, c.After})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("changes\n%q\nwant\n%q", got, want)
	}
}

// A restated demand is the inherited one; a stated one that goes is inherited.
func TestWhatIsInheritedIsNoChange(t *testing.T) {
	before := copyOf(t)
	signal := before.Edition.Signals[wellbeing]
	signal.Demands["senior_em"] = signal.Demands["em"]
	after := copyOf(t)
	delete(after.Edition.Signals[wellbeing].Demands, "senior_em")
	if got := rubric.Diff(before.Ladder, before.Edition, after.Edition); len(got.Changes) > 0 || got.Bump != rubric.NoBump {
		t.Errorf("restating what is inherited is %+v", got)
	}
	// What is inherited changes with what it is inherited from.
	demand(before, wellbeing, "em", func(d *rubric.Demand) { d.Bar = 300 })
	signal.Demands["senior_em"] = signal.Demands["em"]
	demand(after, wellbeing, "em", func(d *rubric.Demand) { d.Bar = 325 })
	var levels []string
	for _, c := range rubric.Diff(before.Ladder, before.Edition, after.Edition).Changes {
		levels = append(levels, string(c.Kind)+" "+c.Level)
	}
	if want := []string{"BAR_RAISED em", "BAR_RAISED senior_em"}; !slices.Equal(levels, want) {
		t.Errorf("changes %v, want %v", levels, want)
	}
}

// The key wins over what is replaced: Replaces still stands in editions after
// the one that renamed.
func TestARenameIsReadOnce(t *testing.T) {
	edition := func(keys ...[2]string) rubric.Edition {
		var e rubric.Edition
		for _, key := range keys {
			e.Signals = append(e.Signals, rubric.Signal{Key: key[0], Replaces: key[1]})
		}
		return e
	}
	kinds := func(from, to rubric.Edition) []string {
		var list []string
		for _, c := range rubric.Diff(rubric.Ladder{}, from, to).Changes {
			list = append(list, string(c.Kind)+" "+c.Signal)
		}
		return list
	}
	first, second := edition([2]string{"old"}), edition([2]string{"new", "old"})
	for _, c := range []struct {
		rule     string
		from, to rubric.Edition
		want     []string
	}{
		{"renamed", first, second, []string{"SIGNAL_KEY_CHANGED new"}},
		{"renamed before", second, second, nil},
		{"and no longer said", second, edition([2]string{"new"}), nil},
		{"renamed to what there was", edition([2]string{"old"}, [2]string{"new"}), second, []string{"SIGNAL_REMOVED old"}},
		{"named after nothing", edition([2]string{"other"}), second, []string{"SIGNAL_ADDED new", "SIGNAL_REMOVED other"}},
		{"both the old and the new", first, edition([2]string{"new", "old"}, [2]string{"old"}), []string{"SIGNAL_ADDED new"}},
		{"two successors", first, edition([2]string{"new", "old"}, [2]string{"newer", "old"}), []string{"SIGNAL_KEY_CHANGED new", "SIGNAL_ADDED newer"}},
		{"keys that change places", edition([2]string{"one"}, [2]string{"two"}), edition([2]string{"three", "one"}, [2]string{"two", "x"}), []string{"SIGNAL_KEY_CHANGED three"}},
		{"a key twice", edition([2]string{"old"}, [2]string{"old"}), edition([2]string{"old"}, [2]string{"old"}), nil},
		{"a key once more", first, edition([2]string{"old"}, [2]string{"old"}), []string{"SIGNAL_ADDED old"}},
		{"a key once less", edition([2]string{"old"}, [2]string{"old"}), first, []string{"SIGNAL_REMOVED old"}},
	} {
		if got := kinds(c.from, c.to); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// Every kind that the package declares is the expectation of some case above.
func TestEveryKindOfChangeIsTried(t *testing.T) {
	text, err := os.ReadFile("diff.go")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "diff.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	tried := map[rubric.ChangeKind]bool{rubric.RedFlagsOrdered: true} // of TestTheOrderOfRedFlags
	for _, c := range diffCases {
		for _, change := range c.want {
			tried[change.Kind] = true
		}
	}
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "ChangeKind" {
			declared++
			kind, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if !tried[rubric.ChangeKind(kind)] {
				t.Errorf("no case changes %s", kind)
			}
		}
		return true
	})
	if declared != len(tried) {
		t.Errorf("%d kinds are declared, %d tried", declared, len(tried))
	}
}

func TestTheOrderOfRedFlags(t *testing.T) {
	before, after := copyOf(t), copyOf(t)
	slices.Reverse(after.Edition.Signals[wellbeing].RedFlags)
	want := []rubric.Change{{Kind: rubric.RedFlagsOrdered, Signal: "team_wellbeing", Bump: rubric.Patch,
		Before: "blames_individuals_for_burnout, glorifies_overwork", After: "glorifies_overwork, blames_individuals_for_burnout"}}
	if got := rubric.Diff(before.Ladder, before.Edition, after.Edition).Changes; !slices.Equal(got, want) {
		t.Errorf("changes %+v, want %+v", got, want)
	}
}

// A draft may extend in a circle until it is checked.
func TestDraftsThatExtendInACircle(t *testing.T) {
	content := copyOf(t)
	content.Ladder.Levels[0].Extends = "senior_em"
	for i := range content.Edition.Signals {
		content.Edition.Signals[i].Demands = nil
	}
	if got := rubric.Diff(content.Ladder, content.Edition, content.Edition); len(got.Changes) > 0 {
		t.Errorf("changes %+v", got.Changes)
	}
}
