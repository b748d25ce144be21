package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// ConfirmRedFlag confirms a red flag that the viewer sees and neither observed
// nor wrote down for its observer.
func (s *Service) ConfirmRedFlag(ctx context.Context, in ConfirmRedFlagInput) (gid.ID, error) {
	return s.judge(ctx, "confirmRedFlag", in.RedFlagObservationID, nil, func(ctx context.Context, w *write, flag *db.RedFlagObservation) (string, error) {
		if flag.ConfirmedByID != nil {
			return "", fault.Conflictf(observationPath, "is confirmed already")
		}
		return "red_flag.confirmed", w.RedFlagObservation.UpdateOne(flag).
			SetConfirmedByID(w.viewer.Member).SetConfirmedAt(w.now).Exec(ctx)
	})
}

// DismissRedFlag says that a red flag does not hold, confirmed or not: a second
// person's judgement too. It is kept, and counts for nothing any more.
func (s *Service) DismissRedFlag(ctx context.Context, in DismissRedFlagInput) (gid.ID, error) {
	var problems fault.List
	why := argued(&problems, fault.CodeReasonRequired, "reason", in.Reason)
	return s.judge(ctx, "dismissRedFlag", in.RedFlagObservationID, problems, func(ctx context.Context, w *write, flag *db.RedFlagObservation) (string, error) {
		return "red_flag.dismissed", w.RedFlagObservation.UpdateOne(flag).
			SetDismissedByID(w.viewer.Member).SetDismissedAt(w.now).SetDismissalReason(why).Exec(ctx)
	})
}

const observationPath = "redFlagObservationId"

// judge holds a red flag that the viewer sees, which counts so far and is
// somebody else's, for what a second person says of it. change says what happened.
func (s *Service) judge(
	ctx context.Context, action string, id gid.ID, problems fault.List,
	change func(context.Context, *write, *db.RedFlagObservation) (happened string, err error),
) (gid.ID, error) {
	return id, s.change(ctx, action, func(ctx context.Context, w *write) error {
		if !of(&problems, observationPath, id, gid.RedFlagObservation) {
			return problems
		}
		seen, err := w.RedFlagObservation.Query().Where(redflagobservation.ID(id)).WithScorecard().Only(ctx)
		if db.IsNotFound(err) {
			return missing(observationPath, gid.RedFlagObservation)
		}
		if err != nil {
			return err
		}
		c, err := w.holdCardInLoop(ctx, seen.Edges.Scorecard)
		if err != nil {
			return err
		}
		flag, err := w.RedFlagObservation.Get(access.System(ctx), id)
		if err != nil {
			return err
		}
		wrote, err := w.ScorecardRevision.Query().
			Where(scorecardrevision.ScorecardID(c.row.ID), scorecardrevision.Number(flag.SinceRevision),
				scorecardrevision.AuthorID(w.viewer.Member)).
			Exist(access.System(ctx))
		switch {
		case err != nil:
			return err
		case c.row.InterviewerID == w.viewer.Member || wrote:
			return fault.Invalidf(observationPath, "is of your own: it takes a second person")
		case c.row.Status == scorecard.StatusVOID:
			return fault.Transition(observationPath, "scorecard", string(c.row.Status), "judge its red flags")
		case flag.UntilRevision != nil:
			return fault.Conflictf(observationPath, "the interviewer reports it no longer, since revision %d of the scorecard", *flag.UntilRevision)
		case flag.DismissedByID != nil:
			return fault.Conflictf(observationPath, "is dismissed already")
		}
		if err := w.undecided(ctx, observationPath, c.row.LoopID, "judge its red flags"); err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		happened, err := change(ctx, w, flag)
		if err != nil {
			return err
		}
		if err := w.weighAnew(ctx, c.row.LoopID); err != nil {
			return err
		}
		w.emit(happening{Type: happened, Subject: flag.ID, Opening: c.application.OpeningID, Application: c.application.ID})
		return w.record(ctx, flag.ID, map[string]any{"scorecardId": c.row.ID, "revision": c.row.Revision})
	})
}
