package rubric

import (
	"maps"
	"slices"
)

// votes holds the one vote of each interviewer on each signal, in units of
// which a rating point has a whole number. The unit is chosen so that every
// vote, every mean and every bar is a whole number of units: sums and
// comparisons are then exact, and a tie at the bar is a tie.
type votes struct {
	interviewers []string       // those who rated anything, sorted: sums do not depend on the order of cards
	signals      map[string]int // position by key
	unit         int64          // units in a rating point
	votes        []int64        // by signal, then by interviewer; 0 for none
}

// leniencyUnit is the number of units of leniency in a rating point.
const leniencyUnit = 1_000_000

// mostUnits bounds units in a rating point: a weighted sum over a level
// stays within 63 bits. Only dozens of raters, a different number for each
// signal, come near it.
const mostUnits = int64(1) << 44

// count averages the ratings of each interviewer and signal into one vote
// ("counted scorecards": submitted or amended, no shadows). With leniencies,
// in leniencyUnits by interviewer, each vote is corrected by the interviewer's
// and kept on the scale. It reports false when there is no such unit.
func count(edition Edition, cards []Scorecard, leniency map[string]int64) (votes, bool) {
	v := votes{signals: make(map[string]int, len(edition.Signals)), unit: 100}
	for i, s := range edition.Signals {
		v.signals[s.Key] = i
	}
	people := map[string]int{}
	for _, card := range cards {
		if card.Counts() && slices.ContainsFunc(card.Ratings, func(r Rating) bool { return r.Rating != nil }) {
			people[card.Interviewer] = 0
		}
	}
	v.interviewers = slices.Sorted(maps.Keys(people))
	for i, person := range v.interviewers {
		people[person] = i
	}
	v.votes = make([]int64, len(edition.Signals)*len(people))
	times := make([]int64, len(v.votes))
	for _, card := range cards {
		if !card.Counts() {
			continue
		}
		for _, rating := range card.Ratings {
			if rating.Rating != nil {
				at := v.signals[rating.Signal]*len(people) + people[card.Interviewer]
				v.votes[at] += int64(*rating.Rating)
				times[at]++
			}
		}
	}
	if !v.chooseUnit(times, leniency != nil) {
		return votes{}, false
	}
	for at, n := range times {
		if n == 0 {
			continue
		}
		v.votes[at] *= v.unit / n
		if lenient, ok := leniency[v.interviewers[at%len(people)]]; ok {
			corrected := v.votes[at] - lenient*(v.unit/leniencyUnit)
			v.votes[at] = min(max(corrected, v.unit), int64(edition.ScaleMax)*v.unit)
		}
	}
	return v, true
}

// chooseUnit finds the unit: the number of raters of a signal times the number
// of ratings in a vote, or times that of units of leniency, divides a point.
func (v *votes) chooseUnit(times []int64, lenient bool) bool {
	people := len(v.interviewers)
	for from := 0; from < len(times); from += people {
		row := times[from : from+people]
		var raters int64
		for _, n := range row {
			if n > 0 {
				raters++
			}
		}
		for _, n := range row {
			if n > 0 && !v.divide(raters*n) {
				return false
			}
		}
		if lenient && raters > 0 && !v.divide(raters*leniencyUnit) {
			return false
		}
	}
	return true
}

// divide refines the unit so that n divides a rating point.
func (v *votes) divide(n int64) bool {
	factor := n / gcd(v.unit, n)
	if v.unit > mostUnits/factor {
		return false
	}
	v.unit *= factor
	return true
}

// of is the signal's row: a vote for each interviewer, 0 for none.
func (v *votes) of(signal int) []int64 {
	people := len(v.interviewers)
	return v.votes[signal*people : (signal+1)*people]
}

// units converts a bar.
func (v *votes) units(b Bar) int64 { return int64(b) * (v.unit / 100) }

// points converts units, as a fraction and as a float.
func (v *votes) points(units int64) Ratio  { return ratio(units, v.unit) }
func (v *votes) float(units int64) float64 { return float64(units) / float64(v.unit) }
