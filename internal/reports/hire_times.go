package reports

import (
	"context"
	"fmt"
	"slices"

	"hireloop/funnel"
	"hireloop/hiring"
)

// readHireTimes is how long hiring took of what ended in a time, and what it
// took.
func readHireTimes(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	filter, view := q.filter(), q.viewByPeriod()
	if err := q.err(); err != nil {
		return nil, err
	}
	h, err := s.HireTimes(ctx, filter, view)
	if err != nil {
		return nil, err
	}
	g := groupingOf(view)
	return &answer{
		stand: standOf(h.Basis()),
		table: func() (table, error) {
			var rows []hireTimeRow
			for _, one := range oneOrAll(g, h.Total, h.Groups) {
				effort, err := one.Effort()
				if err != nil {
					return table{}, err
				}
				rows = append(rows, hireTimeRow{one, effort})
			}
			common := append(basisCells(h.Basis()), named{"applicationsWithheld", count(h.ApplicationsWithheld())})
			return tabulate(common, hireTimeColumns, slices.Values(rows)), nil
		},
		chart: done(func() *chart { return hireTimeChart(h, g, oneOrAll(g, h.Total, h.Groups)) }),
	}, nil
}

// hireTimeRow is one row of the table.
type hireTimeRow struct {
	*hiring.HireTime
	effort *hiring.HireEffort
}

// timingColumns are the columns of a time.
func timingColumns[T any](name string, of func(T) *funnel.Timing) []column[T] {
	return []column[T]{
		{name + "Count", func(t T) cell { return maybe(of(t), func(x funnel.Timing) cell { return count(x.Count) }) }},
		{name + "MeanDays", func(t T) cell { return maybe(of(t), func(x funnel.Timing) cell { return figure(x.MeanDays) }) }},
		{name + "MedianDays", func(t T) cell { return maybe(of(t), func(x funnel.Timing) cell { return figure(x.MedianDays) }) }},
		{name + "Untimed", func(t T) cell { return maybe(of(t), func(x funnel.Timing) cell { return count(x.Untimed) }) }},
	}
}

// fillColumns are the columns of how long seats took to fill.
func fillColumns(name string, of func(hireTimeRow) *hiring.FillTime) []column[hireTimeRow] {
	part := func(suffix string, show func(hiring.FillTime) cell) column[hireTimeRow] {
		return column[hireTimeRow]{name + suffix, func(r hireTimeRow) cell { return maybe(of(r), show) }}
	}
	return append(timingColumns(name, func(r hireTimeRow) *funnel.Timing {
		if f := of(r); f != nil {
			return &f.Filled
		}
		return nil
	}),
		part("Opened", func(f hiring.FillTime) cell { return count(f.Opened) }),
		part("StillOpen", func(f hiring.FillTime) cell { return count(f.StillOpen) }),
		part("Closed", func(f hiring.FillTime) cell { return count(f.Closed) }),
		part("OpenedMedianDays", func(f hiring.FillTime) cell { return figure(f.MedianDays) }),
		part("OpenedP90Days", func(f hiring.FillTime) cell { return figure(f.P90Days) }))
}

func offerColumn(name string, show func(funnel.OfferAcceptance) cell) column[hireTimeRow] {
	return column[hireTimeRow]{name, func(r hireTimeRow) cell { return maybe(r.Offers, show) }}
}

var hireTimeColumns = join(
	groupColumns(func(r hireTimeRow) *hiring.FunnelGroup { return r.Group }),
	fillColumns("timeToFill", func(r hireTimeRow) *hiring.FillTime { return r.TimeToFill }),
	fillColumns("timeToFillCritical", func(r hireTimeRow) *hiring.FillTime { return r.TimeToFillCritical }),
	timingColumns("timeToHire", func(r hireTimeRow) *funnel.Timing { return r.TimeToHire }),
	timingColumns("timeToHireSinceReopen", func(r hireTimeRow) *funnel.Timing { return r.TimeToHireSinceReopen }),
	[]column[hireTimeRow]{{"hiresWithoutOffer", func(r hireTimeRow) cell { return maybe(r.HiresWithoutOffer, count[int]) }}},
	timingColumns("timeToOffer", func(r hireTimeRow) *funnel.Timing { return r.TimeToOffer }),
	timingColumns("timeToStart", func(r hireTimeRow) *funnel.Timing { return r.TimeToStart }),
	[]column[hireTimeRow]{
		offerColumn("offersExtended", func(o funnel.OfferAcceptance) cell { return count(o.Extended) }),
		offerColumn("offersAccepted", func(o funnel.OfferAcceptance) cell { return count(o.Accepted) }),
		offerColumn("offersDeclined", func(o funnel.OfferAcceptance) cell { return count(o.Declined) }),
		offerColumn("offersExpired", func(o funnel.OfferAcceptance) cell { return count(o.Expired) }),
		offerColumn("offersRescinded", func(o funnel.OfferAcceptance) cell { return count(o.Rescinded) }),
		offerColumn("offersPending", func(o funnel.OfferAcceptance) cell { return count(o.Pending) }),
		offerColumn("acceptanceRate", func(o funnel.OfferAcceptance) cell { return figure(o.AcceptanceRate()) }),
		offerColumn("acceptanceRateLow", func(o funnel.OfferAcceptance) cell { return low(o.AcceptanceRateInterval()) }),
		offerColumn("acceptanceRateHigh", func(o funnel.OfferAcceptance) cell { return high(o.AcceptanceRateInterval()) }),
		{"applications", func(r hireTimeRow) cell { return count(r.effort.Applications) }},
		{"interviews", func(r hireTimeRow) cell { return count(r.effort.Interviews) }},
		{"onsites", func(r hireTimeRow) cell { return count(r.effort.Onsites) }},
		{"offers", func(r hireTimeRow) cell { return maybe(r.effort.Offers, count[int]) }},
		{"hires", func(r hireTimeRow) cell { return count(r.effort.Hires) }},
		{"interviewsPerHire", func(r hireTimeRow) cell { return figure(r.effort.InterviewsPerHire()) }},
		{"onsitesPerOffer", func(r hireTimeRow) cell { return figure(r.effort.OnsitesPerOffer()) }},
	})

// hireTimeChart draws how long each way took.
func hireTimeChart(h *hiring.HireTimes, g grouping, times []*hiring.HireTime) *chart {
	b := h.Basis()
	return &chart{
		title: "Time to hire, " + span(b.From, b.To),
		notes: []string{
			"What ended in this time, in " + openingsNote(b) + ", in days by the calendar. To fill: from opening until an offer was accepted, each" +
				" seat by itself. To hire: from the first event of an application until its offer was accepted.",
			"Seats that opened in this time count filled or not (Kaplan–Meier): those that are not yet hide in a mean. " +
				withheldNote(h.ApplicationsWithheld()),
			standOf(b).asOfNote(),
		},
		panels: len(times),
		panel:  func(i int) panel { return hireTimePanel(g, times[i]) },
	}
}

func hireTimePanel(g grouping, t *hiring.HireTime) panel {
	said := fmt.Sprintf("n = %s", plural(t.TimeToHire.Count, "hire"))
	if o := t.Offers; o != nil {
		said += fmt.Sprintf(", offers accepted %s of %d", percent(o.AcceptanceRate(), o.AcceptanceRateInterval()), o.Answered())
	}
	p := &bars{heading: g.title(t.Group, said)}
	most := 1.0
	var timed, medians, means track
	add := func(label string, n int, median, mean *float64) {
		p.labels = append(p.labels, label)
		timed.marks = append(timed.marks, counted(n))
		for of, days := range map[*track]*float64{&medians: median, &means: mean} {
			of.marks = append(of.marks, mark{value: days, text: inDays(days, "–")})
			if days != nil {
				most = max(most, *days)
			}
		}
	}
	time := func(label string, t *funnel.Timing) {
		if t != nil {
			add(label, t.Count, t.MedianDays, t.MeanDays)
		}
	}
	fill := func(label string, f *hiring.FillTime) {
		if f != nil {
			time("To fill"+label, &f.Filled)
			add("Seats opened"+label, f.Opened, f.MedianDays, nil)
		}
	}
	fill("", t.TimeToFill)
	if f := t.TimeToFillCritical; f != nil && f.Opened+f.Filled.Count > 0 {
		fill(", critical", f)
	}
	time("To hire", t.TimeToHire)
	time("To hire, reopened", t.TimeToHireSinceReopen)
	time("To offer", t.TimeToOffer)
	time("To start", t.TimeToStart)
	greatest := 0
	for _, m := range timed.marks {
		greatest = max(greatest, int(*m.value))
	}
	timed.caption, timed.scale, timed.room = "How many", counts(greatest), 40
	medians.caption, medians.scale, medians.room = "Median", lengths(most), 75
	means.caption, means.scale, means.room = "Mean", lengths(most), 75
	p.tracks = []track{timed, medians, means}
	return p
}

// withheldNote tells whom a report leaves out because of who asks.
func withheldNote(applications int) string {
	if applications == 0 {
		return ""
	}
	return plural(applications, "application") + " left out, for which you owe a scorecard."
}
