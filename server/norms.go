package main

import (
	"time"
	_ "time/tzdata" // machines without a database of time zones know them too

	"hireloop/hiring"
)

// norms are what the company asks of its interviewers.
type norms struct {
	ScorecardDue   time.Duration `default:"24h" env:"HIRELOOP_SCORECARD_DUE" help:"How long after an interview its scorecards are due, in hours of working days."`
	InterviewsADay int           `name:"interviews-a-day" default:"4" env:"HIRELOOP_INTERVIEWS_A_DAY" help:"How many interviews one person has on a day at most."`
	TimeZone       string        `default:"UTC" env:"HIRELOOP_TIME_ZONE" help:"Whose days these are, e.g. Europe/Berlin."`
}

func (n norms) read() (hiring.Norms, error) {
	if n.ScorecardDue <= 0 {
		return hiring.Norms{}, usagef("--scorecard-due %s: must be more than nothing", n.ScorecardDue)
	}
	if n.InterviewsADay <= 0 {
		return hiring.Norms{}, usagef("--interviews-a-day %d: must be at least 1", n.InterviewsADay)
	}
	zone, err := time.LoadLocation(n.TimeZone)
	if err != nil {
		return hiring.Norms{}, usagef("--time-zone: there is no time zone %q", n.TimeZone)
	}
	return hiring.Norms{ScorecardDue: n.ScorecardDue, InterviewsADay: n.InterviewsADay, Zone: zone}, nil
}
