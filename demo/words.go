package demo

import (
	"embed"
	"fmt"
	"strings"
	"unicode"
)

//go:embed text
var files embed.FS

// words are the lists that texts are made from, by name.
type words map[string][]string

// lines are a file's lines without comments and surrounding space.
func lines(file string) ([]string, error) {
	raw, err := files.ReadFile("text/" + file)
	if err != nil {
		return nil, err
	}
	var kept []string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return kept, nil
}

func readWords() (words, error) {
	all, err := lines("words.txt")
	if err != nil {
		return nil, err
	}
	w, name := words{}, ""
	for _, line := range all {
		if strings.HasPrefix(line, "[") {
			name = strings.Trim(line, "[]")
			continue
		}
		w[name] = append(w[name], line)
	}
	return w, nil
}

// any picks a line of the named list and fills in {company}, {product} and what
// else is given as name and text in turn.
func (w words) any(r random, list string, fill ...string) string {
	text := pick(r, w[list])
	if !strings.Contains(text, "{") {
		return text
	}
	return strings.NewReplacer(append(fill,
		"{company}", pick(r, w["companies"]),
		"{product}", pick(r, w["products"]))...).Replace(text)
}

// culture is a stock of names.
type culture struct {
	name          string
	familyFirst   bool
	share         int
	given, family []spelling
}

// spelling is a name and how addresses spell it.
type spelling struct{ name, latin string }

func readCultures() ([]culture, error) {
	all, err := lines("names.txt")
	if err != nil {
		return nil, err
	}
	var cultures []culture
	for _, line := range all {
		first, rest, _ := strings.Cut(line, " ")
		switch first {
		case "given":
			cultures[len(cultures)-1].given = spellings(rest)
		case "family":
			cultures[len(cultures)-1].family = spellings(rest)
		default:
			c := culture{name: first}
			var order string
			if _, err := fmt.Sscan(rest, &order, &c.share); err != nil {
				return nil, fmt.Errorf("names.txt: %q: %w", line, err)
			}
			c.familyFirst = order == "family-first"
			cultures = append(cultures, c)
		}
	}
	return cultures, nil
}

func spellings(line string) []spelling {
	var list []spelling
	for _, word := range strings.Fields(line) {
		name, latin, given := strings.Cut(word, "/")
		if !given {
			latin = strings.ToLower(name)
		}
		list = append(list, spelling{name, latin})
	}
	return list
}

// title is the key of a signal as prose: coaching_growth → Coaching growth.
func title(key string) string {
	text := []rune(strings.ReplaceAll(key, "_", " "))
	if len(text) > 0 {
		text[0] = unicode.ToUpper(text[0])
	}
	return string(text)
}
