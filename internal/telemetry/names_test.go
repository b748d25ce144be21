package telemetry

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Clients make names up; series and span names stay few.
func TestNamesAreBounded(t *testing.T) {
	var n names
	var group sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for client := range 8 {
		group.Go(func() {
			for i := range 100 {
				name := n.bounded(fmt.Sprintf("Op%d_%d", client, i))
				mu.Lock()
				seen[name] = true
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if len(seen) != mostNames+1 || !seen[otherName] {
		t.Errorf("%d names, want %d and %q", len(seen), mostNames, otherName)
	}
}

func TestNames(t *testing.T) {
	var n names
	for i := range mostNames {
		n.bounded(fmt.Sprint("Op", i))
	}
	for given, want := range map[string]string{
		"Op7": "Op7", "New": otherName, "": anonymousName, strings.Repeat("x", 70): otherName,
	} {
		if got := n.bounded(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
	if got := new(names).bounded(strings.Repeat("x", 70)); len(got) != longestName {
		t.Errorf("a long name has %d letters", len(got))
	}
}
