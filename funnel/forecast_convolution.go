package funnel

// convolution tells when applications are hired.
type convolution struct {
	days      int         // of the horizon, with day 0
	durations []LogNormal // by stage
	stays     [][]float64 // by stage: probability that a visit lasts so many days
	after     [][]float64 // by stage: that somebody is hired so many days after leaving it
	hired     [][]float64 // by stage: that somebody is hired so many days after entering it
}

// newConvolution follows who enters each stage on day 0 day by day: hired = stays
// * after, where after is being hired at once or entering another stage. Who
// stays for less than half a day goes on the same day, so that the equations of
// one day depend on each other; they are solved once for all days.
func newConvolution(in FillInput) *convolution {
	n, days := len(in.Durations), in.HorizonDays+1
	c := &convolution{days: days, durations: in.Durations, stays: table(n, 0), after: table(n, days), hired: table(n, days)}
	sameDay := table(n, n)
	for s, d := range in.Durations {
		c.stays[s] = d.wholeDays(days)
		for j, p := range in.Chain.Q[s] {
			sameDay[s][j] = c.stays[s][0] * p
		}
	}
	sameDay = inverseOfIMinus(sameDay)
	before := make([]float64, n)
	for t := range days {
		for s := range n {
			var sum float64
			stays, after := c.stays[s], c.after[s]
			for d := 1; d <= t; d++ {
				sum += stays[d] * after[t-d]
			}
			if t == 0 {
				sum = stays[0] * in.Chain.R[s][0]
			}
			before[s] = sum
		}
		for s, row := range sameDay {
			for j, v := range row {
				c.hired[s][t] += v * before[j]
			}
		}
		for s, row := range in.Chain.Q {
			for j, p := range row {
				c.after[s][t] += p * c.hired[j][t]
			}
			if t == 0 {
				c.after[s][t] += in.Chain.R[s][0]
			}
		}
	}
	return c
}

func table(rows, columns int) [][]float64 {
	t := make([][]float64, rows)
	for i := range t {
		t[i] = make([]float64, columns)
	}
	return t
}

// active calls found for each group of a stage's applications, the longest there
// first, with the probabilities that one of them is hired by each day; the slice
// holds until found returns.
//
// With a the days that somebody has been there, the probability of being hired on
// day t is c(a, t) / P(D ≥ a), where c(a, t) is the sum over j of P(D = a + j)
// after(t - j). Its first term apart, c(a, t) is c(a + 1, t - 1): each age follows
// from the next one.
func (c *convolution) active(stage int, groups []aged, found func(count int, by []float64)) {
	if len(groups) == 0 {
		return
	}
	stays, after := c.durations[stage].wholeDays(groups[0].days+c.days), c.after[stage]
	on, by := make([]float64, c.days), make([]float64, c.days)
	for i, g := range groups {
		if i == 0 || groups[i-1].days-g.days > c.days/2 {
			for t := range on {
				on[t] = 0
				for j := 0; j <= t; j++ {
					on[t] += stays[g.days+j] * after[t-j]
				}
			}
		} else {
			for a := groups[i-1].days - 1; a >= g.days; a-- {
				p := stays[a]
				for t := c.days - 1; t > 0; t-- {
					on[t] = on[t-1] + p*after[t]
				}
				on[0] = p * after[0]
			}
		}
		var sum float64
		for t, p := range on {
			sum += p
			by[t] = min(1, sum/g.probability)
		}
		found(g.count, by)
	}
}

// arrivals tells the mean number of hires by each day among those who begin in
// each stage at a daily rate from day 0 on.
func (c *convolution) arrivals(perDay []float64) []float64 {
	mean := make([]float64, c.days)
	for s, rate := range perDay {
		if rate == 0 {
			continue
		}
		var by, sum float64
		for t, p := range c.hired[s] {
			by += p
			sum += by // of those who began t days ago, t - 1, …
			mean[t] += rate * sum
		}
	}
	return mean
}

// hireCount is how many are hired by each day, as far as they are fewer than the
// seats.
type hireCount struct {
	seats int
	rows  []hireRow
	below []float64
}

// hireRow is the probability of exactly k hires for k from first up to its length;
// that of others is negligible.
type hireRow struct {
	first int
	pmf   []float64
}

// faint is a probability that a million of do not make a digit of one.
const faint = 1e-30

func newHireCount(days, seats int) *hireCount {
	h := &hireCount{seats: seats, rows: make([]hireRow, days), below: make([]float64, seats)}
	if seats == 0 {
		return h
	}
	room := make([]float64, days*seats)
	for t := range h.rows {
		h.rows[t].pmf = room[t*seats : t*seats+1 : (t+1)*seats]
		h.rows[t].pmf[0] = 1
	}
	return h
}

// add adds count applications of which each is hired by day t with probability
// by[t].
func (h *hireCount) add(count int, by []float64) {
	for t, q := range by {
		if q > 0 {
			h.rows[t].add(count, q)
		}
	}
}

func (r *hireRow) add(count int, q float64) {
	first, pmf := r.first, r.pmf
	for range count {
		if first == len(pmf) && len(pmf) == cap(pmf) {
			break // more than there are seats, for certain
		}
		if n := len(pmf); n < cap(pmf) && pmf[n-1]*q > faint {
			pmf = pmf[:n+1]
			pmf[n] = 0
		}
		try(pmf[first:], q)
		for first < len(pmf) && pmf[first] < faint {
			pmf[first] = 0
			first++
		}
	}
	r.first, r.pmf = first, pmf
}

// enough is the probability that at least as many are hired by day t as there are
// seats, when others are hired besides, with that mean.
func (h *hireCount) enough(t int, others float64) float64 {
	if h.seats == 0 {
		return 1
	}
	fillPoisson(h.below, others)
	return 1 - fewer(h.rows[t].pmf, h.below)
}
