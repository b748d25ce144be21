package funnel

import (
	"fmt"
	"strconv"
)

// AssumptionCode is what a forecast takes for granted.
type AssumptionCode string

const (
	// The rates of Number days stay as they were.
	RatesStay AssumptionCode = "RATES_STAY"
	// Number applications arrive a day.
	ArrivalsContinue AssumptionCode = "ARRIVALS_CONTINUE"
	// Nobody arrives.
	NoArrivals AssumptionCode = "NO_ARRIVALS"
	// Each rate is drawn towards that of elsewhere by Number applications.
	RatesShrunk AssumptionCode = "RATES_SHRUNK"
	// At a stage the rate, Number, is that of elsewhere for the most part.
	RateBorrowed AssumptionCode = "RATE_BORROWED"
	// At a stage the duration is that of elsewhere, with a median of Number days.
	DurationBorrowed AssumptionCode = "DURATION_BORROWED"
	// Applications do not take each other's seats before these are filled.
	ApplicationsIndependent AssumptionCode = "APPLICATIONS_INDEPENDENT"
	// Who has been in a stage for long moves on as often as others.
	OutcomeIndependentOfTime AssumptionCode = "OUTCOME_INDEPENDENT_OF_TIME"
	// The bounds take all stages at their lower or upper bounds at once.
	BoundsOfAllStages AssumptionCode = "BOUNDS_OF_ALL_STAGES"
)

// Assumption is one thing that a forecast takes for granted.
type Assumption struct {
	Code   AssumptionCode
	Stage  *int     // that it is of; nil for all
	Number *float64 // what it is by; see the code
	Text   string   // the same in words
}

func assumptions(in ForecastInput, r ForecastReport) []Assumption {
	var all []Assumption
	add := func(code AssumptionCode, stage *int, number *float64, text string, args ...any) {
		all = append(all, Assumption{Code: code, Stage: stage, Number: number, Text: fmt.Sprintf(text, args...)})
	}
	days, weight := in.FlowDays, float64(priorWeight)
	if days > 0 {
		add(RatesStay, nil, &days, "Applications move on as they did in the last %s days.", figure(days))
	}
	if perDay := r.ArrivalsPerDay; perDay > 0 {
		add(ArrivalsContinue, nil, &perDay, "%s new applications arrive a day.", figure(perDay))
	} else {
		add(NoArrivals, nil, nil, "No new applications arrive.")
	}
	add(RatesShrunk, nil, &weight, "To those who left each stage, %d are added who move on as elsewhere.", priorWeight)
	for _, o := range r.Stages {
		stage, rate, median := o.Stage, o.PassRate, o.Duration.MedianDays
		name := in.Stages[stage].Name
		if name == "" {
			name = "stage " + strconv.Itoa(stage)
		}
		if o.Rate.Settled < priorWeight {
			add(RateBorrowed, &stage, &rate, "%s: only %d have left, so that the rate of %s %% is that of elsewhere for the most part.", name, o.Rate.Settled, figure(100*rate))
		}
		if o.Borrowed {
			add(DurationBorrowed, &stage, &median, "%s: too few visits have ended, so that they are taken to last as long as elsewhere, with a median of %s days.", name, figure(median))
		}
	}
	add(ApplicationsIndependent, nil, nil, "What becomes of one application has nothing to do with the others.")
	add(OutcomeIndependentOfTime, nil, nil, "How long somebody is in a stage says nothing about whether they move on.")
	add(BoundsOfAllStages, nil, nil, "The bounds take the rates of all stages at their lower or upper ends at once.")
	return all
}

// figure is a number with the digits that a reader wants.
func figure(x float64) string {
	if x >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
