package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hireloop/hiring"
)

// readForecast is when the open seats of an opening will be filled.
func readForecast(ctx context.Context, s *hiring.Service, q *query) (*answer, error) {
	in := hiring.HireForecastInput{OpeningID: required(q, "openingId", q.id("openingId")), HorizonDays: 180, Confidence: 0.8, AsOf: q.moment("asOf")}
	if days := q.number("horizonDays"); days != nil {
		in.HorizonDays = *days
	}
	if confidence := q.float("confidence"); confidence != nil {
		in.Confidence = *confidence
	}
	points := q.number("points")
	if err := q.err(); err != nil {
		return nil, err
	}
	f, err := s.HireForecast(ctx, in)
	if err != nil {
		return nil, err
	}
	told, drawn := usualPoints, drawnPoints
	if points != nil {
		told, drawn = *points, *points
	}
	curve, err := f.Curve(told)
	if err != nil {
		return nil, err
	}
	picture, err := f.Curve(drawn)
	if err != nil {
		return nil, err
	}
	at := stand{from: curve[0].Date, to: curve[len(curve)-1].Date.AddDate(0, 0, 1), asOf: f.AsOf, known: f.AsOf, event: &f.Event}
	return &answer{
		stand: at,
		table: done(func() table {
			return tabulate(append(at.cells(), forecastCells(f)...), forecastColumns, slices.Values(curve))
		}),
		chart: done(func() *chart { return forecastChart(at, f, picture) }),
	}, nil
}

// forecastCells are what all days have in common.
func forecastCells(f *hiring.HireForecast) []named {
	cells := []named{
		{"openingId", cell(f.Opening.ID.String())}, {"openingTitle", words(f.Opening.Title)},
		{"seats", count(f.Seats)}, {"horizonDays", count(f.HorizonDays)},
	}
	for _, of := range []struct {
		name string
		by   *hiring.FillQuantiles
	}{{"expected", f.Expected()}, {"lower", f.Lower()}, {"upper", f.Upper()}} {
		for _, q := range []struct {
			name string
			days *int
		}{{"P10Day", of.by.P10Day}, {"P50Day", of.by.P50Day}, {"P80Day", of.by.P80Day}, {"P90Day", of.by.P90Day}} {
			cells = append(cells, named{of.name + q.name, maybe(q.days, count[int])})
		}
	}
	return append(cells,
		named{"activeExpectedHires", figure(&f.ActiveExpectedHires)}, named{"activeHires", figure(&f.ActiveHires)},
		named{"arrivalHires", figure(&f.ArrivalHires)}, named{"arrivalsPerDay", figure(&f.ArrivalsPerDay)},
		named{"applicantHireProbability", figure(&f.ApplicantHireProbability)},
		named{"additionalApplicantsFor80", maybe(f.AdditionalApplicantsFor80(), count[int])}, named{"confidence", figure(&f.Confidence)},
		named{"additionalApplicants", maybe(f.AdditionalApplicants(), count[int])},
		named{"applicantsNeeded", maybe(f.ApplicantsNeeded(), count[int])}, named{"assumptions", words(assumptionCodes(f))})
}

var forecastColumns = []column[hiring.ForecastPoint]{
	{"day", func(p hiring.ForecastPoint) cell { return count(p.Day) }},
	{"date", func(p hiring.ForecastPoint) cell { return day(p.Date) }},
	{"probability", func(p hiring.ForecastPoint) cell { return figure(&p.Probability) }},
	{"low", func(p hiring.ForecastPoint) cell { return figure(&p.Low) }},
	{"high", func(p hiring.ForecastPoint) cell { return figure(&p.High) }},
}

// assumptionCodes are what a forecast takes for granted, each followed by the
// position of the stage that it is of.
func assumptionCodes(f *hiring.HireForecast) string {
	var codes []string
	for _, a := range f.Assumptions() {
		code := string(a.Code)
		if a.Stage != nil {
			code += ":" + string(count(a.Stage.Position))
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, " ")
}

// assumptions are what a forecast takes for granted, in words.
func assumptions(f *hiring.HireForecast) string {
	var texts []string
	for _, a := range f.Assumptions() {
		texts = append(texts, strings.TrimSuffix(a.Text, "."))
	}
	return strings.Join(texts, "; ")
}

// forecastChart draws how likely all seats are filled by each day, and by when
// that is likely enough.
func forecastChart(at stand, f *hiring.HireForecast, curve []hiring.ForecastPoint) *chart {
	return &chart{
		title: "Forecast of " + shortened(f.Opening.Title, 60),
		notes: []string{
			fmt.Sprintf("How likely %s filled by each of %d days from %s, by exact convolution. The area is between the rates of all stages at their lower and"+
				" at their upper bounds.", are(f.Seats), f.HorizonDays, at.from.Format("2006-01-02")),
			"Assumptions: " + shortened(assumptions(f)+".", 700),
			at.asOfNote(),
		},
		panels: 1,
		panel: func(int) panel {
			p := &lines{
				heading: fmt.Sprintf("n = %s; on average %.2f hires of active applications and %.2f of those to come", plural(f.Seats, "seat"), f.ActiveHires, f.ArrivalHires),
				caption: "All seats filled", x: lengths(float64(f.HorizonDays)), y: shares,
			}
			by := f.Expected()
			l := line{name: "Probability", figures: "half: " + onDay(by.P50Day) + ", 80 %: " + onDay(by.P80Day)}
			for _, c := range curve {
				x := float64(c.Day)
				l.points, l.band = append(l.points, point{x, c.Probability}), append(l.band, spread{x, c.Low, c.High})
			}
			p.lines = []line{l}
			for _, q := range []struct {
				share string
				days  *int
			}{{"10 %", by.P10Day}, {"50 %", by.P50Day}, {"80 %", by.P80Day}, {"90 %", by.P90Day}} {
				if q.days != nil {
					date := at.from.AddDate(0, 0, *q.days).Format("2006-01-02")
					p.marks = append(p.marks, tick{float64(*q.days), fmt.Sprintf("%s: day %d, %s", q.share, *q.days, date)})
				}
			}
			return p
		},
	}
}

func are(seats int) string {
	if seats == 1 {
		return "the one seat is"
	}
	return fmt.Sprintf("all %d seats are", seats)
}

func onDay(days *int) string {
	if days == nil {
		return "not reached"
	}
	return fmt.Sprintf("day %d", *days)
}
