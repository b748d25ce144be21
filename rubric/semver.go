package rubric

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"hireloop/internal/fault"
)

// Bump is the part of a version that moves, by what a change means to people
// who are measured by the rubric.
type Bump string

const (
	NoBump Bump = ""      // nothing changed
	Patch  Bump = "PATCH" // other words of the same meaning
	Minor  Bump = "MINOR" // clearer or less demanding
	Major  Bump = "MAJOR" // somebody could newly fail
)

// size orders bumps; an unknown one has none.
func (b Bump) size() (int, bool) {
	switch b {
	case NoBump:
		return 0, true
	case Patch:
		return 1, true
	case Minor:
		return 2, true
	case Major:
		return 3, true
	}
	return 0, false
}

// or is the greater of the two.
func (b Bump) or(other Bump) Bump {
	mine, _ := b.size()
	if theirs, _ := other.size(); theirs > mine {
		return other
	}
	return b
}

// semver is a version by its parts: major, minor, patch.
type semver [3]int

const mostOfAPart = 999_999

// parseSemver reads three numbers without signs and leading zeros, each of at
// most six digits.
func parseSemver(text string) (semver, bool) {
	var v semver
	parts := strings.SplitN(text, ".", len(v)+1)
	if len(parts) != len(v) {
		return v, false
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > mostOfAPart || strconv.Itoa(n) != part {
			return semver{}, false
		}
		v[i] = n
	}
	return v, true
}

func (v semver) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }

// after is how far v is from a version before it, NoBump when v is no later.
func (v semver) after(before semver) Bump {
	for i, bump := range []Bump{Major, Minor, Patch} {
		switch cmp.Compare(v[i], before[i]) {
		case +1:
			return bump
		case -1:
			return NoBump
		}
	}
	return NoBump
}

// Next is the version that follows semver: 1.4.2 is followed by 1.4.3, 1.5.0 or
// 2.0.0, and with NoBump by itself. It refuses what is no version, no bump, and
// to count past 999999.
func Next(semver string, b Bump) (string, error) {
	v, ok := parseSemver(semver)
	if !ok {
		return "", fault.Invalidf("semver", "%q is not a version such as 1.0.0", semver)
	}
	switch b {
	case NoBump:
	case Patch:
		v[2]++
	case Minor:
		v[1], v[2] = v[1]+1, 0
	case Major:
		v[0], v[1], v[2] = v[0]+1, 0, 0
	default:
		return "", fault.Invalidf("bump", "must be PATCH, MINOR or MAJOR")
	}
	if max(v[0], v[1], v[2]) > mostOfAPart {
		return "", fault.Invalidf("semver", "%s cannot be followed by another %s version", semver, b)
	}
	return v.String(), nil
}

// CheckBump refuses a version that does not come after the one of the edition
// before, or that moves a lesser part than what changed asks for (the Bump of
// their Difference). Authors may move a greater part, and skip versions. The
// path is "semver"; "from" or "bump" when that is none.
func CheckBump(from, to string, least Bump) error {
	before, ok := parseSemver(from)
	if !ok {
		return fault.Invalidf("from", "%q is not a version such as 1.0.0", from)
	}
	after, ok := parseSemver(to)
	if !ok {
		return fault.Invalidf("semver", "%q is not a version such as 1.0.0", to)
	}
	if _, ok := least.size(); !ok {
		return fault.Invalidf("bump", "must be PATCH, MINOR or MAJOR")
	}
	least = Patch.or(least) // it must come after in any case
	next, err := Next(from, least)
	if err != nil {
		return err
	}
	given := after.after(before)
	if given == NoBump {
		return fault.Invalidf("semver", "%s does not come after %s", to, from).WithHint("at least %s", next)
	}
	if given.or(least) != given {
		return fault.Invalidf("semver", "%s is a %s version after %s, but what changed makes it a %s one", to, given, from, least).
			WithHint("at least %s", next)
	}
	return nil
}
