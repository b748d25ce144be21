package reports

import (
	"context"
	"slices"

	"hireloop/funnel"
	"hireloop/hiring"
)

// readSources is what became of the applications of each source.
func readSources(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	e, err := s.SourceEffectiveness(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	return &answer{
		stand: standOf(e.Basis()),
		table: done(func() table {
			common := append(basisCells(e.Basis()), named{"applicationsWithheld", count(e.ApplicationsWithheld())})
			return tabulate(common, sourceColumns, slices.Values(e.Sources()))
		}),
		chart: done(func() *chart { return sourceChart(e, view.Interval != nil) }),
	}, nil
}

var sourceColumns = join(
	groupColumns(func(o *hiring.SourceOutcome) *hiring.FunnelGroup { return o.Group }),
	[]column[*hiring.SourceOutcome]{
		{"applications", func(o *hiring.SourceOutcome) cell { return count(o.Applications) }},
		{"reachedInterview", func(o *hiring.SourceOutcome) cell { return count(o.ReachedInterview) }},
		{"hires", func(o *hiring.SourceOutcome) cell { return count(o.Hires) }},
		{"isSufficient", func(o *hiring.SourceOutcome) cell { return yes(o.IsSufficient()) }},
		{"interviewRate", func(o *hiring.SourceOutcome) cell { return figure(o.InterviewRate()) }},
		{"interviewRateLow", func(o *hiring.SourceOutcome) cell { return low(o.InterviewRateInterval()) }},
		{"interviewRateHigh", func(o *hiring.SourceOutcome) cell { return high(o.InterviewRateInterval()) }},
		{"hireRate", func(o *hiring.SourceOutcome) cell { return figure(o.HireRate()) }},
		{"hireRateLow", func(o *hiring.SourceOutcome) cell { return low(o.HireRateInterval()) }},
		{"hireRateHigh", func(o *hiring.SourceOutcome) cell { return high(o.HireRateInterval()) }},
		{"shareOfHires", func(o *hiring.SourceOutcome) cell { return figure(o.ShareOfHires) }},
	},
	timingColumns("timeToHire", func(o *hiring.SourceOutcome) *funnel.Timing { return o.TimeToHire }))

// sourceChart draws the sources below each other, or the periods of each.
func sourceChart(e *hiring.SourceEffectiveness, periods bool) *chart {
	b := e.Basis()
	var panels [][]*hiring.SourceOutcome
	for i, o := range e.Sources() {
		if i == 0 || periods && !sameGroup(o.Group, e.Sources()[i-1].Group) {
			panels = append(panels, nil)
		}
		panels[len(panels)-1] = append(panels[len(panels)-1], o)
	}
	return &chart{
		title: "Sources, " + span(b.From, b.To),
		notes: []string{
			"Cohort view: applications that began in this time, in " + openingsNote(b) + ", by where they came from. Rates take at least " +
				string(count(hiring.FewestApplications)) + " applications; their 95 % intervals are Wilson's.",
			standOf(b).asOfNote(),
		},
		panels: len(panels),
		panel: func(i int) panel {
			p, total := &bars{}, 0
			applications := track{caption: "Applications", room: 50}
			interviews := track{caption: "Reached an interview", point: true, room: 110}
			hires := track{caption: "Hired", point: true, room: 110}
			most := 0
			for _, o := range panels[i] {
				label := nameOf(o.Group)
				if periods {
					label = string(day(o.Group.From))
				}
				p.labels = append(p.labels, label)
				applications.marks = append(applications.marks, counted(o.Applications))
				interviews.marks = append(interviews.marks, rate(o.InterviewRate(), o.InterviewRateInterval()))
				hires.marks = append(hires.marks, rate(o.HireRate(), o.HireRateInterval()))
				most, total = max(most, o.Applications), total+o.Applications
			}
			applications.scale, interviews.scale, hires.scale = counts(most), upTo(interviews.marks), upTo(hires.marks)
			p.heading = grouping{by: periods}.title(panels[i][0].Group, "n = "+plural(total, "application"))
			p.tracks = []track{applications, interviews, hires}
			return p
		},
	}
}

// rate is the mark of a share.
func rate(share *float64, i *funnel.Interval) mark { return mark{share, i, percent(share, i)} }

// upTo is a scale of shares that reaches to the ends of all intervals.
func upTo(marks []mark) scale {
	most := 0.0
	for _, m := range marks {
		if m.interval != nil {
			most = max(most, m.interval.High)
		}
	}
	return sharesUpTo(most)
}

func sameGroup(a, b *hiring.FunnelGroup) bool {
	return a.ID == nil && b.ID == nil || a.ID != nil && b.ID != nil && *a.ID == *b.ID
}
