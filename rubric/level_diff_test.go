package rubric_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

// What more does Senior ask than EM?
func ExampleLevelDiff() {
	content, err := rubric.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	changes, err := rubric.LevelDiff(content.Ladder, content.Edition, "em", "senior_em")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range changes {
		switch c.Kinds[0] {
		case rubric.SignalAsked:
			fmt.Printf("%s: from %v\n", c.Signal, c.To.Bar)
		case rubric.SignalDropped:
			fmt.Printf("%s: covered by %s\n", c.Signal, c.SubsumedBy)
		case rubric.BarRaised:
			fmt.Printf("%s: %v, not %v\n", c.Signal, c.To.Bar, c.From.Bar)
		}
	}
	// Output:
	// team_direction: 3, not 2.5
	// strategic_alignment: 3, not 2.5
	// leadership_cultivation: 3.25, not 2.5
	// epd_collaboration: 3.25, not 2.75
	// impact_orientation: 3.25, not 2.5
	// management_foundation: covered by leadership_experience_breadth
	// strategic_focus: from 3
	// delegation_systematisation: from 3
	// independent_process_design: from 3
	// autonomy_under_uncertainty: from 3
	// complex_high_impact_leadership: from 3
	// leadership_experience_breadth: from 3
	// supporting_managers: from 3
}

// levelsOf builds a ladder of two tracks with one signal.
func levelsOf(demands map[string]rubric.Demand) (rubric.Ladder, rubric.Edition) {
	ladder := rubric.Ladder{Levels: []rubric.Level{
		{Key: "engineer", Rank: 1}, {Key: "staff", Rank: 2, Extends: "engineer"}, {Key: "principal", Rank: 3, Extends: "staff"},
		{Key: "manager", Rank: 2},
	}}
	edition := rubric.Edition{Signals: []rubric.Signal{{Key: "signal", Demands: demands}}}
	for _, l := range ladder.Levels {
		edition.Levels = append(edition.Levels, rubric.LevelSetting{Level: l.Key, CoverageMinimum: 80})
	}
	return ladder, edition
}

func TestWhatDiffersBetweenLevels(t *testing.T) {
	base := rubric.Demand{Weight: 5, Bar: 250, MustHave: false, MinimumRaters: 1, Expectation: "One."}
	with := func(change func(*rubric.Demand)) rubric.Demand {
		d := base
		change(&d)
		return d
	}
	all := rubric.Demand{Weight: 4, Bar: 300, MustHave: true, MinimumRaters: 2, Expectation: "Two."}
	for _, c := range []struct {
		rule     string
		demands  map[string]rubric.Demand
		from, to string
		want     []rubric.ChangeKind // nil when nothing differs
	}{
		{"nothing that is inherited", map[string]rubric.Demand{"engineer": base}, "engineer", "principal", nil},
		{"nothing that is restated", map[string]rubric.Demand{"engineer": base, "staff": base}, "engineer", "staff", nil},
		{"nothing that neither asks", map[string]rubric.Demand{"manager": base}, "engineer", "staff", nil},
		{"nothing between a level and itself", map[string]rubric.Demand{"staff": base}, "staff", "staff", nil},
		{"asked first", map[string]rubric.Demand{"staff": base}, "engineer", "staff", []rubric.ChangeKind{rubric.SignalAsked}},
		{"asked by another track", map[string]rubric.Demand{"manager": base}, "staff", "manager", []rubric.ChangeKind{rubric.SignalAsked}},
		{"not asked by another track", map[string]rubric.Demand{"staff": base}, "staff", "manager", []rubric.ChangeKind{rubric.SignalDropped}},
		{"retired", map[string]rubric.Demand{"engineer": base, "staff": {SubsumedBy: "other"}}, "engineer", "staff", []rubric.ChangeKind{rubric.SignalDropped}},
		{"retired further below", map[string]rubric.Demand{"engineer": base, "staff": {SubsumedBy: "other"}}, "engineer", "principal", []rubric.ChangeKind{rubric.SignalDropped}},
		{"a higher bar", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.Bar = 300 })}, "engineer", "principal", []rubric.ChangeKind{rubric.BarRaised}},
		{"a lower one on the way down", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.Bar = 300 })}, "principal", "engineer", []rubric.ChangeKind{rubric.BarLowered}},
		{"another weight", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.Weight = 6 })}, "engineer", "staff", []rubric.ChangeKind{rubric.Reweighted}},
		{"a gate", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.MustHave = true })}, "engineer", "staff", []rubric.ChangeKind{rubric.GateAdded}},
		{"more raters", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.MinimumRaters = 2 })}, "engineer", "staff", []rubric.ChangeKind{rubric.RatersRaised}},
		{"other words", map[string]rubric.Demand{"engineer": base, "staff": with(func(d *rubric.Demand) { d.Expectation = "More." })}, "engineer", "staff", []rubric.ChangeKind{rubric.ExpectationChanged}},
		{"all at once", map[string]rubric.Demand{"engineer": base, "manager": all}, "staff", "manager",
			[]rubric.ChangeKind{rubric.BarRaised, rubric.Reweighted, rubric.GateAdded, rubric.RatersRaised, rubric.ExpectationChanged}},
		{"all at once, the other way", map[string]rubric.Demand{"engineer": base, "manager": all}, "manager", "staff",
			[]rubric.ChangeKind{rubric.BarLowered, rubric.Reweighted, rubric.GateDropped, rubric.RatersLowered, rubric.ExpectationChanged}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ladder, edition := levelsOf(c.demands)
			got, err := rubric.LevelDiff(ladder, edition, c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			if got == nil {
				t.Error("no difference is an empty list, not nil")
			}
			if c.want == nil {
				if len(got) > 0 {
					t.Errorf("%+v, want nothing", got)
				}
				return
			}
			want := rubric.LevelChange{Signal: "signal", Kinds: c.want}
			if d, asked := edition.Signals[0].Effective(ladder, c.from); asked {
				want.From = &d
			}
			if d, asked := edition.Signals[0].Effective(ladder, c.to); asked {
				want.To = &d
			} else {
				want.SubsumedBy = d.SubsumedBy
			}
			if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestOnlyLevelsOfTheEditionAreCompared(t *testing.T) {
	content := builtin(t)
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"em", "director", []string{`to: the edition has no level "director"`}}, // the ladder has
		{"", "em", []string{`from: the edition has no level ""`}},
		{"staff", "vp", []string{`from: the edition has no level "staff"`, `to: the edition has no level "vp"`}},
	} {
		changes, err := rubric.LevelDiff(content.Ladder, content.Edition, c.from, c.to)
		var got []string
		for _, problem := range fault.All(err) {
			got = append(got, problem.Error())
		}
		if !slices.Equal(got, c.want) || changes != nil {
			t.Errorf("%s and %s: %v, %v; want %v", c.from, c.to, changes, got, c.want)
		}
	}
}

// The way back shows the same demands on the other sides, and the kinds are
// those by which the edition derives modes.
func TestTheWayBackIsTheOpposite(t *testing.T) {
	opposite := map[rubric.ChangeKind]rubric.ChangeKind{
		rubric.SignalAsked: rubric.SignalDropped, rubric.BarRaised: rubric.BarLowered, rubric.GateAdded: rubric.GateDropped,
		rubric.RatersRaised: rubric.RatersLowered, rubric.Reweighted: rubric.Reweighted, rubric.ExpectationChanged: rubric.ExpectationChanged,
	}
	for a, b := range opposite {
		opposite[b] = a
	}
	content := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		edition := drawEdit(t, content.Ladder, content.Edition)
		up, err := rubric.LevelDiff(content.Ladder, edition, "em", "senior_em")
		if err != nil {
			t.Fatal(err)
		}
		down, err := rubric.LevelDiff(content.Ladder, edition, "senior_em", "em")
		if err != nil {
			t.Fatal(err)
		}
		if len(up) != len(down) {
			t.Fatalf("%d signals differ on the way up, %d on the way down", len(up), len(down))
		}
		for i, u := range up {
			d := down[i]
			kinds := slices.Clone(u.Kinds)
			for j, kind := range kinds {
				kinds[j] = opposite[kind]
			}
			if u.Signal != d.Signal || !reflect.DeepEqual(u.From, d.To) || !reflect.DeepEqual(u.To, d.From) || !slices.Equal(kinds, d.Kinds) {
				t.Errorf("up %+v, down %+v", u, d)
			}
		}
		for _, s := range edition.Signals {
			at := slices.IndexFunc(up, func(c rubric.LevelChange) bool { return c.Signal == s.Key })
			has := func(kind rubric.ChangeKind) bool { return at >= 0 && slices.Contains(up[at].Kinds, kind) }
			mode := s.Mode(content.Ladder, "senior_em")
			_, below := s.Effective(content.Ladder, "em")
			if (mode == rubric.Add) != has(rubric.SignalAsked) || (mode == rubric.Raise) != has(rubric.BarRaised) ||
				(mode == rubric.Retire && below) != has(rubric.SignalDropped) || mode == rubric.Reweight && at < 0 {
				t.Errorf("%s is %s, and differs by %+v", s.Key, mode, up)
			}
		}
	})
}
