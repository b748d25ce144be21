package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/internal/fault"
)

// FewestApplications is how many applications rates of a source are told of at
// least.
const FewestApplications = 20

// SourceEffectiveness is what became of the applications of each source.
type SourceEffectiveness struct {
	report[*SourceOutcome]
	facts *hireFacts
	hired []passage
}

// SourceEffectiveness follows the applications that began in a time by where they
// came from, in the openings that the viewer counts.
func (s *Service) SourceEffectiveness(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*SourceEffectiveness, error) {
	by := GroupBySource
	v := FunnelView{Stages: ByKind, Skips: funnel.Implied, Reentries: funnel.EachVisit}
	if view != nil {
		v = *view
	}
	var problems fault.List
	if v.GroupBy != nil && *v.GroupBy != by {
		problems.Add(fault.Invalidf("view.groupBy", "sources are told apart already").WithHint("choose the rest by filterBy"))
	}
	if v.Stages == OwnStages {
		problems.Add(fault.Invalidf("view.stages", "sources are compared by kind of stage"))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	v.GroupBy = &by
	c, err := s.count(ctx, filter, &v)
	if err != nil {
		return nil, err
	}
	e := &SourceEffectiveness{}
	if e.facts, err = s.facts(ctx, c); err != nil {
		return nil, err
	}
	e.hired = e.facts.passages(c.whole, nil)
	e.report = newReport(c, e.outcomes, func(o *SourceOutcome) bool { return o.Applications == 0 })
	return e, nil
}

// ApplicationsWithheld counts the applications that the times leave out, as the
// viewer owes a scorecard for them.
func (e *SourceEffectiveness) ApplicationsWithheld() int { return len(e.facts.withheld) }

// Sources are by source, and by period within the source.
func (e *SourceEffectiveness) Sources() []*SourceOutcome { return e.Groups() }

// SourceOutcome is what became of the applications of one source that began in
// one period. Rates are nil of fewer than FewestApplications.
type SourceOutcome struct {
	Group            *FunnelGroup
	Applications     int
	ReachedInterview int
	Hires            int
	ShareOfHires     *float64 // of all sources in the period; nil without any
	TimeToHire       *funnel.Timing
}

// IsSufficient reports whether there are enough applications for rates.
func (o *SourceOutcome) IsSufficient() bool { return o.Applications >= FewestApplications }

// InterviewRate is who reached an interview of the applications.
func (o *SourceOutcome) InterviewRate() *float64 { return o.rate(o.ReachedInterview) }

// InterviewRateInterval is its 95 % Wilson interval.
func (o *SourceOutcome) InterviewRateInterval() *funnel.Interval {
	return o.interval(o.ReachedInterview)
}

// HireRate is hires of applications.
func (o *SourceOutcome) HireRate() *float64 { return o.rate(o.Hires) }

// HireRateInterval is its 95 % Wilson interval.
func (o *SourceOutcome) HireRateInterval() *funnel.Interval { return o.interval(o.Hires) }

func (o *SourceOutcome) rate(n int) *float64 {
	if !o.IsSufficient() {
		return nil
	}
	return funnel.Share(n, o.Applications)
}

func (o *SourceOutcome) interval(n int) *funnel.Interval {
	if !o.IsSufficient() {
		return nil
	}
	return funnel.Wilson(n, o.Applications)
}

func (e *SourceEffectiveness) outcomes(s funnel.Selection, group naming) []*SourceOutcome {
	periods := len(s.Boundaries) - 1
	hires := make([][]funnel.Candidacy, s.Groups*periods)
	for i := range e.hired {
		p := &e.hired[i]
		period := s.PeriodOf(p.BeganAt)
		if p.HiredAt == nil || period < 0 {
			continue
		}
		for _, g := range s.GroupsOf(p.Journey) {
			hires[g*periods+period] = append(hires[g*periods+period], p.candidacy())
		}
	}
	cohorts := funnel.CountCohorts(s)
	all := make([]int, periods) // hires
	for _, c := range cohorts {
		all[c.Period] += c.Hires
	}
	out := make([]*SourceOutcome, len(cohorts))
	for i, c := range cohorts {
		timing := funnel.TimeToHire(hires[i], e.facts.until).ToHire
		out[i] = &SourceOutcome{
			Group: group(c.Group, c.Period), Applications: c.Applications, Hires: c.Hires,
			ShareOfHires: funnel.Share(c.Hires, all[c.Period]), TimeToHire: &timing,
		}
		// Openings without interviews have no row: nobody reached one there.
		interview := slices.Index(funnel.Kinds, string(stage.KindINTERVIEW))
		if row := slices.IndexFunc(c.Rows, func(r funnel.CohortRow) bool { return r.Stage == interview }); row >= 0 {
			out[i].ReachedInterview = c.Rows[row].Entered
		}
	}
	return out
}
