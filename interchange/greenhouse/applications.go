package greenhouse

import (
	"cmp"
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/interchange"
)

// applying is an application row with what it refers to.
type applying struct {
	*line
	who       string // the candidate's id: of who they became
	jobs      []*job
	prospect  bool
	converted bool
	status    string
	applied   time.Time
}

// applications makes an application of each row, for each of its jobs.
func (p *planner) applications() {
	p.filed = map[string][]*interchange.Application{}
	jobs := p.jobsOf()
	p.pools = map[string]string{}
	p.each("prospect_pool", func(l *line) {
		p.pools[l.id] = p.text(l, "name")
		p.folded(l)
	})
	var all []*applying
	p.each("application", func(l *line) {
		a := &applying{line: l, prospect: p.flag(l, "prospect"), applied: p.moment(l, "applied_at"),
			status: p.word(l, "status", "the history says where it stands", "active", "rejected", "hired", "converted")}
		a.converted = a.prospect && a.status == "converted"
		if a.who = l.ref("candidate_id"); a.who == "" {
			p.skip(l, "candidate_id", interchange.CodeNoID, "is empty or cannot be an id")
			return
		}
		if c := p.people[a.who]; c != nil {
			a.who = c.Key.ID
		}
		a.jobs = jobs[l.id]
		if s := p.stages[l.ref("current_stage_id")]; s != nil && len(a.jobs) == 0 {
			a.jobs = []*job{s.job}
			p.note(l, "", interchange.CodeInferred, interchange.Mapped, "no job_application names its job; taken from its stage")
		}
		all = append(all, a)
	})
	p.locate(all)
	for _, a := range all {
		if !a.converted {
			p.file(a)
		}
	}
	byCandidate := map[string][]*applying{}
	for _, a := range all {
		byCandidate[a.who] = append(byCandidate[a.who], a)
	}
	for _, a := range all {
		if a.converted {
			p.convert(a, byCandidate[a.who])
		}
	}
	p.seconds()
}

// jobsOf is by application its jobs, in the order of their ids.
func (p *planner) jobsOf() map[string][]*job {
	live := map[string]bool{}
	p.each("application", func(l *line) { live[l.id] = true })
	jobs := map[string][]*job{}
	p.each("job_application", func(l *line) {
		id := l.ref("application_id")
		if !live[id] {
			p.skip(l, "application_id", interchange.CodeMissing, "application "+id+" is not in the export")
			return
		}
		jobs[id] = append(jobs[id], p.job(l, "job_id"))
		p.folded(l)
	})
	for _, list := range jobs {
		slices.SortFunc(list, func(a, b *job) int { return lessID(a.id, b.id) })
	}
	return jobs
}

// locate gives candidates the place that their latest application names.
func (p *planner) locate(all []*applying) {
	latest := map[*interchange.Candidate]time.Time{}
	for _, a := range all {
		c, where := p.people[a.who], p.text(a.line, "location_address")
		if c == nil || where == "" {
			continue
		}
		if at, seen := latest[c]; !seen || !a.applied.Before(at) {
			latest[c], c.Location = a.applied, where
		}
	}
}

// file makes the applications of a row.
func (p *planner) file(a *applying) {
	l := a.line
	if c, pool := p.people[a.who], p.pools[l.ref("prospect_pool_id")]; c != nil && pool != "" {
		addTag(c, pool)
	}
	switch {
	case len(a.jobs) == 0 && a.prospect:
		p.skip(l, "", interchange.CodeProspect, "is a prospect for no job; the candidate is here, an application needs a job")
		return
	case len(a.jobs) == 0:
		p.skip(l, "", interchange.CodeMissing, "nothing in the export names its job")
		return
	}
	c := p.candidate(l, a.who)
	facts := interchange.Facts{
		AppliedAt: a.applied, EndedAt: p.moment(l, "rejected_at"), LastActivityAt: p.moment(l, "last_activity_at"),
		Lead: a.prospect, Known: c.At,
	}
	reason := p.reason(l, "rejected_reason_id")
	switch a.status {
	case "active":
		facts.Status, facts.EndedAt = funnel.StatusActive, time.Time{}
	case "hired":
		facts.Status, facts.EndedAt = funnel.StatusHired, time.Time{}
	case "rejected":
		facts.Status = funnel.StatusRejected
	case "converted": // of one that is no prospect: nothing is known of its end
		p.note(l, "status", interchange.CodeConflict, interchange.Mapped, "only a prospect is converted; the history says where it stands")
	}
	source, credited := p.source(l, "source_id"), p.member(l, "credited_to_user_id")
	for n, j := range a.jobs {
		one := &interchange.Application{
			Reference: l.reference(a.applied), Candidate: c, Opening: j.Opening, Source: source, Credited: credited,
			Reason: reason, Facts: facts, History: "application_history", HistoryFile: "application_history.csv", EventObject: "application_history",
		}
		// An application may get or lose jobs later, so it is known by its job.
		one.Key = interchange.Ref{Object: "job_application", ID: l.id + "/" + j.id}
		one.Also = []interchange.Ref{{Object: "application", ID: l.id}}
		if n > 0 {
			one.Also[0].ID += "/" + j.id
			one.Counted, one.Added = "applications for further jobs", true
		}
		if s := p.stage(l, "current_stage_id", a.jobs[0]); s != nil && s.job == j {
			one.Facts.Stage = s.Stage
		} else if s != nil && !slices.Contains(a.jobs, s.job) && n == 0 {
			p.note(l, "current_stage_id", interchange.CodeConflict, interchange.Mapped, "stage "+s.id+" is of another job; the history says where the application is")
		}
		if a.prospect {
			j.leads = true
		}
		p.filed[l.id] = append(p.filed[l.id], one)
		p.world.Applications = append(p.world.Applications, one)
	}
	if len(a.jobs) > 1 {
		p.note(l, "", interchange.CodeInferred, interchange.Noted, "is for several jobs; each has an application here")
	}
}

// convert makes a converted prospect part of the application that it became:
// the first of the same candidate that is no prospect and not from before,
// rather one for the same job.
func (p *planner) convert(a *applying, own []*applying) {
	var best *applying
	for _, b := range own {
		if b.prospect || b.converted || b.applied.Before(a.applied) || len(p.filed[b.id]) == 0 {
			continue
		}
		if best == nil || rank(a, b).less(rank(a, best)) {
			best = b
		}
	}
	if best == nil {
		a.converted, a.status = false, "active"
		p.note(a.line, "status", interchange.CodeProspect, interchange.Mapped, "was converted, but into no application of the export; taken as a prospect still")
		p.file(a)
		return
	}
	into := p.filed[best.id][0]
	into.Also = append(into.Also, interchange.Ref{Object: "application", ID: a.id})
	p.filed[a.id] = nil
	p.folded(a.line)
	p.note(a.line, "status", interchange.CodeProspect, interchange.Mapped, "is a converted prospect: part of application "+best.id)
}

// nearness orders what a prospect may have become.
type nearness struct {
	otherJob bool
	applied  time.Time
	id       string
}

func rank(prospect, b *applying) nearness {
	same := slices.ContainsFunc(b.jobs, func(j *job) bool { return slices.Contains(prospect.jobs, j) })
	return nearness{!same, b.applied, b.id}
}

func (n nearness) less(m nearness) bool {
	if n.otherJob != m.otherJob {
		return m.otherJob
	}
	return cmp.Or(n.applied.Compare(m.applied), lessID(n.id, m.id)) < 0
}

// applicationIn is the application of a row for an opening, nil when there is none.
func (p *planner) applicationIn(id string, o *interchange.Opening) *interchange.Application {
	for _, a := range p.filed[id] {
		if a.Opening == o {
			return a
		}
	}
	return nil
}

// seconds reports candidates who have two applications for one opening.
func (p *planner) seconds() {
	type pair struct {
		c *interchange.Candidate
		o *interchange.Opening
	}
	first := map[pair]*interchange.Application{}
	for _, a := range p.world.Applications {
		at := pair{a.Candidate, a.Opening}
		if first[at] == nil {
			first[at] = a
			continue
		}
		p.report.Add(interchange.RowIssue{File: a.File, Line: a.Line, ID: a.Also[0].ID, Code: interchange.CodeSecond, Outcome: interchange.Noted,
			Message: "the candidate has application " + first[at].Also[0].ID + " for the same job too; both were imported"})
	}
}

// unknownStages lets something stand in for stages that only the history names.
func (p *planner) unknownStages() {
	p.each("application_history", func(l *line) {
		if filed := p.filed[l.ref("application_id")]; len(filed) > 0 {
			p.stage(l, "new_stage_id", p.openings[filed[0].Opening.Key.ID])
		}
	})
}

// histories makes marks of the recorded history.
func (p *planner) histories() {
	p.each("application_history", func(l *line) {
		id := l.ref("application_id")
		filed, known := p.filed[id]
		at := p.moment(l, "updated_at")
		switch {
		case known && filed == nil:
			p.skip(l, "", interchange.CodeProspect, "is of a converted prospect; the history begins with its application")
			return
		case !known:
			p.skip(l, "application_id", interchange.CodeMissing, "application "+id+" was not imported")
			return
		case at.IsZero():
			p.skip(l, "updated_at", interchange.CodeInvalid, "the row does not say when")
			return
		}
		p.mark(l, filed, at)
	})
}

// mark makes the marks of one row of history: it says the stage and the status
// that the application had from then on. Of an application for several jobs a
// stage is of one, a status of all.
func (p *planner) mark(l *line, filed []*interchange.Application, at time.Time) {
	main := filed[0]
	s := p.stages[l.ref("new_stage_id")]
	status := p.word(l, "new_status", "only its stage was read", "active", "rejected", "hired", "converted")
	counted := false
	add := func(a *interchange.Application, kind funnel.EventKind, stage *interchange.Stage, order int) {
		a.Marks = append(a.Marks, interchange.Mark{Kind: kind, Stage: stage, At: at, Order: order, Line: l.number, Copy: counted && a != main})
	}
	enter := funnel.Enter
	if status == "active" {
		enter = funnel.Reopen
	}
	if s != nil {
		for _, a := range filed {
			if s.job != nil && s.job.Opening == a.Opening {
				add(a, enter, s.Stage, 1+slices.Index(a.Opening.Stages, s.Stage))
				main, counted = a, true
			}
		}
		if !counted {
			p.note(l, "new_stage_id", interchange.CodeConflict, interchange.Mapped, "stage "+s.id+" is of another job")
		}
	}
	const last = 1 << 20
	stageless := !counted
	for _, a := range filed {
		hired := a.Opening.Stages[len(a.Opening.Stages)-1]
		switch status {
		case "hired":
			add(a, funnel.Enter, hired, last)
		case "rejected":
			add(a, funnel.Reject, nil, last)
		case "active":
			if stageless {
				add(a, funnel.Reopen, nil, 0)
			}
		default:
			continue
		}
		counted = true
	}
	if !counted {
		p.skip(l, "", interchange.CodeNoMove, "the row says neither a stage of its job nor a status")
	}
}
