package demo

import (
	"fmt"
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/rubric"
)

// decision is what people made of a loop, and what the evidence said then.
type decision struct {
	kind      string // HIRE, NO_HIRE
	level     string // of a hire
	at        time.Time
	makers    []*member
	dissenter *member // nil for none
	rationale string
	dissent   string

	cards    []rubric.Scorecard // as they stood, those that count
	resolved []string           // keys of the signals that the debrief settled
	fit      rubric.Fit
	override string   // why it departs from the fit; "" when it does not
	debrief  *debrief // nil for none
}

const (
	disagrees     = .08
	downlevelling = 3.5 // talent below which the lower level is offered where it may be
)

// decide simulates the decision over a loop; nil while there is none. A story
// that ended because the opening did has none. The loop's ids are known.
func (p *panel) decide(r random, s *story, l *loop, h funnel.History, levels []string) (*decision, error) {
	var end funnel.Visit
	for _, v := range h.Visits {
		if v.Stage == onsite && (v.Outcome == funnel.Advanced || v.Outcome == funnel.Rejected) {
			end = v
		}
	}
	last := s.log[len(s.log)-1]
	if end.Stage != onsite || end.Outcome == funnel.Rejected && last.why == seatsGone {
		return nil, nil
	}
	d := &decision{kind: "NO_HIRE", at: end.ExitedAt.Add(-time.Duration(2+r.IntN(40)) * time.Minute).Truncate(time.Second)}
	if end.Outcome == funnel.Advanced {
		d.kind = "HIRE"
	}
	means := l.means(d.at, p.signals)
	if len(means) == 0 {
		return nil, nil
	}
	l.confirmFlags(d.at, p.recruiter)
	if err := p.weigh(r, l, d, levels); err != nil {
		return nil, err
	}
	if d.kind == "HIRE" {
		switch {
		case d.fit.Level != "" && slices.Contains(levels, d.fit.Level):
			d.level = d.fit.Level
		case s.talent.overall < downlevelling:
			d.level = levels[0]
		default:
			d.level = levels[len(levels)-1]
		}
	}
	switch {
	case d.kind == "HIRE" && d.level != d.fit.Level:
		d.override = p.words.any(r, "overrides to hire")
	case d.kind == "NO_HIRE" && d.fit.Outcome != rubric.NoHire:
		d.override = p.words.any(r, "overrides not to hire")
	}
	p.sign(r, s, l, d)
	best, worst := means[0], means[0]
	for _, m := range means {
		if m.hundredths > best.hundredths {
			best = m
		}
		if m.hundredths < worst.hundredths {
			worst = m
		}
	}
	list := "no"
	if d.kind == "HIRE" {
		list = "yes"
	}
	d.rationale = p.words.any(r, list, "{signal}", title(best.signal), "{weak}", title(worst.signal))
	return d, nil
}

// sign says who decided: two people at least, none of whom brought the candidate
// in, and now and then an interviewer who sees it otherwise.
func (p *panel) sign(r random, s *story, l *loop, d *decision) {
	d.makers = []*member{p.manager}
	if s.credited != p.recruiter {
		d.makers = append(d.makers, p.recruiter)
	}
	var others []*member
	for _, i := range l.sessions {
		for _, seat := range i.seats {
			if !seat.shadow && !slices.Contains(d.makers, seat.member) && !slices.Contains(others, seat.member) && seat.member != s.credited {
				others = append(others, seat.member)
			}
		}
	}
	if len(d.makers) < 2 && len(others) > 0 {
		d.makers, others = append(d.makers, others[0]), others[1:]
	}
	if r.chance(disagrees) && len(others) > 0 {
		d.dissenter, d.dissent = others[len(others)-1], p.words.any(r, "dissents")
		d.makers = append(d.makers, d.dissenter)
	}
}

// weigh adds what the cards say, and the debrief where they call for one.
func (p *panel) weigh(r random, l *loop, d *decision, levels []string) error {
	cards := l.cards(d.at)
	fit, err := p.fit(cards, levels, nil)
	if err != nil {
		return err
	}
	d.fit = fit
	d.cards = slices.DeleteFunc(slices.Clone(cards), func(c rubric.Scorecard) bool { return !c.Counts() })
	if !fit.RequiresDebrief {
		return nil
	}
	if d.debrief, err = p.meet(r, l, d, cards, levels); err != nil {
		return err
	}
	for _, s := range d.debrief.settled {
		d.resolved = append(d.resolved, s.signal)
	}
	if len(d.resolved) > 0 {
		slices.Sort(d.resolved)
		d.fit, err = p.fit(cards, levels, d.resolved)
	}
	return err
}

// fit is what cards say about the levels, the last of which is the target.
func (p *panel) fit(cards []rubric.Scorecard, levels, resolved []string) (rubric.Fit, error) {
	fit, err := rubric.LevelFit(rubric.FitInput{
		Ladder: p.builtin.Ladder, Edition: p.builtin.Edition,
		Target: levels[len(levels)-1], Allowed: levels, Cards: cards, Resolved: resolved,
	})
	if err != nil {
		return fit, fmt.Errorf("an impossible loop: %w", err)
	}
	return fit, nil
}

// cards are the cards of the loop as they stood then, as rubric reads them.
func (l *loop) cards(then time.Time) []rubric.Scorecard {
	var list []rubric.Scorecard
	for i := range l.sessions {
		for k := range l.sessions[i].cards {
			list = append(list, l.sessions[i].cards[k].asOf(then))
		}
	}
	return list
}

// asOf is the card as it stood then.
func (c *card) asOf(then time.Time) rubric.Scorecard {
	as := rubric.Scorecard{ID: c.id.String(), Interviewer: c.by.id.String(), Shadow: c.shadow, Status: rubric.ScorecardDraft}
	switch {
	case c.status == "VOID" && !c.voided.After(then):
		as.Status = rubric.ScorecardVoid
	case !c.submitted.IsZero() && !c.submitted.After(then):
		as.Status = rubric.ScorecardSubmitted
	}
	if as.Status != rubric.ScorecardSubmitted {
		return as
	}
	current := &c.revisions[0]
	for n := range c.revisions {
		if rev := &c.revisions[n]; !rev.at.After(then) {
			current, as.Revision = rev, n+1
		}
	}
	if as.Revision > 1 {
		as.Status = rubric.ScorecardAmended
	}
	as.Recommendation = rubric.Recommendation(current.recommendation)
	as.Ratings = make([]rubric.Rating, len(current.ratings))
	for n := range current.ratings {
		x := &current.ratings[n]
		as.Ratings[n] = rubric.Rating{Signal: x.signal, NotAssessed: x.notAssessed}
		if x.value > 0 {
			as.Ratings[n].Rating = &x.value
		}
	}
	for _, f := range c.flags {
		seen := rubric.Observation{RedFlag: f.Key, Signal: f.signal, Severity: rubric.Severity(f.Severity)}
		if !f.confirmed.IsZero() && !f.confirmed.After(then) {
			seen.ConfirmedBy = f.confirmedBy.id.String()
		}
		as.RedFlags = append(as.RedFlags, seen)
	}
	return as
}

// confirmFlags settles the blocking flags of cards that were in by then: nobody
// decides while one waits for a second person.
func (l *loop) confirmFlags(decided time.Time, by *member) {
	for i := range l.sessions {
		for k := range l.sessions[i].cards {
			c := &l.sessions[i].cards[k]
			if c.submitted.IsZero() || c.submitted.After(decided) {
				continue
			}
			for n := range c.flags {
				f := &c.flags[n]
				if f.Severity == "BLOCKING" && (f.confirmed.IsZero() || f.confirmed.After(decided)) {
					f.confirmed, f.confirmedBy = later(c.submitted, decided.Add(-2*time.Hour)), by
				}
			}
		}
	}
}

// mean is a signal's mean rating over the cards that counted.
type mean struct {
	signal     string
	hundredths int // of a rating
}

// means are the mean ratings of what was handed in by then, in the order of the
// signals.
func (l *loop) means(by time.Time, signals []string) []mean {
	var list []mean
	cards := l.cards(by)
	for _, signal := range signals {
		sum, n := 0, 0
		for _, c := range cards {
			if !c.Counts() {
				continue
			}
			for _, x := range c.Ratings {
				if x.Signal == signal && x.Rating != nil {
					sum, n = sum+*x.Rating, n+1
				}
			}
		}
		if n > 0 {
			list = append(list, mean{signal, (200*sum + n) / (2 * n)})
		}
	}
	return list
}
