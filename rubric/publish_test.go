package rubric_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

// copyOf makes content that a test may break.
func copyOf(t *testing.T) *rubric.Content {
	t.Helper()
	content := builtin(t)
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	broken := rubric.Content{}
	if err := json.Unmarshal(text, &broken); err != nil {
		t.Fatal(err)
	}
	for _, p := range content.Plans {
		text, _ := json.Marshal(p)
		var plan rubric.Plan
		if err := json.Unmarshal(text, &plan); err != nil {
			t.Fatal(err)
		}
		broken.Plans = append(broken.Plans, plan)
	}
	return &broken
}

// demand changes what a level asks of the nth signal.
func demand(c *rubric.Content, n int, level string, change func(*rubric.Demand)) {
	d := c.Edition.Signals[n].Demands[level]
	change(&d)
	c.Edition.Signals[n].Demands[level] = d
}

func TestWhatCannotBePublished(t *testing.T) {
	const coaching, foundation = 2, 18 // a gate at both levels; retired at senior_em
	for _, c := range []struct {
		rule string
		with func(*rubric.Content)
		want string // path and message of one problem
	}{
		{"the weights of a level sum to 100",
			func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.Weight++ }) },
			"edition.levels.0: the weights of em sum to 101"},
		{"a weight counts",
			func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.Weight = 0 }) },
			"edition.signals.0.demands.em.weight: must be between 1 and 100"},
		{"a bar is at least 1",
			func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.Bar = 99 }) },
			"edition.signals.0.demands.em.bar: must be between 1 and 4"},
		{"a bar is on the scale",
			func(c *rubric.Content) { demand(c, 0, "senior_em", func(d *rubric.Demand) { d.Bar = 401 }) },
			"edition.signals.0.demands.senior_em.bar: must be between 1 and 4"},
		{"a higher level never lowers a bar",
			func(c *rubric.Content) { demand(c, coaching, "senior_em", func(d *rubric.Demand) { d.Bar = 274 }) },
			"edition.signals.2.demands.senior_em.bar: is below the bar 2.75 of em"},
		{"a gate stays a gate",
			func(c *rubric.Content) {
				demand(c, coaching, "senior_em", func(d *rubric.Demand) { d.MustHave = false })
			},
			"edition.signals.2.demands.senior_em.mustHave: it is a gate at em"},
		{"a gate is not retired",
			func(c *rubric.Content) {
				demand(c, coaching, "senior_em", func(d *rubric.Demand) { *d = rubric.Demand{SubsumedBy: "goal_context"} })
			},
			"edition.signals.2.demands.senior_em: cannot be retired: it is a gate at em"},
		{"what retires is asked below",
			func(c *rubric.Content) { delete(c.Edition.Signals[foundation].Demands, "em") },
			"edition.signals.18.demands.senior_em: cannot be retired: no lower level asks for it"},
		{"what is retired is covered by a signal",
			func(c *rubric.Content) {
				demand(c, foundation, "senior_em", func(d *rubric.Demand) { d.SubsumedBy = "nothing" })
			},
			`edition.signals.18.demands.senior_em.subsumedBy: there is no signal "nothing"`},
		{"which the level asks for",
			func(c *rubric.Content) {
				demand(c, foundation, "senior_em", func(d *rubric.Demand) { d.SubsumedBy = "management_foundation" })
			},
			"edition.signals.18.demands.senior_em.subsumedBy: senior_em does not ask for management_foundation"},
		{"somebody rates a signal",
			func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.MinimumRaters = 0 }) },
			"edition.signals.0.demands.em.minimumRaters: must be between 1 and 5"},
		{"no signal needs a crowd",
			func(c *rubric.Content) { demand(c, 0, "em", func(d *rubric.Demand) { d.MinimumRaters = 6 }) },
			"edition.signals.0.demands.em.minimumRaters: must be between 1 and 5"},
		{"a level has at most 8 gates",
			func(c *rubric.Content) { demand(c, 0, "senior_em", func(d *rubric.Demand) { d.MustHave = true }) },
			"edition.levels.1: senior_em has 9 gates"},
		{"every rating has an anchor",
			func(c *rubric.Content) { c.Edition.Signals[0].Anchors = c.Edition.Signals[0].Anchors[:3] },
			"edition.signals.0.anchors: there are 3 anchors for 4 ratings"},
		{"anchors are in order",
			func(c *rubric.Content) { c.Edition.Signals[0].Anchors[0].Rating = 2 },
			"edition.signals.0.anchors.0.rating: must be 1"},
		{"an anchor says something",
			func(c *rubric.Content) { c.Edition.Signals[0].Anchors[1].Text = " " },
			"edition.signals.0.anchors.1.text: is required"},
		{"anchors differ, in more than case and space",
			func(c *rubric.Content) {
				c.Edition.Signals[0].Anchors[3].Text = " " + strings.ToUpper(c.Edition.Signals[0].Anchors[2].Text)
			},
			"edition.signals.0.anchors.3.text: another rating has the same anchor"},
		{"every area has a signal",
			func(c *rubric.Content) {
				c.Edition.Areas = append(c.Edition.Areas, rubric.Area{Key: "sales", Name: "Sales"})
			},
			"edition.areas.8: no signal is in the area sales"},
		{"every signal has an area",
			func(c *rubric.Content) { c.Edition.Signals[0].Area = "sales" },
			`edition.signals.0.area: there is no area "sales"`},
		{"keys are for programs",
			func(c *rubric.Content) { c.Edition.Signals[0].Key = "Team wellbeing" },
			`edition.signals.0.key: "Team wellbeing" is not a key`},
		{"keys are unique",
			func(c *rubric.Content) { c.Edition.Signals[1].Key = c.Edition.Signals[0].Key },
			`edition.signals.1.key: "team_wellbeing" is used twice`},
		{"red flags are unique in the edition",
			func(c *rubric.Content) { c.Edition.Signals[1].RedFlags[0].Key = "glorifies_overwork" },
			`edition.signals.1.redFlags.0.key: "glorifies_overwork" is used twice`},
		{"red flags weigh something",
			func(c *rubric.Content) { c.Edition.Signals[1].RedFlags[0].Severity = "BAD" },
			"edition.signals.1.redFlags.0.severity: must be NOTE, CAUTION or BLOCKING"},
		{"what is renamed is gone by its old name",
			func(c *rubric.Content) { c.Edition.Signals[1].Replaces = "team_wellbeing" },
			`edition.signals.1.replaces: the edition still has a signal "team_wellbeing"`},
		{"not even by itself",
			func(c *rubric.Content) { c.Edition.Signals[0].Replaces = "team_wellbeing" },
			`edition.signals.0.replaces: the edition still has a signal "team_wellbeing"`},
		{"a signal has one successor",
			func(c *rubric.Content) {
				c.Edition.Signals[0].Replaces, c.Edition.Signals[1].Replaces = "wellbeing", "wellbeing"
			},
			`edition.signals.1.replaces: "wellbeing" is used twice`},
		{"old names are keys too",
			func(c *rubric.Content) { c.Edition.Signals[0].Replaces = "Wellbeing" },
			`edition.signals.0.replaces: "Wellbeing" is not a key`},
		{"no ladder has a hundred rungs",
			func(c *rubric.Content) {
				c.Ladder.Levels = slices.Repeat(c.Ladder.Levels, 21)
			},
			"ladder.levels: there are 105, at most 100"},
		{"nobody rates hundreds of signals",
			func(c *rubric.Content) {
				c.Edition.Signals = slices.Repeat(c.Edition.Signals, 4)
			},
			"edition.signals: there are 104, at most 100"},
		{"the parts of a version are numbers without leading zeros",
			func(c *rubric.Content) { c.Edition.Semver = "1.00.0" },
			`edition.semver: "1.00.0" is not a version`},
		{"demands are of levels of the edition",
			func(c *rubric.Content) { c.Edition.Signals[0].Demands["director"] = rubric.Demand{} },
			`edition.signals.0.demands.director: the edition has no level "director"`},
		{"levels of the edition are of the ladder",
			func(c *rubric.Content) { c.Edition.Levels[1].Level = "staff" },
			`edition.levels.1.level: the ladder has no level "staff"`},
		{"an edition with a level has the one that it extends",
			func(c *rubric.Content) { c.Edition.Levels = c.Edition.Levels[1:] },
			"edition.levels.0.level: extends em, which the edition leaves out"},
		{"a level extends one of lower rank, so never in a circle",
			func(c *rubric.Content) { c.Ladder.Levels[0].Extends = "senior_em" },
			"ladder.levels.0.extends: senior_em does not rank below em"},
		{"a level extends one of its ladder",
			func(c *rubric.Content) { c.Ladder.Levels[1].Extends = "staff" },
			`ladder.levels.1.extends: the ladder has no level "staff"`},
		{"versions are semantic",
			func(c *rubric.Content) { c.Edition.Semver = "1.0" },
			`edition.semver: "1.0" is not a version`},
		{"coverage is a percentage",
			func(c *rubric.Content) { c.Edition.Levels[0].CoverageMinimum = 0 },
			"edition.levels.0.coverageMinimum: must be between 1 and 100 percent"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			content := copyOf(t)
			c.with(content)
			err := rubric.Check(content.Ladder, content.Edition)
			for _, problem := range fault.All(err) {
				if strings.HasPrefix(problem.Error(), c.want) {
					return
				}
			}
			t.Errorf("problems are\n%v\nwant among them\n%s", err, c.want)
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	content := copyOf(t)
	content.Edition.Semver = ""
	content.Edition.Signals[0].Name = ""
	demand(content, 3, "em", func(d *rubric.Demand) { d.Weight += 2; d.Bar = 0 })
	err := rubric.Check(content.Ladder, content.Edition)
	if n := len(fault.All(err)); n != 4 {
		t.Errorf("%d problems, want 4: semver, name, bar, sum of weights:\n%v", n, err)
	}
}

func TestWhatIsNotSaidOfALevelIsInherited(t *testing.T) {
	content := copyOf(t)
	signal := content.Edition.Signals[0]
	delete(signal.Demands, "senior_em")
	em, _ := signal.Effective(content.Ladder, "em")
	senior, asked := signal.Effective(content.Ladder, "senior_em")
	if !asked || senior != em {
		t.Errorf("senior_em asks for %+v, want what em asks for: %+v", senior, em)
	}
	if mode := signal.Mode(content.Ladder, "senior_em"); mode != rubric.Inherit {
		t.Errorf("mode is %s, want %s", mode, rubric.Inherit)
	}
	if _, asked := signal.Effective(content.Ladder, "director"); asked {
		t.Error("a level that extends none asks for something")
	}
}

func TestModes(t *testing.T) {
	ladder := builtin(t).Ladder
	em := rubric.Demand{Weight: 5, Bar: 250, MinimumRaters: 1, Expectation: "One team."}
	for _, c := range []struct {
		want   rubric.Mode
		change func(*rubric.Demand)
	}{
		{rubric.Inherit, func(d *rubric.Demand) { d.Expectation = "Several teams." }},
		{rubric.Reweight, func(d *rubric.Demand) { d.Weight = 3 }},
		{rubric.Raise, func(d *rubric.Demand) { d.Bar = 300 }},
		{rubric.Raise, func(d *rubric.Demand) { d.Bar, d.Weight = 300, 3 }},
		{rubric.Retire, func(d *rubric.Demand) { *d = rubric.Demand{SubsumedBy: "other"} }},
	} {
		senior := em
		c.change(&senior)
		signal := rubric.Signal{Demands: map[string]rubric.Demand{"em": em, "senior_em": senior}}
		if got := signal.Mode(ladder, "senior_em"); got != c.want {
			t.Errorf("%+v over %+v is %s, want %s", senior, em, got, c.want)
		}
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	for _, c := range []struct {
		rule string
		with func(*rubric.Plan)
		want string
	}{
		{"a plan is for a level of the edition", func(p *rubric.Plan) { p.Level = "director" },
			`level: the edition has no level "director"`},
		{"a plan has sessions", func(p *rubric.Plan) { p.Sessions = nil }, "sessions: is required"},
		{"somebody sits in a session", func(p *rubric.Plan) { p.Sessions[0].Seats = nil },
			"sessions.0.seats: there are 0 seats"},
		{"a session is no tribunal", func(p *rubric.Plan) { p.Sessions[0].Seats = []string{"aaa", "bbb", "ccc", "ddd"} },
			"sessions.0.seats: there are 4 seats"},
		{"a session has a focus", func(p *rubric.Plan) { p.Sessions[0].FocusSignals = nil },
			"sessions.0.focusSignals: there are 0 signals"},
		{"of few signals", func(p *rubric.Plan) {
			p.Sessions[0].FocusSignals = append(p.Sessions[0].FocusSignals, p.Sessions[1].FocusSignals...)
		}, "sessions.0.focusSignals: there are 10 signals"},
		{"signals are of the edition", func(p *rubric.Plan) { p.Sessions[0].FocusSignals[1] = "charm" },
			`sessions.0.focusSignals.1: there is no signal "charm"`},
		{"and asked for by the level", func(p *rubric.Plan) { p.Sessions[0].FocusSignals[1] = "strategic_focus" },
			"sessions.0.focusSignals.1: em does not ask for strategic_focus"},
		{"nobody is asked twice in a session", func(p *rubric.Plan) { p.Sessions[0].FocusSignals[1] = p.Sessions[0].FocusSignals[0] },
			`sessions.0.focusSignals.1: "servant_leadership" is used twice`},
		{"a session takes time", func(p *rubric.Plan) { p.Sessions[0].Minutes = 0 },
			"sessions.0.minutes: must be between 15 and 480"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			content := copyOf(t)
			plan := content.Plans[0]
			c.with(&plan)
			err := rubric.CheckPlan(content.Ladder, content.Edition, plan)
			for _, problem := range fault.All(err) {
				if strings.HasPrefix(problem.Error(), c.want) {
					return
				}
			}
			t.Errorf("problems are\n%v\nwant among them\n%s", err, c.want)
		})
	}
}
