package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/hiring"
)

func ExampleFoldSearch() {
	fmt.Println(hiring.FoldSearch("  José   ŁUKASZ Straße "))
	// Output: jose lukasz strasse
}

func ExampleSearchText() {
	fmt.Println(hiring.SearchText("Zoë Åberg", "Staff Engineer", []string{"Go", "Kubernetes"}))
	// Output: zoe aberg staff engineer go kubernetes
}

func TestWhatDoesNotMatterInASearch(t *testing.T) {
	for _, c := range []struct{ rule, a, b string }{
		{"case", "MÜLLER", "müller"},
		{"accents", "Müller", "Muller"},
		{"how an accent is written", "Andre\u0301", "André"},
		{"strokes", "Søren Ørsted", "soren orsted"},
		{"ligatures", "Ægir Œuvre ﬁnal", "aegir oeuvre final"},
		{"the width of letters", "ＡＢＣ", "abc"},
		{"the Turkish dots", "İIıi", "iiii"},
		{"the final sigma", "ΟΔΥΣΣΕΥΣ", "οδυσσευς"},
		{"vowel points", "מֹשֶׁה", "משה"},
		{"invisible marks", "\u200fעדי\u200f co\u00adop", "עדי coop"},
		{"the amount and kind of space", " a\u00a0\tb\n", "a b"},
		{"the composition of Hangul", "\u1112\u1161\u11ab", "한"},
	} {
		if a, b := hiring.FoldSearch(c.a), hiring.FoldSearch(c.b); a != b || a == "" {
			t.Errorf("%s: %q becomes %q, %q becomes %q", c.rule, c.a, a, c.b, b)
		}
	}
	for _, kept := range []string{"陳大文", "🚀", "c++", "node.js", "o'brien"} {
		if got := hiring.FoldSearch(kept); got != kept {
			t.Errorf("%q becomes %q", kept, got)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folded := hiring.FoldSearch(rapid.String().Draw(t, "text"))
		if again := hiring.FoldSearch(folded); again != folded {
			t.Errorf("%q becomes %q", folded, again)
		}
	})
}

// Whoever searches for a part finds the whole.
func TestAnyPartIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-Za-zÀ-ÿ]{1,8}`), 1, 5).Draw(t, "words")
		text := hiring.SearchText(words[0], "", words[1:])
		for _, w := range words {
			if !strings.Contains(text, hiring.FoldSearch(w)) {
				t.Errorf("%q is not in %q", hiring.FoldSearch(w), text)
			}
		}
	})
}
