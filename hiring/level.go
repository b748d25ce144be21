package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/schema"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// CreateLadderInput defines a job family.
type CreateLadderInput struct {
	Key         string
	Name        string
	Description *string
	Levels      []*LevelInput
}

// UpdateLadderInput changes a ladder; nil keeps.
type UpdateLadderInput struct {
	LadderID    gid.ID
	Name        *string
	Description *string
	Levels      []*LevelInput // to add, or to change by key
}

// LevelInput is a level to define, or what to change of one that is there, of
// which nil keeps.
type LevelInput struct {
	Key                 string
	Name                string
	Rank                int
	Track               *string
	Hireable            *bool   // nil for true
	Extends             *string // "" for none
	Scope               *string
	ExternalEquivalents []*ExternalEquivalentInput
}

// ExternalEquivalentInput is what another company calls about the same level.
type ExternalEquivalentInput struct {
	Company string
	Label   string
	Note    *string
}

// CreateLadder defines a job family with its levels. It refuses a key that
// another ladder has (DUPLICATE), and levels that do not rank above the one
// that they extend or come before it.
func (s *Service) CreateLadder(ctx context.Context, in CreateLadderInput) (gid.ID, error) {
	return s.create(ctx, "createLadder", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayAuthor(); err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		if len(in.Levels) == 0 {
			problems.Add(fault.Required("levels"))
		}
		r := newRungs(rubric.Ladder{Key: in.Key})
		r.name(&problems, &in.Name, in.Description)
		r.read(&problems, in.Levels)
		r.check(&problems)
		there, err := w.ladderOfKey(ctx, in.Key)
		if err != nil {
			return gid.Nil, err
		}
		if there != nil {
			problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, "key", "the ladder %s has this key", there.Name))
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		id, err := w.newLadder(ctx, r.ladder)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.addLevels(ctx, id, r.ladder.Levels, map[string]gid.ID{}); err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "ladder.created", Subject: id})
		return id, w.record(ctx, id, map[string]any{"levels": len(in.Levels)})
	})
}

// UpdateLadder changes what a ladder and its levels are called and what they
// answer for, and adds levels. It refuses another rank or parent for a level
// that an edition which was published has demands for: verdicts rest on them.
func (s *Service) UpdateLadder(ctx context.Context, in UpdateLadderInput) (gid.ID, error) {
	return in.LadderID, s.change(ctx, "updateLadder", func(ctx context.Context, w *write) error {
		if err := w.mayAuthor(); err != nil {
			return err
		}
		f, err := w.holdLadder(ctx, "ladderId", in.LadderID)
		if err != nil {
			return err
		}
		var problems fault.List
		r := newRungs(f.ladder)
		r.name(&problems, in.Name, in.Description)
		r.read(&problems, in.Levels)
		r.check(&problems)
		frozen, err := w.demandedLevels(ctx, f.row.ID)
		if err != nil {
			return err
		}
		r.keep(&problems, f.ladder, frozen, "a published rubric has demands for the level")
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.saveRungs(ctx, f, r); err != nil {
			return err
		}
		w.emit(happening{Type: "ladder.updated", Subject: f.row.ID})
		return w.record(ctx, f.row.ID, map[string]any{"fields": changed(map[string]bool{
			"name": in.Name != nil, "description": in.Description != nil, "levels": len(in.Levels) > 0,
		}), "levels": len(in.Levels)})
	})
}

// mayAuthor refuses a viewer who may not write ladders, rubrics and plans.
func (w *write) mayAuthor() error {
	if !w.viewer.MayAuthorRubrics() {
		return fault.Deniedf("you may not write rubrics")
	}
	return nil
}

// ladderOfKey finds a ladder by its key, nil when there is none; until the
// transaction ends nobody else makes one of this key.
func (w *write) ladderOfKey(ctx context.Context, key string) (*db.Ladder, error) {
	if !rubric.IsKey(key) {
		return nil, nil // and is refused
	}
	if err := w.alone(ctx, []string{"ladder " + key}); err != nil {
		return nil, err
	}
	found, err := w.Ladder.Query().Where(ladder.Key(key)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// demandedLevels are the keys of the levels that an edition of the ladder which
// is published, or was, has demands for.
func (w *write) demandedLevels(ctx context.Context, ladderID gid.ID) (map[string]bool, error) {
	versions, err := w.RubricVersion.Query().
		Where(rubricversion.LadderID(ladderID), rubricversion.StatusNEQ(rubricversion.StatusDRAFT)).All(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for _, v := range versions {
		for _, l := range v.LevelSettings {
			keys[l.LevelKey] = true
		}
	}
	return keys, nil
}

// newLadder makes a ladder without its levels.
func (w *write) newLadder(ctx context.Context, l rubric.Ladder) (gid.ID, error) {
	id := w.id(gid.Ladder)
	return id, w.Ladder.Create().SetID(id).SetKey(l.Key).SetName(l.Name).SetDescription(l.Description).
		SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
}

// addLevels makes levels of a ladder, each after the one that it extends, and
// adds their ids to those of the levels that are there, by key.
func (w *write) addLevels(ctx context.Context, ladderID gid.ID, levels []rubric.Level, ids map[string]gid.ID) error {
	for _, l := range byRank(levels) {
		ids[l.Key] = w.id(gid.Level)
		create := w.Level.Create().SetID(ids[l.Key]).SetLadderID(ladderID).
			SetKey(l.Key).SetName(l.Name).SetRank(l.Rank).SetTrack(l.Track).SetHireable(l.Hireable).
			SetScope(l.Scope).SetExternalEquivalents(equivalentsOf(l)).SetCreatedAt(w.now).SetUpdatedAt(w.now)
		if l.Extends != "" {
			create.SetExtendsID(ids[l.Extends])
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// saveRungs writes a ladder that was held and the levels that the input gives.
// What a draft of its rubric says stays what it says, also where a level
// inherits from another one now.
func (w *write) saveRungs(ctx context.Context, f *family, r *rungs) error {
	err := w.Ladder.UpdateOne(f.row).SetName(r.ladder.Name).SetDescription(r.ladder.Description).
		SetUpdatedAt(w.now).Exec(ctx)
	if err != nil {
		return err
	}
	draft, err := w.draftOf(ctx, f.row.ID)
	if err != nil {
		return err
	}
	var content *edition
	if draft != nil {
		if content, err = w.edition(ctx, draft.ID); err != nil {
			return err
		}
	}
	added, changed := r.sort(f.ladder)
	if err := w.addLevels(ctx, f.row.ID, added, f.levels); err != nil {
		return err
	}
	for _, l := range changed {
		update := w.Level.UpdateOneID(f.levels[l.Key]).SetName(l.Name).SetRank(l.Rank).SetTrack(l.Track).
			SetHireable(l.Hireable).SetScope(l.Scope).SetExternalEquivalents(equivalentsOf(l)).SetUpdatedAt(w.now)
		if l.Extends == "" {
			update.ClearExtendsID()
		} else {
			update.SetExtendsID(f.levels[l.Extends])
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
	}
	if content == nil || len(changed) == 0 {
		return nil
	}
	f.ladder = r.ladder
	return w.saveContent(ctx, draft.ID, f, content.content)
}

func equivalentsOf(l rubric.Level) []schema.ExternalEquivalent {
	equivalents := make([]schema.ExternalEquivalent, len(l.ExternalEquivalents))
	for i, e := range l.ExternalEquivalents {
		equivalents[i] = schema.ExternalEquivalent(e)
	}
	return equivalents
}
