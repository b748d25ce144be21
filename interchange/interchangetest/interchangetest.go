// Package interchangetest owns what tests of importers share: looking at a
// database as a whole, and telling whether what an import left is consistent.
//
// It does not know any importer.
package interchangetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/migrate"
	"hireloop/funnel"
	"hireloop/interchange"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// runTables are those that every run adds to, whatever it finds.
func runTables() []string { return []string{"import_runs", "audit_entries", "audit_links", "events"} }

// Dump is every row of every table as text, but those that every run adds.
func Dump(t testing.TB, d *store.DB) string {
	t.Helper()
	return dump(t, d, append(runTables(), "settings")...)
}

// Everything is every row of every table as text.
func Everything(t testing.TB, d *store.DB) string {
	t.Helper()
	return dump(t, d)
}

func dump(t testing.TB, d *store.DB, without ...string) string {
	t.Helper()
	var b strings.Builder
	for _, table := range migrate.Tables {
		if slices.Contains(without, table.Name) {
			continue
		}
		fmt.Fprintf(&b, "== %s\n", table.Name)
		lines := Rows(t, d, "SELECT * FROM "+table.Name)
		slices.Sort(lines)
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

// Golden compares text with a file, or writes the file when update is set.
func Golden(t testing.TB, file, got string, update bool) {
	t.Helper()
	if update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("differs from %s (-want +got); -update writes it anew:\n%s", file, diff)
	}
}

// Rows is the answer to a query, a line a row.
func Rows(t testing.TB, d *store.DB, query string, args ...any) (lines []string) {
	t.Helper()
	rows, err := d.SQL().QueryContext(access.System(context.Background()), query, args...)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	columns, err := rows.Columns()
	must(t, err)
	for rows.Next() {
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range dest {
			dest[i] = &values[i]
		}
		must(t, rows.Scan(dest...))
		cells := make([]string, len(columns))
		for i, v := range values {
			cells[i] = shown(v)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	must(t, rows.Err())
	return lines
}

func shown(v any) string {
	switch x := v.(type) {
	case nil:
		return "-"
	case []byte: // documents; the engines space them differently
		var decoded any
		if json.Unmarshal(x, &decoded) == nil {
			x, _ = json.Marshal(decoded)
		}
		return string(x)
	case time.Time:
		return x.UTC().Format("2006-01-02T15:04:05.999999")
	}
	return fmt.Sprint(v)
}

// Check fails the test where the rows of an import contradict each other, and
// where a row cannot be traced to the other system.
func Check(t testing.TB, d *store.DB) {
	t.Helper()
	checkReferences(t, d)
	checkSeats(t, d)
	stages := readStages(t, d)
	for id, a := range readApplications(t, d) {
		h, err := funnel.Replay(funnel.Corrected(a.log), stages[a.opening].hired)
		if err != nil {
			t.Errorf("application %s: its log is impossible: %v", id, err)
			continue
		}
		got := []any{a.status, stages[a.opening].position[a.stage], a.entered, a.closed, a.applied}
		want := []any{string(h.Status), h.Stage, h.EnteredAt.UTC(), h.ClosedAt.UTC(), h.Visits[0].EnteredAt.UTC()}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("application %s: its row says %v, its log %v", id, got, want)
		}
		var visits []string
		for i, v := range h.Visits {
			var skipped []string
			for _, s := range v.Skipped {
				skipped = append(skipped, fmt.Sprintf("%q", stages[a.opening].at[s].String()))
			}
			visits = append(visits, fmt.Sprintf("%d %s %s %s %s %s %s", i+1, stages[a.opening].at[v.Stage].UUID(), shown(v.EnteredAt),
				shown(known(v.ExitedAt)), shown(text(string(v.Outcome))), v.Quality, strings.Join(skipped, ",")))
		}
		if !slices.Equal(a.visits, visits) {
			t.Errorf("application %s: visits\n%s\nwant\n%s", id, strings.Join(a.visits, "\n"), strings.Join(visits, "\n"))
		}
	}
}

func known(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// checkReferences wants a reference for every row that is not derived whole.
func checkReferences(t testing.TB, d *store.DB) {
	t.Helper()
	for _, table := range strings.Fields("departments locations members sources rejection_reasons openings stages hiring_team_members " +
		"candidates candidate_contacts applications stage_events seats loops interviews interview_seats scorecards scorecard_revisions signal_ratings") {
		for _, id := range Rows(t, d, "SELECT id FROM "+table+" WHERE id NOT IN (SELECT subject_id FROM external_references)") {
			t.Errorf("%s: row %s has no reference to the other system", table, id)
		}
	}
	for _, l := range Rows(t, d, `SELECT object, external_id FROM external_references WHERE import_run_id IS NULL`) {
		t.Errorf("reference %s is of no run", l)
	}
}

func checkSeats(t testing.TB, d *store.DB) {
	t.Helper()
	for _, l := range Rows(t, d, `SELECT s.id FROM seats s LEFT JOIN applications a ON a.id = s.application_id
		WHERE (s.status = 'FILLED') <> (s.application_id IS NOT NULL) OR s.application_id IS NOT NULL AND (a.status <> 'HIRED' OR a.opening_id <> s.opening_id)`) {
		t.Errorf("seat %s is filled by nobody, or by somebody who is not hired for the opening", l)
	}
	for _, l := range Rows(t, d, `SELECT id FROM applications WHERE status = 'HIRED' AND id NOT IN (SELECT application_id FROM seats WHERE application_id IS NOT NULL)`) {
		t.Errorf("application %s is hired and has no seat", l)
	}
}

// pipeline is the stages of an opening.
type pipeline struct {
	hired    int
	at       []gid.ID
	position map[gid.ID]int
}

func readStages(t testing.TB, d *store.DB) map[gid.ID]*pipeline {
	t.Helper()
	all := map[gid.ID]*pipeline{}
	query(t, d, `SELECT opening_id, id, position, kind FROM stages ORDER BY opening_id, position`, func(rows *sql.Rows) {
		var opening, id gid.ID
		var position int
		var kind string
		must(t, rows.Scan(&opening, &id, &position, &kind))
		p := all[opening]
		if p == nil {
			p = &pipeline{hired: -1, position: map[gid.ID]int{}}
			all[opening] = p
		}
		if position != len(p.at) {
			t.Errorf("opening %s: a stage has position %d, want %d", opening, position, len(p.at))
		}
		if kind == "HIRED" {
			if p.hired >= 0 {
				t.Errorf("opening %s has two stages of the hired", opening)
			}
			p.hired = position
		}
		p.at, p.position[id] = append(p.at, id), position
	})
	for opening, p := range all {
		if p.hired != len(p.at)-1 {
			t.Errorf("opening %s: the stage of the hired is at %d, want the last", opening, p.hired)
		}
		if slices.IndexFunc(p.at, gid.ID.IsNil) >= 0 {
			t.Errorf("opening %s has a stage without an id", opening)
		}
	}
	return all
}

// application is an application with its log, as it is stored.
type application struct {
	opening, stage           gid.ID
	status                   string
	applied, entered, closed time.Time
	log                      []funnel.Entry
	visits                   []string
}

func readApplications(t testing.TB, d *store.DB) map[gid.ID]*application {
	t.Helper()
	stages := readStages(t, d)
	all := map[gid.ID]*application{}
	query(t, d, `SELECT id, opening_id, stage_id, status, applied_at, stage_entered_at, closed_at FROM applications`, func(rows *sql.Rows) {
		var id gid.ID
		var a application
		var closed sql.NullTime
		must(t, rows.Scan(&id, &a.opening, &a.stage, &a.status, &a.applied, &a.entered, &closed))
		a.applied, a.entered, a.closed = a.applied.UTC(), a.entered.UTC(), closed.Time.UTC()
		all[id] = &a
	})
	sequences := map[gid.ID]int{}
	query(t, d, `SELECT application_id, id, sequence, kind, stage_id, occurred_at, corrects_id, quality FROM stage_events ORDER BY application_id, sequence`, func(rows *sql.Rows) {
		var of, id, stage, corrects gid.ID
		var e funnel.Entry
		must(t, rows.Scan(&of, &id, &e.Sequence, &e.Kind, &stage, &e.At, &corrects, &e.Quality))
		sequences[id] = e.Sequence
		if e.Kind == "CORRECT" {
			e.Corrects, e.Void = sequences[corrects], true
		}
		if !stage.IsNil() {
			e.Stage = stages[all[of].opening].position[stage]
		}
		all[of].log = append(all[of].log, e)
	})
	query(t, d, `SELECT application_id, sequence, stage_id, entered_at, exited_at, outcome, skipped_stage_ids, quality FROM visits ORDER BY application_id, sequence`, func(rows *sql.Rows) {
		var of, stage gid.ID
		var sequence int
		var entered time.Time
		var exited, outcome any
		var skipped []byte
		var quality string
		must(t, rows.Scan(&of, &sequence, &stage, &entered, &exited, &outcome, &skipped, &quality))
		list := strings.ReplaceAll(strings.Trim(string(skipped), "[]"), " ", "")
		all[of].visits = append(all[of].visits, fmt.Sprintf("%d %s %s %s %s %s %s", sequence, stage.UUID(), shown(entered), shown(exited), shown(outcome), quality, list))
	})
	return all
}

// Balanced fails the test when a table of the report does not account for every row.
func Balanced(t testing.TB, r *interchange.Report) {
	t.Helper()
	for _, c := range r.Tables {
		if sum := c.Created + c.Updated + c.Unchanged + c.Mapped + c.Skipped; sum != c.Read {
			t.Errorf("table %s: %d rows read, %d accounted for: %+v", c.Name, c.Read, sum, *c)
		}
	}
}

// Same fails the test when two reports differ in anything but how long it took.
func Same(t testing.TB, got, want *interchange.Report) {
	t.Helper()
	g, w := *got, *want
	g.Took, w.Took = 0, 0
	if !reflect.DeepEqual(g, w) {
		t.Errorf("reports differ:\n%s\nwant\n%s", printed(t, &g), printed(t, &w))
	}
}

// Still fails the test when a run changed anything, by its own account.
func Still(t testing.TB, r *interchange.Report) {
	t.Helper()
	for _, c := range append(slices.Clone(r.Tables), r.Added...) {
		if c.Created != 0 || c.Updated != 0 {
			t.Errorf("%s: %d created and %d updated, want nothing changed", c.Name, c.Created, c.Updated)
		}
	}
}

func printed(t testing.TB, r *interchange.Report) string {
	t.Helper()
	var b strings.Builder
	must(t, r.Print(&b))
	return b.String()
}

func query(t testing.TB, d *store.DB, text string, scan func(*sql.Rows)) {
	t.Helper()
	rows, err := d.SQL().QueryContext(access.System(context.Background()), text)
	must(t, err)
	for rows.Next() {
		scan(rows)
	}
	must(t, rows.Err())
	must(t, rows.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
