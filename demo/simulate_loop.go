package demo

import (
	"math"
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// loop is the interviews of one application.
type loop struct {
	id       gid.ID
	began    time.Time
	status   string
	sessions []session
}

// session is one interview.
type session struct {
	id gid.ID
	plannedSession
	status       string
	made         time.Time
	starts, ends time.Time // zero while planned
	called       time.Time // off
	seats        []seat
	cards        []card
}

// seat is a place in an interview.
type seat struct {
	role   string
	member *member
	shadow bool
}

const (
	noShow     = .015
	trainee    = .03      // chance of an interview to have a shadow
	planAhead  = 10 * day // further away, interviews have no time yet
	breakAfter = 90 * time.Minute
)

// panel is who interviews for an opening and what the plan of its level asks.
type panel struct {
	plan      []plannedSession
	manager   *member
	recruiter *member
	owing     *member // who owes a card wherever interviews are under way; nil for nobody
	bySeat    map[string][]*member
	all       []*member
	gates     map[string]bool // keys of the must-haves of the level
	*content
}

// gates are the keys of the must-haves of a level.
func (c *content) gates(level string) map[string]bool {
	gates := map[string]bool{}
	for _, s := range c.builtin.Edition.Signals {
		if demand, asked := s.Effective(c.builtin.Ladder, level); asked && demand.MustHave {
			gates[s.Key] = true
		}
	}
	return gates
}

// loop simulates the interviews of a story as they stand now; nil when it has
// not come so far. h is the story's history.
func (p *panel) loop(r random, s *story, h funnel.History, now time.Time) *loop {
	first := slices.IndexFunc(h.Visits, func(v funnel.Visit) bool { return v.Stage >= managerScreen })
	if first < 0 || len(p.plan) == 0 {
		return nil
	}
	l := &loop{began: h.Visits[first].EnteredAt}
	var closed time.Time
	if h.Status == funnel.StatusRejected || h.Status == funnel.StatusWithdrawn {
		closed = h.ClosedAt
	}
	sessions := p.plan
	if stay, ok := lastStay(s.stays, managerScreen); ok {
		at := r.office(portion(stay, r.between(.3, .6)), stay.EnteredAt)
		l.sessions = append(l.sessions, p.session(r, sessions[0], l.began, fit(at, sessions[0], stay), closed, now))
		sessions = sessions[1:]
	}
	if at := slices.IndexFunc(h.Visits, func(v funnel.Visit) bool { return v.Stage == onsite }); at >= 0 {
		made := h.Visits[at].EnteredAt
		stay, _ := lastStay(s.stays, onsite)
		times := onsiteTimes(r, stay, sessions)
		if s.underway {
			times = halfway(sessions, now)
		}
		for i, at := range times {
			l.sessions = append(l.sessions, p.session(r, sessions[i], made, at, closed, now))
		}
		if s.underway {
			l.takePlace()
		}
		l.repeatMissed(r, p, stay, closed, now)
	}
	p.seat(r, s, l)
	var open []string // that interviews did not come to
	for i := range l.sessions {
		open = p.fillIn(r, s, &l.sessions[i], h, open, now)
	}
	l.settle(h)
	return l
}

func lastStay(stays []funnel.Visit, stage int) (funnel.Visit, bool) {
	for _, v := range slices.Backward(stays) {
		if v.Stage == stage {
			return v, true
		}
	}
	return funnel.Visit{}, false
}

// portion is a moment within a stay.
func portion(stay funnel.Visit, share float64) time.Time {
	return stay.EnteredAt.Add(time.Duration(share * float64(stay.ExitedAt.Sub(stay.EnteredAt)))).Truncate(time.Minute)
}

// fit moves an interview to the middle of a stay that it would outlast.
func fit(at time.Time, p plannedSession, stay funnel.Visit) time.Time {
	if at.Add(p.length()).Before(stay.ExitedAt) {
		return at.Truncate(time.Minute)
	}
	return portion(stay, .5)
}

// onsiteTimes spreads interviews over two days of a stay. Of those who withdraw
// many do it before.
func onsiteTimes(r random, stay funnel.Visit, sessions []plannedSession) []time.Time {
	share := r.between(.3, .5)
	if stay.Outcome == funnel.Withdrawn {
		share = r.between(.4, 1.2)
	}
	morning := r.office(portion(stay, share), stay.EnteredAt).Truncate(day).Add(9 * time.Hour)
	if morning.Before(stay.EnteredAt) {
		morning = morning.Add(day)
	}
	times := make([]time.Time, len(sessions))
	for i := range sessions {
		at := morning.Add(time.Duration(i%3) * breakAfter)
		if i >= 3 {
			at = at.Add(day)
		}
		times[i] = at
		if stay.Outcome != funnel.Withdrawn && !at.Add(2*time.Hour).Before(stay.ExitedAt) {
			for k := range times { // a hurried onsite: even spread
				times[k] = portion(stay, float64(k+1)/float64(len(times)+3))
			}
			break
		}
	}
	return times
}

// halfway is when the interviews of an onsite take place that is under way: one
// part on the working day before now, the rest on the one after.
func halfway(sessions []plannedSession, now time.Time) []time.Time {
	working := func(t time.Time, step time.Duration) time.Time {
		for t = t.Add(step); t.Weekday() == time.Saturday || t.Weekday() == time.Sunday; {
			t = t.Add(step)
		}
		return t.Add(9 * time.Hour)
	}
	today := now.Truncate(day)
	times := make([]time.Time, len(sessions))
	for i := range times {
		morning := working(today, -day)
		if i >= (len(times)+1)/2 {
			morning = working(today, day)
		}
		times[i] = morning.Add(time.Duration(i%3) * breakAfter)
	}
	return times
}

// takePlace makes the candidate come to every interview.
func (l *loop) takePlace() {
	for i := range l.sessions {
		if s := &l.sessions[i]; s.status == "NO_SHOW" {
			s.status = "COMPLETED"
		}
	}
}

// session is an interview as it stands now; closed is when its application
// ended without a hire.
func (p *panel) session(r random, plan plannedSession, made, at, closed, now time.Time) session {
	s := session{plannedSession: plan, made: made, starts: at, ends: at.Add(plan.length())}
	switch {
	case !closed.IsZero() && !s.ends.Before(closed):
		s.status, s.called = "CANCELLED", closed
	case s.ends.After(now) && s.starts.Sub(now) < planAhead:
		s.status = "SCHEDULED"
	case s.ends.After(now):
		s.status, s.starts, s.ends = "PLANNED", time.Time{}, time.Time{}
	case r.chance(noShow):
		s.status = "NO_SHOW"
	default:
		s.status = "COMPLETED"
	}
	return s
}

// repeatMissed gives most interviews whose candidate did not come another time.
func (l *loop) repeatMissed(r random, p *panel, stay funnel.Visit, closed, now time.Time) {
	for _, missed := range slices.Clone(l.sessions) {
		if missed.status != "NO_SHOW" {
			continue
		}
		at := r.office(missed.ends.Add(2*day), missed.ends).Truncate(time.Minute)
		if at.Add(2 * time.Hour).Before(stay.ExitedAt) {
			l.sessions = append(l.sessions, p.session(r, missed.plannedSession, missed.ends, at, closed, now))
		}
	}
}

// seat finds people for the interviews, nobody twice where that is possible, and
// nobody who brought the candidate in.
func (p *panel) seat(r random, s *story, l *loop) {
	taken := map[*member]bool{}
	if s.credited != nil {
		taken[s.credited] = true
	}
	owes := p.owing != nil && s.underway
	if owes {
		taken[p.owing] = true
	}
	take := func(role string) *member {
		if role == "hiring_manager" {
			taken[p.manager] = true
			return p.manager
		}
		for _, from := range [][]*member{p.bySeat[role], p.all} {
			var free []*member
			for _, m := range from {
				if !taken[m] && m != p.manager {
					free = append(free, m)
				}
			}
			if len(free) > 0 {
				m := pick(r, free)
				taken[m] = true
				return m
			}
		}
		return p.manager
	}
	for i := range l.sessions {
		s := &l.sessions[i]
		for _, role := range s.roles {
			if owes && role == p.owing.seat {
				s.seats = append(s.seats, seat{role: role, member: p.owing})
				continue
			}
			s.seats = append(s.seats, seat{role: role, member: take(role)})
		}
		if r.chance(trainee) {
			s.seats = append(s.seats, seat{role: "shadow", member: take("shadow"), shadow: true})
		}
	}
}

// settle says where the loop stands.
func (l *loop) settle(h funnel.History) {
	held, outstanding := 0, 0
	for _, s := range l.sessions {
		switch s.status {
		case "COMPLETED":
			held++
		case "PLANNED", "SCHEDULED":
			outstanding++
		}
	}
	onsiteToCome := h.Status == funnel.StatusActive && h.Stage <= managerScreen
	switch {
	case outstanding > 0 || onsiteToCome:
		l.status = "ACTIVE"
	case held > 0:
		l.status = "COMPLETED"
	default:
		l.status = "CANCELLED"
	}
}

func clampRating(x float64) int { return int(min(4, max(1, math.Round(x)))) }
