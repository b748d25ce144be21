package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/schema"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// rowsAtOnce is how many rows one statement inserts: databases limit parameters.
const rowsAtOnce = 500

// family is a ladder that a use case holds: whoever writes a rubric holds its
// ladder first, so that a ladder has one draft and its versions one order.
type family struct {
	row    *db.Ladder
	levels map[string]gid.ID // by key
	ladder rubric.Ladder
}

// holdLadder reads the ladder that the input names at path and holds it.
func (w *write) holdLadder(ctx context.Context, path string, id gid.ID) (*family, error) {
	var problems fault.List
	if !of(&problems, path, id, gid.Ladder) {
		return nil, problems
	}
	row, err := locked(w, w.Ladder.Query().Where(ladder.ID(id))).Only(ctx)
	if db.IsNotFound(err) {
		return nil, missing(path, gid.Ladder)
	}
	if err != nil {
		return nil, err
	}
	levels, err := w.Level.Query().Where(level.LadderID(id)).Order(level.ByRank(), level.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	f := &family{row: row, ladder: ladderOf(row, levels), levels: make(map[string]gid.ID, len(levels))}
	for _, l := range levels {
		f.levels[l.Key] = l.ID
	}
	return f, nil
}

func areasOf(e rubric.Edition) []schema.RubricArea {
	areas := make([]schema.RubricArea, len(e.Areas))
	for i, a := range e.Areas {
		areas[i] = schema.RubricArea(a)
	}
	return areas
}

func settingsOf(e rubric.Edition) []schema.RubricLevelSetting {
	settings := make([]schema.RubricLevelSetting, len(e.Levels))
	for i, l := range e.Levels {
		settings[i] = schema.RubricLevelSetting{LevelKey: l.Level, CoverageMinimum: l.CoverageMinimum}
	}
	return settings
}

// saveContent writes the signals of an edition and what levels demand of them,
// in place of those that it had.
func (w *write) saveContent(ctx context.Context, versionID gid.ID, f *family, content rubric.Edition) error {
	if err := w.dropContent(ctx, versionID); err != nil {
		return err
	}
	var signals []*db.RubricSignalCreate
	var demands []*db.LevelSignalCreate
	for position, signal := range content.Signals {
		id := w.id(gid.RubricSignal)
		signals = append(signals, w.newSignal(id, versionID, position, signal))
		for _, setting := range content.Levels {
			_, asked := signal.Effective(f.ladder, setting.Level)
			if own := signal.Demands[setting.Level]; asked || own.Retired() {
				demands = append(demands, w.newDemand(f.ladder, signal, setting.Level).
					SetRubricSignalID(id).SetLevelID(f.levels[setting.Level]))
			}
		}
	}
	for rows := range slices.Chunk(signals, rowsAtOnce) {
		if err := w.RubricSignal.CreateBulk(rows...).Exec(ctx); err != nil {
			return err
		}
	}
	for rows := range slices.Chunk(demands, rowsAtOnce) {
		if err := w.LevelSignal.CreateBulk(rows...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// dropContent deletes the signals of a draft and what levels demand of them.
func (w *write) dropContent(ctx context.Context, versionID gid.ID) error {
	_, err := w.LevelSignal.Delete().
		Where(levelsignal.HasSignalWith(rubricsignal.RubricVersionID(versionID))).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = w.RubricSignal.Delete().Where(rubricsignal.RubricVersionID(versionID)).Exec(ctx)
	return err
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
	create := w.RubricSignal.Create().SetID(id).SetRubricVersionID(versionID).SetPosition(position).
		SetKey(signal.Key).SetArea(signal.Area).SetName(signal.Name).SetAssesses(signal.Assesses).
		SetAnchors(anchors).SetRedFlags(flags).SetCreatedAt(w.now).SetUpdatedAt(w.now)
	if signal.Replaces != "" {
		create.SetReplaces(signal.Replaces)
	}
	return create
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
