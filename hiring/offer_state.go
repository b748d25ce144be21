package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/offerversion"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// offerStep is one way in which an offer comes from one state to another.
type offerStep struct {
	verb     string
	from     []offer.Status
	to       offer.Status
	happened string
	goesOn   bool // pursues the candidate: needs an ACTIVE application of a running opening
}

var (
	// openOffers are the states in which an offer is not settled yet.
	openOffers = []offer.Status{offer.StatusDRAFT, offer.StatusAPPROVED, offer.StatusEXTENDED}
	// standingOffers are those in which it is not over. An application has at most
	// one such offer.
	standingOffers = append(slices.Clone(openOffers), offer.StatusACCEPTED)
	// toldOffers are those of them of which the candidate knows.
	toldOffers = []offer.Status{offer.StatusEXTENDED, offer.StatusACCEPTED}
)

// The state machine of offers.
var (
	revising   = offerStep{"revise", openOffers, offer.StatusDRAFT, "offer.revised", true}
	approving  = offerStep{"approve", []offer.Status{offer.StatusDRAFT}, offer.StatusAPPROVED, "offer.approved", true}
	extending  = offerStep{"extend", []offer.Status{offer.StatusAPPROVED}, offer.StatusEXTENDED, "offer.extended", true}
	accepting  = offerStep{"accept", []offer.Status{offer.StatusEXTENDED}, offer.StatusACCEPTED, "offer.accepted", false}
	declining  = offerStep{"decline", toldOffers, offer.StatusDECLINED, "offer.declined", false}
	expiring   = offerStep{"expire", []offer.Status{offer.StatusEXTENDED}, offer.StatusEXPIRED, "offer.expired", false}
	rescinding = offerStep{"rescind", standingOffers, offer.StatusRESCINDED, "offer.rescinded", false}
)

// proposal is one offer as a use case holds it, with its application and opening:
// nobody else can change it until the transaction ends.
type proposal struct {
	offer       *db.Offer
	terms       *db.OfferVersion // the present ones
	application *db.Application
}

// stepOffer runs a use case that takes one offer, which the input calls offerId,
// a step further, and answers with its id. What fn adds to the update is stored
// with the step; problems that it finds in the input refuse it.
func (s *Service) stepOffer(ctx context.Context, action string, id gid.ID, expected int, step offerStep,
	fn func(ctx context.Context, w *write, p *proposal, update *db.OfferUpdateOne) error,
) (gid.ID, error) {
	return id, s.change(ctx, action, func(ctx context.Context, w *write) error {
		p, err := w.holdOffer(ctx, id, expected)
		if err != nil {
			return err
		}
		if err := p.takes(step); err != nil {
			return err
		}
		update := w.Offer.UpdateOne(p.offer).SetStatus(step.to).SetUpdatedAt(w.now).AddVersion(1)
		if err := fn(ctx, w, p, update); err != nil {
			return err
		}
		return w.saveOffer(ctx, update, p, step)
	})
}

// saveOffer stores a step of an offer that is held.
func (w *write) saveOffer(ctx context.Context, update *db.OfferUpdateOne, p *proposal, step offerStep) error {
	if err := update.Exec(ctx); err != nil {
		return err
	}
	return w.tellOffer(ctx, p, step.happened, map[string]any{"from": p.offer.Status, "to": step.to})
}

// tellOffer records what happened to an offer. What was offered is told by its
// terms alone, which few may read.
func (w *write) tellOffer(ctx context.Context, p *proposal, happened string, details map[string]any) error {
	w.emit(happening{Type: happened, Subject: p.offer.ID, Opening: p.application.OpeningID, Application: p.application.ID})
	details["applicationId"], details["terms"] = p.application.ID, p.terms.Number
	return w.record(ctx, p.offer.ID, details)
}

// holdOffer reads an offer, which the input calls offerId, and holds it. The
// viewer must see it, may handle offers and know its present version.
func (w *write) holdOffer(ctx context.Context, id gid.ID, expected int) (*proposal, error) {
	var problems fault.List
	if !of(&problems, "offerId", id, gid.Offer) {
		return nil, problems
	}
	seen, err := w.Offer.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, missing("offerId", gid.Offer)
	}
	if err != nil {
		return nil, err
	}
	p := &proposal{}
	if p.application, err = w.holdApplication(ctx, seen.ApplicationID); err != nil {
		return nil, err
	}
	if err := w.mayOffer(ctx, p.application.ID); err != nil {
		return nil, err
	}
	ctx = access.System(ctx) // whoever may handle the offer reads all of it
	if p.offer, err = locked(w, w.Offer.Query().Where(offer.ID(id))).Only(ctx); err != nil {
		return nil, err
	}
	if p.offer.Version != expected {
		return nil, overtaken("offer", p.offer.Version)
	}
	p.terms, err = w.presentTerms(ctx, id)
	return p, err
}

// presentTerms are the last terms of an offer that is held; number 0 when it
// came without any.
func (w *write) presentTerms(ctx context.Context, offerID gid.ID) (*db.OfferVersion, error) {
	terms, err := w.OfferVersion.Query().Where(offerversion.OfferID(offerID)).
		Order(db.Desc(offerversion.FieldNumber)).First(access.System(ctx))
	if db.IsNotFound(err) {
		return &db.OfferVersion{OfferID: offerID}, nil
	}
	return terms, err
}

// takes refuses a step that the offer's state, or that of its application, does
// not have.
func (p *proposal) takes(step offerStep) error {
	if !slices.Contains(step.from, p.offer.Status) {
		return fault.Transition("offerId", "offer", string(p.offer.Status), step.verb)
	}
	if !step.goesOn {
		return nil
	}
	if err := pursued(p.application, "offerId", step.verb+" the offer"); err != nil {
		return err
	}
	return nil
}

// unhired refuses to end an accepted offer on which a hire stands.
func (p *proposal) unhired(verb string) error {
	if p.offer.Status == offer.StatusACCEPTED && p.application.Status == application.StatusHIRED {
		return fault.Transition("offerId", "application", string(p.application.Status), verb+" its accepted offer").WithHint("undoHire first")
	}
	return nil
}

// expired reports whether terms could not be accepted any more at that time.
func expired(terms *db.OfferVersion, now time.Time) bool {
	return terms.ExpiresAt != nil && !now.Before(*terms.ExpiresAt)
}

// tooLate refuses a step that the terms allow no more.
func tooLate(terms *db.OfferVersion, verb string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeInvalidTransition, "offerId", "offer has expired, on %s: cannot %s", instant(*terms.ExpiresAt), verb).
		WithHint("reviseOffer gives it more time")
}

// endOffers settles the offers of an application that ends, which the caller holds:
// one that the candidate knew of is DECLINED when they withdrew, every other one is
// RESCINDED. An ACCEPTED one stands when they were hired.
func (w *write) endOffers(ctx context.Context, applicationID gid.ID, withdrawn bool) error {
	ctx = access.System(ctx) // offers end with their application, whoever ends it
	a, err := w.Application.Get(ctx, applicationID)
	if err != nil {
		return err
	}
	end := standingOffers
	if a.Status == application.StatusHIRED {
		end = openOffers
	}
	open, err := locked(w, w.Offer.Query().Where(offer.ApplicationID(applicationID), offer.StatusIn(end...))).All(ctx)
	if err != nil {
		return err
	}
	for _, o := range open {
		step := rescinding
		if withdrawn && slices.Contains(toldOffers, o.Status) {
			step = declining
		}
		terms, err := w.presentTerms(ctx, o.ID)
		if err != nil {
			return err
		}
		update := w.Offer.UpdateOne(o).SetStatus(step.to).SetResolvedAt(w.now).SetUpdatedAt(w.now).AddVersion(1)
		if err := w.saveOffer(ctx, update, &proposal{offer: o, terms: terms, application: a}, step); err != nil {
			return err
		}
	}
	return nil
}
