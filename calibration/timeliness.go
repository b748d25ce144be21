package calibration

import (
	"time"

	"hireloop/funnel"
	"hireloop/rubric"
)

// Timeliness is when scorecards are handed in. Void ones do not count, those of
// interviewers who learn do.
type Timeliness struct {
	Due           int // had to be in by now, handed in or not
	OnTime        int // of them, were in by then
	Overdue       int // of them, are still out
	PendingNotDue int // out, with time left

	Rate Figure // OnTime of Due
	// Latency is the median of days from the end of the interview to handing in:
	// the Kaplan–Meier estimate, in which a card that is still out counts as
	// taking longer than it has.
	Latency Figure

	Interviews        int     // completed
	InterviewsPerWeek float64 // over the weeks from Options.From
}

// punctuality is the rows that a Timeliness is made of.
type punctuality struct {
	Timeliness
	stays []funnel.Stay
}

func (p *punctuality) add(c *Card, o Options) {
	if c.Status == rubric.ScorecardVoid {
		return
	}
	in := o.submitted(c)
	dated := !in || !c.SubmittedAt.IsZero()
	switch due := !c.DueAt.IsZero() && !c.DueAt.After(o.AsOf); {
	case due && !dated, c.DueAt.IsZero():
	case due:
		p.Due++
		switch {
		case !in:
			p.Overdue++
		case !c.SubmittedAt.After(c.DueAt):
			p.OnTime++
		}
	case !in:
		p.PendingNotDue++
	}
	if c.EndedAt.IsZero() || c.EndedAt.After(o.AsOf) || !dated {
		return
	}
	until := o.AsOf
	if in {
		until = c.SubmittedAt
	}
	// Some hand in before the interview has ended by the calendar.
	p.stays = append(p.stays, funnel.Stay{Days: max(0, until.Sub(c.EndedAt).Hours()/24), Left: in})
}

func (p *punctuality) sum(m minima, weeks float64) Timeliness {
	p.Rate = figure(funnel.Share(p.OnTime, p.Due), "no card is due", need{p.Due, m.dueCards, "due cards"})
	p.Latency = Figure{Note: "no interview has ended"}
	if len(p.stays) > 0 {
		p.Latency = Figure{Note: "fewer than half of the cards are in"}
		if days, reached := funnel.KaplanMeier(p.stays).Quantile(.5); reached {
			p.Latency = figure(&days, "")
		}
	}
	p.InterviewsPerWeek = float64(p.Interviews) / weeks
	return p.Timeliness
}

// weeks is how long the load is looked at, in weeks; what is still to come is
// left out. It is positive.
func (o Options) weeks() float64 {
	const week = 7 * 24 * time.Hour
	to := o.To
	if o.AsOf.Before(to) && o.AsOf.After(o.From) {
		to = o.AsOf
	}
	return to.Sub(o.From).Hours() / week.Hours()
}
