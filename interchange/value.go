package interchange

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Lengths of text, in characters, as the API has them.
const (
	MaxName   = 200
	MaxReason = 2000
	MaxProse  = 20000
)

// Line is text as one line: NFC, single spaces, no control characters. cut
// tells whether it was longer than most characters.
func Line(text string, most int) (line string, cut bool) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, norm.NFC.String(text))
	return shorten(strings.Join(strings.Fields(text), " "), most)
}

// Prose is text of many lines: NFC, no white space around it.
func Prose(text string, most int) (prose string, cut bool) {
	return shorten(strings.TrimSpace(norm.NFC.String(text)), most)
}

func shorten(text string, most int) (string, bool) {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return text, false
	}
	runes := 0
	for i := range text {
		if runes == most {
			return strings.TrimSpace(text[:i]), true
		}
		runes++
	}
	return text, false
}

// ID reads an id of the other system. Whole numbers that a spreadsheet wrote as
// "42.0" are 42. It is "" for what is no id: empty, too long, control characters.
func ID(text string) string {
	text = strings.TrimSpace(text)
	if whole, isFloat := strings.CutSuffix(text, ".0"); isFloat && whole != "" && strings.Trim(whole, "0123456789") == "" {
		text = whole
	}
	if len(text) > maxID || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return text
}

// Bool reads a truth value in the spellings of databases and spreadsheets;
// empty is false.
func Bool(text string) (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "t", "yes", "y", "1", "1.0":
		return true, true
	case "", "false", "f", "no", "n", "0", "0.0", "null":
		return false, true
	}
	return false, false
}

// timeLayouts are the spellings of time, without a zone; fractions of seconds
// are taken after the seconds of each.
var timeLayouts = [...]string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}

// zones end a time that says where.
var zones = [...]string{"Z07:00", "-0700", "-07", " Z07:00", " -0700"}

// Time reads a time: a day, or a day and a time with or without seconds, their
// fraction and a zone; UTC when there is none, to the microsecond. ok is false
// for other text and for times before 1970 or after 2199; empty is the zero
// time and ok.
func Time(text string) (t time.Time, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.EqualFold(text, "null") {
		return time.Time{}, true
	}
	if len(text) > 10 && (text[10] == 'T' || text[10] == 't') {
		text = text[:10] + " " + text[11:]
	}
	for _, layout := range timeLayouts {
		if len(text) < len(layout) {
			continue
		}
		if t, err := time.Parse(layout, text); err == nil {
			return within(t)
		}
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, " UTC"), "z")
	for _, layout := range timeLayouts[:2] {
		if t, err := time.Parse(layout, text); err == nil {
			return within(t)
		}
		for _, zone := range zones {
			if t, err := time.Parse(layout+zone, text); err == nil {
				return within(t)
			}
		}
	}
	return time.Time{}, false
}

func within(t time.Time) (time.Time, bool) {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1970 || t.Year() > 2199 {
		return time.Time{}, false
	}
	return t, true
}

// Slug is a word to use as a key: lower case, letters and digits, "_" between.
func Slug(text string, most int) string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	slug, _ := shorten(strings.Join(words, "_"), most)
	return strings.Trim(slug, "_")
}

// Closest is the only one of the words that text misspells by one letter: one
// too many, one missing, one wrong or two swapped; "" when there is none or
// more than one.
func Closest(text string, words []string) string {
	found := ""
	for _, w := range words {
		if oneAway(text, w) {
			if found != "" {
				return ""
			}
			found = w
		}
	}
	return found
}

func oneAway(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+2 <= len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
