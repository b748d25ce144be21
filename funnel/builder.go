package funnel

import (
	"fmt"
	"math"
	"slices"
)

// Builder builds a Pipeline application by application.
type Builder struct{ p *Pipeline }

// NewBuilder begins a pipeline with stages of these kinds, in their order. It
// panics when a kind is not one of Kinds.
func NewBuilder(kinds []string) Builder {
	p := &Pipeline{hired: slices.Index(kinds, Kinds[hiredKind]), kinds: make([]uint8, len(kinds)), first: make([]int32, 1)}
	for i, k := range kinds {
		kind := slices.Index(Kinds, k)
		if kind < 0 {
			panic(fmt.Sprintf("funnel: stage %d is of kind %q", i, k))
		}
		p.kinds[i] = uint8(kind)
	}
	return Builder{p}
}

// Add adds an application; what it keeps of the log it copies. The log, in the
// order of recording, must have been possible whenever something was recorded: so
// it is as a whole now, or else that is an *ImpossibleError, and adds nothing.
// A stage that the pipeline lacks is an error, and so is one of the hired that is
// not its last.
func (b Builder) Add(t Track) error {
	p := b.p
	if last := len(p.kinds) - 1; p.hired >= 0 && p.hired < last {
		return fmt.Errorf("stage %d is of the hired, but %d is the last one", p.hired, last)
	}
	for i, e := range t.Log {
		enters := e.Kind == Enter || e.Kind == Reopen
		if enters && (e.Stage < 0 || e.Stage >= min(len(p.kinds), math.MaxUint16)) {
			return fmt.Errorf("entry %d is of stage %d in a pipeline of %d", i, e.Stage, len(p.kinds))
		}
	}
	h, err := Replay(Corrected(t.Log), p.hired)
	if err != nil {
		return err
	}
	revised := revised(t.Log)
	if revised {
		if p.revised == nil {
			p.revised = map[int32][]Entry{}
		}
		p.revised[int32(p.Applications())] = slices.Clone(t.Log)
	}
	p.add(h, t, revised)
	return nil
}

// Pipeline ends the building.
func (b Builder) Pipeline() *Pipeline {
	b.p.trim()
	return b.p
}
