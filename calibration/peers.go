package calibration

import "math"

// noVariance is more than what rounding makes of a variance of 0, and less than
// that of a million ratings of which one differs.
const noVariance = 1e-12

// comparison is one rater's ratings of shared units against the means of the
// others.
type comparison struct {
	units        int
	applications int
	seats        int     // votes in those units, the rater's own included
	counts       []int   // own ratings, by category
	above        float64 // sum of own ratings less the others' means
	x, y         mean    // the others' means, own ratings
	together     float64 // sum of products of deviations
	last         int32   // application seen last
}

// mean is a mean and the sum of squared deviations from it, updated value by
// value without losing digits (B. P. Welford, 1962).
type mean struct {
	n             int
	mean, squares float64
}

func (m *mean) add(v float64) (before float64) {
	before = v - m.mean
	m.n++
	m.mean += before / float64(m.n)
	m.squares += before * (v - m.mean)
	return before
}

// variance is that of the values as they are, not of what they are a sample of.
func (m *mean) variance() float64 {
	if m.n == 0 {
		return 0
	}
	if v := m.squares / float64(m.n); v > noVariance {
		return v
	}
	return 0
}

// compare holds each rater, by rank, against the others.
func (p *panel) compare() []comparison {
	all := make([]comparison, p.raters)
	k := len(p.categories)
	counts := make([]int, p.raters*k)
	for i := range all {
		all[i].counts, all[i].last = counts[i*k:(i+1)*k:(i+1)*k], -1
	}
	for _, u := range p.units {
		votes := p.of(u)
		var sum float64
		for _, v := range votes {
			sum += v.value
		}
		for _, v := range votes {
			c := &all[v.rater]
			c.units++
			c.seats += len(votes)
			if c.last != u.application {
				c.last = u.application
				c.applications++
			}
			c.counts[p.category(v.value)]++
			others := (sum - v.value) / float64(len(votes)-1)
			c.above += v.value - others
			c.x.add(others)
			c.together += (others - c.x.mean) * c.y.add(v.value)
		}
	}
	return all
}

// correlation is Pearson's between others' means and own ratings, and slope what
// own ratings rise by when the others' rise by one point; nil when either side
// does not vary, or there are fewer than three units.
func (c *comparison) correlation() (r, slope *float64) {
	const least = 3
	x, y := c.x.variance(), c.y.variance()
	if c.units < least || x == 0 || y == 0 {
		return nil, nil
	}
	together := c.together / float64(c.units)
	coefficient, rise := together/math.Sqrt(x*y), together/x
	coefficient = min(1, max(-1, coefficient))
	return &coefficient, &rise
}

// Discrimination is whether an interviewer tells those apart whom others tell
// apart.
type Discrimination struct {
	R     Figure // Pearson's, of own ratings with the mean of the others'
	Slope Figure // own rating points for each of the others'
	// How much of the scale the interviewer uses.
	SD             Figure // of own ratings
	MostUsedShare  Figure // of own ratings that are the same
	StraightLining bool   // more than .8 are
}

func (c *comparison) discrimination(m minima) Discrimination {
	enough := need{c.units, m.discriminationUnits, "units"}
	r, slope := c.correlation()
	same := "takes three units, and neither own ratings nor the others' may all be the same"
	d := Discrimination{R: figure(r, same, enough), Slope: figure(slope, same, enough)}
	if c.units > 0 {
		sd, most := math.Sqrt(c.y.variance()), 0
		for _, n := range c.counts {
			most = max(most, n)
		}
		share := float64(most) / float64(c.units)
		d.SD, d.MostUsedShare = figure(&sd, "", enough), figure(&share, "", enough)
	} else {
		d.SD, d.MostUsedShare = figure(nil, "", enough), figure(nil, "", enough)
	}
	const straight = .8
	d.StraightLining = d.MostUsedShare.Sufficient && *d.MostUsedShare.Value > straight
	return d
}

// PeerDifference is how far an interviewer's ratings are above the mean of the
// others', units alone. The others' own severity is in it: it checks leniency
// for plausibility and replaces it nowhere.
type PeerDifference struct {
	Raw    Figure
	Shrunk Figure // pulled towards 0 as ten units without any difference would
}

func (c *comparison) difference(m minima) PeerDifference {
	const pull = 10
	enough := []need{{c.units, m.shownUnits, "units"}, {c.applications, m.shownApplications, "applications"}}
	var raw, shrunk *float64
	if c.units > 0 {
		n := float64(c.units)
		r := c.above / n
		s := r * n / (n + pull)
		raw, shrunk = &r, &s
	}
	return PeerDifference{figure(raw, noUnits, enough...), figure(shrunk, noUnits, enough...)}
}

// noUnits is said where a value would take some, and no minimum asks for them.
const noUnits = "no units"
