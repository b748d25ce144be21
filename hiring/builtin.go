package hiring

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/rubricversion"
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
	f, err := w.installLadder(ctx, content.Ladder)
	if err != nil {
		return fmt.Errorf("install the ladder %s: %w", content.Ladder.Key, err)
	}
	if err := w.installEdition(ctx, f, content.Edition); err != nil {
		return fmt.Errorf("install the rubric %s of %s: %w", content.Edition.Semver, content.Ladder.Key, err)
	}
	for _, plan := range content.Plans {
		if err := w.installPlan(ctx, plan, f.levels[plan.Level]); err != nil {
			return fmt.Errorf("install the interview plan %s: %w", plan.Key, err)
		}
	}
	return nil
}

// installLadder makes what is missing of a ladder and holds it.
func (w *write) installLadder(ctx context.Context, content rubric.Ladder) (*family, error) {
	there, err := w.ladderOfKey(ctx, content.Key)
	if err != nil {
		return nil, err
	}
	var id gid.ID
	if there != nil {
		id = there.ID
	} else if id, err = w.newLadder(ctx, content); err != nil {
		return nil, err
	}
	f, err := w.holdLadder(ctx, "key", id)
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(content.Levels), func(l rubric.Level) bool {
		_, there := f.ladder.Level(l.Key)
		return there
	})
	if len(missing) == 0 {
		return f, nil
	}
	if err := w.addLevels(ctx, id, missing, f.levels); err != nil {
		return nil, err
	}
	return w.holdLadder(ctx, "key", id)
}

// installEdition publishes the edition unless one of its version is there or a
// later one was published.
func (w *write) installEdition(ctx context.Context, f *family, content rubric.Edition) error {
	there, err := w.RubricVersion.Query().
		Where(rubricversion.LadderID(f.row.ID), rubricversion.Semver(content.Semver)).Exist(ctx)
	if err != nil || there {
		return err
	}
	p, err := w.pastOf(ctx, f.row.ID)
	if err != nil {
		return err
	}
	if p.last != nil && !comesAfter(content.Semver, p.last.content.Semver) {
		return nil
	}
	hash, err := rubric.Hash(content)
	if err != nil {
		return err
	}
	id := w.id(gid.RubricVersion)
	err = w.newVersion(id, f, p, content).SetStatus(rubricversion.StatusPUBLISHED).
		SetContentHash(hash).SetPublishedAt(w.now).Exec(ctx)
	if err != nil {
		return err
	}
	return w.saveContent(ctx, id, f, content)
}

func (w *write) installPlan(ctx context.Context, plan rubric.Plan, levelID gid.ID) error {
	there, err := w.InterviewPlan.Query().Where(interviewplan.Key(plan.Key)).Exist(ctx)
	if err != nil || there {
		return err
	}
	_, err = w.newPlan(ctx, plan, levelID)
	return err
}
