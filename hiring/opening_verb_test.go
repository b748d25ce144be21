package hiring

import (
	"fmt"
	"testing"

	"hireloop/ent/db/opening"
)

// The state machine of openings, whole: a blank is a move that does not exist.
func TestOpeningVerbs(t *testing.T) {
	const draft, open, paused, filled, cancelled = opening.StatusDRAFT, opening.StatusOPEN,
		opening.StatusPAUSED, opening.StatusFILLED, opening.StatusCANCELLED
	verbs := []openingVerb{openVerb, pauseVerb, resumeVerb, closeVerb}
	for _, row := range []struct {
		from opening.Status
		to   [4]opening.Status // by verb: open, pause, resume, close
	}{
		{draft, [4]opening.Status{open, "", "", cancelled}},
		{open, [4]opening.Status{"", paused, "", cancelled}},
		{paused, [4]opening.Status{"", "", open, cancelled}},
		{filled, [4]opening.Status{open, "", "", ""}},
		{cancelled, [4]opening.Status{open, "", "", ""}},
	} {
		for i, verb := range verbs {
			t.Run(fmt.Sprintf("%s %s", verb, row.from), func(t *testing.T) {
				to, ok := verb.leads(row.from)
				if ok != (row.to[i] != "") || ok && to != row.to[i] {
					t.Errorf("leads to %s, %v; want %q", to, ok, row.to[i])
				}
			})
		}
	}
}
