package funnel

import "slices"

// Builder builds a Pipeline application by application.
type Builder struct{ p *Pipeline }

// NewBuilder begins a pipeline with stages of these kinds, in their order.
func NewBuilder(kinds []string) Builder {
	p := &Pipeline{hired: slices.Index(kinds, "HIRED"), kinds: make([]uint8, len(kinds)), first: make([]int32, 1)}
	for i, k := range kinds {
		p.kinds[i] = uint8(slices.Index(Kinds, k))
	}
	return Builder{p}
}

// Add adds an application; what it keeps of the log it copies. An impossible log
// is an *ImpossibleError, and adds nothing.
func (b Builder) Add(t Track) error {
	p := b.p
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
