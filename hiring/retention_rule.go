package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/retentionrule"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// SetRetentionRuleInput says how long people are kept after something.
type SetRetentionRuleInput struct {
	Since             retentionrule.Since
	RejectionReasonID *gid.ID // of APPLICATION_ENDED: for those only
	Months            *int    // nil: for ever
}

const maxRetention = 240 // months

// SetRetentionRule says how long people are kept, in the place of what was said for
// the same case. Nobody is erased by it: see ApplyRetention. It answers with all
// rules as they are then.
func (s *Service) SetRetentionRule(ctx context.Context, in SetRetentionRuleInput) ([]*db.RetentionRule, error) {
	err := s.change(ctx, "setRetentionRule", func(ctx context.Context, w *write) error {
		if err := w.mayAdministerPrivacy(); err != nil {
			return err
		}
		if err := w.checkRetentionRule(ctx, in); err != nil {
			return err
		}
		if err := w.alone(ctx, []string{"retention rules"}); err != nil {
			return err
		}
		same := retentionrule.RejectionReasonIDIsNil()
		if in.RejectionReasonID != nil {
			same = retentionrule.RejectionReasonID(*in.RejectionReasonID)
		}
		if _, err := w.RetentionRule.Delete().Where(retentionrule.SinceEQ(in.Since), same).Exec(ctx); err != nil {
			return err
		}
		if in.Months != nil {
			err := w.RetentionRule.Create().SetID(w.id(gid.RetentionRule)).SetSince(in.Since).SetNillableRejectionReasonID(in.RejectionReasonID).
				SetMonths(*in.Months).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
			if err != nil {
				return err
			}
		}
		w.emit(happening{Type: "retention_rule.set", Subject: w.viewer.Member})
		return w.record(ctx, gid.Nil, map[string]any{
			"since": in.Since, "rejectionReasonId": in.RejectionReasonID, "months": in.Months,
		})
	})
	if err != nil {
		return nil, err
	}
	return s.RetentionRules(ctx)
}

// RetentionRules are all rules that the viewer may see.
func (s *Service) RetentionRules(ctx context.Context) ([]*db.RetentionRule, error) {
	return s.DB.RetentionRule.Query().Order(retentionrule.BySince(), retentionrule.ByID()).All(ctx)
}

func (w *write) checkRetentionRule(ctx context.Context, in SetRetentionRuleInput) error {
	var problems fault.List
	known(&problems, "since", &in.Since, retentionrule.SinceValidator)
	if in.Months != nil {
		within(&problems, "months", *in.Months, 0, maxRetention)
	}
	if id := in.RejectionReasonID; id != nil && of(&problems, "rejectionReasonId", *id, gid.RejectionReason) {
		there, err := w.RejectionReason.Query().Where(rejectionreason.ID(*id)).Exist(ctx)
		switch {
		case err != nil:
			return err
		case !there:
			problems.Add(missing("rejectionReasonId", gid.RejectionReason))
		case in.Since != retentionrule.SinceAPPLICATION_ENDED:
			problems.Add(fault.Invalidf("rejectionReasonId", "is for APPLICATION_ENDED only"))
		}
	}
	return problems.Err()
}
