package eventlog

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"hireloop/funnel"
	"hireloop/interchange"
)

// settle makes what only all rows together tell.
func (p *planner) settle() {
	for _, a := range p.order {
		slices.SortStableFunc(a.Marks, func(x, y interchange.Mark) int { return cmp.Or(x.At.Compare(y.At), x.Order-y.Order) })
		a.At = first(a.Marks)
		a.Candidate, a.Source = p.person(a), p.source(a)
		p.world.Applications = append(p.world.Applications, a.Application)
	}
	for _, o := range p.world.Openings {
		p.settleOpening(p.openings[o.Title])
	}
}

// settleOpening decides the stages and the state of an opening.
func (p *planner) settleOpening(o *role) {
	p.pipeline(o)
	active, opened, hired := false, time.Time{}, time.Time{}
	for _, a := range o.filed {
		if len(a.Marks) == 0 {
			continue
		}
		if opened.IsZero() || a.At.Before(opened) {
			opened = a.At
		}
		last := a.Marks[len(a.Marks)-1]
		switch {
		case last.Stage == o.hired:
			if last.At.After(hired) {
				hired = last.At
			}
		case last.Kind == funnel.Enter || last.Kind == funnel.Reopen:
			active = true
		}
	}
	if o.OpenedAt.IsZero() {
		o.OpenedAt = opened
	}
	o.At = o.OpenedAt
	seat := &interchange.Seat{Reference: p.reference("seat", o.Key.ID, o.Line), Status: "OPEN", OpenedAt: o.OpenedAt}
	o.Status = "OPEN"
	if !active && !hired.IsZero() {
		o.Status, o.ClosedAt = "FILLED", hired
		seat.Status, seat.CloseReason, seat.ClosedAt, seat.IfHere = "CLOSED", "filled", hired, true
	}
	o.Seats = []*interchange.Seat{seat}
}

// pipeline orders the stages of an opening and decides their kinds.
func (p *planner) pipeline(o *role) {
	kinds := funnel.Kinds
	least := 1 // APPLIED; only the first stages can be of leads
	for i, s := range ordered(o) {
		kind := slices.Index(kinds, interchange.StageKind(s.Name))
		switch {
		case kind < 0 && i == 0:
			kind = 1
		case kind < 0:
			kind = min(least+1, 3) // SCREEN after APPLIED, else INTERVIEW
		}
		if i > 0 {
			kind = max(kind, least)
		}
		least = kind
		s.Kind = kinds[kind]
		o.Stages = append(o.Stages, s.Stage)
	}
	if len(o.Stages) == 0 {
		o.Stages = append(o.Stages, &interchange.Stage{Reference: p.reference("stage", key(strconv.Quote(o.Title)+" applied"), o.Line), Name: "Applied", Kind: "APPLIED"})
	}
	o.Stages = append(o.Stages, o.hired)
}

// ordered are the stages of an opening in the order in which applications first
// come to them: of the stages that remain, the next is the one that the fewest
// others precede in most applications; of equals, the one that appeared first.
func ordered(o *role) []*step {
	precedes := make([][]int, len(o.steps)) // in how many applications the one comes before the other
	for i := range precedes {
		precedes[i] = make([]int, len(o.steps))
	}
	index := map[*interchange.Stage]int{}
	for i, s := range o.steps {
		index[s.Stage] = i
	}
	for _, a := range o.filed {
		var seen []int
		for _, m := range a.Marks {
			i, ok := index[m.Stage]
			if !ok || slices.Contains(seen, i) {
				continue
			}
			for _, before := range seen {
				precedes[before][i]++
			}
			seen = append(seen, i)
		}
	}
	rest := slices.Clone(o.steps)
	var out []*step
	for len(rest) > 0 {
		best, fewest := 0, len(rest)
		for k, s := range rest {
			n := 0
			for _, other := range rest {
				if precedes[other.index][s.index] > precedes[s.index][other.index] {
					n++
				}
			}
			if n < fewest {
				best, fewest = k, n
			}
		}
		out = append(out, rest[best])
		rest = slices.Delete(rest, best, best+1)
	}
	return out
}
