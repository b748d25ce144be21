package funnel

import "time"

// PaceWindow is how far back the pace of a stage looks.
const PaceWindow = 180 * 24 * time.Hour

// Pace is how long applications usually stay in a stage: of all who came into it
// within the window, those who are still there too.
type Pace struct {
	MedianDays *float64 // nil when fewer than half are known to have left
	P90Days    *float64 // nil when fewer than nine in ten are known to have left
}

// Aging is how long is long.
type Aging string

const (
	Stuck Aging = "STUCK" // longer than agreed and than nine in ten others
	Watch Aging = "WATCH" // longer than half of the others, and nothing is planned
)

// Aging says how bad it is to be there for some days, where sla days are agreed,
// nil for none, and something is planned soon or not; "" when it is not bad.
//
// Stuck is longer than the agreed days and than nine in ten others: the greater
// of the two. Where nine in ten are not known to have left, twice the median
// stands for it; where not even half are, the agreed days alone count.
func (p Pace) Aging(days float64, sla *int, planned bool) Aging {
	limit := p.P90Days
	if limit == nil && p.MedianDays != nil {
		twice := 2 * *p.MedianDays
		limit = &twice
	}
	if sla != nil && (limit == nil || float64(*sla) > *limit) {
		agreed := float64(*sla)
		limit = &agreed
	}
	switch {
	case limit != nil && days > *limit:
		return Stuck
	case p.MedianDays != nil && days > *p.MedianDays && !planned:
		return Watch
	}
	return ""
}

// PaceOf is the pace that stays tell, those that last among them.
func PaceOf(stays []Stay) Pace {
	var p Pace
	curve := KaplanMeier(stays)
	if days, reached := curve.Quantile(0.5); reached {
		p.MedianDays = &days
	}
	if days, reached := curve.Quantile(0.9); reached {
		p.P90Days = &days
	}
	return p
}
