package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/member"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/source"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CreateApplicationInput is a candidate and what they apply for.
type CreateApplicationInput struct {
	CandidateID      gid.ID
	OpeningID        gid.ID
	SourceID         *gid.ID
	CreditedMemberID *gid.ID
	StageID          *gid.ID // nil for the first of kind APPLIED, or else the first
	AppliedLevelID   *gid.ID
	AppliedAt        *time.Time // nil for now
}

// CreateApplication begins the way of a candidate through an OPEN opening. One
// application per candidate and opening: an ended one is reopened instead.
func (s *Service) CreateApplication(ctx context.Context, in CreateApplicationInput) (gid.ID, error) {
	return s.create(ctx, "createApplication", func(ctx context.Context, w *write) (gid.ID, error) {
		var problems fault.List
		if !of(&problems, "openingId", in.OpeningID, gid.Opening) {
			return gid.Nil, problems
		}
		o, err := w.lockOpening(ctx, in.OpeningID)
		if db.IsNotFound(err) {
			return gid.Nil, missing("openingId", gid.Opening)
		}
		if err != nil {
			return gid.Nil, err
		}
		if err := w.mayFill(ctx, o.ID); err != nil {
			return gid.Nil, err
		}
		if err := w.refers(ctx, &problems, o, in); err != nil {
			return gid.Nil, err
		}
		began := w.now
		if in.AppliedAt != nil {
			var bad *fault.Error
			began, bad = w.past("appliedAt", *in.AppliedAt)
			problems.Add(bad)
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		if err := takesApplications(o, "openingId"); err != nil {
			return gid.Nil, err
		}
		first := &db.Application{
			CandidateID: in.CandidateID, SourceID: in.SourceID,
			CreditedMemberID: in.CreditedMemberID, AppliedLevelID: in.AppliedLevelID,
		}
		d, err := w.begin(ctx, o, first, beginning{
			at: began, stage: in.StageID, paths: paths{opening: "openingId", stage: "stageId", candidate: "candidateId"},
		})
		if err != nil {
			return gid.Nil, err
		}
		id := d.application.ID
		if in.StageID != nil { // which is to move it there
			if err := w.mayMove(ctx, id); err != nil {
				return gid.Nil, err
			}
		}
		w.emit(happening{Type: "application.created", Subject: id, Opening: o.ID, Application: id})
		return id, w.record(ctx, id, map[string]any{"openingId": o.ID, "stageId": d.application.StageID})
	})
}

// refers checks what the input of CreateApplication refers to: the viewer must
// see the candidate, and the level must be one of the opening's.
func (w *write) refers(ctx context.Context, problems *fault.List, o *db.Opening, in CreateApplicationInput) error {
	type thing struct {
		path  string
		id    *gid.ID
		kind  gid.Kind
		exist func(context.Context) (bool, error)
	}
	for _, t := range []thing{
		{"candidateId", &in.CandidateID, gid.Candidate, func(ctx context.Context) (bool, error) {
			return w.Candidate.Query().Where(candidate.ID(in.CandidateID)).Exist(ctx)
		}},
		{"sourceId", in.SourceID, gid.Source, func(ctx context.Context) (bool, error) {
			return w.Source.Query().Where(source.ID(*in.SourceID)).Exist(ctx)
		}},
		{"creditedMemberId", in.CreditedMemberID, gid.Member, func(ctx context.Context) (bool, error) {
			return w.Member.Query().Where(member.ID(*in.CreditedMemberID)).Exist(ctx)
		}},
	} {
		if t.id == nil || !of(problems, t.path, *t.id, t.kind) {
			continue
		}
		there, err := t.exist(ctx)
		if err != nil {
			return err
		}
		if !there {
			problems.Add(missing(t.path, t.kind))
		}
	}
	if err := w.spareAdministrator(ctx, problems, "creditedMemberId", in.CreditedMemberID); err != nil {
		return err
	}
	if in.AppliedLevelID == nil || !of(problems, "appliedLevelId", *in.AppliedLevelID, gid.Level) {
		return nil
	}
	allowed, err := o.QueryAllowedLevels().IDs(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(allowed, *in.AppliedLevelID) {
		problems.Add(fault.Invalidf("appliedLevelId", "is not one of the opening's allowed levels"))
	}
	return nil
}

// takesApplications refuses an opening that takes no new applications.
func takesApplications(o *db.Opening, path string) error {
	if o.Status != opening.StatusOPEN {
		return openingIs(o, path, "take new applications")
	}
	return nil
}

// openingIs refuses what cannot be done while an opening is what it is.
func openingIs(o *db.Opening, path, verb string) *fault.Error {
	refusal := fault.Transition(path, "opening", string(o.Status), verb)
	switch o.Status {
	case opening.StatusPAUSED:
		return refusal.WithHint("resumeOpening first")
	default:
		return refusal.WithHint("openOpening first")
	}
}

// runs reports whether an opening is to be filled: it is neither a draft nor over.
func runs(o *db.Opening) bool {
	return o.Status == opening.StatusOPEN || o.Status == opening.StatusPAUSED
}

// pursued refuses what pursues the candidate of an application that is held, when
// it has ended or its opening is not to be filled.
func pursued(a *db.Application, path, verb string) *fault.Error {
	switch {
	case a.Status != application.StatusACTIVE:
		return fault.Transition(path, "application", string(a.Status), verb)
	case !runs(a.Edges.Opening):
		return openingIs(a.Edges.Opening, path, verb)
	}
	return nil
}

// beginning is how an application begins.
type beginning struct {
	at    time.Time
	stage *gid.ID // nil for the first of kind APPLIED, or else the first
	why   *string
	paths paths
}

// paths say where the input names the things that may be refused.
type paths struct{ opening, stage, candidate string }

// begin writes a new application for an opening that is held: a's candidate and
// what else it refers to are given, the rest follows from the first event.
func (w *write) begin(ctx context.Context, o *db.Opening, a *db.Application, b beginning) (*dossier, error) {
	who, err := locked(w, w.Candidate.Query().Where(candidate.ID(a.CandidateID))).Only(access.System(ctx))
	if err != nil {
		return nil, err
	}
	if who.IsErased {
		return nil, erased(b.paths.candidate, "apply")
	}
	if who.MergedIntoID != nil {
		refusal := fault.Conflictf(b.paths.candidate, "the candidate was merged into another")
		seen, err := w.Candidate.Query().Where(candidate.ID(*who.MergedIntoID)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if seen {
			refusal = refusal.WithHint("use %s", *who.MergedIntoID)
		}
		return nil, refusal
	}
	// Whether there is one already must not depend on who asks.
	existing, err := w.Application.Query().
		Where(application.CandidateID(who.ID), application.OpeningID(o.ID)).
		Order(application.ByID()).FirstID(access.System(ctx))
	if err == nil {
		return nil, fault.New(fault.Invalid, fault.CodeDuplicate, b.paths.opening,
			"the candidate has an application for this opening already: %s", existing).
			WithHint("if it has ended, reopenApplication takes it up again")
	}
	if !db.IsNotFound(err) {
		return nil, err
	}
	stages, err := w.pipeline(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	first, err := firstStage(stages, b)
	if err != nil {
		return nil, err
	}

	a.ID = w.id(gid.Application)
	d := &dossier{opening: o, stages: stages, application: a}
	e := &db.StageEvent{Kind: stageevent.KindENTER, StageID: &first.ID, OccurredAt: b.at, Reason: b.why}
	if err := w.add(d, b.paths.stage, e); err != nil {
		return nil, err
	}
	d.application, err = w.Application.Create().SetID(a.ID).
		SetCandidateID(a.CandidateID).SetOpeningID(o.ID).
		SetNillableSourceID(a.SourceID).SetNillableCreditedMemberID(a.CreditedMemberID).
		SetNillableAppliedLevelID(a.AppliedLevelID).SetNillableTransferredFromID(a.TransferredFromID).
		SetStageID(first.ID).SetStatus(application.Status(d.history.Status)).
		SetAppliedAt(b.at).SetStageEnteredAt(b.at).SetLastActivityAt(b.at).
		SetCreatedAt(w.now).SetUpdatedAt(w.now).
		Save(ctx)
	if err != nil {
		return nil, err
	}
	return d, w.writeHistory(ctx, d)
}

// firstStage is the stage in which an application begins.
func firstStage(stages []*db.Stage, b beginning) (*db.Stage, error) {
	var first *db.Stage
	switch {
	case b.stage != nil:
		i, err := findStage(stages, b.paths.stage, *b.stage)
		if err != nil {
			return nil, err
		}
		first = stages[i]
	case len(stages) == 0:
		return nil, fault.New(fault.Invalid, fault.CodeInvalidTransition, b.paths.opening, "the opening has no stages")
	default:
		i := slices.IndexFunc(stages, func(s *db.Stage) bool { return s.Kind == stage.KindAPPLIED })
		first = stages[max(i, 0)]
	}
	if first.Kind == stage.KindHIRED {
		return nil, onlyHiring(b.paths.stage)
	}
	return first, nil
}

// onlyHiring refuses the stage of the hired to every verb but hiring.
func onlyHiring(path string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "the stage is that of the hired").
		WithHint("hireApplication leads there, and fills a seat")
}
