package rubric

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// compareDemands compares what the levels that both editions have ask of the
// signal, which may be nothing in either.
func (d *differ) compareDemands(p pair[Signal]) {
	for _, level := range d.levels {
		if level.before == nil || level.after == nil {
			continue
		}
		was, is := d.from.stands(d.ladder, level.key, p.before), d.to.stands(d.ladder, level.key, p.after)
		var changes []Change
		switch {
		case was.asked && is.asked:
			changes = terms(was.Demand, is.Demand)
			if was.own != is.own {
				changes = append(changes, Change{Kind: OwnDemandChanged, Before: was.share(), After: is.share(), Bump: Major})
			}
		case was.asked:
			changes = []Change{{Kind: SignalDropped, Before: was.summary(), After: is.summary(), Bump: Major}}
		case is.asked:
			changes = []Change{{Kind: SignalAsked, Before: was.summary(), After: is.summary(), Bump: Major}}
		case p.before != nil && p.after != nil && d.renamed(was.SubsumedBy) != is.SubsumedBy:
			changes = []Change{{Kind: SubsumptionChanged, Before: was.SubsumedBy, After: is.SubsumedBy, Bump: Patch}}
		}
		for _, c := range changes {
			c.Level, c.Signal = level.key, p.key
			d.add(c)
		}
	}
}

// renamed is the later edition's key for a signal of the one before.
func (d *differ) renamed(key string) string {
	for _, p := range d.signals {
		if p.before != nil && p.after != nil && p.before.Key == key {
			return p.key
		}
	}
	return key
}

// terms are the changes from one demand to another, of a signal that both ask
// for. They name neither level nor signal.
func terms(before, after Demand) []Change {
	var changes []Change
	differs := func(sign int, up, down ChangeKind, upBump, downBump Bump, was, is string) {
		switch {
		case sign > 0:
			changes = append(changes, Change{Kind: up, Before: was, After: is, Bump: upBump})
		case sign < 0:
			changes = append(changes, Change{Kind: down, Before: was, After: is, Bump: downBump})
		}
	}
	differs(cmp.Compare(after.Bar, before.Bar), BarRaised, BarLowered, Major, Minor,
		before.Bar.String(), after.Bar.String())
	differs(cmp.Compare(after.Weight, before.Weight), Reweighted, Reweighted, Major, Major,
		strconv.Itoa(before.Weight), strconv.Itoa(after.Weight))
	differs(after.gates()-before.gates(), GateAdded, GateDropped, Major, Minor,
		before.gate(), after.gate())
	differs(cmp.Compare(after.MinimumRaters, before.MinimumRaters), RatersRaised, RatersLowered, Major, Minor,
		strconv.Itoa(before.MinimumRaters), strconv.Itoa(after.MinimumRaters))
	differs(strings.Compare(after.Expectation, before.Expectation), ExpectationChanged, ExpectationChanged, Patch, Patch,
		before.Expectation, after.Expectation)
	return changes
}

func (d Demand) gates() int {
	if d.MustHave {
		return 1
	}
	return 0
}

func (d Demand) gate() string {
	if d.MustHave {
		return "a gate"
	}
	return "no gate"
}

// standing is where a signal stands at a level: what is asked, if anything, and
// whether that is more than the level below asks.
type standing struct {
	Demand
	asked, own bool
}

// stands finds it in an edition; a signal that the edition has not is nil.
func (e Edition) stands(ladder Ladder, level string, signal *Signal) standing {
	if signal == nil {
		return standing{}
	}
	demand, asked := signal.Effective(ladder, level)
	return standing{demand, asked, asked && e.own(ladder, level, *signal)}
}

// own reports whether the demand is one that the level adds or whose bar it
// raises. Of a level that extends none in the edition, all are.
func (e Edition) own(ladder Ladder, level string, signal Signal) bool {
	l, _ := ladder.Level(level)
	if !slices.ContainsFunc(e.Levels, func(s LevelSetting) bool { return s.Level == l.Extends }) {
		return true
	}
	mode := signal.Mode(ladder, level)
	return mode == Add || mode == Raise
}

func (s standing) share() string {
	if s.own {
		return "the level's own demand"
	}
	return "as the level below demands"
}

func (s standing) summary() string {
	switch {
	case s.asked:
		return fmt.Sprintf("bar %v, weight %d, %s, raters %d", s.Bar, s.Weight, s.gate(), s.MinimumRaters)
	case s.Retired():
		return "covered by " + s.SubsumedBy
	}
	return ""
}
