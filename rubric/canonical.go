package rubric

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Canonical is the one JSON text for a value: keys sorted, no white space, no
// escapes but those that JSON needs, numbers as the value writes them.
func Canonical(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	s := sorter{from: text}
	if err := s.value(); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return s.all(), nil
}

// Hash is the SHA-256 of the value's canonical JSON, in hexadecimal.
func Hash(v any) (string, error) {
	text, err := Canonical(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// maxDepth of objects and lists within each other is what json reads.
const maxDepth = 10_000

// sorter makes a text canonical that json wrote, which is valid and has no white
// space. Little of it has to change, so that it need not be decoded, which takes
// several times as long.
type sorter struct {
	from    []byte
	at      int // in from
	taken   int // where in from begins what is not yet in to
	to      []byte
	depth   int
	members []member // of the objects around, outer ones first
	order   []int
	spare   []byte
}

// member is a key with its value.
type member struct {
	key      []byte // as it sorts
	from, to int    // in the result
}

// here is where in the result belongs what comes next.
func (s *sorter) here() int { return len(s.to) + s.at - s.taken }

// take makes result of all that was read.
func (s *sorter) take() {
	if s.to == nil {
		s.to = make([]byte, 0, len(s.from))
	}
	s.to = append(s.to, s.from[s.taken:s.at]...)
	s.taken = s.at
}

// all is the result.
func (s *sorter) all() []byte {
	if s.taken == 0 {
		return s.from
	}
	s.take()
	return s.to
}

// value reads the value that begins here.
func (s *sorter) value() (err error) {
	switch s.from[s.at] {
	case '"':
		_, err = s.quoted()
	case '{', '[':
		if s.depth++; s.depth > maxDepth {
			return errors.New("exceeded max depth")
		}
		if s.from[s.at] == '{' {
			err = s.object()
		} else {
			err = s.list()
		}
		s.depth--
	default: // a number, true, false or null
		for s.at < len(s.from) && s.from[s.at] != ',' && s.from[s.at] != ']' && s.from[s.at] != '}' {
			s.at++
		}
	}
	return err
}

func (s *sorter) list() error {
	for s.at++; s.from[s.at] != ']'; s.comma() {
		if err := s.value(); err != nil {
			return err
		}
	}
	s.at++
	return nil
}

// object reads an object and puts its members in the order of their keys.
func (s *sorter) object() error {
	outer, inOrder := len(s.members), true
	for s.at++; s.from[s.at] != '}'; s.comma() {
		from := s.here()
		key, err := s.quoted()
		if err != nil {
			return err
		}
		s.at++ // the colon
		if err := s.value(); err != nil {
			return err
		}
		if n := len(s.members); n > outer && bytes.Compare(s.members[n-1].key, key) >= 0 {
			inOrder = false
		}
		s.members = append(s.members, member{key, from, s.here()})
	}
	if !inOrder {
		s.sort(s.members[outer:])
	}
	s.members = s.members[:outer]
	s.at++
	return nil
}

// comma goes past the comma, if there is one here.
func (s *sorter) comma() {
	if s.from[s.at] == ',' {
		s.at++
	}
}

// sort sorts the members of the object that ends here. Of those with the same
// key the last counts, as it does when json decodes them.
func (s *sorter) sort(members []member) {
	s.take()
	begin := members[0].from
	s.spare = append(s.spare[:0], s.to[begin:]...)
	s.to = s.to[:begin]
	s.order = s.order[:0]
	for i := range members {
		s.order = append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return bytes.Compare(members[a].key, members[b].key) })
	for i, n := range s.order {
		m := members[n]
		if i+1 < len(members) && bytes.Equal(m.key, members[s.order[i+1]].key) {
			continue
		}
		if len(s.to) > begin {
			s.to = append(s.to, ',')
		}
		s.to = append(s.to, s.spare[m.from-begin:m.to-begin]...)
	}
}

// quoted reads the string that begins here, and returns what it says.
func (s *sorter) quoted() ([]byte, error) {
	begin, end, escape, bits := s.at, s.at+1, false, byte(0)
	for ; s.from[end] != '"'; end++ {
		if s.from[end] == '\\' {
			escape = true
			end++
		}
		bits |= s.from[end]
	}
	s.at = end + 1
	quoted := s.from[begin:s.at]
	if plain := quoted[1 : len(quoted)-1]; !escape && (bits < utf8.RuneSelf || utf8.Valid(plain)) {
		return plain, nil
	}
	// The escapes may be none that JSON needs, and what is not UTF-8 is replaced.
	var says string
	if err := json.Unmarshal(quoted, &says); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(says); err != nil {
		return nil, err
	}
	s.at = begin
	s.take()
	s.to = append(s.to, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
	s.at, s.taken = end+1, end+1
	return []byte(says), nil
}
