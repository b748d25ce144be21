package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/stageevent"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// transferred is the name of the rejection reason that transfers give, where
// the company keeps one of that name.
const transferred = "Transferred"

// TransferApplicationInput names an application and where it goes on.
type TransferApplicationInput struct {
	ApplicationID   gid.ID
	ExpectedVersion int
	ToOpeningID     gid.ID
	ToStageID       *gid.ID // nil for the first of kind APPLIED, or else the first
	Reason          string
}

// TransferApplication withdraws an application and begins one for another
// opening, which continues it: same candidate, source and credit. The id is
// the new application's.
func (s *Service) TransferApplication(ctx context.Context, in TransferApplicationInput) (gid.ID, error) {
	return s.create(ctx, "transferApplication", func(ctx context.Context, w *write) (gid.ID, error) {
		var problems fault.List
		ok := of(&problems, "applicationId", in.ApplicationID, gid.Application)
		if !of(&problems, "toOpeningId", in.ToOpeningID, gid.Opening) || !ok {
			return gid.Nil, problems
		}
		to, err := w.holdTarget(ctx, in)
		if err != nil {
			return gid.Nil, err
		}
		d, err := w.take(ctx, "applicationId", in.ApplicationID, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		switch {
		case to == nil:
			return gid.Nil, missing("toOpeningId", gid.Opening)
		case to.ID == d.opening.ID:
			return gid.Nil, fault.Invalidf("toOpeningId", "is the opening that the application is for")
		}
		if err := w.mayFill(ctx, to.ID); err != nil {
			return gid.Nil, err
		}
		seen, err := w.Candidate.Query().Where(candidate.ID(d.application.CandidateID)).Exist(ctx)
		if err == nil && !seen { // and whoever has the application sees a private candidate
			err = missing("applicationId", gid.Application)
		}
		if err != nil {
			return gid.Nil, err
		}
		if err := d.must("transfer", application.StatusACTIVE); err != nil {
			return gid.Nil, err
		}
		if err := takesApplications(to, "toOpeningId"); err != nil {
			return gid.Nil, err
		}
		why := reason(&problems, "reason", in.Reason)
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		return w.transfer(ctx, d, to, in.ToStageID, why)
	})
}

// holdTarget holds the opening to transfer to, and before it, when it comes
// before it, the one to transfer from: those who hold two openings take them in
// the order of their ids, so that they never wait for each other. It is nil
// when the viewer does not see it.
func (w *write) holdTarget(ctx context.Context, in TransferApplicationInput) (*db.Opening, error) {
	a, err := w.Application.Get(ctx, in.ApplicationID)
	if db.IsNotFound(err) {
		return nil, missing("applicationId", gid.Application)
	}
	if err != nil {
		return nil, err
	}
	if a.OpeningID.UUID() < in.ToOpeningID.UUID() {
		if _, err := w.lockOpening(ctx, a.OpeningID); err != nil {
			return nil, err
		}
	}
	to, err := w.lockOpening(ctx, in.ToOpeningID)
	if db.IsNotFound(err) {
		return nil, nil
	}
	return to, err
}

// transfer ends the one application and begins the other. Both say so in the
// feed: whoever follows either opening hears of it.
func (w *write) transfer(ctx context.Context, d *dossier, to *db.Opening, stageID *gid.ID, why string) (gid.ID, error) {
	label, err := w.RejectionReason.Query().
		Where(rejectionreason.Name(transferred), rejectionreason.InitiatorEQ(rejectionreason.InitiatorOTHER)).OnlyID(ctx)
	if err != nil && !db.IsNotFound(err) {
		return gid.Nil, err
	}
	end := &db.StageEvent{Kind: stageevent.KindWITHDRAW, Reason: &why}
	if err == nil {
		end.RejectionReasonID = &label
	}
	if err := w.happen(ctx, d, nil, "application.transferred", nil, end); err != nil {
		return gid.Nil, err
	}
	old := d.application
	next, err := w.begin(ctx, to, &db.Application{
		CandidateID: old.CandidateID, SourceID: old.SourceID, CreditedMemberID: old.CreditedMemberID,
		TransferredFromID: &old.ID,
	}, beginning{
		at: end.OccurredAt, stage: stageID, why: &why,
		paths: paths{opening: "toOpeningId", stage: "toStageId", candidate: "applicationId"},
	})
	if err != nil {
		return gid.Nil, err
	}
	id := next.application.ID
	w.emit(happening{Type: "application.created", Subject: id, Opening: to.ID, Application: id})
	return id, w.record(ctx, id, map[string]any{
		"openingId": to.ID, "stageId": next.application.StageID, "transferredFromId": old.ID,
	})
}
