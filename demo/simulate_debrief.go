package demo

import (
	"fmt"
	"time"

	"hireloop/rubric"
)

// debrief is the meeting over a loop, with what it had before it.
type debrief struct {
	by             *member
	opened, closed time.Time
	fit            rubric.Fit // as it was opened, like all of the packet
	apart          []rubric.SignalDisagreement
	advice         []advice
	due            []dueCard
	lateReason     string // why it was held although cards were due
	coverage       []rubric.CoverageReport
	settled        []settlement
	summary        string
}

// advice is the overall advice of a card.
type advice struct {
	card *card
	text string // "" for none
}

// dueCard is a card that was missing.
type dueCard struct {
	card    *card
	session *session
}

// settlement is how people came to agree about a signal.
type settlement struct {
	signal, text string
	at           time.Time
}

// meet simulates the debrief before a decision. It begins when the last thing
// that the decision rests on is in, so that it has the same before it.
func (p *panel) meet(r random, l *loop, d *decision, cards []rubric.Scorecard, levels []string) (*debrief, error) {
	b := &debrief{by: p.manager, fit: d.fit, summary: p.words.any(r, "minutes")}
	b.opened = later(l.lastWord(d.at), d.at.Add(-time.Duration(40+r.IntN(50))*time.Minute))
	b.closed = b.opened.Add(d.at.Sub(b.opened) * 4 / 5).Truncate(time.Second)
	b.closed = later(b.opened, b.closed)
	var err error
	if b.apart, err = rubric.Disagreement(p.builtin.Edition, cards); err != nil {
		return nil, fmt.Errorf("an impossible loop: %w", err)
	}
	at := 0
	for i := range l.sessions {
		s := &l.sessions[i]
		for k := range s.cards {
			switch c := &s.cards[k]; {
			case cards[at].Counts():
				b.advice = append(b.advice, advice{c, string(cards[at].Recommendation)})
			case cards[at].Status == rubric.ScorecardDraft && !c.shadow && !s.made.After(b.opened):
				b.due = append(b.due, dueCard{c, s})
			}
			at++
		}
	}
	if len(b.due) > 0 {
		b.lateReason = p.words.any(r, "meeting early")
	}
	for n := range levels { // of the target, which is the last, first
		n = (n + len(levels) - 1) % len(levels)
		b.coverage = append(b.coverage, rubric.Coverage(p.builtin.Ladder, p.builtin.Edition, levels[n],
			l.planned(b.opened), p.manager.id.String()))
	}
	for _, signal := range b.apart {
		if signal.AtOdds && r.chance(.85) {
			at := b.opened.Add(b.closed.Sub(b.opened) / 2).Truncate(time.Second)
			b.settled = append(b.settled, settlement{signal.Signal, p.words.any(r, "settlements", "{signal}", title(signal.Signal)), later(b.opened, at)})
		}
	}
	return b, nil
}

// lastWord is when the last thing was said that counts then.
func (l *loop) lastWord(then time.Time) (last time.Time) {
	add := func(t time.Time) {
		if !t.After(then) {
			last = later(last, t)
		}
	}
	for i := range l.sessions {
		for k := range l.sessions[i].cards {
			c := &l.sessions[i].cards[k]
			if c.submitted.IsZero() {
				continue
			}
			for n := range c.revisions {
				add(c.revisions[n].at)
			}
			for n := range c.flags {
				add(c.flags[n].confirmed)
			}
		}
	}
	return last
}

// planned are the interviews that took place or were to, as of then, without
// those who only learn.
func (l *loop) planned(then time.Time) []rubric.Session {
	var sessions []rubric.Session
	for _, s := range l.sessions {
		if s.made.After(then) || s.status == "NO_SHOW" && !s.ends.After(then) || s.status == "CANCELLED" && !s.called.After(then) {
			continue
		}
		session := rubric.Session{Key: s.key, Name: s.name, Minutes: s.minutes, FocusSignals: s.signals}
		for _, seat := range s.seats {
			if !seat.shadow {
				session.Seats = append(session.Seats, seat.member.id.String())
			}
		}
		sessions = append(sessions, session)
	}
	return sessions
}
