package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/ent/db/signalrating"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// recording is how a revision of a scorecard came about.
type recording struct {
	reason      *string // nil unless it amends
	afterReveal bool
}

// writeContent makes what a held card says its next revision: a draft's only
// revision is written anew under the next number, one that was handed in is kept
// and another added.
func (w *write) writeContent(ctx context.Context, c *heldCard, say content, how recording) error {
	number := c.row.Revision + 1
	id, err := w.writeRevision(ctx, c, number, say, how)
	if err != nil {
		return err
	}
	if err := w.writeRatings(ctx, c, id, say.ratings); err != nil {
		return err
	}
	if err := w.writeRedFlags(ctx, c, number, say.redFlags); err != nil {
		return err
	}
	update := w.Scorecard.UpdateOne(c.row).SetRevision(number).SetCurrentRevisionID(id).SetUpdatedAt(w.now)
	if say.recommendation == rubric.NoDecision {
		update.ClearRecommendation()
	} else {
		update.SetRecommendation(scorecard.Recommendation(say.recommendation))
	}
	return update.Exec(ctx)
}

func (w *write) writeRevision(ctx context.Context, c *heldCard, number int, say content, how recording) (gid.ID, error) {
	var advice *scorecardrevision.Recommendation
	if say.recommendation != rubric.NoDecision {
		given := scorecardrevision.Recommendation(say.recommendation)
		advice = &given
	}
	if c.row.Status == scorecard.StatusDRAFT && c.revision != nil {
		update := w.ScorecardRevision.UpdateOneID(c.revision.ID).SetNumber(number).SetRecordedAt(w.now).
			SetAuthorID(w.viewer.Member).SetIsAfterReveal(how.afterReveal).SetSummary(say.summary)
		apply(advice, update.SetRecommendation, update.ClearRecommendation)
		return c.revision.ID, update.Exec(ctx)
	}
	id := w.id(gid.ScorecardRevision)
	return id, w.ScorecardRevision.Create().SetID(id).SetScorecardID(c.row.ID).SetNumber(number).SetRecordedAt(w.now).
		SetAuthorID(w.viewer.Member).SetNillableReason(how.reason).SetIsAfterReveal(how.afterReveal).
		SetNillableRecommendation(advice).SetSummary(say.summary).Exec(ctx)
}

// emptyDraft takes out of a held draft whatever it says so far.
func (w *write) emptyDraft(ctx context.Context, c *heldCard) error {
	_, err := w.RedFlagObservation.Delete().Where(redflagobservation.ScorecardID(c.row.ID)).Exec(ctx)
	c.flags, c.was = nil, content{}
	return err
}

// writeRatings makes these the ratings of a revision.
func (w *write) writeRatings(ctx context.Context, c *heldCard, revision gid.ID, ratings []rubric.Rating) error {
	if c.revision != nil && c.revision.ID == revision {
		if _, err := w.SignalRating.Delete().Where(signalrating.RevisionID(revision)).Exec(ctx); err != nil {
			return err
		}
	}
	rows := make([]*db.SignalRatingCreate, len(ratings))
	for i, r := range ratings {
		rows[i] = w.SignalRating.Create().SetID(w.id(gid.SignalRating)).SetRevisionID(revision).SetPosition(i).
			SetSignal(r.Signal).SetNillableRating(r.Rating).SetEvidence(r.Evidence).SetIsUnplanned(!c.isFocus(r.Signal))
		if r.NotAssessed != "" {
			rows[i].SetNotAssessed(signalrating.NotAssessed(r.NotAssessed))
		}
		if r.EvidenceKind != "" {
			rows[i].SetEvidenceKind(signalrating.EvidenceKind(r.EvidenceKind))
		}
	}
	return w.SignalRating.CreateBulk(rows...).Exec(ctx)
}

// writeRedFlags makes these the red flags that a card reports from the revision
// of this number on. One that says the same as before stays, with who confirmed
// it. What a draft no longer says is gone; what was handed in is kept, and ends.
func (w *write) writeRedFlags(ctx context.Context, c *heldCard, number int, flags []rubric.Observation) error {
	var stay, end []gid.ID
	first := map[string]*db.RedFlagObservation{}
	for _, f := range c.flags {
		first[f.RedFlag] = f
		if reports(flags, f.RedFlag, f.Evidence) {
			stay = append(stay, f.ID)
		} else {
			end = append(end, f.ID)
		}
	}
	if c.row.Status == scorecard.StatusDRAFT {
		if _, err := w.RedFlagObservation.Delete().Where(relay.IDs(redflagobservation.FieldID, end)).Exec(ctx); err != nil {
			return err
		}
		if err := w.RedFlagObservation.Update().Where(relay.IDs(redflagobservation.FieldID, stay)).SetSinceRevision(number).Exec(ctx); err != nil {
			return err
		}
	} else if err := w.RedFlagObservation.Update().Where(relay.IDs(redflagobservation.FieldID, end)).SetUntilRevision(number).Exec(ctx); err != nil {
		return err
	}
	var rows []*db.RedFlagObservationCreate
	for _, o := range flags {
		before := first[o.RedFlag]
		if before != nil && before.Evidence == o.Evidence {
			continue
		}
		observed := w.now
		if before != nil {
			observed = before.ObservedAt
		}
		rows = append(rows, w.RedFlagObservation.Create().SetID(w.id(gid.RedFlagObservation)).SetScorecardID(c.row.ID).
			SetSignal(o.Signal).SetRedFlag(o.RedFlag).SetSeverity(redflagobservation.Severity(o.Severity)).
			SetEvidence(o.Evidence).SetObservedAt(observed).SetSinceRevision(number))
	}
	return w.RedFlagObservation.CreateBulk(rows...).Exec(ctx)
}
