package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/demographicanswer"
	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// AdverseImpactFilter says whose way through which kind of stage is compared. No
// more can be said, and only whole quarters: what cannot be asked for cannot be
// taken away from something else that can.
type AdverseImpactFilter struct {
	Attribute demographicanswer.Attribute
	From, To  time.Time  // first days of quarters, at midnight UTC: of the first, and of the one after the last
	Stage     stage.Kind // not HIRED
}

// AdverseImpact compares how groups get through a kind of stage.
type AdverseImpact struct {
	funnel.ImpactReport
	Attribute demographicanswer.Attribute
	Stage     stage.Kind

	basis FunnelBasis
}

// Basis is on what the figures stand.
func (a *AdverseImpact) Basis() *FunnelBasis { return &a.basis }

// AdverseImpact compares, by what people said of themselves, the shares of those
// who got through a kind of stage, of all of whom that is settled, among the
// applications that began in a time. Analysts and administrators get the same
// answer: of the openings that every analyst sees.
//
// It stands as of the beginning of the quarter that goes on, with the answers
// that were given before it, so that what changes from one answer to the next is
// never one person's doing. Every reading leaves an audit entry.
func (s *Service) AdverseImpact(ctx context.Context, filter AdverseImpactFilter) (*AdverseImpact, error) {
	if !access.ViewerOf(ctx).MayReadAdverseImpact() {
		return nil, fault.Deniedf("only analysts and administrators compare groups of people")
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	over := quarterOf(now.In(s.Norms.zone()))
	if err := filter.check(over); err != nil {
		return nil, err
	}
	a := &AdverseImpact{Attribute: filter.Attribute, Stage: filter.Stage}
	counted := FunnelFilter{From: &filter.From, To: &filter.To}
	if err := s.recordReading(ctx, filter); err != nil {
		return nil, err
	}
	asOf := begins(over, s.Norms.zone())
	view := FunnelView{AsOf: &asOf, Stages: ByKind, Skips: funnel.Implied, Reentries: funnel.EachVisit}
	var err error
	if a.basis, err = s.basis(counted, view); err != nil {
		return nil, err
	}
	scope, err := s.scope(access.WithViewer(ctx, access.ViewerOf(ctx).Analyzing()), counted)
	if err != nil {
		return nil, err
	}
	a.basis.Event, a.basis.Openings = scope.event(), len(scope.openings)
	said, err := s.said(ctx, filter.Attribute, asOf)
	if err != nil {
		return nil, err
	}
	a.ImpactReport = a.compare(scope, said)
	return a, nil
}

// compare counts the groups of a scope and compares them. A group that would be
// hidden in any of the quarters, were it asked for alone, is hidden in all of them
// together: the difference between two answers is never more than what a quarter
// tells.
func (a *AdverseImpact) compare(c *scope, said *answerGroups) funnel.ImpactReport {
	selection := c.selection(a.basis)
	quarterly := Quarterly
	selection.Boundaries = a.basis.boundaries(a.basis.periods(&quarterly))
	undisclosed := len(said.names)
	selection.Groups = undisclosed + 1
	selection.OfApplication = func(pipeline, application int) int {
		if group, told := said.of[c.columns[pipeline].applications[application]]; told {
			return int(group)
		}
		return undisclosed
	}
	// All groups that there are anywhere are in it, so that the list of them does
	// not tell which are in this quarter or that department.
	all := make([]funnel.ImpactGroup, selection.Groups)
	quarters := make([][]funnel.ImpactGroup, len(selection.Boundaries)-1)
	for q := range quarters {
		quarters[q] = make([]funnel.ImpactGroup, selection.Groups)
	}
	kind := slices.Index(funnel.Kinds, string(a.Stage))
	for _, cohort := range funnel.CountCohorts(selection) {
		name := ""
		if cohort.Group < undisclosed {
			name = said.names[cohort.Group]
		}
		whole, part := &all[cohort.Group], &quarters[cohort.Period][cohort.Group]
		whole.Group, part.Group = name, name
		for _, row := range cohort.Rows {
			if row.Stage == kind {
				part.Selected, part.Total = row.Passed, row.Settled()
				whole.Selected, whole.Total = whole.Selected+part.Selected, whole.Total+part.Total
			}
		}
	}
	hidden := map[string]bool{}
	for _, groups := range quarters {
		if !slices.ContainsFunc(groups, func(g funnel.ImpactGroup) bool { return g.Total > 0 }) {
			continue // there was nobody yet
		}
		for _, row := range funnel.AdverseImpact(groups[:undisclosed], funnel.ImpactOptions{Undisclosed: groups[undisclosed]}).Rows {
			if row.Status == funnel.Suppressed {
				hidden[row.Group] = true
			}
		}
	}
	return funnel.AdverseImpact(all[:undisclosed], funnel.ImpactOptions{Undisclosed: all[undisclosed], Hidden: hidden})
}

// check refuses what is not asked for in whole quarters that are over: it ends no
// later than the day on which the one that goes on began.
func (f AdverseImpactFilter) check(over time.Time) error {
	var problems fault.List
	known(&problems, "attribute", &f.Attribute, demographicanswer.AttributeValidator)
	quarters := true
	for _, day := range []struct {
		path string
		time.Time
	}{{"from", f.From}, {"to", f.To}} {
		if !day.Equal(quarterOf(day.UTC())) {
			quarters = false
			problems.Add(fault.Invalidf(day.path, "is not the first day of a quarter").
				WithHint("quarters begin on the first of January, April, July and October"))
		}
	}
	switch {
	case !quarters:
	case !f.From.Before(f.To):
		problems.Add(fault.Invalidf("from", "is not before to, %s", f.To.Format(time.DateOnly)))
	case f.To.After(f.From.AddDate(maxYears, 0, 0)):
		problems.Add(fault.Invalidf("to", "is more than %d years after from, %s", maxYears, f.From.Format(time.DateOnly)))
	case f.To.After(over):
		problems.Add(fault.Invalidf("to", "ends a quarter that is not over; the last that is over ends with %s", over.Format(time.DateOnly)))
	}
	known(&problems, "stage", &f.Stage, stage.KindValidator)
	if f.Stage == stage.KindHIRED {
		problems.Add(fault.Invalidf("stage", "is that of the hired, which nobody gets through").
			WithHint("OFFER tells who was hired"))
	}
	return problems.Err()
}

// recordReading writes who compared which groups into the audit trail: reading
// again and again, a little otherwise each time, is how one would try to find
// single people.
func (s *Service) recordReading(ctx context.Context, f AdverseImpactFilter) error {
	return s.audit(ctx, s.newAuditEntry(ctx, auditentry.KindREAD, "adverseImpact", gid.Nil, map[string]any{
		"attribute": f.Attribute, "stage": f.Stage,
		"from": f.From.Format(time.DateOnly), "to": f.To.Format(time.DateOnly),
	}))
}

// quarterOf is the first day of the quarter of a moment, by its clock, at
// midnight UTC.
func quarterOf(t time.Time) time.Time {
	return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
}
