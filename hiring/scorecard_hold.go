package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// heldCard is a scorecard as a use case holds it, with what it is about.
type heldCard struct {
	row         *db.Scorecard
	interview   *db.Interview
	loop        *db.Loop
	application *db.Application

	edition  *edition
	revision *db.ScorecardRevision    // the current one; nil before the first save
	flags    []*db.RedFlagObservation // that the current revision reports
	was      content
}

// happened is an event of the card.
func (c *heldCard) happened(what string) happening {
	return happening{Type: what, Subject: c.row.ID, Opening: c.application.OpeningID, Application: c.application.ID}
}

// findCard reads the scorecard that an input calls scorecardId, for its
// interviewer, or for anybody who sees its interview when others may write it.
// Whoever sees the interview learns that the card is another's, nobody else that
// there is one.
func (w *write) findCard(ctx context.Context, id gid.ID, othersMay bool) (*db.Scorecard, error) {
	row, seen, err := w.lookUpCard(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case row.InterviewerID == w.viewer.Member || seen && othersMay:
		return row, nil
	case seen:
		return nil, fault.New(fault.Invalid, CodeNotAssigned, "scorecardId", "the scorecard is another's")
	}
	return nil, missing("scorecardId", gid.Scorecard)
}

// lookUpCard reads a scorecard whoever asks, and tells whether the viewer sees
// its interview.
func (w *write) lookUpCard(ctx context.Context, id gid.ID) (*db.Scorecard, bool, error) {
	var problems fault.List
	if !of(&problems, "scorecardId", id, gid.Scorecard) {
		return nil, false, problems
	}
	row, err := w.Scorecard.Get(access.System(ctx), id)
	if db.IsNotFound(err) {
		return nil, false, missing("scorecardId", gid.Scorecard)
	}
	if err != nil {
		return nil, false, err
	}
	seen, err := w.Interview.Query().Where(interview.ID(row.InterviewID)).Exist(ctx)
	return row, seen, err
}

// holdCardInLoop holds the opening, the application and the loop of a scorecard,
// and then the card.
func (w *write) holdCardInLoop(ctx context.Context, row *db.Scorecard) (*heldCard, error) {
	if _, _, err := w.lockLoop(ctx, row.LoopID, row.ApplicationID); err != nil {
		return nil, err
	}
	return w.holdCard(ctx, row)
}

// holdCard holds a scorecard and reads it anew, with what it is about.
func (w *write) holdCard(ctx context.Context, row *db.Scorecard) (c *heldCard, err error) {
	ctx = access.System(ctx)
	c = &heldCard{}
	if c.row, err = locked(w, w.Scorecard.Query().Where(scorecard.ID(row.ID))).Only(ctx); err != nil {
		return nil, err
	}
	if c.interview, err = w.Interview.Get(ctx, row.InterviewID); err != nil {
		return nil, err
	}
	if c.loop, err = w.Loop.Get(ctx, row.LoopID); err != nil {
		return nil, err
	}
	c.application, err = w.Application.Get(ctx, row.ApplicationID)
	return c, err
}

// isDraft refuses to write a card as a draft that is none.
func (c *heldCard) isDraft(verb string) error {
	switch {
	case handedIn(c.row.Status):
		return fault.New(fault.Conflict, CodeAlreadySubmitted, "scorecardId", "scorecard is %s: cannot %s", c.row.Status, verb).
			WithHint("amendScorecard corrects it")
	case c.row.Status != scorecard.StatusDRAFT:
		return fault.Transition("scorecardId", "scorecard", string(c.row.Status), verb)
	}
	return nil
}

// isAt refuses a change by somebody who read another revision.
func (c *heldCard) isAt(expected int) error {
	if c.row.Revision == expected {
		return nil
	}
	return fault.Conflictf("expectedRevision", "the scorecard is at revision %d now", c.row.Revision).
		WithHint("read it again, then decide")
}

// readContent adds to a held card what it says so far and the edition of the
// rubric that it speaks of.
func (w *write) readContent(ctx context.Context, c *heldCard) (err error) {
	ctx = access.System(ctx)
	if c.loop.RubricVersionID == nil {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, "scorecardId", "the loop has no rubric to rate by")
	}
	if c.edition, err = w.edition(ctx, *c.loop.RubricVersionID); err != nil || c.row.CurrentRevisionID == nil {
		return err
	}
	if c.revision, err = w.ScorecardRevision.Get(ctx, *c.row.CurrentRevisionID); err != nil {
		return err
	}
	ratings, err := ratingsOf(ctx, w.Client(), []gid.ID{c.revision.ID})
	if err != nil {
		return err
	}
	flags, err := flagsOf(ctx, w.Client(), []gid.ID{c.row.ID})
	if err != nil {
		return err
	}
	c.flags = flags[c.row.ID]
	c.was.summary = c.revision.Summary
	if c.revision.Recommendation != nil {
		c.was.recommendation = rubric.Recommendation(*c.revision.Recommendation)
	}
	for _, r := range ratings[c.revision.ID] {
		c.was.ratings = append(c.was.ratings, ratingOf(r))
	}
	for _, f := range c.flags {
		c.was.redFlags = append(c.was.redFlags, observationOf(f))
	}
	return nil
}

// isFocus reports whether the interview asks for the signal.
func (c *heldCard) isFocus(signal string) bool {
	return slices.Contains(c.interview.FocusSignals, signal)
}
