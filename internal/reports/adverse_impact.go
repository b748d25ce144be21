package reports

import (
	"context"
	"fmt"
	"slices"

	"hireloop/ent/db/demographicanswer"
	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/hiring"
)

// readAdverseImpact is how groups of people get through a kind of stage.
func readAdverseImpact(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	in := hiring.AdverseImpactFilter{
		Attribute: demographicanswer.Attribute(required(q, "attribute", q.text("attribute"))),
		From:      required(q, "from", q.day("from")), To: required(q, "to", q.day("to")),
		Stage: stage.Kind(required(q, "stage", q.text("stage"))),
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	a, err := s.AdverseImpact(ctx, in)
	if err != nil {
		return nil, err
	}
	return &answer{
		stand: standOf(a.Basis()),
		table: done(func() table {
			common := append(basisCells(a.Basis()), named{"attribute", words(string(a.Attribute))}, named{"stage", words(string(a.Stage))})
			common = append(common, named{"reference", maybe(a.Reference, words)},
				named{"minimumGroup", count(a.MinimumGroup)}, named{"suppressedGroups", count(a.SuppressedGroups)})
			return tabulate(common, impactColumns, slices.Values(a.Rows))
		}),
		chart: done(func() *chart { return impactChart(a) }),
	}, nil
}

var impactColumns = []column[funnel.ImpactRow]{
	{"group", func(r funnel.ImpactRow) cell { return words(r.Group) }},
	{"status", func(r funnel.ImpactRow) cell { return words(string(r.Status)) }},
	{"applicants", func(r funnel.ImpactRow) cell { return maybe(r.Applicants, count[int]) }},
	{"selected", func(r funnel.ImpactRow) cell { return maybe(r.Selected, count[int]) }},
	{"selectionRate", func(r funnel.ImpactRow) cell { return figure(r.SelectionRate) }},
	{"impactRatio", func(r funnel.ImpactRow) cell { return figure(r.ImpactRatio) }},
	{"ratioLow", func(r funnel.ImpactRow) cell { return low(r.RatioInterval) }},
	{"ratioHigh", func(r funnel.ImpactRow) cell { return high(r.RatioInterval) }},
	{"fisherP", func(r funnel.ImpactRow) cell { return figure(r.FisherP) }},
	{"z", func(r funnel.ImpactRow) cell { return figure(r.Z) }},
	{"flipFlop", func(r funnel.ImpactRow) cell { return maybe(r.FlipFlop, yes) }},
}

// impactChart draws the ratio of each group's selection rate to that of the
// reference, beside four fifths.
func impactChart(a *hiring.AdverseImpact) *chart {
	b, fourFifths := a.Basis(), .8
	where := "in " + openingsNote(b)
	return &chart{
		title: fmt.Sprintf("Adverse impact at %s by %s, %s", spoken(string(a.Stage)), spoken(string(a.Attribute)), span(b.From, b.To)),
		notes: []string{
			"Cohort view: applications that began in this time, " + where + ", of whom it is settled whether they got through. Groups are what people said of themselves.",
			"The dashed line is four fifths of the reference's rate. An indication is a reason to look, not a legal finding.",
			fmt.Sprintf("Groups of fewer than %d are hidden, and with them what would give them away: %d here. ", a.MinimumGroup, a.SuppressedGroups) +
				standOf(b).asOfNote(),
		},
		panels: 1,
		panel: func(int) panel {
			n, highest := 0, 0.0
			rates := track{caption: "Got through", room: 80, width: 0.7}
			ratios := track{caption: "Ratio to the highest rate", scale: spaced(0, 1.5, 0), point: true, room: 210, reference: &fourFifths}
			p := &bars{}
			for _, r := range a.Rows {
				p.labels = append(p.labels, r.Group)
				share, ratio := mark{value: r.SelectionRate}, mark{value: r.ImpactRatio, interval: r.RatioInterval, text: spoken(string(r.Status))}
				if r.SelectionRate != nil && r.Applicants != nil {
					n, highest = n+*r.Applicants, max(highest, *r.SelectionRate)
					share.text = fmt.Sprintf("%s of %d", percent(r.SelectionRate, nil), *r.Applicants)
				}
				if r.ImpactRatio != nil {
					ratio.text = fmt.Sprintf("%.3f: %s", *r.ImpactRatio, ratio.text)
				}
				rates.marks, ratios.marks = append(rates.marks, share), append(ratios.marks, ratio)
			}
			p.heading = fmt.Sprintf("n = %d in the groups that are shown", n)
			rates.scale = sharesUpTo(highest)
			p.tracks = []track{rates, ratios}
			return p
		},
	}
}
