package hiring

import (
	"context"

	"hireloop/ent/db/application"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// VoidScorecard takes somebody else's scorecard out of the count, for whoever runs
// the application, also without being able to read it. A draft is void whatever
// people decided; what was handed in stays once they did.
func (s *Service) VoidScorecard(ctx context.Context, in VoidScorecardInput) (gid.ID, error) {
	return in.ScorecardID, s.change(ctx, "voidScorecard", func(ctx context.Context, w *write) error {
		c, err := w.holdToVoid(ctx, in.ScorecardID)
		if err != nil {
			return err
		}
		if c.row.Status == scorecard.StatusVOID {
			return fault.Transition("scorecardId", "scorecard", string(c.row.Status), "void")
		}
		var problems fault.List
		known(&problems, "reason", &in.Reason, scorecard.VoidReasonValidator)
		if in.Reason == scorecard.VoidReasonCANDIDATE_WITHDREW && c.application.Status == application.StatusACTIVE {
			problems.Add(fault.Invalidf("reason", "the candidate has not withdrawn"))
		}
		comment := optionalReason(&problems, "comment", in.Comment)
		if handedIn(c.row.Status) {
			if err := w.mayVoidHandedIn(ctx, &problems, c, in.ExpectedRevision); err != nil {
				return err
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		err = w.Scorecard.UpdateOne(c.row).SetStatus(scorecard.StatusVOID).SetVoidReason(in.Reason).
			SetNillableVoidComment(given(comment)).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		if handedIn(c.row.Status) {
			if err := w.weighAnew(ctx, c.loop.ID); err != nil {
				return err
			}
		}
		w.emit(c.happened("scorecard.voided"))
		return w.record(ctx, c.row.ID, map[string]any{
			"from": c.row.Status, "to": scorecard.StatusVOID, "voidReason": in.Reason, "revision": c.row.Revision,
		})
	})
}

// holdToVoid holds the scorecard that an input calls scorecardId, for those who
// may void it.
func (w *write) holdToVoid(ctx context.Context, id gid.ID) (*heldCard, error) {
	row, seen, err := w.lookUpCard(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case row.InterviewerID == w.viewer.Member: // they would read the others' then
		return nil, fault.Invalidf("scorecardId", "somebody else must void a card of your own")
	case !seen:
		return nil, missing("scorecardId", gid.Scorecard)
	}
	if err := w.mayRun(ctx, row.ApplicationID); err != nil {
		return nil, err
	}
	return w.holdCardInLoop(ctx, row)
}

// mayVoidHandedIn refuses to void a held card on which a decision rests, or which
// the viewer may read and knows as another revision.
func (w *write) mayVoidHandedIn(ctx context.Context, problems *fault.List, c *heldCard, expected *int) error {
	reads, err := w.Scorecard.Query().Where(scorecard.ID(c.row.ID)).Exist(ctx)
	switch {
	case err != nil:
		return err
	case !reads:
		// Whether people decided is not told to who owes a card.
		if err := w.owes(ctx, "scorecardId", c.application.ID); err != nil {
			return err
		}
	case expected == nil:
		problems.Add(fault.Required("expectedRevision").WithHint("the scorecard was handed in"))
	default:
		if err := c.isAt(*expected); err != nil {
			return err
		}
	}
	return w.undecided(ctx, "scorecardId", c.loop.ID, "void")
}

// undecided refuses, at path, to change the evidence of a loop on which people
// decided for good: what they decided by stays as it was.
func (w *write) undecided(ctx context.Context, path string, loopID gid.ID, verb string) error {
	decided, err := w.decidedFinally(ctx, loopID)
	if err == nil && decided {
		err = notNow(path, "the loop was decided on: cannot %s", verb)
	}
	return err
}
