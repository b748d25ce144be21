package gqlhttp

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CoerceVariables makes the values of op's variables from raw, decoded JSON
// whose numbers are json.Number, as the specification's input coercion says:
// nothing is turned from one type into another, enum values are exact, inputs
// have no unknown fields, a @oneOf input has exactly one. Strings anywhere must
// be text: no NUL, no U+FFFD. IDs are strings here, never numbers.
//
// Values are ready for gqlgen: Int as int64, Float as float64, enums as string,
// custom scalars as they came. Variables that are not given are absent, as are
// those that op does not declare. raw is not changed. At most maxProblems
// errors are returned, each coded BAD_USER_INPUT with a path that begins
// "variable" and the variable's name.
func CoerceVariables(schema *ast.Schema, op *ast.OperationDefinition, raw map[string]any) (map[string]any, gqlerror.List) {
	c := coercer{schema: schema}
	out := make(map[string]any, len(op.VariableDefinitions))
	for _, v := range op.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		value, given := raw[v.Variable]
		switch {
		case given:
			out[v.Variable] = c.value(v.Type, value, path)
		case v.Type.NonNull && v.DefaultValue == nil:
			c.refuse(path, "is required")
		}
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return out, nil
}

// maxProblems is where CoerceVariables stops looking for more.
const maxProblems = 20

type coercer struct {
	schema   *ast.Schema
	problems gqlerror.List
}

func (c *coercer) refuse(path ast.Path, format string, args ...any) {
	if len(c.problems) >= maxProblems {
		return
	}
	names := steps(path[1:])
	err := Errorf(CodeBadUserInput, "$%s %s", shorten(strings.Join(names, ".")), fmt.Sprintf(format, args...))
	err.Path = path
	err.Extensions["path"] = names
	c.problems = append(c.problems, err)
}

func (c *coercer) value(t *ast.Type, value any, path ast.Path) any {
	switch {
	case len(c.problems) >= maxProblems:
		return nil
	case value == nil:
		if t.NonNull {
			c.refuse(path, "must not be null")
		}
		return nil
	case t.Elem != nil:
		return c.list(t, value, path)
	}
	def := c.schema.Types[t.NamedType]
	if def == nil {
		c.refuse(path, "is of an unknown type")
		return nil
	}
	switch def.Kind {
	case ast.Scalar:
		return c.scalar(def, value, path)
	case ast.Enum:
		name, ok := value.(string)
		if !ok || def.EnumValues.ForName(name) == nil {
			c.refuse(path, "must be one of %s's values, spelled exactly", def.Name)
		}
		return name
	case ast.InputObject:
		return c.object(def, value, path)
	}
	c.refuse(path, "must be of an input type, which %s is not", def.Name)
	return nil
}

// list takes a single value for a list of one.
func (c *coercer) list(t *ast.Type, value any, path ast.Path) any {
	items, ok := value.([]any)
	if !ok {
		return []any{c.value(t.Elem, value, path)}
	}
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = c.value(t.Elem, item, at(path, ast.PathIndex(i)))
	}
	return out
}

func (c *coercer) object(def *ast.Definition, value any, path ast.Path) any {
	given, ok := value.(map[string]any)
	if !ok {
		c.refuse(path, "must be an object, not %s", kindOf(value))
		return nil
	}
	names := make([]string, 0, len(given))
	for name := range given {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make(map[string]any, len(given))
	for _, name := range names {
		field := def.Fields.ForName(name)
		if field == nil {
			// The name is not part of the path: it is any text at all.
			c.refuse(path, "has a field that %s does not have: %s", def.Name, shorten(strconv.Quote(name)))
			continue
		}
		out[name] = c.value(field.Type, given[name], at(path, ast.PathName(name)))
	}
	for _, field := range def.Fields {
		if _, present := given[field.Name]; !present && field.Type.NonNull && field.DefaultValue == nil {
			c.refuse(at(path, ast.PathName(field.Name)), "is required")
		}
	}
	if def.Directives.ForName("oneOf") != nil {
		if len(given) != 1 {
			c.refuse(path, "must have exactly one field of %s", def.Name)
		} else if given[names[0]] == nil {
			c.refuse(at(path, ast.PathName(names[0])), "must not be null")
		}
	}
	return out
}

func (c *coercer) scalar(def *ast.Definition, value any, path ast.Path) any {
	switch def.Name {
	case "Int":
		number, ok := value.(json.Number)
		if !ok {
			c.refuse(path, "must be an integer, not %s", kindOf(value))
			return nil
		}
		n, ok := int32Of(number)
		if !ok {
			c.refuse(path, "must be an integer of 32 bits")
		}
		return n
	case "Float":
		number, ok := value.(json.Number)
		if !ok {
			c.refuse(path, "must be a number, not %s", kindOf(value))
			return nil
		}
		f, err := number.Float64()
		if err != nil {
			c.refuse(path, "must be a finite number")
		}
		return f
	case "Boolean":
		if _, ok := value.(bool); !ok {
			c.refuse(path, "must be true or false, not %s", kindOf(value))
		}
		return value
	case "String", "ID":
		if _, ok := value.(string); !ok {
			c.refuse(path, "must be a string, not %s", kindOf(value))
			return nil
		}
	}
	c.text(value, path)
	return value
}

// text checks every string within value: a custom scalar may be any JSON.
func (c *coercer) text(value any, path ast.Path) {
	switch v := value.(type) {
	case string:
		if why := notText(v); why != "" {
			c.refuse(path, "%s", why)
		}
	case []any:
		for i, item := range v {
			c.text(item, at(path, ast.PathIndex(i)))
		}
	case map[string]any:
		for name, item := range v {
			if why := notText(name); why != "" {
				c.refuse(path, "has a key that %s", why)
				continue
			}
			c.text(item, at(path, ast.PathName(name)))
		}
	}
}

// notText says what keeps s from being text, or "". U+FFFD is what decoders
// put in place of bytes and lone surrogates that they could not read: storing
// it would hide the loss.
func notText(s string) string {
	for i, r := range s {
		switch r {
		case 0:
			return "contains the character NUL"
		case utf8.RuneError:
			if _, width := utf8.DecodeRuneInString(s[i:]); width == 1 {
				return "is not valid UTF-8"
			}
			return "contains U+FFFD, which stands for text that was lost"
		}
	}
	return ""
}

// int32Of accepts what has the value of a 32-bit integer, however it is
// written (1, 1.0, 1e3): JSON knows one kind of number.
func int32Of(number json.Number) (int64, bool) {
	if n, err := strconv.ParseInt(number.String(), 10, 32); err == nil {
		return n, true
	}
	f, err := number.Float64()
	if err != nil || f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxInt32 {
		return 0, false
	}
	return int64(f), true
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "what it is"
}

// at extends path without sharing its tail with siblings.
func at(path ast.Path, step ast.PathElement) ast.Path {
	return append(slices.Clip(path), step)
}
