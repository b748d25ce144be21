package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// PinRubricVersion gives an opening that was opened another published edition of
// its ladder's rubric, for the loops that begin from now on. Once a scorecard
// was handed in the pin stays: candidates of one opening are measured alike.
func (s *Service) PinRubricVersion(ctx context.Context, in PinRubricVersionInput) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "pinRubricVersion", func(ctx context.Context, w *write) error {
		o, err := w.holdOpening(ctx, nil, in.OpeningID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		if o.Status == opening.StatusDRAFT {
			return fault.Transition("openingId", "opening", string(o.Status), "pin a rubric version").
				WithHint("opening it pins the newest")
		}
		assessed, err := w.isAssessed(ctx, o.ID)
		if err != nil {
			return err
		}
		if assessed {
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, "openingId",
				"a scorecard was handed in: the opening keeps its rubric")
		}
		v, err := w.pinnable(ctx, o, in.RubricVersionID)
		if err != nil {
			return err
		}
		err = w.Opening.UpdateOne(o).SetRubricVersionID(v.ID).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "opening.rubric_pinned", Subject: o.ID, Opening: o.ID})
		return w.record(ctx, o.ID, map[string]any{"from": o.RubricVersionID, "to": v.ID, "semver": v.Semver})
	})
}

// pinnable reads the edition that the input calls rubricVersionId and holds it:
// it must be published, and have demands for the opening's target level.
func (w *write) pinnable(ctx context.Context, o *db.Opening, id gid.ID) (*db.RubricVersion, error) {
	const path = "rubricVersionId"
	var problems fault.List
	if !of(&problems, path, id, gid.RubricVersion) {
		return nil, problems
	}
	v, err := locked(w, w.RubricVersion.Query().Where(rubricversion.ID(id))).Only(ctx)
	switch {
	case db.IsNotFound(err):
		return nil, missing(path, gid.RubricVersion)
	case err != nil:
		return nil, err
	case o.TargetLevelID == nil:
		return nil, fault.Invalidf(path, "the opening has no target level, so no rubric fits it").WithHint("set targetLevelId first")
	}
	target, err := w.Level.Get(access.System(ctx), *o.TargetLevelID)
	switch {
	case err != nil:
		return nil, err
	case v.LadderID != target.LadderID:
		return nil, fault.Invalidf(path, "is of another ladder than the level %s", target.Name)
	case v.Status != rubricversion.StatusPUBLISHED:
		return nil, fault.Transition(path, "rubric version", string(v.Status), "pin")
	case !slices.ContainsFunc(v.LevelSettings, func(l schema.RubricLevelSetting) bool { return l.LevelKey == target.Key }):
		return nil, fault.Invalidf(path, "%s has no demands for the level %s", v.Semver, target.Name)
	}
	return v, nil
}
