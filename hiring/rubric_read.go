package hiring

import (
	"slices"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

// What one edition holds at most.
const (
	maxAreas    = 50
	maxSignals  = 100
	maxScale    = 10
	maxAnchors  = 10 // of a signal
	maxRedFlags = 20 // of a signal
	maxExamples = 10 // of an anchor
	maxRaters   = 5
)

// drafting reads an edition that may be incomplete: what is missing stays so,
// but what is there must be well formed and refer to what there is.
type drafting struct {
	*fault.List
	ladder   rubric.Ladder
	scaleMax int
	areas    map[string]bool // keys so far
	levels   map[string]bool
	signals  map[string]bool
	flags    map[string]bool // of the whole edition: observations name them by key
}

// edition reads the content that an input gives; its version is "" when the
// changes shall say.
func (in *DraftRubricVersionInput) edition(problems *fault.List, l rubric.Ladder) rubric.Edition {
	d := drafting{List: problems, ladder: l, scaleMax: orElse(in.ScaleMax, 4),
		areas: map[string]bool{}, levels: map[string]bool{}, signals: map[string]bool{}, flags: map[string]bool{}}
	e := rubric.Edition{
		ScaleMax: d.scaleMax, Areas: []rubric.Area{}, Levels: []rubric.LevelSetting{}, Signals: []rubric.Signal{},
	}
	if d.scaleMax < 2 || d.scaleMax > maxScale {
		within(problems, "scaleMax", d.scaleMax, 2, maxScale)
		d.scaleMax = maxScale // what is beyond it is wrong in any case
	}
	if in.Semver != nil {
		e.Semver = *in.Semver
		d.semver(e.Semver)
	}
	if in.Notes != nil {
		e.Notes = prose(problems, "notes", *in.Notes, maxProse)
	}
	if atMost(problems, "areas", len(in.Areas), maxAreas) {
		for i, a := range in.Areas {
			d.key(at("areas", i, "key"), a.Key, d.areas)
			e.Areas = append(e.Areas, rubric.Area{Key: a.Key, Name: d.name(at("areas", i, "name"), a.Name)})
		}
	}
	if atMost(problems, "levels", len(in.Levels), maxLevels) {
		for i, l := range in.Levels {
			e.Levels = append(e.Levels, d.level(at("levels", i), l))
		}
	}
	if atMost(problems, "signals", len(in.Signals), maxSignals) {
		for i, s := range in.Signals {
			e.Signals = append(e.Signals, d.signal(at("signals", i), s))
		}
	}
	d.renames(e)
	return e
}

func orElse[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

func (d *drafting) semver(semver string) {
	_, err := rubric.Next(semver, rubric.NoBump)
	*d.List = append(*d.List, fault.All(err)...)
}

// key refuses what programs cannot rely on, and second ones of a name.
func (d *drafting) key(path, key string, seen map[string]bool) {
	switch {
	case !rubric.IsKey(key):
		d.Add(fault.Invalidf(path, "%.80q is not a key: 3 to 60 lower-case letters, digits and _, a letter first", key))
	case seen[key]:
		d.Add(fault.Invalidf(path, "%q is used twice", key))
	}
	seen[key] = true
}

// name is one line, "" when it is not said yet.
func (d *drafting) name(path, text string) string {
	if clean := optionalLine(d.List, path, &text, maxName); clean != nil {
		return *clean
	}
	return ""
}

func (d *drafting) prose(path, text string) string { return prose(d.List, path, text, maxReason) }

func (d *drafting) level(path string, in *RubricLevelSettingInput) rubric.LevelSetting {
	setting := rubric.LevelSetting{Level: in.LevelKey, CoverageMinimum: orElse(in.CoverageMinimum, 80)}
	switch _, there := d.ladder.Level(in.LevelKey); {
	case !there:
		d.Add(fault.Invalidf(path+".levelKey", "the ladder has no level %.80q", in.LevelKey))
	case d.levels[in.LevelKey]:
		d.Add(fault.Invalidf(path+".levelKey", "%q is used twice", in.LevelKey))
	}
	d.levels[in.LevelKey] = true
	within(d.List, path+".coverageMinimum", setting.CoverageMinimum, 1, 100)
	return setting
}

func (d *drafting) signal(path string, in *RubricSignalInput) rubric.Signal {
	s := rubric.Signal{
		Key: in.Key, Area: in.Area, Name: d.name(path+".name", in.Name), Assesses: d.prose(path+".assesses", in.Assesses),
		Replaces: orElse(in.Replaces, ""),
		Anchors:  []rubric.Anchor{}, RedFlags: []rubric.RedFlag{}, Demands: map[string]rubric.Demand{},
	}
	d.key(path+".key", s.Key, d.signals)
	if s.Area != "" && !d.areas[s.Area] {
		d.Add(fault.Invalidf(path+".area", "there is no area %.80q", s.Area))
	}
	if anchors := path + ".anchors"; atMost(d.List, anchors, len(in.Anchors), maxAnchors) {
		rated := map[int]bool{}
		for i, a := range in.Anchors {
			s.Anchors = append(s.Anchors, d.anchor(at(anchors, i), a, rated))
		}
	}
	if flags := path + ".redFlags"; atMost(d.List, flags, len(in.RedFlags), maxRedFlags) {
		for i, f := range in.RedFlags {
			s.RedFlags = append(s.RedFlags, d.redFlag(at(flags, i), f))
		}
	}
	if demands := path + ".demands"; atMost(d.List, demands, len(in.Demands), maxLevels) {
		for i, demand := range in.Demands {
			d.demand(at(demands, i), demand, s.Demands)
		}
	}
	return s
}

func (d *drafting) anchor(path string, in *AnchorInput, rated map[int]bool) rubric.Anchor {
	a := rubric.Anchor{Rating: in.Rating, Text: d.prose(path+".text", in.Text)}
	switch {
	case in.Rating < 1 || in.Rating > d.scaleMax:
		d.Add(fault.Invalidf(path+".rating", "must be between 1 and %d", d.scaleMax))
	case rated[in.Rating]:
		d.Add(fault.Invalidf(path+".rating", "%d is described twice", in.Rating))
	}
	rated[in.Rating] = true
	if !atMost(d.List, path+".examples", len(in.Examples), maxExamples) {
		return a
	}
	for i, example := range in.Examples {
		text := d.prose(at(path+".examples", i), example)
		if text == "" && unseen(example) {
			d.Add(fault.Required(at(path+".examples", i)))
		}
		a.Examples = append(a.Examples, text)
	}
	return a
}

func (d *drafting) redFlag(path string, in *RedFlagDefinitionInput) rubric.RedFlag {
	d.key(path+".key", in.Key, d.flags)
	f := rubric.RedFlag{Key: in.Key, Severity: rubric.Severity(in.Severity), Text: d.prose(path+".text", in.Text)}
	if !slices.Contains([]rubric.Severity{rubric.Note, rubric.Caution, rubric.Blocking}, f.Severity) {
		d.Add(fault.Invalidf(path+".severity", "must be NOTE, CAUTION or BLOCKING"))
	}
	return f
}

// demand reads what a level demands. Weight and bar that are not given, or 0,
// are not said yet; a signal that is retired has none.
func (d *drafting) demand(path string, in *DemandInput, demands map[string]rubric.Demand) {
	_, twice := demands[in.LevelKey]
	switch {
	case !d.levels[in.LevelKey]:
		d.Add(fault.Invalidf(path+".levelKey", "the edition has no level %.80q", in.LevelKey))
	case twice:
		d.Add(fault.Invalidf(path+".levelKey", "%q is given twice", in.LevelKey))
	}
	own := rubric.Demand{
		Weight: orElse(in.Weight, 0), Bar: orElse(in.Bar, 0), MustHave: orElse(in.MustHave, false),
		Expectation: d.prose(path+".expectation", orElse(in.Expectation, "")), SubsumedBy: orElse(in.SubsumedBy, ""),
	}
	if own.Retired() {
		own.MinimumRaters = orElse(in.MinimumRaters, 0)
		d.retired(path, own)
	} else {
		own.MinimumRaters = orElse(in.MinimumRaters, 1)
		within(d.List, path+".weight", own.Weight, 0, 100)
		if least, most := rubric.Bar(100), rubric.Bar(100*d.scaleMax); own.Bar != 0 && (own.Bar < least || own.Bar > most) {
			d.Add(fault.Invalidf(path+".bar", "must be between 1 and %d", d.scaleMax))
		}
		within(d.List, path+".minimumRaters", own.MinimumRaters, 1, maxRaters)
	}
	demands[in.LevelKey] = own
}

func (d *drafting) retired(path string, own rubric.Demand) {
	if !rubric.IsKey(own.SubsumedBy) {
		d.Add(fault.Invalidf(path+".subsumedBy", "%.80q is not the key of a signal", own.SubsumedBy))
	}
	for _, field := range changed(map[string]bool{
		"weight": own.Weight != 0, "bar": own.Bar != 0, "mustHave": own.MustHave, "minimumRaters": own.MinimumRaters != 0,
	}) {
		d.Add(fault.Invalidf(path+"."+field, "must not be given for a signal that is retired"))
	}
}

// renames refuses what Replaces cannot mean, whatever the edition before was.
func (d *drafting) renames(e rubric.Edition) {
	replaced := map[string]bool{}
	for i, s := range e.Signals {
		path := at("signals", i, "replaces")
		switch {
		case s.Replaces == "":
			continue
		case d.signals[s.Replaces]:
			d.Add(fault.Invalidf(path, "the edition still has a signal %q", s.Replaces))
		default:
			d.key(path, s.Replaces, replaced)
		}
	}
}
