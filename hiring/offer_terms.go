package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"golang.org/x/text/currency"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// lastDecision is the last decision about an application, nil when there is none.
// What is refused because of it tells of it: see mayKnowDecisions.
func (w *write) lastDecision(ctx context.Context, applicationID gid.ID) (*db.Decision, error) {
	last, err := w.Decision.Query().Where(decision.ApplicationID(applicationID)).
		Order(decision.ByDecidedAt(sql.OrderDesc()), decision.ByID(sql.OrderDesc())).
		Select(decision.FieldID, decision.FieldKind, decision.FieldLevelID).First(access.System(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	return last, err
}

// isHire reports whether a decision, nil for none, is to hire.
func isHire(d *db.Decision) bool { return d != nil && d.Kind == decision.KindHIRE }

// readTerms checks the input's terms of an offer for an opening; last is the last
// decision, nil for none.
func (w *write) readTerms(ctx context.Context, problems *fault.List, in OfferTermsInput, openingID gid.ID, last *db.Decision) (*db.OfferVersion, error) {
	terms := &db.OfferVersion{LevelID: &in.LevelID, StartOn: day(in.StartOn)}
	offered, err := w.readAllowedLevel(ctx, problems, "terms.levelId", in.LevelID, openingID)
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
	departs := offered != nil && isHire(last) && last.LevelID != nil && *last.LevelID != in.LevelID
	if departs && why == "" && len(*problems) == before {
		problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "terms.reason",
			"say why at another level than the decided one"))
	}
	terms.Reason = given(why)
	return terms, nil
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
