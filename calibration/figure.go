package calibration

import (
	"fmt"
	"strings"

	"hireloop/funnel"
)

// Figure is one statistic, or why there is none.
type Figure struct {
	Value      *float64         // nil when too little is known, or nothing varies
	Interval   *funnel.Interval // where the true value lies with 95 % confidence; nil for figures that have none
	Sufficient bool             // whether there is a value to show
	Note       string           // what is missing, in numbers; "" when there is a value
}

// minima are the samples below which a statistic is not shown.
type minima struct {
	shownUnits, shownApplications   int // leniency
	usableUnits, usableApplications int // leniency as a correction of other figures
	groupInterviewers               int // that can be compared with each other, for both

	discriminationUnits                       int
	units, applications, interviewers         int // alpha and the intraclass correlations
	pairUnits                                 int
	haloCards, haloSignals                    int
	dueCards                                  int
	decisions                                 int
	bothOutcomes                              int // decisions of either kind
	distributionInterviewers, haloComparisons int
}

var standardMinima = minima{
	shownUnits: 10, shownApplications: 5,
	usableUnits: 30, usableApplications: 12,
	groupInterviewers:   3,
	discriminationUnits: 12,
	units:               20, applications: 10, interviewers: 3,
	pairUnits: 20,
	haloCards: 8, haloSignals: 3,
	dueCards:  5,
	decisions: 15, bothOutcomes: 1,
	distributionInterviewers: 5, haloComparisons: 2,
}

// need is how much there is of something of which there must be some.
type need struct {
	have, least int
	of          string
}

// missing says what there is too little of, "" when there is enough.
func missing(needs ...need) string {
	var short []string
	for _, n := range needs {
		if n.have < n.least {
			short = append(short, fmt.Sprintf("%d of %d %s", n.have, n.least, n.of))
		}
	}
	return strings.Join(short, ", ")
}

// figure is the value if there is enough of everything; undefined says why the
// value is nil when there is.
func figure(value *float64, undefined string, needs ...need) Figure {
	if note := missing(needs...); note != "" {
		return Figure{Note: note}
	}
	if value == nil {
		return Figure{Note: undefined}
	}
	return Figure{Value: value, Sufficient: true}
}
