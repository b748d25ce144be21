package calibration

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// HaloCaveat is to stand beside every halo index that is shown.
const HaloCaveat = "True halo and error halo cannot be told apart: an even card may describe an even candidate. It is a question for coaching, never a target."

// spread is how the ratings of one card vary, each measured in deviations from
// its signal's mean.
type spread = mean

// Halo is how even an interviewer's cards are: 1 when each card's ratings are
// all the same, 0 when they differ within cards as much as between them.
type Halo struct {
	Index      Figure
	Percentile Figure // from 0 to 100, among the interviewers with an index
	Cards      int    // with enough rated signals
}

// spreads are how each card's ratings vary, by its position. A signal that
// everybody rates the same says nothing and is left out. Answers are in order,
// so that each card's come in the order of kinds.
func spreads(answers []answer, kinds, cards int) []spread {
	totals := make([]struct{ n, sum, squares int64 }, kinds) // whole numbers: exact in any order
	for _, a := range answers {
		t, v := &totals[a.kind()], int64(a.value)
		t.n, t.sum, t.squares = t.n+1, t.sum+v, t.squares+v*v
	}
	usual := make([]struct{ mean, sd float64 }, kinds)
	for i, t := range totals {
		if n := float64(t.n); n > 0 {
			usual[i].mean, usual[i].sd = float64(t.sum)/n, math.Sqrt(float64(t.n*t.squares-t.sum*t.sum))/n
		}
	}
	all := make([]spread, cards)
	for _, a := range answers {
		if u := usual[a.kind()]; u.sd > 0 {
			all[a.card].add((float64(a.value) - u.mean) / u.sd)
		}
	}
	return all
}

// haloIndex is the share of the variance that is between cards; nil when there
// is none at all. The order of the cards does not matter, to the last bit.
func haloIndex(cards []spread) *float64 {
	slices.SortFunc(cards, func(a, b spread) int {
		return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.mean, b.mean), cmp.Compare(a.squares, b.squares))
	})
	var n, sum, within, between float64
	for _, c := range cards {
		n += float64(c.n)
		sum += float64(c.n) * c.mean
		within += c.squares
	}
	for _, c := range cards {
		between += float64(c.n) * (c.mean - sum/n) * (c.mean - sum/n)
	}
	if within+between <= noVariance*n {
		return nil
	}
	h := between / (within + between)
	return &h
}

// halos are those of all raters, by rank.
func (p *panel) halos(in *Input, raters []int32, m minima) []Halo {
	cards := make([][]spread, p.raters)
	for i, s := range p.cards {
		if s.n >= max(1, m.haloSignals) {
			rater := raters[in.Cards[i].Interviewer]
			cards[rater] = append(cards[rater], s)
		}
	}
	all := make([]Halo, p.raters)
	var known []float64
	for rater := range all {
		h := &all[rater]
		h.Cards = len(cards[rater])
		var index *float64
		if h.Cards > 0 {
			index = haloIndex(cards[rater])
		}
		h.Index = figure(index, "all ratings are as usual for their signal", need{h.Cards, m.haloCards, fmt.Sprintf("cards with %d rated signals", m.haloSignals)})
		if h.Index.Value != nil {
			known = append(known, *h.Index.Value)
		}
	}
	slices.Sort(known)
	for rater := range all {
		h := &all[rater]
		if h.Index.Value == nil {
			h.Percentile = Figure{Note: h.Index.Note}
			continue
		}
		below, _ := slices.BinarySearch(known, *h.Index.Value)
		same := 0
		for _, v := range known[below:] {
			if v != *h.Index.Value {
				break
			}
			same++
		}
		percentile := 100 * (float64(below) + float64(same)/2) / float64(len(known))
		h.Percentile = figure(&percentile, "", need{len(known), m.haloComparisons, "interviewers with an index"})
	}
	return all
}
