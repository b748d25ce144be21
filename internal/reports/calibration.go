package reports

import (
	"context"
	"fmt"
	"slices"

	"hireloop/calibration"
	"hireloop/funnel"
	"hireloop/hiring"
)

// readCalibration is whether interviewers are comparable. It stands on no event:
// what of it may be seen depends on which scorecards the viewer owes.
func readCalibration(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	in := hiring.CalibrationInput{
		Filter: q.filter(), InterviewerIDs: q.ids("interviewerId"), AsOf: q.moment("asOf"),
		IncludeShadows: q.flag("includeShadows"), AcrossVersions: q.flag("acrossVersions"),
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	c, err := s.Calibration(ctx, in)
	if err != nil {
		return nil, err
	}
	at := stand{from: c.From, to: c.To, asOf: c.AsOf, known: c.AsOf}
	return &answer{
		stand: at,
		table: done(func() table {
			rows := []calibrationRow{{c, nil}}
			for _, i := range c.Interviewers {
				rows = append(rows, calibrationRow{c, i})
			}
			return tabulate(at.cells(), calibrationColumns, slices.Values(rows))
		}),
		chart: done(func() *chart { return calibrationChart(at, c) }),
	}, nil
}

// calibrationRow is one row of the table: an interviewer, or all together.
type calibrationRow struct {
	all *hiring.Calibration
	one *hiring.InterviewerCalibration // nil for all
}

func (r calibrationRow) timeliness() *calibration.Timeliness {
	if r.one == nil {
		return &r.all.Timeliness
	}
	return &r.one.Timeliness
}

func (r calibrationRow) agreement() *calibration.Agreement {
	if r.one == nil {
		return &r.all.Agreement
	}
	return &r.one.Agreement
}

// figureColumns are the columns of a statistic; nil where a row has none.
func figureColumns(name string, of func(calibrationRow) *calibration.Figure) []column[calibrationRow] {
	return []column[calibrationRow]{
		figureColumn(name, of, func(f calibration.Figure) cell { return figure(f.Value) }),
		figureColumn(name+"Note", of, func(f calibration.Figure) cell { return words(f.Note) }),
	}
}

// intervalColumns are figureColumns of a statistic that has an interval.
func intervalColumns(name string, of func(calibrationRow) *calibration.Figure) []column[calibrationRow] {
	return slices.Insert(figureColumns(name, of), 1,
		figureColumn(name+"Low", of, func(f calibration.Figure) cell { return low(f.Interval) }),
		figureColumn(name+"High", of, func(f calibration.Figure) cell { return high(f.Interval) }))
}

func figureColumn(name string, of func(calibrationRow) *calibration.Figure, show func(calibration.Figure) cell) column[calibrationRow] {
	return column[calibrationRow]{name, func(r calibrationRow) cell { return maybe(of(r), show) }}
}

// ofAll and ofOne are figures of all together, and of one interviewer.
func ofAll(of func(*hiring.Calibration) calibration.Figure) func(calibrationRow) *calibration.Figure {
	return func(r calibrationRow) *calibration.Figure {
		if r.one != nil {
			return nil
		}
		f := of(r.all)
		return &f
	}
}

func ofOne(of func(*hiring.InterviewerCalibration) calibration.Figure) func(calibrationRow) *calibration.Figure {
	return func(r calibrationRow) *calibration.Figure {
		if r.one == nil {
			return nil
		}
		f := of(r.one)
		return &f
	}
}

// whole is a column that all together and each interviewer have.
func whole(name string, all func(*hiring.Calibration) int, one func(*hiring.InterviewerCalibration) int) column[calibrationRow] {
	return column[calibrationRow]{name, func(r calibrationRow) cell {
		if r.one == nil {
			return count(all(r.all))
		}
		return count(one(r.one))
	}}
}

func timely(name string, of func(*calibration.Timeliness) cell) column[calibrationRow] {
	return column[calibrationRow]{name, func(r calibrationRow) cell { return of(r.timeliness()) }}
}

func agreed(name string, of func(*calibration.Agreement) cell) column[calibrationRow] {
	return column[calibrationRow]{name, func(r calibrationRow) cell { return of(r.agreement()) }}
}

var calibrationColumns = join(
	[]column[calibrationRow]{
		{"interviewerId", func(r calibrationRow) cell {
			return maybe(r.one, func(i hiring.InterviewerCalibration) cell { return cell(i.Interviewer.ID.String()) })
		}},
		{"interviewerName", func(r calibrationRow) cell {
			return maybe(r.one, func(i hiring.InterviewerCalibration) cell { return words(i.Interviewer.Name) })
		}},
		whole("ratedUnits", func(c *hiring.Calibration) int { return c.Units }, func(i *hiring.InterviewerCalibration) int { return i.RatedUnits }),
		whole("applications", func(c *hiring.Calibration) int { return c.Applications }, func(i *hiring.InterviewerCalibration) int { return i.Applications }),
	},
	intervalColumns("alpha", ofAll(func(c *hiring.Calibration) calibration.Figure { return c.Alpha })),
	figureColumns("icc1", ofAll(func(c *hiring.Calibration) calibration.Figure { return c.ICC1 })),
	figureColumns("icc1k", ofAll(func(c *hiring.Calibration) calibration.Figure { return c.ICC1k })),
	[]column[calibrationRow]{{"comparisonGroup", func(r calibrationRow) cell {
		return maybe(r.one, func(i hiring.InterviewerCalibration) cell { return count(i.ComparisonGroup) })
	}}},
	intervalColumns("leniency", ofOne((*hiring.InterviewerCalibration).Leniency)),
	[]column[calibrationRow]{{"isLeniencyUsable", func(r calibrationRow) cell {
		return maybe(r.one, func(i hiring.InterviewerCalibration) cell { return yes(i.IsLeniencyUsable()) })
	}}},
	figureColumns("peerDifference", ofOne((*hiring.InterviewerCalibration).PeerDifference)),
	figureColumns("peerDifferenceShrunk", ofOne((*hiring.InterviewerCalibration).PeerDifferenceShrunk)),
	figureColumns("discrimination", ofOne((*hiring.InterviewerCalibration).Discrimination)),
	figureColumns("slope", ofOne((*hiring.InterviewerCalibration).Slope)),
	figureColumns("deviation", ofOne((*hiring.InterviewerCalibration).Deviation)),
	figureColumns("mostUsedShare", ofOne((*hiring.InterviewerCalibration).MostUsedShare)),
	figureColumns("halo", ofOne((*hiring.InterviewerCalibration).Halo)),
	figureColumns("haloPercentile", ofOne((*hiring.InterviewerCalibration).HaloPercentile)),
	[]column[calibrationRow]{
		timely("due", func(t *calibration.Timeliness) cell { return count(t.Due) }),
		timely("onTime", func(t *calibration.Timeliness) cell { return count(t.OnTime) }),
		timely("overdue", func(t *calibration.Timeliness) cell { return count(t.Overdue) }),
		timely("pendingNotDue", func(t *calibration.Timeliness) cell { return count(t.PendingNotDue) }),
	},
	figureColumns("onTimeRate", func(r calibrationRow) *calibration.Figure { return &r.timeliness().Rate }),
	figureColumns("latencyDays", func(r calibrationRow) *calibration.Figure { return &r.timeliness().Latency }),
	[]column[calibrationRow]{
		timely("interviews", func(t *calibration.Timeliness) cell { return count(t.Interviews) }),
		timely("interviewsPerWeek", func(t *calibration.Timeliness) cell { return figure(&t.InterviewsPerWeek) }),
		agreed("decisions", func(a *calibration.Agreement) cell { return count(a.Decisions) }),
		agreed("recommendedHired", func(a *calibration.Agreement) cell { return count(a.TP) }),
		agreed("recommendedNotHired", func(a *calibration.Agreement) cell { return count(a.FP) }),
		agreed("notRecommendedHired", func(a *calibration.Agreement) cell { return count(a.FN) }),
		agreed("notRecommendedNotHired", func(a *calibration.Agreement) cell { return count(a.TN) }),
		agreed("agreementShare", func(a *calibration.Agreement) cell { return figure(a.Share) }),
		agreed("agreementKappa", func(a *calibration.Agreement) cell { return figure(a.Kappa) }),
		agreed("ppv", func(a *calibration.Agreement) cell { return figure(a.PPV) }),
		agreed("npv", func(a *calibration.Agreement) cell { return figure(a.NPV) }),
		agreed("phi", func(a *calibration.Agreement) cell { return figure(a.Phi) }),
		agreed("auc", func(a *calibration.Agreement) cell { return figure(a.AUC) }),
		agreed("agreementNote", func(a *calibration.Agreement) cell { return words(a.Note) }),
	})

// calibrationChart draws leniencies: of all, and of whom the viewer sees by name.
func calibrationChart(at stand, c *hiring.Calibration) *chart {
	return &chart{
		title: "Calibration of interviewers, " + span(at.from, at.to),
		notes: []string{
			"Interviews that ended in this time, from the first version of every scorecard. Leniency: rating points above what others would give for the" +
				" same, pulled towards 0 while little is known, with 95 % intervals. It compares within a group of those who shared signals.",
			"None of it measures how good an interviewer is. " + at.asOfNote(),
		},
		panels: 1,
		panel: func(int) panel {
			p := &bars{heading: fmt.Sprintf("n = %d units of %s, %s; alpha %s", c.Units, plural(c.Applications, "application"),
				plural(c.Raters, "interviewer"), points(c.Alpha))}
			leniency := track{caption: "Leniency", point: true, room: 300, reference: new(float64)}
			widest := 0.5
			add := func(label string, m mark) {
				p.labels, leniency.marks = append(p.labels, label), append(leniency.marks, m)
				if i := m.interval; i != nil {
					widest = max(widest, -i.Low, i.High)
				}
			}
			add("Half of all", quartiles(c.Distributions.Leniency))
			for _, i := range c.Interviewers {
				l := i.Leniency()
				add(i.Interviewer.Name, mark{l.Value, l.Interval, points(l)})
			}
			leniency.scale = spaced(-widest, widest, 0)
			p.tracks = []track{leniency}
			return p
		},
	}
}

// quartiles are between where the half in the middle is.
func quartiles(d calibration.Distribution) mark {
	if !d.Sufficient {
		return mark{text: d.Note}
	}
	return mark{d.Median, &funnel.Interval{Low: *d.Lower, High: *d.Upper},
		fmt.Sprintf("%+.2f (%+.2f to %+.2f), of %d", *d.Median, *d.Lower, *d.Upper, d.Interviewers)}
}

// points tells a statistic, rounded, or why there is none.
func points(f calibration.Figure) string {
	switch {
	case f.Value == nil:
		return "not told: " + f.Note
	case f.Interval == nil:
		return fmt.Sprintf("%+.2f", *f.Value)
	}
	return fmt.Sprintf("%+.2f (%+.2f to %+.2f)", *f.Value, f.Interval.Low, f.Interval.High)
}
