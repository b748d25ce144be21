package calibration

import (
	"runtime"
	"slices"
	"sync"

	"hireloop/funnel"
)

// Reading is what an alpha allows to be done with single ratings.
type Reading string

const (
	Reliable   Reading = "RELIABLE"   // from .8
	Tentative  Reading = "TENTATIVE"  // from .667
	Unreliable Reading = "UNRELIABLE" // nobody should lean on a single rating
)

// Read says what an alpha allows (K. Krippendorff's customary thresholds).
func Read(alpha float64) Reading {
	switch {
	case alpha >= .8:
		return Reliable
	case alpha >= .667:
		return Tentative
	}
	return Unreliable
}

// coincidences are how often values meet within units: an application's, or the
// sum of many. Of k values it holds how many ratings have each, then for each
// two different ones how often they meet, a unit of m ratings counting as
// m instead of m(m-1) meetings.
type coincidences []float64

// cell is where two values, the first smaller, meet among k.
func cell(k, low, high int) int { return k + low*(2*k-low-1)/2 + high - low - 1 }

func cells(k int) int { return k * (k + 1) / 2 }

// alpha is Krippendorff's for ordinal values; nil when all ratings are the same.
func (c coincidences) alpha(k int) *float64 {
	counts, meetings := c[:k], c[k:]
	var all, observed, expected float64
	for low := range counts {
		all += counts[low]
		between := counts[low] / 2
		for high := low + 1; high < k; high++ {
			// As far apart as there are ratings between them, half of their own included.
			distance := between + counts[high]/2
			between += counts[high]
			observed += meetings[0] * distance * distance
			expected += counts[low] * counts[high] * distance * distance
			meetings = meetings[1:]
		}
	}
	if expected <= 0 {
		return nil
	}
	a := 1 - (all-1)*observed/expected
	return &a
}

// meeting is one cell of an application's coincidences that is not 0.
type meeting struct {
	cell  int32
	times float64
}

// meetings are the coincidences of each application that has a unit, one after
// the other, and where each one's end. Cells that are 0 are left out: means of
// two or three ratings make many values, of which an application has few.
func (p *panel) meetings() (all []meeting, ends []int) {
	k := len(p.categories)
	sum, touched := make(coincidences, cells(k)), make([]int32, 0, cells(k))
	add := func(cell int, times float64) {
		if sum[cell] == 0 {
			touched = append(touched, int32(cell))
		}
		sum[cell] += times
	}
	of := make([]int, 0, 16)
	for i, u := range p.units {
		votes := p.of(u)
		of = of[:0]
		for _, v := range votes {
			of = append(of, p.category(v.value))
		}
		slices.Sort(of)
		others := float64(len(of) - 1)
		for at, low := range of {
			add(low, 1)
			for _, high := range of[at+1:] {
				if high > low {
					add(cell(k, low, high), 1/others)
				}
			}
		}
		if i+1 == len(p.units) || p.units[i+1].application != u.application {
			slices.Sort(touched)
			for _, c := range touched {
				all = append(all, meeting{c, sum[c]})
				sum[c] = 0
			}
			touched, ends = touched[:0], append(ends, len(all))
		}
	}
	return all, ends
}

// category is the place of a vote's value in categories.
func (p *panel) category(value float64) int {
	if i := uint8(value); float64(i) == value {
		return int(p.whole[i])
	}
	at, _ := slices.BinarySearch(p.categories, value)
	return at
}

// draws is how often the applications are drawn anew for an interval.
const draws = 1000

// alpha is the ordinal alpha of the panel, and between what it lies in 95 of 100
// sets of as many applications, drawn from these with replacement. Whole
// applications are drawn, because one candidate's units are not independent.
// Draws in which all ratings are the same are left out.
func (p *panel) alpha(seed uint64) (*float64, *funnel.Interval) {
	k := len(p.categories)
	if k < 2 {
		return nil, nil
	}
	meetings, ends := p.meetings()
	total := make(coincidences, cells(k))
	for _, m := range meetings {
		total[m.cell] += m.times
	}
	drawn := make([]*float64, draws)
	workers := runtime.GOMAXPROCS(0)
	var done sync.WaitGroup
	for w := range workers {
		done.Go(func() {
			r := newResampler(meetings, ends, len(total))
			for first := w * atOnce; first < draws; first += workers * atOnce {
				for i, sum := range r.draw(seed, first) {
					drawn[first+i] = sum.alpha(k)
				}
			}
		})
	}
	done.Wait()
	var alphas []float64
	for _, a := range drawn {
		if a != nil {
			alphas = append(alphas, *a)
		}
	}
	if len(alphas) == 0 {
		return total.alpha(k), nil
	}
	slices.Sort(alphas)
	return total.alpha(k), &funnel.Interval{Low: *funnel.Quantile(alphas, .025), High: *funnel.Quantile(alphas, .975)}
}
