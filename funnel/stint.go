package funnel

import "slices"

// day is a day in seconds.
const day = 24 * 60 * 60

// stint is how long somebody was in a stage and what ended it, in 32 bits that
// sort by time, who left before who was still there at the same time: seconds,
// up to 17 years, and an outcome.
type stint uint32

const (
	outcomeBits = 3
	stillThere  = 1<<outcomeBits - 1
	longest     = 1<<(32-outcomeBits) - 1
)

func newStint(micros int64, o outcome) stint {
	seconds := min(max(0, micros/1e6), longest)
	cause := stint(o)
	if o == open {
		cause = stillThere
	}
	return stint(seconds)<<outcomeBits | cause
}

func (s stint) days() float64  { return float64(s.seconds()) / day }
func (s stint) seconds() stint { return s >> outcomeBits }
func (s stint) cause() stint   { return s & stillThere }
func (s stint) left() bool     { return s.cause() != stillThere }

// pile is many stints in pieces, which need not be copied when it grows.
type pile struct {
	full [][]stint
	last []stint // is being filled
}

// The first piece of a pile is small, as most piles are; the largest fits into a
// processor's cache while it is filled.
const (
	firstPiece   = 1 << 4
	largestPiece = 1 << 14
)

func (p *pile) add(s stint) {
	if len(p.last) == cap(p.last) {
		if p.last != nil {
			p.full = append(p.full, p.last)
		}
		p.last = make([]stint, 0, min(max(firstPiece, 2*cap(p.last)), largestPiece))
	}
	p.last = append(p.last, s)
}

// take adds another pile, which is not to be added to any more.
func (p *pile) take(other *pile) {
	p.full = append(append(p.full, other.full...), other.last)
}

// sorted are the stints in ascending order. Many are sorted by digits of eleven
// bits, least significant first: several times faster than comparing.
func (p *pile) sorted() []stint {
	const few, digit = 1 << 10, 11
	pieces, n := append(p.full, p.last), 0
	for _, piece := range pieces {
		n += len(piece)
	}
	if n < few {
		out := slices.Concat(pieces...)
		slices.Sort(out)
		return out
	}
	var counts [3][1 << digit]int32
	for _, piece := range pieces {
		for _, s := range piece {
			counts[0][s&(1<<digit-1)]++
			counts[1][s>>digit&(1<<digit-1)]++
			counts[2][s>>(2*digit)]++
		}
	}
	out := make([]stint, n)
	from, to, spare := pieces, out, make([]stint, n)
	for d := range counts {
		var at int32
		for i, n := range counts[d] {
			counts[d][i], at = at, at+n
		}
		for _, piece := range from {
			for _, s := range piece {
				i := s >> (d * digit) & (1<<digit - 1)
				to[counts[d][i]] = s
				counts[d][i]++
			}
		}
		from, to, spare = [][]stint{to}, spare, to
	}
	return out
}
