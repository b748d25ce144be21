package hiring

import (
	"context"
	"sync"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// HireTimes is how long it took to hire, and what it took.
type HireTimes struct {
	report[*HireTime]
	facts      *hireFacts
	passages   []passage
	vacancies  []vacancyOf
	opened     map[gid.ID]*time.Time // the clock of the seat that an application fills
	seesOffers bool
	worked     func() ([]worked, error) // whose interviews took place, read when asked for
}

// HireTimes tells how long it took to hire, of what ended in a time in the
// openings that the viewer counts.
func (s *Service) HireTimes(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*HireTimes, error) {
	c, err := s.count(ctx, filter, view.byKind())
	if err != nil {
		return nil, err
	}
	h := &HireTimes{}
	if h.facts, err = s.facts(ctx, c); err != nil {
		return nil, err
	}
	if h.seesOffers, err = h.facts.seesOffers(ctx, s); err != nil {
		return nil, err
	}
	seats, err := h.facts.reader.seatsOf(ctx, c.scope.openings, h.facts.known)
	if err != nil {
		return nil, err
	}
	h.passages = h.facts.passages(c.whole, nil)
	h.vacancies = h.facts.vacancies(seats, h.passages)
	h.opened = make(map[gid.ID]*time.Time, len(h.vacancies))
	for _, v := range h.vacancies {
		h.opened[v.application] = v.OpenedAt
	}
	h.worked = sync.OnceValues(func() ([]worked, error) { return h.facts.worked(ctx, c.whole) })
	h.report = newReport(c, h.times, (*HireTime).idle)
	return h, nil
}

// ApplicationsWithheld counts the applications that are left out, as the viewer
// owes a scorecard for them.
func (h *HireTimes) ApplicationsWithheld() int { return len(h.facts.withheld) }

// HireTime is how long hiring took in one group, of what ended in one period. It
// is nil of what the viewer may not see, or of what has no such group.
type HireTime struct {
	Group              *FunnelGroup
	TimeToFill         *FillTime
	TimeToFillCritical *FillTime

	TimeToHire            *funnel.Timing
	TimeToHireSinceReopen *funnel.Timing
	HiresWithoutOffer     *int // of TimeToHire: timed until they were hired
	TimeToOffer           *funnel.Timing
	TimeToStart           *funnel.Timing
	Offers                *funnel.OfferAcceptance

	applications int // that began
	effort       func() (*HireEffort, error)
}

// FillTime is how long seats took to fill: of those that were filled in a time,
// and of those that opened in it, filled or not.
type FillTime struct {
	Filled funnel.Timing

	Opened     int
	StillOpen  int
	Closed     int
	MedianDays *float64
	P90Days    *float64
}

// HireEffort is what the applications that began in one period took.
type HireEffort struct {
	funnel.Effort
	Applications int
	Offers       *int // nil when the viewer may not see them
}

// OnsitesPerOffer is nil without offers, and when the viewer may not see them.
func (e *HireEffort) OnsitesPerOffer() *float64 {
	if e.Offers == nil {
		return nil
	}
	return e.Effort.OnsitesPerOffer()
}

// Effort is what the applications that began in the period took.
func (h *HireTime) Effort() (*HireEffort, error) { return h.effort() }

// idle reports whether nothing of it happened.
func (h *HireTime) idle() bool {
	acted := h.Offers != nil && (h.Offers.Extended > 0 || h.Offers.Answered() > 0 || h.Offers.Rescinded > 0 || h.Offers.Pending > 0)
	filled := h.TimeToFill != nil && (h.TimeToFill.Opened > 0 || h.TimeToFill.Filled.Count+h.TimeToFill.Filled.Untimed > 0)
	started := h.TimeToStart != nil && h.TimeToStart.Count > 0
	return h.applications == 0 && h.TimeToHire.Count+h.TimeToHire.Untimed == 0 && !started && !acted && !filled
}

// hireCell is what one group has in one period.
type hireCell struct {
	filled, opened          []funnel.Vacancy
	hires, offered, started []funnel.Candidacy
	hiresWithoutOffer       int
}

// times are by group of a selection, and by period within the group.
func (h *HireTimes) times(s funnel.Selection, group naming) []*HireTime {
	periods := len(s.Boundaries) - 1
	cells, offers := make([]hireCell, s.Groups*periods), make([][]funnel.Offer, s.Groups)
	put := func(groups []int, at *time.Time, into func(*hireCell)) {
		if at == nil {
			return
		}
		if period := s.PeriodOf(*at); period >= 0 {
			for _, g := range groups {
				into(&cells[g*periods+period])
			}
		}
	}
	for i := range h.passages {
		h.place(&h.passages[i], s, put, offers)
	}
	bySource := s.Sources != nil || s.OfSource != nil // seats come from none
	for _, v := range h.vacancies {
		if bySource {
			break
		}
		groups := s.GroupsOf(funnel.Journey{Pipeline: v.pipeline})
		put(groups, v.FilledAt, func(c *hireCell) { c.filled = append(c.filled, v.Vacancy) })
		put(groups, v.OpenedAt, func(c *hireCell) { c.opened = append(c.opened, v.Vacancy) })
	}
	efforts := sync.OnceValues(func() ([]HireEffort, error) { return h.efforts(s) })
	out := make([]*HireTime, len(cells))
	for i, began := range funnel.CountCohorts(s) {
		g, period := began.Group, began.Period
		one := h.time(cells[i], offers[g], s.Boundaries[period], s.Boundaries[period+1])
		if !bySource {
			one.TimeToFill, one.TimeToFillCritical = cells[i].fillTimes(h.facts.until)
		}
		one.Group, one.applications = group(g, period), began.Applications
		one.effort = func() (*HireEffort, error) {
			all, err := efforts()
			if err != nil {
				return nil, err
			}
			e := all[i]
			e.Applications = began.Applications
			return &e, nil
		}
		out[i] = one
	}
	return out
}

// place puts one passage where it counts.
func (h *HireTimes) place(p *passage, s funnel.Selection, put func([]int, *time.Time, func(*hireCell)), offers [][]funnel.Offer) {
	groups, one := s.GroupsOf(p.Journey), p.candidacy()
	put(groups, p.acceptedAt, func(c *hireCell) {
		c.hires = append(c.hires, one)
		if p.accepted == nil {
			c.hiresWithoutOffer++
		}
	})
	put(groups, one.OfferedAt, func(c *hireCell) { c.offered = append(c.offered, one) })
	if p.accepted != nil && p.accepted.startOn != nil {
		starts := begins(dateOf(*p.accepted.startOn), h.basis.zone)
		one.StartsAt, one.OpenedAt = &starts, h.opened[p.id]
		put(groups, &starts, func(c *hireCell) { c.started = append(c.started, one) })
	}
	for _, o := range p.offers {
		if o.extendedAt == nil {
			continue
		}
		for _, g := range groups {
			offers[g] = append(offers[g], funnel.Offer{ExtendedAt: *o.extendedAt, ResolvedAt: o.resolvedAt, Outcome: funnel.OfferOutcome(o.status)})
		}
	}
}

// time is one cell told.
func (h *HireTimes) time(c hireCell, offers []funnel.Offer, from, to time.Time) *HireTime {
	until := h.facts.until
	hires := funnel.TimeToHire(c.hires, until)
	out := &HireTime{
		TimeToHire: &hires.ToHire, TimeToHireSinceReopen: &hires.ToHireSinceReopen,
	}
	if h.facts.seesTerms {
		starts := funnel.TimeToHire(c.started, until).ToStart
		out.TimeToStart = &starts
	}
	if h.seesOffers {
		out.HiresWithoutOffer = &c.hiresWithoutOffer
		offered := funnel.TimeToHire(c.offered, until).ToOffer
		acceptance := funnel.CountOffers(offers, from, to, until)
		out.TimeToOffer, out.Offers = &offered, &acceptance
	}
	return out
}

func (c hireCell) fillTimes(until time.Time) (all, critical *FillTime) {
	filled := funnel.TimeToFill(c.filled, funnel.FromOpened, until)
	opened := funnel.TimeToFill(c.opened, funnel.FromOpened, until)
	return fillTime(filled.All, opened.All), fillTime(filled.Critical, opened.Critical)
}

func fillTime(filled, opened funnel.FillTiming) *FillTime {
	return &FillTime{
		Filled: filled.Filled, Opened: opened.Filled.Count + opened.Filled.Untimed + opened.Open + opened.Closed,
		StillOpen: opened.Open, Closed: opened.Closed, MedianDays: opened.MedianDays, P90Days: opened.P90Days,
	}
}

// efforts are by group of a selection, and by period within the group.
func (h *HireTimes) efforts(s funnel.Selection) ([]HireEffort, error) {
	all, err := h.worked()
	if err != nil {
		return nil, err
	}
	periods := len(s.Boundaries) - 1
	efforts := make([]HireEffort, s.Groups*periods)
	if h.seesOffers {
		for i := range efforts {
			efforts[i].Offers = new(int)
		}
	}
	for _, w := range all {
		period := s.PeriodOf(w.BeganAt)
		if period < 0 {
			continue
		}
		offered := by(w.candidacy().OfferedAt, h.facts.until)
		for _, g := range s.GroupsOf(w.Journey) {
			e := &efforts[g*periods+period]
			e.Interviews += w.interviews
			e.Onsites += w.onsites
			if w.HiredAt != nil {
				e.Hires++
			}
			if offered && e.Offers != nil {
				e.Effort.Offers++
				*e.Offers++
			}
		}
	}
	return efforts, nil
}

func by(at *time.Time, until time.Time) bool { return at != nil && !at.After(until) }

// vacancyOf is one seat as a clock reads it.
type vacancyOf struct {
	funnel.Vacancy
	pipeline    int
	application gid.ID // that fills it; Nil when none does
}
