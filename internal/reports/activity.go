package reports

import (
	"context"
	"fmt"
	"iter"
	"time"

	"hireloop/hiring"
)

// readActivity is the activity view: what went on in a time, by visits.
func readActivity(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	f, err := s.FunnelActivity(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	periods := func() []*hiring.ActivityPeriod { return oneOrAll(g, f.Total, f.Groups) }
	return &answer{
		stand: standOf(f.Basis()),
		table: done(func() table { return tabulate(basisCells(f.Basis()), activityColumns, activityRows(periods())) }),
		chart: done(func() *chart {
			if g.periods {
				return activityLines(f.Basis(), g, bySeries(periods()))
			}
			return activityBars(f.Basis(), g, periods())
		}),
	}, nil
}

// activityRow is one row of the table.
type activityRow struct {
	period *hiring.ActivityPeriod
	row    *hiring.ActivityRow
}

func activityRows(periods []*hiring.ActivityPeriod) iter.Seq[activityRow] {
	return func(yield func(activityRow) bool) {
		for _, p := range periods {
			for _, r := range p.Rows() {
				if !yield(activityRow{p, r}) {
					return
				}
			}
		}
	}
}

var activityColumns = join(
	groupColumns(func(r activityRow) *hiring.FunnelGroup { return r.period.Group }),
	[]column[activityRow]{
		{"applied", func(r activityRow) cell { return count(r.period.Applied) }},
		{"hires", func(r activityRow) cell { return count(r.period.Hires) }},
		{"inferredShare", func(r activityRow) cell { return figure(r.period.InferredShare()) }},
	},
	stageColumns(func(r activityRow) *hiring.FunnelStage { return r.row.Stage }),
	[]column[activityRow]{
		{"stockStart", func(r activityRow) cell { return count(r.row.StockStart) }},
		{"entries", func(r activityRow) cell { return count(r.row.Entries) }},
		{"advanced", func(r activityRow) cell { return count(r.row.Advanced) }},
		{"movedBack", func(r activityRow) cell { return count(r.row.MovedBack) }},
		{"rejected", func(r activityRow) cell { return count(r.row.Rejected) }},
		{"withdrawn", func(r activityRow) cell { return count(r.row.Withdrawn) }},
		{"stockEnd", func(r activityRow) cell { return count(r.row.StockEnd) }},
		{"passThrough", func(r activityRow) cell { return figure(r.row.PassThrough()) }},
	})

func activityNotes(b *hiring.FunnelBasis) []string {
	return []string{
		"Activity view: visits to stages that began or ended in this time, in " + openingsNote(b) +
			", whoever's they are. No conversion of any group of people.",
		standOf(b).asOfNote(),
	}
}

// activityBars draws, stage by stage, who came, left and stayed.
func activityBars(b *hiring.FunnelBasis, g grouping, periods []*hiring.ActivityPeriod) *chart {
	return &chart{
		title: "Activity, " + span(b.From, b.To), notes: activityNotes(b), panels: len(periods),
		panel: func(i int) panel {
			one := periods[i]
			p := &bars{heading: g.title(one.Group, fmt.Sprintf("n = %s, %s", plural(one.Applied, "application"), plural(one.Hires, "hire")))}
			most := 0
			for _, r := range one.Rows() {
				p.labels = append(p.labels, stageName(r.Stage))
				most = max(most, r.StockStart, r.Entries, r.Advanced, r.MovedBack, r.Rejected, r.Withdrawn, r.StockEnd)
			}
			for _, of := range []struct {
				caption string
				count   func(*hiring.ActivityRow) int
			}{
				{"At first", func(r *hiring.ActivityRow) int { return r.StockStart }},
				{"Came", func(r *hiring.ActivityRow) int { return r.Entries }},
				{"Advanced", func(r *hiring.ActivityRow) int { return r.Advanced }},
				{"Moved back", func(r *hiring.ActivityRow) int { return r.MovedBack }},
				{"Rejected", func(r *hiring.ActivityRow) int { return r.Rejected }},
				{"Withdrawn", func(r *hiring.ActivityRow) int { return r.Withdrawn }},
				{"At the end", func(r *hiring.ActivityRow) int { return r.StockEnd }},
			} {
				t := track{caption: of.caption, scale: counts(most), room: 30}
				for _, r := range one.Rows() {
					t.marks = append(t.marks, counted(of.count(r)))
				}
				p.tracks = append(p.tracks, t)
			}
			return p
		},
	}
}

// bySeries puts the periods of each group together.
func bySeries(periods []*hiring.ActivityPeriod) [][]*hiring.ActivityPeriod {
	var out [][]*hiring.ActivityPeriod
	for i, p := range periods {
		if i == 0 || p.Activity.Group != periods[i-1].Activity.Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], p)
	}
	return out
}

// activityLines draws how many came into each stage, period by period.
func activityLines(b *hiring.FunnelBasis, g grouping, groups [][]*hiring.ActivityPeriod) *chart {
	g.periods = false // the axis tells them
	return &chart{
		title: "Activity by period, " + span(b.From, b.To),
		notes: append([]string{"Visits that began, by the first day of the period."}, activityNotes(b)...), panels: len(groups),
		panel: func(i int) panel {
			group := groups[i]
			applied, hires, most := 0, 0, 0
			p := &lines{caption: "Came into the stage"}
			for n, r := range group[0].Rows() {
				l := line{name: stageName(r.Stage)}
				sum := 0
				for x, period := range group {
					entries := period.Rows()[n].Entries
					sum, most = sum+entries, max(most, entries)
					l.points = append(l.points, point{float64(x), float64(entries)})
				}
				l.figures = fmt.Sprintf("%d came, %d in the last period", sum, group[len(group)-1].Rows()[n].Entries)
				p.lines = append(p.lines, l)
			}
			for _, period := range group {
				applied, hires = applied+period.Applied, hires+period.Hires
			}
			p.heading = g.title(group[0].Group, fmt.Sprintf("n = %s, %s", plural(applied, "application"), plural(hires, "hire")))
			p.y, p.x = counts(most), scale{high: float64(max(1, len(group)-1))}
			for x := 0; x < len(group); x += max(1, (len(group)+4)/5) {
				p.x.ticks = append(p.x.ticks, tick{float64(x), group[x].Group.From.Format(time.DateOnly)})
			}
			return p
		},
	}
}
