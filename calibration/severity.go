package calibration

import (
	"math"

	"hireloop/funnel"
)

// z95 is the quantile of the normal distribution that leaves 2.5 % above.
const z95 = 1.959963984540054

// settled is the change of a leniency, in rating points, below which it is known.
const settled = 1e-12

// severity is how lenient each rater is, by rank, as far as it is known.
//
// A rating is taken to be what the unit deserves plus the rater's leniency plus
// an error, and the leniencies are those that make the squares of the errors,
// plus Shrinkage times those of the leniencies, least. Taking out the units, each of
// which deserves the mean of its ratings less their raters' leniencies, leaves
// one equation a rater:
//
//	(units + Shrinkage - bond with oneself) leniency - sum of bond * leniency of others = surplus
//
// The matrix is positive definite.
type severity struct {
	pairs    []pair
	diagonal []float64
	surplus  []float64 // of ratings over the means of their units
	weight   []float64 // units + Shrinkage: what a change of a leniency is over
	groups   groups

	leniency []float64
	known    bool // whether the equations were solved
}

func (p *panel) severity(pairs []pair, g groups, shrinkage float64) *severity {
	s := &severity{
		pairs: pairs, groups: g,
		diagonal: make([]float64, p.raters), surplus: make([]float64, p.raters), weight: make([]float64, p.raters),
	}
	for i := range s.weight {
		s.diagonal[i], s.weight[i] = shrinkage, shrinkage
	}
	for _, u := range p.units {
		votes := p.of(u)
		var sum float64
		for _, v := range votes {
			sum += v.value
		}
		n := float64(len(votes))
		for _, v := range votes {
			s.surplus[v.rater] += v.value - sum/n
			s.diagonal[v.rater] += 1 - 1/n
			s.weight[v.rater]++
		}
	}
	s.leniency, s.known = s.solve()
	return s
}

// times writes the matrix times x into y.
func (s *severity) times(x, y []float64) {
	for i, d := range s.diagonal {
		y[i] = d * x[i]
	}
	for i := range s.pairs {
		q := &s.pairs[i]
		y[q.first] -= q.bond * x[q.second]
		y[q.second] -= q.bond * x[q.first]
	}
}

// solve finds the leniencies by conjugate gradients. Alternating between means
// of units and of raters comes to the same, but where Shrinkage is small and
// raters form long chains it takes millions of turns. A residual over the weight
// is what one such turn would still change.
func (s *severity) solve() (leniency []float64, known bool) {
	n := len(s.diagonal)
	x, residual := make([]float64, n), make([]float64, n)
	direction, image, scaled := make([]float64, n), make([]float64, n), make([]float64, n)
	const restarts = 20
	for range restarts {
		s.center(x)
		s.times(x, image)
		for i := range residual {
			residual[i] = s.surplus[i] - image[i]
		}
		if s.change(residual) < settled {
			return x, true
		}
		var length float64
		for i, r := range residual {
			scaled[i] = r / s.diagonal[i]
			direction[i] = scaled[i]
			length += r * scaled[i]
		}
		for range n + 10 {
			s.times(direction, image)
			step := length / dot(direction, image)
			for i := range x {
				x[i] += step * direction[i]
				residual[i] -= step * image[i]
				scaled[i] = residual[i] / s.diagonal[i]
			}
			// Rounding parts this residual from the true one, which the next turn of the
			// outer loop looks at.
			if s.change(residual) < settled/4 {
				break
			}
			next := dot(residual, scaled)
			for i := range direction {
				direction[i] = scaled[i] + next/length*direction[i]
			}
			length = next
		}
	}
	return x, false
}

// center makes the leniencies of each group of comparable raters sum to 0, as
// those of the solution do: adding a constant to all changes no error.
func (s *severity) center(x []float64) {
	sums := make([]float64, s.groups.n)
	for i, g := range s.groups.of {
		sums[g] += x[i]
	}
	for i, g := range s.groups.of {
		x[i] -= sums[g] / float64(s.groups.size[g])
	}
}

func (s *severity) change(residual []float64) float64 {
	var most float64
	for i, r := range residual {
		most = max(most, math.Abs(r)/s.weight[i])
	}
	return most
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// Leniency is by how many rating points an interviewer rates above (below, when
// negative) what others would on the same units, pulled towards 0 as long as
// little is known.
type Leniency struct {
	Figure
	Usable     bool   // whether it may correct other figures, which takes more than showing it
	UsableNote string // what is missing for that, in numbers
}

func (s *severity) of(rater int, c *comparison, m minima, model Model) Leniency {
	group := need{s.groups.size[s.groups.of[rater]], m.groupInterviewers, "interviewers in the group"}
	l := Leniency{UsableNote: missing(need{c.units, m.usableUnits, "units"}, need{c.applications, m.usableApplications, "applications"}, group)}
	var value *float64
	if s.known && c.units > 0 {
		value = &s.leniency[rater]
	}
	l.Figure = figure(value, "there is no stable solution",
		need{c.units, m.shownUnits, "units"}, need{c.applications, m.shownApplications, "applications"}, group)
	if value != nil && l.Sufficient {
		n := float64(c.units)
		half := z95 * model.ErrorSD / math.Sqrt(n*(1-n/float64(c.seats))+model.Shrinkage)
		l.Interval = &funnel.Interval{Low: *value - half, High: *value + half}
	}
	l.Usable = l.UsableNote == "" && l.Sufficient
	return l
}

// Leniencies are those that may correct other figures, by the interviewer's id.
func Leniencies(in Input, o Options) (map[string]float64, error) {
	d, err := prepare(&in, o)
	if err != nil {
		return nil, err
	}
	m := o.minima()
	usable := map[string]float64{}
	for rank, row := range d.rows {
		if l := d.severity.of(rank, &d.comparisons[rank], m, o.Model); l.Usable {
			usable[in.Interviewers[row].ID] = *l.Value
		}
	}
	return usable, nil
}
