package hiring

import "time"

// Norms are what a company asks of its interviewers.
type Norms struct {
	ScorecardDue   time.Duration  // how long after an interview its scorecards are due, in hours of working days; 0 for 24
	InterviewsADay int            // how many interviews one person has on a day at most; 0 for 4
	Zone           *time.Location // whose days these are; nil for UTC
}

// Due is when the scorecards of an interview that ends then are due, in UTC.
// Only the hours from Monday to Friday count, by the clock of the zone: what
// ends on a weekend counts from Monday on.
func (n Norms) Due(end time.Time) time.Time {
	left := n.ScorecardDue
	if left == 0 {
		left = 24 * time.Hour
	}
	for t := end.In(n.zone()); ; t = dayAfter(t) {
		if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
			continue
		}
		today := dayAfter(t).Sub(t)
		if left <= today {
			return t.Add(left).UTC()
		}
		left -= today
	}
}

// day names the day of a moment.
func (n Norms) day(t time.Time) string { return t.In(n.zone()).Format(time.DateOnly) }

func (n Norms) zone() *time.Location {
	if n.Zone == nil {
		return time.UTC
	}
	return n.Zone
}

func (n Norms) interviewsADay() int {
	if n.InterviewsADay == 0 {
		return 4
	}
	return n.InterviewsADay
}

// dayAfter is the first moment of the day after, by the clock of t. Clocks that
// are put forward at midnight have no midnight then, and Date may answer with
// an hour before: then the day begins when the clock changes.
func dayAfter(t time.Time) time.Time {
	year, month, day := t.Date()
	next := time.Date(year, month, day+1, 0, 0, 0, 0, t.Location())
	if next.Day() == day {
		_, next = next.ZoneBounds()
		return next
	}
	// Clocks that are put back to midnight have two of them.
	if changed, _ := next.ZoneBounds(); !changed.IsZero() {
		_, before := changed.Add(-1).Zone()
		_, after := next.Zone()
		if first := next.Add(-time.Duration(before-after) * time.Second); before > after && first.Before(changed) && first.Day() != day {
			return first
		}
	}
	return next
}
