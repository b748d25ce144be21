package rubric_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

func ExampleCanonical() {
	text, _ := rubric.Canonical(map[string]any{"b": 1, "a": []any{rubric.Bar(250), "<é>"}})
	fmt.Println(string(text))
	// Output: {"a":[2.5,"<é>"],"b":1}
}

func TestTheHashSeesContentAndNothingElse(t *testing.T) {
	hash := func(v any) string {
		t.Helper()
		sum, err := rubric.Hash(v)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	one := rubric.Area{Key: "people", Name: "People"}
	sameByOtherWay := map[string]string{"name": "People", "key": "people"}
	if hash(one) != hash(sameByOtherWay) {
		t.Error("the order of fields changes the hash")
	}
	if other := (rubric.Area{Key: "people", Name: "People "}); hash(one) == hash(other) {
		t.Error("another name has the same hash")
	}
	if _, err := rubric.Hash(func() {}); err == nil {
		t.Error("what is not JSON has a hash")
	}
}

// raw is JSON that somebody else wrote.
func raw(text string) json.RawMessage { return json.RawMessage(text) }

func TestCanonicalText(t *testing.T) {
	for _, c := range []struct {
		rule string
		of   any
		want string
	}{
		{"keys are sorted by their bytes", raw(`{"b":1,"a":2,"é":3,"B":4,"ab":5,"":6}`), `{"":6,"B":4,"a":2,"ab":5,"b":1,"é":3}`},
		{"at every depth", raw(`[{"b":[{"d":1,"c":2}],"a":{"f":3,"e":4}}]`), `[{"a":{"e":4,"f":3},"b":[{"c":2,"d":1}]}]`},
		{"by what they say, not how it is written", raw(`{"a\u0062":1,"aa":2,"a\"":3,"a#":4}`), `{"a\"":3,"a#":4,"aa":2,"ab":1}`},
		{"by UTF-8, not by UTF-16", raw(`{"\ud83d\ude00":1,"\uffee":2}`), "{\"\uffee\":2,\"😀\":1}"},
		{"of a repeated key the last counts", raw(`{"a":1,"b":2,"a":3,"\u0061":{"c":4},"0":5}`), `{"0":5,"a":{"c":4},"b":2}`},
		{"also where it comes at once", raw(`{"a":1,"a":2}`), `{"a":2}`},
		{"also where bad text becomes the same", map[string]int{"\xfe": 1, "\xff": 2}, "{\"\ufffd\":2}"},
		{"lists keep their order", raw(`[3,1,2,[],{}]`), `[3,1,2,[],{}]`},
		{"no white space", raw("{ \"a\" :\t[ 1 ,\r\n2 ] , \"b c\" : { } }"), `{"a":[1,2],"b c":{}}`},
		{"numbers as they are written", raw(`[1.0,1e5,1E+5,-0,0.10,100000000000000000000000001]`), `[1.0,1e5,1E+5,-0,0.10,100000000000000000000000001]`},
		{"numbers as Go writes them", []any{1e21, 1.5, -0.25, uint64(1<<64 - 1), json.Number("7.0")}, `[1e+21,1.5,-0.25,18446744073709551615,7.0]`},
		{"a number alone", 7, `7`},
		{"HTML stays", "<a href='x'>&</a>", `"<a href='x'>&</a>"`},
		{"also in keys", map[string]string{"<": "&", "&": ">"}, `{"&":">","<":"&"}`},
		{"and needs no escape", raw(`"\u003c\u003E\u0026"`), `"<>&"`},
		{"letters need no escape", raw(`"\u00e9\/\ud83d\ude00"`), `"é/😀"`},
		{"some characters do", "\"\\\b\f\n\r\t\x00\x1f\x7f", `"\"\\\b\f\n\r\t\u0000\u001f` + "\x7f" + `"`},
		{"the shortest one", raw(`"\u0022\u005C\u000a\u0001\u001F"`), `"\"\\\n\u0001\u001f"`},
		{"line separators do", "\u2028\u2029", `"\u2028\u2029"`},
		{"also those of others", raw("{\"\u2028\":\"\u2029\",\"a\":1}"), `{"a":1,"\u2028":"\u2029"}`},
		{"half a character is replaced", raw(`"\ud83d-\ude00"`), "\"\ufffd-\ufffd\""},
		{"as is what is not UTF-8", raw("{\"b\":\"\xff\",\"a\xed\xa0\x80\":1}"), "{\"a\ufffd\ufffd\ufffd\":1,\"b\":\"\ufffd\"}"},
		{"and what replaces it stays", "\ufffd", "\"\ufffd\""},
		{"brackets and commas in text are text", raw(`{"}":"{[,","\\\"":"]:"}`), `{"\\\"":"]:","}":"{[,"}`},
		{"raw JSON in a value", struct {
			B json.RawMessage `json:"b"`
			A []any           `json:"a"`
			N json.RawMessage `json:"n"`
		}{raw(` { "y" : 1, "x" : "\u003c" } `), []any{raw(`{"d":null,"c":true}`)}, nil}, `{"a":[{"c":true,"d":null}],"b":{"x":"<","y":1},"n":null}`},
		{"text within text keeps its escapes", struct {
			A string `json:"a,string"`
		}{"<"}, `{"a":"\"\\u003c\""}`},
		{"keys that are numbers are text", map[int]bool{10: true, 9: false}, `{"10":true,"9":false}`},
		{"times and bytes as json writes them", []any{time.Unix(1, 0).UTC(), []byte("<>")}, `["1970-01-01T00:00:01Z","PD4="]`},
		{"nothing", nil, `null`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := rubric.Canonical(c.of)
			if err != nil || string(got) != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
			agree(t, c.of)
		})
	}
}

func TestWhatHasNoCanonicalText(t *testing.T) {
	deep := func(n int) json.RawMessage { return raw(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	var nested any = deep(5_000) // no part of which is too deep
	for range 5_000 {
		nested = []any{nested}
	}
	agree(t, nested)
	agree(t, raw("["+strings.Repeat("[],", 10_000)+"{}]")) // is wide
	for what, v := range map[string]any{
		"a channel": make(chan int), "half an object": raw(`{"a":`), "no text": raw(""), "two values": raw("1 2"),
		"a number of JavaScript": json.Number("0x1"), "what is too deep": deep(10_001), "what is too deep together": []any{nested},
	} {
		if text, err := rubric.Canonical(v); err == nil || text != nil {
			t.Errorf("%s has the text %.40s", what, text)
		}
		agree(t, v)
	}
}

// plainly is the canonical text of a value by its definition: decoded into maps,
// whose keys json sorts, and encoded anew.
func plainly(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(plain)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// agree holds the canonical text of a value against its definition.
func agree(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, v any) {
	t.Helper()
	want, problem := plainly(v)
	got, err := rubric.Canonical(v)
	if !bytes.Equal(got, want) || (err == nil) != (problem == nil) {
		t.Fatalf("got %q (%v), want %q (%v)", got, err, want, problem)
	}
	if err != nil {
		return
	}
	if again, err := rubric.Canonical(json.RawMessage(got)); err != nil || !bytes.Equal(again, got) {
		t.Fatalf("canonical text %q is another one once more: %q (%v)", got, again, err)
	}
}

// spelled are strings as JSON can have them.
func spelled() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{`a`, `b`, `B`, `\u0061`, `\u00e9`, `é`, `\"`, `\\`, `\/`, `\n`, `\u000A`, `\u0000`, `\u001f`, "\x7f",
			`<`, `\u003c`, `>`, `&`, `\u0026`, "\u2028", `\u2028`, `\u2029`, `😀`, `\ud83d\ude00`, `\uD83D`, `\ude00`, "\xff", "\xed\xa0\x80", "\ufffd", `\ufffd`,
			`{`, `}`, `[`, `]`, `,`, `:`, ` `}),
		rapid.StringMatching(`\\u[0-9a-fA-F]{4}`),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return `"` + strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), "") + `"`
	})
}

// written is JSON of that depth at most, with white space and keys that repeat.
func written(depth int) *rapid.Generator[string] {
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n\t"})
	leaf := rapid.OneOf(spelled(), rapid.SampledFrom([]string{"null", "true", "false", "{}", "[]", "[ ]"}),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,4})?([eE][-+]?[0-9]{1,3})?`))
	if depth == 0 {
		return leaf
	}
	inner := written(depth - 1)
	return rapid.OneOf(leaf,
		rapid.Custom(func(t *rapid.T) string {
			return space.Draw(t, "space") + "[" + strings.Join(rapid.SliceOfN(inner, 0, 5).Draw(t, "items"), space.Draw(t, "space")+",") + "]"
		}),
		rapid.Custom(func(t *rapid.T) string {
			var members []string
			for range rapid.IntRange(0, 16).Draw(t, "members") {
				members = append(members, space.Draw(t, "space")+spelled().Draw(t, "key")+space.Draw(t, "space")+":"+space.Draw(t, "space")+inner.Draw(t, "value"))
			}
			return "{" + strings.Join(members, space.Draw(t, "space")+",") + space.Draw(t, "space") + "}"
		}),
	)
}

func TestCanonicalTextIsThatOfItsDefinition(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]byte("ab\"\\<&\n\x00{]:,\xff\xe2\x80\xa8\xa9")), rapid.Byte()), 0, 6).Draw(t, "bytes"))
	})
	leaf := rapid.OneOf(
		rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Float64Range(-1e25, 1e25), func(f float64) any { return f }),
		rapid.Map(rapid.Int(), func(n int) any { return n }),
		rapid.Map(rapid.Uint16(), func(n uint16) any { return rubric.Bar(n) }),
		rapid.Map(written(3), func(s string) any { return raw(s) }),
		rapid.SampledFrom([]any{nil, true, false, []any{}, map[string]any{}, time.Unix(1, 0).UTC(), json.Number("1.50")}),
	)
	type fields struct {
		Z any             `json:"z"`
		A any             `json:"a"`
		M json.RawMessage `json:"ab,omitempty"`
		T string          `json:"<,string"`
		S map[string]any  `json:"A"`
	}
	var value *rapid.Generator[any]
	value = rapid.OneOf(leaf,
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(leaf, 0, 4).Draw(t, "list") }),
		rapid.Custom(func(t *rapid.T) any {
			return fields{leaf.Draw(t, "z"), value.Draw(t, "a"), raw(written(1).Draw(t, "ab")), text.Draw(t, "<"), rapid.MapOfN(text, leaf, 0, 4).Draw(t, "A")}
		}),
	)
	rapid.Check(t, func(t *rapid.T) { agree(t, value.Draw(t, "value")) })
}

func FuzzCanonical(f *testing.F) {
	for _, text := range []string{
		`{"b":[1,{"d":-0.0,"c":"\u003c\u2028"}],"a":{"a":1,"\u0061":2}}`, "[\"\u2028\xff\\ud800\\\\\\\"\",1E+2,null]", ` { "<" : "&" } `, `{"a":`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		agree(t, json.RawMessage(text))
		agree(t, map[string]any{string(text): string(text), "a": json.RawMessage(text)})
	})
}

func BenchmarkCanonical(b *testing.B) {
	in := seniorLoop(b)
	fit, err := rubric.LevelFit(in)
	if err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]any{"fit": fit, "edition": in.Edition} {
		for way, canonical := range map[string]func(any) ([]byte, error){"": rubric.Canonical, ", plainly": plainly} {
			b.Run(name+way, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := canonical(v); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
