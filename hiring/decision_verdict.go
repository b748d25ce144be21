package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

const (
	leastDeciders = 2
	maxDeciders   = 50
)

// verdict is a decision whose input holds.
type verdict struct {
	kind       decision.Kind
	level      *db.Level // of HIRE
	rationale  string
	deciders   []gid.ID
	dissenters []gid.ID
	dissent    string

	overrides      bool
	overrideReason *string
}

// readVerdict checks the input of a decision by itself, before what the evidence
// says of it.
func (w *write) readVerdict(ctx context.Context, in RecordDecisionInput, l *db.Loop, a *db.Application) (*verdict, error) {
	var problems fault.List
	v := &verdict{kind: in.Kind}
	known(&problems, "kind", &in.Kind, decision.KindValidator)
	var err error
	if v.level, err = w.readDecidedLevel(ctx, &problems, in, a); err != nil {
		return nil, err
	}
	v.rationale = argued(&problems, fault.CodeRequired, "rationale", in.Rationale)
	if v.deciders, err = w.readDeciders(ctx, &problems, in.DeciderIDs, l, a); err != nil {
		return nil, err
	}
	v.readDissent(&problems, in)
	return v, problems.Err()
}

// readDecidedLevel is the level to hire at, nil when there is none or it is wrong.
func (w *write) readDecidedLevel(ctx context.Context, problems *fault.List, in RecordDecisionInput, a *db.Application) (*db.Level, error) {
	const path = "levelId"
	switch hire := in.Kind == decision.KindHIRE; {
	case hire && in.LevelID == nil:
		problems.Add(fault.Required(path))
	case hire:
		return w.readAllowedLevel(ctx, problems, path, *in.LevelID, a.OpeningID)
	case in.LevelID != nil:
		problems.Add(fault.Invalidf(path, "only a decision to hire has a level"))
	}
	return nil, nil
}

// readDeciders checks the input's deciderIds and drops repeats. Nobody decides
// about themself, about somebody whom they are credited with, or blind. It takes a
// statement a person, as each sees by rules of their own: at most maxDeciders.
func (w *write) readDeciders(ctx context.Context, problems *fault.List, ids []gid.ID, l *db.Loop, a *db.Application) ([]gid.ID, error) {
	const path = "deciderIds"
	if !atMost(problems, path, len(ids), maxDeciders) {
		return nil, nil
	}
	members, err := w.Member.Query().Where(relay.IDs(member.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, err
	}
	isCandidate, err := w.whoIs(ctx, a.CandidateID)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		n := slices.IndexFunc(members, func(m *db.Member) bool { return m.ID == id })
		switch {
		case n < 0:
			problems.Add(missing(at(path, i), gid.Member))
		case members[n].DeactivatedAt != nil:
			problems.Add(fault.Invalidf(at(path, i), "has left the company"))
		case a.CreditedMemberID != nil && *a.CreditedMemberID == id:
			problems.Add(fault.Conflictf(at(path, i), "referred the candidate: others decide"))
		case isCandidate(members[n]):
			problems.Add(fault.Conflictf(at(path, i), "is the candidate"))
		default:
			seen, err := w.Loop.Query().Where(loop.ID(l.ID), evident(viewedBy(ctx, members[n]))).Exist(access.System(ctx))
			if err != nil {
				return nil, err
			}
			if !seen {
				problems.Add(notNow(at(path, i), "may not see what the loop found"))
			}
		}
	}
	deciders := distinct(ids)
	if len(deciders) < leastDeciders {
		problems.Add(fault.New(fault.Invalid, fault.CodeRequired, path, "at least %d members decide, there are %d", leastDeciders, len(deciders)))
	}
	return deciders, nil
}

// readDissent checks who of the deciders dissents and what they say.
func (v *verdict) readDissent(problems *fault.List, in RecordDecisionInput) {
	for i, id := range in.DissenterIDs {
		if !slices.Contains(in.DeciderIDs, id) {
			problems.Add(fault.Invalidf(at("dissenterIds", i), "is none of those who decided"))
		}
	}
	v.dissenters = distinct(in.DissenterIDs)
	if n := len(v.dissenters); n > 0 && n >= len(v.deciders) && len(v.deciders) >= leastDeciders {
		problems.Add(fault.Invalidf("dissenterIds", "nobody is left who stands by the decision"))
	}
	before := len(*problems)
	if in.Dissent != nil {
		v.dissent = prose(problems, "dissent", *in.Dissent, maxProse)
	}
	switch {
	case len(*problems) > before:
	case v.dissent == "" && len(in.DissenterIDs) > 0:
		problems.Add(fault.Required("dissent"))
	case v.dissent != "" && len(in.DissenterIDs) == 0:
		problems.Add(fault.Invalidf("dissent", "nobody dissents").WithHint("name those who do in dissenterIds"))
	}
}
