package eventlog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// stagesOf plans a log of one opening, given as "A: stage stage; B: …", and
// shows its stages.
func stagesOf(t testing.TB, paths string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("application_id,candidate,opening,source,at,event,stage\n")
	for path := range strings.SplitSeq(paths, ";") {
		id, stages, _ := strings.Cut(strings.TrimSpace(path), ":")
		for i, s := range strings.Fields(stages) {
			fmt.Fprintf(&b, "%s,%s,EM,,2025-01-%02d,enter,%s\n", id, id, i+1, s)
		}
	}
	w, err := plan(strings.NewReader(b.String()), "log.csv", "test")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range w.Openings[0].Stages {
		out = append(out, s.Name+" "+s.Kind)
	}
	return strings.Join(out, ", ")
}

func TestStagesAreInTheOrderOfMostApplications(t *testing.T) {
	for _, c := range []struct{ rule, paths, want string }{
		{"as they are walked through", "A: apply screen onsite", "apply APPLIED, screen SCREEN, onsite INTERVIEW, Hired HIRED"},
		{"a skipped stage finds its place", "A: apply onsite; B: apply screen onsite", "apply APPLIED, screen SCREEN, onsite INTERVIEW, Hired HIRED"},
		{"moving back does not count", "A: apply screen onsite screen onsite", "apply APPLIED, screen SCREEN, onsite INTERVIEW, Hired HIRED"},
		{"the majority decides", "A: apply x y; B: apply y x; C: apply y x", "apply APPLIED, y SCREEN, x INTERVIEW, Hired HIRED"},
		{"of equals the first that appeared", "A: x; B: y", "x APPLIED, y SCREEN, Hired HIRED"},
		{"a kind never falls", "A: apply onsite screen", "apply APPLIED, onsite INTERVIEW, screen INTERVIEW, Hired HIRED"},
		{"a stage of the hired is the last", "A: apply Hired", "apply APPLIED, Hired HIRED"},
		{"names differ by more than case", "A: Apply Screen; B: apply SCREEN", "Apply APPLIED, Screen SCREEN, Hired HIRED"},
	} {
		if got := stagesOf(t, c.paths); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule, got, c.want)
		}
	}
}

// Where all applications walk the same way, however much of it, that is the order.
func TestOneWayOfWalkingIsTheOrder(t *testing.T) {
	way := strings.Fields("a b c d e f")
	rapid.Check(t, func(rt *rapid.T) {
		var paths []string
		for n := range rapid.IntRange(1, 6).Draw(rt, "applications") {
			var path []string
			for _, s := range way {
				if rapid.Bool().Draw(rt, s) {
					path = append(path, s)
				}
			}
			paths = append(paths, fmt.Sprintf("A%d: %s", n, strings.Join(path, " ")))
		}
		paths = append(paths, "all: "+strings.Join(way, " "))
		got := stagesOf(t, strings.Join(paths, "; "))
		at := -1
		for _, s := range way {
			next := strings.Index(", "+got, ", "+s+" ")
			if next <= at {
				rt.Fatalf("%v gave %s", paths, got)
			}
			at = next
		}
	})
}

func FuzzPlan(f *testing.F) {
	f.Add("application_id,candidate,opening,source,at,event,stage\n1,Ada,EM,,2025-01-01,enter,Screen\n1,Ada,EM,,2025-01-02,hire,\n")
	f.Add("application_id;candidate;opening;at;event;email\n\"1\";;EM;2025-01-01 10:00;applied;a@b.c\n1;;;2024-01-01;reopen;\n")
	f.Fuzz(func(t *testing.T, log string) {
		w, err := plan(strings.NewReader(log), "log.csv", "test")
		if err != nil {
			return
		}
		for _, o := range w.Openings {
			if last := o.Stages[len(o.Stages)-1]; last.Kind != "HIRED" {
				t.Errorf("the last stage of an opening is of kind %s", last.Kind)
			}
		}
		for _, a := range w.Applications {
			for _, m := range a.Marks {
				if m.Stage != nil && !slices.Contains(a.Opening.Stages, m.Stage) {
					t.Errorf("application %s is in a stage of another opening", a.Key.ID)
				}
			}
		}
	})
}
