package rubric

import (
	"cmp"
	"slices"
)

// FitInput is what a level fit is computed from.
type FitInput struct {
	Ladder  Ladder
	Edition Edition // published
	Policy  Policy  // the zero Policy stands for StandardPolicy

	Target  string   // key of the level that the opening looks for
	Allowed []string // keys of the levels that it may be filled at

	Cards    []Scorecard // all of the loop, in any order; those that do not count change nothing
	Resolved []string    // keys of the signals whose dispute a debrief has resolved

	// Leniency of interviewers by id, in rating points, positive for lenient
	// ones; only of those about whom enough is known. With any, the fit also says
	// what would come out if ratings were corrected by it.
	Leniency map[string]float64
}

// Fit is what the ratings say about the levels of a ladder, and why. It is a
// basis for the decision that people take, never the decision.
type Fit struct {
	RubricVersion string `json:"rubricVersion"`
	PolicyVersion string `json:"policyVersion"`
	InputsHash    string `json:"inputsHash"` // SHA-256 of the canonical JSON of what identifies the inputs
	DecidedBy     string `json:"decidedBy"`  // always HUMAN

	Target          string        `json:"target"` // key
	Outcome         Outcome       `json:"outcome"`
	Level           string        `json:"level"`     // key of the level to hire at; "" when there is none
	AlsoMeets       []string      `json:"alsoMeets"` // keys of further levels that are met, allowed or not
	Attention       []Attention   `json:"attention"`
	RequiresDebrief bool          `json:"requiresDebrief"` // whether something needs attention
	Interviewers    int           `json:"interviewers"`    // distinct ones who rated anything
	Levels          []LevelResult `json:"levels"`          // by rank, lowest first
	NextEvidence    []Evidence    `json:"nextEvidence"`
	Adjusted        *Adjusted     `json:"adjusted"` // nil when no leniency is known
}

// LevelResult is what the ratings say about one level. Margins are in rating
// points, null while no signal that they are over has been rated.
type LevelResult struct {
	Level   string   `json:"level"` // key
	Verdict Verdict  `json:"verdict"`
	Reasons []Reason `json:"reasons"` // none when it is met

	Margin            *Ratio `json:"margin"`            // weighted mean distance from the bars, surplus capped
	OwnMargin         *Ratio `json:"ownMargin"`         // the same over what the level asks more than the one it extends
	BestCaseMargin    *Ratio `json:"bestCaseMargin"`    // what Margin could become if all that is open went best
	BestCaseOwnMargin *Ratio `json:"bestCaseOwnMargin"` // and OwnMargin
	Coverage          Ratio  `json:"coverage"`          // share of the weight that enough interviewers rated, 0 to 1

	Confidence      *float64   `json:"confidence"`      // in the verdict, 0 to 1; nil when the method has none
	ConfidenceClass Confidence `json:"confidenceClass"` // "" when there is none
	WeakestLink     string     `json:"weakestLink"`     // the level's least certain criterion: a gate's key, OVERALL or OWN_DEMANDS; "" before any rating

	Signals []SignalResult `json:"signals"` // those that the level asks for, in the edition's order
}

// SignalResult is what the ratings say about one signal at one level.
type SignalResult struct {
	Signal        string       `json:"signal"` // key
	Status        SignalStatus `json:"status"`
	Raters        int          `json:"raters"`        // distinct interviewers
	MinimumRaters int          `json:"minimumRaters"` // that the level asks for
	Ratings       []Ratio      `json:"ratings"`       // one vote for each of them, lowest first
	Mean          *Ratio       `json:"mean"`          // nil when not assessed
	Bar           Bar          `json:"bar"`
	Margin        *Ratio       `json:"margin"` // mean less bar, surplus capped; nil when not assessed
	MustHave      bool         `json:"mustHave"`
	OwnDemand     bool         `json:"ownDemand"` // the level adds it or raises its bar; all of a level that extends none
	PMeets        *float64     `json:"pMeets"`    // probability that the true value reaches the bar; nil when not assessed
}

// LevelFit computes how the ratings of a loop fit the levels of its rubric. It
// returns a fault.List when the inputs are not of one loop: a level or a signal
// that the edition has not, a rating off the scale, a card given twice.
func LevelFit(in FitInput) (Fit, error) {
	if in.Policy.Version == "" {
		in.Policy = StandardPolicy()
	}
	if err := in.check(); err != nil {
		return Fit{}, err
	}
	v, ok := count(in.Edition, in.Cards, nil)
	if !ok {
		return Fit{}, tooManyRaters()
	}
	hash, err := in.hash()
	if err != nil {
		return Fit{}, err
	}
	levels := in.levels(&v)
	outcome := in.outcome(levels)
	fit := Fit{
		RubricVersion: in.Edition.Semver,
		PolicyVersion: in.Policy.Version,
		InputsHash:    hash,
		DecidedBy:     "HUMAN",
		Target:        in.Target,
		Outcome:       outcome.Outcome,
		Level:         outcome.level,
		AlsoMeets:     outcome.alsoMeets,
		Interviewers:  len(v.interviewers),
		Levels:        levels,
		NextEvidence:  nextEvidence(find(levels, in.Target)),
	}
	if fit.Adjusted, err = in.adjusted(); err != nil {
		return Fit{}, err
	}
	fit.Attention = in.attention(fit)
	fit.RequiresDebrief = len(fit.Attention) > 0
	return fit, nil
}

// levels judges every level of the edition. Ranks grow along extensions, so
// that a level's parent is judged before it.
func (in *FitInput) levels(v *votes) []LevelResult {
	settings := slices.Clone(in.Edition.Levels)
	rank := func(s LevelSetting) int { l, _ := in.Ladder.Level(s.Level); return l.Rank }
	slices.SortStableFunc(settings, func(a, b LevelSetting) int { return cmp.Compare(rank(a), rank(b)) })
	results := make([]LevelResult, 0, len(settings))
	for _, setting := range settings {
		level, _ := in.Ladder.Level(setting.Level)
		results = append(results, in.level(v, level, setting, find(results, level.Extends)))
	}
	return results
}

// find is the level's result, nil when there is none.
func find(levels []LevelResult, key string) *LevelResult {
	for i := range levels {
		if levels[i].Level == key {
			return &levels[i]
		}
	}
	return nil
}
