package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/oidc"
	"hireloop/internal/testdb"
)

// told is one application as a log tells it.
type told struct {
	opening int
	events  []toldEvent
}

type toldEvent struct {
	at    time.Time
	what  string // enter, reopen, reject, withdraw
	stage int    // into loggedStages
}

var loggedStages = []string{"Applied", "Recruiter screen", "Manager screen", "Onsite", "Offer", "Hired"}

// kindOf are the kinds of the logged stages, in the order of kinds.
var (
	kindOf = []int{0, 1, 1, 2, 3, 4}
	kinds  = []string{"APPLIED", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}
)

// someLog is a random log of n applications for three openings.
func someLog(n int) []told {
	random := rand.New(rand.NewPCG(3, 4))
	all := make([]told, n)
	for i := range all {
		a := &all[i]
		a.opening = random.IntN(3)
		at := time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(330*24*3600)) * time.Second)
		event := func(what string, stage int) {
			a.events = append(a.events, toldEvent{at, what, stage})
			at = at.Add(time.Duration(1+random.IntN(12*24*3600)) * time.Second)
		}
		stage := 0
		if random.IntN(5) == 0 {
			stage = 1 // sourced
		}
		event("enter", stage)
		for range 12 {
			switch dice := random.IntN(20); {
			case dice < 11 && stage < 5:
				if stage++; stage < 4 && random.IntN(8) == 0 {
					stage++ // jumped over one
				}
				event("enter", stage)
			case dice < 12 && stage > 0 && stage < 5:
				stage--
				event("enter", stage)
			case dice < 15 && stage < 5:
				event([]string{"reject", "withdraw"}[random.IntN(2)], 0)
				if random.IntN(6) > 0 {
					stage = 6
					break
				}
				stage = random.IntN(4)
				event("reopen", stage)
			}
			if stage >= 5 {
				break
			}
		}
	}
	return all
}

func write(log []told) []byte {
	var b bytes.Buffer
	b.WriteString("application_id,candidate,opening,source,at,event,stage\n")
	for i, a := range log {
		for _, e := range a.events {
			stage := ""
			if e.what == "enter" || e.what == "reopen" {
				stage = loggedStages[e.stage]
			}
			fmt.Fprintf(&b, "A-%d,person%d@example.com,Opening %d,Source %d,%s,%s,%s\n", i, i, a.opening, i%4, e.at.Format(time.RFC3339), e.what, stage)
		}
	}
	return b.Bytes()
}

// row is what is counted of a kind of stage.
type row struct {
	Stage struct{ Kind string }
	Entered, ActualEntered, Passed, Rejected, Withdrawn, Active, Reentries,
	Completed, StillIn int
	MedianDays, P90Days *float64
}

// countedByHand counts the applications that began in a time the slow way, by
// the definitions: every stay of every application, up to a moment.
func countedByHand(log []told, opening int, from, to, asOf time.Time) (int, []row) {
	rows := make([]row, len(kinds))
	for k := range rows {
		rows[k].Stage.Kind = kinds[k]
	}
	type stay struct {
		seconds int64
		left    bool
	}
	stays := make([][]stay, len(kinds))
	applications := 0
	for _, a := range log {
		if opening >= 0 && a.opening != opening || a.events[0].at.Before(from) || !a.events[0].at.Before(to) {
			continue
		}
		if a.events[0].at.After(asOf) {
			continue
		}
		applications++
		kind, since, furthest, state := -1, time.Time{}, 0, "active"
		visits := make([]int, len(kinds))
		leave := func(at time.Time, left bool) {
			if kind < 4 { // nobody's time in the stage of the hired is measured
				stays[kind] = append(stays[kind], stay{at.Unix() - since.Unix(), left})
			}
		}
		for _, e := range a.events {
			if e.at.After(asOf) {
				break
			}
			switch e.what {
			case "reject", "withdraw":
				leave(e.at, true)
				state, kind = e.what, -1
			default:
				next := kindOf[e.stage]
				if kind == next {
					continue // to another stage of the same kind
				}
				if kind >= 0 {
					leave(e.at, true)
				}
				kind, since, state = next, e.at, "active"
				visits[kind]++
				furthest = max(furthest, kind)
			}
		}
		if kind >= 0 {
			leave(asOf, false)
		}
		for k := range rows {
			if furthest >= k {
				rows[k].Entered++
			}
			if furthest > k {
				rows[k].Passed++
			}
			if visits[k] > 0 {
				rows[k].ActualEntered++
				rows[k].Reentries += visits[k] - 1
			}
		}
		if furthest < 4 {
			switch r := &rows[furthest]; state {
			case "reject":
				r.Rejected++
			case "withdraw":
				r.Withdrawn++
			default:
				r.Active++
			}
		}
	}
	for k := range rows {
		slices.SortFunc(stays[k], func(a, b stay) int { return int(a.seconds - b.seconds) })
		remaining := 1.0
		for i := 0; i < len(stays[k]); {
			left, j := 0, i
			for ; j < len(stays[k]) && stays[k][j].seconds == stays[k][i].seconds; j++ {
				if stays[k][j].left {
					left++
					rows[k].Completed++
				} else {
					rows[k].StillIn++
				}
			}
			remaining *= 1 - float64(left)/float64(len(stays[k])-i)
			days := float64(stays[k][i].seconds) / (24 * 60 * 60)
			if rows[k].MedianDays == nil && remaining <= 0.5+1e-9 {
				rows[k].MedianDays = &days
			}
			if rows[k].P90Days == nil && remaining <= 0.1+1e-9 {
				rows[k].P90Days = &days
			}
			i = j
		}
	}
	return applications, rows
}

// What the API counts of an imported log is what counting by hand gives, of the
// whole company and of one opening, as of several moments.
func TestTheFunnelOfAnImportedLog(t *testing.T) {
	log := someLog(2000)
	file := filepath.Join(t.TempDir(), "log.csv")
	if err := os.WriteFile(file, write(log), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			database := engine.URL(t, testdb.Template{Name: "empty"})
			importLog(t, database, file)
			url, token := serveTo(t, database)
			_, answer := post(t, url, token, `{ openings(first: 10) { nodes { id title } } }`)
			var found struct {
				Data struct {
					Openings struct{ Nodes []struct{ ID, Title string } }
				}
			}
			if err := json.Unmarshal([]byte(answer), &found); err != nil || len(found.Data.Openings.Nodes) != 3 {
				t.Fatalf("%v: %s", err, answer)
			}
			ids := map[int]string{-1: ""}
			for _, o := range found.Data.Openings.Nodes {
				ids[int(o.Title[len("Opening ")]-'0')] = o.ID
			}
			for opening, id := range ids {
				for _, asOf := range []string{"2025-10-01T00:00:00Z", "2026-02-15T12:34:56Z", "2026-08-01T00:00:00Z"} {
					only := ""
					if id != "" {
						only = fmt.Sprintf("openingIds: [%q]", id)
					}
					_, answer := post(t, url, token, fmt.Sprintf(`{ funnel(filterBy: {from: "2025-08-01", to: "2026-05-01" %s}, view: {asOf: %q, knownAt: %q}) {
						total { applications rows { stage { kind } entered actualEntered passed rejected withdrawn active reentries }
							stageTimes { stage { kind } completed stillIn medianDays p90Days } } } }`, only, asOf, time.Now().UTC().Format(time.RFC3339Nano)))
					var got struct {
						Errors []any
						Data   struct {
							Funnel struct {
								Total struct {
									Applications     int
									Rows, StageTimes []row
								}
							}
						}
					}
					if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Errors != nil {
						t.Fatalf("%v: %s", err, answer)
					}
					total := got.Data.Funnel.Total
					for i, times := range total.StageTimes {
						r := &total.Rows[i]
						r.Completed, r.StillIn, r.MedianDays, r.P90Days = times.Completed, times.StillIn, times.MedianDays, times.P90Days
					}
					at, _ := time.Parse(time.RFC3339, asOf)
					applications, rows := countedByHand(log, opening, time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), at)
					if applications < 100 || total.Applications != applications {
						t.Errorf("opening %d as of %s: %d applications, by hand %d", opening, asOf, total.Applications, applications)
					}
					if diff := cmp.Diff(rows, total.Rows); diff != "" {
						t.Errorf("opening %d as of %s: -by hand +counted\n%s", opening, asOf, diff)
					}
				}
			}
		})
	}
}

// importLog imports a file by the command.
func importLog(t *testing.T, database, file string) {
	t.Helper()
	var out, errors bytes.Buffer
	if code := run(t.Context(), []string{"import", "event-log", file, "--database-url", database}, &out, &errors); code != 0 {
		t.Fatalf("exit code %d:\n%s%s", code, out.String(), errors.String())
	}
}

// serveTo serves a database to an administrator.
func serveTo(t *testing.T, database string) (url, token string) {
	t.Helper()
	a, err := openApp(t.Context(), database, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.store.Close() })
	issued, err := a.hiring.Enrol(t.Context(), hiring.EnrolInput{
		Email: "a@example.com", Name: "A", Roles: []access.Role{access.Admin}, ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	handler, err := (&service{
		app: a, entrance: entrance{hiring: a.hiring, providers: &oidc.Verifier{}, logger: logger}, logger: logger, telemetry: unwatched(t),
	}).handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/graphql", issued.Token
}
