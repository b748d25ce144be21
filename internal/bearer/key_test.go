package bearer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/internal/gid"
)

var ids = gid.NewGenerator(time.Now, nil)

// What was handed over leads back to the key and to its digest, and no two are alike.
func TestKeysAreReadAgain(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id := ids.New(gid.ApiKey)
		token, digest := NewKey(id)
		got, again := ParseKey(token)
		if got != id || !SameDigest(digest, again) || len(digest) != DigestSize {
			t.Fatalf("%s was read as %s", token, got)
		}
		if len(token) != len("hl_")+26+1+43 || !IsKey(token) || seen[token] {
			t.Fatalf("%s has not the form of a key, or is none of its own", token)
		}
		seen[token] = true
	}
}

// What is no key names none, and has a digest that no key has.
func TestWhatIsNoKey(t *testing.T) {
	token, _ := NewKey(ids.New(gid.ApiKey))
	id, secret, _ := strings.Cut(strings.TrimPrefix(token, "hl_"), ".")
	for rule, text := range map[string]string{
		"nothing":                   "",
		"the mark alone":            "hl_",
		"no secret":                 "hl_" + id,
		"an empty secret":           "hl_" + id + ".",
		"a short secret":            "hl_" + id + "." + secret[:42],
		"a long secret":             "hl_" + id + "." + secret + "AAAA",
		"padding":                   "hl_" + id + "." + secret + "=",
		"a second secret":           "hl_" + id + "." + secret + "." + secret,
		"no id":                     "hl_." + secret,
		"the id of something else":  "hl_" + strings.TrimPrefix(ids.New(gid.Member).String(), "member_") + "." + secret,
		"another mark":              "gh_" + id + "." + secret,
		"no mark":                   id + "." + secret,
		"the mark in capitals":      "HL_" + id + "." + secret,
		"a space":                   "hl_" + id + ". " + secret,
		"a line break":              "hl_" + id + "." + secret[:20] + "\n" + secret[20:],
		"the other base64 alphabet": "hl_" + id + "." + strings.Repeat("+", 43),
	} {
		if got, digest := ParseKey(text); !got.IsNil() || !bytes.Equal(digest, digestOf(nil)) {
			t.Errorf("%s: %q was read as %s", rule, text, got)
		}
	}
}

// A secret has one spelling: whoever changes a letter has another secret or none.
func TestNoTwoSpellings(t *testing.T) {
	id := ids.New(gid.ApiKey)
	token, digest := NewKey(id)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(len("hl_")+27, len(token)-1).Draw(t, "at")
		letter := rapid.SampledFrom([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n")).Draw(t, "letter")
		changed := token[:at] + string(letter) + token[at+1:]
		if _, got := ParseKey(changed); changed != token && SameDigest(got, digest) {
			t.Fatalf("%q opens what %q does", changed, token)
		}
	})
}
