package rubric

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hireloop/internal/fault"
)

// Scorecard is what one interviewer reports of one interview, as of its latest
// revision.
type Scorecard struct {
	ID             string
	Revision       int
	Interviewer    string // id
	Status         ScorecardStatus
	Shadow         bool // the interviewer learns: the card never counts
	Ratings        []Rating
	Recommendation Recommendation
	RedFlags       []Observation
}

// Counts reports whether the card takes part in the fit.
func (c Scorecard) Counts() bool {
	return !c.Shadow && (c.Status == ScorecardSubmitted || c.Status == ScorecardAmended)
}

// ScorecardStatus says where a scorecard stands.
type ScorecardStatus string

const (
	ScorecardDraft     ScorecardStatus = "DRAFT"
	ScorecardSubmitted ScorecardStatus = "SUBMITTED"
	ScorecardAmended   ScorecardStatus = "AMENDED"
	ScorecardVoid      ScorecardStatus = "VOID"
)

// Rating answers for one signal: with a rating or with the reason why there is
// none, never with both.
type Rating struct {
	Signal       string // key
	Rating       *int   // from 1 on the absolute scale
	NotAssessed  string // NO_TIME, NOT_ASKED, NO_SIGNAL or CONFLICT; "" when there is a rating
	Evidence     string
	EvidenceKind string // OBSERVED, CLAIMED or ARTEFACT; "" when not said
}

// Recommendation is the interviewer's overall advice. It is asked after the
// ratings and is no part of the fit, which would count the halo twice: it
// cross-checks the outcome.
type Recommendation string

const (
	NoDecision Recommendation = ""
	StrongNo   Recommendation = "STRONG_NO"
	No         Recommendation = "NO"
	Yes        Recommendation = "YES"
	StrongYes  Recommendation = "STRONG_YES"
)

// Observation is a red flag that the interviewer saw.
type Observation struct {
	RedFlag     string   // key
	Signal      string   // key of the signal that the red flag belongs to
	Severity    Severity // as the rubric says
	Evidence    string
	ConfirmedBy string // id of whoever confirmed it; "" for nobody
}

// confirmed reports whether a second person, not the observer, confirmed it.
func (o Observation) confirmed(observer string) bool {
	return o.ConfirmedBy != "" && o.ConfirmedBy != observer
}

// CodeEvidenceRequired refuses a rating with less evidence than it needs.
const CodeEvidenceRequired fault.Code = "EVIDENCE_REQUIRED"

const (
	leastEvidence        = 40 // characters
	leastExtremeEvidence = 80 // the lowest and the highest rating need the strongest evidence
)

var (
	notAssessedReasons = []string{"NO_TIME", "NOT_ASKED", "NO_SIGNAL", "CONFLICT"}
	evidenceKinds      = []string{"", "OBSERVED", "CLAIMED", "ARTEFACT"}
	recommendations    = []Recommendation{NoDecision, StrongNo, No, Yes, StrongYes}
)

// CheckScorecard is what must hold of a scorecard when it is submitted; a draft
// may hold anything. Focus are the keys of the signals that the interview must
// answer for; ratings of others are welcome. It returns a fault.List of all
// that is wrong, or nil. Paths go by position (ratings.0.evidence), but by key
// for a signal that was left out (ratings.coaching_growth).
func CheckScorecard(edition Edition, focus []string, card Scorecard) error {
	var c checker
	answered := map[string]bool{}
	for i, rating := range card.Ratings {
		path := fmt.Sprintf("ratings.%d", i)
		switch {
		case !edition.has(rating.Signal):
			c.refuse(path+".signal", "there is no signal %q", rating.Signal)
		case answered[rating.Signal]:
			c.refuse(path+".signal", "%q is answered twice", rating.Signal)
		}
		answered[rating.Signal] = true
		c.rating(path, edition.ScaleMax, rating)
	}
	for _, key := range focus {
		if !answered[key] {
			c.problems.Add(fault.Required("ratings." + key).
				WithHint("rate it, or say why it was not assessed"))
		}
	}
	if !slices.Contains(recommendations, card.Recommendation) {
		c.refuse("recommendation", "must be STRONG_NO, NO, YES or STRONG_YES, or left out")
	}
	c.observations(edition, card.RedFlags)
	return c.problems.Err()
}

func (c *checker) rating(path string, scaleMax int, r Rating) {
	if !slices.Contains(evidenceKinds, r.EvidenceKind) {
		c.refuse(path+".evidenceKind", "must be OBSERVED, CLAIMED or ARTEFACT")
	}
	switch {
	case r.Rating != nil && r.NotAssessed != "":
		c.refuse(path, "has a rating and a reason why there is none")
		return
	case r.Rating == nil && r.NotAssessed == "":
		c.problems.Add(fault.Required(path + ".rating").WithHint("or say why it was not assessed"))
		return
	case r.Rating == nil:
		if !slices.Contains(notAssessedReasons, r.NotAssessed) {
			c.refuse(path+".notAssessed", "must be NO_TIME, NOT_ASKED, NO_SIGNAL or CONFLICT")
		}
		return
	case *r.Rating < 1 || *r.Rating > scaleMax:
		c.refuse(path+".rating", "must be between 1 and %d", scaleMax)
		return
	}
	least := leastEvidence
	if *r.Rating == 1 || *r.Rating == scaleMax {
		least = leastExtremeEvidence
	}
	if n := Characters(r.Evidence); n < least {
		c.problems.Add(fault.New(fault.Invalid, CodeEvidenceRequired, path+".evidence",
			"a rating of %d needs at least %d characters of evidence, there are %d", *r.Rating, least, n))
	}
}

func (c *checker) observations(edition Edition, observations []Observation) {
	seen := map[string]bool{}
	for i, o := range observations {
		path := fmt.Sprintf("redFlags.%d", i)
		switch {
		case !edition.hasRedFlag(o.RedFlag):
			c.problems.Add(fault.Missing(path+".redFlag", "red flag"))
		case seen[o.RedFlag]:
			c.refuse(path+".redFlag", "%q is reported twice", o.RedFlag)
		}
		seen[o.RedFlag] = true
		c.text(path+".evidence", o.Evidence)
	}
}

func (e Edition) has(signal string) bool {
	return slices.ContainsFunc(e.Signals, func(s Signal) bool { return s.Key == signal })
}

func (e Edition) hasRedFlag(key string) bool {
	return slices.ContainsFunc(e.Signals, func(s Signal) bool {
		return slices.ContainsFunc(s.RedFlags, func(f RedFlag) bool { return f.Key == key })
	})
}

// Characters counts what a reader sees of a text: not the space around it, nor
// characters without a picture of their own.
func Characters(text string) int {
	n := 0
	for _, r := range strings.TrimSpace(text) {
		if !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			n++
		}
	}
	return n
}
