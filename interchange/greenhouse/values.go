package greenhouse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hireloop/interchange"
)

// each calls do for every row of a table.
func (p *planner) each(table string, do func(*line)) {
	for _, l := range p.sheets[table].lines {
		do(l)
	}
}

// folded counts a row that is part of another one.
func (p *planner) folded(l *line) { p.report.Table(l.sheet.name).Mapped++ }

// skip leaves a row out and says why.
func (p *planner) skip(l *line, column string, code interchange.Code, message string) {
	l.skip(p.report, column, code, message)
}

// note reports a row that is imported, as it is or as something near.
func (p *planner) note(l *line, column string, code interchange.Code, outcome interchange.Outcome, message string) {
	p.report.Add(l.issue(column, code, outcome, message))
}

// moment reads a time; one that cannot be read is reported and unknown.
func (p *planner) moment(l *line, column string) time.Time {
	t, ok := interchange.Time(l.get(column))
	if !ok {
		p.note(l, column, interchange.CodeInvalid, interchange.Mapped, "is not a time that can be read; taken as unknown")
	}
	return t
}

// flag reads a truth value; one that cannot be read is reported and false.
func (p *planner) flag(l *line, column string) bool {
	yes, ok := interchange.Bool(l.get(column))
	if !ok {
		p.note(l, column, interchange.CodeInvalid, interchange.Mapped, "is neither true nor false; taken as false")
	}
	return yes
}

// text reads a line of text; what is too long is cut and reported.
func (p *planner) text(l *line, column string) string {
	text, cut := interchange.Line(l.get(column), interchange.MaxName)
	if cut {
		p.note(l, column, interchange.CodeTooLong, interchange.Mapped, fmt.Sprintf("was cut to %d characters", interchange.MaxName))
	}
	return text
}

// prose reads text of many lines.
func (p *planner) prose(l *line, column string) string {
	text, cut := interchange.Prose(l.get(column), interchange.MaxProse)
	if cut {
		p.note(l, column, interchange.CodeTooLong, interchange.Mapped, fmt.Sprintf("was cut to %d characters", interchange.MaxProse))
	}
	return text
}

// word reads a value of a list of words: as it is, or misspelt by one letter.
// "" is an empty value or, reported, one that is no word of the list.
func (p *planner) word(l *line, column, otherwise string, words ...string) string {
	given := interchange.Slug(l.get(column), interchange.MaxName)
	if given == "" || slices.Contains(words, given) {
		return given
	}
	if near := interchange.Closest(given, words); near != "" {
		p.note(l, column, interchange.CodeMisspelt, interchange.Mapped, fmt.Sprintf("%q was read as %q", given, near))
		return near
	}
	p.note(l, column, interchange.CodeUnknownValue, interchange.Mapped, "is none of "+strings.Join(words, ", ")+"; "+otherwise)
	return ""
}

// fullName is the first and last name.
func (p *planner) fullName(l *line) string {
	name := strings.TrimSpace(p.text(l, "first_name") + " " + p.text(l, "last_name"))
	name, _ = interchange.Line(name, interchange.MaxName)
	return name
}

// unknown is the name of what the export does not name.
func (p *planner) unknown(noun, id string) string {
	return fmt.Sprintf("Unknown %s (%s %s)", noun, p.system, id)
}

func (p *planner) unnamed(noun, id string) string {
	return fmt.Sprintf("Unnamed %s (%s %s)", noun, p.system, id)
}

// reference is that of the record that a row becomes.
func (l *line) reference(at time.Time) interchange.Reference {
	return interchange.Reference{Key: interchange.Ref{Object: l.sheet.name, ID: l.shown()}, Counted: l.sheet.name, File: l.file, Line: l.number, At: at}
}

// stand is the reference of something that stands in for a row that the export
// lacks, which by needs in a column.
func (p *planner) stand(table, noun, id string, by *line, column string) (ref interchange.Reference, name string) {
	why := fmt.Sprintf("%s %s is not in the export; something stands in for it", noun, id)
	if gone := p.sheets[table].deleted[id]; gone != nil {
		why = fmt.Sprintf("%s %s is marked as deleted; its name is kept", noun, id)
		if name, _ = interchange.Line(gone.get("name"), interchange.MaxName); name == "" {
			name = p.fullName(gone)
		}
	}
	issue := by.issue(column, interchange.CodePlaceholder, interchange.Mapped, why)
	return interchange.Reference{
		Key: interchange.Ref{Object: table, ID: id}, Counted: noun + "s that stand in", Added: true,
		File: by.file, Line: by.number, Stands: &issue,
	}, cmp.Or(name, p.unknown(noun, id))
}

// lessID orders ids: numbers by size, before other text.
func lessID(a, b string) int {
	numeric := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	switch na, nb := numeric(a), numeric(b); {
	case na && nb:
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(len(a)-len(b), strings.Compare(a, b))
	case na:
		return -1
	case nb:
		return 1
	}
	return strings.Compare(a, b)
}
