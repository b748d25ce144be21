package eventlog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/interchange"
	"hireloop/internal/fault"
)

// planner makes records of the rows of a log.
type planner struct {
	file, system string
	report       *interchange.Report
	world        *interchange.World
	csv          *interchange.CSV

	applications map[string]*applying
	order        []*applying // as they appear
	candidates   map[string]*interchange.Candidate
	openings     map[string]*role
	sources      map[string]*interchange.Source
	lines        map[string]string // text as it is written → as one line
}

// applying is an application on its way.
type applying struct {
	*interchange.Application
	candidate, opening, email, source string // as first written
	reported                          map[string]bool
}

// role is an opening on its way.
type role struct {
	*interchange.Opening
	steps  []*step // in the order of appearance
	byName map[string]*step
	hired  *interchange.Stage
	filed  []*applying
}

type step struct {
	*interchange.Stage
	index int // in the order of appearance
}

// read reads the rows.
func (p *planner) read(log io.Reader) error {
	csv, err := interchange.ReadCSV(log)
	if err != nil {
		return err
	}
	p.csv = csv
	var problems fault.List
	for _, column := range []string{"application_id", "candidate", "opening", "at", "event"} {
		if csv.Place(column) < 0 {
			problems.Add(fault.Required("header." + column).WithHint("the header is application_id, candidate, opening, source, at, event, stage"))
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	p.listColumns()
	counts := p.report.Table(p.file)
	for rec, more := csv.Next(); more; rec, more = csv.Next() {
		counts.Read++
		if !rec.Usable {
			p.skip(rec, "", "", rec.Code, rec.Message)
			continue
		}
		if rec.Code != "" {
			p.note(rec, "", "", rec.Code, interchange.Mapped, rec.Message)
		}
		p.row(rec)
	}
	return nil
}

func (p *planner) listColumns() {
	known := []string{"application_id", "candidate", "opening", "source", "at", "event", "stage", "email", "opened_at", "reason"}
	var unknown []string
	for _, c := range p.csv.Columns() {
		if !slices.Contains(known, c) {
			if c == "" {
				c = "(no name)"
			}
			unknown = append(unknown, c)
		}
	}
	if len(unknown) > 0 {
		p.report.UnknownColumns = append(p.report.UnknownColumns, interchange.UnknownColumns{File: p.file, Columns: unknown})
	}
}

func (p *planner) get(rec interchange.Record, column string) string {
	if at := p.csv.Place(column); at >= 0 {
		return rec.Fields[at]
	}
	return ""
}

// line is a value as one line of text. The same few are written again and again.
func (p *planner) line(rec interchange.Record, id, column string) string {
	given := p.get(rec, column)
	if clean, known := p.lines[given]; known {
		return clean
	}
	clean, cut := interchange.Line(given, interchange.MaxName)
	if cut {
		p.note(rec, id, column, interchange.CodeTooLong, interchange.Mapped, fmt.Sprintf("was cut to %d characters", interchange.MaxName))
	}
	p.lines[given] = clean
	return clean
}

func (p *planner) note(rec interchange.Record, id, column string, code interchange.Code, outcome interchange.Outcome, message string) {
	p.report.Add(interchange.RowIssue{File: p.file, Line: rec.Line, ID: id, Column: column, Code: code, Outcome: outcome, Message: message})
}

func (p *planner) skip(rec interchange.Record, id, column string, code interchange.Code, message string) {
	p.report.Table(p.file).Skipped++
	p.note(rec, id, column, code, interchange.Skipped, message)
}

// events are the words of the column event and what they mean; hiring is to
// enter the stage of the hired.
func event(word string) (kind funnel.EventKind, hire, known bool) {
	switch word {
	case "enter", "entered", "applied", "apply":
		return funnel.Enter, false, true
	case "reopen", "reopened":
		return funnel.Reopen, false, true
	case "reject", "rejected":
		return funnel.Reject, false, true
	case "withdraw", "withdrawn":
		return funnel.Withdraw, false, true
	case "hire", "hired":
		return funnel.Enter, true, true
	}
	return "", false, false
}

func eventWords() []string {
	return []string{"enter", "applied", "reopen", "reject", "withdraw", "hire"}
}

func (p *planner) row(rec interchange.Record) {
	id := interchange.ID(p.get(rec, "application_id"))
	if id == "" {
		p.skip(rec, "", "application_id", interchange.CodeNoID, "is empty or cannot be an id")
		return
	}
	at, ok := interchange.Time(p.get(rec, "at"))
	if !ok || at.IsZero() {
		p.skip(rec, id, "at", interchange.CodeInvalid, "is not a time that can be read")
		return
	}
	word := interchange.Slug(p.get(rec, "event"), interchange.MaxName)
	kind, hire, known := event(word)
	if near := interchange.Closest(word, eventWords()); !known && near != "" {
		p.note(rec, id, "event", interchange.CodeMisspelt, interchange.Mapped, fmt.Sprintf("%q was read as %q", word, near))
		kind, hire, known = event(near)
		word = near
	}
	if !known {
		p.skip(rec, id, "event", interchange.CodeUnknownValue, "is none of "+strings.Join(eventWords(), ", "))
		return
	}
	stage := p.line(rec, id, "stage")
	if strings.HasPrefix(word, "enter") && stage == "" {
		p.skip(rec, id, "stage", interchange.CodeInvalid, "is empty: enter needs a stage")
		return
	}
	a := p.application(rec, id)
	if a == nil {
		return
	}
	o := p.openings[a.opening]
	order := len(a.Marks)
	mark := func(kind funnel.EventKind, s *interchange.Stage) {
		a.Marks = append(a.Marks, interchange.Mark{Kind: kind, Stage: s, At: at, Order: order, Line: rec.Line, Reason: p.reason(rec, id)})
		order++
	}
	switch {
	case hire:
		if interchange.StageKind(stage) == "HIRED" {
			o.hired.Name = stage
		}
		mark(kind, o.hired)
	case stage == "":
		mark(kind, nil)
	case kind == funnel.Enter || kind == funnel.Reopen:
		mark(kind, p.stage(rec, o, stage))
	default:
		mark(funnel.Enter, p.stage(rec, o, stage))
		mark(kind, nil)
	}
}

func (p *planner) reason(rec interchange.Record, id string) string {
	reason, cut := interchange.Prose(p.get(rec, "reason"), interchange.MaxReason)
	if cut {
		p.note(rec, id, "reason", interchange.CodeTooLong, interchange.Mapped, fmt.Sprintf("was cut to %d characters", interchange.MaxReason))
	}
	return reason
}

// application is the application of a row; nil when its first row does not say
// for which opening, and then the row is skipped.
func (p *planner) application(rec interchange.Record, id string) *applying {
	candidate, opening, source := p.line(rec, id, "candidate"), p.line(rec, id, "opening"), p.line(rec, id, "source")
	email := hiring.NormalizeEmail(p.get(rec, "email"))
	if email == "" && strings.TrimSpace(p.get(rec, "email")) != "" {
		p.note(rec, id, "email", interchange.CodeInvalid, interchange.Mapped, "is not an e-mail address; left out")
	}
	a := p.applications[id]
	if a == nil {
		if opening == "" {
			p.skip(rec, id, "opening", interchange.CodeMissing, "is empty, and no earlier row of the application has it")
			return nil
		}
		a = &applying{candidate: candidate, opening: opening, email: email, source: source,
			Application: &interchange.Application{
				Reference: p.reference("application", id, rec.Line), History: p.file, HistoryFile: p.file, EventObject: "event",
			}}
		p.applications[id] = a
		p.order = append(p.order, a)
		o := p.opening(rec, opening)
		o.filed = append(o.filed, a)
		a.Opening = o.Opening
		return a
	}
	p.sameAs(rec, id, "candidate", &a.candidate, candidate, a)
	p.sameAs(rec, id, "opening", &a.opening, opening, a)
	p.sameAs(rec, id, "email", &a.email, email, a)
	p.sameAs(rec, id, "source", &a.source, source, a)
	return a
}

// sameAs keeps what the first row says, and reports one that says otherwise.
func (p *planner) sameAs(rec interchange.Record, id, column string, have *string, now string, a *applying) {
	switch {
	case now == "" || *have == now || a.reported[column]:
	case *have == "":
		*have = now
	default:
		if a.reported == nil {
			a.reported = map[string]bool{}
		}
		a.reported[column] = true
		p.note(rec, id, column, interchange.CodeConflict, interchange.Noted, "differs from the first row of the application, which holds")
	}
}

// reference is that of a record that rows imply.
func (p *planner) reference(object, id string, line int) interchange.Reference {
	counted := object + "s"
	return interchange.Reference{Key: interchange.Ref{Object: object, ID: id}, Counted: counted, Added: true, File: p.file, Line: line}
}

func (p *planner) opening(rec interchange.Record, title string) *role {
	if o := p.openings[title]; o != nil {
		return o
	}
	o := &role{byName: map[string]*step{}, Opening: &interchange.Opening{Reference: p.reference("opening", key(title), rec.Line), Title: title}}
	if opened, ok := interchange.Time(p.get(rec, "opened_at")); ok {
		o.OpenedAt = opened
	} else {
		p.note(rec, "", "opened_at", interchange.CodeInvalid, interchange.Mapped, "is not a time that can be read; taken as unknown")
	}
	o.hired = &interchange.Stage{Reference: p.reference("stage", key(strconv.Quote(title)+" hired"), rec.Line), Name: "Hired", Kind: "HIRED"}
	p.openings[title] = o
	p.world.Openings = append(p.world.Openings, o.Opening)
	return o
}

// stage is a stage of an opening, by its name, in whatever case.
func (p *planner) stage(rec interchange.Record, o *role, name string) *interchange.Stage {
	folded := strings.ToLower(name)
	if s := o.byName[folded]; s != nil {
		return s.Stage
	}
	if interchange.StageKind(name) == "HIRED" {
		o.hired.Name = name
		return o.hired
	}
	s := &step{index: len(o.steps), Stage: &interchange.Stage{Reference: p.reference("stage", key(strconv.Quote(o.Title)+" "+strconv.Quote(folded)), rec.Line), Name: name}}
	o.steps = append(o.steps, s)
	o.byName[folded] = s
	return s.Stage
}

// key is text as an id: itself, or a digest when it is long.
func key(text string) string {
	if len(text) <= 150 {
		return text
	}
	return digest(text)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// person is the candidate of an application: who is written the same is one.
func (p *planner) person(a *applying) *interchange.Candidate {
	name, email := a.candidate, a.email
	if email == "" {
		email = hiring.NormalizeEmail(name)
	}
	who := email
	if who == "" {
		who = strings.ToLower(name)
	}
	if who == "" {
		who = "application " + a.Key.ID
		name = fmt.Sprintf("Unnamed candidate (%s %s)", p.system, a.Key.ID)
	}
	if name == "" {
		name = email
	}
	c := p.candidates[who]
	if c == nil {
		ref := p.reference("candidate", digest(p.system+"\x00"+who), a.Line)
		ref.At = first(a.Marks)
		c = &interchange.Candidate{Reference: ref, Name: name}
		p.candidates[who] = c
		p.world.Candidates = append(p.world.Candidates, c)
		if email != "" {
			contact := p.reference("candidate", c.Key.ID+"#email", a.Line)
			contact.Counted = "e-mail addresses"
			c.Contacts = []*interchange.Contact{{Reference: contact, Kind: "EMAIL", Address: email, Normalized: email}}
		}
	}
	return c
}

func (p *planner) source(a *applying) *interchange.Source {
	if a.source == "" {
		return nil
	}
	s := p.sources[a.source]
	if s == nil {
		s = &interchange.Source{Reference: p.reference("source", key(a.source), a.Line), Name: a.source, Kind: sourceKind(a.source)}
		p.sources[a.source] = s
		p.world.Sources = append(p.world.Sources, s)
	}
	return s
}

// sourceKind is the kind of a source by its name.
func sourceKind(name string) string {
	slug := interchange.Slug(name, interchange.MaxName)
	for _, k := range []struct{ kind, words string }{
		{"REFERRAL", "referral referred employee"},
		{"AGENCY", "agency agencies headhunter"},
		{"INTERNAL", "internal"},
		{"SOURCED", "sourced sourcing outbound outreach prospecting"},
		{"JOB_BOARD", "board boards linkedin indeed glassdoor monster"},
		{"INBOUND", "inbound career careers website site organic direct"},
	} {
		for w := range strings.FieldsSeq(k.words) {
			if slices.Contains(strings.Split(slug, "_"), w) {
				return k.kind
			}
		}
	}
	return "OTHER"
}

func first(marks []interchange.Mark) (at time.Time) {
	for _, m := range marks {
		if at.IsZero() || m.At.Before(at) {
			at = m.At
		}
	}
	return at
}
