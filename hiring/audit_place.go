package hiring

import (
	"strings"

	"hireloop/internal/gid"
)

// auditPlaces say of which application, or opening, things of each kind are: by
// that the rule of access finds who may know what was done to them. An expression
// stands for the id as "?". A kind that is in neither belongs to no opening.
var (
	inApplication = map[gid.Kind]string{
		gid.Application:        "?",
		gid.StageEvent:         "(SELECT application_id FROM stage_events WHERE id = ?)",
		gid.Visit:              "(SELECT application_id FROM visits WHERE id = ?)",
		gid.Loop:               "(SELECT application_id FROM loops WHERE id = ?)",
		gid.Interview:          "(SELECT l.application_id FROM interviews i JOIN loops l ON l.id = i.loop_id WHERE i.id = ?)",
		gid.InterviewSeat:      "(SELECT l.application_id FROM interview_seats s JOIN interviews i ON i.id = s.interview_id JOIN loops l ON l.id = i.loop_id WHERE s.id = ?)",
		gid.Scorecard:          "(SELECT application_id FROM scorecards WHERE id = ?)",
		gid.ScorecardRevision:  "(SELECT c.application_id FROM scorecard_revisions r JOIN scorecards c ON c.id = r.scorecard_id WHERE r.id = ?)",
		gid.SignalRating:       "(SELECT c.application_id FROM signal_ratings s JOIN scorecard_revisions r ON r.id = s.revision_id JOIN scorecards c ON c.id = r.scorecard_id WHERE s.id = ?)",
		gid.RedFlagObservation: "(SELECT c.application_id FROM red_flag_observations f JOIN scorecards c ON c.id = f.scorecard_id WHERE f.id = ?)",
		gid.Debrief:            "(SELECT application_id FROM debriefs WHERE id = ?)",
		gid.DebriefResolution:  "(SELECT d.application_id FROM debrief_resolutions r JOIN debriefs d ON d.id = r.debrief_id WHERE r.id = ?)",
		gid.Decision:           "(SELECT application_id FROM decisions WHERE id = ?)",
		gid.DecisionMaker:      "(SELECT d.application_id FROM decision_makers m JOIN decisions d ON d.id = m.decision_id WHERE m.id = ?)",
		gid.Offer:              "(SELECT application_id FROM offers WHERE id = ?)",
		gid.OfferVersion:       "(SELECT o.application_id FROM offer_versions v JOIN offers o ON o.id = v.offer_id WHERE v.id = ?)",
		gid.Note:               "(SELECT application_id FROM notes WHERE id = ?)",
	}
	inOpening = map[gid.Kind]string{
		gid.Opening:          "?",
		gid.Stage:            "(SELECT opening_id FROM stages WHERE id = ?)",
		gid.Seat:             "(SELECT opening_id FROM seats WHERE id = ?)",
		gid.HiringTeamMember: "(SELECT opening_id FROM hiring_team_members WHERE id = ?)",
	}
	// inLoop is the loop of what tells of what was reported in it or decided on it.
	inLoop = map[gid.Kind]string{
		gid.Scorecard:          "(SELECT loop_id FROM scorecards WHERE id = ?)",
		gid.ScorecardRevision:  "(SELECT c.loop_id FROM scorecard_revisions r JOIN scorecards c ON c.id = r.scorecard_id WHERE r.id = ?)",
		gid.SignalRating:       "(SELECT c.loop_id FROM signal_ratings s JOIN scorecard_revisions r ON r.id = s.revision_id JOIN scorecards c ON c.id = r.scorecard_id WHERE s.id = ?)",
		gid.RedFlagObservation: "(SELECT c.loop_id FROM red_flag_observations f JOIN scorecards c ON c.id = f.scorecard_id WHERE f.id = ?)",
		gid.Debrief:            "(SELECT loop_id FROM debriefs WHERE id = ?)",
		gid.DebriefResolution:  "(SELECT d.loop_id FROM debrief_resolutions r JOIN debriefs d ON d.id = r.debrief_id WHERE r.id = ?)",
		gid.Decision:           "(SELECT loop_id FROM decisions WHERE id = ?)",
		gid.DecisionMaker:      "(SELECT d.loop_id FROM decision_makers m JOIN decisions d ON d.id = m.decision_id WHERE m.id = ?)",
	}
)

// placeOf is where a thing belongs, as SQL over its id: opening, application and
// loop.
func placeOf(kind gid.Kind, id string) (opening, application, loop string) {
	of := func(kinds map[gid.Kind]string) string {
		expression, belongs := kinds[kind]
		if !belongs {
			return "NULL"
		}
		return strings.ReplaceAll(expression, "?", id)
	}
	opening, application, loop = of(inOpening), of(inApplication), of(inLoop)
	if application != "NULL" {
		opening = "(SELECT opening_id FROM applications WHERE id = " + application + ")"
	}
	return opening, application, loop
}

// placesByKind is where a thing of any of these kinds belongs, as three columns of SQL
// over its noun and id; NULL for others.
func placesByKind(kinds []gid.Kind, id string) string {
	var columns [3]string
	for _, kind := range kinds {
		opening, application, loop := placeOf(kind, id)
		for i, place := range []string{opening, application, loop} {
			if place != "NULL" {
				columns[i] += " WHEN '" + kind.Noun() + "' THEN " + place
			}
		}
	}
	for i, cases := range columns {
		if columns[i] = "NULL"; cases != "" {
			columns[i] = "CASE noun" + cases + " END"
		}
	}
	return strings.Join(columns[:], ", ")
}
