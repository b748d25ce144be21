package gid

// Kind tells what an id names. The numbers are stored inside ids: append new
// kinds at the end, never renumber, never reuse.
type Kind byte

const (
	Department Kind = iota + 1
	Location
	Member
	Ladder
	Level
	RubricVersion
	RubricSignal
	LevelSignal
	PipelineTemplate
	PipelineTemplateStage
	Opening
	HiringTeamMember
	Stage
	Seat
	Candidate
	CandidateContact
	CandidateMerge
	Application
	StageEvent
	Visit
	Source
	RejectionReason
	InterviewPlan
	InterviewPlanSession
	Loop
	Interview
	InterviewSeat
	Scorecard
	ScorecardRevision
	SignalRating
	RedFlagObservation
	Debrief
	DebriefResolution
	Decision
	DecisionMaker
	Offer
	OfferVersion
	Note
	AuditEntry
	ExternalReference
	ImportRun
	DemographicAnswer
	ApiKey
	MemberIdentity
	ErasureReceipt
	Consent
	LegalHold
	RetentionRule
	endOfKinds
)

var nouns = [endOfKinds]string{
	Department:            "department",
	Location:              "location",
	Member:                "member",
	Ladder:                "ladder",
	Level:                 "level",
	RubricVersion:         "rubric_version",
	RubricSignal:          "rubric_signal",
	LevelSignal:           "level_signal",
	PipelineTemplate:      "pipeline_template",
	PipelineTemplateStage: "pipeline_template_stage",
	Opening:               "opening",
	HiringTeamMember:      "hiring_team_member",
	Stage:                 "stage",
	Seat:                  "seat",
	Candidate:             "candidate",
	CandidateContact:      "candidate_contact",
	CandidateMerge:        "candidate_merge",
	Application:           "application",
	StageEvent:            "stage_event",
	Visit:                 "visit",
	Source:                "source",
	RejectionReason:       "rejection_reason",
	InterviewPlan:         "interview_plan",
	InterviewPlanSession:  "interview_plan_session",
	Loop:                  "loop",
	Interview:             "interview",
	InterviewSeat:         "interview_seat",
	Scorecard:             "scorecard",
	ScorecardRevision:     "scorecard_revision",
	SignalRating:          "signal_rating",
	RedFlagObservation:    "red_flag_observation",
	Debrief:               "debrief",
	DebriefResolution:     "debrief_resolution",
	Decision:              "decision",
	DecisionMaker:         "decision_maker",
	Offer:                 "offer",
	OfferVersion:          "offer_version",
	Note:                  "note",
	AuditEntry:            "audit_entry",
	ExternalReference:     "external_reference",
	ImportRun:             "import_run",
	DemographicAnswer:     "demographic_answer",
	ApiKey:                "api_key",
	MemberIdentity:        "member_identity",
	ErasureReceipt:        "erasure_receipt",
	Consent:               "consent",
	LegalHold:             "legal_hold",
	RetentionRule:         "retention_rule",
}

func (k Kind) known() bool { return k > 0 && k < endOfKinds }

// Noun is the kind's name as ids show it, "" for an unknown kind.
func (k Kind) Noun() string {
	if !k.known() {
		return ""
	}
	return nouns[k]
}

// Kinds lists every kind, in order.
func Kinds() []Kind {
	kinds := make([]Kind, 0, endOfKinds-1)
	for k := Kind(1); k < endOfKinds; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}
