package reports

import (
	"context"
	"iter"

	"hireloop/hiring"
)

// readSnapshot is where the active applications are at a moment.
func readSnapshot(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	f, err := s.FunnelSnapshot(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	stocks := func() []*hiring.FunnelStock { return oneOrAll(g, f.Total, f.Groups) }
	return &answer{
		stand: standOf(f.Basis()),
		table: done(func() table { return tabulate(basisCells(f.Basis()), snapshotColumns, stockRows(stocks())) }),
		chart: done(func() *chart { return snapshotChart(f.Basis(), g, stocks()) }),
	}, nil
}

// stockRow is one row of the table.
type stockRow struct {
	stock *hiring.FunnelStock
	row   *hiring.FunnelStockRow
}

func stockRows(stocks []*hiring.FunnelStock) iter.Seq[stockRow] {
	return func(yield func(stockRow) bool) {
		for _, s := range stocks {
			for _, r := range s.Rows() {
				if !yield(stockRow{s, r}) {
					return
				}
			}
		}
	}
}

var snapshotColumns = join(
	groupColumns(func(r stockRow) *hiring.FunnelGroup { return r.stock.Group })[:2], // a moment has no periods
	[]column[stockRow]{
		{"groupActive", func(r stockRow) cell { return count(r.stock.Active) }},
		{"inferredShare", func(r stockRow) cell { return figure(r.stock.InferredShare()) }},
	},
	stageColumns(func(r stockRow) *hiring.FunnelStage { return r.row.Stage }),
	[]column[stockRow]{
		{"active", func(r stockRow) cell { return count(r.row.Active) }},
	})

// snapshotChart draws how many are in each stage.
func snapshotChart(b *hiring.FunnelBasis, g grouping, stocks []*hiring.FunnelStock) *chart {
	return &chart{
		title: "Active applications, " + minute(b.AsOf),
		notes: []string{
			"Snapshot view: applications that are active at this moment, in " + openingsNote(b) + ", by the stage they are in.",
			standOf(b).asOfNote(),
		},
		panels: len(stocks),
		panel: func(i int) panel {
			p := &bars{heading: g.title(stocks[i].Group, "n = "+plural(stocks[i].Active, "active application"))}
			active := track{caption: "Are here", scale: counts(stocks[i].Active), room: 60}
			for _, r := range stocks[i].Rows() {
				p.labels = append(p.labels, stageName(r.Stage))
				active.marks = append(active.marks, counted(r.Active))
			}
			p.tracks = []track{active}
			return p
		},
	}
}
