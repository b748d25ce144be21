package rubric

import (
	"fmt"
	"strings"
)

// Explain says in one sentence what the fit found and why, level by level. It
// is derived from the fit and never stored as truth.
func (f Fit) Explain(ladder Ladder, edition Edition) string {
	parts := make([]string, len(f.Levels))
	for i, l := range f.Levels {
		parts[i] = f.explainLevel(ladder, edition, l)
	}
	return strings.Join(parts, "; ") + "."
}

func (f Fit) explainLevel(ladder Ladder, edition Edition, l LevelResult) string {
	level, _ := ladder.Level(l.Level)
	if l.Verdict == Met {
		return fmt.Sprintf("%s met (margin %s, weakest link %s, %s)",
			level.Name, signed(l.Margin), edition.criterion(l.WeakestLink), l.ConfidenceClass)
	}
	parent, _ := ladder.Level(level.Extends)
	// signals names those in one of the states, of gates, each in its own way.
	signals := func(say func(SignalResult) string, states ...SignalStatus) string {
		var named []string
		for _, s := range l.Signals {
			for _, state := range states {
				if s.MustHave && s.Status == state {
					named = append(named, say(s))
				}
			}
		}
		return strings.Join(named, ", ")
	}
	name := func(s SignalResult) string { return edition.criterion(s.Signal) }
	distance := func(s SignalResult) string {
		return fmt.Sprintf("%s %.2f under %.2f", name(s), s.Mean.Float64(), float64(s.Bar)/100)
	}
	raters := func(s SignalResult) string {
		return fmt.Sprintf("%s (%d of %d raters)", name(s), s.Raters, s.MinimumRaters)
	}

	why := make([]string, len(l.Reasons))
	for i, reason := range l.Reasons {
		switch reason {
		case RedFlagConfirmed:
			why[i] = "a confirmed red flag"
		case MustHaveMissed:
			why[i] = signals(distance, Missed) + " (clear miss)"
		case TooManyNearMisses:
			why[i] = "too many near misses: " + signals(distance, Near)
		case OverallBelowBar:
			why[i] = "margin " + signed(l.Margin)
		case OverallNeverAtBar:
			why[i] = "margin at best " + signed(l.BestCaseMargin)
		case OwnBelowBar:
			why[i] = "own demands " + signed(l.OwnMargin)
		case OwnNeverAtBar:
			why[i] = "own demands at best " + signed(l.BestCaseOwnMargin)
		case RedFlagUnconfirmed:
			why[i] = "a red flag to be confirmed"
		case MustHaveUncovered:
			why[i] = signals(raters, NotAssessed, Thin)
		case MustHaveDisputed:
			why[i] = "raters at odds about " + signals(name, Disputed)
		case CoverageLow:
			why[i] = fmt.Sprintf("%.0f %% covered", 100*l.Coverage.Float64())
		case TooFewInterviewers:
			why[i] = fmt.Sprintf("too few interviewers (%d)", f.Interviewers)
		case ParentNotMet:
			why[i] = parent.Name + " is not met"
		case ParentUnknown:
			why[i] = parent.Name + " lacks evidence"
		}
	}
	verdict := "not met"
	if l.Verdict == Insufficient {
		verdict = "lacks evidence"
	}
	return fmt.Sprintf("%s %s: %s", level.Name, verdict, strings.Join(why, "; "))
}

// criterion is the name of what a weakest link or a signal's key refers to.
func (e Edition) criterion(key string) string {
	switch key {
	case Overall:
		return "overall margin"
	case OwnDemands:
		return "own demands"
	}
	for _, s := range e.Signals {
		if s.Key == key {
			return s.Name
		}
	}
	return key
}

// signed shows a margin to two places: one that is below zero by less keeps
// its sign.
func signed(r *Ratio) string {
	if r == nil {
		return "unknown"
	}
	return fmt.Sprintf("%+.2f", r.Float64())
}
