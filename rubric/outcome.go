package rubric

import (
	"cmp"
	"slices"
)

// Outcome is what the fit suggests for the opening.
type Outcome string

const (
	HireAtTarget  Outcome = "HIRE_AT_TARGET_LEVEL"
	HireAtOther   Outcome = "HIRE_AT_OTHER_LEVEL"
	LacksEvidence Outcome = "INSUFFICIENT_EVIDENCE"
	NoHire        Outcome = "NO_HIRE"
)

// Attention is something that people must talk about before they decide.
type Attention string

const (
	DisputedSignal    Attention = "DISPUTED_SIGNAL"
	NearMissMustHave  Attention = "NEAR_MISS_MUST_HAVE"
	Contradictory     Attention = "CONTRADICTORY_RECOMMENDATIONS"
	Mismatch          Attention = "RECOMMENDATION_MISMATCH"
	CautionFlag       Attention = "RED_FLAG_CAUTION"
	UnconfirmedFlag   Attention = "RED_FLAG_UNCONFIRMED"
	SeveritySensitive Attention = "SEVERITY_SENSITIVE"
)

// suggestion is an outcome with the level that it is for, "" for none.
type suggestion struct {
	Outcome
	level     string
	alsoMeets []string
}

// outcome walks from the target level up or down ("outcome for target level
// and allowed levels").
func (in *FitInput) outcome(levels []LevelResult) suggestion {
	target := find(levels, in.Target)
	rank := func(key string) int { l, _ := in.Ladder.Level(key); return l.Rank }
	allowed := func(key string) bool { return slices.Contains(in.Allowed, key) }
	// met are the keys of the levels met that rank on this side of the target.
	met := func(side int) []string {
		keys := []string{}
		for _, l := range levels {
			if cmp.Compare(rank(l.Level), rank(in.Target)) == side && l.Verdict == Met {
				keys = append(keys, l.Level)
			}
		}
		return keys
	}
	switch target.Verdict {
	case Met:
		higher := met(+1)
		for _, key := range slices.Backward(higher) {
			if confidence := find(levels, key).Confidence; allowed(key) && confidence != nil && *confidence >= in.Policy.UpLevel {
				return suggestion{HireAtOther, key, higher}
			}
		}
		return suggestion{HireAtTarget, in.Target, higher}
	case Insufficient:
		return suggestion{LacksEvidence, "", met(-1)}
	}
	for _, l := range slices.Backward(levels) {
		if rank(l.Level) >= rank(in.Target) || !allowed(l.Level) {
			continue
		}
		switch l.Verdict {
		case Met:
			return suggestion{HireAtOther, l.Level, []string{}}
		case Insufficient:
			return suggestion{LacksEvidence, "", []string{}}
		}
	}
	return suggestion{NoHire, "", []string{}}
}

// attention lists what the debrief must discuss, about the level to hire at or
// else about the target.
func (in *FitInput) attention(fit Fit) []Attention {
	level := find(fit.Levels, fit.Level)
	if level == nil {
		level = find(fit.Levels, fit.Target)
	}
	list := []Attention{}
	add := func(applies bool, a Attention) {
		if applies {
			list = append(list, a)
		}
	}
	add(slices.ContainsFunc(level.Signals, func(s SignalResult) bool { return s.Status == Disputed }), DisputedSignal)
	add(slices.ContainsFunc(level.Signals, func(s SignalResult) bool { return s.MustHave && s.Status == Near }), NearMissMustHave)

	given := map[Recommendation]int{}
	caution, unconfirmed := false, false
	for _, card := range in.Cards {
		if !card.Counts() {
			continue
		}
		if card.Recommendation != NoDecision {
			given[card.Recommendation]++
		}
		for _, flag := range card.RedFlags {
			caution = caution || flag.Severity == Caution
			unconfirmed = unconfirmed || flag.Severity == Blocking && !flag.confirmed(card.Interviewer)
		}
	}
	negative, positive := given[StrongNo]+given[No], given[Yes]+given[StrongYes]
	all := negative + positive
	hire := fit.Level != ""
	add(given[StrongNo] > 0 && given[StrongYes] > 0, Contradictory)
	add(all > 0 && (hire && 2*negative >= all || fit.Outcome == NoHire && 2*positive > all), Mismatch)
	add(caution, CautionFlag)
	add(unconfirmed, UnconfirmedFlag)
	add(fit.Adjusted != nil && (fit.Adjusted.Outcome != fit.Outcome || fit.Adjusted.Level != fit.Level), SeveritySensitive)
	return list
}
