package demo

import (
	"slices"
	"time"

	"hireloop/funnel"
)

// decision is what people made of a loop.
type decision struct {
	kind      string // HIRE, NO_HIRE
	level     string // of a hire
	at        time.Time
	makers    []*member
	dissenter *member // nil for none
	rationale string
	dissent   string
	means     []mean
}

// mean is a signal's mean rating over the cards that counted.
type mean struct {
	Signal     string `json:"signal"`
	Raters     int    `json:"raters"`
	Hundredths int    `json:"hundredths"` // of a rating
}

const (
	disagrees     = .08
	downlevelling = 3.5 // talent below which the lower level is offered where it may be
)

// decide simulates the decision over a loop; nil while there is none. A story
// that ended because the opening did has none.
func (p *panel) decide(r random, s *story, l *loop, h funnel.History, recruiter *member, levels []string) *decision {
	var end funnel.Visit
	for _, v := range h.Visits {
		if v.Stage == onsite && (v.Outcome == funnel.Advanced || v.Outcome == funnel.Rejected) {
			end = v
		}
	}
	last := s.log[len(s.log)-1]
	if end.Stage != onsite || end.Outcome == funnel.Rejected && last.why == seatsGone {
		return nil
	}
	d := &decision{kind: "NO_HIRE", at: end.ExitedAt.Add(-time.Duration(2+r.IntN(40)) * time.Minute).Truncate(time.Second)}
	if d.means = l.means(d.at, p.signals); len(d.means) == 0 {
		return nil
	}
	d.makers = []*member{p.manager, recruiter}
	if end.Outcome == funnel.Advanced {
		d.kind, d.level = "HIRE", levels[len(levels)-1]
		if len(levels) > 1 && s.talent.overall < downlevelling {
			d.level = levels[0]
		}
	}
	if r.chance(disagrees) {
		for _, seat := range l.sessions[len(l.sessions)-1].seats {
			if !seat.shadow && !slices.Contains(d.makers, seat.member) {
				d.dissenter, d.dissent = seat.member, p.words.any(r, "dissents")
				d.makers = append(d.makers, seat.member)
				break
			}
		}
	}
	best, worst := d.means[0], d.means[0]
	for _, m := range d.means {
		if m.Hundredths > best.Hundredths {
			best = m
		}
		if m.Hundredths < worst.Hundredths {
			worst = m
		}
	}
	list := "no"
	if d.kind == "HIRE" {
		list = "yes"
	}
	d.rationale = p.words.any(r, list, "{signal}", title(best.Signal), "{weak}", title(worst.Signal))
	return d
}

// means are the mean ratings of what was handed in by then, in the order of the
// signals.
func (l *loop) means(by time.Time, signals []string) []mean {
	var list []mean
	for _, signal := range signals {
		sum, n := 0, 0
		for _, i := range l.sessions {
			for _, c := range i.cards {
				if c.shadow || c.submitted.IsZero() || c.submitted.After(by) {
					continue
				}
				latest := c.revisions[0]
				for _, rev := range c.revisions {
					if !rev.at.After(by) {
						latest = rev
					}
				}
				for _, x := range latest.ratings {
					if x.signal == signal && x.value > 0 {
						sum, n = sum+x.value, n+1
					}
				}
			}
		}
		if n > 0 {
			list = append(list, mean{signal, n, (200*sum + n) / (2 * n)})
		}
	}
	return list
}

// offer is a proposal to a candidate.
type offer struct {
	status                      string
	created, extended, resolved time.Time
	expires                     time.Time
	terms                       []terms
}

// terms are an offer's as they once stood.
type terms struct {
	at     time.Time
	level  string
	salary int64 // minor units a year
	starts time.Time
}

// pay is what an opening pays a year, in minor units.
type pay struct {
	low, high int64
	currency  string
}

// offers simulates the offers of a story: one for each stay in the offer stage.
func offers(r random, s *story, h funnel.History, level string, pays pay, now time.Time) []offer {
	var list []offer
	for i, v := range h.Visits {
		if v.Stage != offered {
			continue
		}
		until := v.ExitedAt
		if until.IsZero() {
			until = now
		}
		o := offer{status: "DRAFT", created: v.EnteredAt.Add(time.Hour)}
		if o.created.After(until) {
			o.created = v.EnteredAt
		}
		thousand := int64(100_000)
		salary := (pays.low + int64(r.between(.2, .9)*float64(pays.high-pays.low))) / thousand * thousand
		first := terms{at: o.created, level: level, salary: salary, starts: startDay(r, v.EnteredAt)}
		o.terms = []terms{first}
		if out := r.office(o.created.Add(r.lasting(18*time.Hour, .6)), o.created); out.Before(until) {
			o.status, o.extended = "EXTENDED", out
			o.expires = out.Truncate(day).Add(8 * day)
			if again := out.Add(r.lasting(40*time.Hour, .5)).Truncate(time.Second); r.chance(.25) && again.Before(until) {
				better := first
				better.at, better.salary = again, min(pays.high, salary+salary/20/thousand*thousand)
				o.terms = append(o.terms, better)
			}
		} else if r.chance(.5) {
			o.status = "APPROVED"
		}
		if o.resolved = v.ExitedAt; !o.resolved.IsZero() {
			if o.extended.IsZero() {
				o.extended = o.created
			}
			if !o.expires.After(o.resolved) {
				o.expires = o.resolved.Truncate(day).Add(day)
			}
			switch {
			case v.Outcome == funnel.Hired:
				o.status = "ACCEPTED"
			case v.Outcome == funnel.Rejected:
				o.status = "RESCINDED"
			case i == len(h.Visits)-1 && s.log[len(s.log)-1].why == noAnswer:
				o.status, o.expires = "EXPIRED", o.resolved
			default:
				o.status = "DECLINED"
			}
		}
		list = append(list, o)
	}
	return list
}

// startDay is the first of a month, two to four months away.
func startDay(r random, from time.Time) time.Time {
	return time.Date(from.Year(), from.Month()+time.Month(2+r.IntN(3)), 1, 0, 0, 0, 0, time.UTC)
}
