package rubric

import (
	"maps"
	"slices"
)

const maxSessions = 2 // of one interviewer in a loop: more is one opinion too often

// CoverageReport says whether the planned sessions can decide about a level.
type CoverageReport struct {
	Level            string           `json:"level"`            // key
	Feasible         bool             `json:"feasible"`         // there is no issue
	WeightedCoverage Ratio            `json:"weightedCoverage"` // share of the weight that enough interviewers will rate, 0 to 1
	Interviewers     int              `json:"interviewers"`     // distinct
	Signals          []SignalCoverage `json:"signals"`          // those that the level asks for, in the edition's order
	Issues           []CoverageIssue  `json:"issues"`
}

// SignalCoverage is how a signal will be rated.
type SignalCoverage struct {
	Signal   string `json:"signal"`   // key
	Planned  int    `json:"planned"`  // distinct interviewers
	Required int    `json:"required"` // that the level asks for
	MustHave bool   `json:"mustHave"`
	// SamePanel marks two or more raters who all sit in the same session: they
	// count as distinct, but hear the same answers, which evens out the noise of
	// raters and not that of questions.
	SamePanel bool `json:"samePanel"`
}

// CoverageIssue is one thing that is missing. Planned and Required are numbers
// of interviewers, unless the code says otherwise.
type CoverageIssue struct {
	Code        CoverageCode `json:"code"`
	Signal      string       `json:"signal"`      // key; "" when it is not about one
	Interviewer string       `json:"interviewer"` // "" when it is not about one
	Planned     int          `json:"planned"`
	Required    int          `json:"required"`
}

// CoverageCode names the rule that a plan breaks.
type CoverageCode string

const (
	SignalUncovered    CoverageCode = "SIGNAL_UNCOVERED"          // fewer raters than the level asks for
	GateUncovered      CoverageCode = "MUST_HAVE_UNCOVERED"       // the same, of a gate
	HiringManagerAlone CoverageCode = "HIRING_MANAGER_ONLY_RATER" // nobody else rates the gate
	WeightUncovered    CoverageCode = "COVERAGE_LOW"              // planned and required in percent of the weight
	FewInterviewers    CoverageCode = "TOO_FEW_INTERVIEWERS"
	ManySessions       CoverageCode = "TOO_MANY_SESSIONS" // sessions of the interviewer; required is the most
)

// Coverage checks, before anybody interviews, whether sessions can decide about
// a level of a published edition ("plan-time coverage"): each signal has the
// raters it asks for, enough weight is covered, three people interview, the
// hiring manager is the only rater of no gate, and nobody has more than two
// sessions. Seats name interviewers: by role in a plan, by id in a loop; those
// of people who only learn must be left out. HiringManager is named alike, ""
// when there is none. The size of sessions is CheckPlan's matter.
func Coverage(ladder Ladder, edition Edition, level string, sessions []Session, hiringManager string) CoverageReport {
	report := CoverageReport{Level: level, WeightedCoverage: Ratio{0, 1}, Signals: []SignalCoverage{}, Issues: []CoverageIssue{}}
	issue := func(i CoverageIssue) { report.Issues = append(report.Issues, i) }
	covered, weight := 0, 0
	for _, signal := range edition.Signals {
		demand, asked := signal.Effective(ladder, level)
		if !asked {
			continue
		}
		people, heldIn := raters(sessions, signal.Key)
		planned := len(people)
		report.Signals = append(report.Signals, SignalCoverage{
			Signal: signal.Key, Planned: planned, Required: demand.MinimumRaters,
			MustHave: demand.MustHave, SamePanel: planned > 1 && heldIn == 1,
		})
		weight += demand.Weight
		if planned >= demand.MinimumRaters {
			covered += demand.Weight
		} else {
			code := SignalUncovered
			if demand.MustHave {
				code = GateUncovered
			}
			issue(CoverageIssue{Code: code, Signal: signal.Key, Planned: planned, Required: demand.MinimumRaters})
		}
		if demand.MustHave && planned == 1 && people[hiringManager] {
			issue(CoverageIssue{Code: HiringManagerAlone, Signal: signal.Key, Interviewer: hiringManager, Planned: 1, Required: 2})
		}
	}
	least := 100
	for _, s := range edition.Levels {
		if s.Level == level {
			least = s.CoverageMinimum
		}
	}
	if weight > 0 {
		report.WeightedCoverage = ratio(int64(covered), int64(weight))
	}
	if weight == 0 || 100*covered < least*weight {
		issue(CoverageIssue{Code: WeightUncovered, Planned: 100 * covered / max(weight, 1), Required: least})
	}
	times := map[string]int{}
	for _, session := range sessions {
		for _, person := range sorted(session.Seats) {
			times[person]++
		}
	}
	report.Interviewers = len(times)
	if least := StandardPolicy().MinInterviewers; len(times) < least {
		issue(CoverageIssue{Code: FewInterviewers, Planned: len(times), Required: least})
	}
	for _, person := range slices.Sorted(maps.Keys(times)) {
		if times[person] > maxSessions {
			issue(CoverageIssue{Code: ManySessions, Interviewer: person, Planned: times[person], Required: maxSessions})
		}
	}
	report.Feasible = len(report.Issues) == 0
	return report
}

// raters are the distinct people who will rate the signal, and in how many
// sessions.
func raters(sessions []Session, signal string) (map[string]bool, int) {
	people, n := map[string]bool{}, 0
	for _, session := range sessions {
		if slices.Contains(session.FocusSignals, signal) && len(session.Seats) > 0 {
			n++
			for _, person := range session.Seats {
				people[person] = true
			}
		}
	}
	return people, n
}
