package hiring

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/member"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// CodeCoverage refuses to start a loop that could not decide.
const CodeCoverage fault.Code = "COVERAGE"

// LoopCoverage is what the planned interviews of a loop can decide about one
// level.
type LoopCoverage struct {
	Level            *db.Level
	IsTarget         bool
	IsFeasible       bool
	WeightedCoverage rubric.Ratio
	Interviewers     int
	Signals          []rubric.SignalCoverage
	Issues           []*CoverageIssue
}

// CoverageIssue is one thing that is missing to decide about a level.
type CoverageIssue struct {
	Code        rubric.CoverageCode
	Signal      *string    // key; nil when it is not about one
	Interviewer *db.Member // nil when it is not about one
	Planned     int
	Required    int
}

// LoopCoverages is what the interviews of these loops can decide: about the
// target level first, then about the other levels that the opening allows, by
// rank; in a constant number of statements. It is the same for everybody who
// sees the loop. Loops that the viewer may not see are left out, and those
// without a rubric or a target level have none.
func (s *Service) LoopCoverages(ctx context.Context, loopIDs []gid.ID) (map[gid.ID][]*LoopCoverage, error) {
	loops, err := s.DB.Loop.Query().
		Where(relay.IDs(loop.FieldID, loopIDs), loop.RubricVersionIDNotNil(), loop.TargetLevelIDNotNil()).All(ctx)
	if err != nil || len(loops) == 0 {
		return map[gid.ID][]*LoopCoverage{}, err
	}
	return coverages(access.System(ctx), s.DB, loops)
}

// coverages are those of loops that have a rubric and a target level.
func coverages(ctx context.Context, client *db.Client, loops []*db.Loop) (map[gid.ID][]*LoopCoverage, error) {
	var ids, applications, versions []gid.ID
	for _, l := range loops {
		ids = append(ids, l.ID)
		applications = append(applications, l.ApplicationID)
		versions = append(versions, *l.RubricVersionID)
	}
	read, err := editions(ctx, client, versions)
	if err != nil {
		return nil, err
	}
	planned, err := interviewsOf(ctx, client, ids)
	if err != nil {
		return nil, err
	}
	openings, err := openingsOf(ctx, client, applications)
	if err != nil {
		return nil, err
	}
	var led []gid.ID
	for _, o := range openings {
		led = append(led, o.ID)
	}
	managers, err := managersOf(ctx, client, led)
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, client, slices.Concat(slices.Collect(maps.Values(planned))...))
	if err != nil {
		return nil, err
	}
	found := make(map[gid.ID][]*LoopCoverage, len(loops))
	for _, l := range loops {
		e := read[*l.RubricVersionID]
		if e == nil {
			return nil, fmt.Errorf("%s of %s is gone", *l.RubricVersionID, l.ID)
		}
		o := openings[l.ApplicationID]
		for _, level := range e.aims(*l.TargetLevelID, o.Edges.AllowedLevels) {
			report := e.coverage(level, planned[l.ID], managers[o.ID])
			found[l.ID] = append(found[l.ID], newLoopCoverage(report, level, level.ID == *l.TargetLevelID, names))
		}
	}
	return found, nil
}

// namesOf are the people who have a place in these interviews, by the names that
// rubric has for them.
func namesOf(ctx context.Context, client *db.Client, interviews []*db.Interview) (map[string]*db.Member, error) {
	members, err := client.Member.Query().Where(relay.IDs(member.FieldID, seated(interviews))).All(ctx)
	names := make(map[string]*db.Member, len(members))
	for _, m := range members {
		names[m.ID.String()] = m
	}
	return names, err
}

// aims are the target level, and the others among those allowed of which the
// edition says what they ask for.
func (e *edition) aims(target gid.ID, allowed []*db.Level) []*db.Level {
	var aims []*db.Level
	if l := e.byID[target]; l != nil {
		aims = append(aims, l)
	}
	for _, l := range allowed {
		if l.ID != target && e.demands(l) {
			aims = append(aims, l)
		}
	}
	return aims
}

// coverage is what interviews can decide about a level of the edition. manager
// is Nil when the opening has none.
func (e *edition) coverage(level *db.Level, interviews []*db.Interview, manager gid.ID) rubric.CoverageReport {
	name := ""
	if !manager.IsNil() {
		name = manager.String()
	}
	return rubric.Coverage(e.ladder, e.content, level.Key, sessionsOf(interviews), name)
}

// sessionsOf are the interviews that take or took place as rubric reads them,
// without those who only learn and those whose scorecard is void, who will rate
// nothing. A place that nobody has yet is somebody of its own.
func sessionsOf(interviews []*db.Interview) []rubric.Session {
	var sessions []rubric.Session
	for _, i := range interviews {
		if !takesPlace(i) {
			continue
		}
		session := rubric.Session{Key: i.Key, Name: i.Name, Minutes: i.Minutes, FocusSignals: i.FocusSignals}
		for _, s := range i.Edges.Seats {
			switch {
			case s.IsShadow:
			case s.MemberID != nil && slices.ContainsFunc(i.Edges.Scorecards, func(c *db.Scorecard) bool { return c.InterviewerID == *s.MemberID }):
			case s.MemberID != nil:
				session.Seats = append(session.Seats, s.MemberID.String())
			default:
				session.Seats = append(session.Seats, fmt.Sprintf("%s#%d.%d", s.Role, i.Position, s.Position))
			}
		}
		sessions = append(sessions, session)
	}
	return sessions
}

// takesPlace reports whether an interview is ahead or took place.
func takesPlace(i *db.Interview) bool {
	return i.Status != interview.StatusCANCELLED && i.Status != interview.StatusNO_SHOW
}

// interviewsOf are the interviews of loops with their places, both in order, and
// with those of their scorecards that are void.
func interviewsOf(ctx context.Context, client *db.Client, loopIDs []gid.ID) (map[gid.ID][]*db.Interview, error) {
	rows, err := client.Interview.Query().Where(relay.IDs(interview.FieldLoopID, loopIDs)).
		Order(interview.ByPosition(), interview.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]gid.ID, len(rows))
	byID := make(map[gid.ID]*db.Interview, len(rows))
	byLoop := make(map[gid.ID][]*db.Interview, len(loopIDs))
	for n, i := range rows {
		ids[n], byID[i.ID] = i.ID, i
		byLoop[i.LoopID] = append(byLoop[i.LoopID], i)
	}
	seats, err := client.InterviewSeat.Query().Where(relay.IDs(interviewseat.FieldInterviewID, ids)).
		Order(interviewseat.ByPosition(), interviewseat.ByID()).All(ctx)
	for _, s := range seats {
		i := byID[s.InterviewID]
		i.Edges.Seats = append(i.Edges.Seats, s)
	}
	if err != nil {
		return nil, err
	}
	void, err := client.Scorecard.Query().
		Where(relay.IDs(scorecard.FieldInterviewID, ids), scorecard.StatusEQ(scorecard.StatusVOID)).Order(scorecard.ByID()).All(ctx)
	for _, c := range void {
		i := byID[c.InterviewID]
		i.Edges.Scorecards = append(i.Edges.Scorecards, c)
	}
	return byLoop, err
}

// managersOf are the hiring managers of openings, by the ids of these; of several
// the first by name, as the opening tells it.
func managersOf(ctx context.Context, client *db.Client, openingIDs []gid.ID) (map[gid.ID]gid.ID, error) {
	team, err := client.HiringTeamMember.Query().
		Where(relay.IDs(hiringteammember.FieldOpeningID, distinct(openingIDs)), hiringteammember.RoleEQ(hiringteammember.RoleHIRING_MANAGER)).
		Order(hiringteammember.ByMemberField(member.FieldName), hiringteammember.ByMemberID()).All(ctx)
	first := map[gid.ID]gid.ID{}
	for _, t := range team {
		if first[t.OpeningID].IsNil() {
			first[t.OpeningID] = t.MemberID
		}
	}
	return first, err
}

func newLoopCoverage(report rubric.CoverageReport, level *db.Level, target bool, names map[string]*db.Member) *LoopCoverage {
	c := &LoopCoverage{
		Level: level, IsTarget: target, IsFeasible: report.Feasible, WeightedCoverage: report.WeightedCoverage,
		Interviewers: report.Interviewers, Signals: report.Signals, Issues: []*CoverageIssue{},
	}
	for _, i := range report.Issues {
		issue := &CoverageIssue{Code: i.Code, Interviewer: names[i.Interviewer], Planned: i.Planned, Required: i.Required}
		if i.Signal != "" {
			issue.Signal = &i.Signal
		}
		c.Issues = append(c.Issues, issue)
	}
	return c
}

// uncovered refuses a loop for one thing that is missing to decide.
func uncovered(i *CoverageIssue) *fault.Error {
	path := "interviews"
	if i.Signal != nil {
		path += "." + *i.Signal
	}
	var what string
	switch i.Code {
	case rubric.SignalUncovered:
		what = "too few interviewers rate the signal"
	case rubric.GateUncovered:
		what = "too few interviewers rate the must-have"
	case rubric.HiringManagerAlone:
		what = "nobody but the hiring manager rates the must-have"
	case rubric.WeightUncovered:
		what = "too little of the weight is rated by enough interviewers, in percent"
	case rubric.FewInterviewers:
		what = "too few people interview"
	case rubric.ManySessions:
		what = i.Interviewer.Name + " has too many of the interviews"
	}
	return fault.New(fault.Invalid, CodeCoverage, path, "%s: planned %d, required %d", what, i.Planned, i.Required).
		WithHint("plan for it, or give forceReason to go ahead without")
}
