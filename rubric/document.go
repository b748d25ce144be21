package rubric

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"hireloop/internal/fault"
)

// MaxDocument is the most bytes of a document, which is many times what a
// ladder of use takes.
const MaxDocument = 1 << 20

// Decode reads the document of a ladder with an edition of its rubric: JSON as
// Encode writes it, {"ladder": {…}, "edition": {…}}. Fields may be left out, for
// a draft need not be complete, and only Check says what it lacks. But nothing
// is guessed or dropped: it refuses unknown fields, fields given twice, null but
// for a list, values of another kind, lists of more than 100 items, text that
// is no Unicode, and documents beyond MaxDocument as they are or as Encode
// writes them. Nothing nests deeper than the fields do. The error is a
// fault.List of what is wrong, each with its place ("edition.signals.3.name"),
// up to a hundred of them; of text that is no JSON it names line and column.
func Decode(text []byte) (Ladder, Edition, error) {
	var content Content
	if len(text) > MaxDocument {
		return Ladder{}, Edition{}, tooLong(len(text))
	}
	if err := checkJSON(text); err != nil {
		return Ladder{}, Edition{}, err
	}
	r := reader{tokens: json.NewDecoder(bytes.NewReader(text))}
	r.tokens.UseNumber()
	if err := r.read(reflect.ValueOf(&content).Elem(), "ladder", "edition"); err != nil {
		return Ladder{}, Edition{}, err
	}
	if _, err := Encode(content.Ladder, content.Edition); err != nil {
		return Ladder{}, Edition{}, err
	}
	return content.Ladder, content.Edition, nil
}

// Encode writes the document that Decode reads back as the same ladder and
// edition, except that an empty list of examples becomes none. It refuses, with
// a fault.List, what the document cannot hold: text that is no Unicode or has
// NUL characters, bars beyond two digits, lists of more than 100 items, all
// beyond MaxDocument.
func Encode(ladder Ladder, edition Edition) ([]byte, error) {
	content := Content{Ladder: ladder, Edition: edition}
	var c checker
	c.writable("", reflect.ValueOf(content))
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		return nil, fmt.Errorf("write the document of a rubric: %w", err)
	}
	if out.Len() > MaxDocument {
		return nil, tooLong(out.Len())
	}
	return out.Bytes(), nil
}

func tooLong(n int) error {
	return fault.List{fault.Invalidf("", "the document takes %d bytes, at most %d are possible", n, MaxDocument)}
}

// writable refuses what JSON or Decode would turn into something else.
func (c *checker) writable(path string, v reflect.Value) {
	if len(c.problems) >= maxProblems {
		return
	}
	if bar, ok := v.Interface().(Bar); ok {
		if bar < 0 || bar > math.MaxUint16 {
			c.refuse(path, "must be between 0 and %v", Bar(math.MaxUint16))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for name, i := range fields(v.Type()) {
			c.writable(under(path, name), v.Field(i))
		}
	case reflect.Slice:
		if c.atMost(path, v.Len()) {
			for i := range v.Len() {
				c.writable(fmt.Sprintf("%s.%d", path, i), v.Index(i))
			}
		}
	case reflect.Map:
		if !c.atMost(path, v.Len()) {
			return
		}
		for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int {
			return strings.Compare(a.String(), b.String())
		}) {
			c.unicode(path, key.String())
			c.writable(under(path, key.String()), v.MapIndex(key))
		}
	case reflect.String:
		c.unicode(path, v.String())
	}
}

func (c *checker) unicode(path, text string) {
	if !utf8.ValidString(text) {
		c.refuse(path, "is not Unicode text")
	} else if strings.ContainsRune(text, 0) {
		c.refuse(path, "has a NUL character")
	}
}
