package hiring

import (
	"fmt"
	"time"
	_ "time/tzdata" // zones are known by name on any machine

	"hireloop/funnel"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// FunnelFilter says which applications are counted. Every condition must hold;
// nil is no condition. From and To are days, at midnight UTC.
type FunnelFilter struct {
	From, To       *time.Time
	OpeningIDs     []gid.ID
	DepartmentIDs  []gid.ID
	LocationIDs    []gid.ID
	TargetLevelIDs []gid.ID
	RecruiterIDs   []gid.ID
	SourceIDs      []gid.ID
}

// FunnelStages says which stages are told apart.
type FunnelStages string

const (
	ByKind    FunnelStages = "KIND" // by kind, across openings
	OwnStages FunnelStages = "OWN"  // those of one opening
)

// FunnelDimension is what applications are grouped by.
type FunnelDimension string

const (
	GroupByOpening     FunnelDimension = "OPENING"
	GroupByDepartment  FunnelDimension = "DEPARTMENT"
	GroupByLocation    FunnelDimension = "LOCATION"
	GroupByTargetLevel FunnelDimension = "TARGET_LEVEL"
	GroupBySource      FunnelDimension = "SOURCE"
	GroupByRecruiter   FunnelDimension = "RECRUITER"
)

// FunnelInterval is a period of counting.
type FunnelInterval string

const (
	Weekly    FunnelInterval = "WEEK"
	Monthly   FunnelInterval = "MONTH"
	Quarterly FunnelInterval = "QUARTER"
)

// FunnelView says from when, by which stages and in which groups applications
// are counted. The zero value is now, by kind, all together.
type FunnelView struct {
	AsOf, KnownAt *time.Time
	TimeZone      *string
	Stages        FunnelStages
	Skips         funnel.SkipPolicy
	Reentries     funnel.ReentryPolicy
	GroupBy       *FunnelDimension
	Interval      *FunnelInterval
}

// byKind is the view of a report that tells no stages apart.
func (v *FunnelView) byKind() *FunnelView {
	if v == nil {
		return nil
	}
	of := *v
	of.Stages = ByKind
	return &of
}

// FunnelBasis is on what figures stand.
type FunnelBasis struct {
	From, To        time.Time // days, at midnight UTC
	AsOf, KnownAt   time.Time
	Event           int64
	TimeZone        string
	Stages          FunnelStages
	Skips           funnel.SkipPolicy
	Reentries       funnel.ReentryPolicy
	Openings        int
	OpeningsLeftOut int

	zone *time.Location
}

// maxYears is how long a time of counting may be.
const maxYears = 5

// basis reads what figures are to stand on.
func (s *Service) basis(filter FunnelFilter, view FunnelView) (FunnelBasis, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	b := FunnelBasis{AsOf: now, Stages: view.Stages, Skips: view.Skips, Reentries: view.Reentries, zone: s.Norms.zone()}
	var problems fault.List
	if view.AsOf != nil {
		if b.AsOf = view.AsOf.UTC().Truncate(time.Microsecond); b.AsOf.After(now) {
			problems.Add(fault.Invalidf("view.asOf", "is in the future"))
		}
	}
	b.KnownAt = b.AsOf
	if view.KnownAt != nil {
		if b.KnownAt = view.KnownAt.UTC().Truncate(time.Microsecond); b.KnownAt.After(now) {
			problems.Add(fault.Invalidf("view.knownAt", "is in the future"))
		} else if b.KnownAt.Before(b.AsOf) {
			problems.Add(fault.Invalidf("view.knownAt", "is before asOf, %s", instant(b.AsOf)).
				WithHint("what had not been recorded yet would count as not having happened"))
		}
	}
	if view.TimeZone != nil {
		zone, err := time.LoadLocation(*view.TimeZone)
		if err != nil || *view.TimeZone == "" || *view.TimeZone == "Local" {
			problems.Add(fault.Invalidf("view.timeZone", "is no zone that IANA names").WithHint("write it as Europe/Berlin"))
		} else {
			b.zone = zone
		}
	}
	b.TimeZone = b.zone.String()
	b.From, b.To = between(filter, b.AsOf.In(b.zone))
	switch {
	case !b.From.Before(b.To):
		problems.Add(fault.Invalidf("filterBy.from", "is not before to, %s", b.To.Format(time.DateOnly)))
	case b.To.After(b.From.AddDate(maxYears, 0, 0)):
		problems.Add(fault.Invalidf("filterBy.to", "is more than %d years after from, %s", maxYears, b.From.Format(time.DateOnly)))
	}
	for _, list := range []struct {
		path string
		ids  []gid.ID
		kind gid.Kind
	}{
		{"openingIds", filter.OpeningIDs, gid.Opening}, {"departmentIds", filter.DepartmentIDs, gid.Department},
		{"locationIds", filter.LocationIDs, gid.Location}, {"targetLevelIds", filter.TargetLevelIDs, gid.Level},
		{"recruiterIds", filter.RecruiterIDs, gid.Member}, {"sourceIds", filter.SourceIDs, gid.Source},
	} {
		if !atMost(&problems, "filterBy."+list.path, len(list.ids), maxIDs) {
			continue
		}
		for i, id := range list.ids {
			if id.Kind() != list.kind {
				problems.Add(fault.Invalidf(fmt.Sprintf("filterBy.%s.%d", list.path, i), "is the id of another kind of thing").
					WithHint("an id that begins with %s_ is wanted", list.kind.Noun()))
			}
		}
	}
	return b, problems.Err()
}

// maxIDs is how many ids one condition may name.
const maxIDs = 1000

// between are the first day and the day after the last.
func between(filter FunnelFilter, asOf time.Time) (from, to time.Time) {
	to = dateOf(asOf).AddDate(0, 0, 1)
	if filter.To != nil {
		to = dateOf(filter.To.UTC())
	}
	from = to.AddDate(0, 0, -365)
	if filter.From != nil {
		from = dateOf(filter.From.UTC())
	}
	return from, to
}

// dateOf is the day of a moment, at midnight UTC.
func dateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// begins is the moment at which a day begins in a zone.
func begins(day time.Time, zone *time.Location) time.Time {
	before := time.Date(day.Year(), day.Month(), day.Day()-1, 12, 0, 0, 0, zone)
	return dayAfter(before)
}

// periods are the days at which periods of counting begin, and the day after the
// last: weeks, months and quarters are cut off at both ends.
func (b FunnelBasis) periods(interval *FunnelInterval) []time.Time {
	days := []time.Time{b.From}
	if interval != nil {
		for next := after(b.From, *interval); next.Before(b.To); next = after(next, *interval) {
			days = append(days, next)
		}
	}
	return append(days, b.To)
}

// after is the first day of the period after that of a day.
func after(day time.Time, interval FunnelInterval) time.Time {
	switch interval {
	case Weekly:
		sinceMonday := (int(day.Weekday()) + 6) % 7
		return day.AddDate(0, 0, 7-sinceMonday)
	case Monthly:
		return time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	default:
		quarter := (int(day.Month()) - 1) / 3
		return time.Date(day.Year(), time.Month(quarter*3+4), 1, 0, 0, 0, 0, time.UTC)
	}
}

// boundaries are the moments at which days begin in the zone of the basis.
func (b FunnelBasis) boundaries(days []time.Time) []time.Time {
	moments := make([]time.Time, len(days))
	for i, d := range days {
		moments[i] = begins(d, b.zone)
	}
	return moments
}
