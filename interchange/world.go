package interchange

import (
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// Ref names a row of the other system: its table there and its id there.
type Ref struct{ Object, ID string }

// Reference is what every record has: which row of the other system it is.
type Reference struct {
	// Key finds the row here again in later runs.
	Key Ref
	// Aliases are other rows there that are the same one here; it is found by
	// them too, in their order, when it is not found by Key.
	Aliases []Ref
	// Also are rows there that became this one; nothing is found by them.
	Also []Ref
	// Counted is under what the report counts it: a table of the export, or,
	// when Added, a name for what is not a row of the export. "" is not counted.
	Counted string
	Added   bool
	// File and Line say where the row was read.
	File string
	Line int
	// At is when it came to be, where its id sorts; zero when nobody knows.
	At time.Time
	// Stands is not nil for a record that stands in for a row that the export
	// lacks: it is made, and Stands reported, only when nothing is found here,
	// and it never changes what is found.
	Stands *RowIssue
	// IfHere is set for what is brought up to date when it is here, and not made
	// when it is not.
	IfHere bool

	id   gid.ID
	fate fate
	kept bool // changed here since: it and what belongs to it are left alone
}

func (r *Reference) reference() *Reference { return r }

func (r *Reference) reset() { r.id, r.fate, r.kept = gid.Nil, pending, false }

// issue is an issue about this record.
func (r *Reference) issue(column string, code Code, outcome Outcome, message string) RowIssue {
	return RowIssue{File: r.File, Line: r.Line, ID: r.Key.ID, Column: column, Code: code, Outcome: outcome, Message: message}
}

// World is what an import wants to be there. Records refer to each other by
// pointer; every record that is referred to must be listed.
type World struct {
	Report *Report // of reading the export; Apply completes a copy of it
	// Silent lists, by table of ours, the columns that this export says nothing
	// about: they are left as they are.
	Silent map[string][]string

	Departments      []*Department // parents before children
	Locations        []*Location
	Members          []*Member
	Sources          []*Source
	RejectionReasons []*RejectionReason
	Openings         []*Opening
	Candidates       []*Candidate
	Applications     []*Application
	Loops            []*Loop
	Demographics     []*Demographics
}

// Department has a name that no other one has.
type Department struct {
	Reference
	Name   string
	Parent *Department
}

// Location has a name that no other one has.
type Location struct {
	Reference
	Name string
}

// Member has an e-mail address that no other one has, in lower case.
type Member struct {
	Reference
	Name          string
	Email         string
	Title         string
	Roles         []string
	DeactivatedAt time.Time // zero while active
}

// Source has a name that no other one has.
type Source struct {
	Reference
	Name string
	Kind string
}

// RejectionReason has a name that no other one has.
type RejectionReason struct {
	Reference
	Name      string
	Initiator string // US, THEM or OTHER

	initiator string // as it is here
}

// Opening is a role with all that belongs to it.
type Opening struct {
	Reference
	Title        string
	Status       string
	Requisition  string
	Description  string
	CloseReason  string
	Department   *Department
	Locations    []*Location
	Confidential bool
	OpenedAt     time.Time
	ClosedAt     time.Time
	Stages       []*Stage // in order; one of kind HIRED, the last
	Seats        []*Seat
	Team         []*TeamMember

	pipeline  []*Stage // all stages that it has here, in order
	restacked bool     // stages that were here have other places than before
}

// Stage is one step of an opening.
type Stage struct {
	Reference
	Name string
	Kind string
	// Spare is set for a stage that is made only when the opening has none here,
	// or, for leads, none of that kind.
	Spare bool

	position int
}

// Seat is one headcount. Application fills it, if it is hired.
type Seat struct {
	Reference
	Status      string // OPEN, FILLED or CLOSED
	Application *Application
	OpenedAt    time.Time
	ClosedAt    time.Time
	CloseReason string
	// Spare is set for a seat that is made only when the opening has none here.
	Spare bool

	opening *Opening
	number  int
	frozen  bool // it stays as it is here
}

// TeamMember is what a member does for an opening.
type TeamMember struct {
	Reference
	Member *Member
	Role   string

	opening *Opening
}

// Candidate is a person with ways to reach them.
type Candidate struct {
	Reference
	Name     string
	Headline string
	Company  string
	Location string
	Links    []Link
	Tags     []string
	Private  bool
	Contacts []*Contact
}

// Link is a page about a candidate.
type Link struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
}

// Contact is an e-mail address or a telephone number.
type Contact struct {
	Reference
	Kind       string // EMAIL or PHONE
	Position   int
	Address    string
	Normalized string

	candidate *Candidate
}

// Application is a candidate's way through one opening: what is known of where
// it stands, and what is recorded of how it came there.
type Application struct {
	Reference
	Candidate *Candidate
	Opening   *Opening
	Source    *Source
	Credited  *Member
	Reason    *RejectionReason
	Facts     Facts
	Marks     []Mark
	// History is the table and HistoryFile the file that the rows of Marks are
	// of; EventObject is the table in the references of stage events.
	History     string
	HistoryFile string
	EventObject string

	status   funnel.Status // as told
	closedAt time.Time     // as told; zero while active
}

// Facts is what the other system says of an application as a whole.
type Facts struct {
	AppliedAt      time.Time     // zero when unknown
	EndedAt        time.Time     // rejected, withdrawn or hired; zero when unknown
	LastActivityAt time.Time     // zero when unknown
	Status         funnel.Status // "" when unknown: the history says. REJECTED for a reason of the candidate's is WITHDRAWN.
	Stage          *Stage        // where it is, or ended; nil when unknown
	Lead           bool          // has not applied: begins in the stage of leads
	Known          time.Time     // some time by which it existed, for want of a better one
}

// Mark is one recorded piece of history. A REJECT for a reason of the
// candidate's is a WITHDRAW.
type Mark struct {
	Kind   funnel.EventKind
	Stage  *Stage // of ENTER and REOPEN; nil is where it was, or the beginning
	At     time.Time
	Order  int // among marks of the same instant
	Reason string
	Line   int  // of the row that says so; two marks may be of one row
	Copy   bool // of a row that is counted with another application
}

// Loop is the interviews of one application.
type Loop struct {
	Reference
	Application *Application
	Interviews  []*Interview
}

// Interview is one session.
type Interview struct {
	Reference
	Name       string
	Status     string
	StartsAt   time.Time
	EndsAt     time.Time
	Minutes    int
	Seats      []*InterviewSeat
	Scorecards []*Scorecard // at most one by each interviewer

	loop     *Loop
	position int
}

// InterviewSeat is a place in an interview.
type InterviewSeat struct {
	Reference
	Member *Member

	interview *Interview
	position  int
}

// Scorecard is what an interviewer reports; nothing but its being there until
// it is submitted.
type Scorecard struct {
	Reference
	Interviewer    *Member
	Author         *Member // who handed it in
	Submitted      bool
	SubmittedAt    time.Time
	Recommendation string // "" for none
	Summary        string
	Ratings        []*Rating // signals are distinct

	interview *Interview
	loop      *Loop
	number    int    // of the revision that it gets, 0 for none
	revision  gid.ID // its id
	amended   bool   // the revision is not the first one handed in
}

// Rating is one signal's rating; Value 0 is not assessed, for want of a signal.
type Rating struct {
	Reference
	Position int
	Signal   string
	Value    int
	Evidence string
}
