// Package calibration owns what many ratings say about interviews and those who
// hold them: whether two interviewers who rate the same signal of the same
// candidate agree, who is lenient and who severe, who tells candidates apart,
// who is on time, how the load is spread, and how recommendations relate to
// decisions. It owns the samples below which nothing is said, too.
//
// It does not own one candidate's result, which rubric computes, nor who may
// see a named row, which access decides: whoever may not is given
// Report.Distributions alone. It is pure: it reads nothing, has no clock, and
// the same input gives the same answer to the last bit, in whatever order its
// rows come and its tables are numbered.
package calibration

import (
	"time"

	"hireloop/rubric"
)

// Input is what is calibrated, as tables that refer to each other by position.
type Input struct {
	Interviewers []Interviewer
	Applications []string // ids
	Signals      []string // ids, a signal of one ladder each: two ladders may use one key
	Cards        []Card
	Ratings      []Rating
	Interviews   []Interview
	Decisions    []Decision
}

// Interviewer is somebody who interviews or could. Those who could count when
// the load is compared, even if they held no interview.
type Interviewer struct {
	ID       string
	Eligible bool
}

// Card is one interviewer's scorecard of one interview: as it was first handed
// in, because what was amended later was no longer independent. Times that are
// not known are zero.
type Card struct {
	Application    int32 // position in Input.Applications
	Interviewer    int32 // position in Input.Interviewers
	Major          int32 // major version of the rubric
	Shadow         bool  // the interviewer learns
	Status         rubric.ScorecardStatus
	Recommendation rubric.Recommendation // of the first revision
	EndedAt        time.Time             // the interview
	DueAt          time.Time
	SubmittedAt    time.Time // the first revision
}

// Rating is one answer of a card's first revision.
type Rating struct {
	Card   int32 // position in Input.Cards
	Signal int32 // position in Input.Signals
	Value  uint8 // from 1
}

// Interview is one completed interview of one interviewer.
type Interview struct {
	Interviewer int32 // position in Input.Interviewers
	EndedAt     time.Time
}

// Decision is what was finally decided about an application.
type Decision struct {
	Application int32 // position in Input.Applications
	Hire        bool
}

// Options say what counts and as of when. All of them are needed but the two
// switches.
type Options struct {
	IncludeShadows bool // ratings and recommendations of those who learn count as well
	MixMajors      bool // ratings under different major versions are compared

	// The load is that of interviews from From until before To, weeks being those
	// of ISO 8601 in UTC.
	From, To time.Time
	// AsOf is the moment at which the question is asked: what came later is not
	// known yet.
	AsOf time.Time

	// Seed makes the intervals' random numbers repeatable. It should follow from
	// the caller's filter, so that one question has one answer.
	Seed  uint64
	Model Model

	minimum *minima // nil for the standard ones
}

// Model holds the constants of how leniency is estimated.
type Model struct {
	// Shrinkage pulls leniencies towards 0, as that many ratings without any
	// leniency would: the variance of a rating's error over that of leniency.
	Shrinkage float64
	ErrorSD   float64 // deviation of a rating's error, in rating points
}

// StandardModel has the constants that the standard policy of the level fit
// implies: errors of 0.8 points and leniencies of 0.35, rounded to a whole
// number of ratings. Estimates replace them with a new version of that policy
// only, never silently.
func StandardModel() Model { return Model{Shrinkage: 5, ErrorSD: 0.8} }

func (o Options) minima() minima {
	if o.minimum != nil {
		return *o.minimum
	}
	return standardMinima
}

// submitted reports whether the card was handed in by the moment of the
// question. One without a time was, at a moment that is not known.
func (o Options) submitted(c *Card) bool {
	return (c.Status == rubric.ScorecardSubmitted || c.Status == rubric.ScorecardAmended) && !c.SubmittedAt.After(o.AsOf)
}

// counts reports whether what the card says counts.
func (o Options) counts(c *Card) bool {
	return o.submitted(c) && (!c.Shadow || o.IncludeShadows)
}
