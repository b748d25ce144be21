package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/offer"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// OfferTermsInput is the terms of an offer, whole.
type OfferTermsInput struct {
	LevelID   gid.ID
	Salary    MoneyInput // a year
	StartOn   *time.Time // a day
	ExpiresAt *time.Time
	Reason    *string
}

// MoneyInput is an amount in the smallest unit of a currency.
type MoneyInput struct {
	Amount   int
	Currency string // ISO 4217
}

// CreateOfferInput drafts an offer.
type CreateOfferInput struct {
	ApplicationID         gid.ID
	Terms                 OfferTermsInput
	WithoutDecisionReason *string
}

// ReviseOfferInput changes the terms of an offer.
type ReviseOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
	Terms           OfferTermsInput
}

// ApproveOfferInput names an offer to approve.
type ApproveOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
}

// ExtendOfferInput names an offer that the candidate was told of.
type ExtendOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
}

// AcceptOfferInput names an offer that the candidate accepted.
type AcceptOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
}

// DeclineOfferInput names an offer that the candidate declined.
type DeclineOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
	Reason          *string
}

// ExpireOfferInput names an offer whose time is over.
type ExpireOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
}

// RescindOfferInput names an offer to take back.
type RescindOfferInput struct {
	OfferID         gid.ID
	ExpectedVersion int
	Reason          string
}

// CreateOffer drafts an offer to the candidate of an ACTIVE application that has
// no other one open or accepted. Before a decision to hire it needs a reason; after
// one not to hire there is none, until another loop leads to another decision.
func (s *Service) CreateOffer(ctx context.Context, in CreateOfferInput) (gid.ID, error) {
	return s.create(ctx, "createOffer", func(ctx context.Context, w *write) (gid.ID, error) {
		p, err := w.holdOffered(ctx, in.ApplicationID)
		if err != nil {
			return gid.Nil, err
		}
		last, err := w.lastDecision(ctx, p.application.ID)
		if err != nil {
			return gid.Nil, err
		}
		if last != nil && last.Kind == decision.KindNO_HIRE {
			return gid.Nil, notNow("applicationId", "people decided not to hire").WithHint("assess the application in another loop to decide anew")
		}
		var problems fault.List
		why := optionalReason(&problems, "withoutDecisionReason", in.WithoutDecisionReason)
		switch {
		case isHire(last):
			why = "" // there is a decision
		case why == "" && len(problems) == 0:
			problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "withoutDecisionReason",
				"say why before a decision to hire").WithHint("or recordDecision first"))
		}
		terms, err := w.readTerms(ctx, &problems, in.Terms, p.application.OpeningID, last)
		if err != nil {
			return gid.Nil, err
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		id := w.id(gid.Offer)
		err = w.Offer.Create().SetID(id).SetApplicationID(p.application.ID).SetStatus(offer.StatusDRAFT).
			SetNillableWithoutDecisionReason(given(why)).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return gid.Nil, err
		}
		p.offer, p.terms = &db.Offer{ID: id}, terms
		if err := w.writeTerms(ctx, p.offer, terms, 1); err != nil {
			return gid.Nil, err
		}
		return id, w.tellOffer(ctx, p, "offer.created", map[string]any{"to": offer.StatusDRAFT, "decided": isHire(last)})
	})
}

// holdOffered reads the application that an input calls applicationId and holds
// it, when the viewer may make an offer on it and there is none.
func (w *write) holdOffered(ctx context.Context, id gid.ID) (*proposal, error) {
	var problems fault.List
	if !of(&problems, "applicationId", id, gid.Application) {
		return nil, problems
	}
	seen, err := w.Application.Query().Where(application.ID(id)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if !seen {
		return nil, missing("applicationId", gid.Application)
	}
	p := &proposal{}
	if p.application, err = w.holdApplication(ctx, id); err != nil {
		return nil, err
	}
	if err := w.mayOffer(ctx, p.application.ID); err != nil {
		return nil, err
	}
	if err := pursued(p.application, "applicationId", "make an offer"); err != nil {
		return nil, err
	}
	if err := w.mayKnowDecisions(ctx, "applicationId", id); err != nil {
		return nil, err
	}
	there, err := w.Offer.Query().
		Where(offer.ApplicationID(id), offer.StatusIn(standingOffers...)).Exist(access.System(ctx))
	if err != nil {
		return nil, err
	}
	if there {
		return nil, fault.New(fault.Invalid, fault.CodeDuplicate, "applicationId", "there is an offer that is open or accepted").
			WithHint("reviseOffer changes it, rescindOffer takes it back")
	}
	return p, nil
}

// ReviseOffer replaces the terms of an open offer. The former ones are kept, and
// the new ones need approval before they are told.
func (s *Service) ReviseOffer(ctx context.Context, in ReviseOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "reviseOffer", in.OfferID, in.ExpectedVersion, revising,
		func(ctx context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if err := w.mayKnowDecisions(ctx, "offerId", p.application.ID); err != nil {
				return err
			}
			last, err := w.lastDecision(ctx, p.application.ID)
			if err != nil {
				return err
			}
			var problems fault.List
			terms, err := w.readTerms(ctx, &problems, in.Terms, p.application.OpeningID, last)
			if err != nil {
				return err
			}
			if err := problems.Err(); err != nil {
				return err
			}
			number := p.terms.Number + 1
			p.terms = terms
			update.ClearApprovedByID().ClearApprovedAt().ClearExtendedAt()
			return w.writeTerms(ctx, p.offer, terms, number)
		})
}

// ApproveOffer lets an offer be told. Whoever wrote its terms cannot.
func (s *Service) ApproveOffer(ctx context.Context, in ApproveOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "approveOffer", in.OfferID, in.ExpectedVersion, approving,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if author := p.terms.AuthorID; author != nil && *author == w.viewer.Member {
				return fault.New(fault.Invalid, fault.CodeInvalidTransition, "offerId",
					"somebody else must approve: you wrote these terms")
			}
			update.SetApprovedByID(w.viewer.Member).SetApprovedAt(w.now)
			return nil
		})
}

// ExtendOffer says that the candidate was told, before the offer expires.
func (s *Service) ExtendOffer(ctx context.Context, in ExtendOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "extendOffer", in.OfferID, in.ExpectedVersion, extending,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if expired(p.terms, w.now) {
				return tooLate(p.terms, extending.verb)
			}
			update.SetExtendedAt(w.now)
			return nil
		})
}

// AcceptOffer says that the candidate accepted, before the offer expires. It
// hires nobody: HireApplication does.
func (s *Service) AcceptOffer(ctx context.Context, in AcceptOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "acceptOffer", in.OfferID, in.ExpectedVersion, accepting,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if expired(p.terms, w.now) {
				return tooLate(p.terms, accepting.verb)
			}
			update.SetResolvedAt(w.now)
			return nil
		})
}

// DeclineOffer says that the candidate declined, in time or not, or no longer
// stands by having accepted. One that was accepted stands once they are hired.
func (s *Service) DeclineOffer(ctx context.Context, in DeclineOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "declineOffer", in.OfferID, in.ExpectedVersion, declining,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if err := p.unhired("decline"); err != nil {
				return err
			}
			var problems fault.List
			why := optionalReason(&problems, "reason", in.Reason)
			update.SetResolvedAt(w.now).SetNillableResolutionReason(given(why))
			return problems.Err()
		})
}

// ExpireOffer settles an offer that the candidate did not answer in time.
func (s *Service) ExpireOffer(ctx context.Context, in ExpireOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "expireOffer", in.OfferID, in.ExpectedVersion, expiring,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if !expired(p.terms, w.now) {
				return fault.New(fault.Invalid, fault.CodeInvalidTransition, "offerId", "offer has not expired: cannot expire").
					WithHint("rescindOffer takes it back")
			}
			update.SetResolvedAt(w.now)
			return nil
		})
}

// RescindOffer takes an offer back. One that was accepted stands once the
// candidate is hired.
func (s *Service) RescindOffer(ctx context.Context, in RescindOfferInput) (gid.ID, error) {
	return s.stepOffer(ctx, "rescindOffer", in.OfferID, in.ExpectedVersion, rescinding,
		func(_ context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error {
			if err := p.unhired("rescind"); err != nil {
				return err
			}
			var problems fault.List
			why := reason(&problems, "reason", in.Reason)
			update.SetResolvedAt(w.now).SetResolutionReason(why)
			return problems.Err()
		})
}
