package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// AdvanceApplicationInput names an application to advance.
type AdvanceApplicationInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ToStageID       *gid.ID // nil for the next stage
	SkipReason      *string
	OccurredAt      *time.Time // nil for now
}

// MoveApplicationBackInput names an application to move back.
type MoveApplicationBackInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ToStageID       gid.ID
	Reason          string
	OccurredAt      *time.Time // nil for now
}

// RejectApplicationInput names an application to reject.
type RejectApplicationInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ReasonID        gid.ID
	Comment         *string
	OccurredAt      *time.Time // nil for now
}

// WithdrawApplicationInput names an application to withdraw.
type WithdrawApplicationInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ReasonID        *gid.ID
	Comment         *string
	OccurredAt      *time.Time // nil for now
}

// ReopenApplicationInput names an application to reopen.
type ReopenApplicationInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ToStageID       *gid.ID // nil for the stage in which it ended
	Reason          string
	OccurredAt      *time.Time // nil for now
}

// AdvanceApplication moves an application to a later stage. Jumping over stages
// needs a reason; into the stage of the hired leads HireApplication only.
func (s *Service) AdvanceApplication(ctx context.Context, in AdvanceApplicationInput) (gid.ID, error) {
	return s.move(ctx, "advanceApplication", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		if err := d.goesOn("advance"); err != nil {
			return err
		}
		to := d.history.Stage + 1
		path := "applicationId"
		if in.ToStageID != nil {
			path = "toStageId"
			var err *fault.Error
			if to, err = findStage(d.stages, path, *in.ToStageID); err != nil {
				return err
			}
		}
		switch {
		case to >= len(d.stages):
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "application is in the last stage: cannot advance")
		case to <= d.history.Stage:
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "the stage is not after the present one: cannot advance").
				WithHint("moveApplicationBack leads to earlier stages")
		case d.stages[to].Kind == stage.KindHIRED:
			return onlyHiring(path)
		}
		var problems fault.List
		why := optionalReason(&problems, "skipReason", in.SkipReason)
		if skipped := to - d.history.Stage - 1; skipped > 0 && why == "" && len(problems) == 0 {
			problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "skipReason", "say why stages are jumped over: %d", skipped))
		}
		return w.happen(ctx, d, problems, "application.advanced", in.OccurredAt,
			&db.StageEvent{Kind: stageevent.KindENTER, StageID: &d.stages[to].ID, Reason: given(why)})
	})
}

// MoveApplicationBack moves an application to an earlier stage.
func (s *Service) MoveApplicationBack(ctx context.Context, in MoveApplicationBackInput) (gid.ID, error) {
	return s.move(ctx, "moveApplicationBack", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		if err := d.goesOn("move back"); err != nil {
			return err
		}
		to, bad := findStage(d.stages, "toStageId", in.ToStageID)
		if bad != nil {
			return bad
		}
		if to >= d.history.Stage {
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, "toStageId", "the stage is not before the present one: cannot move back").
				WithHint("advanceApplication leads to later stages")
		}
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		return w.happen(ctx, d, problems, "application.moved_back", in.OccurredAt,
			&db.StageEvent{Kind: stageevent.KindENTER, StageID: &d.stages[to].ID, Reason: given(why)})
	})
}

// RejectApplication ends an application by the company.
func (s *Service) RejectApplication(ctx context.Context, in RejectApplicationInput) (gid.ID, error) {
	return s.move(ctx, "rejectApplication", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		return w.end(ctx, d, end{
			verb: "reject", happened: "application.rejected", kind: stageevent.KindREJECT,
			by: rejectionreason.InitiatorUS, reason: &in.ReasonID, comment: in.Comment, at: in.OccurredAt,
		})
	})
}

// WithdrawApplication ends an application by the candidate.
func (s *Service) WithdrawApplication(ctx context.Context, in WithdrawApplicationInput) (gid.ID, error) {
	return s.move(ctx, "withdrawApplication", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		return w.end(ctx, d, end{
			verb: "withdraw", happened: "application.withdrawn", kind: stageevent.KindWITHDRAW,
			by: rejectionreason.InitiatorTHEM, reason: in.ReasonID, comment: in.Comment, at: in.OccurredAt,
		})
	})
}

// end is how an application ends without a hire.
type end struct {
	verb, happened string
	kind           stageevent.Kind
	by             rejectionreason.Initiator // whose reasons it may have, beside those of neither
	reason         *gid.ID
	comment        *string
	at             *time.Time
}

// end ends an active application. That its opening is filled or cancelled does
// not matter: this is how those that are left over are settled.
func (w *write) end(ctx context.Context, d *dossier, e end) error {
	if err := d.must(e.verb, application.StatusACTIVE); err != nil {
		return err
	}
	if d.opening.Status == opening.StatusDRAFT {
		return openingIs(d.opening, "applicationId", e.verb+" its applications")
	}
	var problems fault.List
	comment := optionalReason(&problems, "comment", e.comment)
	if e.reason != nil && of(&problems, "reasonId", *e.reason, gid.RejectionReason) {
		why, err := w.RejectionReason.Get(ctx, *e.reason)
		switch {
		case db.IsNotFound(err):
			problems.Add(missing("reasonId", gid.RejectionReason))
		case err != nil:
			return err
		case why.Initiator != e.by && why.Initiator != rejectionreason.InitiatorOTHER:
			problems.Add(fault.Invalidf("reasonId", "is a reason of %s: to %s takes one of %s or OTHER", why.Initiator, e.verb, e.by))
		}
	}
	return w.happen(ctx, d, problems, e.happened, e.at,
		&db.StageEvent{Kind: e.kind, Reason: given(comment), RejectionReasonID: e.reason})
}

// ReopenApplication takes up an application that was rejected or withdrawn.
func (s *Service) ReopenApplication(ctx context.Context, in ReopenApplicationInput) (gid.ID, error) {
	return s.move(ctx, "reopenApplication", in.ApplicationID, in.ExpectedVersion, func(ctx context.Context, w *write, d *dossier) error {
		if err := d.must("reopen", application.StatusREJECTED, application.StatusWITHDRAWN); err != nil {
			return err
		}
		if err := d.runs("reopen its applications"); err != nil {
			return err
		}
		if err := w.reopen(ctx, d, "application.reopened", d.history.Stage, in.ToStageID, in.Reason, in.OccurredAt); err != nil {
			return err
		}
		return w.resumeLoops(ctx, d)
	})
}

// reopen takes up an application again in the stage that the input names, or
// else in the one with this index.
func (w *write) reopen(ctx context.Context, d *dossier, happened string, to int, named *gid.ID, because string, at *time.Time) error {
	if named != nil {
		var err *fault.Error
		if to, err = findStage(d.stages, "toStageId", *named); err != nil {
			return err
		}
	}
	if d.stages[to].Kind == stage.KindHIRED {
		return onlyHiring("toStageId")
	}
	var problems fault.List
	why := reason(&problems, "reason", because)
	return w.happen(ctx, d, problems, happened, at,
		&db.StageEvent{Kind: stageevent.KindREOPEN, StageID: &d.stages[to].ID, Reason: given(why)})
}

// move runs a use case over one application, which the input calls
// applicationId, and answers with its id.
func (s *Service) move(ctx context.Context, action string, id gid.ID, expected int, fn func(context.Context, *write, *dossier) error) (gid.ID, error) {
	return id, s.change(ctx, action, func(ctx context.Context, w *write) error {
		d, err := w.take(ctx, "applicationId", id, expected)
		if err != nil {
			return err
		}
		return fn(ctx, w, d)
	})
}

// happen adds an event that happened then, unless the input has problems.
func (w *write) happen(ctx context.Context, d *dossier, problems fault.List, happened string, then *time.Time, e *db.StageEvent) error {
	var bad *fault.Error
	e.OccurredAt, bad = w.occurred(d, then)
	problems.Add(bad)
	if err := problems.Err(); err != nil {
		return err
	}
	return w.append(ctx, d, e, happened)
}

// goesOn refuses to move an application that has ended, or whose opening has.
func (d *dossier) goesOn(verb string) error {
	if err := d.must(verb, application.StatusACTIVE); err != nil {
		return err
	}
	return d.runs(verb + " its applications")
}

// must refuses a verb to an application in any other state.
func (d *dossier) must(verb string, states ...application.Status) error {
	if slices.Contains(states, d.application.Status) {
		return nil
	}
	refusal := fault.Transition("applicationId", "application", string(d.application.Status), verb)
	switch d.application.Status {
	case application.StatusREJECTED, application.StatusWITHDRAWN:
		return refusal.WithHint("reopenApplication takes it up again")
	case application.StatusHIRED:
		return refusal.WithHint("undoHire first")
	}
	return refusal
}

// runs refuses what needs an opening that is neither a draft nor over.
func (d *dossier) runs(verb string) error {
	if runs(d.opening) {
		return nil
	}
	return openingIs(d.opening, "applicationId", verb)
}
