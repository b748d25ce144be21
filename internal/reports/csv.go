package reports

import (
	"bufio"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hireloop/funnel"
	"hireloop/interchange"
)

// table is rows of cells below a header.
type table struct {
	header []string
	rows   iter.Seq[[]cell]
}

// cell is a value as it stands in a file; empty is null.
type cell string

// words are text that people wrote. What a spreadsheet would work out gets an
// apostrophe, which an import takes away.
func words(s string) cell { return cell(interchange.AsText(strings.ToValidUTF8(s, "\ufffd"))) }

func count[T ~int | ~int64](n T) cell { return cell(strconv.FormatInt(int64(n), 10)) }

// figure is a number, unrounded, in its shortest form.
func figure(f *float64) cell {
	if f == nil {
		return ""
	}
	if *f == 0 {
		return "0" // also where it was approached from below
	}
	form := byte('f')
	if size := max(*f, -*f); size < 1e-6 || size >= 1e21 {
		form = 'e'
	}
	return cell(strconv.FormatFloat(*f, form, -1, 64))
}

func yes(b bool) cell { return cell(strconv.FormatBool(b)) }

func day(t time.Time) cell { return cell(t.Format(time.DateOnly)) }

func moment(t time.Time) cell { return cell(t.UTC().Format("2006-01-02T15:04:05.999999Z07:00")) }

// maybe is a cell of what may not be there.
func maybe[T any](value *T, show func(T) cell) cell {
	if value == nil {
		return ""
	}
	return show(*value)
}

// column is one column of a table of items.
type column[T any] struct {
	name string
	cell func(T) cell
}

// join puts columns side by side.
func join[T any](parts ...[]column[T]) []column[T] { return slices.Concat(parts...) }

// low and high are the ends of an interval.
func low(i *funnel.Interval) cell {
	if i == nil {
		return ""
	}
	return figure(&i.Low)
}

func high(i *funnel.Interval) cell {
	if i == nil {
		return ""
	}
	return figure(&i.High)
}

// named is one value that all rows of a table have.
type named struct {
	name string
	cell cell
}

// tabulate puts items below their columns, after what all rows have.
func tabulate[T any](common []named, columns []column[T], items iter.Seq[T]) table {
	var t table
	var first []cell
	for _, c := range common {
		t.header, first = append(t.header, c.name), append(first, c.cell)
	}
	for _, c := range columns {
		t.header = append(t.header, c.name)
	}
	t.rows = func(yield func([]cell) bool) {
		row := make([]cell, len(t.header))
		copy(row, first)
		for item := range items {
			for i, c := range columns {
				row[len(first)+i] = c.cell(item)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// send sends the table row by row, as RFC 4180 says.
func (t table) send(w http.ResponseWriter) {
	b := bufio.NewWriterSize(w, 32<<10)
	for i, name := range t.header {
		writeCell(b, i, cell(name))
	}
	_, _ = b.WriteString("\r\n")
	for row := range t.rows {
		for i, c := range row {
			writeCell(b, i, c)
		}
		if _, err := b.WriteString("\r\n"); err != nil {
			return // the client is gone: nobody is left to tell
		}
	}
	_ = b.Flush()
}

func writeCell(b *bufio.Writer, place int, c cell) {
	if place > 0 {
		_ = b.WriteByte(',')
	}
	text := string(c)
	if strings.ContainsAny(text, "\",\r\n") || strings.TrimSpace(text) != text {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	_, _ = b.WriteString(text)
}
