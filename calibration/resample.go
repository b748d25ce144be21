package calibration

import "math/rand/v2"

// atOnce is how many draws are summed up in one pass over the
// applications, which is what takes the time; it divides draws.
const atOnce = 4

// resampler draws as many applications as there are, with replacement, and sums
// their coincidences. It first counts how often each is drawn and then goes
// through them in order: fetching each from a random place takes ten times as
// long.
type resampler struct {
	meetings []meeting
	ends     []int // of each application's meetings
	// How often each application is drawn. A byte is enough: of 256 or more, one is
	// drawn 256 times once in 10^500 draws.
	counts [atOnce][]uint8
	sums   [atOnce]coincidences
	all    [][atOnce]float64 // the sums, cell by cell
}

func newResampler(meetings []meeting, ends []int, width int) *resampler {
	r := &resampler{meetings: meetings, ends: ends, all: make([][atOnce]float64, width)}
	for i := range atOnce {
		r.counts[i], r.sums[i] = make([]uint8, len(ends)), make(coincidences, width)
	}
	return r
}

// draw makes the draws from number first on. A draw depends on the seed and its
// number alone. The sums are valid until the next call.
func (r *resampler) draw(seed uint64, first int) []coincidences {
	for i, counts := range r.counts {
		count(counts, rand.NewPCG(seed, uint64(first+i)))
	}
	clear(r.all)
	start := 0
	for i, end := range r.ends {
		a, b, c, d := float64(r.counts[0][i]), float64(r.counts[1][i]), float64(r.counts[2][i]), float64(r.counts[3][i])
		for _, m := range r.meetings[start:end] {
			cell := &r.all[m.cell]
			cell[0] += a * m.times
			cell[1] += b * m.times
			cell[2] += c * m.times
			cell[3] += d * m.times
		}
		start = end
	}
	for i := range r.sums {
		for j := range r.all {
			r.sums[i][j] = r.all[j][i]
		}
	}
	return r.sums[:]
}

// count draws as many times as there are counts, with replacement. The bias of
// taking 32 random bits for one of n is below n in 2^32.
func count(counts []uint8, random *rand.PCG) {
	clear(counts)
	n := uint64(len(counts))
	for i := uint64(0); i < n; i += 2 {
		bits := random.Uint64()
		counts[bits>>32*n>>32]++
		if i+1 < n {
			counts[bits&0xffffffff*n>>32]++
		}
	}
}
