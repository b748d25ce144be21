package hiring

import (
	"context"
	"slices"
	"strconv"

	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// What a preview holds at most.
const (
	maxPreviewCards  = 50
	maxPreviewPoints = 100 // ratings of a card, and red flags
	maxInterviewer   = 100
)

// PreviewLevelFitInput is ratings to try, and what to hold them against.
type PreviewLevelFitInput struct {
	RubricVersionID gid.ID
	TargetLevelID   gid.ID
	AllowedLevelIDs []gid.ID // nil for the target alone
	Scorecards      []*PreviewScorecardInput
	ResolvedSignals []string
}

// PreviewScorecardInput is what one interviewer reports, to try.
type PreviewScorecardInput struct {
	Interviewer    string
	Ratings        []*PreviewRatingInput
	Recommendation *scorecard.Recommendation
	RedFlags       []*PreviewRedFlagInput
	IsShadow       *bool
}

// PreviewRatingInput is a rating to try.
type PreviewRatingInput struct {
	Signal string // key
	Rating *int   // nil when not assessed
}

// PreviewRedFlagInput is a red flag to try.
type PreviewRedFlagInput struct {
	RedFlag     string // key
	IsConfirmed *bool
}

// PreviewLevelFit says what ratings would say about the levels of a published
// edition: what LevelFits says of the same cards in a loop. It reads the rubric
// and nothing else. It returns a fault.List with all that is wrong.
func (s *Service) PreviewLevelFit(ctx context.Context, in PreviewLevelFitInput) (*LevelFit, error) {
	if access.ViewerOf(ctx) == nil {
		return nil, fault.Deniedf("sign in first")
	}
	e, err := s.publishedEdition(ctx, in.RubricVersionID)
	if err != nil {
		return nil, err
	}
	var problems fault.List
	fitting := rubric.FitInput{
		Ladder: e.ladder, Edition: e.content, Resolved: in.ResolvedSignals,
		Target: e.demanded(&problems, "targetLevelId", in.TargetLevelID),
	}
	fitting.Allowed = []string{fitting.Target}
	if in.AllowedLevelIDs != nil && atMost(&problems, "allowedLevelIds", len(in.AllowedLevelIDs), maxListed) {
		fitting.Allowed = nil
		for i, id := range in.AllowedLevelIDs {
			fitting.Allowed = append(fitting.Allowed, e.demanded(&problems, at("allowedLevelIds", i), id))
		}
	}
	atMost(&problems, "resolvedSignals", len(in.ResolvedSignals), maxPreviewPoints)
	if len(in.Scorecards) == 0 {
		problems.Add(fault.Required("scorecards"))
	}
	if atMost(&problems, "scorecards", len(in.Scorecards), maxPreviewCards) {
		fitting.Cards = e.previewed(&problems, in.Scorecards)
	}
	fit, err := rubric.LevelFit(fitting)
	alsoAt(&problems, err, ofPreview)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	return newLevelFit(fit, e)
}

// publishedEdition is an edition that was published, whether or not it has been
// retired since.
func (s *Service) publishedEdition(ctx context.Context, id gid.ID) (*edition, error) {
	const path = "rubricVersionId"
	var problems fault.List
	if !of(&problems, path, id, gid.RubricVersion) {
		return nil, problems
	}
	read, err := editions(ctx, s.DB, []gid.ID{id})
	switch {
	case err != nil:
		return nil, err
	case read[id] == nil:
		return nil, missing(path, gid.RubricVersion)
	case read[id].version.Status == rubricversion.StatusDRAFT:
		return nil, fault.Invalidf(path, "is a draft").WithHint("publish it first")
	}
	return read[id], nil
}

// demanded is the key of a level of which the edition says what it asks for.
func (e *edition) demanded(problems *fault.List, path string, id gid.ID) string {
	if !of(problems, path, id, gid.Level) {
		return ""
	}
	if l := e.byID[id]; l != nil && e.demands(l) {
		return l.Key
	}
	problems.Add(fault.Invalidf(path, "is no level of this edition"))
	return ""
}

// previewed are the cards of a preview as rubric reads them. What identifies a
// stored card is its id and revision; here it is what the card says.
func (e *edition) previewed(problems *fault.List, in []*PreviewScorecardInput) []rubric.Scorecard {
	cards := make([]rubric.Scorecard, len(in))
	times := map[string]int{}
	for i, c := range in {
		path := at("scorecards", i)
		card := rubric.Scorecard{
			Interviewer: line(problems, path+".interviewer", c.Interviewer, maxInterviewer),
			Status:      rubric.ScorecardSubmitted, Shadow: c.IsShadow != nil && *c.IsShadow,
		}
		known(problems, path+".recommendation", c.Recommendation, scorecard.RecommendationValidator)
		if c.Recommendation != nil {
			card.Recommendation = rubric.Recommendation(*c.Recommendation)
		}
		if atMost(problems, path+".ratings", len(c.Ratings), maxPreviewPoints) {
			for _, r := range c.Ratings {
				card.Ratings = append(card.Ratings, rubric.Rating{Signal: r.Signal, Rating: r.Rating})
			}
		}
		if atMost(problems, path+".redFlags", len(c.RedFlags), maxPreviewPoints) {
			for j, f := range c.RedFlags {
				card.RedFlags = append(card.RedFlags, e.observed(problems, at(path+".redFlags", j), card, f))
			}
		}
		// Hash fails for what JSON cannot hold; plain values it can.
		said, _ := rubric.Hash(card)
		times[said]++
		card.ID = said + " " + strconv.Itoa(times[said])
		cards[i] = card
	}
	return cards
}

// observed is a red flag of the edition that a card reports.
func (e *edition) observed(problems *fault.List, path string, card rubric.Scorecard, f *PreviewRedFlagInput) rubric.Observation {
	o, there := observation(e.content, f.RedFlag)
	switch {
	case !there:
		problems.Add(fault.Missing(path+".redFlag", "red flag"))
	case slices.ContainsFunc(card.RedFlags, func(other rubric.Observation) bool { return other.RedFlag == f.RedFlag }):
		problems.Add(fault.Invalidf(path+".redFlag", "%q is reported twice", f.RedFlag))
	}
	if f.IsConfirmed != nil && *f.IsConfirmed {
		o.ConfirmedBy = "not " + card.Interviewer // a second person, whoever
	}
	return o
}

// ofPreview is the place in the input of what rubric calls otherwise; there is
// none for levels, which were checked as ids.
func ofPreview(path []string) []string {
	names := map[string]string{"cards": "scorecards", "resolved": "resolvedSignals"}
	if len(path) == 0 || names[path[0]] == "" {
		return nil
	}
	return append([]string{names[path[0]]}, path[1:]...)
}
