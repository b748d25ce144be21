package demo

import (
	"time"

	"hireloop/internal/access"
	"hireloop/internal/bearer"
	"hireloop/internal/gid"
)

// liveOpening is an opening with its people, its rows' ids and its outcome.
type liveOpening struct {
	*opening
	number    int
	id        gid.ID
	stages    []gid.ID
	manager   *member
	recruiter *member
	panel     panel
	outcome   outcome
	filledBy  map[*story]gid.ID // applications that were hired
}

// liveOpening simulates an opening.
func (w *writer) liveOpening(r random, number int, o *opening, c *company) (*liveOpening, error) {
	k := c.circles[o.circle]
	live := &liveOpening{
		opening: o, number: number,
		manager: k.managers[o.manager], recruiter: k.recruiters[o.recruiter],
		filledBy: map[*story]gid.ID{},
	}
	live.panel = panel{
		plan: w.plans[o.level].sessions, manager: live.manager, recruiter: live.recruiter, content: w.content,
		gates:  w.gates(o.level),
		bySeat: map[string][]*member{},
	}
	if o.present == onsite {
		live.panel.owing = k.owing()
		live.panel.all = append(live.panel.all, live.panel.owing)
	}
	for _, i := range interviewers() { // a team does not need everybody
		team := k.bySeat[i.seat]
		at := r.IntN(len(team))
		for n := range (len(team) + 1) / 2 {
			m := team[(at+n)%len(team)]
			if m == live.panel.owing {
				continue // is in the team already
			}
			live.panel.bySeat[i.seat] = append(live.panel.bySeat[i.seat], m)
			live.panel.all = append(live.panel.all, m)
		}
	}
	if o.fate == drafted {
		live.outcome = outcome{fate: drafted, seats: o.seats}
		return live, nil
	}
	var err error
	live.outcome, err = live.course.run(r, w.now)
	return live, err
}

func (w *writer) writeCompany(c *company) {
	since := w.now.Add(-900 * day)
	for _, name := range departments() {
		id := w.ids.At(gid.Department, since)
		w.placed[name] = id
		w.add(&w.departments, id, since, since, name)
	}
	for _, p := range places() {
		id := w.ids.At(gid.Location, since)
		w.placed[p.name] = id
		w.add(&w.locations, id, since, since, p.name, p.zone)
	}
	for _, m := range c.members {
		m.id = w.ids.At(gid.Member, m.joined)
		changed := m.joined
		if !m.left.IsZero() {
			changed = m.left
		}
		w.add(&w.members, m.id, m.joined, changed, m.name, m.email, m.title, m.roles, moment(m.left))
	}
}

// writeAPIKeys shows what keys look like. They let nobody in: nobody knows a secret
// whose SHA-256 is zero.
func (w *writer) writeAPIKeys(world *World) {
	digest := make([]byte, bearer.DigestSize)
	for _, key := range []struct {
		name, scope string
		member      gid.ID
		role        access.Role
		lastUsed    time.Time
	}{
		{"Data warehouse", "READ", world.Admin, access.Admin, w.now.Add(-2 * time.Hour)},
		{"Careers page", "WRITE", world.Recruiter, access.Recruiter, time.Time{}},
	} {
		at := w.now.Add(-20 * day)
		w.add(&w.apiKeys, w.ids.At(gid.ApiKey, at), at, at, key.member, key.name, key.scope, []access.Role{key.role}, digest,
			w.now.Add(70*day), moment(key.lastUsed))
	}
}

func (w *writer) writeOpening(r random, o *liveOpening) {
	o.id = w.ids.At(gid.Opening, o.created)
	version, changed := 1, o.created
	happened := func(at time.Time) {
		version++
		if at.After(changed) {
			changed = at
		}
	}
	var opened, pausedAt time.Time
	var rubric any
	if o.fate != drafted {
		opened, rubric = o.opened, w.rubric
		happened(opened)
	}
	for _, s := range o.outcome.hires {
		happened(s.hiredAt())
	}
	if o.outcome.fate == paused {
		pausedAt = o.ended
		happened(pausedAt)
	}
	closing := ""
	if o.outcome.fate == cancelled {
		closing = w.words.any(r, "closings")
		happened(o.outcome.closed)
	}
	w.add(&w.openings, o.id, o.created, changed, o.title, string(o.outcome.fate), o.requisition,
		w.words.any(r, "descriptions", "{product}", o.product), w.placed[o.department],
		w.levels[o.level], o.archetype, o.workplace, "FULL_TIME", o.pays.low, o.pays.high, o.pays.currency,
		o.confidential, o.critical, rubric, moment(opened), moment(pausedAt),
		moment(o.outcome.closed), text(closing), version)
	for _, key := range o.levels {
		w.add(&w.allowed, o.id, w.levels[key])
	}
	for _, p := range o.places {
		w.add(&w.places, o.id, w.placed[p.name])
	}
	member := func(m *member, role string) {
		w.add(&w.team, w.ids.At(gid.HiringTeamMember, o.created), o.id, m.id, role)
	}
	member(o.manager, "HIRING_MANAGER")
	member(o.recruiter, "RECRUITER")
	for _, m := range o.panel.all {
		member(m, "INTERVIEWER")
	}
	for _, s := range w.pipeline {
		id := w.ids.At(gid.Stage, o.created)
		o.stages = append(o.stages, id)
		w.add(&w.stages, id, o.id, s.Position, s.Name, string(s.Kind), s.SLADays)
	}
}

// writeSeats fills the seats with those who were hired, in that order.
func (w *writer) writeSeats(r random, o *liveOpening) {
	opened := o.opened
	if o.fate == drafted {
		opened = o.created
	}
	start := time.Date(opened.Year(), opened.Month()+4, 1, 0, 0, 0, 0, time.UTC)
	for n := range o.outcome.seats {
		status, version, changed := "OPEN", 1, opened
		var application gid.ID
		var filledAt, closedAt time.Time
		reason := ""
		switch {
		case n < len(o.outcome.hires):
			s := o.outcome.hires[n]
			status, version, application = "FILLED", 2, o.filledBy[s]
			filledAt, changed = s.hiredAt(), s.hiredAt()
		case o.outcome.fate == cancelled:
			status, version, reason = "CLOSED", 2, w.words.any(r, "closings")
			closedAt, changed = o.outcome.closed, o.outcome.closed
		}
		w.add(&w.seats, w.ids.At(gid.Seat, opened), opened, changed, o.id, n+1, status, ref(application),
			o.confidential || r.chance(.2), start, opened, moment(filledAt), moment(closedAt), text(reason), version)
	}
}
