package reports

import (
	"fmt"
	"strings"
)

// lines is a panel of curves, with what each is called and its figures beside
// them.
type lines struct {
	heading string
	caption string // of the axis upward
	x, y    scale
	lines   []line
	marks   []tick // moments that a line upward tells
}

// line is one curve.
type line struct {
	name, figures string
	points        []point
	steps         bool     // it holds until the next point
	band          []spread // an area around it
	dot           *point
}

type point struct{ x, y float64 }

// spread is the lowest and the highest at x.
type spread struct{ x, low, high float64 }

const (
	mostLines   = 12
	plotLeft    = margin + 44
	plotWidth   = 400.0
	plotHeight  = 200.0
	legendWidth = 42 // letters
)

// pens tell lines apart by colour and, for who does not see colours, by dashes.
var pens = []struct{ colour, dashes string }{
	{blue, ""}, {orange, "7 3"}, {green, "2 2"}, {purple, "9 3 2 3"}, {brown, "5 2"}, {grey, "1 3"},
	{blue, "3 3"}, {orange, "11 4"}, {green, "6 2 1 2"}, {purple, ""}, {brown, "2 4"}, {grey, "8 2"},
}

func (p *lines) draw(c *canvas, top float64) float64 {
	c.bold(margin, top+14, 12, shortened(p.heading, 105))
	c.text(margin, top+32, "start", 11, p.caption)
	top += 42
	x := func(v float64) float64 { return plotLeft + plotWidth*p.x.at(v) }
	y := func(v float64) float64 { return top + plotHeight*(1-p.y.at(v)) }
	for _, t := range p.y.ticks {
		c.line(plotLeft, y(t.value), plotLeft+plotWidth, y(t.value), "#ddd")
		c.text(plotLeft-6, y(t.value)+4, "end", 10, t.label)
	}
	for _, t := range p.x.ticks {
		c.line(x(t.value), top+plotHeight, x(t.value), top+plotHeight+4, "#222")
		c.text(x(t.value), top+plotHeight+16, "middle", 10, t.label)
	}
	c.line(plotLeft, top+plotHeight, plotLeft+plotWidth, top+plotHeight, "#222")
	drawn := p.lines[:min(len(p.lines), mostLines)]
	for _, l := range drawn {
		l.area(c, x, y)
	}
	for i, m := range p.marks {
		c.line(x(m.value), top, x(m.value), top+plotHeight, "#222", "stroke-dasharray", "3 3")
		c.text(x(m.value)+3, top+10+12*float64(i), "start", 10, m.label)
	}
	for i, l := range drawn {
		l.draw(c, x, y, i)
	}
	legend := top + 6
	for i, l := range drawn {
		l.explain(c, legend, i)
		legend += 30
	}
	if more := len(p.lines) - len(drawn); more > 0 {
		c.text(plotLeft+plotWidth+16, legend+4, "start", 11, fmt.Sprintf("… and %d more", more))
	}
	return max(top+plotHeight+24, legend)
}

// area draws what lies around the line.
func (l line) area(c *canvas, x, y func(float64) float64) {
	if len(l.band) == 0 {
		return
	}
	var path strings.Builder
	for i, s := range l.band {
		path.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + num(x(s.x)) + " " + num(y(s.high)))
	}
	for i := len(l.band) - 1; i >= 0; i-- {
		path.WriteString("L" + num(x(l.band[i].x)) + " " + num(y(l.band[i].low)))
	}
	c.element("path", "", "d", path.String()+"Z", "fill", blue, "fill-opacity", "0.15")
}

func (l line) draw(c *canvas, x, y func(float64) float64, pen int) {
	var path strings.Builder
	for i, at := range l.points {
		switch {
		case i == 0:
			path.WriteString("M" + num(x(at.x)) + " " + num(y(at.y)))
		case l.steps:
			path.WriteString("H" + num(x(at.x)) + "V" + num(y(at.y)))
		default:
			path.WriteString("L" + num(x(at.x)) + " " + num(y(at.y)))
		}
	}
	if path.Len() > 0 {
		c.element("path", "", append([]string{"d", path.String(), "fill", "none"}, stroke(pen)...)...)
	}
	if l.dot != nil {
		c.dot(x(l.dot.x), y(l.dot.y), pens[pen].colour)
	}
}

func stroke(pen int) []string {
	a := []string{"stroke", pens[pen].colour, "stroke-width", "2"}
	if pens[pen].dashes != "" {
		a = append(a, "stroke-dasharray", pens[pen].dashes)
	}
	return a
}

// explain draws a sample of the line with its name and figures.
func (l line) explain(c *canvas, y float64, pen int) {
	left := plotLeft + plotWidth + 16
	c.element("line", "", append([]string{"x1", num(left), "y1", num(y), "x2", num(left + 30), "y2", num(y)}, stroke(pen)...)...)
	c.text(left+38, y+4, "start", 12, shortened(l.name, 32))
	c.text(left+38, y+17, "start", 10, shortened(l.figures, legendWidth))
}

func (p *lines) said() string {
	out := p.heading + ". " + p.caption + "."
	for _, l := range p.lines[:min(len(p.lines), mostLines)] {
		out += " " + l.name + ": " + l.figures + "."
	}
	for _, m := range p.marks {
		out += " " + m.label + "."
	}
	return out
}
