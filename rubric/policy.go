package rubric

// Policy holds the constants of the level-fit method. They change together and
// with a new version only, never silently: a fit names the policy it used.
type Policy struct {
	Version string `json:"version"`

	SurplusCap      Bar  `json:"surplusCap"`      // most that a signal above its bar adds to a margin
	NearTolerance   Bar  `json:"nearTolerance"`   // how far below the bar is still within the noise of raters
	DisputeRange    Bar  `json:"disputeRange"`    // from which raters are at odds, unless two thirds agree
	SeverityClamp   Bar  `json:"severityClamp"`   // most that an interviewer's leniency is corrected by
	MaxNearGates    *int `json:"maxNearGates"`    // more gates than these NEAR fail the level; nil for no limit
	MinInterviewers int  `json:"minInterviewers"` // distinct, or there is no verdict that a level is met

	// One rating is a true value, drawn from a normal distribution of mean
	// PriorMean and deviation PriorSD, plus noise of deviation NoiseSD, of which
	// SeveritySD is shared by all ratings of one interviewer. The prior is one
	// for everybody: it must never depend on group, source or employer.
	PriorMean  float64 `json:"priorMean"`
	PriorSD    float64 `json:"priorSD"`
	NoiseSD    float64 `json:"noiseSD"`
	SeveritySD float64 `json:"severitySD"`

	High    float64 `json:"high"`    // confidence from which it is called HIGH
	Medium  float64 `json:"medium"`  // and MEDIUM
	UpLevel float64 `json:"upLevel"` // confidence that hiring above the target takes
}

// StandardPolicy is the policy that the product comes with. Its noise model has
// the literature's reliability of a single interviewer, 0.49/(0.49+0.64).
func StandardPolicy() Policy {
	return Policy{
		Version:         "1.0.0",
		SurplusCap:      50,
		NearTolerance:   50,
		DisputeRange:    200,
		SeverityClamp:   50,
		MinInterviewers: 3,
		PriorMean:       2.5,
		PriorSD:         0.70,
		NoiseSD:         0.80,
		SeveritySD:      0.35,
		High:            0.80,
		Medium:          0.60,
		UpLevel:         0.60,
	}
}
