package calibration_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"hireloop/calibration"
	"hireloop/internal/fault"
)

// Bad input is refused with the place and the reason, before anything is
// computed.
func TestBadInput(t *testing.T) {
	for rule, c := range map[string]struct {
		spoil func(*calibration.Input, *calibration.Options)
		want  string
	}{
		"a card's application":     {func(in *calibration.Input, _ *calibration.Options) { in.Cards[1].Application = 1 }, "cards.1.application: is 1: there are 1 applications"},
		"a card's interviewer":     {func(in *calibration.Input, _ *calibration.Options) { in.Cards[0].Interviewer = -1 }, "cards.0.interviewer: is -1: there are 2 interviewers"},
		"a card's status":          {func(in *calibration.Input, _ *calibration.Options) { in.Cards[0].Status = "LOST" }, "cards.0.status: must be DRAFT, SUBMITTED, AMENDED or VOID"},
		"a card's recommendation":  {func(in *calibration.Input, _ *calibration.Options) { in.Cards[0].Recommendation = "MAYBE" }, "cards.0.recommendation: must be STRONG_NO, NO, YES or STRONG_YES, or left out"},
		"a rating's card":          {func(in *calibration.Input, _ *calibration.Options) { in.Ratings[1].Card = 2 }, "ratings.1.card: is 2: there are 2 cards"},
		"a rating's signal":        {func(in *calibration.Input, _ *calibration.Options) { in.Ratings[1].Signal = 9 }, "ratings.1.signal: is 9: there are 1 signals"},
		"a rating":                 {func(in *calibration.Input, _ *calibration.Options) { in.Ratings[0].Value = 0 }, "ratings.0.value: must be 1 or more"},
		"a signal twice on a card": {func(in *calibration.Input, _ *calibration.Options) { in.Ratings[1].Card = 0 }, "ratings.1: is the card's second rating of this signal, after ratings.0"},
		"a signal twice on a card, between which there is another": {func(in *calibration.Input, _ *calibration.Options) {
			in.Cards[1].Interviewer = in.Cards[0].Interviewer
			in.Ratings = append(in.Ratings, in.Ratings[0])
		}, "ratings.2: is the card's second rating of this signal, after ratings.0"},
		"an interview's interviewer": {func(in *calibration.Input, _ *calibration.Options) { in.Interviews[0].Interviewer = 2 }, "interviews.0.interviewer: is 2: there are 2 interviewers"},
		"an interview's time":        {func(in *calibration.Input, _ *calibration.Options) { in.Interviews[0].EndedAt = time.Time{} }, "interviews.0.endedAt: is required"},
		"a decision's application":   {func(in *calibration.Input, _ *calibration.Options) { in.Decisions[0].Application = 5 }, "decisions.0.application: is 5: there are 1 applications"},
		"two decisions": {func(in *calibration.Input, _ *calibration.Options) {
			in.Decisions = append(in.Decisions, in.Decisions[0])
		}, "decisions.1.application: has a decision already"},
		"an interviewer twice":        {func(in *calibration.Input, _ *calibration.Options) { in.Interviewers[1] = in.Interviewers[0] }, "interviewers.1: is the same as interviewers.0"},
		"an application twice":        {func(in *calibration.Input, _ *calibration.Options) { in.Applications = []string{"app", "app"} }, "applications.1: is the same as applications.0"},
		"a signal twice":              {func(in *calibration.Input, _ *calibration.Options) { in.Signals = []string{"signal", "signal"} }, "signals.1: is the same as signals.0"},
		"no moment":                   {func(_ *calibration.Input, o *calibration.Options) { o.AsOf = time.Time{} }, "asOf: is required"},
		"no beginning":                {func(_ *calibration.Input, o *calibration.Options) { o.From = time.Time{} }, "from: is required"},
		"an end before the beginning": {func(_ *calibration.Input, o *calibration.Options) { o.To = o.From }, "to: must be after from"},
		"no shrinkage":                {func(_ *calibration.Input, o *calibration.Options) { o.Model.Shrinkage = 0 }, "model.shrinkage: must be a positive number"},
		"an endless error":            {func(_ *calibration.Input, o *calibration.Options) { o.Model.ErrorSD = math.Inf(1) }, "model.errorSD: must be a positive number"},
		"no number":                   {func(_ *calibration.Input, o *calibration.Options) { o.Model.ErrorSD = math.NaN() }, "model.errorSD: must be a positive number"},
		"all problems at once": {func(in *calibration.Input, o *calibration.Options) { in.Ratings[0].Value, o.AsOf = 0, time.Time{} },
			"asOf: is required\nratings.0.value: must be 1 or more"},
	} {
		t.Run(rule, func(t *testing.T) {
			w, o := newWorld(), standard()
			w.rate("app", "signal", "ana", 2)
			w.rate("app", "signal", "ben", 3)
			w.Interviews = []calibration.Interview{{EndedAt: from}}
			w.Decisions = []calibration.Decision{{Application: 0}}
			calibrate(t, w, o)
			c.spoil(&w.Input, &o)
			r, err := calibration.Calibrate(w.Input, o)
			if err == nil || r != nil || err.Error() != c.want {
				t.Errorf("%v, %v; want %s", r, err, c.want)
			}
		})
	}
}

// Rows numbered wrongly throughout do not fill memory with complaints.
func TestProblemsAreFew(t *testing.T) {
	_, err := calibration.Calibrate(calibration.Input{Ratings: make([]calibration.Rating, 10_000)}, standard())
	var problems fault.List
	if !errors.As(err, &problems) || len(problems) != 100 {
		t.Errorf("%d problems: %v", len(problems), err)
	}
}
