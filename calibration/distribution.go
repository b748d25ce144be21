package calibration

import (
	"fmt"
	"slices"

	"hireloop/funnel"
)

// Distribution is how a figure is spread over interviewers, of whom none is
// named; nil quartiles below five of them.
type Distribution struct {
	Interviewers         int // who have the figure; 0 when there are fewer than five
	Lower, Median, Upper *float64
	Sufficient           bool
	Note                 string
}

// Distributions are what may be seen by who may not see rows with names.
type Distributions struct {
	Leniency          Distribution
	PeerDifference    Distribution // shrunk
	Discrimination    Distribution // r
	SD                Distribution
	MostUsedShare     Distribution
	Halo              Distribution // index
	OnTimeRate        Distribution
	Latency           Distribution
	InterviewsPerWeek Distribution // of those who could interview
	Agreement         Distribution
	PairKappa         Distribution // over interviewers: the median of each one's pairs
}

func distribution(values []float64, m minima) Distribution {
	if len(values) == 0 || len(values) < m.distributionInterviewers {
		// How many there are of so few would help to recognise them.
		return Distribution{Note: fmt.Sprintf("fewer than %d interviewers have it", m.distributionInterviewers)}
	}
	slices.Sort(values)
	d := Distribution{Interviewers: len(values), Sufficient: true}
	d.Lower, d.Median, d.Upper = funnel.Quantile(values, .25), funnel.Quantile(values, .5), funnel.Quantile(values, .75)
	return d
}

func distributions(profiles []Profile, pairs []Pair, m minima) Distributions {
	over := func(figure func(*Profile) *float64) Distribution {
		var values []float64
		for i := range profiles {
			if v := figure(&profiles[i]); v != nil {
				values = append(values, *v)
			}
		}
		return distribution(values, m)
	}
	return Distributions{
		Leniency:       over(func(p *Profile) *float64 { return p.Leniency.Value }),
		PeerDifference: over(func(p *Profile) *float64 { return p.PeerDifference.Shrunk.Value }),
		Discrimination: over(func(p *Profile) *float64 { return p.Discrimination.R.Value }),
		SD:             over(func(p *Profile) *float64 { return p.Discrimination.SD.Value }),
		MostUsedShare:  over(func(p *Profile) *float64 { return p.Discrimination.MostUsedShare.Value }),
		Halo:           over(func(p *Profile) *float64 { return p.Halo.Index.Value }),
		OnTimeRate:     over(func(p *Profile) *float64 { return p.Timeliness.Rate.Value }),
		Latency:        over(func(p *Profile) *float64 { return p.Timeliness.Latency.Value }),
		InterviewsPerWeek: over(func(p *Profile) *float64 {
			if !p.Eligible {
				return nil
			}
			return &p.Timeliness.InterviewsPerWeek
		}),
		Agreement: over(func(p *Profile) *float64 { return p.Agreement.Share }),
		PairKappa: distribution(medianKappas(pairs), m),
	}
}

// medianKappas are one for each interviewer who has a pair with a kappa, so that
// one interviewer of many pairs cannot stand for five.
func medianKappas(pairs []Pair) []float64 {
	of := map[string][]float64{}
	for i := range pairs {
		if k := pairs[i].Kappa.Value; k != nil {
			of[pairs[i].First] = append(of[pairs[i].First], *k)
			of[pairs[i].Second] = append(of[pairs[i].Second], *k)
		}
	}
	var medians []float64
	for _, kappas := range of {
		slices.Sort(kappas)
		medians = append(medians, *funnel.Quantile(kappas, .5))
	}
	return medians
}
