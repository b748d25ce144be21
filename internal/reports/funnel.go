package reports

import (
	"context"
	"fmt"
	"iter"

	"hireloop/hiring"
)

// readFunnel is the cohort view: what became of the applications that began in a
// time.
func readFunnel(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	f, err := s.Funnel(ctx, filter, view, false)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	cohorts := func() []*hiring.FunnelCohort { return oneOrAll(g, f.Total, f.Groups) }
	return &answer{
		stand: standOf(f.Basis()),
		table: done(func() table { return tabulate(basisCells(f.Basis()), funnelColumns, cohortRows(cohorts())) }),
		chart: done(func() *chart { return funnelChart(f.Basis(), g, cohorts()) }),
	}, nil
}

// cohortRow is one row of the table.
type cohortRow struct {
	cohort *hiring.FunnelCohort
	row    *hiring.FunnelRow
}

func cohortRows(cohorts []*hiring.FunnelCohort) iter.Seq[cohortRow] {
	return func(yield func(cohortRow) bool) {
		for _, c := range cohorts {
			for _, r := range c.Rows() {
				if !yield(cohortRow{c, r}) {
					return
				}
			}
		}
	}
}

var funnelColumns = join(
	groupColumns(func(r cohortRow) *hiring.FunnelGroup { return r.cohort.Group }),
	[]column[cohortRow]{
		{"applications", func(r cohortRow) cell { return count(r.cohort.Applications) }},
		{"hires", func(r cohortRow) cell { return count(r.cohort.Hires) }},
		{"hireRate", func(r cohortRow) cell { return figure(r.cohort.HireRate()) }},
		{"hireRateLow", func(r cohortRow) cell { return low(r.cohort.HireRateInterval()) }},
		{"hireRateHigh", func(r cohortRow) cell { return high(r.cohort.HireRateInterval()) }},
		{"inferredShare", func(r cohortRow) cell { return figure(r.cohort.InferredShare()) }},
	},
	stageColumns(func(r cohortRow) *hiring.FunnelStage { return r.row.Stage }),
	[]column[cohortRow]{
		{"entered", func(r cohortRow) cell { return count(r.row.Entered) }},
		{"actualEntered", func(r cohortRow) cell { return count(r.row.ActualEntered) }},
		{"skipped", func(r cohortRow) cell { return count(r.row.Skipped) }},
		{"passed", func(r cohortRow) cell { return count(r.row.Passed) }},
		{"actualPassed", func(r cohortRow) cell { return count(r.row.ActualPassed) }},
		{"rejected", func(r cohortRow) cell { return count(r.row.Rejected) }},
		{"withdrawn", func(r cohortRow) cell { return count(r.row.Withdrawn) }},
		{"active", func(r cohortRow) cell { return count(r.row.Active) }},
		{"lastRejected", func(r cohortRow) cell { return count(r.row.LastRejected) }},
		{"lastWithdrawn", func(r cohortRow) cell { return count(r.row.LastWithdrawn) }},
		{"lastActive", func(r cohortRow) cell { return count(r.row.LastActive) }},
		{"reentries", func(r cohortRow) cell { return count(r.row.Reentries) }},
		{"conversion", func(r cohortRow) cell { return figure(r.row.Conversion()) }},
		{"settledConversion", func(r cohortRow) cell { return figure(r.row.SettledConversion()) }},
		{"settledConversionLow", func(r cohortRow) cell { return low(r.row.SettledConversionInterval()) }},
		{"settledConversionHigh", func(r cohortRow) cell { return high(r.row.SettledConversionInterval()) }},
	})

// funnelChart draws, stage by stage, who got there and who of them passed.
func funnelChart(b *hiring.FunnelBasis, g grouping, cohorts []*hiring.FunnelCohort) *chart {
	return &chart{
		title: "Funnel, " + span(b.From, b.To),
		notes: []string{
			"Cohort view: applications that began in this time, in " + openingsNote(b) + ", and what became of them. " + skipsNote(b),
			"Pass rates are of those of whom it is known (passed, rejected or withdrawn), with 95 % Wilson intervals.",
			standOf(b).asOfNote(),
		},
		panels: len(cohorts),
		panel: func(i int) panel {
			c := cohorts[i]
			entered := track{caption: "Got here", scale: counts(c.Applications), room: 50}
			passed := track{caption: "Passed on", scale: shares, point: true, room: 110}
			p := &bars{heading: g.title(c.Group, fmt.Sprintf("n = %d, %s, %s hired", c.Applications, plural(c.Hires, "hire"),
				percent(c.HireRate(), c.HireRateInterval())))}
			for _, r := range c.Rows() {
				p.labels = append(p.labels, stageName(r.Stage))
				entered.marks = append(entered.marks, counted(r.Entered))
				share := mark{} // nobody passes the last one
				if !r.Terminal {
					share = rate(r.SettledConversion(), r.SettledConversionInterval())
				}
				passed.marks = append(passed.marks, share)
			}
			p.tracks = []track{entered, passed}
			return p
		},
	}
}
