package interchange_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hireloop/interchange"
)

// rows reads all rows: values joined by |, or the code of a row that cannot be
// used, each after its line.
func rows(t *testing.T, text string) []string {
	t.Helper()
	csv, err := interchange.ReadCSV(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rec, more := csv.Next(); more; rec, more = csv.Next() {
		what := string(rec.Code)
		if rec.Usable {
			what = strings.TrimSuffix(what+" "+strings.Join(rec.Fields, "|"), " ")
			what = strings.TrimPrefix(what, " ")
		}
		out = append(out, fmt.Sprintf("%d: %s", rec.Line, what))
	}
	return out
}

func TestCSVForgivesWhatExportsGetWrong(t *testing.T) {
	for _, c := range []struct{ rule, text, want string }{
		{"plain", "a,b\n1,2\n", "2: 1|2"},
		{"a byte-order mark is not part of the first name", "\ufeffa,b\n1,2\n", "2: 1|2"},
		{"CR LF ends a line", "a,b\r\n1,2\r\n3,4\r\n", "2: 1|2; 3: 3|4"},
		{"CR alone ends a line when nothing else does", "a,b\r1,2\r", "2: 1|2"},
		{"the last line needs no end", "a,b\n1,2", "2: 1|2"},
		{"blank lines are no rows", "a,b\n\n1,2\n  \n", "3: 1|2"},
		{"quotes hold commas, newlines and doubled quotes", "a,b\n\"1,\n\"\"x\"\"\",2\n3,4\n", "2: 1,\n\"x\"|2; 4: 3|4"},
		{"a quote inside an unquoted value is itself", "a,b\n{\"unit\":\"USD\"},2\n", `2: {"unit":"USD"}|2`},
		{"a quote in a quoted value that is not doubled is itself", "a,b\n\"say \"hi\" now\",2\n", `2: say "hi" now|2`},
		{"an empty quoted value", "a,b\n\"\",\"\"\n", "2: |"},
		{"a quote that never ends costs its line only", "a,b\n1,\"2\n3,4\n5,6\n", "2: MALFORMED; 3: 3|4; 4: 5|6"},
		{"too few values", "a,b\n1\n3,4\n", "2: MALFORMED; 3: 3|4"},
		{"too many values", "a,b\n1,2,3\n3,4\n", "2: MALFORMED; 3: 3|4"},
		{"commas too many say nothing", "a,b\n1,2,,\n", "2: 1|2"},
		{"semicolons", "a;b\n1;2,5\n", "2: 1|2,5"},
		{"tabs", "a\tb\n1\t2\n", "2: 1|2"},
		{"text that is not UTF-8 is Windows-1252", "a,b\nJos\xe9,2\n", "2: ENCODING José|2"},
		{"NUL is left out", "a,b\nx\x00y,2\n", "2: ENCODING xy|2"},
		{"an apostrophe before a formula is not part of it", "a,b\n'=1+1,'  -2\n\"'\t3\",'＠4\n", "2: =1+1|  -2; 3: \t3|＠4"},
		{"of several apostrophes before a formula one is not part of it", "a,b\n''=1,'''+2\n", "2: '=1|''+2"},
		{"any other apostrophe is part of the value", "a,b\n'tis,O'Hara\n', '=1\n", "2: 'tis|O'Hara; 3: '| '=1"},
		{"negative numbers are themselves", "a,b\n-1,+2\n", "2: -1|+2"},
		{"emoji and right-to-left text", "a,b\n🙂,עברית\n", "2: 🙂|עברית"},
	} {
		if got := strings.Join(rows(t, c.text), "; "); got != c.want {
			t.Errorf("%s: rows of %q = %q, want %q", c.rule, c.text, got, c.want)
		}
	}
}

func TestCSVKnowsColumnsInWhateverSpelling(t *testing.T) {
	csv, err := interchange.ReadCSV(strings.NewReader("Application ID,  at ,EVENT,at,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := csv.Columns(), []string{"application_id", "at", "event", "at", ""}; !reflect.DeepEqual(got, want) {
		t.Errorf("columns = %q, want %q", got, want)
	}
	for column, want := range map[string]int{"application_id": 0, "at": 1, "event": 2, "stage": -1, "": -1} {
		if got := csv.Place(column); got != want {
			t.Errorf("Place(%q) = %d, want %d", column, got, want)
		}
	}
}

func TestCSVRefusesWhatIsNoTable(t *testing.T) {
	for rule, text := range map[string]string{
		"an empty file":                   "",
		"white space only":                " \n\n",
		"UTF-16":                          "\xff\xfea\x00",
		"a header whose quote never ends": "\"a,b\n1,2\n",
	} {
		if _, err := interchange.ReadCSV(strings.NewReader(text)); err == nil {
			t.Errorf("%s was accepted", rule)
		}
	}
}

func TestManyQuotesThatNeverEndAreReadInReasonableTime(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,\"x\n", 200_000)
	if got := rows(t, text); len(got) < 199_000 {
		t.Errorf("%d rows, want one for each line", len(got))
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,2\n")
	f.Add("a,b\r\n\"1\n\",\"\"\"\"\r\n\"")
	f.Add("\ufeffa;b\n\xff;\x00")
	f.Fuzz(func(t *testing.T, text string) {
		csv, err := interchange.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		last := 0
		for rec, more := csv.Next(); more; rec, more = csv.Next() {
			if rec.Line <= last {
				t.Fatalf("a row at line %d after one at line %d", rec.Line, last)
			}
			last = rec.Line
			if rec.Usable && len(rec.Fields) != len(csv.Columns()) {
				t.Fatalf("line %d has %d values for %d columns", rec.Line, len(rec.Fields), len(csv.Columns()))
			}
		}
	})
}
