package telemetry

import "sync"

const (
	// mostNames bounds the series and span names that clients can make: the
	// names of operations are theirs.
	mostNames = 200
	// longestName is how much of a name is kept.
	longestName = 64

	otherName     = "other"     // beyond the first 200
	anonymousName = "anonymous" // the operation has no name
	invalidName   = "invalid"   // there was no operation to run
)

// names are the first that came; all later ones are "other" until the server is
// started again. Were old ones forgotten, a client that makes names up would
// drive out those of everybody else.
type names struct {
	mu    sync.RWMutex
	known map[string]bool
}

// bounded is the name under which an operation is counted and traced.
func (n *names) bounded(name string) string {
	if name == "" {
		return anonymousName
	}
	name = name[:min(len(name), longestName)] // ASCII, says the grammar
	n.mu.RLock()
	known, full := n.known[name], len(n.known) >= mostNames
	n.mu.RUnlock()
	if known {
		return name
	}
	if full {
		return otherName
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = make(map[string]bool)
	}
	if len(n.known) >= mostNames && !n.known[name] {
		return otherName
	}
	n.known[name] = true
	return name
}
