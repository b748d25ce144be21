package hiring

import (
	"context"

	"hireloop/ent/db/rubricversion"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// PublishRubricVersion freezes a draft. Whatever is wrong with it is told at
// once, with the place in the edition: "signals.3.anchors.1.text", and
// "signals.3.demands.em.bar" for what a level demands. Its version must be at
// least what the changes since the edition before call for.
func (s *Service) PublishRubricVersion(ctx context.Context, in PublishRubricVersionInput) (gid.ID, error) {
	return in.RubricVersionID, s.change(ctx, "publishRubricVersion", func(ctx context.Context, w *write) error {
		draft, f, err := w.holdVersion(ctx, in.RubricVersionID, in.ExpectedVersion, rubricversion.StatusDRAFT, "publish")
		if err != nil {
			return err
		}
		e, err := w.edition(ctx, draft.ID)
		if err != nil {
			return err
		}
		p, err := w.pastOf(ctx, f.row.ID)
		if err != nil {
			return err
		}
		content := e.content
		content.Semver = orElse(in.Semver, content.Semver)
		var problems fault.List
		p.checkBump(&problems, f.ladder, content)
		p.checkKeys(&problems, content)
		if err := w.checkSemver(ctx, &problems, f.row.ID, content.Semver, draft); err != nil {
			return err
		}
		alsoAt(&problems, rubric.Check(f.ladder, content), ofEdition)
		if err := problems.Err(); err != nil {
			return err
		}
		hash, err := rubric.Hash(content)
		if err != nil {
			return err
		}
		update := w.RubricVersion.UpdateOne(draft).SetStatus(rubricversion.StatusPUBLISHED).
			SetSemver(content.Semver).SetContentHash(hash).SetPublishedAt(w.now).SetUpdatedAt(w.now).AddVersion(1)
		apply(p.id(), update.SetSupersedesID, update.ClearSupersedesID)
		if err := update.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "rubric_version.published", Subject: draft.ID})
		return w.record(ctx, draft.ID, map[string]any{
			"ladderId": f.row.ID, "semver": content.Semver, "contentHash": hash,
		})
	})
}

// checkBump refuses a version that the changes since the edition before do not
// allow, and names the least that they do.
func (p *past) checkBump(problems *fault.List, l rubric.Ladder, content rubric.Edition) {
	if p.last == nil {
		return
	}
	difference := rubric.Diff(l, p.last.content, content)
	for _, e := range fault.All(rubric.CheckBump(p.last.content.Semver, content.Semver, difference.Bump)) {
		if e.Hint != "" {
			e = fault.Invalidf("semver", "%s: %s", e.Message, e.Hint)
		}
		problems.Add(e)
	}
}

// RetireRubricVersion takes a published edition out of use: no opening takes it
// any more, those that have it keep it.
func (s *Service) RetireRubricVersion(ctx context.Context, in RetireRubricVersionInput) (gid.ID, error) {
	return in.RubricVersionID, s.change(ctx, "retireRubricVersion", func(ctx context.Context, w *write) error {
		v, _, err := w.holdVersion(ctx, in.RubricVersionID, in.ExpectedVersion, rubricversion.StatusPUBLISHED, "retire")
		if err != nil {
			return err
		}
		err = w.RubricVersion.UpdateOne(v).SetStatus(rubricversion.StatusRETIRED).
			SetRetiredAt(w.now).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "rubric_version.retired", Subject: v.ID})
		return w.record(ctx, v.ID, map[string]any{"ladderId": v.LadderID, "semver": v.Semver})
	})
}
