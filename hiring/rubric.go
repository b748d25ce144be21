package hiring

import (
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// DraftRubricVersionInput is an edition of a ladder's rubric, whole.
type DraftRubricVersionInput struct {
	LadderID        gid.ID
	ExpectedVersion *int    // nil for the first draft
	Semver          *string // nil for what the changes call for
	Notes           *string
	ScaleMax        *int // nil for 4
	Areas           []*RubricAreaInput
	Levels          []*RubricLevelSettingInput
	Signals         []*RubricSignalInput
}

// RubricAreaInput is a group of signals.
type RubricAreaInput struct {
	Key  string
	Name string
}

// RubricLevelSettingInput is what to say of a level as a whole.
type RubricLevelSettingInput struct {
	LevelKey        string
	CoverageMinimum *int // percent; nil for 80
}

// RubricSignalInput is a signal to write.
type RubricSignalInput struct {
	Key      string
	Area     string // key
	Name     string
	Assesses string
	Anchors  []*AnchorInput
	RedFlags []*RedFlagDefinitionInput
	Replaces *string
	Demands  []*DemandInput
}

// AnchorInput is what one rating looks like.
type AnchorInput struct {
	Rating   int
	Text     string
	Examples []string
}

// RedFlagDefinitionInput is a red flag to define.
type RedFlagDefinitionInput struct {
	Key      string
	Severity string
	Text     string
}

// DemandInput is what one level demands of a signal.
type DemandInput struct {
	LevelKey      string
	Weight        *int
	Bar           *rubric.Bar
	MustHave      *bool
	MinimumRaters *int // nil for 1
	Expectation   *string
	SubsumedBy    *string // retires the signal at this level
}

// ImportRubricInput is a rubric as a JSON document.
type ImportRubricInput struct {
	JSON            string
	ExpectedVersion *int // of the ladder's draft, when there is one
}

// PublishRubricVersionInput names a draft to publish.
type PublishRubricVersionInput struct {
	RubricVersionID gid.ID
	ExpectedVersion int
	Semver          *string // nil for the draft's, or what the changes call for
}

// RetireRubricVersionInput names an edition to retire.
type RetireRubricVersionInput struct {
	RubricVersionID gid.ID
	ExpectedVersion int
}

// DiscardRubricDraftInput names a draft to throw away.
type DiscardRubricDraftInput struct {
	RubricVersionID gid.ID
	ExpectedVersion int
}

// PinRubricVersionInput gives an opening another edition.
type PinRubricVersionInput struct {
	OpeningID       gid.ID
	ExpectedVersion int // of the opening
	RubricVersionID gid.ID
}
