package rubric

import "math"

// Adjusted is what would come out if every interviewer were as lenient as the
// average one. It never replaces the fit: where the two differ, people should
// know that the outcome hangs on who happened to interview.
type Adjusted struct {
	Outcome Outcome       `json:"outcome"`
	Level   string        `json:"level"` // key; "" for none
	Levels  []LevelResult `json:"levels"`
}

// adjusted computes the fit again with each vote less its interviewer's
// leniency ("severity adjustment"), nil when none is known.
func (in *FitInput) adjusted() (*Adjusted, error) {
	if len(in.Leniency) == 0 {
		return nil, nil
	}
	most := float64(in.Policy.SeverityClamp) / 100
	leniency := make(map[string]int64, len(in.Leniency))
	for person, points := range in.Leniency {
		leniency[person] = int64(math.Round(min(max(points, -most), most) * leniencyUnit))
	}
	v, ok := count(in.Edition, in.Cards, leniency)
	if !ok {
		return nil, tooManyRaters()
	}
	levels := in.levels(&v)
	outcome := in.outcome(levels)
	return &Adjusted{outcome.Outcome, outcome.level, levels}, nil
}
