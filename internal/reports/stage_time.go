package reports

import (
	"context"
	"fmt"
	"iter"

	"hireloop/funnel"
	"hireloop/hiring"
)

// At how many days a curve is told at most, unless a request says: in a table as
// in the contract, in a picture day by day for half a year.
const (
	usualPoints = 53
	drawnPoints = 183
)

// readStageTimes is how long the applications that began in a time stay in each
// stage.
func readStageTimes(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.view()
	points := q.number("points")
	if err := q.err(); err != nil {
		return nil, err
	}
	told, drawn := usualPoints, drawnPoints
	if points != nil {
		told, drawn = *points, *points
	}
	if _, err := (&hiring.StageTime{StageTime: &funnel.StageTime{}}).Curve(told); err != nil {
		return nil, err
	}
	f, err := s.Funnel(ctx, filter, view, true)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	cohorts := func() []*hiring.FunnelCohort { return oneOrAll(g, f.Total, f.Groups) }
	return &answer{
		stand: standOf(f.Basis()),
		table: done(func() table { return tabulate(basisCells(f.Basis()), stageTimeColumns, stageTimeRows(cohorts(), told)) }),
		chart: done(func() *chart { return stageTimeChart(f.Basis(), g, cohorts(), drawn) }),
	}, nil
}

// stageTimeRow is one row of the table: a point of the curve of a stage, or the
// stage alone when it has none.
type stageTimeRow struct {
	group *hiring.FunnelGroup
	time  *hiring.StageTime
	point *funnel.CurvePoint
}

func stageTimeRows(cohorts []*hiring.FunnelCohort, points int) iter.Seq[stageTimeRow] {
	return func(yield func(stageTimeRow) bool) {
		for _, c := range cohorts {
			for _, t := range c.StageTimes() {
				curve := t.StageTime.Curve(points)
				if len(curve) == 0 && !yield(stageTimeRow{c.Group, t, nil}) {
					return
				}
				for i := range curve {
					if !yield(stageTimeRow{c.Group, t, &curve[i]}) {
						return
					}
				}
			}
		}
	}
}

// atPoint is a column of what a point of a curve tells.
func atPoint(name string, of func(*funnel.CurvePoint) float64) column[stageTimeRow] {
	return column[stageTimeRow]{name, func(r stageTimeRow) cell {
		if r.point == nil {
			return ""
		}
		f := of(r.point)
		return figure(&f)
	}}
}

var stageTimeColumns = join(
	groupColumns(func(r stageTimeRow) *hiring.FunnelGroup { return r.group })[:2], // all of its time together
	stageColumns(func(r stageTimeRow) *hiring.FunnelStage { return r.time.Stage }),
	[]column[stageTimeRow]{
		{"completed", func(r stageTimeRow) cell { return count(r.time.Completed) }},
		{"stillIn", func(r stageTimeRow) cell { return count(r.time.StillIn) }},
		{"medianDays", func(r stageTimeRow) cell { return figure(r.time.MedianDays) }},
		{"p90Days", func(r stageTimeRow) cell { return figure(r.time.P90Days) }},
		{"naiveMedianDays", func(r stageTimeRow) cell { return figure(r.time.NaiveMedianDays) }},
		atPoint("days", func(p *funnel.CurvePoint) float64 { return p.Days }),
		atPoint("remaining", func(p *funnel.CurvePoint) float64 { return p.Remaining }),
		atPoint("standardError", func(p *funnel.CurvePoint) float64 { return p.StandardError }),
		atPoint("advanced", func(p *funnel.CurvePoint) float64 { return p.Advanced }),
		atPoint("movedBack", func(p *funnel.CurvePoint) float64 { return p.MovedBack }),
		atPoint("rejected", func(p *funnel.CurvePoint) float64 { return p.Rejected }),
		atPoint("withdrawn", func(p *funnel.CurvePoint) float64 { return p.Withdrawn }),
	})

// stageTimeChart draws the share that is still in each stage, day by day.
func stageTimeChart(b *hiring.FunnelBasis, g grouping, cohorts []*hiring.FunnelCohort, points int) *chart {
	unit := "Each visit counts by itself."
	if b.Reentries == funnel.Total {
		unit = "All visits of an application to a stage are added up."
	}
	return &chart{
		title: "Time in stage, " + span(b.From, b.To),
		notes: []string{
			"Cohort view: applications that began in this time, in " + openingsNote(b) + ". " + unit,
			"Kaplan–Meier: who is still in a stage counts for as long as they are. A dot is the median: half have left.",
			standOf(b).asOfNote(),
		},
		panels: len(cohorts),
		panel: func(i int) panel {
			c := cohorts[i]
			p := &lines{heading: g.title(c.Group, "n = "+plural(c.Applications, "application")), caption: "Still in the stage", y: shares}
			longest := 0.0
			for _, t := range c.StageTimes() {
				l := line{name: stageName(t.Stage), steps: true, figures: fmt.Sprintf("median %s; n = %d, %d still in",
					inDays(t.MedianDays, "not reached"), t.Completed+t.StillIn, t.StillIn)}
				for _, at := range t.StageTime.Curve(points) {
					l.points = append(l.points, point{at.Days, at.Remaining})
					longest = max(longest, at.Days)
				}
				if t.MedianDays != nil {
					l.dot = &point{*t.MedianDays, 0.5}
				}
				p.lines = append(p.lines, l)
			}
			p.x = lengths(longest)
			return p
		},
	}
}
