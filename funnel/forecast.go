package funnel

import (
	"fmt"
	"math"
)

// ForecastInput is what a forecast of one opening goes by.
type ForecastInput struct {
	// Flow is how applications moved, with the stage of the hired as its last one,
	// over so many days, which end when the forecast is of.
	Flow     Flow
	FlowDays float64

	// Stages are those of Flow without the last one.
	Stages []ForecastStage

	// ArrivalsPerDay is how many applications begin a day, by stage; nil for as many
	// as did in the days of Flow.
	ArrivalsPerDay []float64

	Seats       int     // still to be filled, 0 to MaxSeats
	HorizonDays int     // 0 to MaxHorizonDays
	Confidence  float64 // above 0 and below 1; 0 for UsualConfidence
}

// UsualConfidence is what enough applicants are told for, whatever else is asked.
const UsualConfidence = 0.8

// ForecastStage is what is known of one stage beside how applications left it.
type ForecastStage struct {
	Name string // for the text of assumptions
	// Pass is the share that moves on elsewhere, 0 to 1, such as the average of all
	// openings for the same ladder.
	Pass float64
	// Duration is how long visits last elsewhere. It serves when Stays do not tell.
	Duration LogNormal
	Stays    []Stay
}

// ForecastReport is what becomes of an opening. Days count from the moment that it
// is of.
type ForecastReport struct {
	Seats, HorizonDays int

	FillForecast
	// Lower and Upper are the same forecast with the rates of all stages at their
	// lower and their upper bounds: together less likely than 95 % says.
	Lower, Upper FillForecast

	ArrivalsPerDay float64 // of all stages
	// ApplicantHireProbability is that of an application that begins where others
	// do; in the first stage, if none does.
	ApplicantHireProbability float64
	// For80 is how many applicants it takes for UsualConfidence, Asked for that which
	// was asked for.
	For80, Asked Applicants

	Stages      []StageOutlook // all but that of the hired
	Assumptions []Assumption
}

// Applicants is how many applicants fill all seats sooner or later with a
// probability of at least Confidence. Nil when no number does.
type Applicants struct {
	Confidence float64
	Needed     *int // without anybody in the pipeline
	Additional *int // beside the active applications
}

// StageOutlook is what is to be expected of a visit to one stage that begins now.
type StageOutlook struct {
	Stage int

	Rate     StageRate
	PassRate float64  // Rate.Shrunk()
	Bounds   Interval // of PassRate

	Duration LogNormal
	Borrowed bool // Duration is that of elsewhere
	Stays    int  // that Duration goes by, or would

	// How the application ends sooner or later: the three add up to 1.
	HireProbability, RejectProbability, WithdrawProbability float64

	RemainingVisits float64 // on average, to any stage, this one among them
	RemainingDays   float64 // on average, until the application ends
}

// Forecast tells when the seats of an opening will be filled and how many
// applicants that takes. The error tells which part of the input cannot be.
func Forecast(in ForecastInput) (ForecastReport, error) {
	if err := in.validate(); err != nil {
		return ForecastReport{}, err
	}
	r := ForecastReport{Seats: in.Seats, HorizonDays: in.HorizonDays, Stages: in.outlooks()}
	arrivals := in.arrivals()
	for _, a := range arrivals {
		r.ArrivalsPerDay += a
	}

	rates := make([]StageRate, len(r.Stages))
	durations := make([]LogNormal, len(r.Stages))
	scenarios := [3]struct {
		pass []float64
		fill *FillForecast
		err  error
	}{{fill: &r.FillForecast}, {fill: &r.Lower}, {fill: &r.Upper}}
	for s, o := range r.Stages {
		rates[s], durations[s] = o.Rate, o.Duration
		for i, p := range [3]float64{o.PassRate, o.Bounds.Low, o.Bounds.High} {
			scenarios[i].pass = append(scenarios[i].pass, p)
		}
	}
	each(len(scenarios), func(i int) {
		s := &scenarios[i]
		*s.fill, s.err = FillDate(FillInput{
			Chain: in.Flow.chain(rates, s.pass, durations), Durations: durations,
			Active: in.Flow.Active, ArrivalsPerDay: arrivals, Seats: in.Seats, HorizonDays: in.HorizonDays,
		})
	})
	for _, s := range scenarios {
		if s.err != nil {
			return ForecastReport{}, s.err
		}
	}

	run, err := in.Flow.chain(rates, scenarios[0].pass, durations).LongRun()
	if err != nil {
		return ForecastReport{}, err
	}
	for s := range r.Stages {
		o := &r.Stages[s]
		o.HireProbability, o.RejectProbability, o.WithdrawProbability = run.B[s][EndHired], run.B[s][EndRejected], run.B[s][EndWithdrawn]
		o.RemainingVisits, o.RemainingDays = run.Visits[s], run.Days[s]
	}
	r.countApplicants(in, arrivals)
	r.Assumptions = assumptions(in, r)
	return r, nil
}

func (in ForecastInput) confidence() float64 {
	if in.Confidence == 0 {
		return UsualConfidence
	}
	return in.Confidence
}

func (in ForecastInput) arrivals() []float64 {
	if in.ArrivalsPerDay != nil {
		return in.ArrivalsPerDay
	}
	perDay := make([]float64, len(in.Stages))
	for s := range perDay {
		perDay[s] = float64(in.Flow.Began[s]) / in.FlowDays
	}
	return perDay
}

// outlooks tells rates and durations.
func (in ForecastInput) outlooks() []StageOutlook {
	var priors []float64
	for _, s := range in.Stages {
		priors = append(priors, s.Pass)
	}
	outlooks := make([]StageOutlook, len(in.Stages))
	for s, rate := range in.Flow.Rates(priors) {
		o := StageOutlook{Stage: s, Rate: rate, PassRate: rate.Shrunk(), Bounds: rate.Bounds(), Stays: len(in.Stages[s].Stays)}
		var told bool
		if o.Duration, told = FitLogNormal(in.Stages[s].Stays); !told {
			o.Duration, o.Borrowed = in.Stages[s].Duration, true
		}
		outlooks[s] = o
	}
	return outlooks
}

// countApplicants tells how many applicants are needed.
func (r *ForecastReport) countApplicants(in ForecastInput, arrivals []float64) {
	r.ApplicantHireProbability = r.Stages[0].HireProbability
	if r.ArrivalsPerDay > 0 {
		r.ApplicantHireProbability = 0
		for s, a := range arrivals {
			r.ApplicantHireProbability += a / r.ArrivalsPerDay * r.Stages[s].HireProbability
		}
	}
	none, active := newHireCount(1, in.Seats), newHireCount(1, in.Seats)
	for _, a := range in.Flow.Active {
		active.add(1, []float64{r.Stages[a.Stage].HireProbability})
	}
	needed := func(beside *hireCount, confidence float64) *int {
		if n, possible := NeededBeside(beside.rows[0].pmf, r.ApplicantHireProbability, in.Seats, confidence); possible {
			return &n
		}
		return nil
	}
	applicants := func(confidence float64) Applicants {
		return Applicants{Confidence: confidence, Needed: needed(none, confidence), Additional: needed(active, confidence)}
	}
	r.For80, r.Asked = applicants(UsualConfidence), applicants(in.confidence())
}

func (in ForecastInput) validate() error {
	n := len(in.Stages)
	if n == 0 {
		return fmt.Errorf("there is no stage but that of the hired")
	}
	f := in.Flow
	if len(f.Moved) != n+1 || len(f.Rejected) != n+1 || len(f.Withdrawn) != n+1 || len(f.Began) != n+1 {
		return fmt.Errorf("the flow is of %d stages, not of %d and that of the hired", len(f.Moved), n)
	}
	for s, row := range f.Moved {
		if len(row) != n+1 {
			return fmt.Errorf("the flow out of stage %d leads to %d stages, not %d", s, len(row), n+1)
		}
		for _, count := range append([]int{f.Rejected[s], f.Withdrawn[s], f.Began[s]}, row...) {
			if count < 0 {
				return fmt.Errorf("the flow out of stage %d counts %d", s, count)
			}
		}
	}
	for s, stage := range in.Stages {
		if !isProbability(stage.Pass) {
			return fmt.Errorf("stage %d: a share of %v moves on elsewhere", s, stage.Pass)
		}
		if err := stage.Duration.Validate(); err != nil {
			return fmt.Errorf("stage %d: %w", s, err)
		}
		for _, stay := range stage.Stays {
			if !(stay.Days >= 0) || math.IsInf(stay.Days, 1) {
				return fmt.Errorf("stage %d: a stay of %v days", s, stay.Days)
			}
		}
	}
	if in.ArrivalsPerDay == nil && (!(in.FlowDays > 0) || math.IsInf(in.FlowDays, 1)) {
		return fmt.Errorf("the flow is of %v days", in.FlowDays)
	}
	if c := in.confidence(); !(c > 0 && c < 1) {
		return fmt.Errorf("a confidence of %v does not lie between 0 and 1", c)
	}
	return nil
}
