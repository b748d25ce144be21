package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/rubricversion"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// DraftRubricVersion writes the draft of a ladder's rubric, whole: the first or
// anew over the one there is. It may be incomplete, but not malformed; what is
// wrong is told all at once. The id is the draft's.
func (s *Service) DraftRubricVersion(ctx context.Context, in DraftRubricVersionInput) (gid.ID, error) {
	return s.create(ctx, "draftRubricVersion", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayAuthor(); err != nil {
			return gid.Nil, err
		}
		f, err := w.holdLadder(ctx, "ladderId", in.LadderID)
		if err != nil {
			return gid.Nil, err
		}
		draft, err := w.expectDraft(ctx, f, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		p, err := w.pastOf(ctx, f.row.ID)
		if err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		content := in.edition(&problems, f.ladder)
		for i, signal := range content.Signals {
			if p.last == nil && signal.Replaces != "" {
				problems.Add(fault.Invalidf(at("signals", i, "replaces"), "there is no edition before in which it had another key"))
			}
		}
		return w.saveDraft(ctx, problems, f, draft, p, content)
	})
}

// DiscardRubricDraft throws a draft away. The id is its ladder's.
func (s *Service) DiscardRubricDraft(ctx context.Context, in DiscardRubricDraftInput) (gid.ID, error) {
	return s.create(ctx, "discardRubricDraft", func(ctx context.Context, w *write) (gid.ID, error) {
		v, _, err := w.holdVersion(ctx, in.RubricVersionID, in.ExpectedVersion, rubricversion.StatusDRAFT, "discard")
		if err != nil {
			return gid.Nil, err
		}
		if err := w.dropContent(ctx, v.ID); err != nil {
			return gid.Nil, err
		}
		if err := w.RubricVersion.DeleteOneID(v.ID).Exec(ctx); err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "rubric_version.discarded", Subject: v.ID})
		return v.LadderID, w.record(ctx, v.ID, map[string]any{"ladderId": v.LadderID, "semver": v.Semver})
	})
}

// expectDraft is the draft of a ladder that was held, nil when there is none: it
// refuses a viewer who read another version of it.
func (w *write) expectDraft(ctx context.Context, f *family, version *int) (*db.RubricVersion, error) {
	draft, err := w.draftOf(ctx, f.row.ID)
	switch {
	case err != nil:
		return nil, err
	case draft == nil && version != nil:
		return nil, fault.Conflictf("expectedVersion", "the ladder has no draft now").WithHint("read it again, then decide")
	case draft != nil && (version == nil || *version != draft.Version):
		return nil, overtaken("draft", draft.Version)
	}
	return draft, nil
}

// holdVersion reads the edition that an input calls rubricVersionId and holds it
// and its ladder. The viewer must know its present version, and it must be in
// the state in which one may do this to it.
func (w *write) holdVersion(ctx context.Context, id gid.ID, version int, in rubricversion.Status, verb string) (*db.RubricVersion, *family, error) {
	if err := w.mayAuthor(); err != nil {
		return nil, nil, err
	}
	var problems fault.List
	if !of(&problems, "rubricVersionId", id, gid.RubricVersion) {
		return nil, nil, problems
	}
	ladderID, err := w.Ladder.Query().Where(ladder.HasRubricVersionsWith(rubricversion.ID(id))).OnlyID(ctx)
	if db.IsNotFound(err) {
		return nil, nil, missing("rubricVersionId", gid.RubricVersion)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := w.holdLadder(ctx, "rubricVersionId", ladderID)
	if err != nil {
		return nil, nil, err
	}
	v, err := locked(w, w.RubricVersion.Query().Where(rubricversion.ID(id))).Only(ctx)
	switch {
	case db.IsNotFound(err):
		return nil, nil, missing("rubricVersionId", gid.RubricVersion)
	case err != nil:
		return nil, nil, err
	case v.Version != version:
		return nil, nil, overtaken("rubric version", v.Version)
	case v.Status != in:
		return nil, nil, fault.Transition("rubricVersionId", "rubric version", string(v.Status), verb)
	}
	return v, f, nil
}

// saveDraft writes a ladder's draft, which is nil when it is the first. Problems
// are those that reading the content had; all of them have the paths of
// DraftRubricVersionInput.
func (w *write) saveDraft(ctx context.Context, problems fault.List, f *family, draft *db.RubricVersion, p *past, content rubric.Edition) (gid.ID, error) {
	p.checkKeys(&problems, content)
	if content.Semver == "" && len(problems) == 0 {
		next, err := p.next(f.ladder, content)
		if err != nil {
			return gid.Nil, err
		}
		content.Semver = next
	}
	if err := w.checkSemver(ctx, &problems, f.row.ID, content.Semver, draft); err != nil {
		return gid.Nil, err
	}
	if len(problems) == 0 {
		// What is kept can be exported too.
		_, err := rubric.Encode(f.ladder, content)
		if err != nil && fault.All(err) == nil {
			return gid.Nil, err
		}
		alsoAt(&problems, err, ofEdition)
	}
	if err := problems.Err(); err != nil {
		return gid.Nil, err
	}

	id, err := w.saveDraftRow(ctx, f, draft, p, content)
	if err != nil {
		return gid.Nil, err
	}
	if err := w.saveContent(ctx, id, f, content); err != nil {
		return gid.Nil, err
	}
	w.emit(happening{Type: "rubric_version.drafted", Subject: id})
	return id, w.record(ctx, id, map[string]any{
		"ladderId": f.row.ID, "semver": content.Semver, "levels": len(content.Levels), "signals": len(content.Signals),
	})
}

func (w *write) saveDraftRow(ctx context.Context, f *family, draft *db.RubricVersion, p *past, content rubric.Edition) (gid.ID, error) {
	if draft != nil {
		update := w.RubricVersion.UpdateOne(draft)
		apply(p.id(), update.SetSupersedesID, update.ClearSupersedesID)
		return draft.ID, update.SetSemver(content.Semver).SetAreas(areasOf(content)).SetLevelSettings(settingsOf(content)).
			SetScaleMax(content.ScaleMax).SetNotes(content.Notes).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
	}
	id := w.id(gid.RubricVersion)
	return id, w.newVersion(id, f, p, content).SetStatus(rubricversion.StatusDRAFT).Exec(ctx)
}

// newVersion is the row of a new edition, whose status is not set yet.
func (w *write) newVersion(id gid.ID, f *family, p *past, content rubric.Edition) *db.RubricVersionCreate {
	return w.RubricVersion.Create().SetID(id).SetLadderID(f.row.ID).SetSemver(content.Semver).
		SetNillableSupersedesID(p.id()).SetAreas(areasOf(content)).SetLevelSettings(settingsOf(content)).
		SetScaleMax(content.ScaleMax).SetNotes(content.Notes).SetCreatedAt(w.now).SetUpdatedAt(w.now)
}

// ofEdition is the place in an input of what the pure rules call edition; what
// they say of a ladder stays as it is.
func ofEdition(path []string) []string {
	if len(path) > 0 && path[0] == "edition" {
		path = path[1:]
	}
	return append([]string{}, path...)
}
