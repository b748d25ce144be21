package graph

import (
	"context"

	"hireloop/ent/db"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// scorecardState reads where the cards of the interviews of all sibling places
// stand at once.
func (r *Resolver) scorecardState(ctx context.Context, s *db.InterviewSeat) (*hiring.ScorecardState, error) {
	if s.MemberID == nil {
		return nil, nil
	}
	states, err := relay.ComputedBy(ctx, s.Cohort(), "scorecardStates", s.InterviewID,
		func(s *db.InterviewSeat) gid.ID { return s.InterviewID }, r.Hiring.ScorecardStates)
	return states[*s.MemberID], err
}
