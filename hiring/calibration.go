package hiring

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"hireloop/calibration"
	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/ent/db/opening"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// CalibrationInput says what is calibrated.
type CalibrationInput struct {
	Filter         *FunnelFilter
	InterviewerIDs []gid.ID // whose named rows; nil for all that the viewer may see
	AsOf           *time.Time
	IncludeShadows bool
	AcrossVersions bool
}

// Calibration is whether interviewers are comparable, with the named rows that
// the viewer may see.
type Calibration struct {
	*calibration.Report
	From, To     time.Time // days, at midnight UTC
	AsOf         time.Time
	Load         *InterviewLoad
	Interviewers []*InterviewerCalibration
	Pairs        []*InterviewerPair
}

// Reading is what alpha allows; nil without alpha.
func (c *Calibration) Reading() *calibration.Reading {
	if c.Report.Reading == "" {
		return nil
	}
	return &c.Report.Reading
}

// InterviewLoad is how interviews are shared out.
type InterviewLoad struct {
	calibration.Load
	Warnings []*InterviewWeek
}

// InterviewWeek is what one interviewer held in one week.
type InterviewWeek struct {
	Interviewer            *db.Member
	Year, Week, Interviews int
}

// InterviewerCalibration is what is known of one interviewer.
type InterviewerCalibration struct {
	calibration.Profile
	Interviewer *db.Member
}

// What the parts of a profile say, by the names that the contract has for it.

// IsLeniencyUsable reports whether leniency may adjust a level fit.
func (c *InterviewerCalibration) IsLeniencyUsable() bool { return c.Profile.Leniency.Usable }

// LeniencyUsableNote is what is missing for that.
func (c *InterviewerCalibration) LeniencyUsableNote() string { return c.Profile.Leniency.UsableNote }

// Leniency is in rating points.
func (c *InterviewerCalibration) Leniency() calibration.Figure { return c.Profile.Leniency.Figure }

// PeerDifference is the mean difference from the others.
func (c *InterviewerCalibration) PeerDifference() calibration.Figure {
	return c.Profile.PeerDifference.Raw
}

// PeerDifferenceShrunk is the same, pulled towards 0.
func (c *InterviewerCalibration) PeerDifferenceShrunk() calibration.Figure {
	return c.Profile.PeerDifference.Shrunk
}

// Discrimination is the correlation with the others.
func (c *InterviewerCalibration) Discrimination() calibration.Figure {
	return c.Profile.Discrimination.R
}

// Slope is own rating points for each of the others'.
func (c *InterviewerCalibration) Slope() calibration.Figure { return c.Profile.Discrimination.Slope }

// Deviation is the standard deviation of own ratings.
func (c *InterviewerCalibration) Deviation() calibration.Figure { return c.Profile.Discrimination.SD }

// MostUsedShare is the share of own ratings that are the same.
func (c *InterviewerCalibration) MostUsedShare() calibration.Figure {
	return c.Profile.Discrimination.MostUsedShare
}

// IsStraightLining reports whether nearly all own ratings are the same.
func (c *InterviewerCalibration) IsStraightLining() bool {
	return c.Profile.Discrimination.StraightLining
}

// Halo is how even own cards are.
func (c *InterviewerCalibration) Halo() calibration.Figure { return c.Profile.Halo.Index }

// HaloPercentile is its rank among interviewers.
func (c *InterviewerCalibration) HaloPercentile() calibration.Figure {
	return c.Profile.Halo.Percentile
}

// InterviewerPair is two interviewers who rated the same.
type InterviewerPair struct {
	calibration.Pair
	First, Second *db.Member
}

// Calibration compares interviewers by the interviews of a time. Everybody sees
// the whole, over openings that are not confidential and those that they count,
// and the row of themselves; administrators see all rows.
func (s *Service) Calibration(ctx context.Context, in CalibrationInput) (*Calibration, error) {
	viewer := access.ViewerOf(ctx)
	if viewer == nil || len(viewer.Roles) == 0 {
		return nil, fault.Deniedf("you may not read figures about interviewers")
	}
	filter := FunnelFilter{}
	if in.Filter != nil {
		filter = *in.Filter
	}
	if filter.SourceIDs != nil {
		return nil, fault.Invalidf("filterBy.sourceIds", "has no meaning for interviewers")
	}
	if err := mayNarrow(viewer, filter); err != nil {
		return nil, err
	}
	others := slices.ContainsFunc(in.InterviewerIDs, func(id gid.ID) bool { return id != viewer.Member })
	if others && !viewer.MayCalibrate() {
		return nil, fault.Deniedf("you may ask for yourself only")
	}
	now := s.Now()
	if in.AsOf != nil {
		now = *in.AsOf
	}
	if !viewer.MayCalibrate() { // lest two moments told apart what one card or decision changed
		local := now.In(s.Norms.zone())
		now = time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, local.Location())
		in.AsOf = &now
	}
	next := after(dateOf(now.In(s.Norms.zone())), Quarterly)
	if filter.To == nil {
		filter.To = &next
	}
	if year := filter.To.AddDate(-1, 0, 0); filter.From == nil {
		filter.From = &year
	}
	b, err := s.basis(filter, FunnelView{AsOf: in.AsOf})
	if err != nil {
		return nil, underView(err)
	}
	if !viewer.MayCalibrate() {
		if err := b.inQuarters(); err != nil {
			return nil, err
		}
	}
	openings, err := s.calibratedOpenings(ctx, viewer, filter)
	if err != nil {
		return nil, err
	}
	withheld, err := s.withheld(ctx)
	if err != nil {
		return nil, err
	}
	times := b.boundaries([]time.Time{b.From, b.To})
	t, err := columnReader{s.Store}.calibrated(ctx, calibrated{
		openings: openings, from: times[0], to: times[1], known: b.AsOf, withheld: withheld,
	})
	if err != nil {
		return nil, err
	}
	people, err := s.interviewers(ctx, t)
	if err != nil {
		return nil, err
	}
	report, err := calibration.Calibrate(t.Input, calibration.Options{
		IncludeShadows: in.IncludeShadows, MixMajors: in.AcrossVersions,
		From: times[0], To: times[1], AsOf: b.AsOf, Seed: seedOf(b, openings), Model: calibration.StandardModel(),
	})
	if err != nil {
		return nil, err
	}
	c := &Calibration{Report: report, From: b.From, To: b.To, AsOf: b.AsOf}
	if !viewer.MayCalibrate() && t.seated() < fewestInterviewers {
		c.blank()
	}
	if !viewer.MayCalibrate() && !c.Report.Agreement.Sufficient {
		c.Report.Agreement = calibration.Agreement{Note: "too few decisions"}
	}
	c.name(people, func(id gid.ID) bool {
		return (viewer.MayCalibrate() || id == viewer.Member) && (in.InterviewerIDs == nil || slices.Contains(in.InterviewerIDs, id))
	})
	return c, nil
}

// fewestInterviewers is how many interviewers figures without names are of at
// least: of fewer, everybody would know whose they are.
const fewestInterviewers = 5

// mayNarrow refuses whoever may not see names to choose openings: the difference
// of two answers would tell of single people.
func mayNarrow(viewer *access.Viewer, f FunnelFilter) error {
	if viewer.MayCalibrate() || f.OpeningIDs == nil && f.DepartmentIDs == nil && f.LocationIDs == nil && f.TargetLevelIDs == nil && f.RecruiterIDs == nil {
		return nil
	}
	return fault.Deniedf("only administrators choose openings")
}

// inQuarters refuses a time that is not of whole quarters, likewise.
func (b FunnelBasis) inQuarters() error {
	var problems fault.List
	for _, day := range []struct {
		path string
		time.Time
	}{{"filterBy.from", b.From}, {"filterBy.to", b.To}} {
		if !day.Equal(quarterOf(day.Time)) {
			problems.Add(fault.Invalidf(day.path, "is not the first day of a quarter").
				WithHint("who does not see names asks for whole quarters, which begin in January, April, July and October"))
		}
	}
	return problems.Err()
}

// blank takes out all that the few whom it is of would be known by.
func (c *Calibration) blank() {
	note := fmt.Sprintf("fewer than %d interviewers", fewestInterviewers)
	none := calibration.Figure{Note: note}
	few := &calibration.Report{Majors: []int{}, Alpha: none, ICC1: none, ICC1k: none, Note: note, Distributions: c.Distributions}
	few.Timeliness.Rate, few.Timeliness.Latency, few.Agreement.Note = none, none, note
	few.Interviewers, few.Load.Eligible = c.Report.Interviewers, c.Report.Load.Eligible
	c.Report = few
}

// calibratedOpenings are those whose interviews count.
func (s *Service) calibratedOpenings(ctx context.Context, viewer *access.Viewer, filter FunnelFilter) ([]gid.ID, error) {
	if viewer.MayReadFunnels() {
		scope, err := s.scope(ctx, filter)
		if err != nil {
			return nil, err
		}
		return scope.openings, nil
	}
	return s.DB.Opening.Query().Where(opening.IsConfidential(false)).IDs(access.System(ctx)) // of sums that name nobody
}

// interviewers reads who is in the tables, and adds who could interview.
func (s *Service) interviewers(ctx context.Context, t *tables) (map[string]*db.Member, error) {
	ids := make([]gid.ID, 0, len(t.interviewers))
	for id := range t.interviewers {
		ids = append(ids, id)
	}
	found, err := s.DB.Member.Query().Where(member.Or(relay.IDs(member.FieldID, ids), member.DeactivatedAtIsNil())).All(ctx)
	people := make(map[string]*db.Member, len(found))
	for _, m := range found {
		_, held := t.interviewers[m.ID]
		eligible := m.DeactivatedAt == nil && slices.Contains(m.Roles, string(access.Interviewer))
		if !held && !eligible {
			continue
		}
		t.Interviewers[t.interviewer(m.ID)].Eligible = eligible
		people[m.ID.String()] = m
	}
	return people, err
}

// name puts names to the rows that the viewer may see.
func (c *Calibration) name(people map[string]*db.Member, seen func(gid.ID) bool) {
	visible := func(id string) *db.Member {
		if m := people[id]; m != nil && seen(m.ID) {
			return m
		}
		return nil
	}
	c.Interviewers, c.Pairs = []*InterviewerCalibration{}, []*InterviewerPair{}
	for _, p := range c.Report.Interviewers {
		if m := visible(p.Interviewer); m != nil {
			c.Interviewers = append(c.Interviewers, &InterviewerCalibration{Profile: p, Interviewer: m})
		}
	}
	slices.SortStableFunc(c.Interviewers, func(a, b *InterviewerCalibration) int { return strings.Compare(a.Interviewer.Name, b.Interviewer.Name) })
	for _, p := range c.Report.Pairs {
		if a, b := visible(p.First), visible(p.Second); a != nil && b != nil {
			c.Pairs = append(c.Pairs, &InterviewerPair{Pair: p, First: a, Second: b})
		}
	}
	c.Load = &InterviewLoad{Load: c.Report.Load, Warnings: []*InterviewWeek{}}
	for _, w := range c.Report.Load.Warnings {
		if m := visible(w.Interviewer); m != nil {
			c.Load.Warnings = append(c.Load.Warnings, &InterviewWeek{Interviewer: m, Year: w.Year, Week: w.Week, Interviews: w.Interviews})
		}
	}
}

// seedOf makes the random numbers of one question the same each time.
func seedOf(b FunnelBasis, openings []gid.ID) uint64 {
	sorted := slices.Clone(openings)
	slices.SortFunc(sorted, func(a, b gid.ID) int { return strings.Compare(a.UUID(), b.UUID()) })
	h := fnv.New64a()
	_, _ = h.Write([]byte(b.From.Format(time.DateOnly) + b.To.Format(time.DateOnly)))
	for _, id := range sorted {
		_, _ = h.Write(id[:])
	}
	return h.Sum64()
}
