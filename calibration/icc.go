package calibration

// variances are the mean squares of a one-way analysis: what differs between
// units, and what differs between the ratings of one.
type variances struct {
	between, within float64
	size            float64 // of a unit, as if all had the same number of ratings
}

// analyse takes the ratings' variance apart; false with fewer than two units.
func (p *panel) analyse() (variances, bool) {
	if len(p.units) < 2 {
		return variances{}, false
	}
	var sum, all, squares float64
	means := make([]float64, len(p.units))
	for i, u := range p.units {
		votes := p.of(u)
		var of float64
		for _, v := range votes {
			of += v.value
		}
		n := float64(len(votes))
		means[i] = of / n
		sum, all, squares = sum+of, all+n, squares+n*n
	}
	var between, within float64
	mean, units := sum/all, float64(len(p.units))
	for i, u := range p.units {
		votes := p.of(u)
		between += float64(len(votes)) * (means[i] - mean) * (means[i] - mean)
		for _, v := range votes {
			within += (v.value - means[i]) * (v.value - means[i])
		}
	}
	return variances{between / (units - 1), within / (all - units), (all - squares/all) / (units - 1)}, true
}

// one is the reliability of a single rating, ICC(1) of Shrout and Fleiss; nil
// when all ratings are the same. It is negative when units differ less than the
// ratings of one do.
func (v variances) one() *float64 {
	all := v.between + (v.size-1)*v.within
	if all == 0 {
		return nil
	}
	r := (v.between - v.within) / all
	return &r
}

// mean is the reliability of a unit's mean rating, ICC(1,k); nil when the units'
// means are the same.
func (v variances) mean() *float64 {
	if v.between == 0 {
		return nil
	}
	r := (v.between - v.within) / v.between
	return &r
}

// SpearmanBrown is how reliable the mean of so many raters is when one of them
// has this reliability, from 0 to 1.
func SpearmanBrown(one float64, raters int) float64 {
	k := float64(raters)
	return k * one / (1 + (k-1)*one)
}

// Projection is how reliable the mean of so many raters would be.
type Projection struct {
	Raters      int
	Reliability float64
}

// projections are for up to as many raters as a signal can be asked of; none
// when one rater has no reliability that more could add to.
func projections(one *float64) []Projection {
	if one == nil || *one < 0 {
		return nil
	}
	const most = 6
	var all []Projection
	for k := 1; k <= most; k++ {
		all = append(all, Projection{k, SpearmanBrown(*one, k)})
	}
	return all
}
