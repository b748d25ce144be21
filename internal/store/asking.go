package store

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/lib/pq"

	"hireloop/internal/access"
)

// asking is on whose behalf a statement runs, as row-level security reads it
// from the session (see access.Wall). The zero value is nobody, who sees nothing.
type asking struct{ member, roles, program string }

func askingOf(ctx context.Context) (asking, error) {
	viewer, program := access.Asks(ctx)
	switch {
	case program:
		return asking{program: "on"}, nil
	case viewer == nil:
		return asking{}, nil
	}
	names := make([]string, len(viewer.Roles))
	for i, role := range viewer.Roles {
		names[i] = string(role)
	}
	roles, err := pq.Array(names).Value()
	if err != nil {
		return asking{}, err
	}
	text, _ := roles.(string) // none are NULL
	return asking{member: viewer.Member.UUID(), roles: text}, nil
}

// tellSession says for the session who asks. Names and roles are bound, never
// part of the text.
const tellSession = "SELECT set_config('hireloop.member', $1, false)," +
	" set_config('hireloop.roles', $2, false), set_config('hireloop.program', $3, false)"

// tell makes the session know on whose behalf the statement that follows runs.
// What a connection was told it remembers, so that only a change costs a round
// trip. It knows nothing when it is new, when telling fails and when a
// transaction ends, whichever way; a connection of which anything else is in
// doubt is not used again.
func (c *cachedConn) tell(ctx context.Context, query string) error {
	who, err := askingOf(ctx)
	if err != nil {
		return err
	}
	if c.told == nil || *c.told != who {
		c.told = nil
		args := []driver.NamedValue{{Ordinal: 1, Value: who.member}, {Ordinal: 2, Value: who.roles}, {Ordinal: 3, Value: who.program}}
		if _, err := c.run(ctx, tellSession, args); err != nil {
			return err
		}
		c.told = &who
	}
	if changesSession(query) {
		c.told = nil
	}
	return nil
}

// changesSession tells statements that may change what the session was told.
// The product sends none.
func changesSession(query string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(query, " \t\r\n"), " ")
	switch strings.ToUpper(strings.TrimRight(word, ";")) {
	case "SET", "RESET", "DISCARD", "ROLLBACK", "ABORT", "COMMIT", "END":
		return true
	}
	return false
}
