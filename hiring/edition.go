package hiring

import (
	"context"
	"fmt"

	"hireloop/ent/db"
	"hireloop/ent/db/level"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// edition is an edition of a rubric with its ladder, as the database keeps them
// and as rubric reads them.
type edition struct {
	version *db.RubricVersion
	levels  map[string]*db.Level // of the ladder, by key
	byID    map[gid.ID]*db.Level // the same
	ladder  rubric.Ladder
	content rubric.Edition
}

// editions reads editions of rubrics by the ids of their versions, in a constant
// number of statements. Everybody may read rubrics, so the viewer does not matter.
func editions(ctx context.Context, client *db.Client, ids []gid.ID) (map[gid.ID]*edition, error) {
	if len(ids) == 0 {
		return map[gid.ID]*edition{}, nil
	}
	ctx = access.System(ctx)
	versions, err := client.RubricVersion.Query().
		Where(relay.IDs(rubricversion.FieldID, distinct(ids))).WithLadder().All(ctx)
	if err != nil {
		return nil, err
	}
	var ladders []gid.ID
	for _, v := range versions {
		ladders = append(ladders, v.LadderID)
	}
	levels, err := client.Level.Query().
		Where(relay.IDs(level.FieldLadderID, distinct(ladders))).Order(level.ByRank(), level.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	signals, err := client.RubricSignal.Query().
		Where(relay.IDs(rubricsignal.FieldRubricVersionID, distinct(ids))).Order(rubricsignal.ByPosition(), rubricsignal.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	var signalIDs []gid.ID
	for _, s := range signals {
		signalIDs = append(signalIDs, s.ID)
	}
	demands, err := client.LevelSignal.Query().
		Where(relay.IDs(levelsignal.FieldRubricSignalID, signalIDs)).All(ctx)
	if err != nil {
		return nil, err
	}

	byLadder := map[gid.ID][]*db.Level{}
	keys := map[gid.ID]string{}
	for _, l := range levels {
		byLadder[l.LadderID] = append(byLadder[l.LadderID], l)
		keys[l.ID] = l.Key
	}
	bySignal := map[gid.ID][]*db.LevelSignal{}
	for _, d := range demands {
		bySignal[d.RubricSignalID] = append(bySignal[d.RubricSignalID], d)
	}
	read := make(map[gid.ID]*edition, len(versions))
	for _, v := range versions {
		read[v.ID] = newEdition(v, byLadder[v.LadderID])
	}
	for _, s := range signals {
		e := read[s.RubricVersionID]
		e.content.Signals = append(e.content.Signals, signalOf(e.ladder, s, bySignal[s.ID], keys))
	}
	return read, nil
}

// editionsOf are the editions that loops keep, by the ids of the loops. Everybody
// may read rubrics, and whoever has something frozen of a loop may know which one.
func (s *Service) editionsOf(ctx context.Context, loopIDs []gid.ID) (map[gid.ID]*edition, error) {
	loops, err := s.DB.Loop.Query().Where(relay.IDs(loop.FieldID, distinct(loopIDs)), loop.RubricVersionIDNotNil()).
		Select(loop.FieldID, loop.FieldRubricVersionID).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	versions := make([]gid.ID, len(loops))
	for i, l := range loops {
		versions[i] = *l.RubricVersionID
	}
	read, err := editions(ctx, s.DB, versions)
	byLoop := make(map[gid.ID]*edition, len(loops))
	for _, l := range loops {
		byLoop[l.ID] = read[*l.RubricVersionID]
	}
	return byLoop, err
}

// edition reads one edition; see editions.
func (w *write) edition(ctx context.Context, id gid.ID) (*edition, error) {
	read, err := editions(ctx, w.Client(), []gid.ID{id})
	if err == nil && read[id] == nil {
		err = fmt.Errorf("%s is gone", id)
	}
	return read[id], err
}

func newEdition(v *db.RubricVersion, levels []*db.Level) *edition {
	e := &edition{version: v, levels: make(map[string]*db.Level, len(levels)), byID: make(map[gid.ID]*db.Level, len(levels))}
	e.ladder = ladderOf(v.Edges.Ladder, levels)
	for _, l := range levels {
		e.levels[l.Key], e.byID[l.ID] = l, l
	}
	e.content = rubric.Edition{
		Semver: v.Semver, Notes: v.Notes, ScaleMax: v.ScaleMax,
		// Lists are never nil: the hash tells none from an empty one.
		Areas: []rubric.Area{}, Levels: []rubric.LevelSetting{}, Signals: []rubric.Signal{},
	}
	for _, a := range v.Areas {
		e.content.Areas = append(e.content.Areas, rubric.Area(a))
	}
	for _, l := range v.LevelSettings {
		e.content.Levels = append(e.content.Levels, rubric.LevelSetting{Level: l.LevelKey, CoverageMinimum: l.CoverageMinimum})
	}
	return e
}

// ladderOf is a ladder with its levels, which are in the order of their ranks.
func ladderOf(l *db.Ladder, levels []*db.Level) rubric.Ladder {
	ladder := rubric.Ladder{Key: l.Key, Name: l.Name, Description: l.Description}
	keys := map[gid.ID]string{}
	for _, l := range levels {
		keys[l.ID] = l.Key
	}
	for _, l := range levels {
		level := rubric.Level{Key: l.Key, Name: l.Name, Rank: l.Rank, Track: l.Track, Hireable: l.Hireable, Scope: l.Scope,
			ExternalEquivalents: []rubric.Equivalent{}}
		if l.ExtendsID != nil {
			level.Extends = keys[*l.ExtendsID]
		}
		for _, e := range l.ExternalEquivalents {
			level.ExternalEquivalents = append(level.ExternalEquivalents, rubric.Equivalent(e))
		}
		ladder.Levels = append(ladder.Levels, level)
	}
	return ladder
}

// signalOf is a signal with the demands that its edition states: a row that says
// what the level inherits anyway is there for readers only.
func signalOf(ladder rubric.Ladder, s *db.RubricSignal, rows []*db.LevelSignal, levelKeys map[gid.ID]string) rubric.Signal {
	signal := rubric.Signal{
		Key: s.Key, Area: s.Area, Name: s.Name, Assesses: s.Assesses,
		Anchors: []rubric.Anchor{}, RedFlags: []rubric.RedFlag{}, Demands: map[string]rubric.Demand{},
	}
	if s.Replaces != nil {
		signal.Replaces = *s.Replaces
	}
	for _, a := range s.Anchors {
		signal.Anchors = append(signal.Anchors, rubric.Anchor(a))
	}
	for _, f := range s.RedFlags {
		signal.RedFlags = append(signal.RedFlags, rubric.RedFlag{Key: f.Key, Severity: rubric.Severity(f.Severity), Text: f.Text})
	}
	stated := map[string]rubric.Demand{}
	for _, row := range rows {
		d := rubric.Demand{
			Weight: row.Weight, Bar: rubric.Bar(row.Bar), MustHave: row.MustHave,
			MinimumRaters: row.MinimumRaters, Expectation: row.Expectation,
		}
		if row.SubsumedBy != nil {
			d.SubsumedBy = *row.SubsumedBy
		}
		stated[levelKeys[row.LevelID]] = d
	}
	for _, l := range ladder.Levels { // by rank: what a level inherits is known before
		own, ok := stated[l.Key]
		if parent, _ := signal.Effective(ladder, l.Extends); ok && own != parent {
			signal.Demands[l.Key] = own
		}
	}
	return signal
}
