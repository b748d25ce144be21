package calibration

import (
	"math"
	"slices"

	"hireloop/funnel"
	"hireloop/rubric"
)

// AgreementCaveat is to stand beside every figure of an Agreement that is shown.
const AgreementCaveat = "Agreement with the decision, not accuracy: the interviewer took part in the decision, and how those turned down would have done is not known."

// Agreement is how recommendations relate to final decisions. Its figures are
// nil below the minimum, and where they would divide by nothing.
type Agreement struct {
	Decisions int // decided applications with a recommendation

	TP int // recommended and hired
	FP int // recommended, not hired
	FN int // not recommended, hired
	TN int // neither

	Share *float64 // of recommendations that the decision followed
	Kappa *float64
	PPV   *float64 // of the recommended, were hired
	NPV   *float64 // of those not recommended, were not hired
	Phi   *float64
	// AUC is how often one who was hired had the stronger recommendation of the
	// four levels than one who was not; the same one counts half.
	AUC *float64

	Sufficient bool
	Note       string // what is missing, in numbers
}

// advice counts recommendations by level and decision.
type advice struct {
	hired, turnedDown [4]int
	applications      map[int32]bool // decided, true for a hire
}

var levels = []rubric.Recommendation{rubric.StrongNo, rubric.No, rubric.Yes, rubric.StrongYes}

func (a *advice) add(application int32, r rubric.Recommendation, hire bool) {
	level := slices.Index(levels, r)
	if level < 0 {
		return
	}
	if a.applications == nil {
		a.applications = map[int32]bool{}
	}
	a.applications[application] = hire
	if hire {
		a.hired[level]++
	} else {
		a.turnedDown[level]++
	}
}

func (a *advice) agreement(m minima) Agreement {
	hires := 0
	for _, hire := range a.applications {
		if hire {
			hires++
		}
	}
	g := agree(a.hired[2]+a.hired[3], a.turnedDown[2]+a.turnedDown[3], a.hired[0]+a.hired[1], a.turnedDown[0]+a.turnedDown[1])
	g.Decisions = len(a.applications)
	g.AUC = auc(a.hired[:], a.turnedDown[:])
	g.Note = missing(need{g.Decisions, m.decisions, "decisions"}, need{hires, m.bothOutcomes, "hires"},
		need{g.Decisions - hires, m.bothOutcomes, "decisions against hiring"})
	if g.Sufficient = g.Note == ""; !g.Sufficient {
		g.Share, g.Kappa, g.PPV, g.NPV, g.Phi, g.AUC = nil, nil, nil, nil, nil, nil
	}
	return g
}

func agree(tp, fp, fn, tn int) Agreement {
	g := Agreement{TP: tp, FP: fp, FN: fn, TN: tn}
	g.Share = funnel.Share(tp+tn, tp+fp+fn+tn)
	g.Kappa = Kappa([][]int{{tp, fp}, {fn, tn}}, Any)
	g.PPV, g.NPV = funnel.Share(tp, tp+fp), funnel.Share(tn, tn+fn)
	if margins := float64(tp+fp) * float64(fn+tn) * float64(tp+fn) * float64(fp+tn); margins > 0 {
		phi := (float64(tp)*float64(tn) - float64(fp)*float64(fn)) / math.Sqrt(margins)
		g.Phi = &phi
	}
	return g
}

// auc is the area under the curve of counts by ascending level; nil when either
// kind is missing.
func auc(positive, negative []int) *float64 {
	var wins, below, positives int // in halves
	for level, n := range positive {
		wins += n * (2*below + negative[level])
		below += negative[level]
		positives += n
	}
	return funnel.Share(wins, 2*positives*below)
}

// advices are what each rater, by rank, recommended on decided applications, and
// all of them together.
func advices(in *Input, o Options, raters []int32) (each []advice, all advice) {
	const undecided, no, yes = 0, 1, 2
	decided := make([]uint8, len(in.Applications))
	for _, d := range in.Decisions {
		decided[d.Application] = no
		if d.Hire {
			decided[d.Application] = yes
		}
	}
	each = make([]advice, len(raters))
	for i := range in.Cards {
		c := &in.Cards[i]
		if d := decided[c.Application]; d != undecided && o.counts(c) {
			each[raters[c.Interviewer]].add(c.Application, c.Recommendation, d == yes)
			all.add(c.Application, c.Recommendation, d == yes)
		}
	}
	return each, all
}
