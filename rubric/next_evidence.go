package rubric

// Evidence is what one follow-up session should look for.
type Evidence struct {
	Signal       string       `json:"signal"` // key
	Why          SignalStatus `json:"why"`
	RatersNeeded int          `json:"ratersNeeded"` // further interviewers
}

// nextEvidence lists the level's contested gates: nearly met, in dispute, with
// too few raters, or missed by the word of two. A further rater on exactly
// these is what helps most to tell good candidates from others. Gates that
// nobody rated are none of a follow-up: the loop itself still owes them.
func nextEvidence(l *LevelResult) []Evidence {
	list := []Evidence{}
	for _, s := range l.Signals {
		if !s.MustHave {
			continue
		}
		needed := 0
		switch s.Status {
		case Near:
			needed = 1
		case Thin:
			needed = s.MinimumRaters - s.Raters
		case Disputed:
			needed = s.toMajority()
		case Missed:
			if s.Raters <= 2 {
				needed = 1
			}
		}
		if needed > 0 {
			list = append(list, Evidence{s.Signal, s.Status, needed})
		}
	}
	return list
}

// toMajority is the least number of further raters that can bring two thirds
// to one side of the bar.
func (s SignalResult) toMajority() int {
	atBar := 0
	for _, vote := range s.Ratings {
		if vote.compare(ratio(int64(s.Bar), 100)) >= 0 {
			atBar++
		}
	}
	return 2*s.Raters - 3*max(atBar, s.Raters-atBar)
}
