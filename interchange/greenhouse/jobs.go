package greenhouse

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hireloop/interchange"
)

// job is an opening on its way.
type job struct {
	*interchange.Opening
	id       string
	status   string // of the job: open, closed or draft; "" when unknown
	steps    []*step
	leads    bool    // prospects are considered for it
	openings []*line // job_opening
	updated  time.Time
}

// step is a stage on its way.
type step struct {
	*interchange.Stage
	job      *job
	id       string
	position int // as given; 0 when not
}

// jobs makes openings of jobs, without what follows from applications.
func (p *planner) jobs() {
	p.openings, p.stages = map[string]*job{}, map[string]*step{}
	p.each("job", func(l *line) {
		j := &job{id: l.id, status: p.word(l, "status", "taken as open when it has no time of closing", "open", "closed", "draft"), updated: l.updated()}
		j.Opening = &interchange.Opening{
			Reference: l.reference(p.moment(l, "created_at")), Title: p.text(l, "name"), Requisition: p.text(l, "requisition_id"),
			Description: p.prose(l, "notes"), Confidential: p.flag(l, "confidential"), ClosedAt: p.moment(l, "closed_at"),
		}
		if j.Title == "" {
			j.Title = p.unnamed("job", l.id)
		}
		if j.status == "" {
			j.status = "open"
			if !j.ClosedAt.IsZero() {
				j.status = "closed"
			}
		}
		p.addJob(j)
	})
	p.each("job_department", func(l *line) {
		j := p.openings[l.ref("job_id")]
		switch {
		case j == nil:
			p.skip(l, "job_id", interchange.CodeMissing, "job "+l.ref("job_id")+" is not in the export")
		case j.Department != nil:
			p.skip(l, "department_id", interchange.CodeConflict, "the job is in department "+j.Department.Key.ID+" already; an opening has one")
		default:
			j.Department = p.department(l, "department_id")
			p.folded(l)
		}
	})
	p.each("job_office", func(l *line) {
		j := p.openings[l.ref("job_id")]
		if j == nil {
			p.skip(l, "job_id", interchange.CodeMissing, "job "+l.ref("job_id")+" is not in the export")
			return
		}
		j.Locations = append(j.Locations, p.location(l, "office_id"))
		p.folded(l)
	})
	p.planStages()
}

// planStages makes the stages of jobs. A job that the export lacks is stood in
// for when an application is in it.
func (p *planner) planStages() {
	filed, used := map[string]bool{}, map[string]bool{}
	p.each("application", func(l *line) { filed[l.id], used[l.ref("current_stage_id")] = true, true })
	p.each("application_history", func(l *line) {
		if filed[l.ref("application_id")] {
			used[l.ref("new_stage_id")] = true
		}
	})
	p.each("job_application", func(l *line) {
		if filed[l.ref("application_id")] {
			p.job(l, "job_id")
		}
	})
	p.each("job_stage", func(l *line) {
		j := p.openings[l.ref("job_id")]
		if j == nil {
			if l.ref("job_id") == "" || !used[l.id] {
				p.skip(l, "job_id", interchange.CodeMissing, "job "+l.ref("job_id")+" is not in the export")
				return
			}
			j = p.job(l, "job_id")
		}
		name := p.text(l, "name")
		if name == "" {
			name = p.unnamed("stage", l.id)
		}
		p.addStage(j, l.id, &interchange.Stage{Reference: l.reference(p.moment(l, "created_at")), Name: name}).position = place(l)
	})
}

// place is where the export says that a stage is, from 1; 0 when it does not.
func place(l *line) int {
	given := cmp.Or(l.ref("position"), l.ref("priority"))
	if given == "" {
		return 0
	}
	n := 0
	for _, r := range given {
		if r < '0' || r > '9' || n > 1_000_000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n + 1
}

func (p *planner) addJob(j *job) {
	p.openings[j.id] = j
	p.world.Openings = append(p.world.Openings, j.Opening)
}

// job is the opening that a row needs; one stands in for an unknown job. It is
// nil when the row names none.
func (p *planner) job(by *line, column string) *job {
	id := by.ref(column)
	if id == "" {
		return nil
	}
	if j := p.openings[id]; j != nil {
		return j
	}
	ref, name := p.stand("job", "job", id, by, column)
	j := &job{id: id, Opening: &interchange.Opening{Reference: ref, Title: name}}
	p.addJob(j)
	return j
}

// stage is the stage of a job that a row needs; one stands in for an unknown
// stage. It is nil when the row names none, and of another job when it is.
func (p *planner) stage(by *line, column string, of *job) *step {
	id := by.ref(column)
	if id == "" || p.stages[id] != nil {
		return p.stages[id]
	}
	ref, name := p.stand("job_stage", "stage", id, by, column)
	return p.addStage(of, id, &interchange.Stage{Reference: ref, Name: name})
}

// addStage adds a stage to a job. It is known by both: in a damaged export a
// stage can be of another job than in the one before.
func (p *planner) addStage(j *job, id string, stage *interchange.Stage) *step {
	stage.Key.ID = j.id + "/" + id
	stage.Also = []interchange.Ref{{Object: "job_stage", ID: id}}
	s := &step{Stage: stage, job: j, id: id}
	j.steps = append(j.steps, s)
	p.stages[id] = s
	return s
}

// seats makes seats of job openings, and settles what follows for openings from
// their seats and hires.
func (p *planner) seats() {
	reasons := map[string]string{}
	p.each("close_reason", func(l *line) {
		reasons[l.id] = p.text(l, "name")
		p.folded(l)
	})
	p.each("job_opening", func(l *line) {
		j := p.openings[l.ref("job_id")]
		if j == nil {
			p.skip(l, "job_id", interchange.CodeMissing, "job "+l.ref("job_id")+" is not in the export")
			return
		}
		j.openings = append(j.openings, l)
	})
	filed := map[*interchange.Opening][]*interchange.Application{}
	for _, a := range p.world.Applications {
		filed[a.Opening] = append(filed[a.Opening], a)
	}
	for _, o := range p.world.Openings {
		j := p.openings[o.Key.ID]
		slices.SortStableFunc(j.openings, func(a, b *line) int {
			return cmp.Or(opened(a).Compare(opened(b)), lessID(a.id, b.id))
		})
		for _, l := range j.openings {
			p.planSeat(j, l, reasons)
		}
		p.settleOpening(j, filed[o])
	}
}

func opened(l *line) time.Time {
	t, _ := interchange.Time(l.get("opened_at"))
	return t
}

func (p *planner) planSeat(j *job, l *line, reasons map[string]string) {
	s := &interchange.Seat{Reference: l.reference(p.moment(l, "opened_at")), Status: "OPEN"}
	s.Key.ID, s.Also = j.id+"/"+l.id, []interchange.Ref{s.Key} // known by both, as a stage is
	s.OpenedAt, s.ClosedAt = s.At, p.moment(l, "closed_at")
	status := p.word(l, "status", "taken as closed when it has a time of closing", "open", "closed")
	if status == "closed" || status == "" && !s.ClosedAt.IsZero() {
		s.Status = "CLOSED"
	}
	if s.Status == "OPEN" && j.status == "closed" {
		s.Status = "CLOSED"
		p.note(l, "status", interchange.CodeConflict, interchange.Mapped, "the job is closed; so is this opening of it")
	}
	if s.Status == "CLOSED" {
		s.CloseReason = cmp.Or(reasons[l.ref("close_reason_id")], "closed in "+p.system)
	}
	if id := l.ref("application_id"); id != "" {
		if a := p.applicationIn(id, j.Opening); a != nil {
			s.Application = a
		} else {
			s.Status, s.CloseReason = "CLOSED", "filled by an application that is not here"
			issue := l.issue("application_id", interchange.CodeMissing, interchange.Mapped,
				"application "+id+" is not in the export for this job; the seat is closed without it")
			s.Stands = &issue // a later export without the application does not empty the seat
		}
	}
	j.Seats = append(j.Seats, s)
}

// settleOpening decides the state of an opening from its seats and hires.
func (p *planner) settleOpening(j *job, applications []*interchange.Application) {
	o := j.Opening
	hired, active, first := false, false, time.Time{}
	for _, a := range applications {
		hired = hired || a.Facts.Status == "HIRED"
		active = active || a.Facts.Status == "ACTIVE"
		if at := a.Facts.AppliedAt; !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	filled := hired
	var lastClosed time.Time
	for _, s := range o.Seats {
		filled = filled || s.Application != nil
		if s.ClosedAt.After(lastClosed) {
			lastClosed = s.ClosedAt
		}
		if !s.OpenedAt.IsZero() && (o.OpenedAt.IsZero() || s.OpenedAt.Before(o.OpenedAt)) {
			o.OpenedAt = s.OpenedAt
		}
	}
	if o.OpenedAt.IsZero() {
		o.OpenedAt = firstTime(o.At, first, lastClosed, o.ClosedAt, j.updated)
	}
	status := j.status
	if status == "" { // stands in for a job: what its applications say
		status = "closed"
		if active {
			status = "open"
		}
	}
	switch status {
	case "draft":
		o.Status, o.OpenedAt, o.ClosedAt = "DRAFT", time.Time{}, time.Time{}
	case "open":
		o.Status, o.ClosedAt = "OPEN", time.Time{}
	default:
		o.ClosedAt = firstTime(o.ClosedAt, lastClosed, j.updated)
		o.Status, o.CloseReason = "CANCELLED", "closed in "+p.system
		if filled {
			o.Status, o.CloseReason = "FILLED", ""
		}
	}
	if o.Status != "CANCELLED" && o.Status != "FILLED" && len(o.Seats) == 0 {
		o.Seats = append(o.Seats, &interchange.Seat{
			Reference: interchange.Reference{Key: interchange.Ref{Object: "job_opening", ID: "job:" + j.id},
				Counted: "seats of jobs without one", Added: true, File: o.File, Line: o.Line},
			Status: "OPEN", OpenedAt: o.OpenedAt, Spare: true,
		})
	}
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// teams makes hiring teams.
func (p *planner) teams() {
	words := map[string]string{
		"hiring_managers": "HIRING_MANAGER", "hiring_manager": "HIRING_MANAGER", "recruiters": "RECRUITER", "recruiter": "RECRUITER",
		"coordinators": "COORDINATOR", "coordinator": "COORDINATOR", "sourcers": "SOURCER", "sourcer": "SOURCER",
		"interviewers": "INTERVIEWER", "interviewer": "INTERVIEWER",
	}
	known := []string{"hiring_managers", "recruiters", "coordinators", "sourcers", "interviewers"}
	seen := map[string]bool{}
	p.each("hiring_team", func(l *line) {
		j := p.openings[l.ref("job_id")]
		if j == nil {
			p.skip(l, "job_id", interchange.CodeMissing, "job "+l.ref("job_id")+" is not in the export")
			return
		}
		role := words[interchange.Slug(l.get("role"), interchange.MaxName)]
		if near := interchange.Closest(interchange.Slug(l.get("role"), interchange.MaxName), known); role == "" && near != "" {
			role = words[near]
			p.note(l, "role", interchange.CodeMisspelt, interchange.Mapped, "was read as "+near)
		}
		if role == "" {
			p.skip(l, "role", interchange.CodeUnknownValue, "is none of "+strings.Join(known, ", "))
			return
		}
		m := p.member(l, "user_id")
		key := j.id + "/" + role + "/" + l.ref("user_id")
		if seen[key] {
			p.skip(l, "", interchange.CodeDuplicate, "the team has that member in that role already")
			return
		}
		seen[key] = true
		if role == "HIRING_MANAGER" {
			p.roles[m]["HIRING_MANAGER"] = true
		}
		ref := l.reference(time.Time{})
		ref.Key.ID = key
		j.Team = append(j.Team, &interchange.TeamMember{Reference: ref, Member: m, Role: role})
	})
}
