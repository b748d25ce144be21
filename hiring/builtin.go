package hiring

import (
	"context"
	"fmt"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/rubric"
)

// InstallBuiltin puts the content that the product comes with into the
// database: the ladder of engineering managers with the published edition of
// its rubric and the loops for it, a default pipeline template, sources and
// rejection reasons. What is there already, by its key or name, stays as it is,
// so it may run at every start, and several may at once. It needs no viewer:
// the program itself does it.
func (s *Service) InstallBuiltin(ctx context.Context) error {
	content, err := rubric.Builtin()
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := s.Store.Retry(ctx, func(ctx context.Context) error {
			return store.Transact(access.System(ctx), s.DB.Tx, func(ctx context.Context, tx *db.Tx) error {
				w := &write{Tx: tx, service: s, now: s.Now().UTC().Truncate(time.Microsecond)}
				if err := w.installContent(ctx, content); err != nil {
					return err
				}
				return w.installLists(ctx)
			})
		})
		// Another program was a little faster: then its rows are found now.
		if _, _, taken := store.IsUniqueViolation(err); !taken || try == 3 {
			return err
		}
	}
}

func (w *write) installContent(ctx context.Context, content rubric.Content) error {
	levels, ladderID, err := w.installLadder(ctx, content.Ladder)
	if err != nil {
		return fmt.Errorf("install the ladder %s: %w", content.Ladder.Key, err)
	}
	if err := w.installEdition(ctx, content, ladderID, levels); err != nil {
		return fmt.Errorf("install the rubric %s of %s: %w", content.Edition.Semver, content.Ladder.Key, err)
	}
	for _, plan := range content.Plans {
		if err := w.installPlan(ctx, plan, levels[plan.Level]); err != nil {
			return fmt.Errorf("install the interview plan %s: %w", plan.Key, err)
		}
	}
	return nil
}

// installLadder answers with the ids of the levels, by key.
func (w *write) installLadder(ctx context.Context, content rubric.Ladder) (map[string]gid.ID, gid.ID, error) {
	id, err := w.Ladder.Query().Where(ladder.Key(content.Key)).OnlyID(ctx)
	if db.IsNotFound(err) {
		id = w.id(gid.Ladder)
		err = w.Ladder.Create().SetID(id).SetKey(content.Key).SetName(content.Name).
			SetDescription(content.Description).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
	}
	if err != nil {
		return nil, gid.Nil, err
	}
	present, err := w.Level.Query().Where(level.LadderID(id)).All(ctx)
	if err != nil {
		return nil, gid.Nil, err
	}
	ids := map[string]gid.ID{}
	for _, l := range present {
		ids[l.Key] = l.ID
	}
	for _, l := range content.Levels { // a level comes after the one that it extends
		if !ids[l.Key].IsNil() {
			continue
		}
		ids[l.Key] = w.id(gid.Level)
		equivalents := make([]schema.ExternalEquivalent, len(l.ExternalEquivalents))
		for i, e := range l.ExternalEquivalents {
			equivalents[i] = schema.ExternalEquivalent(e)
		}
		create := w.Level.Create().SetID(ids[l.Key]).SetLadderID(id).
			SetKey(l.Key).SetName(l.Name).SetRank(l.Rank).SetTrack(l.Track).SetHireable(l.Hireable).
			SetScope(l.Scope).SetExternalEquivalents(equivalents).SetCreatedAt(w.now).SetUpdatedAt(w.now)
		if l.Extends != "" {
			create.SetExtendsID(ids[l.Extends])
		}
		if err := create.Exec(ctx); err != nil {
			return nil, gid.Nil, err
		}
	}
	return ids, id, nil
}

// installEdition publishes the edition unless one of its version is there.
func (w *write) installEdition(ctx context.Context, content rubric.Content, ladderID gid.ID, levels map[string]gid.ID) error {
	edition := content.Edition
	there, err := w.RubricVersion.Query().
		Where(rubricversion.LadderID(ladderID), rubricversion.Semver(edition.Semver)).Exist(ctx)
	if err != nil || there {
		return err
	}
	hash, err := rubric.Hash(edition)
	if err != nil {
		return err
	}
	id := w.id(gid.RubricVersion)
	areas := make([]schema.RubricArea, len(edition.Areas))
	for i, a := range edition.Areas {
		areas[i] = schema.RubricArea(a)
	}
	settings := make([]schema.RubricLevelSetting, len(edition.Levels))
	for i, l := range edition.Levels {
		settings[i] = schema.RubricLevelSetting{LevelKey: l.Level, CoverageMinimum: l.CoverageMinimum}
	}
	err = w.RubricVersion.Create().SetID(id).SetLadderID(ladderID).SetSemver(edition.Semver).
		SetStatus(rubricversion.StatusPUBLISHED).SetAreas(areas).SetLevelSettings(settings).
		SetScaleMax(edition.ScaleMax).SetNotes(edition.Notes).SetContentHash(hash).SetPublishedAt(w.now).
		SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
	if err != nil {
		return err
	}
	var signals []*db.RubricSignalCreate
	var demands []*db.LevelSignalCreate
	for position, signal := range edition.Signals {
		signalID := w.id(gid.RubricSignal)
		signals = append(signals, w.newSignal(signalID, id, position, signal))
		for _, setting := range edition.Levels {
			_, asked := signal.Effective(content.Ladder, setting.Level)
			if own := signal.Demands[setting.Level]; asked || own.Retired() {
				demands = append(demands, w.newDemand(content.Ladder, signal, setting.Level).
					SetRubricSignalID(signalID).SetLevelID(levels[setting.Level]))
			}
		}
	}
	if err := w.RubricSignal.CreateBulk(signals...).Exec(ctx); err != nil {
		return err
	}
	return w.LevelSignal.CreateBulk(demands...).Exec(ctx)
}

func (w *write) newSignal(id, versionID gid.ID, position int, signal rubric.Signal) *db.RubricSignalCreate {
	anchors := make([]schema.Anchor, len(signal.Anchors))
	for i, a := range signal.Anchors {
		anchors[i] = schema.Anchor(a)
	}
	flags := make([]schema.RedFlag, len(signal.RedFlags))
	for i, f := range signal.RedFlags {
		flags[i] = schema.RedFlag{Key: f.Key, Severity: string(f.Severity), Text: f.Text}
	}
	return w.RubricSignal.Create().SetID(id).SetRubricVersionID(versionID).SetPosition(position).
		SetKey(signal.Key).SetArea(signal.Area).SetName(signal.Name).SetAssesses(signal.Assesses).
		SetAnchors(anchors).SetRedFlags(flags).SetCreatedAt(w.now).SetUpdatedAt(w.now)
}

// newDemand is a row also for what is inherited, so that readers need not walk
// the levels, and one without weight and bar for what is retired.
func (w *write) newDemand(l rubric.Ladder, signal rubric.Signal, level string) *db.LevelSignalCreate {
	create := w.LevelSignal.Create().SetID(w.id(gid.LevelSignal)).
		SetMode(levelsignal.Mode(signal.Mode(l, level)))
	demand, asked := signal.Effective(l, level)
	if !asked {
		create.SetSubsumedBy(demand.SubsumedBy)
	}
	return create.SetWeight(demand.Weight).SetBar(int(demand.Bar)).SetMustHave(demand.MustHave).
		SetMinimumRaters(demand.MinimumRaters).SetExpectation(demand.Expectation)
}

func (w *write) installPlan(ctx context.Context, plan rubric.Plan, levelID gid.ID) error {
	there, err := w.InterviewPlan.Query().Where(interviewplan.Key(plan.Key)).Exist(ctx)
	if err != nil || there {
		return err
	}
	id := w.id(gid.InterviewPlan)
	err = w.InterviewPlan.Create().SetID(id).SetLevelID(levelID).SetKey(plan.Key).SetName(plan.Name).
		SetDescription(plan.Description).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
	if err != nil {
		return err
	}
	sessions := make([]*db.InterviewPlanSessionCreate, len(plan.Sessions))
	for i, session := range plan.Sessions {
		sessions[i] = w.InterviewPlanSession.Create().SetID(w.id(gid.InterviewPlanSession)).
			SetPlanID(id).SetPosition(i).SetKey(session.Key).SetName(session.Name).SetMinutes(session.Minutes).
			SetSeats(session.Seats).SetFocusSignals(session.FocusSignals)
	}
	return w.InterviewPlanSession.CreateBulk(sessions...).Exec(ctx)
}
