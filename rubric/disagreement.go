package rubric

import "slices"

// SignalDisagreement is how far apart interviewers are about one signal.
type SignalDisagreement struct {
	Signal   string   `json:"signal"`   // key
	Votes    []Vote   `json:"votes"`    // one of each interviewer who rated it, by interviewer
	Mean     Ratio    `json:"mean"`     // of the votes
	Range    Ratio    `json:"range"`    // highest less lowest vote
	AtOdds   bool     `json:"atOdds"`   // the range is that of a dispute, whether or not most agree about some level's bar
	Outliers []string `json:"outliers"` // interviewers whose vote stands out
}

// Vote is what an interviewer says of a signal: the mean of the interviewer's
// ratings of it, in rating points.
type Vote struct {
	Interviewer string `json:"interviewer"` // id
	Rating      Ratio  `json:"rating"`
}

// outlierDistance is how far a vote that stands out lies from the mean of the
// others: the next rating of the scale is no outlier.
const outlierDistance Bar = 150

// Disagreement is, of each signal that anybody rated, who said what and whose
// vote lies a point and a half or more from the mean of the others', where
// there are at least two others. Only cards that count are read. Signals stand
// in the edition's order. It returns a fault.List for cards that are not of the
// edition, as LevelFit does.
func Disagreement(edition Edition, cards []Scorecard) ([]SignalDisagreement, error) {
	var c checker
	c.cards(edition, cards)
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	v, ok := count(edition, cards, nil)
	if !ok {
		return nil, tooManyRaters()
	}
	list := []SignalDisagreement{}
	for i, signal := range edition.Signals {
		if d, rated := v.disagreement(i); rated {
			d.Signal = signal.Key
			list = append(list, d)
		}
	}
	return list, nil
}

// disagreement reports false when nobody rated the signal.
func (v *votes) disagreement(signal int) (SignalDisagreement, bool) {
	row := v.of(signal)
	d := SignalDisagreement{Votes: []Vote{}, Outliers: []string{}}
	var sum, n int64
	for i, vote := range row {
		if vote != 0 {
			sum += vote
			n++
			d.Votes = append(d.Votes, Vote{v.interviewers[i], v.points(vote)})
		}
	}
	if n == 0 {
		return d, false
	}
	given := slices.DeleteFunc(slices.Clone(row), func(vote int64) bool { return vote == 0 })
	distance := slices.Max(given) - slices.Min(given)
	d.Mean, d.Range = v.points(sum/n), v.points(distance) // without remainder: see votes
	d.AtOdds = distance >= v.units(StandardPolicy().DisputeRange)
	for i, vote := range row {
		others := n - 1
		if vote == 0 || others < 2 {
			continue
		}
		// Times others, so that their mean is a whole number.
		away := vote*others - (sum - vote)
		if max(away, -away) >= v.units(outlierDistance)*others {
			d.Outliers = append(d.Outliers, v.interviewers[i])
		}
	}
	return d, true
}
