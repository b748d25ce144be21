package funnel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// However many there are, and however they came together, they are sorted.
func TestPilesAreSorted(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 2, firstPiece, firstPiece + 1, 1000, 1023, 1024, 1025, 5000, 3*largestPiece + 7} {
		for _, below := range []uint32{1, 2, 1 << 11, 1 << 12, 1 << 23, 1<<32 - 1} {
			var piles [3]pile
			var want []stint
			for range n {
				s := stint(random.Uint32N(below))
				want = append(want, s)
				piles[random.IntN(len(piles))].add(s)
			}
			piles[0].take(&piles[1])
			piles[0].take(&piles[2])
			slices.Sort(want)
			if got := piles[0].sorted(); !slices.Equal(got, want) {
				t.Errorf("%d below %d are not sorted", n, below)
			}
		}
	}
}

// Who left is sorted before who is still there at the same time.
func TestStintsKeepTimeAndOutcome(t *testing.T) {
	for _, micros := range []int64{-1, 0, 999_999, 1e6, 86400e6, longest*1e6 + 5, 1 << 62} {
		for _, o := range []outcome{open, advanced, movedBack, rejected, withdrawn} {
			s := newStint(micros, o)
			if s.left() != (o != open) || s.left() && outcome(s.cause()) != o {
				t.Errorf("%d µs %d: left %t by %d", micros, o, s.left(), s.cause())
			}
			if want := stint(min(max(0, micros/1e6), longest)); s.seconds() != want || s.days() != float64(want)/86400 {
				t.Errorf("%d µs are %d s", micros, s.seconds())
			}
			if still := newStint(micros, open); o != open && s >= still {
				t.Errorf("%d µs: left by %d is not before still there", micros, o)
			}
		}
	}
}
