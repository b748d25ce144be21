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
	const path = "redFlagObservationId"
	return in.RedFlagObservationID, s.change(ctx, "confirmRedFlag", func(ctx context.Context, w *write) error {
		var problems fault.List
		if !of(&problems, path, in.RedFlagObservationID, gid.RedFlagObservation) {
			return problems
		}
		seen, err := w.RedFlagObservation.Query().
			Where(redflagobservation.ID(in.RedFlagObservationID)).WithScorecard().Only(ctx)
		if db.IsNotFound(err) {
			return missing(path, gid.RedFlagObservation)
		}
		if err != nil {
			return err
		}
		c, err := w.holdCardInLoop(ctx, seen.Edges.Scorecard)
		if err != nil {
			return err
		}
		flag, err := w.RedFlagObservation.Get(access.System(ctx), seen.ID)
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
			return fault.Invalidf(path, "is of your own: it takes a second person")
		case c.row.Status == scorecard.StatusVOID:
			return fault.Transition(path, "scorecard", string(c.row.Status), "confirm its red flags")
		case flag.UntilRevision != nil:
			return fault.Conflictf(path, "the interviewer reports it no longer, since revision %d of the scorecard", *flag.UntilRevision)
		case flag.ConfirmedByID != nil:
			return fault.Conflictf(path, "is confirmed already")
		}
		err = w.RedFlagObservation.UpdateOneID(flag.ID).SetConfirmedByID(w.viewer.Member).SetConfirmedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "red_flag.confirmed", Subject: flag.ID, Opening: c.application.OpeningID, Application: c.application.ID})
		return w.record(ctx, flag.ID, map[string]any{"scorecardId": c.row.ID, "revision": c.row.Revision})
	})
}
