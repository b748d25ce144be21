package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// VoidScorecard takes a scorecard out of the count: whoever runs the
// application, also without being able to read it, and interviewers their own
// when they should not have interviewed or interviewed somebody else.
func (s *Service) VoidScorecard(ctx context.Context, in VoidScorecardInput) (gid.ID, error) {
	return in.ScorecardID, s.change(ctx, "voidScorecard", func(ctx context.Context, w *write) error {
		var problems fault.List
		known(&problems, "reason", &in.Reason, scorecard.VoidReasonValidator)
		comment := optionalReason(&problems, "comment", in.Comment)
		row, err := w.mayVoid(ctx, &problems, in)
		if err != nil {
			return err
		}
		c, err := w.holdCardInLoop(ctx, row)
		if err != nil {
			return err
		}
		if c.row.Status == scorecard.StatusVOID {
			return fault.Transition("scorecardId", "scorecard", string(c.row.Status), "void")
		}
		if handedIn(c.row.Status) {
			if in.ExpectedRevision == nil {
				problems.Add(fault.Required("expectedRevision").WithHint("the scorecard was handed in"))
			} else if err := c.isAt(*in.ExpectedRevision); err != nil {
				return err
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.undecided(ctx, c.loop.ID, "void"); err != nil {
			return err
		}
		err = w.Scorecard.UpdateOneID(c.row.ID).SetStatus(scorecard.StatusVOID).SetVoidReason(in.Reason).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(c.happened("scorecard.voided"))
		details := map[string]any{
			"from": c.row.Status, "to": scorecard.StatusVOID, "voidReason": in.Reason, "revision": c.row.Revision,
		}
		if comment != "" {
			details["comment"] = comment
		}
		return w.record(ctx, c.row.ID, details)
	})
}

// mayVoid reads the scorecard that the input names, for those who may void it.
func (w *write) mayVoid(ctx context.Context, problems *fault.List, in VoidScorecardInput) (*db.Scorecard, error) {
	row, seen, err := w.lookUpCard(ctx, in.ScorecardID)
	if err != nil {
		return nil, err
	}
	own := row.InterviewerID == w.viewer.Member
	if !own && !seen {
		return nil, missing("scorecardId", gid.Scorecard)
	}
	a, err := w.Application.Get(access.System(ctx), row.ApplicationID)
	if err != nil {
		return nil, err
	}
	switch err := w.mayMove(ctx, a.OpeningID); {
	case err == nil && seen:
	case err != nil && !fault.Is(err, fault.Denied):
		return nil, err
	case !own:
		return nil, err
	case in.Reason != scorecard.VoidReasonCONFLICT_OF_INTEREST && in.Reason != scorecard.VoidReasonWRONG_CANDIDATE:
		problems.Add(fault.Invalidf("reason", "is not one that an interviewer gives: CONFLICT_OF_INTEREST and WRONG_CANDIDATE are"))
	}
	return row, nil
}

// undecided refuses to change the scorecards of a loop on which people decided:
// what they decided by stays as it was.
func (w *write) undecided(ctx context.Context, loopID gid.ID, verb string) error {
	decided, err := w.Decision.Query().
		Where(decision.LoopID(loopID), decision.KindIn(final...)).Exist(access.System(ctx))
	if err == nil && decided {
		err = fault.New(fault.Invalid, fault.CodeInvalidTransition, "scorecardId", "a decision rests on the scorecard: cannot %s", verb)
	}
	return err
}

// final are the decisions that end an assessment.
var final = []decision.Kind{decision.KindHIRE, decision.KindNO_HIRE}
