package hiring_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/interchange"
	"hireloop/interchange/eventlog"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// report is everything that the three views say, as of a moment; nil for now.
func (o *office) report(s *hiring.Service, asOf *time.Time) string {
	o.t.Helper()
	view := &hiring.FunnelView{
		AsOf: asOf, Stages: hiring.ByKind, Skips: funnel.Implied, Reentries: funnel.EachVisit,
		GroupBy: to(hiring.GroupBySource), Interval: to(hiring.Monthly),
	}
	filter := &hiring.FunnelFilter{From: to(dayOf(-30)), To: to(dayOf(400))}
	cohorts, err := s.Funnel(o.as("recruiter"), filter, view, false)
	o.must(err)
	activity, err := s.FunnelActivity(o.as("recruiter"), filter, view)
	o.must(err)
	view.Interval = nil
	snapshot, err := s.FunnelSnapshot(o.as("recruiter"), filter, view)
	o.must(err)
	var lines []string
	put := func(value any) {
		text, err := json.Marshal(value)
		o.must(err)
		lines = append(lines, string(text))
	}
	for _, c := range append(cohorts.Groups(), cohorts.Total()) {
		put(c.Group)
		put(c.Rows())
		for _, st := range c.StageTimes() {
			curve, err := st.Curve(20)
			o.must(err)
			put([]any{st.Stage, st.Completed, st.StillIn, st.MedianDays, st.P90Days, curve})
		}
	}
	for _, a := range append(activity.Groups(), activity.Total()) {
		put(a.Group)
		put(a.Rows())
	}
	for _, st := range append(snapshot.Groups(), snapshot.Total()) {
		put(st.Group)
		put(st.Rows())
	}
	return strings.Join(lines, "\n")
}

// A report of a past day says later what it said on that day, whatever happens,
// is corrected, and is brought in by an import of what happened long ago.
func TestTheReportOfADayStaysWhatItWas(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		rapid.Check(t, func(rt *rapid.T) {
			o.now = dayOf(100)
			o.opening, o.stages = o.newOpening(opening.StatusOPEN, 99)
			s := newService(o.Store, o.now) // the openings of a fixture tell nobody of themselves
			s.Now = o.Now
			told := map[time.Time]string{}
			var all []gid.ID
			for range rapid.IntRange(4, 10).Draw(rt, "days") {
				if len(all) == 0 || rapid.IntRange(0, 2).Draw(rt, "new") == 0 {
					all = append(all, o.apply(rapid.IntRange(0, 3).Draw(rt, "first")).ID)
				}
				for range rapid.IntRange(1, 4).Draw(rt, "verbs") {
					verb, err := o.something(rt, o.application(rapid.SampledFrom(all).Draw(rt, "whose")))
					if err != nil && fault.All(err) == nil {
						rt.Fatalf("%s: %v", verb, err)
					}
				}
				told[o.now] = o.report(s, nil)
				o.now = o.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
			}
			o.importLog(`application_id,candidate,opening,source,at,event,stage
a1,Ada,Old role,Referral,2026-01-02T09:00:00Z,applied,
a1,Ada,Old role,Referral,2026-01-12T09:00:00Z,enter,Interview
a1,Ada,Old role,Referral,2026-02-12T09:00:00Z,hire,
`)
			for day, want := range told {
				if diff := cmp.Diff(want, o.report(s, &day)); diff != "" {
					rt.Fatalf("the report of %s has changed: %s", day, diff)
				}
			}
		})
	})
}

func (o *office) importLog(log string) {
	o.t.Helper()
	_, err := eventlog.Import(o.system(), o.Store, strings.NewReader(log), "log.csv",
		interchange.Options{IDs: o.IDs, Now: o.Now, System: fmt.Sprint("log ", o.now)})
	o.must(err)
}

// While many people move applications, and after a server is started in between,
// every server counts what the database holds.
func TestColumnsFollowAStormOfMoves(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		second, stages := o.newOpening(opening.StatusOPEN, 2)
		var mu sync.Mutex
		openings := []*db.Opening{o.opening, second}
		all := map[gid.ID][]*db.Stage{}
		for i := range 12 {
			at := [][]*db.Stage{o.stages, stages}[i%2]
			all[o.applyFor(openings[i%2], at[0]).ID] = at
		}
		restarted := make(chan *hiring.Service, 1)
		moved := 0
		storm := func(worker int) error {
			quick := "quick"
			random := rand.New(rand.NewPCG(7, uint64(worker)))
			for step := range 12 {
				for id, stages := range all {
					a := o.application(id)
					var err error
					switch to := stages[random.IntN(4)]; {
					case random.IntN(4) == 0 && a.Status == application.StatusACTIVE:
						_, err = o.WithdrawApplication(o.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: id, ExpectedVersion: a.Version})
					case a.Status != application.StatusACTIVE:
						_, err = o.ReopenApplication(o.as("recruiter"), hiring.ReopenApplicationInput{ApplicationID: id, ExpectedVersion: a.Version, ToStageID: &to.ID, Reason: "again"})
					default:
						_, err = o.AdvanceApplication(o.as("recruiter"), hiring.AdvanceApplicationInput{ApplicationID: id, ExpectedVersion: a.Version, ToStageID: &to.ID, SkipReason: &quick})
					}
					if err != nil && fault.All(err) == nil {
						return err
					}
					if err == nil {
						mu.Lock()
						moved++
						mu.Unlock()
						break
					}
				}
				if _, err := o.FunnelSnapshot(o.as("recruiter"), nil, nil); err != nil {
					return err
				}
				if worker == 0 && step == 6 {
					s := newService(o.Store, o.now)
					if _, err := s.LoadPipelines(o.system()); err != nil {
						return err
					}
					restarted <- s
				}
			}
			return nil
		}
		for _, err := range atOnce(times(6, storm)...) {
			o.must(err)
		}
		if moved < 30 {
			t.Errorf("only %d moves: no storm", moved)
		}
		want := o.report(newService(o.Store, o.now), nil)
		for name, s := range map[string]*hiring.Service{"the first server": o.Service, "the one started in between": <-restarted} {
			if diff := cmp.Diff(want, o.report(s, nil)); diff != "" {
				t.Errorf("%s counts otherwise than a fresh one: %s", name, diff)
			}
		}
		snapshot, err := o.FunnelSnapshot(o.as("recruiter"), nil, nil)
		o.must(err)
		counts, err := o.StageCounts(o.as("recruiter"), []gid.ID{o.opening.ID, second.ID})
		o.must(err)
		stored := map[string]int{}
		for _, of := range counts {
			for _, c := range of {
				stored[string(c.Stage.Kind)] += c.Active
			}
		}
		for _, row := range snapshot.Total().Rows() {
			if kind := string(row.Stage.Kind); row.Active != stored[kind] {
				t.Errorf("%s: %d active counted, %d stored", kind, row.Active, stored[kind])
			}
		}
	})
}
