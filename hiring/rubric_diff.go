package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// RubricDiff is what changed between two editions of one ladder's rubric.
type RubricDiff struct {
	From    *db.RubricVersion
	To      *db.RubricVersion
	Bump    *rubric.Bump // nil when nothing changed
	Changes []rubric.Change
}

// LevelDifference is how the demands of one signal differ between two levels.
type LevelDifference struct {
	Signal     string              // key
	Kinds      []rubric.ChangeKind // of demands only
	From       *rubric.Demand      // nil when the level does not ask for it
	To         *rubric.Demand
	SubsumedBy *string // key of the signal that covers one that is no longer asked for
}

// RubricDiff compares two editions of one ladder's rubric, drafts included. It
// returns nil when either is not there.
func (s *Service) RubricDiff(ctx context.Context, fromID, toID gid.ID) (*RubricDiff, error) {
	read, err := s.readable(ctx, fromID, toID)
	if err != nil {
		return nil, err
	}
	from, to := read[fromID], read[toID]
	if from == nil || to == nil {
		return nil, nil
	}
	if from.version.LadderID != to.version.LadderID {
		return nil, fault.Invalidf("toId", "is an edition of another ladder")
	}
	found := rubric.Diff(from.ladder, from.content, to.content)
	d := &RubricDiff{From: from.version, To: to.version, Changes: found.Changes}
	if found.Bump != rubric.NoBump {
		d.Bump = &found.Bump
	}
	return d, nil
}

// LevelDiff compares what two levels ask for in one edition. It returns nil when
// the edition is not there.
func (s *Service) LevelDiff(ctx context.Context, versionID, fromID, toID gid.ID) ([]*LevelDifference, error) {
	read, err := s.readable(ctx, versionID)
	if err != nil || read[versionID] == nil {
		return nil, err
	}
	e := read[versionID]
	from, to := e.byID[fromID], e.byID[toID]
	var problems fault.List
	if from == nil {
		problems.Add(missing("fromLevelId", gid.Level))
	}
	if to == nil {
		problems.Add(missing("toLevelId", gid.Level))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	changes, err := rubric.LevelDiff(e.ladder, e.content, from.Key, to.Key)
	if err != nil {
		return nil, err
	}
	differences := make([]*LevelDifference, len(changes))
	for i, c := range changes {
		differences[i] = &LevelDifference{Signal: c.Signal, Kinds: c.Kinds, From: c.From, To: c.To, SubsumedBy: given(c.SubsumedBy)}
	}
	return differences, nil
}

// readable are the editions of these that the viewer may read.
func (s *Service) readable(ctx context.Context, ids ...gid.ID) (map[gid.ID]*edition, error) {
	if access.ViewerOf(ctx) == nil {
		return nil, fault.Deniedf("sign in first")
	}
	return editions(ctx, s.DB, ids)
}
