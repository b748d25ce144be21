package interchange

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"hireloop/internal/fault"
)

// maxLost is how many quotes that never end a file may have until its quoted
// values are taken to end with their line: each costs a look at all the rest.
const maxLost = 100

// CSV reads one file of comma-separated values: RFC 4180, and forgiving what
// exports get wrong. A byte-order mark, CR LF, a missing final newline and
// blank lines do not matter; a quote inside an unquoted value, or one in a
// quoted value that is not doubled, stands for itself. When the header has no
// comma, semicolons or tabs separate. An apostrophe that keeps a spreadsheet from
// working out a value (see AsText) is not part of it.
type CSV struct {
	text    string // all of the file
	at      int    // where the next record begins
	line    int    // its line, from 1
	comma   byte
	clean   bool // all text is UTF-8 without NUL
	lost    int  // quotes that never ended
	columns []string
	places  map[string]int
}

// Record is one row. Its values are as long as the header.
type Record struct {
	Line    int // where it begins
	Fields  []string
	Code    Code   // why it cannot be used, or what was changed; "" when it is fine
	Message string // about Code
	Usable  bool
}

// ReadCSV reads r to its end and its header. An empty file and one that is not
// text are refused.
func ReadCSV(r io.Reader) (*CSV, error) {
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		return nil, err
	}
	c := &CSV{text: strings.TrimPrefix(b.String(), "\ufeff"), line: 1, comma: ',', places: map[string]int{}}
	switch {
	case strings.HasPrefix(c.text, "\xff\xfe"), strings.HasPrefix(c.text, "\xfe\xff"):
		return nil, fault.Invalidf("", "is UTF-16 text").WithHint("save it as CSV UTF-8")
	case strings.TrimSpace(c.text) == "":
		return nil, fault.Invalidf("", "is empty: it has no header")
	case !strings.Contains(c.text, "\n"):
		c.text = strings.ReplaceAll(c.text, "\r", "\n")
	}
	c.clean = utf8.ValidString(c.text) && strings.IndexByte(c.text, 0) < 0
	first, _, _ := strings.Cut(c.text, "\n")
	for _, other := range []byte{';', '\t'} {
		if !strings.Contains(first, ",") && strings.IndexByte(first, other) >= 0 {
			c.comma = other
		}
	}
	header, _, ended := c.record()
	if !ended {
		return nil, fault.Invalidf("", "has a quote in its header that never ends")
	}
	for i, name := range header {
		name = columnName(name)
		c.columns = append(c.columns, name)
		if _, again := c.places[name]; !again && name != "" {
			c.places[name] = i
		}
	}
	return c, nil
}

// columnName is how a column is known: lower case, words joined by "_".
func columnName(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, "_")
}

// Columns are the names of the header's columns, in order.
func (c *CSV) Columns() []string { return c.columns }

// Place is the index of a column in Fields, -1 when there is none.
func (c *CSV) Place(column string) int {
	if i, ok := c.places[column]; ok {
		return i
	}
	return -1
}

// Next reads the next row; false at the end. A row that cannot be used is
// returned too, and never takes others with it.
func (c *CSV) Next() (Record, bool) {
	for c.at < len(c.text) {
		start, line := c.at, c.line
		fields, blank, ended := c.record()
		if !ended {
			// The quote was none: give up its line only.
			c.lost++
			c.at, c.line = start, line
			c.skipLine()
			return Record{Line: line, Code: CodeMalformed, Message: "a quote in the row never ends"}, true
		}
		if blank {
			continue
		}
		return c.fit(line, fields), true
	}
	return Record{}, false
}

// fit makes a row as long as the header, of clean text.
func (c *CSV) fit(line int, fields []string) Record {
	rec := Record{Line: line, Usable: true}
	for len(fields) > len(c.columns) && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1] // commas too many say nothing
	}
	if len(fields) != len(c.columns) {
		return Record{Line: line, Code: CodeMalformed,
			Message: "the row has " + plural(len(fields), "value") + ", the header " + plural(len(c.columns), "column")}
	}
	if !c.clean {
		for i, f := range fields {
			if clean, same := legible(f); !same {
				fields[i] = clean
				rec.Code, rec.Message = CodeEncoding, "text that is not UTF-8 was read as Windows-1252, and NUL left out"
			}
		}
	}
	for i, f := range fields {
		fields[i] = fromText(f)
	}
	rec.Fields = fields
	return rec
}

// legible is text that both databases can store.
func legible(text string) (clean string, same bool) {
	clean = text
	if !utf8.ValidString(clean) {
		if decoded, err := charmap.Windows1252.NewDecoder().String(clean); err == nil {
			clean = decoded
		} else {
			clean = strings.ToValidUTF8(clean, "\ufffd")
		}
	}
	clean = strings.ReplaceAll(clean, "\x00", "")
	return clean, clean == text
}

// record reads the values up to the end of the record. ended is false when the
// file ended inside quotes.
func (c *CSV) record() (fields []string, blank, ended bool) {
	fields = make([]string, 0, max(len(c.columns), 8))
	for {
		value, more, ok := c.value()
		if !ok {
			return nil, false, false
		}
		fields = append(fields, value)
		if !more {
			blank = len(fields) == 1 && strings.TrimSpace(value) == ""
			return fields, blank, true
		}
	}
}

// value reads one value and what ends it; more tells whether that is a comma.
func (c *CSV) value() (value string, more, ok bool) {
	if c.at < len(c.text) && c.text[c.at] == '"' {
		return c.quoted()
	}
	start := c.at
	for ; c.at < len(c.text); c.at++ {
		switch c.text[c.at] {
		case c.comma:
			value = c.text[start:c.at]
			c.at++
			return value, true, true
		case '\n':
			value = strings.TrimSuffix(c.text[start:c.at], "\r")
			c.at++
			c.line++
			return value, false, true
		}
	}
	return strings.TrimSuffix(c.text[start:], "\r"), false, true
}

func (c *CSV) quoted() (value string, more, ok bool) {
	c.at++
	start, pieces := c.at, []string(nil)
	for ; c.at < len(c.text); c.at++ {
		switch c.text[c.at] {
		case '\n':
			if c.lost >= maxLost {
				return "", false, false
			}
			c.line++
		case '"':
			rest := c.text[c.at+1:]
			switch {
			case rest == "" || rest[0] == c.comma || rest[0] == '\n' || strings.HasPrefix(rest, "\r\n") || rest == "\r":
				value = c.text[start:c.at]
				if pieces != nil {
					value = strings.Join(append(pieces, value), "")
				}
				c.at++
				return value, c.end(), true
			case rest[0] == '"':
				pieces = append(pieces, c.text[start:c.at+1])
				c.at++
				start = c.at + 1
			}
		}
	}
	return "", false, false
}

// end passes what follows a quoted value and tells whether it is a comma.
func (c *CSV) end() (more bool) {
	if c.at < len(c.text) && c.text[c.at] == c.comma {
		c.at++
		return true
	}
	c.skipLine()
	return false
}

// skipLine goes to the next line.
func (c *CSV) skipLine() {
	if i := strings.IndexByte(c.text[c.at:], '\n'); i >= 0 {
		c.at += i + 1
		c.line++
		return
	}
	c.at = len(c.text)
}
