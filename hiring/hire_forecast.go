package hiring

import (
	"context"
	"math"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/level"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// HireForecastInput says what is forecast.
type HireForecastInput struct {
	OpeningID   gid.ID
	HorizonDays int     // 7 to 365
	Confidence  float64 // 0.5 to 0.99
	AsOf        *time.Time
}

// HireForecast is when the open seats of an opening will be filled.
type HireForecast struct {
	funnel.ForecastReport
	Opening    *db.Opening
	AsOf       time.Time
	Event      int64
	Confidence float64

	stages []*FunnelStage
	zone   *time.Location
}

const (
	leastHorizon, mostHorizon       = 7, 365
	leastConfidence, mostConfidence = 0.5, 0.99

	// flowDays is how far back rates and durations look, arrivalDays how far back
	// arrivals do: what the market gives changes faster than how a team works.
	flowDays, arrivalDays = 365, 90
)

// usual is how long stays are taken to last, in days and spread by kind of stage,
// where a company has too few that ended: assumed, not measured, and weighed as ten
// applications. The answer says where it borrows.
var usual = map[string]funnel.LogNormal{
	"LEAD": {MedianDays: 7, Sigma: 1}, "APPLIED": {MedianDays: 5, Sigma: 0.8}, "SCREEN": {MedianDays: 6, Sigma: 0.7},
	"INTERVIEW": {MedianDays: 11, Sigma: 0.5}, "OFFER": {MedianDays: 6, Sigma: 0.6},
}

// usualPass is the share that moves on likewise.
var usualPass = map[string]float64{"LEAD": 0.3, "APPLIED": 0.25, "SCREEN": 0.45, "INTERVIEW": 0.3, "OFFER": 0.8}

// HireForecast tells when the seats will be filled of an opening that the viewer
// counts. Rates of the last 365 days are drawn towards those of all openings on the same
// ladder that are not confidential; nothing is random.
func (s *Service) HireForecast(ctx context.Context, in HireForecastInput) (*HireForecast, error) {
	var problems fault.List
	within(&problems, "horizonDays", in.HorizonDays, leastHorizon, mostHorizon)
	if !(in.Confidence >= leastConfidence && in.Confidence <= mostConfidence) {
		problems.Add(fault.Invalidf("confidence", "is %v, not %v to %v", in.Confidence, leastConfidence, mostConfidence))
	}
	of(&problems, "openingId", in.OpeningID, gid.Opening)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	b, err := s.basis(FunnelFilter{}, FunnelView{AsOf: in.AsOf, Stages: OwnStages})
	if err != nil {
		return nil, underView(err)
	}
	scope, err := s.scope(ctx, FunnelFilter{OpeningIDs: []gid.ID{in.OpeningID}})
	if err != nil {
		return nil, err
	}
	if len(scope.openings) == 0 {
		return nil, missing("openingId", gid.Opening)
	}
	f := &HireForecast{AsOf: b.AsOf, Event: scope.event(), Confidence: in.Confidence, zone: b.zone}
	if f.stages, err = s.stageNames(ctx, scope, b); err != nil {
		return nil, err
	}
	if f.Opening, err = s.DB.Opening.Get(ctx, in.OpeningID); err != nil {
		return nil, err
	}
	if n := len(f.stages); n < 2 || f.stages[n-1].Kind != "HIRED" {
		return nil, fault.Invalidf("openingId", "its pipeline does not end with the stage of the hired")
	}
	if opened := f.Opening.OpenedAt; opened != nil && b.AsOf.Before(*opened) {
		return nil, fault.Invalidf("asOf", "is before the opening was opened, %s", instant(*opened))
	}
	seats, err := s.seatsAt(ctx, in.OpeningID, b.AsOf)
	if err != nil {
		return nil, err
	}
	elsewhere, err := s.elsewhere(ctx, f.Opening, scope.pipelines, b)
	if err != nil {
		return nil, err
	}
	input := forecastInput(scope.columns[0], f, b, elsewhere)
	input.Seats, input.HorizonDays, input.Confidence = min(seats, funnel.MaxSeats), in.HorizonDays, in.Confidence
	f.ForecastReport, err = funnel.Forecast(input)
	return f, err
}

// underView puts what is wrong with a moment where a forecast names it.
func underView(err error) error {
	for _, e := range fault.All(err) {
		if len(e.Path) == 2 && e.Path[0] == "view" {
			e.Path = e.Path[1:]
		}
	}
	return err
}

// seatsAt counts the seats that were open at a moment.
func (s *Service) seatsAt(ctx context.Context, openingID gid.ID, at time.Time) (int, error) {
	return s.DB.Seat.Query().Where(seat.OpeningID(openingID), seat.OpenedAtLTE(at),
		seat.Or(seat.FilledAtIsNil(), seat.FilledAtGT(at)),
		seat.Or(seat.ClosedAtIsNil(), seat.ClosedAtGT(at))).Count(ctx)
}

// usualStage is what is known of a kind of stage from elsewhere.
type usualStage struct {
	pass     float64
	duration funnel.LogNormal
}

// elsewhere tells by kind how applications move in all openings for the same
// ladder that are not confidential, as of the beginning of the month: the same for
// everybody who asks, and no way to follow single applications of other teams.
func (s *Service) elsewhere(ctx context.Context, o *db.Opening, p *pipelines, b FunnelBasis) (map[string]usualStage, error) {
	query := s.DB.Opening.Query().Where(opening.IsConfidential(false))
	if o.TargetLevelID != nil {
		of, err := s.DB.Level.Get(ctx, *o.TargetLevelID)
		if err != nil {
			return nil, err
		}
		query.Where(opening.HasTargetLevelWith(level.LadderID(of.LadderID)))
	}
	ids, err := query.IDs(access.System(ctx)) // of sums that name nobody
	if err != nil {
		return nil, err
	}
	month := begins(time.Date(b.AsOf.Year(), b.AsOf.Month(), 1, 0, 0, 0, 0, time.UTC), b.zone)
	if month.After(b.AsOf) {
		month = b.AsOf.AddDate(0, -1, 0)
	}
	passed, settled, stays := map[string]int{}, map[string]int{}, map[string][]funnel.Stay{}
	for _, id := range ids {
		one := p.of[id]
		if one == nil {
			continue
		}
		flow := funnel.Flows(one.Pipeline, funnel.Moment{At: month, Known: month}, month.AddDate(0, 0, -flowDays))
		kinds := one.Kinds()
		for st, kind := range kinds {
			on := 0
			for _, n := range flow.Moved[st][min(st+1, len(kinds)):] {
				on += n
			}
			passed[kind] += on
			settled[kind] += on + flow.Rejected[st] + flow.Withdrawn[st]
			stays[kind] = append(stays[kind], flow.Stays[st]...)
		}
	}
	out := map[string]usualStage{}
	for kind, duration := range usual {
		rate := funnel.StageRate{Passed: passed[kind], Settled: settled[kind], Prior: usualPass[kind]}
		if fitted, told := funnel.FitLogNormal(stays[kind]); told {
			duration = fitted
		}
		out[kind] = usualStage{pass: rate.Shrunk(), duration: duration}
	}
	return out, nil
}

// forecastInput is what is known of one opening.
func forecastInput(p *pipeline, f *HireForecast, b FunnelBasis, elsewhere map[string]usualStage) funnel.ForecastInput {
	moment := funnel.Moment{At: b.AsOf, Known: b.KnownAt}
	in := funnel.ForecastInput{Flow: funnel.Flows(p.Pipeline, moment, b.AsOf.AddDate(0, 0, -flowDays)), FlowDays: flowDays}
	for i, st := range f.stages[:len(f.stages)-1] {
		usual := elsewhere[string(st.Kind)]
		in.Stages = append(in.Stages, funnel.ForecastStage{Name: *st.Name, Pass: usual.pass, Duration: usual.duration, Stays: in.Flow.Stays[i]})
	}
	// Of an opening that is younger than that, no longer than it is open.
	days := float64(arrivalDays)
	if opened := f.Opening.OpenedAt; opened != nil {
		days = min(days, max(1, math.Ceil(b.AsOf.Sub(*opened).Hours()/24)))
	}
	in.ArrivalsPerDay = make([]float64, len(in.Stages))
	if f.Opening.Status == opening.StatusOPEN {
		recent := funnel.Flows(p.Pipeline, moment, b.AsOf.Add(-time.Duration(days*24)*time.Hour))
		for i := range in.ArrivalsPerDay {
			in.ArrivalsPerDay[i] = float64(recent.Began[i]) / days
		}
	}
	return in
}

// ForecastPoint is how likely the seats are filled by a day.
type ForecastPoint struct {
	Day         int
	Date        time.Time // at midnight UTC
	Probability float64
	Low, High   float64 // with all rates at their bounds
}

// Curve is how likely the seats are filled by each day, or by as many days as
// points, evenly spaced.
func (f *HireForecast) Curve(points int) ([]ForecastPoint, error) {
	if points < 2 || points > mostHorizon+1 {
		return nil, fault.Invalidf("points", "is %d, not 2 to %d", points, mostHorizon+1)
	}
	step := max(1, (f.HorizonDays+points-2)/(points-1))
	var out []ForecastPoint
	for day := 0; ; day = min(day+step, f.HorizonDays) {
		out = append(out, ForecastPoint{
			Day: day, Date: f.date(day), Probability: f.FillForecast.Curve[day], Low: f.ForecastReport.Lower.Curve[day], High: f.ForecastReport.Upper.Curve[day],
		})
		if day == f.HorizonDays {
			return out, nil
		}
	}
}

func (f *HireForecast) date(day int) time.Time { return dateOf(f.AsOf.In(f.zone)).AddDate(0, 0, day) }

// FillQuantiles are by when the seats are filled with some probability; nil when
// not within the horizon, and without seats.
type FillQuantiles struct {
	P10Day, P50Day, P80Day, P90Day     *int
	P10Date, P50Date, P80Date, P90Date *time.Time
}

func (f *HireForecast) quantiles(of funnel.FillForecast) *FillQuantiles {
	if f.Seats == 0 {
		return &FillQuantiles{} // there is nothing to fill
	}
	date := func(day *int) *time.Time {
		if day == nil {
			return nil
		}
		d := f.date(*day)
		return &d
	}
	return &FillQuantiles{
		P10Day: of.P10Days, P50Day: of.P50Days, P80Day: of.P80Days, P90Day: of.P90Days,
		P10Date: date(of.P10Days), P50Date: date(of.P50Days), P80Date: date(of.P80Days), P90Date: date(of.P90Days),
	}
}

// Expected is by when the seats are filled, Lower and Upper the same with all rates
// at their lower and upper bounds.
func (f *HireForecast) Expected() *FillQuantiles { return f.quantiles(f.FillForecast) }

// Lower is Expected with all rates at their lower bounds.
func (f *HireForecast) Lower() *FillQuantiles { return f.quantiles(f.ForecastReport.Lower) }

// Upper is Expected with all rates at their upper bounds.
func (f *HireForecast) Upper() *FillQuantiles { return f.quantiles(f.ForecastReport.Upper) }

// AdditionalApplicantsFor80 are how many applicants more it takes for 80 %.
func (f *HireForecast) AdditionalApplicantsFor80() *int { return f.For80.Additional }

// AdditionalApplicants are how many it takes for the confidence asked for.
func (f *HireForecast) AdditionalApplicants() *int { return f.Asked.Additional }

// ApplicantsNeeded are how many it would take without anybody in the pipeline.
func (f *HireForecast) ApplicantsNeeded() *int { return f.Asked.Needed }

// ForecastStage is what is to be expected of a visit to a stage.
type ForecastStage struct {
	funnel.StageOutlook
	Stage *FunnelStage
}

// Stages are all but that of the hired.
func (f *HireForecast) Stages() []*ForecastStage {
	out := make([]*ForecastStage, len(f.ForecastReport.Stages))
	for i, o := range f.ForecastReport.Stages {
		out[i] = &ForecastStage{StageOutlook: o, Stage: f.stages[o.Stage]}
	}
	return out
}

// Settled is how many left the stage that the rate goes by.
func (s *ForecastStage) Settled() int { return s.Rate.Settled }

// MedianDays is how long half of the visits last.
func (s *ForecastStage) MedianDays() float64 { return s.Duration.MedianDays }

// ForecastAssumption is one thing that a forecast takes for granted.
type ForecastAssumption struct {
	funnel.Assumption
	Stage *FunnelStage
}

// Assumptions are what the forecast takes for granted.
func (f *HireForecast) Assumptions() []*ForecastAssumption {
	out := make([]*ForecastAssumption, len(f.ForecastReport.Assumptions))
	for i, a := range f.ForecastReport.Assumptions {
		out[i] = &ForecastAssumption{Assumption: a}
		if a.Stage != nil {
			out[i].Stage = f.stages[*a.Stage]
		}
	}
	return out
}
