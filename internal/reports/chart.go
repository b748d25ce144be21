package reports

import (
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// chart is a picture of a report: a title, lines that say what is counted, and
// panels below each other. The same chart is the same bytes on any day.
//
// It is drawn here and not by a library: those that are alive know no whiskers
// or no curves over days, tell a screen reader nothing, and bring fonts and a
// dozen modules with them.
type chart struct {
	title  string
	notes  []string
	panels int
	panel  func(i int) panel
}

// panel is one drawing area.
type panel interface {
	// draw draws below top and says where it ended.
	draw(c *canvas, top float64) (bottom float64)
	// said tells in words what is drawn.
	said() string
}

const (
	pageWidth  = 760.0
	margin     = 16.0
	mostPanels = 12
	// mostDrawn is how many bytes panels take: further ones are told as a number.
	mostDrawn = 120_000
	mostSaid  = 20_000
)

// send sends the picture: no script, style sheet or font, so that wherever
// pictures are shown it can be.
func (c *chart) send(w http.ResponseWriter) {
	b := c.svg()
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // the client is gone: nobody is left to tell
}

func (c *chart) svg() []byte {
	body, said, drawn := &canvas{}, "", 0
	y := margin + 12
	body.bold(margin, y, 16, shortened(c.title, 80))
	for _, note := range c.notes {
		for _, l := range wrapped(note, 135) {
			y += 15
			body.text(margin, y, "start", 11, l)
		}
	}
	y += 10
	for ; drawn < min(c.panels, mostPanels); drawn++ {
		p, next := c.panel(drawn), &canvas{}
		bottom := p.draw(next, y)
		if words := p.said(); len(said)+len(words) <= mostSaid {
			said += " " + words
		}
		if drawn > 0 && body.Len()+next.Len() > mostDrawn {
			break
		}
		body.WriteString(next.String())
		y = bottom + 12
	}
	if c.panels == 0 {
		y += 16
		body.text(margin, y, "start", 12, "Nothing was counted.")
		said += " Nothing was counted."
	}
	if rest := c.panels - drawn; rest > 0 {
		y += 4
		body.text(margin, y, "start", 12, fmt.Sprintf("… and %d more", rest))
		said += fmt.Sprintf(" And %d more.", rest)
	}
	return c.page(body, y+margin, strings.Join(c.notes, " ")+said)
}

// page puts what was drawn on a light ground of its size.
func (c *chart) page(body *canvas, height float64, said string) []byte {
	h := fnv.New32a() // pictures on one page need different ids
	_, _ = h.Write([]byte(c.title + said))
	id := fmt.Sprintf("%08x", h.Sum32())
	out := &canvas{}
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t%[1]s d%[1]s" width="%[2]s" height="%[3]s"`+
		` viewBox="0 0 %[2]s %[3]s" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#222">`+"\n",
		id, num(pageWidth), num(height))
	fmt.Fprintf(out, `<title id="t%s">%s</title>`+"\n"+`<desc id="d%s">%s</desc>`+"\n", id, escaped(c.title), id, escaped(said))
	fmt.Fprintf(out, `<rect width="%s" height="%s" fill="#fff"/>`+"\n", num(pageWidth), num(height))
	out.WriteString(body.String())
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

// canvas collects elements.
type canvas struct{ strings.Builder }

func (c *canvas) text(x, y float64, anchor string, size int, s string) {
	if s != "" {
		c.element("text", s, "x", num(x), "y", num(y), "text-anchor", anchor, "font-size", strconv.Itoa(size))
	}
}

func (c *canvas) bold(x, y float64, size int, s string) {
	c.element("text", s, "x", num(x), "y", num(y), "font-size", strconv.Itoa(size), "font-weight", "bold")
}

func (c *canvas) line(x1, y1, x2, y2 float64, colour string, attributes ...string) {
	c.element("line", "", append([]string{"x1", num(x1), "y1", num(y1), "x2", num(x2), "y2", num(y2), "stroke", colour}, attributes...)...)
}

func (c *canvas) dot(x, y float64, colour string) {
	c.element("circle", "", "cx", num(x), "cy", num(y), "r", "4", "fill", colour, "stroke", "#fff")
}

// element adds an element with attributes, name after name and value.
func (c *canvas) element(name, content string, attributes ...string) {
	c.WriteString("<" + name)
	for pair := range slices.Chunk(attributes, 2) {
		c.WriteString(" " + pair[0] + `="` + strings.Join(pair[1:], "") + `"`)
	}
	if content == "" {
		c.WriteString("/>\n")
		return
	}
	c.WriteString(">" + escaped(content) + "</" + name + ">\n")
}

// num is a place, to a tenth.
func num(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// wide is how many places of the width of a Latin letter a rune takes.
func wide(r rune) int {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// shortened cuts text to at most so many places.
func shortened(s string, most int) string {
	places, cut := 0, 0
	for i, r := range s {
		if places += wide(r); places > most {
			return strings.TrimSpace(s[:cut]) + "…"
		}
		if places < most {
			cut = i + utf8.RuneLen(r) // leaves room for the dots
		}
	}
	return s
}

// wrapped breaks text into lines of about so many letters.
func wrapped(s string, most int) []string {
	var out []string
	now := ""
	for _, word := range strings.Fields(s) {
		if now != "" && len([]rune(now))+1+len([]rune(word)) > most {
			out, now = append(out, now), ""
		}
		now = strings.TrimSpace(now + " " + shortened(word, most))
	}
	return append(out, now)
}

// scale turns values into places between 0 and 1; what is beyond its ends stands
// at them.
type scale struct {
	low, high float64
	ticks     []tick
}

type tick struct {
	value float64
	label string
}

func (s scale) at(v float64) float64 {
	return min(1, max(0, (v-s.low)/(s.high-s.low)))
}

// has tells whether a value is between the ends.
func (s scale) has(v float64) bool { return s.low <= v && v <= s.high }

// within are as many ticks, evenly spaced from the first to the last, as have
// room.
func (s scale) within(room float64) []tick {
	const each = 45
	gaps := len(s.ticks) - 1
	for every := 1; every < gaps; every++ {
		if gaps%every == 0 && room >= float64(each*gaps/every) {
			var out []tick
			for i := 0; i <= gaps; i += every {
				out = append(out, s.ticks[i])
			}
			return out
		}
	}
	return []tick{s.ticks[0], s.ticks[gaps]}
}

// shares is the scale of shares.
var shares = scale{high: 1, ticks: []tick{{0, "0 %"}, {0.25, "25 %"}, {0.5, "50 %"}, {0.75, "75 %"}, {1, "100 %"}}}

// sharesUpTo is a scale of shares up to the greatest.
func sharesUpTo(most float64) scale {
	s := spaced(0, min(1, max(most, 0.01)), 0)
	for i := range s.ticks {
		s.ticks[i].label = strconv.FormatFloat(s.ticks[i].value*100, 'g', 4, 64) + " %"
	}
	return s
}

// counts is a scale of whole numbers up to the greatest.
func counts(most int) scale { return spaced(0, max(1, float64(most)), 1) }

// lengths is a scale of days.
func lengths(most float64) scale {
	s := spaced(0, max(1, most), 0)
	s.ticks[len(s.ticks)-1].label += " days"
	return s
}

// spaced is a scale with round ticks at least so far apart.
func spaced(low, high, least float64) scale {
	rough := (high - low) / 4
	step := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5, 10} {
		if step*m >= rough {
			step *= m
			break
		}
	}
	step = max(step, least)
	first, last := math.Floor(low/step), math.Ceil(high/step)
	s := scale{low: first * step, high: last * step}
	for i := first; i <= last; i++ {
		s.ticks = append(s.ticks, tick{i * step, strconv.FormatFloat(i*step, 'g', 6, 64)})
	}
	return s
}
