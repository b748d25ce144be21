package rubric_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

func ExampleEncode() {
	ladder := rubric.Ladder{Key: "design", Name: "Design & Research", Levels: []rubric.Level{{Key: "junior", Name: "Junior Designer", Rank: 1}}}
	text, err := rubric.Encode(ladder, rubric.Edition{Semver: "0.1.0", ScaleMax: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// {
	//   "ladder": {
	//     "key": "design",
	//     "name": "Design & Research",
	//     "description": "",
	//     "levels": [
	//       {
	//         "key": "junior",
	//         "name": "Junior Designer",
	//         "rank": 1,
	//         "track": "",
	//         "hireable": false,
	//         "extends": "",
	//         "scope": "",
	//         "externalEquivalents": null
	//       }
	//     ]
	//   },
	//   "edition": {
	//     "semver": "0.1.0",
	//     "notes": "",
	//     "scaleMax": 4,
	//     "areas": null,
	//     "levels": null,
	//     "signals": null
	//   }
	// }
}

func ExampleDecode() {
	_, _, err := rubric.Decode([]byte(`{
		"ladder": {"key": "design", "levels": [{"key": "junior", "rank": "first"}]},
		"edition": {"signals": [{"key": "craft", "demands": {"junior": {"bar": 2.755}}}], "author": "me"}
	}`))
	fmt.Println(err)
	// Output:
	// ladder.levels.0.rank: must be a whole number
	// edition.signals.0.demands.junior.bar: must be a decimal number of at most two places, at most 655.35
	// edition.author: there is no such field
}

func TestTheBuiltinFileIsADocument(t *testing.T) {
	text, err := os.ReadFile("builtin/engineering-management.json")
	if err != nil {
		t.Fatal(err)
	}
	ladder, edition, err := rubric.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	want := builtin(t)
	if !reflect.DeepEqual(ladder, want.Ladder) || !reflect.DeepEqual(edition, want.Edition) {
		t.Error("the file is read as something else than the builtin content")
	}
	// No line is lost on the way out. What is more are the numbers of a retired
	// demand, which the file leaves out.
	encoded, err := rubric.Encode(ladder, edition)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for line := range strings.Lines(string(encoded)) {
		lines[strings.TrimRight(line, ",\n")]++
	}
	for line := range strings.Lines(string(text)) {
		lines[strings.TrimRight(line, ",\n")]--
	}
	more := 0
	for line, n := range lines {
		if more += n; n < 0 {
			t.Errorf("the file has %d more of %q", -n, line)
		}
	}
	if more != 5 {
		t.Errorf("%d lines are more: %v", more, lines)
	}
}

func TestWhatIsNoDocument(t *testing.T) {
	ladder := func(inside string) string { return `{"ladder":{` + inside + `},"edition":{}}` }
	edition := func(inside string) string { return `{"ladder":{},"edition":{` + inside + `}}` }
	signal := func(inside string) string { return edition(`"signals":[{},{` + inside + `}]`) }
	for _, c := range []struct {
		rule, text string
		want       []string
	}{
		{"nothing", "", []string{"line 1, column 1: is not JSON: unexpected end of JSON input"}},
		{"half of one", "{\"ladder\":\n {", []string{"line 2, column 2: is not JSON: unexpected end of JSON input"}},
		{"a comma too much", "{\"ladder\":{},\n\n  }", []string{"line 3, column 3: is not JSON: invalid character '}' looking for beginning of object key string"}},
		{"two of them", ladder("") + ladder(""), []string{"line 1, column 27: is not JSON: invalid character '{' after top-level value"}},
		{"columns are of characters", "{\"é\": tru}", []string{"line 1, column 10: is not JSON: invalid character '}' in literal true (expecting 'e')"}},
		{"a mark of byte order", "\ufeff" + ladder(""), []string{"line 1, column 1: is not JSON: invalid character 'ï' looking for beginning of value"}},
		{"another code", "{\n\"\xe9\"", []string{"line 2, column 2: is not UTF-8"}},
		{"a list", `[]`, []string{"must be an object"}},
		{"null", `null`, []string{"must be an object"}},
		{"a number", `17`, []string{"must be an object"}},
		{"an empty object", `{}`, []string{"ladder: is required", "edition: is required"}},
		{"a ladder only", `{"ladder":{}}`, []string{"edition: is required"}},
		{"nulls", `{"ladder":null,"edition":null}`, []string{"ladder: must be an object", "edition: must be an object"}},
		{"a field that nobody knows", `{"ladder":{},"plans":[{"ladder":1}],"edition":{"name":""}}`,
			[]string{"plans: there is no such field", "edition.name: there is no such field"}},
		{"a field in capitals", ladder(`"Key":"x"`), []string{"ladder.Key: there is no such field"}},
		{"a field without a name", ladder(`"":"x"`), []string{"ladder.: there is no such field"}},
		{"a field twice", ladder(`"key":"x","name":"y","key":"x"`), []string{"ladder.key: is given twice"}},
		{"a field twice, once in disguise", ladder(`"key":"x","k\u0065y":[{"key":[]}]`), []string{"ladder.key: is given twice"}},
		{"two ladders", `{"ladder":{},"ladder":{},"edition":{}}`, []string{"ladder: is given twice"}},
		{"a level's demand twice", signal(`"demands":{"em":{},"em":{}}`), []string{"edition.signals.1.demands.em: is given twice"}},
		{"a number for text", ladder(`"key":7`), []string{"ladder.key: must be text"}},
		{"null for text", ladder(`"key":null`), []string{"ladder.key: must be text"}},
		{"an object for text", ladder(`"key":{"key":{"key":[1,{}]}},"name":1`), []string{"ladder.key: must be text", "ladder.name: must be text"}},
		{"text for a number", edition(`"scaleMax":"4"`), []string{"edition.scaleMax: must be a whole number"}},
		{"a broken number", edition(`"scaleMax":4.0`), []string{"edition.scaleMax: must be a whole number"}},
		{"a number that no one counts to", edition(`"scaleMax":9223372036854775808`), []string{"edition.scaleMax: must be a whole number"}},
		{"a number with an exponent", edition(`"scaleMax":4e0`), []string{"edition.scaleMax: must be a whole number"}},
		{"null for a number", edition(`"scaleMax":null`), []string{"edition.scaleMax: must be a whole number"}},
		{"text for a truth", ladder(`"levels":[{"hireable":"true"}]`), []string{"ladder.levels.0.hireable: must be true or false"}},
		{"an object for a list", ladder(`"levels":{}`), []string{"ladder.levels: must be a list"}},
		{"text for a list", ladder(`"levels":"em"`), []string{"ladder.levels: must be a list"}},
		{"a list for an object", signal(`"demands":[]`), []string{"edition.signals.1.demands: must be an object"}},
		{"null in a list", ladder(`"levels":[{},null,{"key":1}]`), []string{"ladder.levels.1: must be an object", "ladder.levels.2.key: must be text"}},
		{"a bar below zero", signal(`"demands":{"em":{"bar":-1}}`), []string{"edition.signals.1.demands.em.bar: must be a decimal number of at most two places, at most 655.35"}},
		{"a bar above all", signal(`"demands":{"em":{"bar":656}}`), []string{"edition.signals.1.demands.em.bar: must be a decimal number of at most two places, at most 655.35"}},
		{"a bar that is a list", signal(`"demands":{"em":{"bar":[2.5]}}`), []string{"edition.signals.1.demands.em.bar: must be a decimal number of at most two places, at most 655.35"}},
		{"a NUL character", ladder(`"name":"x\u0000"`), []string{"line 1, column 21: has a NUL character"}},
		{"half a character", ladder(`"name":"\ud83d"`), []string{"line 1, column 20: has half a character"}},
		{"half a character and a whole one", ladder(`"name":"\ud83d\u0041"`), []string{"line 1, column 20: has half a character"}},
		{"the other half", ladder(`"name":"\ude00"`), []string{"line 1, column 20: has half a character"}},
		{"half a character at the end of a name", ladder(`"name\ud83d":"\ude00"`), []string{"line 1, column 17: has half a character"}},
		{"hundreds of items", ladder(`"levels":[` + strings.Repeat("{},", 300) + `[]]`), []string{"ladder.levels: there are 301, at most 100 are possible"}},
		{"hundreds of demands", signal(`"demands":{` + manyDemands(101) + `}`), []string{"edition.signals.1.demands.100: is one more than the 100 that are possible"}},
		{"nests", strings.Repeat(`{"ladder":`, 5000) + "1" + strings.Repeat("}", 5000), []string{"ladder.ladder: there is no such field"}},
		{"nests beyond what is read", strings.Repeat(`[`, 100_000), []string{"line 1, column 10001: is not JSON: invalid character '[' exceeded max depth"}},
		{"a name of great length", ladder(`"` + strings.Repeat("k", 500) + `":1`), []string{"ladder." + strings.Repeat("k", 60) + ": there is no such field"}},
		{"too much", strings.Repeat(" ", rubric.MaxDocument) + ladder(""), []string{"the document takes 1048602 bytes, at most 1048576 are possible"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ladder, edition, err := rubric.Decode([]byte(c.text))
			var got []string
			for _, problem := range fault.All(err) {
				got = append(got, problem.Error())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("problems\n%q\nwant\n%q", got, c.want)
			}
			if !reflect.DeepEqual(ladder, rubric.Ladder{}) || !reflect.DeepEqual(edition, rubric.Edition{}) {
				t.Errorf("what is refused leaves %+v %+v behind", ladder, edition)
			}
		})
	}
}

// A hostile document is not answered at length.
func TestAHundredProblemsAreEnough(t *testing.T) {
	for _, text := range []string{
		`{"ladder":{"a":1` + strings.Repeat(`,"a":1`, 100_000) + `},"edition":{}}`,
		`{"ladder":{"levels":[` + strings.Repeat(`{"a":1,"b":[{}],"c":{}},`, 90) + `{}]},"edition":{}}`,
	} {
		_, _, err := rubric.Decode([]byte(text))
		if n := len(fault.All(err)); n < 100 || n > 110 {
			t.Errorf("%d problems", n)
		}
	}
}

func TestWhatADraftMayLeaveOpen(t *testing.T) {
	for _, text := range []string{
		`{"ladder":{},"edition":{}}`,
		" {\"edition\": {\"signals\": null}, \"ladder\": {\"levels\": null} }\n",
		`{"ladder":{"levels":[]},"edition":{"areas":[],"levels":[],"signals":[{"anchors":[],"redFlags":[],"demands":{}}]}}`,
		`{"ladder":{"levels":[{"key":"em","extends":"em"},{"key":"em"}]},"edition":{"signals":[{"demands":{"":{"bar":0},"a.b":{"bar":655.35,"weight":-5}}}]}}`,
		`{"ladder":{"name":"\ud83d\ude00 \\ud83d \\\\u0000 \u2028 <&>"},"edition":{}}`,
	} {
		if _, _, err := rubric.Decode([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	// Words come through as they were meant.
	ladder, _, err := rubric.Decode([]byte(`{"ladder":{"name":"\ud83d\ude00 \\ud83d \\\\u0000 \u2028 <&>"},"edition":{}}`))
	if want := "\U0001f600 \\ud83d \\\\u0000 \u2028 <&>"; err != nil || ladder.Name != want {
		t.Errorf("the name is %q, %v; want %q", ladder.Name, err, want)
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for _, c := range []struct {
		rule string
		with func(*rubric.Content)
		want string
	}{
		{"text that is none", func(c *rubric.Content) { c.Edition.Signals[1].Anchors[0].Text = "caf\xe9" },
			"edition.signals.1.anchors.0.text: is not Unicode text"},
		{"NUL characters", func(c *rubric.Content) { c.Ladder.Levels[1].ExternalEquivalents[0].Note = "\x00" },
			"ladder.levels.1.externalEquivalents.0.note: has a NUL character"},
		{"a key that is no text", func(c *rubric.Content) { c.Edition.Signals[1].Demands["\xff"] = rubric.Demand{} },
			"edition.signals.1.demands: is not Unicode text"},
		{"a bar below zero", func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.Bar = -1 }) },
			"edition.signals.0.demands.em.bar: must be between 0 and 655.35"},
		{"a bar above all", func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.Bar = 65_536 }) },
			"edition.signals.0.demands.em.bar: must be between 0 and 655.35"},
		{"hundreds of levels", func(c *rubric.Content) { c.Edition.Levels = slices.Repeat(c.Edition.Levels, 51) },
			"edition.levels: there are 102, at most 100 are possible"},
		{"hundreds of demands", func(c *rubric.Content) {
			for i := range 101 {
				c.Edition.Signals[0].Demands[fmt.Sprint("level", i)] = rubric.Demand{}
			}
		}, "edition.signals.0.demands: there are 103, at most 100 are possible"},
		{"a book", func(c *rubric.Content) { c.Edition.Notes = strings.Repeat("x", rubric.MaxDocument) },
			"the document takes "},
	} {
		t.Run(c.rule, func(t *testing.T) {
			content := copyOf(t)
			c.with(content)
			text, err := rubric.Encode(content.Ladder, content.Edition)
			if len(fault.All(err)) != 1 || !strings.HasPrefix(err.Error(), c.want) || text != nil {
				t.Errorf("%d bytes, %v; want %s", len(text), err, c.want)
			}
		})
	}
}

// A short document may be one that takes more than is possible in full: then it
// is refused at once, not when somebody wants it back.
func TestWhatIsReadCanBeWritten(t *testing.T) {
	signals := slices.Repeat([]string{`{"demands":{` + manyDemands(100) + `}}`}, 100)
	_, _, err := rubric.Decode([]byte(`{"ladder":{},"edition":{"signals":[` + strings.Join(signals, ",") + `]}}`))
	if err == nil || !strings.HasPrefix(err.Error(), "the document takes ") {
		t.Errorf("%v, want a refusal for its length", err)
	}
}

func manyDemands(n int) string {
	demands := make([]string, n)
	for i := range demands {
		demands[i] = fmt.Sprintf(`"%d":{}`, i)
	}
	return strings.Join(demands, ",")
}

func TestDocumentsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ladder, edition := drawDraft(t)
		text, err := rubric.Encode(ladder, edition)
		if err != nil {
			t.Fatal(err)
		}
		gotLadder, gotEdition, err := rubric.Decode(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if !reflect.DeepEqual(gotLadder, ladder) || !reflect.DeepEqual(gotEdition, edition) {
			t.Errorf("read is\n%#v\n%#v\nwritten was\n%#v\n%#v", gotLadder, gotEdition, ladder, edition)
		}
		before, err := rubric.Hash(edition)
		if err != nil {
			t.Fatal(err)
		}
		if after, err := rubric.Hash(gotEdition); err != nil || before != after {
			t.Errorf("the hash was %s and is %s, %v", before, after, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"ladder":{"key":"k","name":"n","description":"","levels":[{"key":"em","extends":"","scope":"s","track":"t"}]},
		"edition":{"semver":"1.0.0","scaleMax":4,"notes":"","areas":[{"key":"a","name":"A"}],"levels":[{"level":"em","coverageMinimum":80}],
		"signals":[{"key":"s","area":"a","redFlags":[{"key":"f","severity":"NOTE","text":"x"}],"demands":{"em":{"weight":100,"mustHave":true,"minimumRaters":2}}}]}}`))
	f.Add([]byte(`{"ladder":{"levels":[{"key":"em","rank":-0,"hireable":true,"externalEquivalents":[]}]},"edition":{}}`))
	f.Add([]byte(`{"edition":{"signals":[{"replaces":"x","anchors":[{"rating":1,"examples":[]}],"demands":{"a.b":{"bar":2.50,"subsumedBy":""}}}]},"ladder":{}}`))
	f.Add([]byte(`{"ladder":{"name":"\ud83d\ude00\\u0000\/\u2028"},"ladder":null,"x":[[{}]]}`))
	f.Add([]byte("{\"ladder\":{\"key\":\"\\ud83d\"}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ladder, edition, err := rubric.Decode(text)
		if err != nil {
			if fault.All(err) == nil {
				t.Fatalf("an error of ours: %v", err)
			}
			return
		}
		written, err := rubric.Encode(ladder, edition)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, editionAgain, err := rubric.Decode(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, written)
		}
		if !reflect.DeepEqual(again, ladder) || !reflect.DeepEqual(editionAgain, edition) {
			t.Fatalf("written it is another\n%s", written)
		}
		if twice, err := rubric.Encode(again, editionAgain); err != nil || !bytes.Equal(twice, written) {
			t.Fatalf("written again it is another: %v\n%s\n%s", err, written, twice)
		}
		// Nothing that comes of a document makes what reads drafts panic or hang.
		rubric.Check(ladder, edition)
		if d := rubric.Diff(ladder, edition, editionAgain); len(d.Changes) > 0 {
			t.Fatalf("it differs from itself: %+v", d.Changes)
		}
	})
}
