package hiring

import (
	"context"
	"sync"

	"hireloop/funnel"
	"hireloop/internal/fault"
)

// FunnelSnapshot is where the active applications are.
type FunnelSnapshot struct {
	*counted
	total  func() []*FunnelStock
	groups func() []*FunnelStock
}

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
	f := &FunnelSnapshot{counted: c}
	f.total = sync.OnceValue(func() []*FunnelStock {
		return f.stocks(c.whole, func(funnel.Stock) *FunnelGroup { return c.together() })
	})
	f.groups = sync.OnceValue(func() []*FunnelStock {
		if c.grouped == nil || len(c.groups) == 0 {
			return []*FunnelStock{}
		}
		all := f.stocks(*c.grouped, func(one funnel.Stock) *FunnelGroup { return c.group(one.Group, 0) })
		return inhabited(all, 1, func(one *FunnelStock) bool { return one.Active == 0 })
	})
	return f, nil
}

// Basis is on what the figures stand.
func (f *FunnelSnapshot) Basis() *FunnelBasis { return &f.basis }

// Total is all together.
func (f *FunnelSnapshot) Total() *FunnelStock { return f.total()[0] }

// Groups are by group.
func (f *FunnelSnapshot) Groups() []*FunnelStock { return f.groups() }

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

func (f *FunnelSnapshot) stocks(s funnel.Selection, group func(funnel.Stock) *FunnelGroup) []*FunnelStock {
	var out []*FunnelStock
	for _, one := range funnel.CountStock(s) {
		out = append(out, &FunnelStock{Stock: one, Group: group(one), names: f.stages})
	}
	return out
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
