package reports

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/interchange"
)

// sheet writes texts and a number as a file of two rows.
func sheet(t testing.TB, texts []string, number float64) string {
	t.Helper()
	file := tabulate([]named{{"first", words(texts[0])}}, []column[string]{
		{"text", words},
		{"number", func(string) cell { return figure(&number) }},
		{"null", func(string) cell { return figure(nil) }},
	}, slices.Values(texts))
	w := httptest.NewRecorder()
	file.send(w)
	return w.Body.String()
}

// reads checks that an import reads what a file was made of.
func reads(t interface{ Fatalf(string, ...any) }, file string, texts []string, number float64) {
	in, err := interchange.ReadCSV(strings.NewReader(file))
	if err != nil {
		t.Fatalf("%v of %q", err, file)
	}
	for _, text := range texts {
		rec, more := in.Next()
		if !more || !rec.Usable || len(rec.Fields) != 4 {
			t.Fatalf("read %+v of %q", rec, file)
		}
		if rec.Fields[0] != texts[0] || rec.Fields[1] != text || rec.Fields[3] != "" {
			t.Fatalf("%q and %q came back as %q, from %q", texts[0], text, rec.Fields, file)
		}
		if f, err := strconv.ParseFloat(rec.Fields[2], 64); err != nil || f != number {
			t.Fatalf("%g came back as %q", number, rec.Fields[2])
		}
	}
	if rec, more := in.Next(); more {
		t.Fatalf("read a row too many, %+v, of %q", rec, file)
	}
}

// tricky are texts of what a spreadsheet or a reader might take for something
// else.
var tricky = rapid.Custom(func(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", `"`, ",", ";", " ", "\u00a0", "\u3000", "\ufeff", "\\", "1", "cmd|' /C calc'!A0"}),
		rapid.StringN(0, 3, -1))
	text := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
})

func TestAnImportOfTheExportGivesTheOriginalBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		texts := rapid.SliceOfN(tricky, 1, 4).Draw(r, "texts")
		number := rapid.Float64().Draw(r, "number")
		if math.IsInf(number, 0) || math.IsNaN(number) {
			number = -1.5
		}
		reads(r, sheet(t, texts, number), texts, number)
	})
}

func FuzzExport(f *testing.F) {
	for _, text := range []string{"=1+1", "'=1", "\r\n=", `a"b,c`, "-5", " ＠x", "''", "'", "\ufeff=", ""} {
		f.Add(text, text+"!", -0.25)
	}
	f.Fuzz(func(t *testing.T, one, other string, number float64) {
		if !utf8.ValidString(one) || !utf8.ValidString(other) || strings.Contains(one+other, "\x00") || math.IsInf(number, 0) || math.IsNaN(number) {
			t.Skip("neither database keeps it")
		}
		reads(t, sheet(t, []string{one, other}, number), []string{one, other}, number)
	})
}

// No cell of text begins, after spaces, with what a spreadsheet works out.
func TestSpreadsheetsWorkNothingOut(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=1": `'	=1`, "\r": "\"'\r\"", "  =1": "'  =1", "\u00a0=1": "'\u00a0=1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a", "'=1": "''=1", "\n=1": "\"'\n=1\"",
		"a=1": "a=1", "O'Hara": "O'Hara", "'tis": "'tis", "": "", " a": `" a"`, "1,5": `"1,5"`, `a"b`: `"a""b"`, "a\r\nb": "\"a\r\nb\"",
	} {
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		writeCell(w, 0, words(text))
		_ = w.Flush()
		if b.String() != want {
			t.Errorf("%q is written as %q, want %q", text, b.String(), want)
		}
	}
}

func TestNumbersAreUnroundedAndShort(t *testing.T) {
	for want, f := range map[string]float64{
		"0": math.Copysign(0, -1), "-1.5": -1.5, "0.1": 0.1, "0.3333333333333333": 1.0 / 3, "100000000000": 1e11, "1e-07": 1e-7, "-2e+21": -2e21,
	} {
		if got := figure(&f); string(got) != want {
			t.Errorf("%v is written as %q, want %q", f, got, want)
		}
	}
	if got := figure(nil); got != "" {
		t.Errorf("null is written as %q", got)
	}
}

// Whatever is drawn, a picture is bounded, well-formed and without anything that
// runs, and says what it leaves out.
func TestPicturesAreBounded(t *testing.T) {
	hostile := "<script>alert(1)</script>]]>&\"' \x00\u202e" + strings.Repeat("廣", 300)
	long := make([]point, 367)
	for i := range long {
		long[i] = point{float64(i) + .123, float64(i%97) / 97}
	}
	half := 0.5
	wide := &bars{heading: hostile}
	for range 1000 {
		wide.labels = append(wide.labels, hostile)
	}
	for range 7 {
		tr := track{caption: "Caption", scale: shares, point: true, room: 30}
		for range wide.labels {
			tr.marks = append(tr.marks, mark{&half, &funnel.Interval{Low: -9, High: 99}, "50 %"})
		}
		wide.tracks = append(wide.tracks, tr)
	}
	curves := &lines{heading: hostile, x: lengths(367), y: shares}
	for range 100 {
		curves.lines = append(curves.lines, line{name: hostile, figures: hostile, points: long, steps: true, dot: &point{3, .5}})
	}
	for name, p := range map[string]panel{"bars": wide, "lines": curves} {
		for _, n := range []int{0, 1, 5000} {
			c := &chart{title: hostile, notes: []string{hostile, hostile}, panels: n, panel: func(int) panel { return p }}
			picture := c.svg()
			if len(picture) > 200_000 {
				t.Errorf("%d panels of %s take %d bytes", n, name, len(picture))
			}
			if !bytes.Equal(picture, c.svg()) {
				t.Errorf("%d panels of %s are not the same twice", n, name)
			}
			drawn := bytes.Count(picture, []byte("font-weight")) - 1
			texts := strings.Join(Texts(t, picture), "\n")
			if rest := fmt.Sprintf("… and %d more", n-drawn); n > drawn && !strings.Contains(texts, rest) {
				t.Errorf("of %d panels of %s %d are drawn, and nothing says that there are more", n, name, drawn)
			}
			if n == 0 && !strings.Contains(texts, "Nothing was counted.") {
				t.Errorf("no panels are drawn as nothing")
			}
		}
	}
}

// Texts reads a picture to its end, checks that nothing in it runs or is loaded,
// and gives the texts in it.
func Texts(t testing.TB, picture []byte) []string {
	t.Helper()
	var texts []string
	d := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if !slices.Contains([]string{"svg", "title", "desc", "rect", "line", "text", "path", "circle"}, x.Name.Local) {
				t.Errorf("a picture with the element %s", x.Name.Local)
			}
			for _, a := range x.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
					t.Errorf("a picture with the attribute %s", a.Name.Local)
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s of %s is %s", a.Name.Local, x.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			texts = append(texts, string(x))
		}
	}
}

// A scale begins at or before the least, ends at or after the greatest, and its
// ticks stand at round values.
func TestScales(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		low := rapid.Float64Range(-1000, 0).Draw(r, "low")
		high := rapid.Float64Range(0.01, 1e6).Draw(r, "high")
		s := spaced(low, high, 0)
		if s.low > low || s.high < high || len(s.ticks) < 2 || len(s.ticks) > 8 || s.ticks[0].value != s.low {
			r.Fatalf("%v to %v: %+v", low, high, s)
		}
		if at := s.at(high); at < 0.5 || s.at(s.low-1) != 0 || s.at(s.high+1) != 1 {
			r.Fatalf("%v stands at %v of %+v", high, at, s)
		}
		for room := 20.0; room < 400; room += 20 {
			shown := s.within(room)
			if shown[0] != s.ticks[0] || shown[len(shown)-1] != s.ticks[len(s.ticks)-1] {
				r.Fatalf("within %v: %+v", room, shown)
			}
		}
	})
	if s := counts(0); s.high != 1 || len(s.ticks) != 2 {
		t.Errorf("nothing is told on %+v", s)
	}
}

func TestTextIsShortenedByItsWidth(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"short", "short"}, {"exactly te", "exactly te"}, {"one letter more", "one lette…"}, {"more than ten", "more than…"}, {"五文字です", "五文字です"}, {"六文字ですよ", "六文字で…"}, {"", ""},
	} {
		if got := shortened(c.text, 10); got != c.want {
			t.Errorf("%q is shortened to %q, want %q", c.text, got, c.want)
		}
	}
}

func TestGroupsAreNamed(t *testing.T) {
	name := "Referral"
	from := hiring.FunnelGroup{Name: &name}
	for _, c := range []struct {
		g    grouping
		of   hiring.FunnelGroup
		want string
	}{
		{grouping{}, hiring.FunnelGroup{}, "All together: n = 1"},
		{grouping{by: true}, from, "Referral: n = 1"},
		{grouping{by: true}, hiring.FunnelGroup{}, "none: n = 1"},
	} {
		if got := c.g.title(&c.of, "n = 1"); got != c.want {
			t.Errorf("%+v is called %q, want %q", c.g, got, c.want)
		}
	}
}

// A reference, an area around a curve and moments are drawn, and what they are is
// told in words.
func TestReferencesAreasAndMoments(t *testing.T) {
	four, ratio := .8, .62
	impact := &bars{heading: "Impact", labels: []string{"one", "two"}, tracks: []track{{
		caption: "Impact ratio", scale: spaced(0, 1.5, 0), point: true, room: 100, reference: &four,
		marks: []mark{{&ratio, &funnel.Interval{Low: .4, High: 9}, "0.62 (0.40–9.00)"}, {text: "hidden"}},
	}}}
	curve := line{name: "At least one hire", figures: "half by day 40"}
	for i := range 101 {
		p := 1 - math.Exp(-float64(i)/50)
		curve.points = append(curve.points, point{float64(i), p})
		curve.band = append(curve.band, spread{float64(i), p * .8, math.Sqrt(p)})
	}
	fill := &lines{heading: "Fill", caption: "Probability", x: lengths(100), y: shares, lines: []line{curve}, marks: []tick{{40, "half: day 40"}, {80, "80 %: day 80"}}}
	panels := []panel{impact, fill}
	picture := (&chart{title: "Test", panels: 2, panel: func(i int) panel { return panels[i] }}).svg()
	texts := Texts(t, picture)
	for _, want := range []string{"0.62 (0.40–9.00)", "hidden", "half: day 40", "80 %: day 80"} {
		if !slices.Contains(texts, want) || !strings.Contains(strings.Join(texts[:6], ""), want) {
			t.Errorf("%q is not both drawn and described", want)
		}
	}
	if n := bytes.Count(picture, []byte("fill-opacity")); n != 1 {
		t.Errorf("%d areas", n)
	}
	// The whisker goes on beyond the end of the scale, without a cap, and the reference is where .8 is.
	track := pageWidth - 2*margin - labelWidth - 100 - 12
	for what, at := range map[string]float64{"whisker": 1, "reference": .8 / 1.5} {
		if x := `x2="` + num(margin+labelWidth+track*at) + `"`; !bytes.Contains(picture, []byte(x)) {
			t.Errorf("no %s at %s", what, x)
		}
	}
}
