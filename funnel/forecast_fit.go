package funnel

import "math"

const (
	// enoughStays is how many stays must have ended for their days to be told from
	// them alone.
	enoughStays = 10
	// shortest is what a day is told from none by: a stay that is shorter than half a
	// day says no more than that, so that minutes do not count as years do.
	shortest = 0.5
	// Stays that are all the same, or have nothing in common, make no sigma.
	leastSigma, greatestSigma = 0.1, 2.0
)

// FitLogNormal finds the durations that make the stays likeliest. Stays that last
// count as longer than they are so far, those under half a day as just that.
// Sigma is kept within 0.1 and 2. False when fewer than ten have ended, or when
// they do not tell: the median would be over ten years. Where nearly all leave
// within minutes the median may be no time at all, and is no less known for that.
//
// In median/sigma and 1/sigma, on the scale of logarithms, the likelihood has one
// maximum (R. J. Olsen, 1978), which Newton's method finds.
func FitLogNormal(stays []Stay) (fitted LogNormal, told bool) {
	o := observe(stays)
	if o.ended < enoughStays {
		return LogNormal{}, false
	}
	a, b := o.start()
	a, b = o.climb(a, b, false)
	if limit := min(max(b, 1/greatestSigma), 1/leastSigma); limit != b {
		a, b = o.climb(a/b*limit, limit, true)
	}
	fitted = LogNormal{MedianDays: math.Exp(a / b), Sigma: 1 / b}
	return fitted, fitted.Validate() == nil && fitted.MedianDays < 3650
}

// observed are logarithms of days.
type observed struct {
	// Of the stays of known days all that the likelihood goes by is how many they
	// are, their mean, and the sum of the squares of how far they are from it.
	exact, mean, squares float64

	atLeast []float64
	brief   float64 // how many stays were shorter than shortest
	ended   int
}

func observe(stays []Stay) observed {
	var o observed
	for _, s := range stays {
		if s.Left {
			o.ended++
		}
		switch {
		case s.Days >= shortest && s.Left:
			y := math.Log(s.Days)
			o.exact++
			off := y - o.mean
			o.mean += off / o.exact
			o.squares += off * (y - o.mean)
		case s.Left:
			o.brief++
		case s.Days > 0:
			o.atLeast = append(o.atLeast, math.Log(s.Days))
		}
	}
	return o
}

// start is a guess: what it would be if all had ended now.
func (o observed) start() (a, b float64) {
	n, sum, squares := o.exact, o.exact*o.mean, o.squares+o.exact*o.mean*o.mean
	note := func(y, times float64) {
		n, sum, squares = n+times, sum+times*y, squares+times*y*y
	}
	for _, y := range o.atLeast {
		note(max(y, math.Log(shortest)), 1)
	}
	note(math.Log(shortest), o.brief)
	mean := sum / n
	b = 1 / max(leastSigma, math.Sqrt(max(0, squares/n-mean*mean)))
	return mean * b, b
}

// climb goes from a = mean/sigma and b = 1/sigma to the maximum, or of a only when
// b is fixed. It stops when sigma runs away, too.
func (o observed) climb(a, b float64, fixed bool) (float64, float64) {
	const steps, runaway = 100, 100
	here := o.slope(a, b)
	for range steps {
		da, db := here.step(fixed)
		// Half the way, and half of that, until it leads up.
		next, found := slope{}, false
		for share := 1.0; share > 1e-9 && !found; share /= 2 {
			if b+share*db <= 0 {
				continue
			}
			if next = o.slope(a+share*da, b+share*db); next.height >= here.height {
				da, db, found = share*da, share*db, true
			}
		}
		if !found {
			return a, b
		}
		a, b, here = a+da, b+db, next
		if math.Abs(da) <= 1e-10*(1+math.Abs(a)) && math.Abs(db) <= 1e-10*b || b > runaway/leastSigma || b < 1/(runaway*greatestSigma) {
			return a, b
		}
	}
	return a, b
}

// slope is the logarithm of the likelihood with its first and second derivatives.
type slope struct{ height, a, b, aa, ab, bb float64 }

func (o observed) slope(a, b float64) slope {
	n, z := o.exact, b*o.mean-a
	s := slope{
		height: n*math.Log(b) - (n*z*z+b*b*o.squares)/2,
		a:      n * z, b: n/b - n*z*o.mean - b*o.squares,
		aa: -n, ab: n * o.mean, bb: -n/(b*b) - n*o.mean*o.mean - o.squares,
	}
	add := func(y, first, second float64) { // of a function of z = by - a
		s.a -= first
		s.b += first * y
		s.aa += second
		s.ab -= second * y
		s.bb += second * y * y
	}
	for _, y := range o.atLeast {
		z := b*y - a
		log, m := aboveLog(z)
		s.height += log
		add(y, -m, -m*(m-z))
	}
	if y := math.Log(shortest); o.brief > 0 {
		z := b*y - a
		log, m := aboveLog(-z)
		s.height += o.brief * log
		add(y, o.brief*m, -o.brief*m*(m+z))
	}
	return s
}

// step is Newton's.
func (s slope) step(fixed bool) (da, db float64) {
	if fixed {
		return -s.a / s.aa, 0
	}
	determinant := s.aa*s.bb - s.ab*s.ab
	if !(determinant > 0) {
		return -s.a / s.aa, -s.b / s.bb
	}
	return (s.ab*s.b - s.bb*s.a) / determinant, (s.ab*s.a - s.aa*s.b) / determinant
}

// aboveLog is the logarithm of the probability that a standard normal is greater
// than z, and the hazard there: density to probability.
func aboveLog(z float64) (log, hazard float64) {
	const far = 25
	if z > far {
		// Beyond, the hazard is z + 1/z - 2/z³ + … to all digits that matter.
		hazard = z + 1/z - 2/(z*z*z) + 10/(z*z*z*z*z)
		return -z*z/2 - math.Log(hazard*math.Sqrt(2*math.Pi)), hazard
	}
	p := above(z)
	return math.Log(p), math.Exp(-z*z/2) / (math.Sqrt(2*math.Pi) * p)
}
