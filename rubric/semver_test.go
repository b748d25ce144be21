package rubric_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

func ExampleNext() {
	for _, bump := range []rubric.Bump{rubric.Patch, rubric.Minor, rubric.Major} {
		next, _ := rubric.Next("1.4.2", bump)
		fmt.Println(next)
	}
	// Output:
	// 1.4.3
	// 1.5.0
	// 2.0.0
}

func ExampleCheckBump() {
	fmt.Println(rubric.CheckBump("1.4.2", "1.5.0", rubric.Major))
	// Output: semver: 1.5.0 is a MINOR version after 1.4.2, but what changed makes it a MAJOR one (at least 2.0.0)
}

func TestWhatIsNoVersion(t *testing.T) {
	for _, text := range []string{
		"", "1", "1.0", "1.0.0.0", "01.0.0", "1.00.0", "1.0.00", "-1.0.0", "+1.0.0", "1.-0.0", "1.0.0-rc1", "1.0.0+build", "v1.0.0",
		"1..0", ".1.0", "1.0.", " 1.0.0", "1.0.0\n", "1.0.1000000", "99999999999999999999.0.0", "1.0.0x", "1,0,0", "１.0.0", "0x1.0.0", "1_0.0.0",
		strings.Repeat("1.", 1000),
	} {
		if next, err := rubric.Next(text, rubric.Patch); err == nil {
			t.Errorf("%q is followed by %s", text, next)
		}
		if err := rubric.CheckBump("1.0.0", text, rubric.NoBump); err == nil || !strings.HasPrefix(err.Error(), "semver: ") {
			t.Errorf("%q may follow 1.0.0: %v", text, err)
		}
		if err := rubric.CheckBump(text, "1.0.0", rubric.NoBump); err == nil || !strings.HasPrefix(err.Error(), "from: ") {
			t.Errorf("%q may be followed by 1.0.0: %v", text, err)
		}
	}
}

func TestVersionsEnd(t *testing.T) {
	for _, c := range []struct {
		semver string
		bump   rubric.Bump
		want   string // "" for none
	}{
		{"0.0.0", rubric.NoBump, "0.0.0"},
		{"0.9.9", rubric.Minor, "0.10.0"},
		{"1.0.999999", rubric.Patch, ""},
		{"1.0.999999", rubric.Minor, "1.1.0"},
		{"1.999999.0", rubric.Minor, ""},
		{"999999.0.0", rubric.Major, ""},
		{"1.0.0", "HUGE", ""},
	} {
		got, err := rubric.Next(c.semver, c.bump)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s is followed by the %s version %q, %v; want %q", c.semver, c.bump, got, err, c.want)
		}
	}
}

func TestBumps(t *testing.T) {
	for _, c := range []struct {
		rule, from, to string
		least          rubric.Bump
		ok             bool
	}{
		{"as much as asked for", "1.2.3", "1.2.4", rubric.Patch, true},
		{"as much as asked for", "1.2.3", "1.3.0", rubric.Minor, true},
		{"as much as asked for", "1.2.3", "2.0.0", rubric.Major, true},
		{"authors may raise it", "1.2.3", "2.0.0", rubric.Patch, true},
		{"and skip versions", "1.2.3", "1.2.9", rubric.Patch, true},
		{"and skip versions", "1.2.3", "4.1.7", rubric.Major, true},
		{"what no change asks for is free", "1.2.3", "1.2.4", rubric.NoBump, true},
		{"but comes after", "1.2.3", "1.2.3", rubric.NoBump, false},
		{"less is refused", "1.2.3", "1.2.4", rubric.Minor, false},
		{"less is refused", "1.2.3", "1.9.0", rubric.Major, false},
		{"the greatest part that moves counts", "1.2.3", "1.3.9", rubric.Patch, true},
		{"numbers are no text", "1.9.0", "1.10.0", rubric.Minor, true},
		{"back is refused", "1.2.3", "1.2.2", rubric.Patch, false},
		{"back is refused, though a lesser part moves on", "1.2.3", "1.1.9", rubric.Patch, false},
		{"back is refused, though two do", "2.0.0", "1.9.9", rubric.Patch, false},
		{"a bump is one of three", "1.0.0", "2.0.0", "HUGE", false},
	} {
		if err := rubric.CheckBump(c.from, c.to, c.least); (err == nil) != c.ok {
			t.Errorf("%s: %s after %s, at least %q: %v", c.rule, c.to, c.from, c.least, err)
		}
	}
}

func TestTheNextVersionIsAlwaysEnoughAndNoSmallerOneIs(t *testing.T) {
	bumps := []rubric.Bump{rubric.Patch, rubric.Minor, rubric.Major}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.IntRange(0, 30)
		from := fmt.Sprintf("%d.%d.%d", part.Draw(t, "major"), part.Draw(t, "minor"), part.Draw(t, "patch"))
		for i, given := range bumps {
			to, err := rubric.Next(from, given)
			if err != nil {
				t.Fatal(err)
			}
			for j, least := range bumps {
				if err := rubric.CheckBump(from, to, least); (err == nil) != (i >= j) {
					t.Errorf("%s after %s, at least %s: %v", to, from, least, err)
				}
			}
			if err := rubric.CheckBump(to, from, rubric.NoBump); err == nil {
				t.Errorf("%s may follow %s", from, to)
			}
		}
	})
}
