package hiring

import (
	"context"
	"slices"

	"hireloop/funnel"
)

// FunnelActivity is what went on in a time.
type FunnelActivity struct{ report[*ActivityPeriod] }

// FunnelActivity counts what went on in a time in the openings that the viewer
// counts.
func (s *Service) FunnelActivity(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*FunnelActivity, error) {
	c, err := s.count(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	return &FunnelActivity{newReport(c, func(s funnel.Selection, group naming) []*ActivityPeriod {
		var out []*ActivityPeriod
		for _, one := range funnel.CountActivity(s) {
			out = append(out, &ActivityPeriod{Activity: one, Group: group(one.Group, one.Period), names: c.stages})
		}
		return out
	}, (*ActivityPeriod).idle)}, nil
}

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
