package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// draftOf is the draft of a ladder's rubric, nil when there is none.
func (w *write) draftOf(ctx context.Context, ladderID gid.ID) (*db.RubricVersion, error) {
	draft, err := w.RubricVersion.Query().
		Where(rubricversion.LadderID(ladderID), rubricversion.StatusEQ(rubricversion.StatusDRAFT)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil
	}
	return draft, err
}

// newest is the edition of a ladder's rubric, by id and version, that was published
// last and is in one of these states, nil when none is. Each comes after those before it, so it
// is the one of the highest version.
func (w *write) newest(ctx context.Context, ladderID gid.ID, in ...rubricversion.Status) (*db.RubricVersion, error) {
	all, err := w.RubricVersion.Query().
		Where(rubricversion.LadderID(ladderID), rubricversion.StatusIn(in...)).
		Select(rubricversion.FieldID, rubricversion.FieldSemver).All(ctx)
	if err != nil {
		return nil, err
	}
	var newest *db.RubricVersion
	for _, v := range all {
		if newest == nil || comesAfter(v.Semver, newest.Semver) {
			newest = v
		}
	}
	return newest, nil
}

func comesAfter(semver, other string) bool {
	return rubric.CheckBump(other, semver, rubric.NoBump) == nil
}

// past is what was published of a ladder's rubric, which its next edition
// follows.
type past struct {
	last   *edition        // nil before the first; one that was retired counts
	former map[string]bool // keys of signals that earlier editions had and the last has not
}

func (w *write) pastOf(ctx context.Context, ladderID gid.ID) (*past, error) {
	newest, err := w.newest(ctx, ladderID, rubricversion.StatusPUBLISHED, rubricversion.StatusRETIRED)
	if err != nil || newest == nil {
		return &past{}, err
	}
	last, err := w.edition(ctx, newest.ID)
	if err != nil {
		return nil, err
	}
	keys, err := w.RubricSignal.Query().
		Where(rubricsignal.HasRubricVersionWith(
			rubricversion.LadderID(ladderID), rubricversion.StatusNEQ(rubricversion.StatusDRAFT))).
		GroupBy(rubricsignal.FieldKey).Strings(ctx)
	if err != nil {
		return nil, err
	}
	p := &past{last: last, former: make(map[string]bool, len(keys))}
	for _, key := range keys {
		p.former[key] = !last.has(key)
	}
	return p, nil
}

func (e *edition) has(signal string) bool {
	for _, s := range e.content.Signals {
		if s.Key == signal {
			return true
		}
	}
	return false
}

// id of the edition that the next one follows; nil when it is the first.
func (p *past) id() *gid.ID {
	if p.last == nil {
		return nil
	}
	return &p.last.version.ID
}

// checkKeys refuses keys of signals that meant something else in an earlier
// edition, and renames of what the edition before has not. Analytics join
// ratings on the key.
func (p *past) checkKeys(problems *fault.List, content rubric.Edition) {
	if p.last == nil {
		return
	}
	for i, s := range content.Signals {
		switch {
		case p.former[s.Key]:
			problems.Add(fault.Invalidf(at("signals", i, "key"),
				"%q was the key of another signal in an earlier edition", s.Key).WithHint("keys are not used again: take a new one"))
		case s.Replaces != "" && p.last.has(s.Key):
			problems.Add(fault.Invalidf(at("signals", i, "key"),
				"%q is the key of another signal in %s, so nothing can be renamed to it", s.Key, p.last.content.Semver))
		}
		if s.Replaces != "" && !p.last.has(s.Replaces) {
			problems.Add(fault.Invalidf(at("signals", i, "replaces"), "%s has no signal %q", p.last.content.Semver, s.Replaces))
		}
	}
}

// next is the version that the changes since the edition before call for.
func (p *past) next(l rubric.Ladder, content rubric.Edition) (string, error) {
	if p.last == nil {
		return "1.0.0", nil
	}
	bump := rubric.Diff(l, p.last.content, content).Bump
	if bump == rubric.NoBump {
		bump = rubric.Patch // it must come after in any case
	}
	return rubric.Next(p.last.content.Semver, bump)
}

// checkSemver refuses a version that another edition of the ladder has; draft
// is the one that may have it, if any.
func (w *write) checkSemver(ctx context.Context, problems *fault.List, ladderID gid.ID, semver string, draft *db.RubricVersion) error {
	if _, err := rubric.Next(semver, rubric.NoBump); err != nil {
		return nil //nolint:nilerr // refused as no version
	}
	query := w.RubricVersion.Query().Where(rubricversion.LadderID(ladderID), rubricversion.Semver(semver))
	if draft != nil {
		query.Where(rubricversion.IDNEQ(draft.ID))
	}
	there, err := query.Exist(ctx)
	if err == nil && there {
		problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, "semver", "the ladder has an edition %s already", semver))
	}
	return err
}
