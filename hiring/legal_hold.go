package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/legalhold"
	"hireloop/ent/db/predicate"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// PlaceLegalHoldInput keeps a person from being erased.
type PlaceLegalHoldInput struct {
	CandidateID gid.ID
	Reason      string
	ExpiresAt   *time.Time // nil: until it is lifted
}

// LiftLegalHoldInput lets a person be erased again.
type LiftLegalHoldInput struct{ CandidateID gid.ID }

// PlaceLegalHold keeps a person from being erased, by hand or by retention rules. It
// answers with the candidate's id.
func (s *Service) PlaceLegalHold(ctx context.Context, in PlaceLegalHoldInput) (gid.ID, error) {
	return in.CandidateID, s.change(ctx, "placeLegalHold", func(ctx context.Context, w *write) error {
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		if in.ExpiresAt != nil && !in.ExpiresAt.After(w.now) {
			problems.Add(fault.Invalidf("expiresAt", "is not in the future"))
		}
		if err := w.holdForLaw(ctx, &problems, in.CandidateID); err != nil {
			return err
		}
		here, err := w.legalHold(ctx, in.CandidateID)
		if err != nil {
			return err
		}
		if here != nil {
			return fault.New(fault.Invalid, fault.CodeDuplicate, "candidateId", "is held since %s", here.PlacedAt.Format(time.DateOnly)).
				WithHint("liftLegalHold first")
		}
		id := w.id(gid.LegalHold)
		create := w.LegalHold.Create().SetID(id).SetCandidateID(in.CandidateID).SetReason(why).
			SetPlacedAt(w.now).SetPlacedByID(w.viewer.Member)
		if in.ExpiresAt != nil {
			create.SetExpiresAt(in.ExpiresAt.UTC().Truncate(time.Microsecond))
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "candidate.held", Subject: in.CandidateID})
		return w.record(ctx, in.CandidateID, map[string]any{"legalHoldId": id})
	})
}

// LiftLegalHold lets a person be erased again. It answers with the candidate's id.
func (s *Service) LiftLegalHold(ctx context.Context, in LiftLegalHoldInput) (gid.ID, error) {
	return in.CandidateID, s.change(ctx, "liftLegalHold", func(ctx context.Context, w *write) error {
		if err := w.holdForLaw(ctx, new(fault.List), in.CandidateID); err != nil {
			return err
		}
		here, err := w.legalHold(ctx, in.CandidateID)
		if err != nil {
			return err
		}
		if here == nil {
			return fault.Transition("candidateId", "candidate", "under no legal hold", "lift one")
		}
		if err := w.LegalHold.UpdateOne(here).SetLiftedAt(w.now).Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "candidate.released", Subject: in.CandidateID})
		return w.record(ctx, in.CandidateID, map[string]any{"legalHoldId": here.ID})
	})
}

// holdForLaw checks that the viewer may place and lift legal holds, that nothing
// else of the input is wrong, and that the candidate is there, and holds them.
func (w *write) holdForLaw(ctx context.Context, problems *fault.List, id gid.ID) error {
	if err := w.mayAdministerPrivacy(); err != nil {
		return err
	}
	if of(problems, "candidateId", id, gid.Candidate) {
		if _, err := w.holdCandidate(ctx, problems, "candidateId", id, "hold"); err != nil {
			return err
		}
	}
	return problems.Err()
}

// holdCandidate reads a candidate whom the input names at path, and holds them; nil
// is one who is not there or cannot be changed.
func (w *write) holdCandidate(ctx context.Context, problems *fault.List, path string, id gid.ID, verb string) (*db.Candidate, error) {
	c, err := locked(w, w.Candidate.Query().Where(candidate.ID(id))).Only(ctx)
	switch {
	case db.IsNotFound(err):
		problems.Add(missing(path, gid.Candidate))
		return nil, nil
	case err != nil:
		return nil, err
	case c.MergedIntoID != nil:
		problems.Add(merged(path, verb))
		return nil, nil
	case c.IsErased:
		problems.Add(erased(path, verb))
		return nil, nil
	}
	return c, nil
}

// legalHold is the hold that a candidate is under; nil for none.
func (w *write) legalHold(ctx context.Context, id gid.ID) (*db.LegalHold, error) {
	here, err := w.LegalHold.Query().Where(legalhold.CandidateID(id), holding(w.now)).
		Order(legalhold.ByPlacedAt()).First(access.System(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	return here, err
}

// refuseHeld refuses to erase a person who is under a legal hold.
func (w *write) refuseHeld(ctx context.Context, path string, id gid.ID) error {
	here, err := w.legalHold(ctx, id)
	if err != nil || here == nil {
		return err
	}
	until := "it is lifted"
	if here.ExpiresAt != nil {
		until = here.ExpiresAt.Format(time.DateOnly)
	}
	return fault.New(fault.Conflict, fault.CodeLegalHold, path, "the candidate is under a legal hold since %s, until %s",
		here.PlacedAt.Format(time.DateOnly), until)
}

// holding are the legal holds that hold at a moment.
func holding(now time.Time) predicate.LegalHold {
	return legalhold.And(legalhold.LiftedAtIsNil(), legalhold.Or(legalhold.ExpiresAtIsNil(), legalhold.ExpiresAtGT(now)))
}

// LegalHoldsOf are the legal holds that candidates are under, as far as the viewer
// may see them.
func (s *Service) LegalHoldsOf(ctx context.Context, candidates []gid.ID) (map[gid.ID]*db.LegalHold, error) {
	rows, err := s.DB.LegalHold.Query().Where(relay.IDs(legalhold.FieldCandidateID, candidates), holding(s.Now().UTC())).All(ctx)
	holds := make(map[gid.ID]*db.LegalHold, len(rows))
	for _, h := range rows {
		holds[h.CandidateID] = h
	}
	return holds, err
}
