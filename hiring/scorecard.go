package hiring

import (
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/ent/schema"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

const (
	// CodeNotAssigned refuses to write a scorecard to anybody but its interviewer.
	CodeNotAssigned fault.Code = "NOT_ASSIGNED"
	// CodeAlreadySubmitted refuses to write a handed-in scorecard as if it were a draft.
	CodeAlreadySubmitted fault.Code = "ALREADY_SUBMITTED"
)

// ScorecardChange is what somebody changes in a scorecard: ratings and red
// flags are merged into what it says so far.
type ScorecardChange struct {
	ScorecardID      gid.ID
	ExpectedRevision int
	Reason           string // of an amendment
	Ratings          []*SignalRatingInput
	Recommendation   Change[*scorecard.Recommendation]
	Summary          Change[*string]
	RedFlags         Change[[]*RedFlagInput] // all of them
}

// SignalRatingInput is what a scorecard says of one signal.
type SignalRatingInput struct {
	Signal       string // key
	Rating       *int
	NotAssessed  *signalrating.NotAssessed
	Evidence     *string
	EvidenceKind *signalrating.EvidenceKind
}

// RedFlagInput is a red flag that was seen.
type RedFlagInput struct {
	RedFlag  string // key
	Evidence string
}

// VoidScorecardInput takes a scorecard out of the count.
type VoidScorecardInput struct {
	ScorecardID      gid.ID
	ExpectedRevision *int // nil for a draft, whose revision others do not see
	Reason           scorecard.VoidReason
	Comment          *string
}

// DismissRedFlagInput names a red flag that does not hold.
type DismissRedFlagInput struct {
	RedFlagObservationID gid.ID
	Reason               string
}

// ConfirmRedFlagInput names a red flag to confirm.
type ConfirmRedFlagInput struct {
	RedFlagObservationID gid.ID
}

// FocusSignal is a signal that an interview asks to be rated, as the pinned
// edition of the rubric puts it, with what one level asks of it.
type FocusSignal struct {
	Key         string
	Name        string
	Assesses    string
	Anchors     []schema.Anchor
	RedFlags    []schema.RedFlag
	MustHave    bool
	Expectation string
	IsAsked     bool // by the level
}
