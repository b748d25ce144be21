package rubric

// Mode says how a level's demand of a signal differs from that of the level
// which it extends.
type Mode string

const (
	Inherit  Mode = "INHERIT"  // as there
	Raise    Mode = "RAISE"    // a higher bar
	Reweight Mode = "REWEIGHT" // the same bar or a lower one, another weight or other terms
	Retire   Mode = "RETIRE"   // no longer asked
	Add      Mode = "ADD"      // asked here first
)

// Effective is what a level demands of the signal: what the edition says for
// the level, or else what the level that it extends demands. It reports false
// when the signal is not asked for, also when it was retired: then the demand
// still says what covers it.
func (s Signal) Effective(ladder Ladder, level string) (Demand, bool) {
	for steps := 0; level != "" && steps <= len(ladder.Levels); steps++ { // a draft may extend in a circle
		if own, ok := s.Demands[level]; ok {
			return own, !own.Retired()
		}
		l, _ := ladder.Level(level)
		level = l.Extends
	}
	return Demand{}, false
}

// Mode derives how the level's demand differs from the one of the level that it
// extends, for a signal that the edition asks for at either.
func (s Signal) Mode(ladder Ladder, level string) Mode {
	l, _ := ladder.Level(level)
	own, asked := s.Effective(ladder, level)
	parent, inherited := s.Effective(ladder, l.Extends)
	own.Expectation = parent.Expectation // wording makes no difference
	switch {
	case !asked:
		return Retire
	case !inherited:
		return Add
	case own.Bar > parent.Bar:
		return Raise
	case own != parent:
		return Reweight
	}
	return Inherit
}
