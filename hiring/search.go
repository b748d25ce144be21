package hiring

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldSearch is the form in which text is searched: case, accents, the width of
// letters, invisible marks and the amount of space do not matter. What is
// stored and what is looked for both go through it.
func FoldSearch(text string) string {
	// Folding makes ß ss; lowering mends what it swaps instead of folding, in Cherokee.
	text = strings.ToLower(cases.Fold().String(norm.NFKD.String(text)))
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(text) { // folding may compose anew
		switch plain, ok := unaccented(r); {
		case ok:
			b.WriteString(plain)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Mn, unicode.Cf, unicode.Cc):
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(norm.NFC.String(b.String())), " ")
}

// unaccented is what people type for letters whose stroke or hook Unicode does
// not count as an accent.
func unaccented(r rune) (string, bool) {
	switch r {
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ı':
		return "i", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'þ':
		return "th", true
	}
	return "", false
}

// SearchText is what a candidate is found by, apart from their contacts: those
// are searched where they are kept, under the rules for who sees them.
func SearchText(name, headline string, tags []string) string {
	return FoldSearch(strings.Join(append([]string{name, headline}, tags...), " "))
}
