package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

const (
	// maxNesting of JSON values: far deeper than any input type, far shallower
	// than what recursion minds.
	maxNesting = 64
	// maxValues of one JSON text: a few bytes each, they take hundreds in memory.
	maxValues = 20_000
)

// decodeStrict reads exactly one JSON value in UTF-8, in which no object
// repeats a key. Numbers stay json.Number. Its errors read as the end of a
// sentence ("… is not JSON") and quote nothing.
func decodeStrict(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("is not UTF-8")
	}
	var whole json.RawMessage // checks the syntax to the last byte
	if err := json.Unmarshal(data, &whole); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			return nil, fmt.Errorf("is not one JSON value (see byte %d)", syntax.Offset)
		}
		return nil, errors.New("is not one JSON value")
	}
	d := strict{Decoder: json.NewDecoder(bytes.NewReader(data))}
	d.UseNumber()
	return d.value(0)
}

type strict struct {
	*json.Decoder
	values int
}

func (d *strict) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("nests deeper than %d", maxNesting)
	}
	if d.values++; d.values > maxValues {
		return nil, fmt.Errorf("has more than %d values", maxValues)
	}
	token, err := d.Token()
	if err != nil {
		return nil, errors.New("is not one JSON value")
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, errors.New("is not one JSON value")
			}
			name := key.(string) // the decoder yields nothing else before a colon
			if _, repeated := object[name]; repeated {
				return nil, errors.New("repeats a key within one object")
			}
			if object[name], err = d.value(depth + 1); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return object, err
	}
	return token, nil
}
