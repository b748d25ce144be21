package funnel

import (
	"cmp"
	"math"
	"slices"
)

// ImpactStatus is what the figures of a group say, compared with those of the
// reference. None is a legal finding: an indication is a reason to look.
type ImpactStatus string

const (
	ImpactReference ImpactStatus = "REFERENCE" // selected at the highest rate
	NoIndication    ImpactStatus = "NO_INDICATION"

	// Significant, though not under four fifths of the reference's rate.
	StatisticalDifferenceOnly ImpactStatus = "STATISTICAL_DIFFERENCE_ONLY"

	// Under four fifths, though chance alone may well do that.
	BelowFourFifthsNotSignificant ImpactStatus = "BELOW_FOUR_FIFTHS_NOT_SIGNIFICANT"

	// Under four fifths, and significant.
	AdverseImpactIndicated ImpactStatus = "ADVERSE_IMPACT_INDICATED"

	// Different, but one other person would have made it disappear.
	TooFewToTell ImpactStatus = "TOO_FEW_TO_TELL"

	NoSelections    ImpactStatus = "NO_SELECTIONS"   // nobody of any group
	BelowTwoPercent ImpactStatus = "BELOW_2_PERCENT" // too small a part to be compared
	Suppressed      ImpactStatus = "SUPPRESSED"      // hidden, for being small or for giving away one that is
)

// DefaultMinimumGroup is the size under which a group is hidden.
const DefaultMinimumGroup = 5

// significance is the chance under which a difference counts as one.
const significance = .05

// ImpactGroup is how many of one group were selected at a step, of those of whom
// it is known: 0 ≤ Selected ≤ Total.
type ImpactGroup struct {
	Group           string
	Selected, Total int
}

func (g *ImpactGroup) add(other ImpactGroup) {
	g.Selected += other.Selected
	g.Total += other.Total
}

// compareRates compares the shares selected, without rounding.
func (g ImpactGroup) compareRates(other ImpactGroup) int {
	return cmp.Compare(int64(g.Selected)*int64(other.Total), int64(other.Selected)*int64(g.Total))
}

// ImpactOptions say what is hidden.
type ImpactOptions struct {
	Minimum int // size under which a group is hidden; 0: DefaultMinimumGroup; at least 3

	// Hidden are groups that are hidden anyhow, for being so in a part of what is
	// counted: what is told of the whole may not be more than of its parts.
	Hidden map[string]bool

	// Undisclosed are those who told no group. They are compared with nobody, and
	// how many they are is never shown, so that who is hidden is hidden among them.
	Undisclosed ImpactGroup
}

// ImpactRow is one group. Of a hidden one only Group and Status are there.
type ImpactRow struct {
	Group         string
	Status        ImpactStatus
	Applicants    *int
	Selected      *int
	SelectionRate *float64

	// In comparison with the reference; nil for itself and for who is not compared.

	ImpactRatio *float64 // rate to that of the reference; nil when that is 0
	FisherP     *float64 // two-sided
	Z           *float64 // of two shares, pooled; nil when all or nobody was selected
	// RatioInterval is the 95 % interval of ImpactRatio by its logarithm; nil when
	// one of the two has nobody selected.
	RatioInterval *Interval
	// FlipFlop: with one selected less in the reference and one more here the
	// difference disappears or turns round.
	FlipFlop *bool
}

// ImpactReport compares how groups are selected.
type ImpactReport struct {
	Reference        *string // group; nil when none is compared
	MinimumGroup     int
	SuppressedGroups int
	Rows             []ImpactRow // by name, which tells nothing
}

// AdverseImpact compares the groups, whose names differ, with the one that is
// selected at the highest rate, by the four-fifths rule of the Uniform Guidelines
// (29 CFR 1607.4 D) and beside it by tests of whether chance did it. Groups that
// are not 2 % of those shown are not compared; of two with the same rate the
// larger is the reference. Neither a figure nor a status depends on the counts of
// groups that are hidden.
func AdverseImpact(groups []ImpactGroup, options ImpactOptions) ImpactReport {
	minimum := options.Minimum
	if minimum == 0 {
		minimum = DefaultMinimumGroup
	}
	minimum = max(minimum, leastMinimum)
	hidden := suppressed(groups, minimum, options.Undisclosed)
	for _, g := range groups {
		if options.Hidden[g.Group] {
			hidden[g.Group] = true
		}
	}
	if len(options.Hidden) > 0 && len(groups)-len(hidden) < 2 {
		for _, g := range groups {
			hidden[g.Group] = true
		}
	}
	report := ImpactReport{MinimumGroup: minimum, SuppressedGroups: len(hidden)}

	var shown int
	for _, g := range groups {
		if !hidden[g.Group] {
			shown += g.Total
		}
	}
	compared := func(g ImpactGroup) bool { return !hidden[g.Group] && 50*int64(g.Total) >= int64(shown) }
	var reference ImpactGroup
	for _, g := range groups {
		if compared(g) && (report.Reference == nil || g.before(reference)) {
			reference, report.Reference = g, &g.Group
		}
	}
	for _, g := range groups {
		row := ImpactRow{Group: g.Group, Status: Suppressed}
		if !hidden[g.Group] {
			row = shownRow(g)
			switch {
			case !compared(g):
				row.Status = BelowTwoPercent
			case g.Group == reference.Group:
				row.Status = ImpactReference
			default:
				row.compare(g, reference)
			}
		}
		report.Rows = append(report.Rows, row)
	}
	slices.SortFunc(report.Rows, func(a, b ImpactRow) int { return cmp.Compare(a.Group, b.Group) })
	return report
}

// before reports whether g rather than other is the reference.
func (g ImpactGroup) before(other ImpactGroup) bool {
	return cmp.Or(-g.compareRates(other), cmp.Compare(other.Total, g.Total), cmp.Compare(g.Group, other.Group)) < 0
}

func shownRow(g ImpactGroup) ImpactRow {
	return ImpactRow{Group: g.Group, Applicants: &g.Total, Selected: &g.Selected, SelectionRate: Share(g.Selected, g.Total)}
}

// compare fills in what g says beside the reference r.
func (row *ImpactRow) compare(g, r ImpactGroup) {
	p := FisherExact(g.Selected, g.Total-g.Selected, r.Selected, r.Total-r.Selected)
	flip := ImpactGroup{Selected: g.Selected + 1, Total: g.Total}.
		compareRates(ImpactGroup{Selected: r.Selected - 1, Total: r.Total}) >= 0
	row.FisherP, row.Z, row.FlipFlop = &p, pooledZ(g, r), &flip
	if r.Selected > 0 {
		row.ImpactRatio, row.RatioInterval = new(impactRatio(g, r)), ratioInterval(g, r)
	}
	below := 5*int64(g.Selected)*int64(r.Total) < 4*int64(r.Selected)*int64(g.Total)
	switch significant := p < significance; {
	case r.Selected == 0:
		row.Status = NoSelections
	case (below || significant) && flip:
		row.Status = TooFewToTell
	case below && significant:
		row.Status = AdverseImpactIndicated
	case below:
		row.Status = BelowFourFifthsNotSignificant
	case significant:
		row.Status = StatisticalDifferenceOnly
	default:
		row.Status = NoIndication
	}
}

func impactRatio(g, r ImpactGroup) float64 {
	return float64(g.Selected) * float64(r.Total) / (float64(g.Total) * float64(r.Selected))
}

// pooledZ is how many standard errors the rate of g is above that of r, if both
// came from one.
func pooledZ(g, r ImpactGroup) *float64 {
	n, m := float64(g.Total), float64(r.Total)
	pooled := float64(g.Selected+r.Selected) / (n + m)
	if pooled == 0 || pooled == 1 {
		return nil
	}
	z := (float64(g.Selected)/n - float64(r.Selected)/m) / math.Sqrt(pooled*(1-pooled)*(1/n+1/m))
	return &z
}

// ratioInterval takes the logarithm of the ratio as normal (Katz and others, 1978).
func ratioInterval(g, r ImpactGroup) *Interval {
	if g.Selected == 0 || r.Selected == 0 {
		return nil
	}
	relative := func(g ImpactGroup) float64 { return 1/float64(g.Selected) - 1/float64(g.Total) }
	ratio, factor := impactRatio(g, r), math.Exp(z95*math.Sqrt(relative(g)+relative(r)))
	return &Interval{Low: ratio / factor, High: ratio * factor}
}
