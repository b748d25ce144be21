package hiring

import (
	"cmp"
	"slices"
	"strconv"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

const (
	maxLevels      = 50 // of a ladder
	maxRank        = 1000
	maxEquivalents = 20 // of a level
)

// rungs is a ladder as it will be once an input is applied to it.
type rungs struct {
	ladder rubric.Ladder
	given  map[string]int // where the input gives a level, by key
}

func newRungs(present rubric.Ladder) *rungs {
	present.Levels = slices.Clone(present.Levels)
	return &rungs{ladder: present, given: map[string]int{}}
}

// name applies what the ladder is called and what it covers; nil keeps.
func (r *rungs) name(problems *fault.List, name, description *string) {
	if name != nil {
		r.ladder.Name = line(problems, "name", *name, maxName)
	}
	if description != nil {
		r.ladder.Description = prose(problems, "description", *description, maxProse)
	}
}

// read applies the input's levels: new ones are added, others changed.
func (r *rungs) read(problems *fault.List, levels []*LevelInput) {
	if !atMost(problems, "levels", len(levels), maxLevels) {
		return
	}
	later := map[string]bool{}
	for _, in := range levels {
		if _, there := r.ladder.Level(in.Key); !there {
			later[in.Key] = true
		}
	}
	for i, in := range levels {
		if _, twice := r.given[in.Key]; twice {
			problems.Add(fault.Invalidf(at("levels", i, "key"), "%q is given twice", in.Key))
			continue
		}
		r.given[in.Key] = i
		delete(later, in.Key)
		n := slices.IndexFunc(r.ladder.Levels, func(l rubric.Level) bool { return l.Key == in.Key })
		if n < 0 {
			n = len(r.ladder.Levels)
			r.ladder.Levels = append(r.ladder.Levels, rubric.Level{Key: in.Key, Track: "management", Hireable: true})
		}
		level := &r.ladder.Levels[n]
		in.apply(problems, at("levels", i), level)
		if later[level.Extends] {
			problems.Add(fault.Invalidf(at("levels", i, "extends"), "%s comes later", level.Extends).
				WithHint("list a level after the one that it extends"))
		}
	}
	if n := len(r.ladder.Levels); n > maxLevels {
		problems.Add(fault.Invalidf("levels", "the ladder would have %d levels, at most %d are possible", n, maxLevels))
	}
}

// apply changes a level to what the input says of it.
func (in *LevelInput) apply(problems *fault.List, path string, level *rubric.Level) {
	level.Name = line(problems, path+".name", in.Name, maxName)
	within(problems, path+".rank", in.Rank, 0, maxRank)
	level.Rank = in.Rank
	if track := optionalLine(problems, path+".track", in.Track, maxName); track != nil {
		level.Track = *track
	}
	if in.Hireable != nil {
		level.Hireable = *in.Hireable
	}
	if in.Extends != nil {
		level.Extends = *in.Extends
	}
	if in.Scope != nil {
		level.Scope = prose(problems, path+".scope", *in.Scope, maxReason)
	}
	path += ".externalEquivalents"
	if in.ExternalEquivalents == nil || !atMost(problems, path, len(in.ExternalEquivalents), maxEquivalents) {
		return
	}
	level.ExternalEquivalents = make([]rubric.Equivalent, len(in.ExternalEquivalents))
	for i, e := range in.ExternalEquivalents {
		same := &level.ExternalEquivalents[i]
		same.Company = line(problems, at(path, i, "company"), e.Company, maxName)
		same.Label = line(problems, at(path, i, "label"), e.Label, maxName)
		if note := optionalLine(problems, at(path, i, "note"), e.Note, maxName); note != nil {
			same.Note = *note
		}
	}
}

// check refuses a ladder that no rubric could be published for.
func (r *rungs) check(problems *fault.List) {
	alsoAt(problems, rubric.Check(r.ladder, rubric.Edition{}), func(path []string) []string {
		switch {
		case path[0] != "ladder":
			return nil // what is wrong with no edition
		case len(path) < 4:
			return path[1:]
		}
		n, _ := strconv.Atoi(path[2])
		level := r.ladder.Levels[n]
		if i, ok := r.given[level.Key]; ok {
			return []string{"levels", strconv.Itoa(i), path[3]}
		}
		// The level is as it was: the one that it extends has moved.
		return []string{"levels", strconv.Itoa(r.given[level.Extends]), "rank"}
	})
}

// keep refuses another rank or parent for the levels of these keys, and says why.
func (r *rungs) keep(problems *fault.List, present rubric.Ladder, frozen map[string]bool, why string) {
	for i, was := range present.Levels {
		is := r.ladder.Levels[i]
		at := at("levels", r.given[was.Key])
		if frozen[was.Key] && is.Rank != was.Rank {
			problems.Add(fault.Invalidf(at+".rank", "stays %d: %s", was.Rank, why))
		}
		if frozen[was.Key] && is.Extends != was.Extends {
			problems.Add(fault.Invalidf(at+".extends", "stays %q: %s", was.Extends, why))
		}
	}
}

// sort tells apart the levels that are new and those that the input changes.
func (r *rungs) sort(present rubric.Ladder) (added, changed []rubric.Level) {
	for i, level := range r.ladder.Levels {
		if i >= len(present.Levels) {
			added = append(added, level)
		} else if _, ok := r.given[level.Key]; ok {
			changed = append(changed, level)
		}
	}
	return added, changed
}

// byRank orders levels so that each comes after the one that it extends.
func byRank(levels []rubric.Level) []rubric.Level {
	return slices.SortedStableFunc(slices.Values(levels), func(a, b rubric.Level) int { return cmp.Compare(a.Rank, b.Rank) })
}
