package interchange

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Print shows all rows when there are few, else the first of each code; the
// stored report has all.
const (
	few     = 100
	printed = 10
)

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	out := &printer{w: w}
	out.line("Import from %s", r.System)
	out.counts("table", r.Tables, func(t *TableReport) []int {
		return []int{t.Read, t.Created, t.Updated, t.Unchanged, t.Mapped, t.Skipped, t.Deleted}
	}, "read", "created", "updated", "unchanged", "mapped", "skipped", "of them deleted")
	out.counts("added by the importer", r.Added, func(t *TableReport) []int {
		return []int{t.Created, t.Updated, t.Unchanged}
	}, "created", "updated", "unchanged")
	out.issues(r.Rows)
	if len(r.UnknownColumns) > 0 {
		out.line("\nColumns that were not read")
		for _, u := range r.UnknownColumns {
			out.line("  %s: %s", u.File, strings.Join(u.Columns, ", "))
		}
	}
	if len(r.LeftOut) > 0 {
		out.line("\nFiles that were left out")
		for _, l := range r.LeftOut {
			out.line("  %s (%s): %s", l.File, plural(l.Rows, "row"), l.Why)
		}
	}
	if r.Took > 0 {
		out.line("\nTook %v.", r.Took.Round(time.Millisecond))
	}
	return out.err
}

// printer remembers the first error of writing.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) counts(title string, list []*TableReport, of func(*TableReport) []int, columns ...string) {
	if len(list) == 0 || p.err != nil {
		return
	}
	p.line("")
	widest := len(title)
	for _, t := range list {
		widest = max(widest, len(t.Name))
	}
	tab := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	write := func(name string, cells []string) {
		if p.err == nil {
			// The name is padded here: it is aligned to the left.
			_, p.err = fmt.Fprintf(tab, "%-*s\t%s\t\n", widest, name, strings.Join(cells, "\t"))
		}
	}
	write(title, columns)
	for _, t := range list {
		var cells []string
		for _, n := range of(t) {
			cells = append(cells, strconv.Itoa(n))
		}
		write(t.Name, cells)
	}
	if err := tab.Flush(); p.err == nil {
		p.err = err
	}
}

func (p *printer) issues(rows []RowIssue) {
	if len(rows) == 0 {
		return
	}
	byCode := map[Code][]RowIssue{}
	for _, row := range rows {
		byCode[row.Code] = append(byCode[row.Code], row)
	}
	codes := make([]Code, 0, len(byCode))
	for code := range byCode {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b Code) int {
		return cmp.Or(len(byCode[a])-len(byCode[b]), strings.Compare(string(a), string(b)))
	})
	most := printed
	if len(rows) <= few {
		most = few
	}
	p.line("\nRows that did not fit: %d", len(rows))
	for _, code := range codes {
		list := byCode[code]
		p.line("  %s: %s", code, plural(len(list), "row"))
		for _, row := range list[:min(most, len(list))] {
			p.line("    %s", row)
		}
		if more := len(list) - most; more > 0 {
			p.line("    … and %d more; the stored report of the run lists all", more)
		}
	}
}

// String is the row in one line: where, which, what became of it and why.
func (i RowIssue) String() string {
	var b strings.Builder
	b.WriteString(i.File)
	if i.Line > 0 {
		fmt.Fprintf(&b, ":%d", i.Line)
	}
	if i.ID != "" {
		fmt.Fprintf(&b, " id %s", i.ID)
	}
	if i.Column != "" {
		fmt.Fprintf(&b, " %s", i.Column)
	}
	fmt.Fprintf(&b, ": %s (%s)", i.Message, strings.ToLower(string(i.Outcome)))
	return b.String()
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
