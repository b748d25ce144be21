package hiring

import (
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
// with single spaces and none around it.
func line(problems *fault.List, path, text string, most int) string {
	if !readable(problems, path, text, most) {
		return ""
	}
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	switch {
	case text == "":
		problems.Add(fault.Required(path))
	case strings.ContainsFunc(text, unicode.IsControl):
		problems.Add(fault.Invalidf(path, "must not contain control characters"))
	}
	return text
}

// optionalLine is line for what may be absent; blank text means absent.
func optionalLine(problems *fault.List, path string, text *string, most int) *string {
	if text == nil || strings.TrimSpace(*text) == "" {
		return nil
	}
	clean := line(problems, path, *text, most)
	return &clean
}

// prose reads text of many lines that may be empty: it is stored in NFC with no
// white space around it.
func prose(problems *fault.List, path, text string, most int) string {
	if !readable(problems, path, text, most) {
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

// of refuses an id that names another kind of thing: such a thing of this kind
// is not there. It reports whether id may be looked up.
func of(problems *fault.List, path string, id gid.ID, kind gid.Kind) bool {
	if id.Kind() == kind {
		return true
	}
	problems.Add(missing(path, kind))
	return false
}

// missing says that nothing of this kind is there for this viewer.
func missing(path string, kind gid.Kind) *fault.Error {
	return fault.Missing(path, strings.ReplaceAll(kind.Noun(), "_", " "))
}
