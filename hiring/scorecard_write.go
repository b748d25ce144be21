package hiring

import (
	"context"

	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// SaveScorecard writes a draft of the viewer's own as far as it is.
func (s *Service) SaveScorecard(ctx context.Context, in ScorecardChange) (gid.ID, error) {
	return in.ScorecardID, s.change(ctx, "saveScorecard", func(ctx context.Context, w *write) error {
		row, err := w.findCard(ctx, in.ScorecardID, false)
		if err != nil {
			return err
		}
		// The card alone is held: drafts are saved often, and hold up nobody.
		c, err := w.holdCard(ctx, row)
		if err != nil {
			return err
		}
		if err := c.isDraft("save"); err != nil {
			return err
		}
		if err := c.isAt(in.ExpectedRevision); err != nil {
			return err
		}
		if err := w.readContent(ctx, c); err != nil {
			return err
		}
		var problems fault.List
		m := in.merge(&problems, c.edition.content, c.was)
		m.inOrder(&problems, c.interview.FocusSignals)
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.writeContent(ctx, c, m.content, recording{afterReveal: c.row.IsExposed}); err != nil {
			return err
		}
		return w.record(ctx, c.row.ID, map[string]any{"revision": c.row.Revision + 1})
	})
}

// SubmitScorecard hands in a draft of the viewer's own, or for administrators of
// anybody whose interview they see, once the interview has begun. With the first
// card of an interview it took place. On another's behalf the input is all of the
// card, as nobody else reads a draft, and takes sight of what the loop found.
func (s *Service) SubmitScorecard(ctx context.Context, in ScorecardChange) (gid.ID, error) {
	return in.ScorecardID, s.change(ctx, "submitScorecard", func(ctx context.Context, w *write) error {
		row, err := w.findCard(ctx, in.ScorecardID, w.viewer.Is(access.Admin))
		if err != nil {
			return err
		}
		c, err := w.holdCardInLoop(ctx, row)
		if err != nil {
			return err
		}
		behalf := c.row.InterviewerID != w.viewer.Member
		if behalf {
			if err := w.mayWeigh(ctx, "scorecardId", c.loop, false); err != nil {
				return err
			}
		}
		if err := c.isDraft("submit"); err != nil {
			return err
		}
		if !behalf {
			if err := c.isAt(in.ExpectedRevision); err != nil {
				return err
			}
		}
		if err := w.hasBegun(c); err != nil {
			return err
		}
		if err := w.readContent(ctx, c); err != nil {
			return err
		}
		if behalf {
			if err := w.emptyDraft(ctx, c); err != nil {
				return err
			}
		}
		var problems fault.List
		m := in.merge(&problems, c.edition.content, c.was)
		m.complete(&problems, c.edition.content, c.interview.FocusSignals)
		if err := problems.Err(); err != nil {
			return err
		}
		revealed, err := w.afterReveal(ctx, c)
		if err != nil {
			return err
		}
		if err := w.writeContent(ctx, c, m.content, recording{afterReveal: revealed}); err != nil {
			return err
		}
		update := w.Scorecard.UpdateOne(c.row).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(w.now)
		if c.row.DueAt != nil {
			update.SetIsOnTime(!w.now.After(*c.row.DueAt))
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
		if err := w.tookPlace(ctx, c); err != nil {
			return err
		}
		if err := w.weighAnew(ctx, c.loop.ID); err != nil {
			return err
		}
		w.emit(c.happened("scorecard.submitted"))
		details := map[string]any{"revision": c.row.Revision + 1, "from": c.row.Status, "to": scorecard.StatusSUBMITTED}
		if behalf {
			details["onBehalfOf"] = c.row.InterviewerID
		}
		if err := w.record(ctx, c.row.ID, details); err != nil {
			return err
		}
		return w.settleLoop(ctx, c.loop.ID)
	})
}

// AmendScorecard corrects a card of the viewer's own that was handed in, as long
// as nobody decided on it. What it said before is kept.
func (s *Service) AmendScorecard(ctx context.Context, in ScorecardChange) (gid.ID, error) {
	return in.ScorecardID, s.change(ctx, "amendScorecard", func(ctx context.Context, w *write) error {
		row, err := w.findCard(ctx, in.ScorecardID, false)
		if err != nil {
			return err
		}
		c, err := w.holdCardInLoop(ctx, row)
		if err != nil {
			return err
		}
		if !handedIn(c.row.Status) {
			refusal := fault.Transition("scorecardId", "scorecard", string(c.row.Status), "amend")
			if c.row.Status == scorecard.StatusDRAFT {
				refusal = refusal.WithHint("saveScorecard changes a draft")
			}
			return refusal
		}
		if err := c.isAt(in.ExpectedRevision); err != nil {
			return err
		}
		if err := w.undecided(ctx, "scorecardId", c.loop.ID, "amend"); err != nil {
			return err
		}
		if err := w.readContent(ctx, c); err != nil {
			return err
		}
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		m := in.merge(&problems, c.edition.content, c.was)
		m.complete(&problems, c.edition.content, c.interview.FocusSignals)
		if len(problems) == 0 && m.equal(c.was) {
			problems.Add(fault.Invalidf("", "the amendment changes nothing"))
		}
		if err := problems.Err(); err != nil {
			return err
		}
		revealed, err := w.afterReveal(ctx, c)
		if err != nil {
			return err
		}
		if err := w.writeContent(ctx, c, m.content, recording{reason: &why, afterReveal: revealed}); err != nil {
			return err
		}
		if err := w.Scorecard.UpdateOne(c.row).SetStatus(scorecard.StatusAMENDED).Exec(ctx); err != nil {
			return err
		}
		if err := w.weighAnew(ctx, c.loop.ID); err != nil {
			return err
		}
		w.emit(c.happened("scorecard.amended"))
		return w.record(ctx, c.row.ID, map[string]any{
			"revision": c.row.Revision + 1, "from": c.row.Status, "to": scorecard.StatusAMENDED, "isAfterReveal": revealed,
		})
	})
}

// hasBegun refuses to hand in what nobody can have seen yet, or ever.
func (w *write) hasBegun(c *heldCard) error {
	refuse := func(noun, is string) *fault.Error {
		return fault.Transition("scorecardId", noun, is, "submit its scorecards")
	}
	switch {
	case c.loop.Status == loop.StatusDRAFT || c.loop.Status == loop.StatusCANCELLED:
		return refuse("loop", string(c.loop.Status))
	case c.interview.Status == interview.StatusCANCELLED || c.interview.Status == interview.StatusNO_SHOW:
		return refuse("interview", string(c.interview.Status))
	case c.interview.StartsAt == nil:
		return refuse("interview", "without a time").WithHint("scheduleInterview says when it was")
	case c.interview.StartsAt.After(w.now):
		return refuse("interview", "yet to begin")
	}
	return nil
}

// tookPlace makes the interview of a card COMPLETED.
func (w *write) tookPlace(ctx context.Context, c *heldCard) error {
	i := c.interview
	if i.Status == interview.StatusCOMPLETED {
		return nil
	}
	w.emit(happening{Type: "interview.completed", Subject: i.ID, Opening: c.application.OpeningID, Application: c.application.ID})
	return w.Interview.UpdateOne(i).SetStatus(interview.StatusCOMPLETED).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
}

// afterReveal reports whether the viewer, or the interviewer for whom they
// write, can see others' cards of the application, or could at any time before:
// before the card was assigned, or when the present revision was written.
func (w *write) afterReveal(ctx context.Context, c *heldCard) (bool, error) {
	if c.revision != nil && c.revision.IsAfterReveal {
		return true, nil
	}
	now, err := w.Scorecard.Query().
		Where(scorecard.ApplicationID(c.application.ID), scorecard.SubmittedAtNotNil(),
				scorecard.InterviewerIDNotIn(w.viewer.Member, c.row.InterviewerID)).
		Exist(ctx) // as the viewer
	if err != nil || now {
		return now, err
	}
	return w.Scorecard.Query().
		Where(scorecard.ApplicationID(c.application.ID), scorecard.InterviewerID(c.row.InterviewerID), scorecard.IsExposed(true)).
		Exist(access.System(ctx))
}
