package reports

import (
	"crypto/sha256"
	"encoding/base64"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hireloop/funnel"
	"hireloop/graph/scalar"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// query reads the parameters of a request. Whoever has read all that a report
// takes asks err, which refuses the rest.
type query struct {
	left      url.Values // not read so far
	canonical string
	problems  fault.List
}

func readQuery(raw string) (*query, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.Invalidf("", "the query is not made of name=value, joined by &, with %%xx for what is special")
	}
	return &query{canonical: values.Encode(), left: values}, nil
}

// take gives all values of a parameter, nil when it is not given.
func (q *query) take(name string) []string {
	values := q.left[name]
	delete(q.left, name)
	return values
}

// one gives the value of a parameter that is not repeated.
func (q *query) one(name string) (value string, given bool) {
	values := q.take(name)
	if len(values) > 1 {
		q.problems.Add(fault.Invalidf(name, "is given %d times", len(values)))
	}
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// scalarOf reads a parameter as the contract reads a scalar.
func scalarOf[T any](q *query, name string, read func(any) (T, error)) *T {
	text, given := q.one(name)
	if !given {
		return nil
	}
	value, err := read(text)
	if err != nil {
		q.problems.Add(fault.Invalidf(name, "%s", err.Error()))
		return nil
	}
	return &value
}

func (q *query) day(name string) *time.Time    { return scalarOf(q, name, scalar.UnmarshalDate) }
func (q *query) moment(name string) *time.Time { return scalarOf(q, name, scalar.UnmarshalDateTime) }

// text gives a parameter as it is, nil when it is not given.
func (q *query) text(name string) *string {
	if text, given := q.one(name); given {
		return &text
	}
	return nil
}

// number reads a whole number, nil when it is not given.
func (q *query) number(name string) *int {
	return scalarOf(q, name, func(text any) (int, error) {
		n, err := strconv.Atoi(text.(string))
		if err != nil {
			return 0, fault.Invalidf("", "is no whole number")
		}
		return n, nil
	})
}

// flag reads true or false, false when it is not given.
func (q *query) flag(name string) bool {
	value := choice(q, name, "true", "false")
	return value != nil && *value == "true"
}

// required gives what must be there, or its zero value.
func required[T any](q *query, name string, value *T) T {
	if value != nil {
		return *value
	}
	if !q.refused(name) {
		q.problems.Add(fault.Required(name))
	}
	return *new(T)
}

// refused tells whether a parameter was given and wrong.
func (q *query) refused(name string) bool {
	return slices.ContainsFunc(q.problems, func(f *fault.Error) bool { return len(f.Path) > 0 && f.Path[0] == name })
}

// ids reads a parameter that may be repeated; nil when it is not given.
func (q *query) ids(name string) []gid.ID {
	var ids []gid.ID
	for i, text := range q.take(name) {
		id, err := gid.Parse(text)
		if err != nil {
			q.problems.Add(fault.Invalidf(name+"."+strconv.Itoa(i), "%s", err.Error()))
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// float reads a number, nil when it is not given.
func (q *query) float(name string) *float64 {
	return scalarOf(q, name, func(text any) (float64, error) {
		f, err := strconv.ParseFloat(text.(string), 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return 0, fault.Invalidf("", "is no number")
		}
		return f, nil
	})
}

// id reads one id, nil when it is not given.
func (q *query) id(name string) *gid.ID {
	return scalarOf(q, name, func(text any) (gid.ID, error) { return gid.Parse(text.(string)) })
}

// choice reads one of the values of an enum; nil when it is not given.
func choice[T ~string](q *query, name string, values ...T) *T {
	text, given := q.one(name)
	if !given {
		return nil
	}
	value := T(text)
	if !slices.Contains(values, value) {
		q.problems.Add(fault.Invalidf(name, "must be one of its values, spelled exactly"))
		return nil
	}
	return &value
}

// err is everything that is wrong: parameters that nobody read, too.
func (q *query) err() error {
	var unknown []string
	for name := range q.left {
		unknown = append(unknown, name)
	}
	slices.Sort(unknown)
	const shown = 10
	for _, name := range unknown[:min(shown, len(unknown))] {
		q.problems.Add(fault.Invalidf("", "the report has no parameter %s", legible(name)))
	}
	return q.problems.Err()
}

// legible quotes a name that a client made up, if it is very long not all of it.
func legible(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	return strconv.Quote(name)
}

// filter reads which applications are counted.
func (q *query) filter() *hiring.FunnelFilter {
	return &hiring.FunnelFilter{
		From: q.day("from"), To: q.day("to"),
		OpeningIDs: q.ids("openingId"), DepartmentIDs: q.ids("departmentId"), LocationIDs: q.ids("locationId"),
		TargetLevelIDs: q.ids("targetLevelId"), RecruiterIDs: q.ids("recruiterId"), SourceIDs: q.ids("sourceId"),
	}
}

// view reads how applications are counted, all of a time together.
func (q *query) view() *hiring.FunnelView {
	v := &hiring.FunnelView{
		AsOf: q.moment("asOf"), KnownAt: q.moment("knownAt"), TimeZone: q.text("timeZone"),
		Stages: hiring.ByKind, Skips: funnel.Implied, Reentries: funnel.EachVisit,
		GroupBy: choice(q, "groupBy", hiring.GroupByOpening, hiring.GroupByDepartment, hiring.GroupByLocation,
			hiring.GroupByTargetLevel, hiring.GroupBySource, hiring.GroupByRecruiter),
	}
	if stages := choice(q, "stages", hiring.ByKind, hiring.OwnStages); stages != nil {
		v.Stages = *stages
	}
	if skips := choice(q, "skips", funnel.Implied, funnel.Actual); skips != nil {
		v.Skips = *skips
	}
	if reentries := choice(q, "reentries", funnel.EachVisit, funnel.Total); reentries != nil {
		v.Reentries = *reentries
	}
	return v
}

// viewByPeriod is view, in periods where they are asked for.
func (q *query) viewByPeriod() *hiring.FunnelView {
	v := q.view()
	v.Interval = choice(q, "interval", hiring.Weekly, hiring.Monthly, hiring.Quarterly)
	return v
}

// stand is on what the figures of an answer stand.
type stand struct {
	from, to    time.Time // days, at midnight UTC
	asOf, known time.Time
	zone        string // "" where it is not told
	event       *int64 // nil where none is told
}

// tag names the version of an answer that stands on an event. It is weak: within a minute, and without
// an event, nothing happens but that who waits has waited for that minute.
func (s stand) tag(v *access.Viewer, name, form, canonical string) string {
	parts := []string{v.Member.String(), name, form, canonical, strconv.FormatInt(*s.event, 10), s.zone}
	for _, r := range v.Roles {
		parts = append(parts, string(r))
	}
	for _, t := range []time.Time{s.from, s.to, s.asOf, s.known} {
		parts = append(parts, t.UTC().Format("2006-01-02T15:04"))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}
