package demo

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hireloop/hiring"
)

// A rating needs evidence of 40 characters, the extremes 80.
func TestEveryEvidenceIsLongEnough(t *testing.T) {
	c := pureContent(t)
	if missing := c.evidence.missing(c.signals); len(missing) > 0 {
		t.Fatalf("no texts for %v", missing)
	}
	shortest := func(list []string) int {
		return len(slices.MinFunc(list, func(a, b string) int { return len(a) - len(b) }))
	}
	for signal, texts := range c.evidence.seen {
		for rating, text := range texts[1:] {
			rating++
			least := 40
			if rating == 1 || rating == 4 {
				least = 80
			}
			fixed := strings.NewReplacer("{project}", "", "{person}", "", "{weeks}", "3").Replace(text)
			length := utf8.RuneCountInString(fixed) + 1 + shortest(c.evidence.endings[rating]) +
				strings.Count(text, "{project}")*shortest(c.words["projects"]) +
				strings.Count(text, "{person}")*shortest(c.words["people"])
			if length < least {
				t.Errorf("%s %d has at least %d characters, want %d: %s", signal, rating, length, least, text)
			}
			if !slices.Contains(c.signals, signal) {
				t.Errorf("%s is no signal of the rubric", signal)
			}
		}
	}
}

func TestEvidenceVaries(t *testing.T) {
	c, r := pureContent(t), newRandom(1, 1)
	texts := map[string]bool{}
	for range 300 {
		texts[c.evidence.of(r, "coaching_growth", 3)] = true
	}
	for text := range texts {
		if strings.ContainsAny(text, "{}") {
			t.Errorf("unfilled: %s", text)
		}
	}
	if len(texts) < 250 {
		t.Errorf("300 texts are %d different ones", len(texts))
	}
}

func TestEveryListOfWordsIsThere(t *testing.T) {
	w, r := pureContent(t).words, newRandom(1, 1)
	for _, list := range []string{
		"skips", "returns", "reopenings", "mistakes", "yes", "no", "dissents", "summaries", "amendments",
		"descriptions", "closings", "overrides to hire", "overrides not to hire", "minutes", "meeting early", "settlements",
		"undecided", "better terms", "declined", "rescinded", "headlines", "notes", "companies", "products", "cities", "tags", "projects", "people",
	} {
		for range 50 {
			if text := w.any(r, list, "{signal}", "A", "{weak}", "B"); text == "" || strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %q", list, text)
			}
		}
	}
	for list := range w {
		if len(w[list]) < 2 {
			t.Errorf("%s has %d lines", list, len(w[list]))
		}
	}
}

func TestPhoneNumbersDifferAndAreNumbers(t *testing.T) {
	seen := make(map[string]bool, phoneNumbers)
	for n := range phoneNumbers {
		number := hiring.NormalizePhone(phoneNumber(n))
		if number == "" || number[0] != '+' || seen[number] {
			t.Fatalf("number %d is %q, normalized %q; seen before: %v", n, phoneNumber(n), number, seen[number])
		}
		seen[number] = true
	}
}

func TestNamesAreOfManyScriptsAndEmailsOfOne(t *testing.T) {
	names, err := newNamer()
	if err != nil {
		t.Fatal(err)
	}
	r := newRandom(1, 1)
	k := newPeople(names, pureContent(t).words, 5000)
	scripts, emails := map[string]int{}, map[string]bool{}
	for n := range 5000 {
		p := k.person(r, n, inbound)
		for script, sample := range map[string]string{
			"Han": "王李张陈", "Kana or Kanji": "佐鈴高田", "Hangul": "김이박최", "Arabic": "ا", "Hebrew": "ה",
			"Cyrillic": "о", "Greek": "α", "Vietnamese": "ễầ", "Yoruba": "ẹọ", "Turkish": "ğış", "Polish": "łńś",
		} {
			if strings.ContainsAny(p.name, sample) {
				scripts[script]++
			}
		}
		if normalized := hiring.NormalizeEmail(p.email); normalized == "" || emails[normalized] || !ascii(p.email) {
			t.Errorf("%q has the address %q", p.name, p.email)
		} else {
			emails[normalized] = true
		}
	}
	if len(scripts) != 11 {
		t.Errorf("scripts: %v", scripts)
	}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// A few candidates are recorded twice, and a few come again for another opening.
func TestSomeCandidatesAreKnown(t *testing.T) {
	names, err := newNamer()
	if err != nil {
		t.Fatal(err)
	}
	r := newRandom(1, 1)
	k := newPeople(names, pureContent(t).words, 20_000)
	addresses, people, doubles, again := map[string]int{}, map[*person]int{}, 0, 0
	for n := range 20_000 {
		p := k.applicant(r, n/200, inbound, storyEnd().Add(time.Duration(n)*time.Minute))
		if people[p]++; people[p] > 1 {
			again++
			continue
		}
		for _, address := range []string{hiring.NormalizeEmail(p.email), hiring.NormalizePhone(p.phone)} {
			if address == "" {
				continue
			}
			if addresses[address]++; addresses[address] > 1 {
				doubles++
			}
		}
	}
	near(t, "doubles", share(doubles, 20_000), .009, .003)
	near(t, "again", share(again, 20_000), .03, .01)
}
