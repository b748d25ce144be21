package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/consent"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// maxConsents is how many consents of one candidate are kept: years of agreeing anew.
const maxConsents = 100

// RecordConsentInput is what a candidate agreed to.
type RecordConsentInput struct {
	CandidateID gid.ID
	Purpose     consent.Purpose
	Source      string
	GivenAt     *time.Time // nil: now
	ExpiresAt   *time.Time // nil: until it is withdrawn
}

// WithdrawConsentInput is a purpose for which a candidate agrees no longer.
type WithdrawConsentInput struct {
	CandidateID gid.ID
	Purpose     consent.Purpose
}

// ConsentStatus says whether a consent is good.
type ConsentStatus string

const (
	ConsentGiven     ConsentStatus = "GIVEN"
	ConsentExpired   ConsentStatus = "EXPIRED"
	ConsentWithdrawn ConsentStatus = "WITHDRAWN"
)

// ConsentStatus says whether a consent is good now.
func (s *Service) ConsentStatus(c *db.Consent) ConsentStatus {
	switch {
	case c.WithdrawnAt != nil:
		return ConsentWithdrawn
	case c.ExpiresAt != nil && !c.ExpiresAt.After(s.Now()):
		return ConsentExpired
	}
	return ConsentGiven
}

// RecordConsent keeps what a candidate agreed to. It answers with the candidate's id.
func (s *Service) RecordConsent(ctx context.Context, in RecordConsentInput) (gid.ID, error) {
	return in.CandidateID, s.change(ctx, "recordConsent", func(ctx context.Context, w *write) error {
		var problems fault.List
		source := line(&problems, "source", in.Source, maxName)
		given := w.now
		if in.GivenAt != nil {
			given = in.GivenAt.UTC().Truncate(time.Microsecond)
		}
		if given.After(w.now) {
			problems.Add(fault.Invalidf("givenAt", "is in the future"))
		}
		create := w.Consent.Create().SetID(w.id(gid.Consent)).SetCandidateID(in.CandidateID).
			SetPurpose(in.Purpose).SetSource(source).SetGivenAt(given).SetRecordedByID(w.viewer.Member)
		if in.ExpiresAt != nil {
			if !in.ExpiresAt.After(given) {
				problems.Add(fault.Invalidf("expiresAt", "is not after it was given"))
			}
			create.SetExpiresAt(in.ExpiresAt.UTC().Truncate(time.Microsecond))
		}
		if err := w.holdConsenting(ctx, &problems, in.CandidateID, in.Purpose); err != nil {
			return err
		}
		n, err := w.Consent.Query().Where(consent.CandidateID(in.CandidateID)).Count(ctx)
		if err != nil {
			return err
		}
		if n >= maxConsents {
			return fault.Invalidf("candidateId", "has %d consents already", n)
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "consent.recorded", Subject: in.CandidateID})
		return w.record(ctx, in.CandidateID, map[string]any{"purpose": in.Purpose})
	})
}

// WithdrawConsent ends every consent of a candidate for a purpose that is good. It
// answers with the candidate's id.
func (s *Service) WithdrawConsent(ctx context.Context, in WithdrawConsentInput) (gid.ID, error) {
	return in.CandidateID, s.change(ctx, "withdrawConsent", func(ctx context.Context, w *write) error {
		var problems fault.List
		if err := w.holdConsenting(ctx, &problems, in.CandidateID, in.Purpose); err != nil {
			return err
		}
		n, err := w.Consent.Update().Where(consent.CandidateID(in.CandidateID), consent.PurposeEQ(in.Purpose), consent.WithdrawnAtIsNil()).
			SetWithdrawnAt(w.now).Save(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Invalidf("purpose", "there is no consent to withdraw")
		}
		w.emit(happening{Type: "consent.withdrawn", Subject: in.CandidateID})
		return w.record(ctx, in.CandidateID, map[string]any{"purpose": in.Purpose})
	})
}

// holdConsenting checks that the viewer may say what a candidate agrees to, that
// nothing else of the input is wrong, and that the candidate is there, and holds them.
func (w *write) holdConsenting(ctx context.Context, problems *fault.List, id gid.ID, purpose consent.Purpose) error {
	known(problems, "purpose", &purpose, consent.PurposeValidator)
	seen := false
	if of(problems, "candidateId", id, gid.Candidate) {
		c, err := w.holdCandidate(ctx, problems, "candidateId", id, "record a consent")
		if err != nil {
			return err
		}
		seen = c != nil
	}
	if seen {
		if err := w.mayEditCandidates(); err != nil {
			return err
		}
	}
	return problems.Err()
}
