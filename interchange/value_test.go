package interchange_test

import (
	"strings"
	"testing"
	"time"

	"hireloop/interchange"
)

func TestTimeReadsTheSpellingsOfExports(t *testing.T) {
	noon := time.Date(2021, 2, 9, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"2021-02-09 12:00:00", noon},
		{"2021-02-09T12:00:00", noon},
		{"2021-02-09t12:00:00z", noon},
		{"2021-02-09T12:00:00Z", noon},
		{" 2021-02-09 12:00:00 ", noon},
		{"2021-02-09 12:00", noon},
		{"2021-02-09 12:00:00 UTC", noon},
		{"2021-02-09 14:00:00+02:00", noon},
		{"2021-02-09 14:00:00+0200", noon},
		{"2021-02-09 14:00:00+02", noon},
		{"2021-02-09 14:00:00 +0200", noon},
		{"2021-02-09T12:00:00.123456789Z", noon.Add(123456 * time.Microsecond)},
		{"2021-02-09 12:00:00.5", noon.Add(500 * time.Millisecond)},
		{"2021-02-09", noon.Add(-12 * time.Hour)},
		{"", time.Time{}},
		{"NULL", time.Time{}},
	} {
		if got, ok := interchange.Time(c.text); !ok || !got.Equal(c.want) {
			t.Errorf("Time(%q) = %v, %v, want %v", c.text, got, ok, c.want)
		}
	}
	for _, text := range []string{"yesterday", "09/02/2021", "2021-02-30", "2021-02-09 25:00:00", "1969-12-31", "2200-01-01", "1612872000", "2021-02-09 12:00:00 CET"} {
		if got, ok := interchange.Time(text); ok {
			t.Errorf("Time(%q) = %v, want it refused", text, got)
		}
	}
}

func TestBoolReadsTheSpellingsOfExports(t *testing.T) {
	for want, texts := range map[bool][]string{
		true:  {"true", "TRUE", "t", "1", "yes", " True "},
		false: {"false", "FALSE", "f", "0", "no", "", "NULL"},
	} {
		for _, text := range texts {
			if got, ok := interchange.Bool(text); !ok || got != want {
				t.Errorf("Bool(%q) = %v, %v, want %v", text, got, ok, want)
			}
		}
	}
	if _, ok := interchange.Bool("perhaps"); ok {
		t.Error(`Bool("perhaps") was accepted`)
	}
}

func TestIDsAreTakenAsTheyAre(t *testing.T) {
	for text, want := range map[string]string{
		"4198678003": "4198678003", " 42 ": "42", "42.0": "42", "4.2": "4.2", "a-b": "a-b", "": "", "a\nb": "",
		".0": ".0", strings.Repeat("x", 201): "",
	} {
		if got := interchange.ID(text); got != want {
			t.Errorf("ID(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestClosestFindsWhatOneLetterMisspells(t *testing.T) {
	words := []string{"definitely_not", "no", "yes", "strong_yes", "mixed"}
	for text, want := range map[string]string{
		"stong_yes":   "strong_yes", // one missing
		"strong_yess": "strong_yes", // one too many
		"strong-yes":  "strong_yes", // one wrong
		"storng_yes":  "strong_yes", // two swapped
		"yes":         "",           // itself is not misspelt
		"strng_ys":    "",
		"ye":          "yes",
		"":            "",
	} {
		if got := interchange.Closest(text, words); got != want {
			t.Errorf("Closest(%q) = %q, want %q", text, got, want)
		}
	}
	if got := interchange.Closest("nos", []string{"no", "nose"}); got != "" {
		t.Errorf("nos is near two words, but was read as %q", got)
	}
}

func TestTextIsMadeFit(t *testing.T) {
	if got, cut := interchange.Line("  two\n\twords ", 20); got != "two words" || cut {
		t.Errorf("Line = %q, %v", got, cut)
	}
	if got, cut := interchange.Line(strings.Repeat("🙂", 300), 200); len([]rune(got)) != 200 || !cut {
		t.Errorf("a long line has %d characters, cut %v", len([]rune(got)), cut)
	}
	if got, cut := interchange.Prose(" a\nb \n", 20); got != "a\nb" || cut {
		t.Errorf("Prose = %q, %v", got, cut)
	}
	if got := interchange.Slug("Coaching & Growth (EM)", 60); got != "coaching_growth_em" {
		t.Errorf("Slug = %q", got)
	}
}

func TestTheNameOfAStageTellsItsKind(t *testing.T) {
	for name, want := range map[string]string{
		"Application Review": "APPLIED", "Resume review": "APPLIED", "New Applicants": "APPLIED",
		"Preliminary Phone Screen": "SCREEN", "Recruiter call": "SCREEN", "Phone Interview": "SCREEN", "Post Second Screen": "SCREEN",
		"Onsite": "INTERVIEW", "Face to Face": "INTERVIEW", "Take Home": "INTERVIEW", "Reference Check": "INTERVIEW", "Team Lead Interview": "INTERVIEW",
		"Offer": "OFFER", "Offer extended": "OFFER", "Hired": "HIRED", "Leads": "LEAD", "The Garden": "", "": "",
	} {
		if got := interchange.StageKind(name); got != want {
			t.Errorf("StageKind(%q) = %q, want %q", name, got, want)
		}
	}
}
