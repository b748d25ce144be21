package hiring

import (
	"context"
	"slices"
	"sync"

	"hireloop/funnel"
)

// FunnelActivity is what went on in a time.
type FunnelActivity struct {
	*counted
	total  func() []*ActivityPeriod
	groups func() []*ActivityPeriod
}

// FunnelActivity counts what went on in a time in the openings that the viewer
// counts.
func (s *Service) FunnelActivity(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*FunnelActivity, error) {
	c, err := s.count(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	f := &FunnelActivity{counted: c}
	f.total = sync.OnceValue(func() []*ActivityPeriod {
		return f.periods(c.whole, func(funnel.Activity) *FunnelGroup { return c.together() })
	})
	f.groups = sync.OnceValue(func() []*ActivityPeriod {
		if c.grouped == nil || len(c.groups) == 0 {
			return []*ActivityPeriod{}
		}
		all := f.periods(*c.grouped, func(one funnel.Activity) *FunnelGroup { return c.group(one.Group, one.Period) })
		return inhabited(all, len(c.days)-1, (*ActivityPeriod).idle)
	})
	return f, nil
}

// Basis is on what the figures stand.
func (f *FunnelActivity) Basis() *FunnelBasis { return &f.basis }

// Total is all together.
func (f *FunnelActivity) Total() *ActivityPeriod { return f.total()[0] }

// Groups are by group, and by period within the group.
func (f *FunnelActivity) Groups() []*ActivityPeriod { return f.groups() }

// ActivityPeriod is what went on in one period, in one group.
type ActivityPeriod struct {
	funnel.Activity
	Group *FunnelGroup
	names []*FunnelStage
}

// ActivityRow is what went on in one stage.
type ActivityRow struct {
	funnel.ActivityRow
	Stage *FunnelStage
}

func (f *FunnelActivity) periods(s funnel.Selection, group func(funnel.Activity) *FunnelGroup) []*ActivityPeriod {
	var out []*ActivityPeriod
	for _, one := range funnel.CountActivity(s) {
		out = append(out, &ActivityPeriod{Activity: one, Group: group(one), names: f.stages})
	}
	return out
}

// idle reports whether nobody was there, came or left.
func (p *ActivityPeriod) idle() bool {
	return !slices.ContainsFunc(p.Activity.Rows, func(r funnel.ActivityRow) bool { return r.StockStart > 0 || r.Entries > 0 })
}

// InferredShare is the share of visits that were assumed.
func (p *ActivityPeriod) InferredShare() *float64 { return funnel.Share(p.Inferred, p.Visits) }

// Rows are stage by stage, in order.
func (p *ActivityPeriod) Rows() []*ActivityRow {
	rows := make([]*ActivityRow, len(p.Activity.Rows))
	for i, r := range p.Activity.Rows {
		rows[i] = &ActivityRow{ActivityRow: r, Stage: p.names[r.Stage]}
	}
	return rows
}
