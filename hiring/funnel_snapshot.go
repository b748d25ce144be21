package hiring

import (
	"context"

	"hireloop/funnel"
	"hireloop/internal/fault"
)

// FunnelSnapshot is where the active applications are.
type FunnelSnapshot struct{ report[*FunnelStock] }

// FunnelSnapshot counts the active applications of the openings that the viewer
// counts where they are.
func (s *Service) FunnelSnapshot(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*FunnelSnapshot, error) {
	if view != nil && view.Interval != nil {
		return nil, fault.Invalidf("view.interval", "a moment has no periods")
	}
	c, err := s.count(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	return &FunnelSnapshot{newReport(c, func(s funnel.Selection, group naming) []*FunnelStock {
		var out []*FunnelStock
		for _, one := range funnel.CountStock(s) {
			out = append(out, &FunnelStock{Stock: one, Group: group(one.Group, 0), names: c.stages})
		}
		return out
	}, func(one *FunnelStock) bool { return one.Active == 0 })}, nil
}

// FunnelStock is where the active applications of one group are.
type FunnelStock struct {
	funnel.Stock
	Group *FunnelGroup
	names []*FunnelStage
}

// FunnelStockRow is how many active applications are in one stage.
type FunnelStockRow struct {
	Stage  *FunnelStage
	Active int
}

// InferredShare is the share of visits that were assumed.
func (f *FunnelStock) InferredShare() *float64 { return funnel.Share(f.Inferred, f.Visits) }

// Rows are stage by stage, in order.
func (f *FunnelStock) Rows() []*FunnelStockRow {
	rows := make([]*FunnelStockRow, len(f.Stock.Rows))
	for i, r := range f.Stock.Rows {
		rows[i] = &FunnelStockRow{Stage: f.names[r.Stage], Active: r.Active}
	}
	return rows
}
