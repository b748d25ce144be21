package interchange

import (
	"slices"
	"strings"
	"time"
)

// Report is what an import did, or would do: every row of the export is
// accounted for. It holds ids and numbers, never what identifies a person.
type Report struct {
	System string `json:"system"`
	// Tables count the rows of the export. In each,
	// Read = Created + Updated + Unchanged + Mapped + Skipped.
	Tables []*TableReport `json:"tables"`
	// Added count what is here without being a row of the export: what follows
	// from rows, fills gaps, or stands in for what is missing.
	Added []*TableReport `json:"added"`
	// Rows are the rows that did not fit, one by one, in the order of finding.
	Rows []RowIssue `json:"rows"`
	// UnknownColumns are columns that the importer has no use for.
	UnknownColumns []UnknownColumns `json:"unknownColumns"`
	// LeftOut are files that were deliberately not imported.
	LeftOut []LeftOut `json:"leftOut"`
	// Took is how long it took; it is not part of the stored report.
	Took time.Duration `json:"-"`
}

// TableReport counts rows by what became of them.
type TableReport struct {
	Name      string `json:"name"`
	Read      int    `json:"read"`
	Created   int    `json:"created"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"` // here already, the same; or changed here since, and left
	Mapped    int    `json:"mapped"`    // part of another row, e.g. a tag of a candidate
	Skipped   int    `json:"skipped"`   // not imported; Rows say why, except of deleted ones
	Deleted   int    `json:"deleted"`   // of the skipped: marked as deleted in the other system
}

// Outcome is what became of a row that did not fit.
type Outcome string

const (
	Skipped Outcome = "SKIPPED" // not imported
	Mapped  Outcome = "MAPPED"  // imported as something near
	Noted   Outcome = "NOTED"   // imported as it is, but somebody should know
)

// Code says what is wrong with a row, for programs.
type Code string

const (
	CodeMalformed     Code = "MALFORMED"      // not a row of the table's shape
	CodeEncoding      Code = "ENCODING"       // text that is not UTF-8, or has NUL
	CodeNoID          Code = "NO_ID"          // an id that the row needs is missing or not usable
	CodeDuplicate     Code = "DUPLICATE"      // another row says the same, later or better
	CodeMissing       Code = "MISSING"        // refers to a row that is not in the export
	CodePlaceholder   Code = "PLACEHOLDER"    // something stands in for a missing row
	CodeInvalid       Code = "INVALID"        // a value that cannot be read
	CodeUnknownValue  Code = "UNKNOWN_VALUE"  // a word that this column should not have
	CodeMisspelt      Code = "MISSPELT"       // a word that is nearly a known one
	CodeTooLong       Code = "TOO_LONG"       // text that was cut
	CodeInferred      Code = "INFERRED"       // a guess by a documented rule
	CodeConflict      Code = "CONFLICT"       // contradicts another row
	CodeNoMove        Code = "NO_MOVE"        // history that changes nothing
	CodeOrder         Code = "ORDER"          // history in an impossible order
	CodeProspect      Code = "PROSPECT"       // somebody who has not applied
	CodeSameCandidate Code = "SAME_CANDIDATE" // two candidates may be one person
	CodeSecond        Code = "SECOND"         // a second application for one opening
	CodeKept          Code = "CHANGED_HERE"   // changed here since; left as it is
	CodeGone          Code = "REMOVED_HERE"   // removed here since; not brought back
	CodeErased        Code = "ERASED"         // a person who was erased here; not brought back
	CodeTaken         Code = "NAME_TAKEN"     // another row here has that name
	CodeMovedOn       Code = "MERGED_THERE"   // merged in the other system, not here
)

// RowIssue is one row that did not fit, or the reason why a row changed on its way.
type RowIssue struct {
	File    string  `json:"file"`
	Line    int     `json:"line,omitempty"` // where the row begins, from 1; 0 when it is no single row
	ID      string  `json:"id,omitempty"`   // of the row in the other system
	Column  string  `json:"column,omitempty"`
	Code    Code    `json:"code"`
	Outcome Outcome `json:"outcome"`
	Message string  `json:"message"`
}

// UnknownColumns lists the columns of one file that were not read.
type UnknownColumns struct {
	File    string   `json:"file"`
	Columns []string `json:"columns"`
}

// LeftOut is a file that was not imported, and why.
type LeftOut struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
	Why  string `json:"why"`
}

// Table is the counts of a table of the export; it is listed from now on.
func (r *Report) Table(name string) *TableReport { return counts(&r.Tables, name) }

// AddedTo is the counts of something that the importer adds.
func (r *Report) AddedTo(name string) *TableReport { return counts(&r.Added, name) }

func counts(list *[]*TableReport, name string) *TableReport {
	for _, t := range *list {
		if t.Name == name {
			return t
		}
	}
	t := &TableReport{Name: name}
	*list = append(*list, t)
	return t
}

// Add reports a row.
func (r *Report) Add(issue RowIssue) { r.Rows = append(r.Rows, issue) }

// clone is a copy that can be added to while r stays as it is.
func (r *Report) clone() *Report {
	c := *r
	c.Tables, c.Added = copyCounts(r.Tables), copyCounts(r.Added)
	c.Rows = slices.Clone(r.Rows)
	return &c
}

func copyCounts(list []*TableReport) []*TableReport {
	out := make([]*TableReport, len(list))
	for i, t := range list {
		c := *t
		out[i] = &c
	}
	return out
}

// finish puts the tables into a fixed order.
func (r *Report) finish() {
	byName := func(a, b *TableReport) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(r.Tables, byName)
	slices.SortFunc(r.Added, byName)
}

// fate is what becomes of a record.
type fate int

const (
	pending fate = iota
	created
	updated
	unchanged
	skipped
)

func (t *TableReport) count(f fate, n int) {
	switch f {
	case created:
		t.Created += n
	case updated:
		t.Updated += n
	case unchanged:
		t.Unchanged += n
	case skipped:
		t.Skipped += n
	}
}
