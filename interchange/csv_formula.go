package interchange

import (
	"strings"
	"unicode"
)

// AsText is text as a cell of an export holds it: spreadsheets work out what
// begins, after spaces, with =, +, -, @ (also full-width), a tab or a carriage
// return, so that gets an apostrophe before it. CSV takes it away again. Numbers
// are no text.
func AsText(text string) string {
	if isFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// fromText is what AsText was given. An apostrophe that somebody wrote before a
// formula has got a second one.
func fromText(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// isFormula tells whether a spreadsheet would work the text out.
func isFormula(text string) bool {
	for _, r := range text {
		switch r {
		case '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠':
			return true
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) { // spaces, and what has no shape
			return false
		}
	}
	return false
}
