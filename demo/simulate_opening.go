package demo

import (
	"slices"
	"time"

	"hireloop/funnel"
)

// fate is what becomes of an opening.
type fate string

const (
	drafted   fate = "DRAFT"
	open      fate = "OPEN"
	paused    fate = "PAUSED"
	filled    fate = "FILLED"
	cancelled fate = "CANCELLED"
)

// stalls is the chance of an application to be left alone once its opening is
// paused.
const stalls = .6

// course is the part of an opening's plan that its applications depend on.
type course struct {
	level        string
	fate         fate
	opened       time.Time
	ended        time.Time // paused, cancelled, or when a filled one should be about; zero while open
	applications int
	seats        int // 0: as many as the hires ask for
	hires        int // how many of the seats are filled; -1: as it comes
	confidential bool
	present      int // stage in which one application stands now for sure: the onsite or the one after; 0 for none
}

// outcome is what happened to an opening.
type outcome struct {
	fate    fate
	stories []*story // in the order of arrival
	hires   []*story // in the order of hiring
	seats   int
	closed  time.Time // filled or cancelled
}

// run simulates all applications of an opening until now.
func (c course) run(r random, now time.Time) (outcome, error) {
	o := outcome{fate: c.fate}
	last := now
	if !c.ended.IsZero() {
		last = c.ended
	}
	for _, at := range arrivals(r, c, last) {
		o.stories = append(o.stories, tell(r, arrivingFrom(r, c), at, c.level, false))
	}
	o.settleHires(r, c, now)
	switch {
	case c.fate == filled && len(o.hires) > 0:
		o.closed = o.hires[len(o.hires)-1].hiredAt()
	case c.fate == filled:
		o.fate = open
	case c.fate == cancelled:
		o.closed = c.ended
	}
	if !o.closed.IsZero() { // who would have applied later did not
		o.stories = slices.DeleteFunc(o.stories, func(s *story) bool { return s.arrived().After(o.closed) })
	}
	if c.present > applied {
		o.bring(r, c.present, c.level, now)
	}
	o.seats = max(c.seats, len(o.hires))
	if o.fate != filled {
		o.seats = max(o.seats, len(o.hires)+1)
		if c.seats == 0 {
			o.seats += r.IntN(3)
		}
	}
	for _, s := range o.stories {
		until := now
		if c.fate == paused && !slices.Contains(o.hires, s) && r.chance(stalls) {
			until = c.ended
		}
		if err := s.cut(until); err != nil {
			return o, err
		}
		if !o.closed.IsZero() && !slices.Contains(o.hires, s) && (o.fate == filled || !r.chance(.1)) {
			s.turnAway(r, o.closed, now)
		}
		s.entryErrors(r, now)
	}
	return o, nil
}

// arrivals are the times of application: most while the opening is new, some
// when it is advertised once more, and a steady few in between.
func arrivals(r random, c course, last time.Time) []time.Time {
	first := c.opened.Add(time.Duration(r.between(3, 7) * float64(day))).Truncate(time.Second)
	if !first.Before(last) {
		first = c.opened.Add(last.Sub(c.opened) / 4).Truncate(time.Second)
	}
	times := make([]time.Time, c.applications)
	for i := range times {
		times[i] = r.within(first, last)
		switch r.weighted(.5, .15, .35) {
		case 0:
			if early := first.Add(time.Duration(r.ExpFloat64() * float64(40*day))).Truncate(time.Second); early.Before(last) {
				times[i] = early
			}
		case 1:
			if again := last.Add(-25 * day); again.After(first) {
				times[i] = r.within(again, last)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// arrivingFrom draws an origin. A confidential opening is not advertised.
func arrivingFrom(r random, c course) origin {
	all := origins()
	shares := make([]float64, len(all))
	for i, o := range all {
		if h := o.habits(); !c.confidential || h.first > applied || o == referral {
			shares[i] = h.share
		}
	}
	return all[r.weighted(shares...)]
}

// settleHires sees to it that as many are hired as the course says: surplus
// offers are declined, and when hires are missing somebody convinces everybody.
func (o *outcome) settleHires(r random, c course, now time.Time) {
	find := func() {
		o.hires = nil
		for _, s := range o.stories {
			if at := s.hiredAt(); !at.IsZero() && !at.After(now) && (c.fate != cancelled || !at.After(c.ended)) {
				o.hires = append(o.hires, s)
			}
		}
		slices.SortStableFunc(o.hires, func(a, b *story) int { return a.hiredAt().Compare(b.hiredAt()) })
	}
	find()
	most, least := len(o.hires), 0
	if c.hires >= 0 {
		most, least = c.hires, c.hires
	} else if c.fate == filled {
		least = 1
	}
	for len(o.hires) > most { // the last ones stay, so that a filled opening was open for long
		o.hires[0].decline(r)
		find()
	}
	for i := len(o.stories) * 3 / 4; len(o.hires) < least && i >= 0; i-- {
		if i < len(o.stories) && !slices.Contains(o.hires, o.stories[i]) {
			*o.stories[i] = *tell(r, o.stories[i].from, o.stories[i].arrived(), c.level, true)
			find()
		}
	}
}

// bring has one of the later applicants stand in a stage now.
func (o *outcome) bring(r random, in int, level string, now time.Time) {
	latest := now.Add(-40 * day)
	for i, s := range slices.Backward(o.stories) {
		if slices.Contains(o.hires, s) || s.arrived().After(latest) && i > 0 {
			continue
		}
		*s = *tellPresent(r, earlier(s.arrived(), latest), now, level, in)
		break
	}
	slices.SortStableFunc(o.stories, func(a, b *story) int { return a.arrived().Compare(b.arrived()) })
}

// turnAway ends a story that is still going on when the opening closes, within
// a few days.
func (s *story) turnAway(r random, closed, now time.Time) {
	at := r.office(closed.Add(r.lasting(2*day, .5)), closed)
	if at.After(now) {
		return
	}
	kept := slices.IndexFunc(s.log, func(h happening) bool { return h.At.After(closed) })
	if kept >= 0 {
		s.log = s.log[:kept]
	}
	switch last := s.log[len(s.log)-1]; last.Kind {
	case funnel.Enter, funnel.Reopen:
		s.add(happening{
			Entry: funnel.Entry{Event: funnel.Event{Kind: funnel.Reject, At: at}},
			by:    recruiter, why: seatsGone,
		})
	}
}
