package funnel

import "slices"

// SkipPolicy says what is counted of the stages that somebody jumped over.
type SkipPolicy string

const (
	Implied SkipPolicy = "IMPLIED" // who got further has passed them
	Actual  SkipPolicy = "ACTUAL"  // rates are of those who were there
)

// CohortRow is what became of a cohort in one stage or kind of stage. Who got
// further has passed it, whether they were in it or jumped over it.
type CohortRow struct {
	Stage    int  // position, or index into Kinds
	Terminal bool // that of the hired: nobody passes it

	Entered       int // got here or further
	ActualEntered int // of them, were here
	Skipped       int // of them, were not
	Passed        int // got further
	ActualPassed  int // of them, were here

	// Those who got no further, by where they stand now. They need not be here any
	// more: who was moved back counts where they got furthest.
	Rejected, Withdrawn, Active int

	// Those whose last stage this is, by where they stand now.
	LastRejected, LastWithdrawn, LastActive int

	Reentries int // visits beyond an application's first

	Skips SkipPolicy // what the rates are of
}

// ofRates are who passed and who entered, as far as the rates count them.
func (r CohortRow) ofRates() (passed, entered int) {
	if r.Skips == Actual {
		return r.ActualPassed, r.ActualEntered
	}
	return r.Passed, r.Entered
}

// Settled counts those of whom it is known whether they passed.
func (r CohortRow) Settled() int {
	passed, _ := r.ofRates()
	return passed + r.Rejected + r.Withdrawn
}

// Conversion is who passed of who entered: understated while people are still
// here.
func (r CohortRow) Conversion() *float64 {
	if r.Terminal {
		return nil
	}
	return Share(r.ofRates())
}

// SettledConversion is who passed of those of whom it is known.
func (r CohortRow) SettledConversion() *float64 {
	if r.Terminal {
		return nil
	}
	passed, _ := r.ofRates()
	return Share(passed, r.Settled())
}

// SettledConversionInterval is its 95 % Wilson interval.
func (r CohortRow) SettledConversionInterval() *Interval {
	if r.Terminal {
		return nil
	}
	passed, _ := r.ofRates()
	return Wilson(passed, r.Settled())
}

// Cohort is what became of the applications that began in one period, in one
// group.
type Cohort struct {
	Group, Period int
	Applications  int
	Hires         int // that still stand
	Rows          []CohortRow

	// Visits and, of them, Inferred: those that were assumed to fill a gap.
	Visits, Inferred int
}

// CountCohorts follows the applications whose first event lies in a period: one
// Cohort for each group and period, period by period within the group. For each
// stage but that of the hired, Entered = Passed + Rejected + Withdrawn + Active,
// and Passed is Entered of the next one.
func CountCohorts(s Selection) []Cohort {
	return count(s, func() *cohorts { return newCohorts(s) }).cohorts(s)
}

// FollowCohorts is CountCohorts and TimeStages in one pass.
func FollowCohorts(s Selection, policy ReentryPolicy) ([]Cohort, []StageTime) {
	f := count(s, func() *followed { return &followed{*newCohorts(s), *newStints(s, policy)} })
	return f.counts.cohorts(s), f.stints.times(s)
}

// followed counts and times cohorts.
type followed struct {
	counts cohorts
	stints stints
}

func (f *followed) count(t *teller, groups []int, stays []stay) {
	f.counts.count(t, groups, stays)
	f.stints.count(t, groups, stays)
}

func (f *followed) merge(other *followed) {
	f.counts.merge(&other.counts)
	f.stints.merge(&other.stints)
}

func (c *cohorts) cohorts(s Selection) []Cohort {
	out := make([]Cohort, len(c.cells))
	has := s.has()
	for i := range c.cells {
		out[i] = c.cells[i].cohort(has, s.hiredStage(), s.Skips)
		out[i].Group, out[i].Period = i/c.periods, i%c.periods
	}
	return out
}

// cohorts counts cohorts.
type cohorts struct {
	bounds  []int64
	periods int
	cells   []cohortCell

	turn    int   // counts what was added to a cell
	visited []int // by stage: the last turn in which it was
}

type cohortCell struct {
	applications, visits, inferred int
	stages                         []cohortStage
}

type cohortStage struct {
	furthest, last     [statuses]int
	visited, reentries int
}

func newCohorts(s Selection) *cohorts {
	c := &cohorts{bounds: s.bounds(), periods: len(s.Boundaries) - 1, visited: make([]int, s.stages())}
	c.cells = make([]cohortCell, s.Groups*c.periods)
	stages := make([]cohortStage, len(c.cells)*s.stages())
	for i := range c.cells {
		c.cells[i].stages, stages = stages[:s.stages()], stages[s.stages():]
	}
	return c
}

func (c *cohorts) count(t *teller, groups []int, stays []stay) {
	p := period(c.bounds, stays[0].entered)
	if p < 0 {
		return
	}
	status := t.status(stays)
	furthest, guessed := uint16(0), 0
	for i := range stays {
		furthest = max(furthest, stays[i].stage)
		if stays[i].quality == inferred {
			guessed++
		}
	}
	for _, g := range groups {
		cell := &c.cells[g*c.periods+p]
		cell.applications++
		cell.visits += len(stays)
		cell.inferred += guessed
		cell.stages[furthest].furthest[status]++
		cell.stages[stays[len(stays)-1].stage].last[status]++
		c.turn++
		for i := range stays {
			stage := stays[i].stage
			st := &cell.stages[stage]
			if c.visited[stage] == c.turn {
				st.reentries++
				continue
			}
			c.visited[stage] = c.turn
			st.visited++
		}
	}
}

func (c *cohorts) merge(other *cohorts) {
	for i := range c.cells {
		a, b := &c.cells[i], &other.cells[i]
		a.applications += b.applications
		a.visits += b.visits
		a.inferred += b.inferred
		for s := range a.stages {
			x, y := &a.stages[s], &b.stages[s]
			x.visited += y.visited
			x.reentries += y.reentries
			for status := range statuses {
				x.furthest[status] += y.furthest[status]
				x.last[status] += y.last[status]
			}
		}
	}
}

// cohort turns counts into rows, for the stages that there are.
func (c *cohortCell) cohort(has []bool, hired int, skips SkipPolicy) Cohort {
	out := Cohort{Applications: c.applications, Visits: c.visits, Inferred: c.inferred}
	if hired >= 0 {
		out.Hires = c.stages[hired].last[isHired]
	}
	further, wereHere := 0, 0 // who got further than the stage looked at
	rows := make([]CohortRow, 0, len(has))
	for s := len(has) - 1; s >= 0; s-- {
		st := &c.stages[s]
		here := 0
		for _, n := range st.furthest {
			here += n
		}
		if has[s] {
			// Whoever got no further was here.
			wereHere = st.visited - here
			rows = append(rows, CohortRow{
				Stage: s, Terminal: s == hired, Entered: further + here, ActualEntered: st.visited, Skipped: further + here - st.visited,
				Passed: further, ActualPassed: wereHere,
				Rejected: st.furthest[isRejected], Withdrawn: st.furthest[isWithdrawn], Active: st.furthest[isActive],
				LastRejected: st.last[isRejected], LastWithdrawn: st.last[isWithdrawn], LastActive: st.last[isActive],
				Reentries: st.reentries, Skips: skips,
			})
		}
		further += here
	}
	slices.Reverse(rows)
	out.Rows = rows
	return out
}
