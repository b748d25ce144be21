package calibration_test

import (
	"fmt"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/rubric"
)

// sharedUnits are so many units of so many applications, each rated by as many
// interviewers, of whom mem_00 is the first.
func sharedUnits(n, applications, interviewers int) *world {
	w := newWorld()
	for u := range n {
		for i := range interviewers {
			w.rate(fmt.Sprintf("app_%02d", u%applications), fmt.Sprintf("sig_%02d", u/applications), fmt.Sprintf("mem_%02d", i), 1+(u*7+i*i)%4)
		}
	}
	return w
}

// Below the minimum there is no value and a note in numbers; at the minimum
// there is a value and no note.
func TestMinima(t *testing.T) {
	type figureOf func(*calibration.Report) calibration.Figure
	first := func(of func(calibration.Profile) calibration.Figure) figureOf {
		return func(r *calibration.Report) calibration.Figure { return of(r.Interviewers[0]) }
	}
	leniency := first(func(p calibration.Profile) calibration.Figure { return p.Leniency.Figure })
	// A usable leniency as a figure: its note is that for use.
	usable := first(func(p calibration.Profile) calibration.Figure {
		f := calibration.Figure{Sufficient: p.Leniency.Usable, Note: p.Leniency.UsableNote}
		if f.Sufficient {
			f.Value = p.Leniency.Value
		}
		return f
	})
	r := first(func(p calibration.Profile) calibration.Figure { return p.Discrimination.R })
	alpha := func(r *calibration.Report) calibration.Figure { return r.Alpha }

	for name, c := range map[string]struct {
		figure figureOf
		world  *world
		note   string
	}{
		"leniency at its minimum":                    {leniency, sharedUnits(10, 5, 3), ""},
		"leniency of too few units":                  {leniency, sharedUnits(9, 5, 3), "9 of 10 units"},
		"leniency of too few applications":           {leniency, sharedUnits(12, 4, 3), "4 of 5 applications"},
		"leniency among too few interviewers":        {leniency, sharedUnits(10, 5, 2), "2 of 3 interviewers in the group"},
		"leniency short of everything":               {leniency, sharedUnits(3, 3, 2), "3 of 10 units, 3 of 5 applications, 2 of 3 interviewers in the group"},
		"usable leniency at its minimum":             {usable, sharedUnits(30, 12, 3), ""},
		"usable leniency of too few units":           {usable, sharedUnits(29, 12, 3), "29 of 30 units"},
		"usable leniency of too few applications":    {usable, sharedUnits(33, 11, 3), "11 of 12 applications"},
		"usable leniency among too few interviewers": {usable, sharedUnits(30, 12, 2), "2 of 3 interviewers in the group"},
		"difference from peers at its minimum":       {first(func(p calibration.Profile) calibration.Figure { return p.PeerDifference.Shrunk }), sharedUnits(10, 5, 2), ""},
		"difference from peers of too few units":     {first(func(p calibration.Profile) calibration.Figure { return p.PeerDifference.Raw }), sharedUnits(9, 5, 2), "9 of 10 units"},
		"discrimination at its minimum":              {r, sharedUnits(12, 2, 2), ""},
		"discrimination of too few units":            {r, sharedUnits(11, 2, 2), "11 of 12 units"},
		"slope of too few units":                     {first(func(p calibration.Profile) calibration.Figure { return p.Discrimination.Slope }), sharedUnits(11, 2, 2), "11 of 12 units"},
		"range of too few units":                     {first(func(p calibration.Profile) calibration.Figure { return p.Discrimination.SD }), sharedUnits(11, 2, 2), "11 of 12 units"},
		"most used rating at its minimum":            {first(func(p calibration.Profile) calibration.Figure { return p.Discrimination.MostUsedShare }), sharedUnits(12, 2, 2), ""},
		"alpha at its minimum":                       {alpha, sharedUnits(20, 10, 3), ""},
		"alpha of too few units":                     {alpha, sharedUnits(19, 10, 3), "19 of 20 units"},
		"alpha of too few applications":              {alpha, sharedUnits(27, 9, 3), "9 of 10 applications"},
		"alpha of too few interviewers":              {alpha, sharedUnits(20, 10, 2), "2 of 3 interviewers"},
		"alpha of nothing":                           {alpha, newWorld(), "0 of 20 units, 0 of 10 applications, 0 of 3 interviewers"},
		"ICC of too few units":                       {func(r *calibration.Report) calibration.Figure { return r.ICC1 }, sharedUnits(19, 10, 3), "19 of 20 units"},
		"ICC of the mean at its minimum":             {func(r *calibration.Report) calibration.Figure { return r.ICC1k }, sharedUnits(20, 10, 3), ""},
		"a pair's kappa at its minimum":              {func(r *calibration.Report) calibration.Figure { return r.Pairs[0].Kappa }, sharedUnits(20, 1, 2), ""},
		"a pair's kappa of too few units":            {func(r *calibration.Report) calibration.Figure { return r.Pairs[0].Kappa }, sharedUnits(19, 1, 2), "19 of 20 shared units"},
		"halo at its minimum":                        {first(func(p calibration.Profile) calibration.Figure { return p.Halo.Index }), sharedUnits(24, 8, 2), ""},
		"halo of too few cards":                      {first(func(p calibration.Profile) calibration.Figure { return p.Halo.Index }), sharedUnits(21, 7, 2), "7 of 8 cards with 3 rated signals"},
		"halo of cards with too few signals":         {first(func(p calibration.Profile) calibration.Figure { return p.Halo.Index }), sharedUnits(23, 8, 2), "7 of 8 cards with 3 rated signals"},
		"percentile of a halo that nobody else has":  {first(func(p calibration.Profile) calibration.Figure { return p.Halo.Percentile }), sharedUnits(24, 8, 1), "1 of 2 interviewers with an index"},
		"on-time rate at its minimum":                {first(func(p calibration.Profile) calibration.Figure { return p.Timeliness.Rate }), sharedUnits(5, 5, 1), ""},
		"on-time rate of too few cards":              {first(func(p calibration.Profile) calibration.Figure { return p.Timeliness.Rate }), sharedUnits(4, 4, 1), "4 of 5 due cards"},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.figure(calibrate(t, c.world, standard()))
			if f.Note != c.note || f.Sufficient != (c.note == "") || (f.Value != nil) != f.Sufficient || f.Interval != nil && !f.Sufficient {
				t.Errorf("%+v, want the note %q", f, c.note)
			}
		})
	}
}

func TestReportSaysWhatIsMissing(t *testing.T) {
	r := calibrate(t, sharedUnits(14, 6, 3), standard())
	if r.Sufficient || r.Note != "14 of 20 units, 6 of 10 applications" || r.Reading != "" || r.MeanOf != nil {
		t.Errorf("%+v", r)
	}
}

func TestAgreementMinima(t *testing.T) {
	for name, c := range map[string]struct {
		hires, others int
		note          string
	}{
		"at its minimum":    {1, 14, ""},
		"too few decisions": {7, 7, "14 of 15 decisions"},
		"nobody hired":      {0, 15, "0 of 1 hires"},
		"everybody hired":   {15, 0, "0 of 1 decisions against hiring"},
		"nothing decided":   {0, 0, "0 of 15 decisions, 0 of 1 hires, 0 of 1 decisions against hiring"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.card("undecided", "ana").Recommendation = rubric.Yes
			for i := range c.hires + c.others {
				id := fmt.Sprint("app_", i)
				w.card(id, "ana").Recommendation = []rubric.Recommendation{rubric.Yes, rubric.No}[i%2]
				w.Decisions = append(w.Decisions, calibration.Decision{Application: w.application(id), Hire: i < c.hires})
			}
			// One without a recommendation is no decision to agree with.
			w.card("unadvised", "ana")
			w.Decisions = append(w.Decisions, calibration.Decision{Application: w.application("unadvised"), Hire: true})
			r := calibrate(t, w, standard())
			for _, g := range []calibration.Agreement{r.Agreement, r.Interviewers[0].Agreement} {
				shown := g.Share != nil && g.Kappa != nil && g.PPV != nil && g.NPV != nil && g.Phi != nil && g.AUC != nil
				none := g.Share == nil && g.Kappa == nil && g.PPV == nil && g.NPV == nil && g.Phi == nil && g.AUC == nil
				if g.Note != c.note || g.Sufficient != (c.note == "") || shown != g.Sufficient || none == g.Sufficient {
					t.Errorf("%+v, want the note %q", g, c.note)
				}
			}
		})
	}
}

// Five interviewers are the fewest among whom nobody is recognised.
func TestDistributions(t *testing.T) {
	punctual := func(shares ...int) calibration.Distributions {
		w := newWorld()
		for i, onTime := range shares {
			for c := range 5 {
				card := w.card(fmt.Sprint("app_", c), fmt.Sprint("mem_", i))
				if c >= onTime {
					card.SubmittedAt = card.DueAt.Add(time.Second)
				}
			}
		}
		return calibrate(t, w, standard()).Distributions
	}
	if d := punctual(0, 1, 2, 3).OnTimeRate; d.Sufficient || d.Lower != nil || d.Median != nil || d.Upper != nil || d.Interviewers != 0 || d.Note != "fewer than 5 interviewers have it" {
		t.Errorf("of four: %+v", d)
	}
	idle := newWorld()
	for i := range 9 {
		idle.Interviewers[idle.interviewer(fmt.Sprint("mem_", i))].Eligible = i%2 > 0 || i == 0
	}
	if d := calibrate(t, idle, standard()).Distributions.InterviewsPerWeek; d.Interviewers != 5 || *d.Median != 0 {
		t.Errorf("five of nine could interview, and none did: %+v", d)
	}
	d := punctual(5, 1, 4, 2, 3)
	if !d.OnTimeRate.Sufficient || d.OnTimeRate.Interviewers != 5 || d.OnTimeRate.Note != "" {
		t.Errorf("of five: %+v", d.OnTimeRate)
	}
	is(t, "lower quartile", d.OnTimeRate.Lower, .4, 12)
	is(t, "median", d.OnTimeRate.Median, .6, 12)
	is(t, "upper quartile", d.OnTimeRate.Upper, .8, 12)
	if d.Leniency.Sufficient {
		t.Errorf("leniency is known of nobody, and its distribution is %+v", d.Leniency)
	}

	all := calibrate(t, &world{Input: company(8000, 25)}, standard()).Distributions
	for name, d := range map[string]calibration.Distribution{
		"leniency": all.Leniency, "difference": all.PeerDifference, "discrimination": all.Discrimination, "sd": all.SD,
		"most used share": all.MostUsedShare, "halo": all.Halo, "on time": all.OnTimeRate, "latency": all.Latency,
		"per week": all.InterviewsPerWeek, "agreement": all.Agreement, "kappa": all.PairKappa,
	} {
		if !d.Sufficient || d.Interviewers < 5 || !(*d.Lower <= *d.Median && *d.Median <= *d.Upper && *d.Lower < *d.Upper) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
