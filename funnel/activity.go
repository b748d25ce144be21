package funnel

// ActivityRow is what went on in one stage or kind of stage during a period,
// counted by visits.
type ActivityRow struct {
	Stage int // position, or index into Kinds

	StockStart int // there at the beginning
	Entries    int
	Advanced   int // left for a later stage, or were hired
	MovedBack  int
	Rejected   int
	Withdrawn  int
	StockEnd   int // there at the end
}

// PassThrough is Advanced / (Advanced + Rejected + Withdrawn) of those who left:
// no conversion of any group of people.
func (r ActivityRow) PassThrough() *float64 {
	return Share(r.Advanced, r.Advanced+r.Rejected+r.Withdrawn)
}

// Activity is what went on in one period, in one group.
type Activity struct {
	Group, Period    int
	Applied          int // applications that began
	Hires            int // visits of the stage of the hired that began
	Visits, Inferred int // visits that began or ended, and those assumed to fill a gap
	Rows             []ActivityRow
}

// CountActivity counts what went on: one Activity for each group and period,
// period by period within the group. For each stage, StockEnd = StockStart +
// Entries - Advanced - MovedBack - Rejected - Withdrawn.
func CountActivity(s Selection) []Activity {
	c := count(s, func() *activities { return newActivities(s) })
	out := make([]Activity, len(c.cells))
	has, hired := s.has(), s.hiredStage()
	for i, cell := range c.cells {
		cell.Group, cell.Period = i/c.periods, i%c.periods
		if hired >= 0 {
			cell.Hires = cell.Rows[hired].Entries
		}
		rows := cell.Rows
		cell.Rows = nil
		for stage, r := range rows {
			if has[stage] {
				r.Stage = stage
				r.StockEnd = r.StockStart + r.Entries - r.Advanced - r.MovedBack - r.Rejected - r.Withdrawn
				cell.Rows = append(cell.Rows, r)
			}
		}
		out[i] = cell
	}
	return out
}

// activities counts activity.
type activities struct {
	bounds  []int64
	periods int
	cells   []Activity // their rows are by stage
}

func newActivities(s Selection) *activities {
	a := &activities{bounds: s.bounds(), periods: len(s.Boundaries) - 1}
	a.cells = make([]Activity, s.Groups*a.periods)
	for i := range a.cells {
		a.cells[i].Rows = make([]ActivityRow, s.stages())
	}
	return a
}

func (a *activities) count(_ *teller, groups []int, stays []stay) {
	for i, v := range stays {
		entered, left := period(a.bounds, v.entered), -1
		if v.outcome != open {
			left = period(a.bounds, v.left)
		}
		// In stock at the beginning of every period that begins within the visit.
		from, to := entered+1, len(a.bounds)-1
		if entered < 0 {
			from = 0
			if v.entered >= a.bounds[len(a.bounds)-1] {
				continue // after the end
			}
		}
		if left >= 0 {
			to = left + 1
		} else if v.outcome != open && v.left < a.bounds[0] {
			continue // before the beginning
		}
		for _, g := range groups {
			cells := a.cells[g*a.periods : (g+1)*a.periods]
			for p := from; p < to; p++ {
				cells[p].Rows[v.stage].StockStart++
			}
			if entered >= 0 {
				cells[entered].entry(v, i == 0)
			}
			if left >= 0 {
				cells[left].exit(v, left != entered)
			}
		}
	}
}

func (a *Activity) entry(v stay, first bool) {
	a.Rows[v.stage].Entries++
	a.touch(v)
	if first {
		a.Applied++
	}
}

// exit counts how a visit ended; fresh says that it did not begin in this period
// too.
func (a *Activity) exit(v stay, fresh bool) {
	r := &a.Rows[v.stage]
	switch v.outcome {
	case advanced:
		r.Advanced++
	case movedBack:
		r.MovedBack++
	case rejected:
		r.Rejected++
	case withdrawn:
		r.Withdrawn++
	}
	if fresh {
		a.touch(v)
	}
}

func (a *Activity) touch(v stay) {
	a.Visits++
	if v.quality == inferred {
		a.Inferred++
	}
}

func (a *activities) merge(other *activities) {
	for i := range a.cells {
		x, y := &a.cells[i], &other.cells[i]
		x.Applied += y.Applied
		x.Visits += y.Visits
		x.Inferred += y.Inferred
		for s := range x.Rows {
			p, q := &x.Rows[s], &y.Rows[s]
			p.StockStart += q.StockStart
			p.Entries += q.Entries
			p.Advanced += q.Advanced
			p.MovedBack += q.MovedBack
			p.Rejected += q.Rejected
			p.Withdrawn += q.Withdrawn
		}
	}
}
