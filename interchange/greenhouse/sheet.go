package greenhouse

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"hireloop/interchange"
	"hireloop/internal/fault"
)

// sheet is a table of the export, of one file or more.
type sheet struct {
	table
	columns map[string]bool // that at least one of its files has
	lines   []*line
	deleted map[string]*line // rows marked as deleted, by id
}

// line is a row of a sheet.
type line struct {
	*page
	number int
	fields []string
	id     string // by the table's key
}

// page is a file of a sheet.
type page struct {
	sheet *sheet
	file  string
	csv   *interchange.CSV
}

// get is a value; "" when the file has no such column.
func (l *line) get(column string) string {
	if at := l.csv.Place(column); at >= 0 && at < len(l.fields) {
		return l.fields[at]
	}
	return ""
}

// ref is an id; "" for none. What joins ids is in none.
func (l *line) ref(column string) string {
	id := interchange.ID(l.get(column))
	if len(id) > 60 || strings.ContainsAny(id, "/#:") {
		return ""
	}
	return id
}

// has tells whether the export has a column of the table.
func (s *sheet) has(column string) bool { return s.columns[column] }

// read reads the tables of an export.
func read(dir fs.FS, report *interchange.Report) (map[string]*sheet, error) {
	sheets := map[string]*sheet{}
	byFile := map[string]*sheet{}
	for _, t := range tables() {
		s := &sheet{table: t, columns: map[string]bool{}, deleted: map[string]*line{}}
		sheets[t.name] = s
		for _, name := range append([]string{t.name}, t.also...) {
			byFile[name] = s
		}
	}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, folderFault(err)
	}
	found := 0
	for _, e := range entries {
		name, isCSV := strings.CutSuffix(strings.ToLower(e.Name()), ".csv")
		if e.IsDir() || !isCSV {
			continue
		}
		if s := byFile[name]; s != nil {
			found++
			err = s.readFile(dir, e.Name(), report)
		} else {
			err = leave(dir, e.Name(), name, report)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	if found == 0 {
		return nil, fault.Invalidf("dir", "has no table of Greenhouse").
			WithHint("it should hold files such as application.csv, candidate.csv and job.csv")
	}
	for _, t := range tables() {
		sheets[t.name].distinct(report)
	}
	return sheets, nil
}

func folderFault(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Invalidf("dir", "does not exist")
	}
	if broken := (*fs.PathError)(nil); errors.As(err, &broken) {
		return fault.Invalidf("dir", "cannot be read: %v", broken.Err)
	}
	return err
}

// open opens a file; what is wrong with it as a whole is reported, and then
// there are no rows.
func open(dir fs.FS, name string, report *interchange.Report) (*interchange.CSV, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	csv, err := interchange.ReadCSV(f)
	if faults := fault.All(err); faults != nil {
		report.Add(interchange.RowIssue{File: name, Code: interchange.CodeMalformed, Outcome: interchange.Skipped, Message: "the file " + faults[0].Error()})
		return nil, nil
	}
	return csv, err
}

// leave reports a file that is not imported.
func leave(dir fs.FS, file, name string, report *interchange.Report) error {
	why, known := leftOut()[name]
	if !known {
		why = "not a table that this importer knows"
	}
	csv, err := open(dir, file, report)
	if err != nil || csv == nil {
		return err
	}
	rows := 0
	for _, more := csv.Next(); more; _, more = csv.Next() {
		rows++
	}
	report.LeftOut = append(report.LeftOut, interchange.LeftOut{File: file, Rows: rows, Why: why})
	return nil
}

func (s *sheet) readFile(dir fs.FS, file string, report *interchange.Report) error {
	csv, err := open(dir, file, report)
	if err != nil || csv == nil {
		return err
	}
	p := &page{sheet: s, file: path.Base(file), csv: csv}
	p.listColumns(report)
	counts := report.Table(s.name)
	for rec, more := csv.Next(); more; rec, more = csv.Next() {
		counts.Read++
		l := &line{page: p, number: rec.Line, fields: rec.Fields}
		if !rec.Usable {
			l.skip(report, "", rec.Code, rec.Message)
			continue
		}
		if rec.Code != "" {
			report.Add(l.issue("", rec.Code, interchange.Mapped, rec.Message))
		}
		l.id = l.key()
		if gone := l.flagged(); gone {
			counts.Skipped++
			counts.Deleted++
			s.deleted[l.id] = l
			continue
		}
		if missing := l.lacks(); missing != "" {
			l.skip(report, missing, interchange.CodeNoID, "is empty or cannot be an id")
			continue
		}
		s.lines = append(s.lines, l)
	}
	return nil
}

// listColumns notes which columns there are and reports those that are not read.
func (p *page) listColumns(report *interchange.Report) {
	var unknown []string
	custom := 0
	for _, c := range p.csv.Columns() {
		switch {
		case p.sheet.reads(c):
			p.sheet.columns[c] = true
		case strings.HasPrefix(c, "custom_"):
			custom++
		case c == "":
			unknown = append(unknown, "(no name)")
		case !strings.HasPrefix(c, "_fivetran_"):
			unknown = append(unknown, c)
		}
	}
	if custom > 0 {
		unknown = append(unknown, fmt.Sprintf("custom_… (%d of them)", custom))
	}
	if len(unknown) > 0 {
		report.UnknownColumns = append(report.UnknownColumns, interchange.UnknownColumns{File: p.file, Columns: unknown})
	}
}

// key is what tells the row apart: the ids and the index of the table's key,
// and its other values only where there is no index.
func (l *line) key() string {
	if len(l.sheet.key) == 1 {
		return l.ref(l.sheet.key[0])
	}
	indexed := slices.Contains(l.sheet.key, "index") && l.index() != ""
	var parts []string
	for _, c := range l.sheet.key {
		if isID(c) || c == "index" || !indexed {
			parts = append(parts, strings.TrimSpace(l.get(c)))
		}
	}
	return strings.Join(parts, "\x00")
}

// index is the number of the row among those of its owner; "" when it has none.
func (l *line) index() string {
	index := l.ref("index")
	if len(index) > 20 {
		return ""
	}
	return index
}

// lacks is the id column that the row needs and has no id in; "" when none.
func (l *line) lacks() string {
	for _, c := range l.sheet.key {
		if isID(c) && l.ref(c) == "" && c != "new_stage_id" {
			return c
		}
	}
	return ""
}

func isID(column string) bool { return column == "id" || strings.HasSuffix(column, "_id") }

// shown is the row's id as reports show it: its ids, joined.
func (l *line) shown() string {
	var ids []string
	for _, c := range l.sheet.key {
		switch id := l.ref(c); {
		case c == "index" && l.index() != "", isID(c) && id != "":
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, "/")
}

// flagged tells whether the row is marked as deleted.
func (l *line) flagged() bool {
	return slices.ContainsFunc(deletedFlags(), func(c string) bool {
		yes, _ := interchange.Bool(l.get(c))
		return yes
	})
}

// distinct keeps of rows with one key the one that was updated last, or comes
// last, and reports the others.
func (s *sheet) distinct(report *interchange.Report) {
	best := make(map[string]*line, len(s.lines))
	for _, l := range s.lines {
		if have := best[l.id]; have == nil || !l.updated().Before(have.updated()) {
			best[l.id] = l
		}
	}
	if len(best) == len(s.lines) {
		return
	}
	kept := s.lines[:0]
	for _, l := range s.lines {
		if best[l.id] == l {
			kept = append(kept, l)
			continue
		}
		l.skip(report, "", interchange.CodeDuplicate, fmt.Sprintf("line %d of %s is the same row, updated later or listed later", best[l.id].number, best[l.id].file))
	}
	s.lines = kept
}

func (l *line) updated() time.Time {
	t, _ := interchange.Time(l.get("updated_at"))
	return t
}

func (l *line) issue(column string, code interchange.Code, outcome interchange.Outcome, message string) interchange.RowIssue {
	return interchange.RowIssue{File: l.file, Line: l.number, ID: l.shown(), Column: column, Code: code, Outcome: outcome, Message: message}
}

// skip leaves a row out.
func (l *line) skip(report *interchange.Report, column string, code interchange.Code, message string) {
	report.Table(l.sheet.name).Skipped++
	report.Add(l.issue(column, code, interchange.Skipped, message))
}
