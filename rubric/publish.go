package rubric

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hireloop/internal/fault"
)

const (
	maxGates  = 8 // of a level: each one more lets fewer good people through
	maxRaters = 5
	maxSeats  = 3 // of a session
	maxFocus  = 7 // signals of a session: more dilutes notes and invites halo

	// maxItems of any list or map, far beyond what people can use: what is
	// computed over levels and signals grows with their product.
	maxItems = 100
)

// checker collects what is wrong with content, with the path to it.
type checker struct{ problems fault.List }

func (c *checker) refuse(path, format string, args ...any) {
	c.problems.Add(fault.Invalidf(path, format, args...))
}

// text refuses blank text.
func (c *checker) text(path, text string) {
	if strings.TrimSpace(text) == "" {
		c.problems.Add(fault.Required(path))
	}
}

// atMost refuses more items than anybody can use, and reports whether there
// are so few.
func (c *checker) atMost(path string, n int) bool {
	if n > maxItems {
		c.refuse(path, "there are %d, at most %d are possible", n, maxItems)
	}
	return n <= maxItems
}

// key refuses keys that programs cannot rely on, and second ones of a name.
func (c *checker) key(path, key string, seen map[string]bool) {
	c.keyOf(3, path, key, seen)
}

func (c *checker) keyOf(least int, path, key string, seen map[string]bool) {
	switch {
	case !isKey(least, key):
		c.refuse(path, "%q is not a key: %d to 60 lower-case letters, digits and _, a letter first", key, least)
	case seen[key]:
		c.refuse(path, "%q is used twice", key)
	}
	seen[key] = true
}

// IsKey reports whether text is a key that programs can rely on, as areas,
// signals and red flags have.
func IsKey(text string) bool { return isKey(3, text) }

func isKey(least int, text string) bool {
	for i, r := range text {
		if letter := 'a' <= r && r <= 'z'; !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return least <= len(text) && len(text) <= 60
}

// Check is what must hold before an edition of the ladder's rubric is
// published. It returns a fault.List of all that does not, or nil.
func Check(ladder Ladder, edition Edition) error {
	var c checker
	if c.ladder(ladder); len(c.problems) > 0 {
		return c.problems // what follows walks the ladder
	}
	if _, ok := parseSemver(edition.Semver); !ok {
		c.refuse("edition.semver", "%q is not a version such as 1.0.0", edition.Semver)
	}
	if edition.ScaleMax < 2 || edition.ScaleMax > 10 {
		c.refuse("edition.scaleMax", "must be between 2 and 10")
	}
	areas := c.atMost("edition.areas", len(edition.Areas))
	levels := c.atMost("edition.levels", len(edition.Levels))
	if signals := c.atMost("edition.signals", len(edition.Signals)); !areas || !levels || !signals {
		return c.problems // what follows takes all with all
	}
	c.areas(edition)
	c.signals(ladder, edition)
	c.levels(ladder, edition)
	return c.problems.Err()
}

func (c *checker) ladder(ladder Ladder) {
	c.key("ladder.key", ladder.Key, map[string]bool{})
	c.text("ladder.name", ladder.Name)
	if !c.atMost("ladder.levels", len(ladder.Levels)) {
		return
	}
	keys := map[string]bool{}
	for i, level := range ladder.Levels {
		path := fmt.Sprintf("ladder.levels.%d", i)
		c.keyOf(2, path+".key", level.Key, keys) // "em", "vp"
		c.text(path+".name", level.Name)
		if level.Extends == "" {
			continue
		}
		// A lower rank each time: no circle is possible.
		if parent, ok := ladder.Level(level.Extends); !ok {
			c.refuse(path+".extends", "the ladder has no level %q", level.Extends)
		} else if parent.Rank >= level.Rank {
			c.refuse(path+".extends", "%s does not rank below %s", parent.Key, level.Key)
		}
	}
}

func (c *checker) areas(edition Edition) {
	keys := map[string]bool{}
	for i, area := range edition.Areas {
		path := fmt.Sprintf("edition.areas.%d", i)
		c.key(path+".key", area.Key, keys)
		c.text(path+".name", area.Name)
		if !slices.ContainsFunc(edition.Signals, func(s Signal) bool { return s.Area == area.Key }) {
			c.refuse(path, "no signal is in the area %s", area.Key)
		}
	}
}

func (c *checker) signals(ladder Ladder, edition Edition) {
	keys, replaced, flags := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, signal := range edition.Signals {
		path := fmt.Sprintf("edition.signals.%d", i)
		c.key(path+".key", signal.Key, keys)
		if signal.Replaces != "" {
			c.key(path+".replaces", signal.Replaces, replaced)
			if edition.has(signal.Replaces) {
				c.refuse(path+".replaces", "the edition still has a signal %q", signal.Replaces)
			}
		}
		c.text(path+".name", signal.Name)
		c.text(path+".assesses", signal.Assesses)
		if !slices.ContainsFunc(edition.Areas, func(a Area) bool { return a.Key == signal.Area }) {
			c.refuse(path+".area", "there is no area %q", signal.Area)
		}
		c.anchors(path+".anchors", signal.Anchors, edition.ScaleMax)
		c.atMost(path+".redFlags", len(signal.RedFlags))
		for j, flag := range signal.RedFlags {
			path := fmt.Sprintf("%s.redFlags.%d", path, j)
			c.key(path+".key", flag.Key, flags)
			c.text(path+".text", flag.Text)
			if !slices.Contains([]Severity{Note, Caution, Blocking}, flag.Severity) {
				c.refuse(path+".severity", "must be NOTE, CAUTION or BLOCKING")
			}
		}
		if len(signal.Demands) == 0 {
			c.refuse(path+".demands", "no level asks for it")
		}
		for _, level := range slices.Sorted(maps.Keys(signal.Demands)) {
			if !slices.ContainsFunc(edition.Levels, func(s LevelSetting) bool { return s.Level == level }) {
				c.refuse(path+".demands."+level, "the edition has no level %q", level)
			}
		}
		for _, setting := range edition.Levels {
			if own, ok := signal.Demands[setting.Level]; ok {
				c.demand(path+".demands."+setting.Level, ladder, edition, signal, setting.Level, own)
			}
		}
	}
}

func (c *checker) anchors(path string, anchors []Anchor, scaleMax int) {
	if len(anchors) != scaleMax {
		c.refuse(path, "there are %d anchors for %d ratings", len(anchors), scaleMax)
	}
	seen := map[string]bool{}
	for i, anchor := range anchors {
		path := fmt.Sprintf("%s.%d", path, i)
		if anchor.Rating != i+1 {
			c.refuse(path+".rating", "must be %d", i+1)
		}
		c.text(path+".text", anchor.Text)
		same := strings.ToLower(strings.Join(strings.Fields(anchor.Text), " "))
		if same != "" && seen[same] {
			c.refuse(path+".text", "another rating has the same anchor")
		}
		seen[same] = true
	}
}

// demand checks what the edition says of a signal at a level, against the level
// that this one extends.
func (c *checker) demand(path string, ladder Ladder, edition Edition, signal Signal, level string, own Demand) {
	l, _ := ladder.Level(level)
	parent, inherited := signal.Effective(ladder, l.Extends)
	if own.Retired() {
		switch {
		case !inherited:
			c.refuse(path, "cannot be retired: no lower level asks for it")
		case parent.MustHave:
			c.refuse(path, "cannot be retired: it is a gate at %s", l.Extends)
		}
		i := slices.IndexFunc(edition.Signals, func(s Signal) bool { return s.Key == own.SubsumedBy })
		if i < 0 {
			c.refuse(path+".subsumedBy", "there is no signal %q", own.SubsumedBy)
		} else if _, asked := edition.Signals[i].Effective(ladder, level); !asked {
			c.refuse(path+".subsumedBy", "%s does not ask for %s", level, own.SubsumedBy)
		}
		return
	}
	if own.Weight < 1 || own.Weight > 100 {
		c.refuse(path+".weight", "must be between 1 and 100")
	}
	if own.Bar < 100 || own.Bar > Bar(edition.ScaleMax*100) {
		c.refuse(path+".bar", "must be between 1 and %d", edition.ScaleMax)
	}
	if own.MinimumRaters < 1 || own.MinimumRaters > maxRaters {
		c.refuse(path+".minimumRaters", "must be between 1 and %d", maxRaters)
	}
	if inherited && own.Bar < parent.Bar {
		c.refuse(path+".bar", "is below the bar %v of %s", parent.Bar, l.Extends)
	}
	if inherited && parent.MustHave && !own.MustHave {
		c.refuse(path+".mustHave", "it is a gate at %s, so it stays one", l.Extends)
	}
}

// levels checks what each level asks for as a whole.
func (c *checker) levels(ladder Ladder, edition Edition) {
	if len(edition.Levels) == 0 {
		c.problems.Add(fault.Required("edition.levels"))
	}
	seen := map[string]bool{}
	for i, setting := range edition.Levels {
		path := fmt.Sprintf("edition.levels.%d", i)
		level, ok := ladder.Level(setting.Level)
		switch {
		case !ok:
			c.refuse(path+".level", "the ladder has no level %q", setting.Level)
			continue
		case seen[setting.Level]:
			c.refuse(path+".level", "%q is used twice", setting.Level)
		case level.Extends != "" && !slices.ContainsFunc(edition.Levels, func(s LevelSetting) bool { return s.Level == level.Extends }):
			c.refuse(path+".level", "extends %s, which the edition leaves out", level.Extends)
		}
		seen[setting.Level] = true
		if setting.CoverageMinimum < 1 || setting.CoverageMinimum > 100 {
			c.refuse(path+".coverageMinimum", "must be between 1 and 100 percent")
		}
		weights, gates := 0, 0
		for _, signal := range edition.Signals {
			if demand, asked := signal.Effective(ladder, setting.Level); asked {
				weights += demand.Weight
				if demand.MustHave {
					gates++
				}
			}
		}
		if weights != 100 {
			c.refuse(path, "the weights of %s sum to %d, not to 100", setting.Level, weights)
		}
		if gates > maxGates {
			c.refuse(path, "%s has %d gates, at most %d are sensible", setting.Level, gates, maxGates)
		}
	}
}

// CheckPlan is what must hold of a plan for a level of a published edition. It
// returns a fault.List of all that does not, or nil. Whether the plan covers
// the level is another question.
func CheckPlan(ladder Ladder, edition Edition, plan Plan) error {
	var c checker
	c.key("key", plan.Key, map[string]bool{})
	c.text("name", plan.Name)
	if !slices.ContainsFunc(edition.Levels, func(s LevelSetting) bool { return s.Level == plan.Level }) {
		c.refuse("level", "the edition has no level %q", plan.Level)
	}
	if len(plan.Sessions) == 0 {
		c.problems.Add(fault.Required("sessions"))
	}
	keys := map[string]bool{}
	for i, session := range plan.Sessions {
		path := fmt.Sprintf("sessions.%d", i)
		c.key(path+".key", session.Key, keys)
		c.text(path+".name", session.Name)
		if session.Minutes < 15 || session.Minutes > 480 {
			c.refuse(path+".minutes", "must be between 15 and 480")
		}
		if n := len(session.Seats); n < 1 || n > maxSeats {
			c.refuse(path+".seats", "there are %d seats, must be 1 to %d", n, maxSeats)
		}
		if n := len(session.FocusSignals); n < 1 || n > maxFocus {
			c.refuse(path+".focusSignals", "there are %d signals, must be 1 to %d", n, maxFocus)
		}
		seats, focus := map[string]bool{}, map[string]bool{}
		for j, seat := range session.Seats {
			c.key(fmt.Sprintf("%s.seats.%d", path, j), seat, seats)
		}
		for j, key := range session.FocusSignals {
			path := fmt.Sprintf("%s.focusSignals.%d", path, j)
			c.key(path, key, focus)
			at := slices.IndexFunc(edition.Signals, func(s Signal) bool { return s.Key == key })
			if at < 0 {
				c.refuse(path, "there is no signal %q", key)
			} else if _, asked := edition.Signals[at].Effective(ladder, plan.Level); !asked {
				c.refuse(path, "%s does not ask for %s", plan.Level, key)
			}
		}
	}
	return c.problems.Err()
}
