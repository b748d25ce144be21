package rubric

// LevelChange is how the demands of one signal differ between two levels.
type LevelChange struct {
	Signal string `json:"signal"` // key
	// Kinds are SIGNAL_ASKED or SIGNAL_DROPPED alone, or any of BAR_RAISED,
	// BAR_LOWERED, WEIGHT_CHANGED, GATE_ADDED, GATE_DROPPED,
	// MINIMUM_RATERS_RAISED, MINIMUM_RATERS_LOWERED and EXPECTATION_CHANGED, in
	// this order.
	Kinds      []ChangeKind `json:"kinds"`
	From       *Demand      `json:"from"`       // in effect; nil when the level does not ask for it
	To         *Demand      `json:"to"`         // likewise
	SubsumedBy string       `json:"subsumedBy"` // key of the signal that covers a dropped one; "" when none is named
}

// LevelDiff says what one level demands otherwise than another of the same
// edition, for each signal that differs, in the edition's order. Any two levels
// may be compared, below, above or beside each other. It returns a fault.List,
// with the paths "from" and "to", for levels that the edition has not.
func LevelDiff(ladder Ladder, edition Edition, from, to string) ([]LevelChange, error) {
	var c checker
	c.level(edition, "from", from)
	c.level(edition, "to", to)
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	changes := []LevelChange{}
	for _, signal := range edition.Signals {
		was, asked := signal.Effective(ladder, from)
		is, stillAsked := signal.Effective(ladder, to)
		change := LevelChange{Signal: signal.Key}
		if asked {
			change.From = &was
		}
		if stillAsked {
			change.To = &is
		}
		switch {
		case asked && stillAsked:
			for _, term := range terms(was, is) {
				change.Kinds = append(change.Kinds, term.Kind)
			}
		case asked:
			change.Kinds, change.SubsumedBy = []ChangeKind{SignalDropped}, is.SubsumedBy
		case stillAsked:
			change.Kinds = []ChangeKind{SignalAsked}
		}
		if len(change.Kinds) > 0 {
			changes = append(changes, change)
		}
	}
	return changes, nil
}
