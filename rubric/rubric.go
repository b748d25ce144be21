// Package rubric owns what interviews look for and what levels demand: ladders
// and their levels, editions of a rubric with signals, anchors and bars, the
// checks before an edition is published, what changes between two editions or
// two levels, the document that they travel in, and the content that the
// product comes with. Complete scorecards, coverage, level fit and how far
// interviewers disagree belong here too.
//
// It is pure: values in, values out. It knows no database, no API, no clock
// and no viewer.
package rubric

// Ladder is a job family with its levels.
type Ladder struct {
	Key         string  `json:"key"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Levels      []Level `json:"levels"`
}

// Level is a rung of a ladder. Equal ranks are tracks side by side; ranks may
// have gaps.
type Level struct {
	Key                 string       `json:"key"`
	Name                string       `json:"name"`
	Rank                int          `json:"rank"`
	Track               string       `json:"track"`
	Hireable            bool         `json:"hireable"` // else reached by promotion only
	Extends             string       `json:"extends"`  // key of the level whose demands it includes; "" for none
	Scope               string       `json:"scope"`    // what a person at this level answers for
	ExternalEquivalents []Equivalent `json:"externalEquivalents"`
}

// Equivalent is what another company calls about the same level. It is for
// readers; nothing is computed with it.
type Equivalent struct {
	Company string `json:"company"`
	Label   string `json:"label"`
	Note    string `json:"note"`
}

// Level is the ladder's level of this key.
func (l Ladder) Level(key string) (Level, bool) {
	for _, level := range l.Levels {
		if level.Key == key {
			return level, true
		}
	}
	return Level{}, false
}

// Edition is one version of a ladder's rubric. Ratings stand on one absolute
// scale of behaviour and scope; a level states its bar on it, so that one
// rating answers for every level.
type Edition struct {
	Semver   string         `json:"semver"`
	Notes    string         `json:"notes"`
	ScaleMax int            `json:"scaleMax"` // ratings run from 1 to this
	Areas    []Area         `json:"areas"`
	Levels   []LevelSetting `json:"levels"` // those that the edition has demands for
	Signals  []Signal       `json:"signals"`
}

// Area groups signals.
type Area struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// LevelSetting is what an edition says of a level as a whole.
type LevelSetting struct {
	Level           string `json:"level"`           // key
	CoverageMinimum int    `json:"coverageMinimum"` // percent of the weight that must be assessed
}

// Signal is one thing that interviews look for.
type Signal struct {
	Key      string            `json:"key"`                // stable across editions, never reused for another meaning
	Replaces string            `json:"replaces,omitempty"` // the key that it had in the edition before; "" unless it was renamed
	Area     string            `json:"area"`               // key
	Name     string            `json:"name"`
	Assesses string            `json:"assesses"`
	Anchors  []Anchor          `json:"anchors"` // one for each rating, from 1
	RedFlags []RedFlag         `json:"redFlags"`
	Demands  map[string]Demand `json:"demands"` // by the level's key; what is missing is inherited
}

// Anchor describes what deserves one rating of the scale.
type Anchor struct {
	Rating   int      `json:"rating"`
	Text     string   `json:"text"`
	Examples []string `json:"examples,omitempty"`
}

// RedFlag is something to watch for.
type RedFlag struct {
	Key      string   `json:"key"`
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
}

// Severity says how much a red flag weighs.
type Severity string

const (
	Note     Severity = "NOTE"     // recorded
	Caution  Severity = "CAUTION"  // the debrief must discuss it
	Blocking Severity = "BLOCKING" // once a second person confirms it, the level is not met
)

// Demand is what one level asks of one signal.
type Demand struct {
	Weight        int    `json:"weight"` // of 100 per level
	Bar           Bar    `json:"bar"`
	MustHave      bool   `json:"mustHave"` // a gate: missing it cannot be outweighed
	MinimumRaters int    `json:"minimumRaters"`
	Expectation   string `json:"expectation"`
	SubsumedBy    string `json:"subsumedBy,omitempty"` // key of the signal that covers a retired one
}

// Retired reports whether the level no longer asks for the signal.
func (d Demand) Retired() bool { return d.SubsumedBy != "" }

// Plan is the loop of interviews that a level calls for, as a template.
type Plan struct {
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Level       string    `json:"level"` // key
	Description string    `json:"description"`
	Sessions    []Session `json:"sessions"`
}

// Session is one interview of a plan.
type Session struct {
	Key          string   `json:"key"` // the focus area
	Name         string   `json:"name"`
	Minutes      int      `json:"minutes"`
	Seats        []string `json:"seats"`        // who should sit in it, one interviewer each
	FocusSignals []string `json:"focusSignals"` // keys
}
