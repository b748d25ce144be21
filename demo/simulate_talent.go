package demo

import "math"

// talent is what a candidate can do, on the rubric's absolute scale.
type talent struct {
	overall float64
	mean    float64 // of those who come to the onsite
	signals map[string]float64
}

const (
	onsiteSpread = .50 // of the overall talent of those who come to the onsite
	signalSpread = .40 // of one candidate's signals around their overall talent
	haloSpread   = .20 // of what one interview's impression adds to all its ratings
	ratingSpread = .50 // of what remains

	onsiteInsight = .97 // how far interviews see the talent
	screenInsight = .50
	screenLift    = .255 // by which the screen raises the mean
	screenSpread  = .549 // before the screen, so that onsiteSpread is left
)

func newTalent(r random, level string, surely bool) talent {
	t := talent{mean: 2.60}
	if level == seniorEM {
		t.mean = 3.05
	}
	t.overall = r.normal(t.mean-screenLift, screenSpread)
	if surely {
		t.overall = max(t.overall, t.mean+.4)
	}
	return t
}

// screened and chosen decide the screen and the onsite: a share p passes, the
// better the likelier.
func (t talent) screened(r random, p float64) bool {
	return seen(r, (t.overall-t.mean+screenLift)/screenSpread, screenInsight) > quantile(1-p)
}

func (t talent) chosen(r random, p float64) bool {
	return seen(r, (t.overall-t.mean)/onsiteSpread, onsiteInsight) > quantile(1-p)
}

// seen is a standard normal value as somebody sees it, standard normal again.
func seen(r random, z, insight float64) float64 {
	return insight*z + math.Sqrt(1-insight*insight)*r.NormFloat64()
}

// at is the talent in one signal.
func (t *talent) at(r random, signal string) float64 {
	if t.signals == nil {
		t.signals = map[string]float64{}
	}
	v, drawn := t.signals[signal]
	if !drawn {
		v = r.normal(t.overall, signalSpread)
		t.signals[signal] = v
	}
	return v
}
