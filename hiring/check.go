package hiring

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// Lengths are in characters (code points), as the SDL states them.
const (
	maxName   = 200
	maxReason = 2000
	maxProse  = 20000
)

// line reads one line of text that must not be empty: it is stored in NFC,
// with single spaces and none around it. It shows what it holds: text that is
// not seen is none, and nothing in it turns the text around it. Joiners may be
// within, as emoji and Persian need them, and so may marks of direction.
func line(problems *fault.List, path, text string, most int) string {
	if !readable(problems, path, text, most) {
		return ""
	}
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	switch {
	case unseen(text):
		problems.Add(fault.Required(path))
	case strings.ContainsFunc(text, unicode.IsControl):
		problems.Add(fault.Invalidf(path, "must not contain control characters"))
	case strings.ContainsFunc(text, turns):
		problems.Add(fault.Invalidf(path, "must not contain characters that turn the direction of text"))
	}
	return text
}

// unseen reports whether text shows nothing: it is empty, or all of it is space
// and characters without a picture of their own.
func unseen(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.In(r, unicode.White_Space, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// turns reports whether r embeds, overrides or isolates a direction of writing,
// by which a text can be made to look like another one.
func turns(r rune) bool {
	return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// optionalLine is line for what may be absent; text that is not seen is.
func optionalLine(problems *fault.List, path string, text *string, most int) *string {
	if text == nil || unseen(*text) {
		return nil
	}
	clean := line(problems, path, *text, most)
	return &clean
}

// prose reads text of many lines that may be empty: it is stored in NFC with no
// white space around it. Text that is not seen is empty.
func prose(problems *fault.List, path, text string, most int) string {
	if !readable(problems, path, text, most) || unseen(text) {
		return ""
	}
	return strings.TrimSpace(norm.NFC.String(text))
}

// reason reads why somebody does something that needs a reason.
func reason(problems *fault.List, path, text string) string {
	before := len(*problems)
	text = prose(problems, path, text, maxReason)
	if text == "" && len(*problems) == before {
		problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, path, "say why"))
	}
	return text
}

// optionalReason reads why somebody does something, if they say; "" when not.
func optionalReason(problems *fault.List, path string, text *string) string {
	if text == nil {
		return ""
	}
	return prose(problems, path, *text, maxReason)
}

// readable refuses what one of the databases cannot store or nobody can read.
func readable(problems *fault.List, path, text string, most int) bool {
	switch {
	case !utf8.ValidString(text):
		problems.Add(fault.Invalidf(path, "is not valid UTF-8"))
	case strings.ContainsRune(text, 0):
		problems.Add(fault.Invalidf(path, "must not contain the character NUL"))
	case strings.ContainsRune(text, utf8.RuneError):
		problems.Add(fault.Invalidf(path, "contains U+FFFD, the mark of text that was damaged on its way"))
	case utf8.RuneCountInString(text) > most:
		problems.Add(fault.Invalidf(path, "is longer than %d characters", most))
	default:
		return true
	}
	return false
}

// within refuses a number outside least to most.
func within(problems *fault.List, path string, n, least, most int) {
	if n < least || n > most {
		problems.Add(fault.Invalidf(path, "must be between %d and %d", least, most))
	}
}

// atMost refuses a list that is too long; what it lists is left unread then.
func atMost(problems *fault.List, path string, n, most int) bool {
	if n > most {
		problems.Add(fault.Invalidf(path, "lists %d, at most %d are allowed", n, most))
	}
	return n <= most
}

// known refuses a value that an enum does not have; nil is fine.
func known[T any](problems *fault.List, path string, value *T, check func(T) error) {
	if value != nil && check(*value) != nil {
		problems.Add(fault.Invalidf(path, "is not one of the values that this field has"))
	}
}

// of refuses an id that names another kind of thing: such a thing of this kind
// is not there. It reports whether id may be looked up.
func of(problems *fault.List, path string, id gid.ID, kind gid.Kind) bool {
	if id.Kind() == kind {
		return true
	}
	problems.Add(missing(path, kind))
	return false
}

// alsoAt adds the refusals in err where the input has what they are about, which
// where says of their paths; nil leaves one out. What was said of a place
// already is not said again.
func alsoAt(problems *fault.List, err error, where func(path []string) []string) {
	said := len(*problems)
	for _, e := range fault.All(err) {
		path := where(e.Path)
		if path == nil || slices.ContainsFunc((*problems)[:said], func(p *fault.Error) bool { return slices.Equal(p.Path, path) }) {
			continue
		}
		there := *e
		there.Path = path
		problems.Add(&there)
	}
}

// distinct drops repeats and keeps the order.
func distinct[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	out := make([]T, 0, len(list))
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// at is the path of the nth element of a list, or of a field of it.
func at(path string, n int, field ...string) string {
	return strings.Join(append([]string{path, strconv.Itoa(n)}, field...), ".")
}

// missing says that nothing of this kind is there for this viewer.
func missing(path string, kind gid.Kind) *fault.Error {
	return fault.Missing(path, strings.ReplaceAll(kind.Noun(), "_", " "))
}

// overtaken refuses a change by somebody who read another version.
func overtaken(noun string, version int) *fault.Error {
	return fault.Conflictf("expectedVersion", "the %s is at version %d now", noun, version).
		WithHint("read it again, then decide")
}
