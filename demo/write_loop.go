package demo

import (
	"time"

	"hireloop/internal/gid"
)

// handedIn is when the last scorecard was; zero when none was.
func (l *loop) handedIn() (last time.Time) {
	for _, i := range l.sessions {
		for _, c := range i.cards {
			last = later(last, c.submitted)
		}
	}
	return last
}

// identify gives the loop, its interviews and their cards their ids, by which
// decisions name what they rest on.
func (l *loop) identify(ids *gid.Generator) {
	l.id = ids.At(gid.Loop, l.began)
	for i := range l.sessions {
		s := &l.sessions[i]
		s.id = ids.At(gid.Interview, s.made)
		for k := range s.cards {
			s.cards[k].id = ids.At(gid.Scorecard, s.made)
		}
	}
}

func (w *writer) writeLoop(o *liveOpening, application gid.ID, l *loop) {
	changed := later(l.began, l.handedIn())
	w.add(&w.loops, l.id, l.began, changed, application, w.rubric, w.levels[o.level], w.plans[o.level].id,
		l.status, "OWN_SUBMITTED", 1)
	for n, i := range l.sessions {
		version, changed := 1, i.made
		switch i.status {
		case "SCHEDULED":
			version = 2
		case "COMPLETED", "NO_SHOW":
			version, changed = 3, later(i.made, i.ends)
		case "CANCELLED":
			version, changed = 3, later(i.made, i.called)
		}
		w.add(&w.interviews, i.id, i.made, changed, l.id, n, i.key, i.name, i.signals, i.status,
			i.minutes, moment(i.starts), moment(i.ends), version)
		for k, s := range i.seats {
			w.add(&w.interviewSeats, w.ids.At(gid.InterviewSeat, i.made), i.id, k, s.role, s.member.id, s.shadow)
		}
		for _, c := range i.cards {
			w.writeCard(application, l, &i, &c)
		}
	}
	if o.panel.owing != nil && l.status == "ACTIVE" && l.owedBy(o.panel.owing) && !l.handedIn().IsZero() {
		w.owing = append(w.owing, l.id)
	}
}

// owedBy reports whether a member has a card to hand in of an interview that is
// over.
func (l *loop) owedBy(m *member) bool {
	for _, s := range l.sessions {
		for _, c := range s.cards {
			if c.by == m && c.status == "DRAFT" && s.status == "COMPLETED" {
				return true
			}
		}
	}
	return false
}

func (w *writer) writeCard(application gid.ID, l *loop, i *session, c *card) {
	id := c.id
	revisions := make([]gid.ID, len(c.revisions))
	changed := i.made
	var current, advice, onTime any
	for n, rev := range c.revisions {
		revisions[n] = w.ids.At(gid.ScorecardRevision, rev.at)
		changed, current, advice = rev.at, revisions[n], text(rev.recommendation)
	}
	if !c.submitted.IsZero() {
		onTime = !c.submitted.After(c.due)
	}
	if c.status == "VOID" {
		changed = later(i.made, c.voided)
	}
	w.add(&w.scorecards, id, i.made, changed, i.id, c.by.id, l.id, application, c.status, advice,
		c.due, moment(c.submitted), onTime, c.shadow, text(c.void), len(c.revisions), current)
	for n, rev := range c.revisions {
		w.add(&w.revisions, revisions[n], id, n+1, rev.at, c.by.id, text(rev.reason), rev.afterReveal,
			text(rev.recommendation), rev.summary)
		for k, x := range rev.ratings {
			var value any
			if x.value > 0 {
				value = x.value
			}
			w.add(&w.ratings, w.ids.At(gid.SignalRating, rev.at), revisions[n], k, x.signal, value,
				text(x.notAssessed), x.evidence, text(x.kind), x.unplanned)
		}
	}
	for _, f := range c.flags {
		var by any
		if !f.confirmed.IsZero() {
			by = f.confirmedBy.id
		}
		w.add(&w.flags, w.ids.At(gid.RedFlagObservation, c.submitted), id, f.signal, f.Key, f.Severity,
			f.evidence, c.submitted, 1, by, moment(f.confirmed))
	}
}
