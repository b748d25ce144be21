package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"golang.org/x/text/currency"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/level"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CodeLevelNotAllowed refuses a level at which the opening may not be filled.
const CodeLevelNotAllowed fault.Code = "LEVEL_NOT_ALLOWED"

// decidedToHire is the last decision about an application when it was to hire;
// nil when it was another one, or there is none. What is refused because of it
// tells of it: who owes a card of their own is refused before, at path.
func (w *write) decidedToHire(ctx context.Context, path string, applicationID gid.ID) (*db.Decision, error) {
	owes, err := w.Scorecard.Query().
		Where(scorecard.ApplicationID(applicationID), scorecard.InterviewerID(w.viewer.Member), scorecard.StatusEQ(scorecard.StatusDRAFT)).
		Exist(access.System(ctx))
	if err != nil {
		return nil, err
	}
	if owes {
		return nil, notNow(path, "a card of your own is not in yet").WithHint("hand it in first")
	}
	last, err := w.Decision.Query().Where(decision.ApplicationID(applicationID)).
		Order(decision.ByDecidedAt(sql.OrderDesc()), decision.ByID(sql.OrderDesc())).First(access.System(ctx))
	if db.IsNotFound(err) || err == nil && last.Kind != decision.KindHIRE {
		return nil, nil
	}
	return last, err
}

// readTerms checks the input's terms of an offer for an opening; decided is the
// decision to hire, nil for none.
func (w *write) readTerms(ctx context.Context, problems *fault.List, in OfferTermsInput, o *db.Opening, decided *db.Decision) (*db.OfferVersion, error) {
	terms := &db.OfferVersion{LevelID: &in.LevelID, StartOn: day(in.StartOn)}
	allowed, err := w.readOfferedLevel(ctx, problems, in.LevelID, o)
	if err != nil {
		return nil, err
	}
	if in.Salary.Amount <= 0 {
		problems.Add(fault.Invalidf("terms.salary.amount", "must be more than 0"))
	}
	terms.Salary = int64(in.Salary.Amount)
	terms.Currency = readCurrency(problems, "terms.salary.currency", in.Salary.Currency)
	if in.ExpiresAt != nil {
		until := in.ExpiresAt.UTC().Truncate(time.Microsecond)
		if !until.After(w.now) {
			problems.Add(fault.Invalidf("terms.expiresAt", "is not in the future"))
		}
		terms.ExpiresAt = &until
	}
	before := len(*problems)
	why := optionalReason(problems, "terms.reason", in.Reason)
	departs := allowed && decided != nil && decided.LevelID != nil && *decided.LevelID != in.LevelID
	if departs && why == "" && len(*problems) == before {
		problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "terms.reason",
			"say why at another level than the decided one"))
	}
	terms.Reason = given(why)
	return terms, nil
}

// readOfferedLevel checks that the opening may be filled at the level.
func (w *write) readOfferedLevel(ctx context.Context, problems *fault.List, id gid.ID, o *db.Opening) (bool, error) {
	if !of(problems, "terms.levelId", id, gid.Level) {
		return false, nil
	}
	if o.TargetLevelID != nil && *o.TargetLevelID == id {
		return true, nil
	}
	there, err := w.Level.Query().Where(level.ID(id)).Exist(ctx)
	if err != nil {
		return false, err
	}
	if !there {
		problems.Add(missing("terms.levelId", gid.Level))
		return false, nil
	}
	allowed, err := w.Opening.Query().Where(opening.ID(o.ID), opening.HasAllowedLevelsWith(level.ID(id))).Exist(access.System(ctx))
	if err == nil && !allowed {
		problems.Add(fault.New(fault.Invalid, CodeLevelNotAllowed, "terms.levelId", "the opening may not be filled at this level").
			WithHint("updateOpening allows further levels"))
	}
	return allowed, err
}

// readCurrency is the ISO 4217 code that the input has at path, in capitals.
func readCurrency(problems *fault.List, path, code string) string {
	unit, err := currency.ParseISO(code)
	if err != nil || unit == (currency.Unit{}) {
		problems.Add(fault.Invalidf(path, "is not an ISO 4217 code").WithHint("such as EUR"))
		return ""
	}
	return unit.String()
}

// writeTerms stores the terms of an offer, under this number.
func (w *write) writeTerms(ctx context.Context, o *db.Offer, terms *db.OfferVersion, number int) error {
	terms.ID, terms.OfferID, terms.Number = w.id(gid.OfferVersion), o.ID, number
	return w.OfferVersion.Create().SetID(terms.ID).SetOfferID(o.ID).SetNumber(number).
		SetNillableLevelID(terms.LevelID).SetSalary(terms.Salary).SetCurrency(terms.Currency).
		SetNillableStartOn(terms.StartOn).SetNillableExpiresAt(terms.ExpiresAt).SetNillableReason(terms.Reason).
		SetAuthorID(w.viewer.Member).SetRecordedAt(w.now).Exec(ctx)
}
