package hiring

import (
	"context"
	"sync"
	"time"

	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/internal/fault"
)

// FunnelStage is a stage, or all stages of a kind: then Name is nil.
type FunnelStage struct {
	Kind     stage.Kind
	Name     *string
	Position int
}

// counted is what is counted, and how it is told.
type counted struct {
	basis  FunnelBasis
	scope  *scope
	stages []*FunnelStage
	whole  funnel.Selection
	days   []time.Time // at which periods begin, and the day after the last

	grouped  *funnel.Selection // nil when no groups are asked for
	groups   []FunnelGroup     // by number
	interval bool
}

// count reads who is counted and how.
func (s *Service) count(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*counted, error) {
	if filter == nil {
		filter = &FunnelFilter{}
	}
	if view == nil {
		view = &FunnelView{Stages: ByKind, Skips: funnel.Implied, Reentries: funnel.EachVisit}
	}
	b, err := s.basis(*filter, *view)
	if err != nil {
		return nil, err
	}
	scope, err := s.scope(ctx, *filter)
	if err != nil {
		return nil, err
	}
	b.Event, b.Openings, b.OpeningsLeftOut = scope.event(), len(scope.openings), scope.leftOut
	c := &counted{basis: b, scope: scope, whole: scope.selection(b), interval: view.Interval != nil}
	if c.stages, err = s.stageNames(ctx, scope, b); err != nil {
		return nil, err
	}
	c.whole.Boundaries = b.boundaries([]time.Time{b.From, b.To})
	c.days = b.periods(view.Interval)
	if view.GroupBy != nil || view.Interval != nil {
		grouped := c.whole
		grouped.Boundaries = b.boundaries(c.days)
		c.groups = []FunnelGroup{{}}
		if view.GroupBy != nil {
			if c.groups, err = s.group(ctx, scope, *view.GroupBy, &grouped); err != nil {
				return nil, err
			}
		}
		if n := len(c.groups) * (len(c.days) - 1); n > maxGroups {
			return nil, fault.Invalidf("view", "makes %d groups, of at most %d", n, maxGroups).
				WithHint("take longer intervals, a shorter time or fewer openings")
		}
		c.grouped = &grouped
	}
	return c, nil
}

// maxGroups is how many groups and periods one report may have: they take memory
// before anything is counted.
const maxGroups = 10_000

// everybody is the group of all, for the whole time.
func (c *counted) everybody() *FunnelGroup {
	return &FunnelGroup{From: c.basis.From, To: c.basis.To}
}

// group is one group in one period.
func (c *counted) group(number, period int) *FunnelGroup {
	g := c.groups[number]
	g.From, g.To = c.days[period], c.days[period+1]
	return &g
}

// Funnel is what became of the applications that began in a time.
type Funnel struct{ report[*FunnelCohort] }

// Funnel follows the applications that began in a time, of the openings that the
// viewer counts. It is counted when it is asked for; times says that stage times
// will be, which takes one pass less than asking for them later.
func (s *Service) Funnel(ctx context.Context, filter *FunnelFilter, view *FunnelView, times bool) (*Funnel, error) {
	c, err := s.count(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	return &Funnel{newReport(c, func(s funnel.Selection, group naming) []*FunnelCohort {
		return c.cohorts(s, group, times)
	}, func(one *FunnelCohort) bool { return one.Applications == 0 })}, nil
}

// FunnelCohort is what became of one group in one period.
type FunnelCohort struct {
	funnel.Cohort
	Group *FunnelGroup
	names []*FunnelStage
	times func() []funnel.StageTime // of all groups
}

// FunnelRow is what became of a cohort in one stage.
type FunnelRow struct {
	funnel.CohortRow
	Stage *FunnelStage
}

// StageTime is how long applications stay in a stage.
type StageTime struct {
	*funnel.StageTime
	Stage *FunnelStage
}

// Curve tells the estimate at whole days, at up to 366 of them.
func (t *StageTime) Curve(points int) ([]funnel.CurvePoint, error) {
	if points < 1 || points > 366 {
		return nil, fault.Invalidf("points", "is %d, not 1 to 366", points)
	}
	return t.StageTime.Curve(points), nil
}

func (c *counted) cohorts(s funnel.Selection, group naming, timed bool) []*FunnelCohort {
	var counts []funnel.Cohort
	var times func() []funnel.StageTime
	if timed {
		all, measured := funnel.FollowCohorts(s, c.basis.Reentries)
		counts, times = all, func() []funnel.StageTime { return measured }
	} else {
		counts = funnel.CountCohorts(s)
		times = sync.OnceValue(func() []funnel.StageTime { return funnel.TimeStages(s, c.basis.Reentries) })
	}
	var out []*FunnelCohort
	for _, one := range counts {
		out = append(out, &FunnelCohort{Cohort: one, Group: group(one.Group, one.Period), names: c.stages, times: times})
	}
	return out
}

// HireRate is hires of applications.
func (c *FunnelCohort) HireRate() *float64 { return funnel.Share(c.Hires, c.Applications) }

// HireRateInterval is its 95 % Wilson interval.
func (c *FunnelCohort) HireRateInterval() *funnel.Interval {
	return funnel.Wilson(c.Hires, c.Applications)
}

// InferredShare is the share of visits that were assumed.
func (c *FunnelCohort) InferredShare() *float64 { return funnel.Share(c.Inferred, c.Visits) }

// Rows are stage by stage, in order.
func (c *FunnelCohort) Rows() []*FunnelRow {
	rows := make([]*FunnelRow, len(c.Cohort.Rows))
	for i, r := range c.Cohort.Rows {
		rows[i] = &FunnelRow{CohortRow: r, Stage: c.names[r.Stage]}
	}
	return rows
}

// StageTimes are how long each stage takes, in order.
func (c *FunnelCohort) StageTimes() []*StageTime {
	var out []*StageTime
	all := c.times()
	each := 0 // stages of a group: all have the same
	for each < len(all) && all[each].Group == all[0].Group {
		each++
	}
	for i := c.Cohort.Group * each; i < (c.Cohort.Group+1)*each; i++ {
		out = append(out, &StageTime{StageTime: &all[i], Stage: c.names[all[i].Stage]})
	}
	return out
}
