package rubric

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is what changed between two editions of a ladder's rubric.
type Difference struct {
	Changes []Change `json:"changes"` // of the edition, its areas and its levels, then signal by signal; in the later one's order, what has gone last
	Bump    Bump     `json:"bump"`    // the greatest of the changes: the least that the version must move; NoBump when nothing changed
}

// Change is one thing that changed, with what identifies it: a key is "" where
// the change is not about such a thing.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Level   string     `json:"level"`
	Area    string     `json:"area"`
	Signal  string     `json:"signal"`  // as the later edition calls it
	Rating  int        `json:"rating"`  // of the anchor, from 1; 0 when it is not about one
	RedFlag string     `json:"redFlag"` // belongs to the signal
	Before  string     `json:"before"`  // for people; "" when there was nothing
	After   string     `json:"after"`   // "" when there is nothing any more
	Bump    Bump       `json:"bump"`
}

// ChangeKind says what changed.
type ChangeKind string

const (
	ScaleChanged   ChangeKind = "SCALE_CHANGED" // MAJOR
	NotesChanged   ChangeKind = "NOTES_CHANGED" // PATCH
	AreaAdded      ChangeKind = "AREA_ADDED"    // MINOR, as all that only groups signals differently
	AreaRemoved    ChangeKind = "AREA_REMOVED"
	AreaNamed      ChangeKind = "AREA_NAME_CHANGED" // PATCH
	AreasOrdered   ChangeKind = "AREAS_REORDERED"   // PATCH
	LevelAdded     ChangeKind = "LEVEL_ADDED"       // MAJOR between others, or when another extends it; else MINOR
	LevelRemoved   ChangeKind = "LEVEL_REMOVED"     // MAJOR
	LevelsOrdered  ChangeKind = "LEVELS_REORDERED"  // PATCH
	CoverageRaised ChangeKind = "COVERAGE_MINIMUM_RAISED"
	CoverageEased  ChangeKind = "COVERAGE_MINIMUM_LOWERED" // MINOR

	SignalAdded     ChangeKind = "SIGNAL_ADDED"          // MAJOR, but MINOR when only added levels ask for it
	SignalRemoved   ChangeKind = "SIGNAL_REMOVED"        // MAJOR: its weight goes to others
	SignalRekeyed   ChangeKind = "SIGNAL_KEY_CHANGED"    // PATCH: Replaces says that it is the same
	SignalNamed     ChangeKind = "SIGNAL_NAME_CHANGED"   // PATCH
	SignalAssesses  ChangeKind = "ASSESSES_CHANGED"      // PATCH
	SignalMoved     ChangeKind = "SIGNAL_AREA_CHANGED"   // MINOR
	SignalsOrdered  ChangeKind = "SIGNALS_REORDERED"     // PATCH
	AnchorAdded     ChangeKind = "ANCHOR_ADDED"          // MINOR; what comes with it is another scale
	AnchorRemoved   ChangeKind = "ANCHOR_REMOVED"        // MINOR
	AnchorChanged   ChangeKind = "ANCHOR_CHANGED"        // MINOR, a clarification; authors know when it is harder
	ExamplesChanged ChangeKind = "EXAMPLES_CHANGED"      // MINOR
	RedFlagAdded    ChangeKind = "RED_FLAG_ADDED"        // MAJOR when BLOCKING, else MINOR
	RedFlagRemoved  ChangeKind = "RED_FLAG_REMOVED"      // MINOR
	SeverityChanged ChangeKind = "SEVERITY_CHANGED"      // MAJOR to BLOCKING, else MINOR
	RedFlagReworded ChangeKind = "RED_FLAG_TEXT_CHANGED" // PATCH
	RedFlagsOrdered ChangeKind = "RED_FLAGS_REORDERED"   // PATCH

	// Of what a level demands of a signal, also by inheritance.

	SignalAsked        ChangeKind = "SIGNAL_ASKED"   // MAJOR
	SignalDropped      ChangeKind = "SIGNAL_DROPPED" // MAJOR: retired, or no longer asked for
	BarRaised          ChangeKind = "BAR_RAISED"
	BarLowered         ChangeKind = "BAR_LOWERED"            // MINOR
	Reweighted         ChangeKind = "WEIGHT_CHANGED"         // MAJOR, up and down: weights are shares
	GateAdded          ChangeKind = "GATE_ADDED"             // MAJOR
	GateDropped        ChangeKind = "GATE_DROPPED"           // MINOR
	RatersRaised       ChangeKind = "MINIMUM_RATERS_RAISED"  // MAJOR
	RatersLowered      ChangeKind = "MINIMUM_RATERS_LOWERED" // MINOR
	OwnDemandChanged   ChangeKind = "OWN_DEMAND_CHANGED"     // MAJOR: whether the level asks more than the one it extends
	ExpectationChanged ChangeKind = "EXPECTATION_CHANGED"    // PATCH
	SubsumptionChanged ChangeKind = "SUBSUMED_BY_CHANGED"    // PATCH
)

// Diff lists every change from one edition of the ladder's rubric to another,
// and how far the version must move for them. Signals are joined on their key,
// or else on the one that they replace. Demands are those in effect: whether a
// level states or inherits them makes no difference. What a level demands that
// only one edition has is part of that one change, and so are anchors and red
// flags of a signal that only one has. The editions' versions are not compared,
// and drafts need not be complete.
func Diff(ladder Ladder, from, to Edition) Difference {
	d := differ{ladder: ladder, from: from, to: to,
		levels: match(from.Levels, to.Levels, func(s LevelSetting) string { return s.Level }, never),
		signals: match(from.Signals, to.Signals, func(s Signal) string { return s.Key },
			func(s Signal) string { return s.Replaces }),
		difference: Difference{Changes: []Change{}}}
	d.compare(Change{Kind: ScaleChanged, Bump: Major}, strconv.Itoa(from.ScaleMax), strconv.Itoa(to.ScaleMax))
	d.compare(Change{Kind: NotesChanged, Bump: Patch}, from.Notes, to.Notes)
	d.compareAreas()
	d.compareLevels()
	for _, p := range d.signals {
		switch {
		case p.before == nil:
			d.add(Change{Kind: SignalAdded, Signal: p.key, After: p.after.Name, Bump: d.newSignal(*p.after)})
		case p.after == nil:
			d.add(Change{Kind: SignalRemoved, Signal: p.key, Before: p.before.Name, Bump: Major})
		default:
			d.compareSignal(*p.before, *p.after)
			d.compareAnchors(*p.before, *p.after)
			d.compareRedFlags(*p.before, *p.after)
		}
		d.compareDemands(p)
	}
	before, after := order(d.signals)
	d.compare(Change{Kind: SignalsOrdered, Bump: Patch}, before, after)
	return d.difference
}

// differ gathers changes.
type differ struct {
	ladder     Ladder
	from, to   Edition
	levels     []pair[LevelSetting]
	signals    []pair[Signal]
	difference Difference
}

func (d *differ) add(c Change) {
	d.difference.Changes = append(d.difference.Changes, c)
	d.difference.Bump = d.difference.Bump.or(c.Bump)
}

// compare adds the change if the values differ.
func (d *differ) compare(c Change, before, after string) {
	if before != after {
		c.Before, c.After = before, after
		d.add(c)
	}
}

func (d *differ) compareAreas() {
	areas := match(d.from.Areas, d.to.Areas, func(a Area) string { return a.Key }, never)
	for _, p := range areas {
		switch {
		case p.before == nil:
			d.add(Change{Kind: AreaAdded, Area: p.key, After: p.after.Name, Bump: Minor})
		case p.after == nil:
			d.add(Change{Kind: AreaRemoved, Area: p.key, Before: p.before.Name, Bump: Minor})
		default:
			d.compare(Change{Kind: AreaNamed, Area: p.key, Bump: Patch}, p.before.Name, p.after.Name)
		}
	}
	before, after := order(areas)
	d.compare(Change{Kind: AreasOrdered, Bump: Patch}, before, after)
}

func (d *differ) compareLevels() {
	for _, p := range d.levels {
		at := Change{Level: p.key}
		switch {
		case p.before == nil:
			at.Kind, at.After, at.Bump = LevelAdded, d.to.summary(d.ladder, *p.after), d.newLevel(p.key)
			d.add(at)
		case p.after == nil:
			at.Kind, at.Before, at.Bump = LevelRemoved, d.from.summary(d.ladder, *p.before), Major
			d.add(at)
		default:
			at.Kind, at.Bump = CoverageRaised, Major
			if p.after.CoverageMinimum < p.before.CoverageMinimum {
				at.Kind, at.Bump = CoverageEased, Minor
			}
			d.compare(at, percent(p.before.CoverageMinimum), percent(p.after.CoverageMinimum))
		}
	}
	before, after := order(d.levels)
	d.compare(Change{Kind: LevelsOrdered, Bump: Patch}, before, after)
}

func percent(n int) string { return strconv.Itoa(n) + " %" }

// newLevel is what an added level means: one between others changes where
// people come out, and one that another extends must be met for that one too.
func (d *differ) newLevel(key string) Bump {
	level, _ := d.ladder.Level(key)
	below, above := false, false
	for _, s := range d.from.Levels {
		other, _ := d.ladder.Level(s.Level)
		if other.Extends == key {
			return Major
		}
		below = below || other.Rank < level.Rank
		above = above || other.Rank > level.Rank
	}
	if below && above {
		return Major
	}
	return Minor
}

// newSignal is what an added signal means: nothing to levels that do not ask
// for it.
func (d *differ) newSignal(s Signal) Bump {
	bump := Major
	for _, p := range d.levels {
		if p.after == nil {
			continue
		}
		if _, asked := s.Effective(d.ladder, p.key); asked && p.before != nil {
			return Major
		} else if asked {
			bump = Minor
		}
	}
	return bump
}

func (d *differ) compareSignal(before, after Signal) {
	at := func(kind ChangeKind, bump Bump) Change { return Change{Kind: kind, Signal: after.Key, Bump: bump} }
	d.compare(at(SignalRekeyed, Patch), before.Key, after.Key)
	d.compare(at(SignalNamed, Patch), before.Name, after.Name)
	d.compare(at(SignalAssesses, Patch), before.Assesses, after.Assesses)
	d.compare(at(SignalMoved, Minor), before.Area, after.Area)
}

func (d *differ) compareAnchors(before, after Signal) {
	rating := func(a Anchor) string { return strconv.Itoa(a.Rating) }
	for _, p := range match(before.Anchors, after.Anchors, rating, never) {
		at := Change{Signal: after.Key, Bump: Minor}
		switch {
		case p.before == nil:
			at.Kind, at.Rating, at.After = AnchorAdded, p.after.Rating, p.after.Text
			d.add(at)
		case p.after == nil:
			at.Kind, at.Rating, at.Before = AnchorRemoved, p.before.Rating, p.before.Text
			d.add(at)
		default:
			at.Kind, at.Rating = AnchorChanged, p.after.Rating
			d.compare(at, p.before.Text, p.after.Text)
			if !slices.Equal(p.before.Examples, p.after.Examples) {
				at.Kind = ExamplesChanged
				at.Before, at.After = strings.Join(p.before.Examples, "\n"), strings.Join(p.after.Examples, "\n")
				d.add(at)
			}
		}
	}
}

func (d *differ) compareRedFlags(before, after Signal) {
	flags := match(before.RedFlags, after.RedFlags, func(f RedFlag) string { return f.Key }, never)
	// weigh is what a severity means where there was another or none.
	weigh := func(f RedFlag) Bump {
		if f.Severity == Blocking {
			return Major
		}
		return Minor
	}
	for _, p := range flags {
		at := Change{Signal: after.Key, RedFlag: p.key, Bump: Minor}
		switch {
		case p.before == nil:
			at.Kind, at.After, at.Bump = RedFlagAdded, p.after.summary(), weigh(*p.after)
			d.add(at)
		case p.after == nil:
			at.Kind, at.Before = RedFlagRemoved, p.before.summary()
			d.add(at)
		default:
			at.Kind, at.Bump = SeverityChanged, weigh(*p.after)
			d.compare(at, string(p.before.Severity), string(p.after.Severity))
			at.Kind, at.Bump = RedFlagReworded, Patch
			d.compare(at, p.before.Text, p.after.Text)
		}
	}
	inOrder, nowInOrder := order(flags)
	d.compare(Change{Kind: RedFlagsOrdered, Signal: after.Key, Bump: Patch}, inOrder, nowInOrder)
}

func (f RedFlag) summary() string { return string(f.Severity) + ": " + f.Text }

// summary says how much the edition asks of a level.
func (e Edition) summary(ladder Ladder, s LevelSetting) string {
	level, _ := ladder.Level(s.Level)
	signals, gates := 0, 0
	for _, signal := range e.Signals {
		if demand, asked := signal.Effective(ladder, s.Level); asked {
			signals++
			gates += demand.gates()
		}
	}
	return fmt.Sprintf("%s: %d signals, %d gates, %s covered", level.Name, signals, gates, percent(s.CoverageMinimum))
}
