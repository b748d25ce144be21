package reports

import (
	"context"
	"fmt"
	"iter"

	"hireloop/ent/db"
	"hireloop/funnel"
	"hireloop/hiring"
)

// readLevels is at which levels people applied, were assessed and were hired.
func readLevels(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	l, err := s.LevelOutcomes(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	outcomes := func() []*hiring.LevelOutcome { return oneOrAll(g, l.Total, l.Groups) }
	return &answer{
		stand: standOf(l.Basis()),
		table: done(func() table {
			common := append(basisCells(l.Basis()), named{"applicationsWithheld", count(l.ApplicationsWithheld())})
			return tabulate(common, levelColumns, levelRows(outcomes()))
		}),
		chart: done(func() *chart { return levelChart(l, g, outcomes()) }),
	}, nil
}

// levelRow is one row of the table.
type levelRow struct {
	outcome *hiring.LevelOutcome
	row     *hiring.LevelOutcomeRow
}

func levelRows(outcomes []*hiring.LevelOutcome) iter.Seq[levelRow] {
	return func(yield func(levelRow) bool) {
		for _, o := range outcomes {
			for _, r := range o.Rows {
				if !yield(levelRow{o, r}) {
					return
				}
			}
		}
	}
}

// ofLevel are the columns of a level.
func ofLevel(name string, of func(*hiring.LevelOutcomeRow) *db.Level) []column[levelRow] {
	return []column[levelRow]{
		{name + "LevelId", func(r levelRow) cell { return maybe(of(r.row), func(l db.Level) cell { return cell(l.ID.String()) }) }},
		{name + "LevelName", func(r levelRow) cell { return maybe(of(r.row), func(l db.Level) cell { return words(l.Name) }) }},
	}
}

// shiftColumns are the columns of how levels differ from those applied for.
func shiftColumns(name string, of func(*hiring.LevelOutcome) *funnel.LevelShift) []column[levelRow] {
	part := func(suffix string, show func(*funnel.LevelShift) cell) column[levelRow] {
		return column[levelRow]{name + suffix, func(r levelRow) cell { return show(of(r.outcome)) }}
	}
	return []column[levelRow]{
		part("Compared", func(s *funnel.LevelShift) cell { return count(s.Compared) }),
		part("Lower", func(s *funnel.LevelShift) cell { return count(s.Lower) }),
		part("Higher", func(s *funnel.LevelShift) cell { return count(s.Higher) }),
		part("LowerRate", func(s *funnel.LevelShift) cell { return figure(s.LowerRate()) }),
		part("LowerRateLow", func(s *funnel.LevelShift) cell { return low(s.LowerRateInterval()) }),
		part("LowerRateHigh", func(s *funnel.LevelShift) cell { return high(s.LowerRateInterval()) }),
		part("HigherRate", func(s *funnel.LevelShift) cell { return figure(s.HigherRate()) }),
		part("HigherRateLow", func(s *funnel.LevelShift) cell { return low(s.HigherRateInterval()) }),
		part("HigherRateHigh", func(s *funnel.LevelShift) cell { return high(s.HigherRateInterval()) }),
	}
}

var levelColumns = join(
	groupColumns(func(r levelRow) *hiring.FunnelGroup { return r.outcome.Group }),
	[]column[levelRow]{
		{"decisions", func(r levelRow) cell { return count(r.outcome.Decisions) }},
		{"hires", func(r levelRow) cell { return count(r.outcome.Hires) }},
	},
	shiftColumns("assessed", func(o *hiring.LevelOutcome) *funnel.LevelShift { return o.Assessed }),
	shiftColumns("hired", func(o *hiring.LevelOutcome) *funnel.LevelShift { return o.Hired }),
	ofLevel("applied", func(r *hiring.LevelOutcomeRow) *db.Level { return r.Applied }),
	ofLevel("assessed", func(r *hiring.LevelOutcomeRow) *db.Level { return r.Assessed }),
	ofLevel("hired", func(r *hiring.LevelOutcomeRow) *db.Level { return r.Hired }),
	[]column[levelRow]{{"count", func(r levelRow) cell { return count(r.row.Count) }}})

// levelChart draws how many came out at the same levels.
func levelChart(l *hiring.LevelOutcomes, g grouping, outcomes []*hiring.LevelOutcome) *chart {
	b := l.Basis()
	return &chart{
		title: "Levels, " + span(b.From, b.To),
		notes: []string{
			"Applications that were decided on in this time, in " + openingsNote(b) + ": applied for → assessed at, and at which level they are hired. " +
				withheldNote(l.ApplicationsWithheld()),
			standOf(b).asOfNote(),
		},
		panels: len(outcomes),
		panel: func(i int) panel {
			o := outcomes[i]
			p := &bars{heading: g.title(o.Group, fmt.Sprintf("n = %s, %s; assessed lower %s, higher %s of %d", plural(o.Decisions, "decision"),
				plural(o.Hires, "hire"), percent(o.Assessed.LowerRate(), nil), percent(o.Assessed.HigherRate(), nil), o.Assessed.Compared))}
			most := 0
			t := track{caption: "Applications", room: 260}
			for _, r := range o.Rows {
				p.labels = append(p.labels, levelName(r.Applied)+" → "+levelName(r.Assessed))
				m := counted(r.Count)
				if m.text += ", not hired"; r.Hired != nil {
					m.text = fmt.Sprintf("%d, hired at %s", r.Count, levelName(r.Hired))
				}
				t.marks = append(t.marks, m)
				most = max(most, r.Count)
			}
			t.scale = counts(most)
			p.tracks = []track{t}
			return p
		},
	}
}

func levelName(l *db.Level) string {
	if l == nil {
		return "none"
	}
	return l.Key
}
