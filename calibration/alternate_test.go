package calibration_test

// alternate is one turn of the textbook way to the leniencies: what each unit
// deserves as the mean of its ratings less leniencies, then each leniency as the
// shrunk mean of what is left. Observations are unit, interviewer, rating; units
// with one rating say nothing.
func alternate(observations [][]any, shrinkage float64, beta map[string]float64) (units, next map[string]float64) {
	n, sums := map[string]float64{}, map[string]float64{}
	for _, o := range observations {
		n[o[0].(string)]++
		sums[o[0].(string)] += o[2].(float64) - beta[o[1].(string)]
	}
	units, next = map[string]float64{}, map[string]float64{}
	ratings := map[string]float64{}
	for unit, sum := range sums {
		if n[unit] > 1 {
			units[unit] = sum / n[unit]
		}
	}
	for _, o := range observations {
		if worth, shared := units[o[0].(string)]; shared {
			ratings[o[1].(string)]++
			next[o[1].(string)] += o[2].(float64) - worth
		}
	}
	for who := range next {
		next[who] /= ratings[who] + shrinkage
	}
	return units, next
}

// loss is the sum of squares that the leniencies are to make least.
func loss(observations [][]any, shrinkage float64, beta map[string]float64) (sum float64) {
	units, _ := alternate(observations, shrinkage, beta)
	for _, o := range observations {
		if worth, shared := units[o[0].(string)]; shared {
			e := o[2].(float64) - worth - beta[o[1].(string)]
			sum += e * e
		}
	}
	for _, b := range beta {
		sum += shrinkage * b * b
	}
	return sum
}
