package access

import (
	"context"
	"errors"
	"testing"

	"hireloop/internal/gid"
)

// told is an asker that tells so many ids of a set, and counts how often it is asked.
type told struct {
	confidential, loops, asked int
	fails                      bool
}

func (a *told) ask(_ context.Context, _ string, _ []any, yield func(string, gid.ID)) error {
	a.asked++
	if a.fails {
		return errors.New("no database")
	}
	for set, n := range map[string]int{"confidential": a.confidential, concealing: a.loops} {
		for i := range n {
			yield(set, gid.ID{15: byte(i + 1)})
		}
	}
	return nil
}

// What a viewer is known to be kept from is all that is asked, once an operation.
func TestOneOperationAsksOnce(t *testing.T) {
	viewer := &Viewer{Member: anyMember, Roles: []Role{Recruiter}}
	const inline = "{id} NOT IN ([confidential])"
	for rule, c := range map[string]struct {
		told
		want string // of the rule of openings; "" restricts nothing
	}{
		"kept from nothing":               {told{}, ""},
		"kept from little":                {told{confidential: 2}, "({id} NOT IN (?, ?))"},
		"kept from as much as is told":    {told{confidential: fewIDs}, "({id} NOT IN (?, ?, ?, ?, ?, ?, ?, ?))"},
		"kept from more":                  {told{confidential: fewIDs + 1}, "(" + inline + ")"},
		"when it cannot be asked for":     {told{fails: true}, "(" + inline + ")"},
		"when loops hide something, also": {told{loops: 1}, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			ctx := Remembering(WithViewer(t.Context(), viewer), c.ask)
			text := func(ctx context.Context) string {
				if r := reading(asker(ctx), "Opening"); r != nil {
					return r.text
				}
				return ""
			}
			for range 3 {
				if got := text(ctx); got != c.want {
					t.Errorf("openings: %q, want %q", got, c.want)
				}
			}
			if c.asked != 1 && !c.fails {
				t.Errorf("asked %d times", c.asked)
			}
			if got := text(Unremembering(ctx)); got != "("+inline+")" {
				t.Errorf("inside a transaction: %q", got)
			}
			asked := c.asked
			Forget(ctx)
			if text(ctx); c.asked != asked+1 {
				t.Errorf("what was written is not asked for: %d times after %d", c.asked, asked)
			}
		})
	}
}

// Loops are asked whether they hide their cards, unless none ever does.
func TestLoopsAreAskedWhenAnyHides(t *testing.T) {
	for loops, want := range map[int]bool{0: false, 1: true} {
		a := &told{loops: loops}
		r := reading(asker(Remembering(WithViewer(t.Context(), &Viewer{Member: anyMember, Roles: []Role{Recruiter}}), a.ask)), "Debrief")
		if (r != nil) != want {
			t.Errorf("%d loops hide something: the rule of debriefs is %+v", loops, r)
		}
	}
}
