package telemetry

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"github.com/lib/pq"
)

func TestVerbsAreFew(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1": "SELECT", "\n\t select *": "SELECT", "(SELECT 1) UNION (SELECT 2)": "SELECT", "WITH x AS (SELECT 1) SELECT": "WITH",
		"INSERT INTO x": "INSERT", `COPY "x" FROM STDIN`: "COPY", "ROLLBACK": "ROLLBACK", "ROLLBACKWARDS": "OTHER",
		"SELECTED": "OTHER", "PRAGMA x": "OTHER", "": "OTHER", "é": "OTHER", "@@": "OTHER",
	} {
		if got := verbOf(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Why a statement failed is a code: what drivers say may quote what is stored.
func TestReasonsAreCodes(t *testing.T) {
	for want, err := range map[string]error{
		"23505":      fmt.Errorf("insert: %w", &pq.Error{Code: "23505", Message: "Ada"}),
		"cancelled":  fmt.Errorf("%w: %w", context.Canceled, &pq.Error{Code: "57014"}),
		"timeout":    context.DeadlineExceeded,
		"connection": driver.ErrBadConn,
	} {
		if got := reasonOf(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

func TestLongStatementsAreCut(t *testing.T) {
	text := shown(strings.Repeat("é", 3000))
	if len(text) > longestText+len("…") || !strings.HasSuffix(text, "é…") {
		t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-8:])
	}
}
