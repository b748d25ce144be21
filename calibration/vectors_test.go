package calibration_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/rubric"
)

type severityVector struct {
	Obs      [][]any
	Lam      float64
	Expected struct {
		Bias, Units map[string]float64
		N           map[string]int
		Components  [][]string
	}
}

// vectors are small inputs with what is to be said of them.
type vectors struct {
	Krippendorff struct {
		Observers           [][]int
		Expected, Published map[string]float64
	} `json:"krippendorff_2011_example_C"`
	SmallHiring struct {
		Units    [][]int
		Expected map[string]float64
	} `json:"alpha_small_hiring"`
	NoVariation struct {
		Units    [][]int
		Expected *float64
	} `json:"alpha_no_variation"`
	BelowChance struct {
		Units    [][]int
		Expected float64
	} `json:"alpha_below_chance"`
	ShroutFleiss struct {
		Table    [][]int
		Expected map[string]float64
	} `json:"shrout_fleiss_1979"`
	Cohen struct {
		Counts   [][]int
		Expected struct{ Kappa, Weighted float64 }
	} `json:"cohen_1960_1968"`
	SeverityTiny severityVector `json:"severity_lambda_0.0001"`
	Severity     severityVector `json:"severity_lambda_5"`
	LeaveOneOut  struct {
		Expected map[string]struct {
			N           int
			Raw, Shrunk float64
		}
	} `json:"severity_loo"`
	Discrimination struct {
		Expected map[string]struct {
			N            int
			R, Slope, SD float64
		}
	}
	Halo struct {
		Mean, SD    map[string]float64
		Flat, Mixed []map[string]float64
		Expected    struct{ Flat, Mixed float64 }
	}
	AUC struct {
		Pos, Neg []int
		Expected float64
	}
	Agreement struct {
		TP, FP, FN, TN int
		Expected       struct{ Agreement, Kappa, PPV, NPV, Phi float64 }
	}
	SpearmanBrown struct {
		SingleRater float64
		Expected    map[int]float64
	} `json:"spearman_brown"`
	OnTime struct {
		Cards []struct {
			Due, Age  float64
			Submitted *float64
			Void      bool
		}
		Expected struct {
			Due, OnTime, PendingNotDue, Overdue int
			Rate                                float64
		}
	} `json:"on_time"`
}

func readVectors(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/calibration.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// byUnit turns a row for each observer into a row for each unit.
func byUnit(observers [][]int) [][]int {
	rows := make([][]int, len(observers[0]))
	for _, ratings := range observers {
		for u, v := range ratings {
			rows[u] = append(rows[u], v)
		}
	}
	return rows
}

func TestAlphaVectors(t *testing.T) {
	v := readVectors(t)
	for name, c := range map[string]struct {
		units [][]int
		want  float64
	}{
		"Krippendorff 2011, example C":           {byUnit(v.Krippendorff.Observers), v.Krippendorff.Expected["ordinal"]},
		"a unit with a single rating is no unit": {v.SmallHiring.Units, v.SmallHiring.Expected["ordinal"]},
		"worse than chance is below 0":           {v.BelowChance.Units, v.BelowChance.Expected},
	} {
		t.Run(name, func(t *testing.T) {
			r := calibrate(t, units(c.units), standard().WithoutMinima())
			is(t, "alpha", r.Alpha.Value, c.want, 6)
		})
	}
	r := calibrate(t, units(v.NoVariation.Units), standard().WithoutMinima())
	if r.Alpha.Value != v.NoVariation.Expected || r.Alpha.Sufficient || r.Alpha.Note != "all ratings are the same" || r.Alpha.Interval != nil {
		t.Errorf("without variation: %+v", r.Alpha)
	}
}

// The published figures, to the decimals that they were printed with.
func TestPublishedExamples(t *testing.T) {
	v := readVectors(t)
	o := standard().WithoutMinima()
	r := calibrate(t, units(byUnit(v.Krippendorff.Observers)), o)
	is(t, "alpha (Krippendorff 2011, example C, ordinal data)", r.Alpha.Value, .815, 3)

	r = calibrate(t, units(v.ShroutFleiss.Table), o)
	is(t, "ICC(1,1) (Shrout & Fleiss 1979)", r.ICC1.Value, .17, 2)
	is(t, "ICC(1,4) (Shrout & Fleiss 1979)", r.ICC1k.Value, .44, 2)
	is(t, "ICC(1,1)", r.ICC1.Value, v.ShroutFleiss.Expected["icc11"], 6)
	is(t, "ICC(1,4)", r.ICC1k.Value, v.ShroutFleiss.Expected["icc1k"], 6)
	if len(r.MeanOf) != 6 || math.Abs(r.MeanOf[3].Reliability-*r.ICC1k.Value) > 1e-12 {
		t.Errorf("four raters: %+v, want the reliability of the mean of four, %v", r.MeanOf, *r.ICC1k.Value)
	}

	ownWeights := func(i, j int) float64 { return [3][3]float64{{0, 1, 3}, {1, 0, 6}, {3, 6, 0}}[i][j] }
	is(t, "kappa (Cohen 1960)", calibration.Kappa(v.Cohen.Counts, calibration.Any), .492, 3)
	is(t, "weighted kappa (Cohen 1968)", calibration.Kappa(v.Cohen.Counts, ownWeights), .348, 3)
	is(t, "kappa", calibration.Kappa(v.Cohen.Counts, calibration.Any), v.Cohen.Expected.Kappa, 6)
	is(t, "weighted kappa", calibration.Kappa(v.Cohen.Counts, ownWeights), v.Cohen.Expected.Weighted, 6)
}

// A pair's kappa comes from sums, that of a table from its cells.
func TestPairKappaIsThatOfTheTable(t *testing.T) {
	counts := readVectors(t).Cohen.Counts
	var ratings [][]int
	for i, row := range counts {
		for j, n := range row {
			for range n {
				ratings = append(ratings, []int{i + 1, j + 1})
			}
		}
	}
	r := calibrate(t, units(ratings), standard())
	if len(r.Pairs) != 1 || r.Pairs[0].SharedUnits != 200 {
		t.Fatalf("%+v", r.Pairs)
	}
	is(t, "kappa", r.Pairs[0].Kappa.Value, *calibration.Kappa(counts, calibration.Quadratic), 12)
}

func TestSpearmanBrown(t *testing.T) {
	v := readVectors(t).SpearmanBrown
	for raters, want := range v.Expected {
		got := calibration.SpearmanBrown(v.SingleRater, raters)
		is(t, fmt.Sprintf("of %d raters", raters), &got, want, 6)
	}
}

// observed is the input of the severity vectors, which others share.
func observed(v severityVector) *world {
	w := newWorld()
	for _, o := range v.Obs {
		w.rate("app_1", o[0].(string), o[1].(string), int(o[2].(float64)))
	}
	return w
}

func TestSeverityVector(t *testing.T) {
	v := readVectors(t).Severity
	o := standard().WithoutMinima()
	o.Model.Shrinkage = v.Lam
	r := calibrate(t, observed(v), o)
	beta := map[string]float64{}
	for id, want := range v.Expected.Bias {
		p := profile(t, r, id)
		is(t, "leniency of "+id, p.Leniency.Value, want, 6)
		beta[id] = *p.Leniency.Value
		if p.RatedUnits != v.Expected.N[id] || p.ComparisonGroup != 1 {
			t.Errorf("%s shares %d units in group %d, want %d in the only one", id, p.RatedUnits, p.ComparisonGroup, v.Expected.N[id])
		}
	}
	deserved, _ := alternate(v.Obs, v.Lam, beta)
	for unit, want := range v.Expected.Units {
		got := deserved[unit]
		is(t, "worth of "+unit, &got, want, 6)
	}
	if len(v.Expected.Components) != 1 {
		t.Errorf("%d components", len(v.Expected.Components))
	}
}

// With next to no shrinkage, means that alternate creep: the vector is where ten
// thousand turns had got to, with 0.023 still to go in the leniency that all
// share. The minimum that it was on its way to is known exactly.
func TestSeverityVectorOfTinyShrinkage(t *testing.T) {
	v := readVectors(t).SeverityTiny
	beta := map[string]float64{}
	for range 10_000 {
		_, beta = alternate(v.Obs, v.Lam, beta)
	}
	for id, want := range v.Expected.Bias {
		got := beta[id]
		is(t, "ten thousand turns: "+id, &got, want, 6)
	}

	o := standard().WithoutMinima()
	o.Model.Shrinkage = v.Lam
	r := calibrate(t, observed(v), o)
	found := map[string]float64{}
	for id, want := range v.Expected.Bias {
		found[id] = *profile(t, r, id).Leniency.Value
		difference := found[id] - *profile(t, r, "A").Leniency.Value
		is(t, "leniency of "+id+" beside that of A", &difference, want-v.Expected.Bias["A"], 5)
	}
	sum := found["A"] + found["B"] + found["C"]
	is(t, "sum of leniencies", &sum, 0, 12)
	if least, there := loss(v.Obs, v.Lam, found), loss(v.Obs, v.Lam, v.Expected.Bias); least >= there {
		t.Errorf("the sum of squares is %v, that of the vector %v", least, there)
	}
	_, next := alternate(v.Obs, v.Lam, found)
	for id := range found {
		if change := math.Abs(next[id] - found[id]); change >= 1e-12 {
			t.Errorf("another turn changes %s by %v", id, change)
		}
	}
}

func TestPeerVectors(t *testing.T) {
	v := readVectors(t)
	r := calibrate(t, observed(v.Severity), standard().WithoutMinima())
	for id, want := range v.LeaveOneOut.Expected {
		p := profile(t, r, id)
		is(t, "difference of "+id, p.PeerDifference.Raw.Value, want.Raw, 6)
		is(t, "shrunk difference of "+id, p.PeerDifference.Shrunk.Value, want.Shrunk, 6)
	}
	for id, want := range v.Discrimination.Expected {
		d := profile(t, r, id).Discrimination
		is(t, "r of "+id, d.R.Value, want.R, 6)
		is(t, "slope of "+id, d.Slope.Value, want.Slope, 6)
		is(t, "sd of "+id, d.SD.Value, want.SD, 6)
	}
}

func TestHaloVector(t *testing.T) {
	v := readVectors(t).Halo
	standardised := func(cards []map[string]float64) (all [][]float64) {
		for _, card := range cards {
			var z []float64
			for _, signal := range []string{"a", "b", "c"} {
				z = append(z, (card[signal]-v.Mean[signal])/v.SD[signal])
			}
			all = append(all, z)
		}
		return all
	}
	is(t, "flat cards", calibration.HaloIndex(standardised(v.Flat)), v.Expected.Flat, 6)
	is(t, "mixed cards", calibration.HaloIndex(standardised(v.Mixed)), v.Expected.Mixed, 6)
}

func TestAgreementVectors(t *testing.T) {
	v := readVectors(t)
	var positive, negative [5]int
	for _, level := range v.AUC.Pos {
		positive[level]++
	}
	for _, level := range v.AUC.Neg {
		negative[level]++
	}
	is(t, "auc", calibration.AUC(positive[:], negative[:]), v.AUC.Expected, 6)

	c, w, n := v.Agreement, newWorld(), 0
	for _, cell := range []struct {
		n         int
		recommend rubric.Recommendation
		hire      bool
	}{{c.TP, rubric.Yes, true}, {c.FP, rubric.StrongYes, false}, {c.FN, rubric.No, true}, {c.TN, rubric.StrongNo, false}} {
		for range cell.n {
			n++
			id := fmt.Sprintf("app_%d", n)
			w.card(id, "ana").Recommendation = cell.recommend
			w.Decisions = append(w.Decisions, calibration.Decision{Application: w.application(id), Hire: cell.hire})
		}
	}
	g := profile(t, calibrate(t, w, standard()), "ana").Agreement
	if g.TP != c.TP || g.FP != c.FP || g.FN != c.FN || g.TN != c.TN || g.Decisions != 16 || !g.Sufficient {
		t.Errorf("%+v", g)
	}
	is(t, "agreement", g.Share, c.Expected.Agreement, 6)
	is(t, "kappa", g.Kappa, c.Expected.Kappa, 6)
	is(t, "ppv", g.PPV, c.Expected.PPV, 6)
	is(t, "npv", g.NPV, c.Expected.NPV, 6)
	is(t, "phi", g.Phi, c.Expected.Phi, 6)
}

func TestOnTimeVector(t *testing.T) {
	v := readVectors(t).OnTime
	hours := func(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }
	w := newWorld()
	for i, c := range v.Cards {
		card := w.another(fmt.Sprint("app_", i), "ana")
		card.EndedAt = to.Add(-hours(c.Age))
		if c.Submitted == nil {
			card.Status, card.SubmittedAt = rubric.ScorecardDraft, time.Time{}
		} else {
			card.EndedAt = to.Add(-hours(100))
			card.SubmittedAt = card.EndedAt.Add(hours(*c.Submitted))
		}
		card.DueAt = card.EndedAt.Add(hours(c.Due))
		if c.Void {
			card.Status = rubric.ScorecardVoid
		}
	}
	got := profile(t, calibrate(t, w, standard()), "ana").Timeliness
	if got.Due != v.Expected.Due || got.OnTime != v.Expected.OnTime || got.PendingNotDue != v.Expected.PendingNotDue || got.Overdue != v.Expected.Overdue {
		t.Errorf("%+v, want %+v", got, v.Expected)
	}
	is(t, "rate", got.Rate.Value, v.Expected.Rate, 6)
}
