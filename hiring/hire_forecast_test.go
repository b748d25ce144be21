package hiring_test

import (
	"testing"

	"hireloop/ent/db/opening"
	"hireloop/hiring"
)

// A forecast goes by the seats that are open at its moment, by who began in the
// last 90 days or since the opening opened, and by stays of its own pipeline; what
// happened later does not change it.
func TestAForecastGoesByWhatTheOpeningIs(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 3)
		ask := func(in hiring.HireForecastInput) *hiring.HireForecast {
			t.Helper()
			in.OpeningID, in.HorizonDays, in.Confidence = o.opening.ID, 90, .8
			f, err := o.HireForecast(o.as("recruiter"), in)
			o.must(err)
			return f
		}
		for day := range 12 {
			o.now = dayOf(20 + float64(day))
			a := o.applyFor(o.opening, o.stages[0]) // on day 10
			if day%3 == 0 {
				_, err := o.AdvanceApplication(o.as("recruiter"), hiring.AdvanceApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1})
				o.must(err)
			}
		}
		o.now = dayOf(40)
		before := ask(hiring.HireForecastInput{})
		if before.Seats != 3 || before.ArrivalsPerDay != 12./40 {
			t.Errorf("%d seats, %v arrive a day; want 3 and 12 in the 40 days since it opened", before.Seats, before.ArrivalsPerDay)
		}
		if s := before.Stages(); len(s) != 4 || s[0].Settled() != 4 || s[1].Settled() != 0 {
			t.Errorf("stages are %+v", s)
		}
		o.bring("HIRED")
		if now := ask(hiring.HireForecastInput{}); now.Seats != 2 {
			t.Errorf("%d seats after a hire, want 2", now.Seats)
		}
		o.now = dayOf(60)
		then := ask(hiring.HireForecastInput{AsOf: to(dayOf(40).Add(-1))})
		if then.Seats != 3 || then.ActiveExpectedHires != before.ActiveExpectedHires || *then.AdditionalApplicantsFor80() != *before.AdditionalApplicantsFor80() {
			t.Errorf("of the past day: %d seats, %v expected, want 3, %v", then.Seats, then.ActiveExpectedHires, before.ActiveExpectedHires)
		}
		if got := refused(func() error {
			_, err := o.HireForecast(o.as("recruiter"), hiring.HireForecastInput{OpeningID: o.opening.ID, HorizonDays: 90, Confidence: .8, AsOf: to(dayOf(-1))})
			return err
		}()); got != "INVALID at asOf" {
			t.Errorf("before it opened: %s", got)
		}
		o.setOpening(o.opening, opening.StatusPAUSED)
		if f := ask(hiring.HireForecastInput{}); f.ArrivalsPerDay != 0 {
			t.Errorf("%v arrive a day while it is paused", f.ArrivalsPerDay)
		}
	})
}
