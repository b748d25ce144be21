package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

func (w *writer) writeLoop(o *liveOpening, application gid.ID, l *loop, d *decision) {
	id := w.ids.At(gid.Loop, l.began)
	changed := later(l.began, l.handedIn())
	w.add(&w.loops, id, l.began, changed, application, w.rubric, w.levels[o.level], w.plans[o.level].id,
		l.status, "OWN_SUBMITTED", 1)
	for n, i := range l.sessions {
		interview := w.ids.At(gid.Interview, i.made)
		version, changed := 1, i.made
		switch i.status {
		case "SCHEDULED":
			version = 2
		case "COMPLETED", "NO_SHOW":
			version, changed = 3, later(i.made, i.ends)
		case "CANCELLED":
			version, changed = 3, later(i.made, i.called)
		}
		w.add(&w.interviews, interview, i.made, changed, id, n, i.key, i.name, i.signals, i.status,
			i.minutes, moment(i.starts), moment(i.ends), version)
		for k, s := range i.seats {
			w.add(&w.interviewSeats, w.ids.At(gid.InterviewSeat, i.made), interview, k, s.role, s.member.id, s.shadow)
		}
		for _, c := range i.cards {
			w.writeCard(o, application, id, interview, &i, &c)
		}
	}
	if d != nil {
		w.writeDecision(application, id, d)
	}
}

func (w *writer) writeCard(o *liveOpening, application, loop, interview gid.ID, i *session, c *card) {
	id := w.ids.At(gid.Scorecard, i.made)
	if c.status == "DRAFT" && i.status == "COMPLETED" {
		w.owes[c.by]++
	}
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
	w.add(&w.scorecards, id, i.made, changed, interview, c.by.id, loop, application, c.status, advice,
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
			by = o.recruiter.id // anybody but the observer
		}
		w.add(&w.flags, w.ids.At(gid.RedFlagObservation, c.submitted), id, f.signal, f.Key, f.Severity,
			f.evidence, c.submitted, by, moment(f.confirmed))
	}
}

// basis is what the decision rests on. It has no level fit, which these loops
// predate, but the mean rating of each signal.
func (d *decision) basis() []byte {
	text, err := json.Marshal(struct {
		Method  string `json:"method"`
		Signals []mean `json:"signals"`
	}{"MEANS", d.means})
	if err != nil {
		panic(err) // strings and numbers have no reason to fail
	}
	return text
}

func (w *writer) writeDecision(application, loop gid.ID, d *decision) {
	basis := d.basis()
	hash := sha256.Sum256(basis)
	id := w.ids.At(gid.Decision, d.at)
	var level any
	if d.level != "" {
		level = w.levels[d.level]
	}
	w.add(&w.decisions, id, d.at, d.at, application, loop, d.kind, level, d.rationale, d.dissent,
		false, json.RawMessage(basis), hex.EncodeToString(hash[:]), d.at)
	for _, m := range d.makers {
		w.add(&w.makers, w.ids.At(gid.DecisionMaker, d.at), id, m.id, m == d.dissenter)
	}
}
