package eventlog_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/interchange/eventlog"
	"hireloop/interchange/interchangetest"
	"hireloop/internal/fault"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// drawLog is a log of a few applications in any order, with whatever can be
// wrong in it.
func drawLog(t *rapid.T) string {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	var b strings.Builder
	b.WriteString("application_id,candidate,opening,source,at,event,stage\n")
	for range rapid.IntRange(0, 12).Draw(t, "rows") {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n",
			pick("application", "1", "2", "3", "3", ""), pick("candidate", "Ada", "ada@example.com", "Bo", "", "\xffé"),
			pick("opening", "EM", "EM", "PM", ""), pick("source", "", "Referral", "referral", "LinkedIn"),
			pick("at", "2025-01-01", "2025-01-02", "2025-01-02 10:00", "2025-01-03", "2025-01-04", "never", "\"2025-01-05"),
			pick("event", "enter", "enter", "applied", "reopen", "reject", "withdraw", "hire", "entr", "dance"),
			pick("stage", "", "Screen", "Onsite", "Offer", "Hired", "screen", "Screen/2"))
	}
	return b.String()
}

// TestWhateverIsWrongWithALog imports logs one after the other into one
// database: see importer.run for what must hold after each.
func TestWhateverIsWrongWithALog(t *testing.T) {
	for _, e := range testdb.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			cases := 0 // each has a database of its own
			rapid.Check(t, func(rt *rapid.T) {
				if e.Name == "postgres" && rapid.IntRange(0, 9).Draw(rt, "every tenth on PostgreSQL") > 0 {
					return
				}
				logs := rapid.SliceOfN(rapid.Custom(drawLog), 1, 3).Draw(rt, "logs")
				cases++
				if !t.Run(fmt.Sprintf("case %d", cases), func(t *testing.T) {
					i := newImporter(t, e.Open(t, migrated(), store.Options{}))
					for _, log := range logs {
						i.run(log)
					}
				}) {
					rt.Fatalf("see above")
				}
			})
		})
	}
}

// FuzzImport imports any text into an empty database: it is refused as a whole,
// or keeps what every import must keep.
func FuzzImport(f *testing.F) {
	f.Add(plain)
	f.Add("application_id;candidate;opening;at;event;email\n\"1\";;EM;2025-01-01 10:00;applied;a@b.c\n1;;;2024-01-01;reopen;\n")
	f.Fuzz(func(t *testing.T, log string) {
		i := newImporter(t, testdb.Engines()[0].Open(t, migrated(), store.Options{}))
		before := interchangetest.Everything(t, i.d)
		_, err := eventlog.Import(t.Context(), i.d, strings.NewReader(log), "log.csv", i.options(true))
		if err == nil {
			i.run(log)
			return
		}
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("the log is refused as if it were our fault: %v", err)
		}
		if _, err := eventlog.Import(t.Context(), i.d, strings.NewReader(log), "log.csv", i.options(false)); err == nil {
			t.Error("only the dry run refused it")
		}
		if interchangetest.Everything(t, i.d) != before {
			t.Error("a refused log left something")
		}
	})
}

func migrated() testdb.Template {
	return testdb.Template{Name: "migrated", Prepare: func(ctx context.Context, d *store.DB) error {
		_, err := store.Migrate(ctx, d)
		return err
	}}
}
