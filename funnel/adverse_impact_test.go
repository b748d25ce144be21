package funnel_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

func sameReport(a, b funnel.ImpactReport) bool { return cmp.Equal(a, b) }

func group(name string, selected, total int) funnel.ImpactGroup {
	return funnel.ImpactGroup{Group: name, Selected: selected, Total: total}
}

// rowOf is the row of a group.
func rowOf(t rapid.TB, r funnel.ImpactReport, name string) funnel.ImpactRow {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(row funnel.ImpactRow) bool { return row.Group == name })
	if i < 0 {
		t.Fatalf("no row of %s in %+v", name, r)
	}
	return r.Rows[i]
}

type impactVector struct {
	Undisclosed bool
	Groups      map[string][2]int
	Expected    struct {
		Reference *string
		Groups    map[string]struct {
			Status                        funnel.ImpactStatus
			Rate, ImpactRatio, FisherP, Z *float64
			N, Selected                   *int
			RatioCI                       []float64
			FlipFlop                      *bool
		}
	}
}

func TestAdverseImpactOfTheVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/adverse_impact.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]json.RawMessage
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	var tables []struct {
		T        [4]int
		Expected float64
	}
	if err := json.Unmarshal(cases["fisher"], &tables); err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	for _, c := range tables {
		if p := funnel.FisherExact(c.T[0], c.T[1], c.T[2], c.T[3]); !same(&p, &c.Expected) {
			t.Errorf("%v: p is %g, want %g", c.T, p, c.Expected)
		}
	}
	delete(cases, "fisher")
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for rule, text := range cases {
		t.Run(rule, func(t *testing.T) {
			var v impactVector
			if err := json.Unmarshal(text, &v); err != nil {
				t.Fatal(err)
			}
			v.check(t)
		})
	}
}

func (v impactVector) check(t *testing.T) {
	var groups []funnel.ImpactGroup
	for name, counts := range v.Groups {
		groups = append(groups, group(name, counts[0], counts[1]))
	}
	var options funnel.ImpactOptions
	if v.Undisclosed {
		options.Undisclosed = group("", 4, 20)
	}
	report := funnel.AdverseImpact(groups, options)
	if !cmp.Equal(report.Reference, v.Expected.Reference) || report.MinimumGroup != 5 || len(report.Rows) != len(v.Expected.Groups) {
		t.Errorf("report %+v", report)
	}
	hidden := 0
	for name, want := range v.Expected.Groups {
		got := rowOf(t, report, name)
		if want.Status == funnel.Suppressed {
			hidden++
		}
		if got.Status != want.Status || !cmp.Equal(got.Applicants, want.N) || !cmp.Equal(got.Selected, want.Selected) || !cmp.Equal(got.FlipFlop, want.FlipFlop) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if !same(got.SelectionRate, want.Rate) || !same(got.ImpactRatio, want.ImpactRatio) || !same(got.FisherP, want.FisherP) || !same(got.Z, want.Z) {
			t.Errorf("%s: figures differ", name)
		}
		if i := got.RatioInterval; (i == nil) != (want.RatioCI == nil) || i != nil && (!same(&i.Low, &want.RatioCI[0]) || !same(&i.High, &want.RatioCI[1])) {
			t.Errorf("%s: interval %v, want %v", name, i, want.RatioCI)
		}
	}
	if report.SuppressedGroups != hidden {
		t.Errorf("%d hidden, want %d", report.SuppressedGroups, hidden)
	}
}

func TestStatusOfAGroup(t *testing.T) {
	undisclosed := group("", 10, 40)
	for rule, c := range map[string]struct {
		groups []funnel.ImpactGroup // B is looked at
		want   funnel.ImpactStatus
	}{
		"the highest rate is the reference":             {[]funnel.ImpactGroup{group("A", 10, 50), group("B", 20, 50)}, funnel.ImpactReference},
		"of the same rate the larger is":                {[]funnel.ImpactGroup{group("A", 10, 50), group("B", 20, 100)}, funnel.ImpactReference},
		"then the first by name":                        {[]funnel.ImpactGroup{group("C", 10, 50), group("B", 10, 50)}, funnel.ImpactReference},
		"under 2 % is no reference":                     {[]funnel.ImpactGroup{group("A", 100, 500), group("B", 10, 10)}, funnel.BelowTwoPercent},
		"2 % exactly is enough":                         {[]funnel.ImpactGroup{group("A", 100, 490), group("B", 10, 10)}, funnel.ImpactReference},
		"nobody of one group is a ratio of 0":           {[]funnel.ImpactGroup{group("A", 30, 60), group("B", 0, 60)}, funnel.AdverseImpactIndicated},
		"a difference of one person tells nothing":      {[]funnel.ImpactGroup{group("A", 1, 5), group("B", 1, 240)}, funnel.TooFewToTell},
		"to come out even is to disappear":              {[]funnel.ImpactGroup{group("A", 3, 10), group("B", 1, 10)}, funnel.TooFewToTell},
		"a small group is indicated when significant":   {[]funnel.ImpactGroup{group("A", 60, 100), group("B", 2, 20)}, funnel.AdverseImpactIndicated},
		"and not when it is not":                        {[]funnel.ImpactGroup{group("A", 30, 80), group("B", 4, 20)}, funnel.BelowFourFifthsNotSignificant},
		"a hair under four fifths of many is indicated": {[]funnel.ImpactGroup{group("A", 50_000, 100_000), group("B", 39_999, 100_000)}, funnel.AdverseImpactIndicated},
		"four fifths of many is not":                    {[]funnel.ImpactGroup{group("A", 50_000, 100_000), group("B", 40_000, 100_000)}, funnel.StatisticalDifferenceOnly},
		"five are enough to be shown":                   {[]funnel.ImpactGroup{group("A", 2, 20), group("B", 2, 5)}, funnel.ImpactReference},
		"four are not":                                  {[]funnel.ImpactGroup{group("A", 2, 20), group("B", 2, 4), group("C", 2, 20)}, funnel.Suppressed},
		"everybody of every group":                      {[]funnel.ImpactGroup{group("A", 50, 50), group("B", 40, 40)}, funnel.NoIndication},
	} {
		t.Run(rule, func(t *testing.T) {
			report := funnel.AdverseImpact(c.groups, funnel.ImpactOptions{Undisclosed: undisclosed})
			if got := rowOf(t, report, "B").Status; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAdverseImpactOfNobody(t *testing.T) {
	r := funnel.AdverseImpact(nil, funnel.ImpactOptions{})
	if r.Reference != nil || r.SuppressedGroups != 0 || len(r.Rows) != 0 || r.MinimumGroup != funnel.DefaultMinimumGroup {
		t.Errorf("%+v", r)
	}
	if r := funnel.AdverseImpact([]funnel.ImpactGroup{group("A", 1, 2)}, funnel.ImpactOptions{Minimum: 1}); r.SuppressedGroups != 1 || r.MinimumGroup != 3 {
		t.Errorf("a minimum of one hides nobody: %+v", r)
	}
}

func TestWhoIsHiddenWithWhom(t *testing.T) {
	type groups = []funnel.ImpactGroup
	for rule, c := range map[string]struct {
		groups      groups
		undisclosed funnel.ImpactGroup
		want        []string
	}{
		"nobody is small":                               {groups{group("A", 9, 30), group("B", 9, 20)}, group("", 0, 0), nil},
		"one small takes the smallest shown along":      {groups{group("A", 9, 50), group("B", 9, 40), group("C", 9, 30), group("D", 1, 3)}, group("", 0, 0), []string{"C", "D"}},
		"and all of its size":                           {groups{group("A", 9, 50), group("B", 9, 40), group("C", 9, 30), group("D", 1, 3), group("E", 9, 30)}, group("", 0, 0), []string{"C", "D", "E"}},
		"two small hide each other":                     {groups{group("A", 9, 50), group("B", 9, 40), group("C", 1, 2), group("D", 1, 3)}, group("", 0, 0), []string{"C", "D"}},
		"two of one do not":                             {groups{group("A", 9, 50), group("B", 9, 40), group("C", 1, 1), group("D", 0, 1), group("E", 9, 30)}, group("", 0, 0), []string{"C", "D", "E"}},
		"two of four do not":                            {groups{group("A", 9, 50), group("B", 9, 40), group("C", 1, 4), group("D", 1, 4), group("E", 9, 30)}, group("", 0, 0), []string{"C", "D", "E"}},
		"two of whom nobody was selected do not":        {groups{group("A", 9, 50), group("B", 9, 40), group("C", 0, 3), group("D", 0, 2), group("E", 9, 30)}, group("", 0, 0), []string{"C", "D", "E"}},
		"two of whom everybody was selected do not":     {groups{group("A", 9, 50), group("B", 9, 40), group("C", 3, 3), group("D", 2, 2), group("E", 9, 30)}, group("", 0, 0), []string{"C", "D", "E"}},
		"unless nobody was selected of all":             {groups{group("A", 0, 50), group("B", 0, 40), group("C", 0, 3), group("D", 0, 2)}, group("", 0, 0), []string{"C", "D"}},
		"one small is hidden among the undisclosed":     {groups{group("A", 9, 50), group("B", 9, 40), group("D", 1, 3)}, group("", 2, 9), []string{"D"}},
		"not if nobody of either was selected":          {groups{group("A", 9, 50), group("B", 9, 40), group("C", 9, 30), group("D", 0, 3)}, group("", 0, 9), []string{"C", "D"}},
		"one is not hidden by one undisclosed":          {groups{group("A", 9, 50), group("B", 9, 40), group("C", 9, 30), group("D", 0, 1)}, group("", 1, 1), []string{"C", "D"}},
		"a group left alone is compared with nobody":    {groups{group("A", 9, 50), group("B", 9, 40), group("D", 1, 3)}, group("", 0, 0), []string{"A", "B", "D"}},
		"a group that is alone from the start is shown": {groups{group("A", 9, 50)}, group("", 0, 0), nil},
	} {
		t.Run(rule, func(t *testing.T) {
			var got []string
			for _, row := range funnel.AdverseImpact(c.groups, funnel.ImpactOptions{Undisclosed: c.undisclosed}).Rows {
				if row.Status == funnel.Suppressed {
					got = append(got, row.Group)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("hidden are %v, want %v", got, c.want)
			}
		})
	}
}

func TestWhatEveryReportKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := drawGroups(t, 6)
		options := funnel.ImpactOptions{Undisclosed: drawUndisclosed(t)}
		report := funnel.AdverseImpact(groups, options)

		again := rapid.Permutation(groups).Draw(t, "another order")
		if !sameReport(report, funnel.AdverseImpact(again, options)) {
			t.Fatal("the order of the groups tells")
		}
		if !slices.IsSortedFunc(report.Rows, func(a, b funnel.ImpactRow) int { return strings.Compare(a.Group, b.Group) }) || len(report.Rows) != len(groups) {
			t.Fatalf("rows %+v", report.Rows)
		}
		hidden, references := 0, 0
		for _, row := range report.Rows {
			switch row.Status {
			case funnel.Suppressed:
				hidden++
				if !cmp.Equal(row, funnel.ImpactRow{Group: row.Group, Status: row.Status}) {
					t.Fatalf("a hidden group shows %+v", row)
				}
				continue
			case funnel.ImpactReference:
				references++
			case funnel.AdverseImpactIndicated:
				if *row.FlipFlop || *row.FisherP >= .05 || *row.ImpactRatio >= .8 {
					t.Fatalf("indicated by %+v", row)
				}
			}
			if *row.Applicants < report.MinimumGroup {
				t.Fatalf("a small group shows %+v", row)
			}
			if i := row.RatioInterval; i != nil && !(i.Low <= *row.ImpactRatio && *row.ImpactRatio <= i.High) {
				t.Fatalf("the ratio %g is not in %v", *row.ImpactRatio, *i)
			}
			if row.FisherP != nil && !(*row.FisherP > 0 && *row.FisherP <= 1) {
				t.Fatalf("p is %g", *row.FisherP)
			}
			if row.ImpactRatio != nil && !(*row.ImpactRatio >= 0 && *row.ImpactRatio <= 1) {
				t.Fatalf("the ratio to the highest rate is %g", *row.ImpactRatio)
			}
		}
		if hidden != report.SuppressedGroups || (report.Reference != nil) != (references == 1) {
			t.Fatalf("report %+v", report)
		}
	})
}

// Four fifths are four fifths whatever a float makes of them.
func TestFourFifthsExactlyIsNotBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// 5s of 5n·k in the reference, 4s of 5n·k here, each in its own multiple.
		n := rapid.IntRange(1, 500).Draw(t, "n")
		s := rapid.IntRange(1, n).Draw(t, "s")
		k, m := rapid.IntRange(1, 40).Draw(t, "k"), rapid.IntRange(1, 40).Draw(t, "m")
		report := funnel.AdverseImpact([]funnel.ImpactGroup{group("A", 5*s*k, 5*n*k), group("B", 4*s*m, 5*n*m)}, funnel.ImpactOptions{})
		switch status := rowOf(t, report, "B").Status; status {
		case funnel.NoIndication, funnel.StatisticalDifferenceOnly, funnel.BelowTwoPercent:
		case funnel.TooFewToTell:
			if *rowOf(t, report, "B").FisherP >= .05 {
				t.Fatal("not below and not significant is no difference")
			}
		default:
			t.Fatal(status)
		}
	})
}

// What is hidden in a part is hidden in the whole, and a group that would be left
// alone with the hidden ones is hidden, too.
func TestWhatIsHiddenInAPartIsHiddenInTheWhole(t *testing.T) {
	groups := []funnel.ImpactGroup{{Group: "A", Selected: 20, Total: 60}, {Group: "B", Selected: 10, Total: 50}, {Group: "C", Selected: 9, Total: 30}}
	for rule, c := range map[string]struct {
		hidden map[string]bool
		want   string
	}{
		"none":         {nil, ""},
		"one of three": {map[string]bool{"C": true}, "C"},
		"two of three": {map[string]bool{"B": true, "C": true}, "ABC"},
		"another one":  {map[string]bool{"D": true}, ""},
	} {
		got := ""
		report := funnel.AdverseImpact(groups, funnel.ImpactOptions{Undisclosed: funnel.ImpactGroup{Selected: 5, Total: 20}, Hidden: c.hidden})
		for _, row := range report.Rows {
			if row.Status == funnel.Suppressed {
				got += row.Group
			}
		}
		if got != c.want || report.SuppressedGroups != len(c.want) {
			t.Errorf("%s: %q are hidden, want %q", rule, got, c.want)
		}
	}
}
