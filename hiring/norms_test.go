package hiring_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"hireloop/hiring"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestScorecardsAreDueAWorkingDayAfter(t *testing.T) {
	for rule, c := range map[string]struct {
		zone      string
		due       time.Duration
		end, want string
	}{
		"a weekday":                           {"UTC", 0, "2026-04-14 17:00", "2026-04-15 17:00"},
		"over the weekend":                    {"UTC", 0, "2026-04-17 17:00", "2026-04-20 17:00"},
		"on Saturday":                         {"UTC", 0, "2026-04-18 11:00", "2026-04-21 00:00"},
		"on Sunday":                           {"UTC", 0, "2026-04-19 23:59", "2026-04-21 00:00"},
		"two days, over the weekend":          {"UTC", 48 * time.Hour, "2026-04-16 10:00", "2026-04-20 10:00"},
		"a week of working days":              {"UTC", 120 * time.Hour, "2026-04-15 10:00", "2026-04-22 10:00"},
		"an hour":                             {"UTC", time.Hour, "2026-04-17 23:30", "2026-04-20 00:30"},
		"the weekend of the zone, not of UTC": {"Asia/Tokyo", 0, "2026-04-18 01:00", "2026-04-21 00:00"},
		"clocks put forward on Sunday":        {"Europe/Berlin", 0, "2026-03-27 17:00", "2026-03-30 17:00"},
		"clocks put back on Sunday":           {"Europe/Berlin", 0, "2026-10-23 17:00", "2026-10-26 17:00"},
		"clocks put forward at a Friday's midnight, which is not": {"Africa/Cairo", 0, "2026-04-23 17:00", "2026-04-24 18:00"},
	} {
		t.Run(rule, func(t *testing.T) {
			z := zone(t, c.zone)
			end, err := time.ParseInLocation("2006-01-02 15:04", c.end, z)
			if err != nil {
				t.Fatal(err)
			}
			due := hiring.Norms{ScorecardDue: c.due, Zone: z}.Due(end.UTC())
			if got := due.In(z).Format("2006-01-02 15:04"); got != c.want || due.Location() != time.UTC {
				t.Errorf("due %s (%v), want %s", got, due, c.want)
			}
		})
	}
}

// Whenever an interview ends, in whichever zone: by the time its scorecards are
// due exactly that much of working days has passed, counted minute by minute;
// and who ends later is not due earlier.
func TestDueCountsWorkingTime(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Havana", "Pacific/Apia"}
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		// 2011 has the day that Samoa left out, a Friday; 2023 brought Egypt's Fridays back.
		end := time.Unix(60*rapid.Int64Range(21_562_560, 29_979_360).Draw(t, "minute"), 0)
		due := time.Duration(rapid.IntRange(1, 80).Draw(t, "hours")) * time.Hour
		norms := hiring.Norms{ScorecardDue: due, Zone: z}
		at := norms.Due(end)
		worked := time.Duration(0)
		for m := end; m.Before(at); m = m.Add(time.Minute) {
			if day := m.In(z).Weekday(); day != time.Saturday && day != time.Sunday {
				worked += time.Minute
			}
		}
		if worked != due {
			t.Errorf("from %v to %v are %v of working days, want %v", end.In(z), at.In(z), worked, due)
		}
		later := end.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "later")) * time.Minute)
		if norms.Due(later).Before(at) {
			t.Errorf("what ends at %v is due before what ends at %v", later.In(z), end.In(z))
		}
	})
}
