package hiring

import (
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/retentionrule"
	"hireloop/internal/gid"
)

func TestWhoIsKeptLongEnough(t *testing.T) {
	day := func(month, day int) *time.Time {
		at := time.Date(2026, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		return &at
	}
	now := *day(7, 1)
	skills, moved := gid.ID{1}, gid.ID{2}
	after := func(since retentionrule.Since, months int, reason *gid.ID) *db.RetentionRule {
		return &db.RetentionRule{Since: since, Months: months, RejectionReasonID: reason}
	}
	var (
		applied  = after(retentionrule.SinceAPPLICATION_ENDED, 3, nil)
		short    = after(retentionrule.SinceAPPLICATION_ENDED, 1, &skills)
		long     = after(retentionrule.SinceAPPLICATION_ENDED, 12, &skills)
		consent  = after(retentionrule.SinceCONSENT_ENDED, 2, nil)
		recorded = after(retentionrule.SinceRECORDED, 1, nil)
	)
	for rule, c := range map[string]struct {
		person person
		rules  []*db.RetentionRule
		due    *time.Time
	}{
		"without rules for ever":                            {person{ended: day(1, 1)}, nil, nil},
		"whose application ended long ago is due":           {person{ended: day(3, 15)}, []*db.RetentionRule{applied}, day(6, 15)},
		"on the very moment":                                {person{ended: day(4, 1)}, []*db.RetentionRule{applied}, day(7, 1)},
		"not a moment before":                               {person{ended: day(4, 2)}, []*db.RetentionRule{applied}, nil},
		"never while an application is under way, or hired": {person{ended: day(1, 1), pursued: true}, []*db.RetentionRule{applied}, nil},
		"a reason has a shorter rule of its own":            {person{ended: day(5, 1), reason: &skills}, []*db.RetentionRule{applied, short}, day(6, 1)},
		"or a longer one":                                   {person{ended: day(1, 1), reason: &skills}, []*db.RetentionRule{long, applied}, nil},
		"which is not for another reason":                   {person{ended: day(1, 1), reason: &moved}, []*db.RetentionRule{long, applied}, day(4, 1)},
		"a rule for a reason is for no other":               {person{ended: day(1, 1), reason: &moved}, []*db.RetentionRule{short}, nil},
		"a good consent keeps":                              {person{ended: day(1, 1), agreed: []consented{{nil}}}, []*db.RetentionRule{applied}, nil},
		"also beside one that has ended":                    {person{ended: day(1, 1), agreed: []consented{{day(2, 1)}, {day(8, 1)}}}, []*db.RetentionRule{applied}, nil},
		"one that has ended does not":                       {person{ended: day(1, 1), agreed: []consented{{day(2, 1)}}}, []*db.RetentionRule{applied}, day(4, 1)},
		"who agreed counts from the last end":               {person{agreed: []consented{{day(2, 1)}, {day(4, 1)}}}, []*db.RetentionRule{consent}, day(6, 1)},
		"every rule must have run out":                      {person{ended: day(1, 1), agreed: []consented{{day(6, 1)}}}, []*db.RetentionRule{applied, consent}, nil},
		"the one that held out longest says since when":     {person{ended: day(1, 1), agreed: []consented{{day(4, 1)}}}, []*db.RetentionRule{applied, consent}, day(6, 1)},
		"who only was recorded":                             {person{recorded: *day(5, 1)}, []*db.RetentionRule{recorded}, day(6, 1)},
		"that is not for whom has applied":                  {person{recorded: *day(1, 1), ended: day(1, 2)}, []*db.RetentionRule{recorded}, nil},
	} {
		got := c.person.due(c.rules, now)
		switch {
		case (got == nil) != (c.due == nil):
			t.Errorf("%s: got %+v, want %v", rule, got, c.due)
		case got != nil && !got.DueAt.Equal(*c.due):
			t.Errorf("%s: due since %s, want %s", rule, got.DueAt, c.due)
		}
	}
}
