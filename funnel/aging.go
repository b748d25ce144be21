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

// Waiting is an active application.
type Waiting struct {
	Application int // index
	EnteredAt   time.Time
	Days        float64 // since then
}

// Ages is how long applications stay in the stages of one opening: usually, and
// those who are there.
type Ages struct {
	Paces   []Pace      // of each stage, by position
	Waiting [][]Waiting // in each stage, by position, in the order of the pipeline
}

// TellAges tells from a moment the ages of each pipeline.
func TellAges(pipelines []*Pipeline, m Moment) []Ages {
	out := make([]Ages, len(pipelines))
	each(len(out), func(i int) { out[i] = pipelines[i].ages(m) })
	return out
}

func (p *Pipeline) ages(m Moment) Ages {
	n := len(p.kinds)
	a := Ages{Paces: make([]Pace, n), Waiting: make([][]Waiting, n)}
	stints := make([]pile, n)
	since := m.At.Add(-PaceWindow).UnixMicro()
	var t teller
	t.begin(p, m, false)
	for i := range p.Applications() {
		stays := t.visits(i)
		if len(stays) == 0 {
			continue
		}
		for _, v := range stays {
			if v.entered >= since {
				stints[v.stage].add(newStint(v.lasted(t.at), v.outcome))
			}
		}
		if last := stays[len(stays)-1]; t.status(stays) == isActive {
			a.Waiting[last.stage] = append(a.Waiting[last.stage], Waiting{
				Application: i, EnteredAt: time.UnixMicro(last.entered).UTC(), Days: float64(last.lasted(t.at)) / (day * 1e6),
			})
		}
	}
	for s := range stints {
		a.Paces[s].MedianDays, a.Paces[s].P90Days, _ = quantiles(stints[s].sorted())
	}
	return a
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
