package rubric

import "slices"

// SignalStatus says where a signal stands at a level.
type SignalStatus string

const (
	NotAssessed SignalStatus = "NOT_ASSESSED" // nobody rated it; that is no low rating
	Thin        SignalStatus = "THIN"         // fewer interviewers did than the level asks for
	Disputed    SignalStatus = "DISPUTED"     // their ratings lie far apart and no two thirds agree about the bar
	MetBar      SignalStatus = "MET"          // the mean reaches the bar
	Near        SignalStatus = "NEAR"         // it is below by no more than the noise of raters
	Missed      SignalStatus = "MISSED"       // it is clearly below
)

// open reports whether more evidence would settle the signal.
func (s SignalStatus) open() bool { return s == NotAssessed || s == Thin || s == Disputed }

// tally is a weighted sum of distances from the bar.
type tally struct{ sum, weight int64 }

func (t *tally) add(weight int, distance int64) {
	t.sum += int64(weight) * distance
	t.weight += int64(weight)
}

func (t tally) negative() bool { return t.sum < 0 }

// mean is the weighted mean in rating points, nil over nothing.
func (t tally) mean(v *votes) *Ratio {
	if t.weight == 0 {
		return nil
	}
	mean := ratio(t.sum, t.weight*v.unit)
	return &mean
}

// criteria is what a level's verdict follows from. Sums are in units of votes.
type criteria struct {
	overall, own          tally // over assessed signals
	bestCase, bestCaseOwn tally // over all, with all that is open at its best
	covered, weight       int64 // weight of the signals with enough raters, and of all
	open                  bool  // some signal is
	gates                 map[SignalStatus]int
}

// level judges one level; parent is the result of the level that it extends,
// nil for a root.
func (in *FitInput) level(v *votes, level Level, setting LevelSetting, parent *LevelResult) LevelResult {
	signals := make([]SignalResult, 0, len(in.Edition.Signals))
	spread := newSpread(in.Policy, v)
	c := criteria{gates: make(map[SignalStatus]int, 6)}
	for i, signal := range in.Edition.Signals {
		demand, asked := signal.Effective(in.Ladder, level.Key)
		if !asked {
			continue
		}
		mode := signal.Mode(in.Ladder, level.Key)
		own := parent == nil || mode == Add || mode == Raise
		result, distance := in.signal(v, i, demand)
		result.Signal, result.OwnDemand = signal.Key, own
		signals = append(signals, result)

		best := distance
		if result.Status.open() {
			best = in.cap(v, v.unit*int64(in.Edition.ScaleMax)-v.units(demand.Bar))
			c.open = true
		}
		c.bestCase.add(demand.Weight, best)
		if own {
			c.bestCaseOwn.add(demand.Weight, best)
		}
		if result.Raters > 0 {
			c.overall.add(demand.Weight, distance)
			if own {
				c.own.add(demand.Weight, distance)
			}
		}
		if c.weight += int64(demand.Weight); result.Raters >= demand.MinimumRaters {
			c.covered += int64(demand.Weight)
		}
		if demand.MustHave {
			c.gates[result.Status]++
		}
		spread.add(v.of(i), demand, &signals[len(signals)-1])
	}
	l := LevelResult{
		Level:             level.Key,
		Margin:            c.overall.mean(v),
		OwnMargin:         c.own.mean(v),
		BestCaseMargin:    c.bestCase.mean(v),
		BestCaseOwnMargin: c.bestCaseOwn.mean(v),
		Coverage:          Ratio{0, 1},
		Signals:           signals,
	}
	if c.weight > 0 {
		l.Coverage = ratio(c.covered, c.weight)
	}
	in.judge(&l, c, parent, setting.CoverageMinimum, len(v.interviewers))
	in.confide(&l, spread, c, parent)
	return l
}

// signal finds the status of a signal at a level ("signal status") and its
// distance from the bar in units, surplus capped; 0 when not assessed.
func (in *FitInput) signal(v *votes, at int, demand Demand) (SignalResult, int64) {
	result := SignalResult{Status: NotAssessed, Bar: demand.Bar, MustHave: demand.MustHave,
		MinimumRaters: demand.MinimumRaters, Ratings: []Ratio{}}
	bar := v.units(demand.Bar)
	var sum, low, high, n, atBar int64
	for _, vote := range v.of(at) {
		if vote == 0 {
			continue
		}
		if n == 0 || vote < low {
			low = vote
		}
		high = max(high, vote)
		sum += vote
		if n++; vote >= bar {
			atBar++
		}
	}
	if n == 0 {
		return result, 0
	}
	mean := sum / n // without remainder: see votes
	distance := in.cap(v, mean-bar)
	numbers := make([]Ratio, 0, n+2)
	for _, vote := range v.of(at) {
		if vote != 0 {
			numbers = append(numbers, v.points(vote))
		}
	}
	slices.SortFunc(numbers, Ratio.compare)
	numbers = append(numbers, v.points(mean), v.points(distance))
	result.Raters = int(n)
	result.Ratings, result.Mean, result.Margin = numbers[:n:n], &numbers[n], &numbers[n+1]

	majority := 3*max(atBar, n-atBar) >= 2*n
	resolved := slices.Contains(in.Resolved, in.Edition.Signals[at].Key)
	switch {
	case result.Raters < demand.MinimumRaters:
		result.Status = Thin
	case high-low >= v.units(in.Policy.DisputeRange) && !resolved && !majority:
		result.Status = Disputed
	case mean >= bar:
		result.Status = MetBar
	case mean >= bar-v.units(in.Policy.NearTolerance):
		result.Status = Near
	default:
		result.Status = Missed
	}
	return result, distance
}

// cap limits a surplus; deficits count fully.
func (in *FitInput) cap(v *votes, distance int64) int64 {
	return min(distance, v.units(in.Policy.SurplusCap))
}
