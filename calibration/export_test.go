package calibration

// WithoutMinima makes every figure shown that is defined at all, so that small
// published examples can be computed.
func (o Options) WithoutMinima() Options {
	o.minimum = &minima{haloSignals: 1}
	return o
}

// HaloIndex is the index of cards of ratings measured from their signals' means.
func HaloIndex(cards [][]float64) *float64 {
	var all []spread
	for _, ratings := range cards {
		var s spread
		for _, z := range ratings {
			s.add(z)
		}
		all = append(all, s)
	}
	return haloIndex(all)
}

// AUC is the area under the curve of counts by ascending level.
var AUC = auc

// Agree is the agreement of counted recommendations, whatever their number.
var Agree = agree

// Drawn is how often each application is drawn, in some draws from number first
// on.
func Drawn(applications int, seed uint64, first int) [][]float64 {
	meetings, ends := make([]meeting, applications), make([]int, applications)
	for i := range applications {
		meetings[i], ends[i] = meeting{int32(i), 1}, i+1
	}
	var counts [][]float64
	for _, sum := range newResampler(meetings, ends, applications).draw(seed, first) {
		counts = append(counts, sum)
	}
	return counts
}
