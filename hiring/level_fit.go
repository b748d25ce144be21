package hiring

import (
	"context"
	"encoding/json"
	"fmt"

	"hireloop/ent/db"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/predicate"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// LevelFit is a rubric.Fit whose levels are those of the database.
type LevelFit struct {
	rubric.Fit
	RubricVersion *db.RubricVersion
	TargetLevel   *db.Level
	Level         *db.Level // nil when there is none to hire at
	AlsoMeets     []*db.Level
	Levels        []*LevelAssessment
	Adjusted      *AdjustedLevelFit
	Explanation   string // one sentence, derived
}

// LevelAssessment is what the ratings say about one level.
type LevelAssessment struct {
	rubric.LevelResult
	Level           *db.Level
	Confidence      *rubric.Confidence
	ConfidenceValue *float64
	WeakestLink     *string
}

// AdjustedLevelFit is what would come out if every interviewer were as lenient
// as the average one.
type AdjustedLevelFit struct {
	Outcome rubric.Outcome
	Level   *db.Level
	Levels  []*LevelAssessment
}

// LevelFits says what the scorecards of loops say about the levels of their
// rubrics, in a constant number of statements. Loops whose evidence is hidden
// from the viewer are left out, and so are imported ones, which have no rubric.
func (s *Service) LevelFits(ctx context.Context, loopIDs []gid.ID) (map[gid.ID]*LevelFit, error) {
	assessments, err := s.weighed(ctx, loopIDs)
	if err != nil {
		return nil, err
	}
	fits := make(map[gid.ID]*LevelFit, len(assessments))
	for id, a := range assessments {
		fit, err := a.fit()
		if err != nil {
			return nil, err
		}
		if fits[id], err = newLevelFit(fit, a.edition); err != nil {
			return nil, err
		}
	}
	return fits, nil
}

// CurrentLevelFits is LevelFits of the loops that count: for each application
// the latest one that was not cancelled.
func (s *Service) CurrentLevelFits(ctx context.Context, applicationIDs []gid.ID) (map[gid.ID]*LevelFit, error) {
	loops, err := s.DB.Loop.Query().
		Where(relay.IDs(loop.FieldApplicationID, applicationIDs), loop.StatusNEQ(loop.StatusCANCELLED)).
		Order(loop.ByCreatedAt(), loop.ByID()).Select(loop.FieldID, loop.FieldApplicationID).All(ctx)
	if err != nil {
		return nil, err
	}
	current := make(map[gid.ID]gid.ID, len(applicationIDs))
	for _, l := range loops {
		current[l.ApplicationID] = l.ID
	}
	ids := make([]gid.ID, 0, len(current))
	for _, id := range current {
		ids = append(ids, id)
	}
	byLoop, err := s.LevelFits(ctx, ids)
	fits := make(map[gid.ID]*LevelFit, len(byLoop))
	for application, id := range current {
		fits[application] = byLoop[id]
	}
	return fits, err
}

// weighed is what the viewer may see of the evidence of these loops.
func (s *Service) weighed(ctx context.Context, loopIDs []gid.ID) (map[gid.ID]*assessment, error) {
	loops, err := s.DB.Loop.Query().Where(relay.IDs(loop.FieldID, loopIDs), evident(ctx)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range loops {
		sight(ctx, readEvidence, l.ID)
	}
	return assess(ctx, s.DB, loops)
}

// evident restricts loops to those whose evidence is not hidden from the viewer.
func evident(ctx context.Context) predicate.Loop { return access.Visible(ctx, access.LoopEvidence) }

// newLevelFit is a fit with the levels of the database.
func newLevelFit(fit rubric.Fit, e *edition) (*LevelFit, error) {
	f := &LevelFit{
		Fit: fit, RubricVersion: e.version, AlsoMeets: []*db.Level{},
		Explanation: fit.Explain(e.ladder, e.content),
	}
	var err error
	if f.TargetLevel, err = e.level(fit.Target); err != nil {
		return nil, err
	}
	if f.Level, err = e.maybeLevel(fit.Level); err != nil {
		return nil, err
	}
	for _, key := range fit.AlsoMeets {
		l, err := e.level(key)
		if err != nil {
			return nil, err
		}
		f.AlsoMeets = append(f.AlsoMeets, l)
	}
	if f.Levels, err = e.assessments(fit.Levels); err != nil {
		return nil, err
	}
	if fit.Adjusted == nil {
		return f, nil
	}
	f.Adjusted = &AdjustedLevelFit{Outcome: fit.Adjusted.Outcome}
	if f.Adjusted.Level, err = e.maybeLevel(fit.Adjusted.Level); err != nil {
		return nil, err
	}
	f.Adjusted.Levels, err = e.assessments(fit.Adjusted.Levels)
	return f, err
}

// level is the row of a level of the ladder, which keeps the levels that it once
// had.
func (e *edition) level(key string) (*db.Level, error) {
	if l := e.levels[key]; l != nil {
		return l, nil
	}
	return nil, fmt.Errorf("the ladder of %s has no level %q", e.version.ID, key)
}

// maybeLevel is level, but nil for no key.
func (e *edition) maybeLevel(key string) (*db.Level, error) {
	if key == "" {
		return nil, nil
	}
	return e.level(key)
}

func (e *edition) assessments(results []rubric.LevelResult) ([]*LevelAssessment, error) {
	list := make([]*LevelAssessment, len(results))
	for i, r := range results {
		l, err := e.level(r.Level)
		if err != nil {
			return nil, err
		}
		list[i] = &LevelAssessment{LevelResult: r, Level: l, ConfidenceValue: r.Confidence}
		if r.ConfidenceClass != "" {
			list[i].Confidence = &r.ConfidenceClass
		}
		if r.WeakestLink != "" {
			list[i].WeakestLink = &r.WeakestLink
		}
	}
	return list, nil
}

// FrozenLevelFits are the level fits that decisions rest on, by their ids, in a
// constant number of statements; of imported decisions there is none. Whoever
// sees a decision may see what it rests on.
func (s *Service) FrozenLevelFits(ctx context.Context, decisions []*db.Decision) (map[gid.ID]*LevelFit, error) {
	loops := make([]gid.ID, 0, len(decisions))
	for _, d := range decisions {
		if d.LoopID != nil {
			loops = append(loops, *d.LoopID)
		}
	}
	byLoop, err := s.editionsOf(ctx, loops)
	if err != nil {
		return nil, err
	}
	fits := make(map[gid.ID]*LevelFit, len(decisions))
	for _, d := range decisions {
		if d.LoopID == nil || byLoop[*d.LoopID] == nil {
			continue
		}
		fit, err := frozenFit(d.ID, d.LevelFit)
		if err != nil {
			return nil, err
		}
		if fit == nil {
			continue
		}
		if fits[d.ID], err = newLevelFit(*fit, byLoop[*d.LoopID]); err != nil {
			return nil, err
		}
	}
	return fits, nil
}

// frozenFit reads a fit that was stored with the row of; nil when what was stored
// is none, as with what was imported.
func frozenFit(of gid.ID, stored json.RawMessage) (*rubric.Fit, error) {
	var head struct {
		DecidedBy json.RawMessage `json:"decidedBy"`
	}
	if json.Unmarshal(stored, &head) != nil || string(head.DecidedBy) != `"HUMAN"` {
		return nil, nil //nolint:nilerr // it is none
	}
	var fit rubric.Fit
	if err := json.Unmarshal(stored, &fit); err != nil {
		return nil, fmt.Errorf("level fit of %s: %w", of, err)
	}
	return &fit, nil
}
