package rubric

import "slices"

// Verdict says whether a level is met.
type Verdict string

const (
	Met          Verdict = "MET"
	NotMet       Verdict = "NOT_MET"
	Insufficient Verdict = "INSUFFICIENT_EVIDENCE"
)

// Reason says why a level is not met, or not yet known to be.
type Reason string

const (
	RedFlagConfirmed   Reason = "RED_FLAG"             // a confirmed blocking red flag
	MustHaveMissed     Reason = "MUST_HAVE_MISSED"     // a gate is clearly missed
	TooManyNearMisses  Reason = "TOO_MANY_NEAR_MISSES" // more gates are just under their bars than the policy allows
	OverallBelowBar    Reason = "OVERALL_BELOW_BAR"
	OverallNeverAtBar  Reason = "OVERALL_BELOW_BAR_EVEN_IN_BEST_CASE"
	OwnBelowBar        Reason = "OWN_DEMANDS_BELOW_BAR"
	OwnNeverAtBar      Reason = "OWN_DEMANDS_BELOW_BAR_EVEN_IN_BEST_CASE"
	RedFlagUnconfirmed Reason = "RED_FLAG_UNCONFIRMED" // a blocking one waits for a second person
	MustHaveUncovered  Reason = "MUST_HAVE_UNCOVERED"  // too few interviewers rated a gate
	MustHaveDisputed   Reason = "MUST_HAVE_DISPUTED"   // they are at odds about a gate
	CoverageLow        Reason = "COVERAGE_LOW"
	TooFewInterviewers Reason = "TOO_FEW_INTERVIEWERS"
	ParentNotMet       Reason = "PARENT_LEVEL_NOT_MET"
	ParentUnknown      Reason = "PARENT_LEVEL_INSUFFICIENT_EVIDENCE"
)

// judge gives the level's verdict ("level criteria"). The order matters: a
// certain no must not be dressed up as a need for more interviews, and a
// good-looking mean must not hide missing evidence.
func (in *FitInput) judge(l *LevelResult, c criteria, parent *LevelResult, coverageMinimum, interviewers int) {
	blocked, unconfirmed := in.blocking(l)
	why := make([]Reason, 0, 4)
	add := func(applies bool, reason Reason) {
		if applies {
			why = append(why, reason)
		}
	}

	overall, own := OverallBelowBar, OwnBelowBar
	if c.open {
		overall, own = OverallNeverAtBar, OwnNeverAtBar
	}
	add(blocked, RedFlagConfirmed)
	add(c.gates[Missed] > 0, MustHaveMissed)
	add(in.Policy.MaxNearGates != nil && c.gates[Near] > *in.Policy.MaxNearGates, TooManyNearMisses)
	add(c.bestCase.negative(), overall)
	add(parent != nil && c.bestCaseOwn.negative(), own)
	if len(why) > 0 {
		l.Verdict, l.Reasons = NotMet, why
		return
	}

	add(unconfirmed, RedFlagUnconfirmed)
	add(c.gates[NotAssessed]+c.gates[Thin] > 0, MustHaveUncovered)
	add(c.gates[Disputed] > 0, MustHaveDisputed)
	add(100*c.covered < int64(coverageMinimum)*c.weight, CoverageLow)
	add(interviewers < in.Policy.MinInterviewers, TooFewInterviewers)
	if len(why) > 0 {
		l.Verdict, l.Reasons = Insufficient, why
		return
	}

	add(c.overall.negative(), OverallBelowBar)
	add(parent != nil && c.own.negative(), OwnBelowBar)
	if len(why) > 0 {
		l.Verdict, l.Reasons = NotMet, why
		return
	}

	l.Verdict = Met
	if parent != nil && parent.Verdict != Met {
		l.Verdict = parent.Verdict
		add(parent.Verdict == NotMet, ParentNotMet)
		add(parent.Verdict == Insufficient, ParentUnknown)
	}
	l.Reasons = why
}

// blocking reports whether blocking red flags that apply to the level were
// confirmed, and whether any wait for it. A red flag applies to the levels that
// ask for its signal; to all when no level does.
func (in *FitInput) blocking(l *LevelResult) (confirmed, unconfirmed bool) {
	for _, card := range in.Cards {
		if !card.Counts() {
			continue
		}
		for _, flag := range card.RedFlags {
			asked := slices.ContainsFunc(l.Signals, func(s SignalResult) bool { return s.Signal == flag.Signal })
			if flag.Severity != Blocking || !asked && in.Edition.has(flag.Signal) {
				continue
			}
			if flag.confirmed(card.Interviewer) {
				confirmed = true
			} else {
				unconfirmed = true
			}
		}
	}
	return confirmed, unconfirmed
}
