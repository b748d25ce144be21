package greenhouse

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"hireloop/interchange"
)

// FuzzPlan plans an export one of whose tables is any text.
func FuzzPlan(f *testing.F) {
	files, err := os.ReadDir("testdata/small")
	if err != nil {
		f.Fatal(err)
	}
	rest := fstest.MapFS{}
	for _, file := range files {
		text, err := os.ReadFile("testdata/small/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		rest[file.Name()] = &fstest.MapFile{Data: text}
		f.Add(file.Name(), string(text))
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if rest[name] == nil {
			return
		}
		export := fstest.MapFS{}
		for n, file := range rest {
			export[n] = file
		}
		export[name] = &fstest.MapFile{Data: []byte(text)}
		w, err := plan(export, "test")
		if err != nil {
			t.Fatal(err)
		}
		check(t, w)
	})
}

// check wants of every world that what records refer to is in it.
func check(t *testing.T, w *interchange.World) {
	t.Helper()
	for _, o := range w.Openings {
		if n := len(o.Stages); n < 2 || o.Stages[n-1].Kind != "HIRED" {
			t.Errorf("opening %s has %d stages, want a beginning and the hired at the end", o.Key.ID, n)
		}
		for _, m := range o.Team {
			if !slices.Contains(w.Members, m.Member) {
				t.Errorf("opening %s: a member of the team is not listed", o.Key.ID)
			}
		}
		if o.Department != nil && !slices.Contains(w.Departments, o.Department) {
			t.Errorf("opening %s: its department is not listed", o.Key.ID)
		}
	}
	for i, d := range w.Departments {
		if d.Parent != nil && !slices.Contains(w.Departments[:i], d.Parent) {
			t.Errorf("department %s comes before the one above it", d.Key.ID)
		}
	}
	for _, a := range w.Applications {
		if !slices.Contains(w.Candidates, a.Candidate) || !slices.Contains(w.Openings, a.Opening) {
			t.Errorf("application %s: its candidate or opening is not listed", a.Key.ID)
		}
		if a.Facts.Stage != nil && !slices.Contains(a.Opening.Stages, a.Facts.Stage) {
			t.Errorf("application %s is in a stage of another opening", a.Key.ID)
		}
		for _, m := range a.Marks {
			if m.Stage != nil && !slices.Contains(a.Opening.Stages, m.Stage) {
				t.Errorf("application %s was in a stage of another opening", a.Key.ID)
			}
		}
	}
	for _, d := range w.Demographics {
		attributes := map[string]bool{}
		for _, a := range d.Answers {
			if attributes[a.Attribute] || utf8.RuneCountInString(a.Answer) > interchange.MaxDemographicAnswer {
				t.Errorf("form %s has the answer %+v", d.Key.ID, a)
			}
			attributes[a.Attribute] = true
		}
		for _, a := range d.Applications {
			if !slices.Contains(w.Applications, a) {
				t.Errorf("form %s is of an application that is not listed", d.Key.ID)
			}
		}
	}
	for _, l := range w.Loops {
		for _, i := range l.Interviews {
			authors := map[*interchange.Member]bool{}
			for _, s := range i.Scorecards {
				if authors[s.Interviewer] {
					t.Errorf("interview %s has two scorecards of one interviewer", i.Key.ID)
				}
				authors[s.Interviewer] = true
				signals := map[string]bool{}
				for _, x := range s.Ratings {
					if signals[x.Signal] || x.Signal == "" || x.Value < 0 || x.Value > 4 {
						t.Errorf("scorecard %s has the rating %+v", s.Key.ID, x)
					}
					signals[x.Signal] = true
				}
			}
		}
	}
}
