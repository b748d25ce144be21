package reports

import (
	"cmp"
	"fmt"
	"strconv"

	"hireloop/funnel"
)

// bars is a panel of rows with a label and a figure in each track, which stand
// side by side.
type bars struct {
	heading string
	labels  []string
	tracks  []track
}

// track is one column of figures: bars from zero, or points with whiskers.
type track struct {
	caption   string
	scale     scale
	point     bool
	room      float64  // for the figures beside what is drawn
	width     float64  // in comparison with other tracks; 0 means 1
	reference *float64 // a dashed line
	marks     []mark   // one a label
}

// mark is one figure; nil is none, and then the text says why.
type mark struct {
	value    *float64
	interval *funnel.Interval
	text     string
}

// counted is the mark of a number.
func counted(n int) mark {
	f := float64(n)
	return mark{value: &f, text: strconv.Itoa(n)}
}

const (
	blue, orange, green, purple, brown, grey = "#0072b2", "#d55e00", "#007a5a", "#a3478f", "#8a6d00", "#666"

	rowHeight  = 20.0
	labelWidth = 150.0
	mostRows   = 40
)

func (p *bars) draw(c *canvas, top float64) float64 {
	c.bold(margin, top+14, 12, shortened(p.heading, 105))
	y := top + 36
	rows := min(len(p.labels), mostRows)
	all := 0.0
	for _, t := range p.tracks {
		all += cmp.Or(t.width, 1)
	}
	left := margin + labelWidth
	for _, t := range p.tracks {
		space := (pageWidth - 2*margin - labelWidth) * cmp.Or(t.width, 1) / all
		t.draw(c, left, y, space, rows)
		left += space
	}
	for i, label := range p.labels[:rows] {
		c.text(margin+labelWidth-8, y+rowHeight*float64(i)+14, "end", 12, shortened(label, 22))
	}
	y += rowHeight*float64(rows) + 16
	if more := len(p.labels) - rows; more > 0 {
		c.text(margin, y+12, "start", 12, fmt.Sprintf("… and %d more", more))
		y += 20
	}
	return y
}

func (t track) draw(c *canvas, left, top, space float64, rows int) {
	wide := space - t.room - 12
	x := func(v float64) float64 { return left + wide*t.scale.at(v) }
	bottom := top + rowHeight*float64(rows)
	c.text(left, top-6, "start", 11, t.caption)
	for _, at := range t.scale.within(wide) {
		c.line(x(at.value), top, x(at.value), bottom, "#ddd")
		c.text(x(at.value), bottom+12, "middle", 10, at.label)
	}
	if t.reference != nil {
		c.line(x(*t.reference), top-2, x(*t.reference), bottom, orange, "stroke-dasharray", "4 3", "stroke-width", "1.5")
	}
	for i, m := range t.marks[:rows] {
		t.mark(c, m, x, left, top+rowHeight*(float64(i)+.5), left+wide)
	}
}

// mark draws one figure at height y.
func (t track) mark(c *canvas, m mark, x func(float64) float64, left, y, right float64) {
	beside := left
	if t.point {
		beside = right
	}
	switch {
	case m.value == nil:
	case t.point:
		if i := m.interval; i != nil {
			c.line(x(i.Low), y, x(i.High), y, "#222", "stroke-width", "1.5")
			for _, end := range []float64{i.Low, i.High} {
				if t.scale.has(end) { // else it goes on
					c.line(x(end), y-4, x(end), y+4, "#222")
				}
			}
		}
		c.dot(x(*m.value), y, blue)
	default:
		beside = x(*m.value)
		c.element("rect", "", "x", num(left), "y", num(y-7), "width", num(beside-left), "height", "14", "fill", blue)
	}
	c.text(beside+8, y+4, "start", 11, m.text)
}

func (p *bars) said() string {
	out := p.heading + "."
	for i, label := range p.labels[:min(len(p.labels), mostRows)] {
		out += " " + label + ":"
		for n, t := range p.tracks {
			if t.marks[i].text == "" {
				continue
			}
			if n > 0 {
				out += ";"
			}
			out += " " + t.caption + " " + t.marks[i].text
		}
		out += "."
	}
	return out
}
