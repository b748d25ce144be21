package rubric

import "math"

// Confidence classes the confidence in a verdict.
type Confidence string

const (
	High   Confidence = "HIGH"
	Medium Confidence = "MEDIUM"
	Low    Confidence = "LOW"
)

// Criteria that a WeakestLink names, beside gates.
const (
	Overall    = "OVERALL"
	OwnDemands = "OWN_DEMANDS"
)

// The confidence model ("confidence") pools partially: the true value of a
// signal is normal around the prior, each rating adds normal noise. A
// bootstrap would be degenerate with two to five ratings.

// posterior is what n votes with this sum, in points, say of the true value:
// its mean, and the square root of its precision.
func (p Policy) posterior(n int, sum float64) (mean, sharpness float64) {
	prior, each := 1/(p.PriorSD*p.PriorSD), 1/(p.NoiseSD*p.NoiseSD)
	precision := prior + float64(n)*each
	return (p.PriorMean*prior + sum*each) / precision, math.Sqrt(precision)
}

// phi is the cumulative standard normal distribution.
func phi(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// spread gathers the uncertainty of a level's criteria.
type spread struct {
	policy       Policy
	v            *votes
	overall, own variance
	weakest      link // the least certain gate that was rated
}

// variance gathers that of a weighted sum of means. Noise is split into what
// each rating has of its own and the severity that all ratings of an
// interviewer share, which stops many ratings by one person looking like many
// opinions. Weights are not divided by their sum: see probability.
type variance struct {
	noise    float64   // sum of w²/n over signals
	severity []float64 // for each interviewer, sum of w/n over the signals rated
}

func newSpread(policy Policy, v *votes) spread {
	people := len(v.interviewers)
	shares := make([]float64, 2*people)
	return spread{policy: policy, v: v,
		overall: variance{severity: shares[:people]}, own: variance{severity: shares[people:]}}
}

// add takes in a signal of the level, and gives its result the probability
// that the true value reaches the bar.
func (s *spread) add(row []int64, demand Demand, signal *SignalResult) {
	if signal.Raters == 0 {
		return
	}
	s.overall.add(row, demand.Weight, signal.Raters)
	if signal.OwnDemand {
		s.own.add(row, demand.Weight, signal.Raters)
	}
	var sum int64
	for _, vote := range row {
		sum += vote
	}
	bar := float64(demand.Bar) / 100
	mean, sharpness := s.policy.posterior(signal.Raters, s.v.float(sum))
	meets := phi((mean - bar) * sharpness)
	signal.PMeets = &meets
	if !demand.MustHave {
		return
	}
	passes := phi((mean - bar + float64(s.policy.NearTolerance)/100) * sharpness)
	s.weakest = s.weakest.or(link{signal.Signal, passes})
}

// link is a criterion with the probability that it is fulfilled.
type link struct {
	criterion   string // "" for none
	probability float64
}

// or is the weaker of two links; of equal ones the first by name.
func (l link) or(other link) link {
	if l.criterion == "" || other.probability < l.probability ||
		other.probability == l.probability && other.criterion < l.criterion {
		return other
	}
	return l
}

func (x *variance) add(row []int64, weight, raters int) {
	share := float64(weight) / float64(raters)
	x.noise += float64(weight) * share
	for i, vote := range row {
		if vote != 0 {
			x.severity[i] += share
		}
	}
}

// probability is that of a margin not being negative, Phi(D/sqrt V). The sum of
// weights would divide D and sqrt V alike.
func (s *spread) probability(x variance, t tally) float64 {
	shared := s.policy.SeveritySD * s.policy.SeveritySD
	total := (s.policy.NoiseSD*s.policy.NoiseSD - shared) * x.noise
	for _, sum := range x.severity {
		total += shared * sum * sum
	}
	return phi(s.v.float(t.sum) / math.Sqrt(total))
}

// confide gives the level its weakest link and the confidence in its verdict.
// The weakest link is the level's own; the parent's confidence bounds that in
// a level that is met, too.
func (in *FitInput) confide(l *LevelResult, s spread, c criteria, parent *LevelResult) {
	weakestLink := s.weakest
	if c.overall.weight > 0 {
		weakestLink = weakestLink.or(link{Overall, s.probability(s.overall, c.overall)})
	}
	if parent != nil && c.own.weight > 0 {
		weakestLink = weakestLink.or(link{OwnDemands, s.probability(s.own, c.own)})
	}
	l.WeakestLink = weakestLink.criterion

	confidence := weakestLink.probability
	switch {
	case l.WeakestLink == "" || l.Verdict == Insufficient || l.decidedByRedFlag(parent):
		return
	case l.Verdict == NotMet:
		confidence = 1 - confidence
	case parent != nil && parent.Confidence != nil:
		confidence = min(confidence, *parent.Confidence)
	}
	l.Confidence = &confidence
	switch {
	case confidence >= in.Policy.High:
		l.ConfidenceClass = High
	case confidence >= in.Policy.Medium:
		l.ConfidenceClass = Medium
	default:
		l.ConfidenceClass = Low
	}
}

// decidedByRedFlag reports whether a red flag made the verdict, at the level or
// at one that it extends: arithmetic has no confidence to give for that.
func (l *LevelResult) decidedByRedFlag(parent *LevelResult) bool {
	for _, reason := range l.Reasons {
		if reason == RedFlagConfirmed || reason == ParentNotMet && parent.Confidence == nil {
			return true
		}
	}
	return false
}
