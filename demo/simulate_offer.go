package demo

import (
	"time"

	"hireloop/funnel"
)

// offer is a proposal to a candidate.
type offer struct {
	status                                string
	created, approved, extended, resolved time.Time
	undecided                             string // why it was made before a decision
	why                                   string // it was declined or rescinded
	version                               int
	terms                                 []terms
}

// terms are an offer's as they once stood.
type terms struct {
	at      time.Time
	level   string
	salary  int64 // minor units a year
	starts  time.Time
	expires time.Time
	reason  string
}

// pay is what an opening pays a year, in minor units.
type pay struct {
	low, high int64
	currency  string
}

const (
	improves = .25 // chance of an offer that was told to get better terms
	validFor = 8 * 24 * time.Hour
)

// offers simulates the offers of a story: one for each stay in the offer stage,
// at the level that was decided on.
func (p *panel) offers(r random, s *story, h funnel.History, d *decision, level string, pays pay, now time.Time) []offer {
	undecided := ""
	if d == nil || d.kind != "HIRE" {
		undecided = p.words.any(r, "undecided")
	} else {
		level = d.level
	}
	var list []offer
	for i, v := range h.Visits {
		if v.Stage != offered {
			continue
		}
		until := v.ExitedAt
		if until.IsZero() {
			until = now
		}
		o := offer{status: "DRAFT", created: v.EnteredAt.Add(time.Hour), undecided: undecided, version: 1}
		if o.created.After(until) {
			o.created = v.EnteredAt
		}
		thousand := int64(100_000)
		salary := (pays.low + int64(r.between(.2, .9)*float64(pays.high-pays.low))) / thousand * thousand
		o.write(terms{at: o.created, level: level, salary: salary, starts: startDay(r, v.EnteredAt)})
		approval := r.office(o.created.Add(r.lasting(8*time.Hour, .6)), o.created)
		o.tell(approval, r.office(approval.Add(r.lasting(10*time.Hour, .6)), approval), until)
		if again := o.extended.Add(r.lasting(40*time.Hour, .5)); r.chance(improves) && o.status == "EXTENDED" {
			approval := again.Add(r.lasting(time.Hour, .5))
			if told := approval.Add(r.lasting(time.Hour, .5)); told.Before(until) {
				better := o.terms[0]
				better.at, better.salary = again, min(pays.high, salary+salary/20/thousand*thousand)
				better.reason = p.words.any(r, "better terms")
				o.write(better)
				o.tell(approval, told, until)
			}
		}
		if !v.ExitedAt.IsZero() {
			last := i == len(h.Visits)-1
			o.resolve(v, last && s.log[len(s.log)-1].why == noAnswer)
			switch o.status {
			case "DECLINED":
				o.why = p.words.any(r, "declined")
			case "RESCINDED":
				o.why = p.words.any(r, "rescinded")
			}
		}
		list = append(list, o)
	}
	return list
}

// write puts down terms, which nobody has approved yet.
func (o *offer) write(t terms) {
	if len(o.terms) > 0 {
		o.version++
	}
	t.expires = t.at.Truncate(day).Add(validFor)
	o.terms = append(o.terms, t)
	o.status, o.approved, o.extended = "DRAFT", time.Time{}, time.Time{}
}

// tell has the present terms approved and told, as far as that was before a time.
func (o *offer) tell(approved, told, until time.Time) {
	if !approved.Before(until) {
		return
	}
	o.status, o.approved = "APPROVED", approved
	o.version++
	if told.Before(until) && told.Before(o.terms[len(o.terms)-1].expires) {
		o.status, o.extended = "EXTENDED", told
		o.version++
	}
}

// resolve ends the offer with its stay. What the candidate answers, they were
// told before.
func (o *offer) resolve(v funnel.Visit, silent bool) {
	o.resolved = v.ExitedAt
	if v.Outcome == funnel.Rejected {
		o.status = "RESCINDED"
		o.version++
		return
	}
	left := o.resolved.Sub(o.created)
	if o.approved.IsZero() {
		o.approved = o.created.Add(left / 3).Truncate(time.Second)
		o.version++
	}
	if o.extended.IsZero() {
		o.extended = later(o.approved, o.created.Add(2*left/3).Truncate(time.Second))
		o.version++
	}
	o.version++
	present := &o.terms[len(o.terms)-1]
	switch {
	case v.Outcome == funnel.Hired:
		o.status = "ACCEPTED"
	case silent:
		o.status, present.expires = "EXPIRED", o.resolved
		return
	default:
		o.status = "DECLINED"
	}
	if !present.expires.After(o.resolved) {
		present.expires = o.resolved.Truncate(day).Add(day)
	}
}

// startDay is the first of a month, two to four months away.
func startDay(r random, from time.Time) time.Time {
	return time.Date(from.Year(), from.Month()+time.Month(2+r.IntN(3)), 1, 0, 0, 0, 0, time.UTC)
}
