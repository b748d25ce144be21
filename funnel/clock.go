package funnel

import (
	"slices"
	"time"
)

// Timing is how long something took where it is over, in days of 24 hours by
// the calendar: weekends count.
type Timing struct {
	Count      int
	MeanDays   *float64 // nil when there is none
	MedianDays *float64 // between two in the middle, half way

	// Untimed are over too, but left out: when the clock began or stopped is not
	// known, or it stopped before it began.
	Untimed int
}

// stopwatch gathers times for a Timing.
type stopwatch struct {
	days    []float64
	untimed int
}

// add counts what took from one time until another, nil where it is not known.
func (s *stopwatch) add(from, until *time.Time) {
	if from == nil || until == nil || until.Before(*from) {
		s.untimed++
		return
	}
	s.days = append(s.days, daysBetween(*from, *until))
}

func (s *stopwatch) timing() Timing {
	slices.Sort(s.days)
	return Timing{Count: len(s.days), MeanDays: Mean(s.days), MedianDays: Quantile(s.days, .5), Untimed: s.untimed}
}

func daysBetween(from, until time.Time) float64 { return until.Sub(from).Hours() / 24 }

// by reports whether something had happened at a time.
func by(at *time.Time, asOf time.Time) bool { return at != nil && !at.After(asOf) }

// Vacancy is what time to fill is told from: one seat of an opening. The one
// clock runs for every seat by itself, so that an opening of five counts five
// times.
type Vacancy struct {
	OpenedAt   *time.Time // hiring for it began
	ApprovedAt *time.Time // hiring for it was allowed
	FilledAt   *time.Time // the offer to whoever fills it was accepted
	ClosedAt   *time.Time // given up without being filled
	IsCritical bool       // of a position that the business depends on
}

// FillClock is what starts the clock of a vacancy.
type FillClock string

const (
	FromOpened   FillClock = "OPENED"
	FromApproved FillClock = "APPROVED"
)

func (v Vacancy) began(clock FillClock) *time.Time {
	if clock == FromApproved {
		return v.ApprovedAt
	}
	return v.OpenedAt
}

// FillTiming is how long vacancies last.
type FillTiming struct {
	Filled Timing // hides those that nobody fills

	Open   int // the clock still runs
	Closed int // given up

	// The estimate of Kaplan and Meier (1958) for the same, in which vacancies that
	// are open or given up count for as long as they were open.
	MedianDays *float64 // nil when fewer than half are known to be filled
	P90Days    *float64 // nil when fewer than nine in ten are known to be filled
}

// FillTimings are the average time to fill vacant positions and critical ones,
// as ISO 30414 asks to report them, beside what the averages leave out.
type FillTimings struct {
	All      FillTiming
	Critical FillTiming
}

// TimeToFill is the time from the start of a vacancy's clock until an offer is
// accepted, as of a time: what happened later had not happened. A vacancy whose
// clock had not started is no vacancy yet.
//
// Choose vacancies by when they began. Among those chosen by when they were
// filled there is none that stays open, and the estimate says nothing.
func TimeToFill(vacancies []Vacancy, clock FillClock, asOf time.Time) FillTimings {
	var all, critical fillWatch
	for _, v := range vacancies {
		all.add(v, clock, asOf)
		if v.IsCritical {
			critical.add(v, clock, asOf)
		}
	}
	return FillTimings{All: all.timing(), Critical: critical.timing()}
}

// fillWatch gathers vacancies for a FillTiming.
type fillWatch struct {
	filled       stopwatch
	stays        []Stay
	open, closed int
}

func (f *fillWatch) add(v Vacancy, clock FillClock, asOf time.Time) {
	began := v.began(clock)
	if by(v.FilledAt, asOf) {
		timed := len(f.filled.days)
		f.filled.add(began, v.FilledAt)
		for _, days := range f.filled.days[timed:] {
			f.stays = append(f.stays, Stay{Days: days, Left: true})
		}
		return
	}
	if !by(began, asOf) {
		return
	}
	until := asOf
	if by(v.ClosedAt, asOf) {
		if v.ClosedAt.Before(*began) {
			return
		}
		until = *v.ClosedAt
		f.closed++
	} else {
		f.open++
	}
	f.stays = append(f.stays, Stay{Days: daysBetween(*began, until)})
}

func (f *fillWatch) timing() FillTiming {
	s := KaplanMeier(f.stays)
	within := func(q float64) *float64 {
		if days, reached := s.Quantile(q); reached {
			return &days
		}
		return nil
	}
	return FillTiming{Filled: f.filled.timing(), Open: f.open, Closed: f.closed, MedianDays: within(.5), P90Days: within(.9)}
}

// Candidacy is what a candidate's clocks are told from: one application.
type Candidacy struct {
	OpenedAt     *time.Time // the opening's
	FirstEventAt time.Time
	ReopenedAt   *time.Time // the last time before AcceptedAt
	OfferedAt    *time.Time // told of an offer for the first time, whatever came of it
	AcceptedAt   *time.Time // the offer that stands
	StartsAt     *time.Time // the first day of work, at its midnight
	IsHired      bool       // as of the time of asking
}

// HireTiming is how long it takes candidates to get through.
type HireTiming struct {
	// ToHire is the time from the first event of an application that is hired until
	// its offer was accepted. It is neither a sum of stages nor of anybody else.
	ToHire Timing

	// ToHireSinceReopen is the same of hires that had been rejected or withdrawn
	// before, from when they were taken up again.
	ToHireSinceReopen Timing

	// ToOffer is the time from the first event until the first offer, of whoever
	// got one: who declined counts too.
	ToOffer Timing

	// ToStart is the time from when the opening opened until a hire's first day.
	ToStart Timing
}

// TimeToHire times candidacies as of a time: what happened later had not
// happened. Hires who are still to start are not in ToStart.
func TimeToHire(candidacies []Candidacy, asOf time.Time) HireTiming {
	var hire, again, offer, start stopwatch
	for _, c := range candidacies {
		if by(c.OfferedAt, asOf) {
			offer.add(&c.FirstEventAt, c.OfferedAt)
		}
		if !c.IsHired {
			continue
		}
		accepted := c.AcceptedAt
		if !by(accepted, asOf) {
			accepted = nil // hired all the same, and nobody knows since when
		}
		hire.add(&c.FirstEventAt, accepted)
		if c.ReopenedAt != nil {
			again.add(c.ReopenedAt, accepted)
		}
		if c.StartsAt == nil || by(c.StartsAt, asOf) {
			start.add(c.OpenedAt, c.StartsAt)
		}
	}
	return HireTiming{ToHire: hire.timing(), ToHireSinceReopen: again.timing(), ToOffer: offer.timing(), ToStart: start.timing()}
}
