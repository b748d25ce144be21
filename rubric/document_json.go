package rubric

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hireloop/internal/fault"
)

// maxProblems of one document are told: then it is something else altogether.
const maxProblems = 100

// checkJSON refuses text that is no JSON, and escapes for what is no character.
func checkJSON(text []byte) error {
	problem := func(at int, format string, args ...any) error {
		before := text[:max(at, 0)]
		line := bytes.Count(before, []byte("\n"))
		column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
		return fault.List{fault.Invalidf("", "line %d, column %d: %s", line+1, column+1, fmt.Sprintf(format, args...))}
	}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return problem(at, "is not UTF-8")
		}
		at += size
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return problem(int(syntax.Offset)-1, "is not JSON: %v", syntax)
		}
		return fault.List{fault.Invalidf("", "is not JSON")}
	}
	for at := 0; at < len(text); at++ {
		if text[at] != '\\' { // JSON has it in strings only
			continue
		}
		first := escaped(text[at:])
		switch {
		case first == 0:
			return problem(at, "has a NUL character")
		case utf16.IsSurrogate(first) && utf16.DecodeRune(first, escaped(text[at+len(`\u0000`):])) == utf8.RuneError:
			return problem(at, "has half a character")
		case utf16.IsSurrogate(first):
			at += 2*len(`\u0000`) - 1
		default:
			at++ // past what is escaped, maybe another backslash
		}
	}
	return nil
}

// escaped is the number of an escape such as \u00e9, -1 of anything else.
func escaped(text []byte) rune {
	if len(text) < len(`\u0000`) || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// reader fills values from the tokens of valid JSON, field by field, and
// collects what does not fit.
type reader struct {
	tokens *json.Decoder
	checker
	failed error // of the tokens, which checkJSON has seen
}

// read fills the value, in which these fields must be given.
func (r *reader) read(v reflect.Value, needed ...string) error {
	given, object := r.value("", v), len(r.problems) == 0
	for _, name := range needed {
		if object && !given[name] {
			r.problems.Add(fault.Required(name))
		}
	}
	if err := r.problems.Err(); err != nil {
		return err
	}
	if r.failed != nil {
		return fmt.Errorf("read the document of a rubric: %w", r.failed)
	}
	return nil
}

func (r *reader) next() json.Token {
	token, err := r.tokens.Token()
	if err != nil && r.failed == nil {
		r.failed = err
	}
	return token
}

// more reports whether the list or object goes on and is worth reading on.
func (r *reader) more() bool {
	return r.failed == nil && len(r.problems) < maxProblems && r.tokens.More()
}

// value reads one value. Of a struct it returns the fields that were given.
func (r *reader) value(path string, v reflect.Value) map[string]bool {
	token := r.next()
	number, _ := token.(json.Number)
	switch into := v.Addr().Interface().(type) {
	case *Bar:
		if number == "" || into.UnmarshalJSON([]byte(number)) != nil {
			r.mismatch(path, token, "a decimal number of at most two places, at most 655.35")
		}
		return nil
	case *int:
		n, err := strconv.Atoi(string(number))
		if err != nil {
			r.mismatch(path, token, "a whole number")
		}
		*into = n
		return nil
	case *bool:
		given, ok := token.(bool)
		if !ok {
			r.mismatch(path, token, "true or false")
		}
		*into = given
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		text, ok := token.(string)
		if !ok {
			r.mismatch(path, token, "text")
		}
		v.SetString(text)
	case reflect.Slice:
		if token == json.Delim('[') {
			r.list(path, v)
		} else if token != nil {
			r.mismatch(path, token, "a list")
		}
	case reflect.Map:
		if token == json.Delim('{') {
			v.Set(reflect.MakeMap(v.Type()))
			r.object(path, func(key string) bool { return r.entry(path, key, v) })
		} else if token != nil {
			r.mismatch(path, token, "an object")
		}
	case reflect.Struct:
		if token != json.Delim('{') {
			r.mismatch(path, token, "an object")
			return nil
		}
		return r.object(path, func(key string) bool {
			for name, i := range fields(v.Type()) {
				if name == key {
					r.value(under(path, name), v.Field(i))
					if unsaid(v.Type().Field(i)) && v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0 {
						v.Field(i).SetZero() // an empty list is written as none
					}
					return true
				}
			}
			r.refuse(under(path, key), "there is no such field")
			return false
		})
	}
	return nil
}

// list reads the items of a list, which is not nil.
func (r *reader) list(path string, v reflect.Value) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	n := 0
	for ; r.more(); n++ {
		if n >= maxItems {
			r.skip(r.next())
			continue
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		r.value(fmt.Sprintf("%s.%d", path, n), v.Index(n))
	}
	r.atMost(path, n)
	r.next()
}

// entry reads the value of a map's key, and reports whether it did.
func (r *reader) entry(path, key string, v reflect.Value) bool {
	if v.Len() == maxItems {
		r.refuse(under(path, key), "is one more than the %d that are possible", maxItems)
		return false
	}
	value := reflect.New(v.Type().Elem()).Elem()
	r.value(under(path, key), value)
	v.SetMapIndex(reflect.ValueOf(key), value)
	return true
}

// object reads an object by its keys, which may come once each; field reads the
// value of a key or reports false. It returns the keys.
func (r *reader) object(path string, field func(key string) bool) map[string]bool {
	given := map[string]bool{}
	for r.more() {
		key, _ := r.next().(string)
		if given[key] {
			r.refuse(under(path, key), "is given twice")
			r.skip(r.next())
			continue
		}
		given[key] = true
		if !field(key) {
			r.skip(r.next())
		}
	}
	r.next()
	return given
}

// mismatch refuses a value of the wrong kind, whose first token was read.
func (r *reader) mismatch(path string, token json.Token, want string) {
	r.refuse(path, "must be %s", want)
	r.skip(token)
}

// skip reads past a value, whose first token was read.
func (r *reader) skip(token json.Token) {
	for depth := 0; r.failed == nil; token = r.next() {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
	}
}

// fields are the fields of a struct that JSON has, by name there, with their
// positions.
func fields(t reflect.Type) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name != "-" && !yield(name, i) {
				return
			}
		}
	}
}

// unsaid reports whether JSON leaves the field out when it is empty.
func unsaid(field reflect.StructField) bool {
	return strings.HasSuffix(field.Tag.Get("json"), ",omitempty")
}

// under is the path of a key, of which a hostile one shows its beginning only.
func under(path, key string) string {
	key = fmt.Sprintf("%.60s", key)
	if path == "" {
		return key
	}
	return path + "." + key
}
