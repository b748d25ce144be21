package hiring

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/visit"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// AgingReason is what an ageing application waits for.
type AgingReason string

const (
	ScorecardsOverdue  AgingReason = "SCORECARDS_OVERDUE"
	AwaitingDecision   AgingReason = "AWAITING_DECISION"
	AwaitingScheduling AgingReason = "AWAITING_SCHEDULING"
	NoActivity         AgingReason = "NO_ACTIVITY"
)

// AgingApplicationFilter says which ageing applications. Every condition must
// hold; nil is no condition.
type AgingApplicationFilter struct {
	OpeningIDs          []gid.ID
	Status              []funnel.Aging // nil for STUCK only
	HiringTeamMemberIDs []gid.ID
}

// AgingApplication is an active application that has waited long in its stage.
type AgingApplication struct {
	Application     *db.Application
	Stage           *db.Stage
	DaysInStage     int      // whole days
	StageMedianDays *float64 // nil when fewer than half have left
	StageP90Days    *float64 // nil when fewer than nine in ten have left
	Status          funnel.Aging
	Reason          AgingReason
}

// soon is when an interview is planned: within it means that somebody cares.
const soon = 7 * 24 * time.Hour

// AgingApplications lists the active applications that the viewer sees and that
// have waited long, the longest first, by a constant number of statements.
// Nothing is done to them.
func (s *Service) AgingApplications(ctx context.Context, filter AgingApplicationFilter) ([]*AgingApplication, error) {
	if err := s.seen(ctx, filter.OpeningIDs); err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	query := s.DB.Application.Query().
		Where(application.StatusEQ(application.StatusACTIVE)).
		Order(application.ByStageEnteredAt(), application.ByID())
	if filter.OpeningIDs != nil {
		query.Where(relay.IDs(application.FieldOpeningID, filter.OpeningIDs))
	}
	if filter.HiringTeamMemberIDs != nil {
		query.Where(inTeamOf(filter.HiringTeamMemberIDs))
	}
	query.Where(access.Visible(ctx, "Application")).Modify(waitingFor(ctx, now))
	waiting, err := query.All(access.System(ctx)) // the rule is in the condition
	if err != nil {
		return nil, err
	}
	stages, err := stagesOf(ctx, waiting)
	if err != nil {
		return nil, err
	}
	paces, err := s.paces(ctx, now, stages)
	if err != nil {
		return nil, err
	}
	wanted := filter.Status
	if wanted == nil {
		wanted = []funnel.Aging{funnel.Stuck}
	}
	var aging []*AgingApplication
	for _, a := range waiting {
		one, err := ages(a, paces[a.StageID], now)
		if err != nil {
			return nil, err
		}
		if slices.Contains(wanted, one.Status) {
			aging = append(aging, one)
		}
	}
	return aging, nil
}

// Stuck counts by stage the active applications of these openings that are
// stuck; a stage without any may be left out, and so are the openings that the
// viewer may not see. Like StageCounts, it says the same to everybody who sees
// an opening.
func (s *Service) Stuck(ctx context.Context, openingIDs []gid.ID) (map[gid.ID]map[gid.ID]int, error) {
	stages, err := s.stages(openingIDs).All(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	paces, err := s.paces(ctx, now, stages)
	if err != nil {
		return nil, err
	}
	counts := make(map[gid.ID]map[gid.ID]int, len(openingIDs))
	for _, st := range stages {
		if counts[st.OpeningID] == nil {
			counts[st.OpeningID] = map[gid.ID]int{}
		}
		if st.Kind == stage.KindHIRED {
			continue // nobody waits there
		}
		p := paces[st.ID]
		for _, entered := range p.waiting {
			if p.Aging(days(now.Sub(entered)), p.stage.SLADays, false) == funnel.Stuck {
				counts[st.OpeningID][st.ID]++
			}
		}
	}
	return counts, nil
}

// seen refuses openings that the viewer does not see.
func (s *Service) seen(ctx context.Context, openingIDs []gid.ID) error {
	if len(openingIDs) == 0 {
		return nil
	}
	found, err := s.DB.Opening.Query().Where(relay.IDs(opening.FieldID, openingIDs)).IDs(ctx)
	if err != nil {
		return err
	}
	for i, id := range openingIDs {
		if !slices.Contains(found, id) {
			return missing(fmt.Sprintf("filterBy.openingIds.%d", i), gid.Opening)
		}
	}
	return nil
}

// inTeamOf restricts applications to the openings in whose hiring team any of
// these members is. Whoever sees an application sees the team of its opening.
func inTeamOf(members []gid.ID) func(*sql.Selector) {
	return func(s *sql.Selector) {
		team := sql.Select(hiringteammember.FieldOpeningID).From(sql.Table(hiringteammember.Table))
		relay.IDs(hiringteammember.FieldMemberID, members)(team)
		s.Where(sql.In(s.C(application.FieldOpeningID), team))
	}
}

// stagesOf is the stages in which these applications are.
func stagesOf(ctx context.Context, applications []*db.Application) ([]*db.Stage, error) {
	var stages []*db.Stage
	known := map[gid.ID]bool{}
	for _, a := range applications {
		if known[a.StageID] {
			continue
		}
		known[a.StageID] = true
		st, err := a.Stage(ctx) // loaded once for all of them
		if err != nil {
			return nil, err
		}
		if st == nil {
			return nil, fmt.Errorf("application %s is seen, its stage is not", a.ID)
		}
		stages = append(stages, st)
	}
	return stages, nil
}

// pace is how long applications usually wait in a stage.
type pace struct {
	funnel.Pace
	stage   *db.Stage
	waiting []time.Time // since when, of those who are there
}

// paces measures how long the visits to each stage that began in the last 180
// days lasted, or last. It asks as System: how long is usual does not depend on
// who asks, and nobody can tell a person by it.
func (s *Service) paces(ctx context.Context, now time.Time, stages []*db.Stage) (map[gid.ID]*pace, error) {
	paces := make(map[gid.ID]*pace, len(stages))
	ids := make([]gid.ID, len(stages))
	for i, st := range stages {
		ids[i], paces[st.ID] = st.ID, &pace{stage: st}
	}
	since := now.Add(-funnel.PaceWindow)
	var visits []struct {
		StageID   gid.ID     `json:"stage_id"`
		EnteredAt time.Time  `json:"entered_at"`
		ExitedAt  *time.Time `json:"exited_at"`
	}
	err := s.DB.Visit.Query().
		Where(relay.IDs(visit.FieldStageID, ids), visit.EnteredAtLTE(now),
			visit.Or(visit.EnteredAtGTE(since), visit.ExitedAtIsNil())).
		Select(visit.FieldStageID, visit.FieldEnteredAt, visit.FieldExitedAt).
		Scan(access.System(ctx), &visits)
	if err != nil {
		return nil, err
	}
	stays := make(map[gid.ID][]funnel.Stay, len(stages))
	for _, v := range visits {
		stay := funnel.Stay{Days: days(now.Sub(v.EnteredAt))}
		if v.ExitedAt == nil {
			paces[v.StageID].waiting = append(paces[v.StageID].waiting, v.EnteredAt)
		} else {
			stay = funnel.Stay{Days: days(v.ExitedAt.Sub(v.EnteredAt)), Left: true}
		}
		if !v.EnteredAt.Before(since) {
			stays[v.StageID] = append(stays[v.StageID], stay)
		}
	}
	for id, p := range paces {
		p.Pace = funnel.PaceOf(stays[id])
	}
	return paces, nil
}

// days is a duration in days and fractions of one.
func days(d time.Duration) float64 { return d.Hours() / 24 }

const (
	plannedColumn = "interview_planned"
	reasonColumn  = "waits_for"
)

// ages is how an application ages; its Status is "" when it has not waited long.
func ages(a *db.Application, p *pace, now time.Time) (*AgingApplication, error) {
	planned, err := a.Value(plannedColumn)
	if err != nil {
		return nil, err
	}
	reason, err := a.Value(reasonColumn)
	if err != nil {
		return nil, err
	}
	age := days(now.Sub(a.StageEnteredAt))
	return &AgingApplication{
		Application: a, Stage: p.stage, DaysInStage: int(age),
		StageMedianDays: p.MedianDays, StageP90Days: p.P90Days,
		Status: p.Aging(age, p.stage.SLADays, planned == int64(1)),
		Reason: AgingReason(fmt.Sprint(reason)),
	}, nil
}

// waitingFor has a query of applications tell what each waits for, by the loops
// that are not cancelled; the first answer that fits counts. The interviews and
// scorecards behind it are read by the program itself: what an application
// waits for may be told to whoever sees it, the cards may not. A decision that the
// viewer may not see is none: it would tell them that people have decided.
func waitingFor(ctx context.Context, now time.Time) func(*sql.Selector) {
	const (
		loops = " FROM loops wl WHERE wl.status <> 'CANCELLED' AND wl.application_id = "
		// What the loop of the same query has.
		interview = "EXISTS (SELECT 1 FROM interviews wi WHERE wi.loop_id = wl.id AND "
		card      = "EXISTS (SELECT 1 FROM scorecards wc WHERE wc.loop_id = wl.id AND NOT wc.is_shadow AND "
	)
	visible := access.Visible(ctx, "Decision")
	return func(s *sql.Selector) {
		id := s.C(application.FieldID)
		loopWith := func(b *sql.Builder) *sql.Builder {
			return b.WriteString("EXISTS (SELECT 1" + loops).Ident(id).WriteString(" AND ")
		}
		decisions := sql.Dialect(s.Dialect()).Table(decision.Table).As("wd")
		decided := sql.Dialect(s.Dialect()).Select(decisions.C(decision.FieldID)).From(decisions).Where(sql.P(func(b *sql.Builder) {
			b.WriteString("wd.application_id = wl.application_id AND COALESCE(wd.loop_id, wl.id) = wl.id") // one without a loop decides all
		}))
		visible(decided)
		s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("CASE WHEN ")
			loopWith(b).WriteString(interview + "wi.status = 'SCHEDULED' AND wi.starts_at >= ").Arg(now).
				WriteString(" AND wi.starts_at < ").Arg(now.Add(soon)).WriteString(")) THEN 1 ELSE 0 END")
		}), plannedColumn)
		s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("CASE WHEN ")
			loopWith(b).WriteString(card + "wc.status = 'DRAFT' AND wc.due_at < ").Arg(now).
				WriteString(")) THEN '" + string(ScorecardsOverdue) + "' WHEN ")
			loopWith(b).WriteString(card + "wc.status IN ('SUBMITTED', 'AMENDED'))" +
				" AND NOT " + card + "wc.status = 'DRAFT')" +
				" AND NOT " + interview + "wi.status IN ('PLANNED', 'SCHEDULED'))" +
				" AND NOT EXISTS (").Join(decided).
				WriteString(")) THEN '" + string(AwaitingDecision) + "' WHEN ")
			loopWith(b).WriteString(interview + "wi.status = 'PLANNED' AND wi.starts_at IS NULL))" +
				" THEN '" + string(AwaitingScheduling) + "' ELSE '" + string(NoActivity) + "' END")
		}), reasonColumn)
	}
}

// AgingApplicationConnection is a page of ageing applications.
type AgingApplicationConnection = relay.Connection[*AgingApplication]

// AgingApplicationEdge is one row of a page.
type AgingApplicationEdge = relay.Edge[*AgingApplication]
