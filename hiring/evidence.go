package hiring

import (
	"context"
	"maps"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/debrief"
	"hireloop/ent/db/debriefresolution"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// evidence is what people reported in one loop, as the database keeps it and as
// rubric reads it.
type evidence struct {
	rows     []*db.Scorecard    // by id; all of them, drafts and void ones included
	cards    []rubric.Scorecard // the same, in that order; drafts without what they say
	resolved []string           // keys of the signals that debriefs settled, on these cards; sorted
}

// reported reads the evidence of loops in a constant number of statements. It is
// all of it, whoever asks: callers show it to those only who may see it (see
// access.LoopEvidence), or decide by it.
func reported(ctx context.Context, client *db.Client, loopIDs []gid.ID) (map[gid.ID]*evidence, error) {
	found := make(map[gid.ID]*evidence, len(loopIDs))
	if len(loopIDs) == 0 {
		return found, nil
	}
	ctx = access.System(ctx)
	rows, err := client.Scorecard.Query().
		Where(relay.IDs(scorecard.FieldLoopID, loopIDs)).Order(scorecard.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	var current, ids []gid.ID
	for _, row := range rows {
		ids = append(ids, row.ID)
		if row.CurrentRevisionID != nil && handedIn(row.Status) {
			current = append(current, *row.CurrentRevisionID)
		}
	}
	ratings, err := ratingsOf(ctx, client, current)
	if err != nil {
		return nil, err
	}
	flags, err := flagsOf(ctx, client, ids)
	if err != nil {
		return nil, err
	}
	settled, err := resolutionsOf(ctx, client, loopIDs)
	if err != nil {
		return nil, err
	}
	for _, id := range loopIDs {
		found[id] = &evidence{}
	}
	for _, row := range rows {
		e := found[row.LoopID]
		e.rows = append(e.rows, row)
		e.cards = append(e.cards, cardOf(row, ratings, flags[row.ID]))
	}
	for id, resolutions := range settled {
		e := found[id]
		for _, r := range resolutions {
			if e.bears(r) && !slices.Contains(e.resolved, r.Signal) {
				e.resolved = append(e.resolved, r.Signal)
			}
		}
	}
	return found, nil
}

// bears reports whether a resolution still holds: it was made on the ratings of
// its signal as they are, and not before one of them was handed in or its card
// amended.
func (e *evidence) bears(r *db.DebriefResolution) bool {
	rates := func(x rubric.Rating) bool { return x.Signal == r.Signal && x.Rating != nil }
	for i, card := range e.cards {
		if card.Counts() && e.rows[i].UpdatedAt.After(r.RecordedAt) && slices.ContainsFunc(card.Ratings, rates) {
			return false
		}
	}
	return true
}

// changed is when a card that counts was last handed in, amended, or taken out of
// the count: a card that was handed in changes by nothing else.
func (e *evidence) changed() (last time.Time) {
	for _, row := range e.rows {
		if row.SubmittedAt != nil && !row.IsShadow && row.UpdatedAt.After(last) {
			last = row.UpdatedAt
		}
	}
	return last
}

// resolutionsOf are what debriefs of these loops settled, by loop, in the order of
// the signals.
func resolutionsOf(ctx context.Context, client *db.Client, loopIDs []gid.ID) (map[gid.ID][]*db.DebriefResolution, error) {
	// Without their packets, which are large.
	debriefs, err := client.Debrief.Query().Where(relay.IDs(debrief.FieldLoopID, loopIDs)).
		Select(debrief.FieldID, debrief.FieldLoopID).All(ctx)
	if err != nil {
		return nil, err
	}
	loopOf := make(map[gid.ID]gid.ID, len(debriefs))
	for _, d := range debriefs {
		loopOf[d.ID] = d.LoopID
	}
	rows, err := client.DebriefResolution.Query().
		Where(relay.IDs(debriefresolution.FieldDebriefID, slices.Collect(maps.Keys(loopOf)))).
		Order(debriefresolution.BySignal()).All(ctx)
	byLoop := map[gid.ID][]*db.DebriefResolution{}
	for _, r := range rows {
		byLoop[loopOf[r.DebriefID]] = append(byLoop[loopOf[r.DebriefID]], r)
	}
	return byLoop, err
}

// handedInStates are the states of a card that was handed in and counts.
var handedInStates = []scorecard.Status{scorecard.StatusSUBMITTED, scorecard.StatusAMENDED}

// handedIn reports whether a card of this status was handed in and counts.
func handedIn(s scorecard.Status) bool { return slices.Contains(handedInStates, s) }

// ratingsOf are the ratings of these revisions, in order.
func ratingsOf(ctx context.Context, client *db.Client, revisions []gid.ID) (map[gid.ID][]*db.SignalRating, error) {
	rows, err := client.SignalRating.Query().
		Where(relay.IDs(signalrating.FieldRevisionID, revisions)).Order(signalrating.ByPosition(), signalrating.ByID()).All(ctx)
	byRevision := map[gid.ID][]*db.SignalRating{}
	for _, r := range rows {
		byRevision[r.RevisionID] = append(byRevision[r.RevisionID], r)
	}
	return byRevision, err
}

// flagsOf are the red flags that the current revisions of these cards report and
// that nobody dismissed.
func flagsOf(ctx context.Context, client *db.Client, cards []gid.ID) (map[gid.ID][]*db.RedFlagObservation, error) {
	rows, err := client.RedFlagObservation.Query().
		Where(relay.IDs(redflagobservation.FieldScorecardID, cards), redflagobservation.UntilRevisionIsNil(), redflagobservation.DismissedByIDIsNil()).
		Order(redflagobservation.ByID()).All(ctx)
	byCard := map[gid.ID][]*db.RedFlagObservation{}
	for _, f := range rows {
		byCard[f.ScorecardID] = append(byCard[f.ScorecardID], f)
	}
	return byCard, err
}

// cardOf is a card as rubric reads it.
func cardOf(row *db.Scorecard, ratings map[gid.ID][]*db.SignalRating, flags []*db.RedFlagObservation) rubric.Scorecard {
	card := rubric.Scorecard{
		ID: row.ID.String(), Revision: row.Revision, Interviewer: row.InterviewerID.String(),
		Status: rubric.ScorecardStatus(row.Status), Shadow: row.IsShadow,
	}
	if !handedIn(row.Status) {
		return card
	}
	if row.Recommendation != nil {
		card.Recommendation = rubric.Recommendation(*row.Recommendation)
	}
	if row.CurrentRevisionID != nil {
		for _, r := range ratings[*row.CurrentRevisionID] {
			card.Ratings = append(card.Ratings, ratingOf(r))
		}
	}
	for _, f := range flags {
		card.RedFlags = append(card.RedFlags, observationOf(f))
	}
	return card
}

func ratingOf(r *db.SignalRating) rubric.Rating {
	rating := rubric.Rating{Signal: r.Signal, Rating: r.Rating, Evidence: r.Evidence}
	if r.NotAssessed != nil {
		rating.NotAssessed = string(*r.NotAssessed)
	}
	if r.EvidenceKind != nil {
		rating.EvidenceKind = string(*r.EvidenceKind)
	}
	return rating
}

func observationOf(f *db.RedFlagObservation) rubric.Observation {
	o := rubric.Observation{RedFlag: f.RedFlag, Signal: f.Signal, Severity: rubric.Severity(f.Severity), Evidence: f.Evidence}
	if f.ConfirmedByID != nil {
		o.ConfirmedBy = f.ConfirmedByID.String()
	}
	return o
}

// weighAnew says that what a loop's evidence adds up to has changed: whoever
// debriefs or decides on it names the version that they weighed.
func (w *write) weighAnew(ctx context.Context, loopID gid.ID) error {
	return w.Loop.UpdateOneID(loopID).AddVersion(1).SetUpdatedAt(w.now).Exec(ctx)
}
