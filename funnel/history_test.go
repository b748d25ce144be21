package funnel_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// The stages of these tests: 0 applied, 1 screen, 2 onsite, 3 offer, 4 hired.
const hired = 4

func day(n int) time.Time { return time.Date(2026, 1, 1+n, 9, 0, 0, 0, time.UTC) }

func enter(stage, at int) funnel.Event {
	return funnel.Event{Kind: funnel.Enter, Stage: stage, At: day(at)}
}

func reopen(stage, at int) funnel.Event {
	return funnel.Event{Kind: funnel.Reopen, Stage: stage, At: day(at)}
}

func reject(at int) funnel.Event { return funnel.Event{Kind: funnel.Reject, At: day(at)} }

func withdraw(at int) funnel.Event { return funnel.Event{Kind: funnel.Withdraw, At: day(at)} }

// tell writes a history in one line: "0[0-3 ADVANCED] 2[3-… skipped 1] ACTIVE".
func tell(h funnel.History) string {
	var s string
	for _, v := range h.Visits {
		end := "…"
		if !v.ExitedAt.IsZero() {
			end = fmt.Sprintf("%d %s", int(v.ExitedAt.Sub(day(0)).Hours()/24), v.Outcome)
		}
		skipped := ""
		if len(v.Skipped) > 0 {
			skipped = fmt.Sprintf(" skipped %v", v.Skipped)
		}
		s += fmt.Sprintf("%d[%d-%s%s] ", v.Stage, int(v.EnteredAt.Sub(day(0)).Hours()/24), end, skipped)
	}
	return s + string(h.Status)
}

func TestReplay(t *testing.T) {
	for rule, c := range map[string]struct {
		events []funnel.Event
		want   string
	}{
		"an application waits where it entered":           {[]funnel.Event{enter(0, 0)}, "0[0-…] ACTIVE"},
		"a sourced one may begin later, skipping nothing": {[]funnel.Event{enter(1, 0)}, "1[0-…] ACTIVE"},
		"a jump records what it skipped":                  {[]funnel.Event{enter(0, 0), enter(2, 3)}, "0[0-3 ADVANCED] 2[3-… skipped [1]] ACTIVE"},
		"moving back ends a visit":                        {[]funnel.Event{enter(2, 0), enter(1, 2)}, "2[0-2 MOVED_BACK] 1[2-…] ACTIVE"},
		"a rejection ends it":                             {[]funnel.Event{enter(0, 0), reject(1)}, "0[0-1 REJECTED] REJECTED"},
		"a withdrawal ends it":                            {[]funnel.Event{enter(0, 0), withdraw(1)}, "0[0-1 WITHDRAWN] WITHDRAWN"},
		"reopening starts a new visit and skips nothing":  {[]funnel.Event{enter(0, 0), reject(1), reopen(2, 5)}, "0[0-1 REJECTED] 2[5-…] ACTIVE"},
		"entering the last stage hires":                   {[]funnel.Event{enter(3, 0), enter(4, 2)}, "3[0-2 HIRED] 4[2-…] HIRED"},
		"a hire can come undone":                          {[]funnel.Event{enter(3, 0), enter(4, 2), reopen(3, 4)}, "3[0-2 HIRED] 4[2-4 MOVED_BACK] 3[4-…] ACTIVE"},
		"two events of one instant keep their order":      {[]funnel.Event{enter(0, 0), enter(1, 0)}, "0[0-0 ADVANCED] 1[0-…] ACTIVE"},
		"a rejected one may be reopened where it ended":   {[]funnel.Event{enter(1, 0), reject(1), reopen(1, 2)}, "1[0-1 REJECTED] 1[2-…] ACTIVE"},
	} {
		t.Run(rule, func(t *testing.T) {
			got, err := funnel.Replay(c.events, hired)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, tell(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReplayRefusesWhatCannotHaveHappened(t *testing.T) {
	for rule, events := range map[string][]funnel.Event{
		"nothing is no history":                   {},
		"it does not begin with an end":           {reject(0)},
		"it does not begin with reopening":        {reopen(0, 0)},
		"an ended application does not advance":   {enter(0, 0), reject(1), enter(1, 2)},
		"an ended application does not end again": {enter(0, 0), withdraw(1), reject(2)},
		"an active application is not reopened":   {enter(0, 0), reopen(1, 1)},
		"a hired application is not rejected":     {enter(3, 0), enter(4, 1), reject(2)},
		"a stage is not entered from itself":      {enter(1, 0), enter(1, 1)},
	} {
		t.Run(rule, func(t *testing.T) {
			_, err := funnel.Replay(events, hired)
			var impossible *funnel.ImpossibleError
			if !errors.As(err, &impossible) {
				t.Errorf("Replay(%v) = %v, want an ImpossibleError", events, err)
			}
		})
	}
}

func TestCorrected(t *testing.T) {
	log := []funnel.Entry{
		{Sequence: 1, Event: enter(0, 0)},
		{Sequence: 2, Event: enter(2, 3)},
		{Sequence: 3, Event: reject(5)},
		{Sequence: 4, Corrects: 2, Event: enter(1, 2)}, // it was the screen, a day earlier
		{Sequence: 5, Corrects: 3, Void: true},         // nobody was rejected
		{Sequence: 6, Corrects: 4, Event: enter(1, 1)}, // two days earlier, rather
		{Sequence: 7, Event: enter(2, 6)},
	}
	want := []funnel.Event{enter(0, 0), enter(1, 1), enter(2, 6)}
	if diff := cmp.Diff(want, funnel.Corrected(log)); diff != "" {
		t.Error(diff)
	}
}

// Visits tile the time from the first event to the end: no gap while active, no
// overlap, one open visit exactly when the application is active or hired.
func TestVisitsTileTheHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, events := 0, []funnel.Event{enter(rapid.IntRange(0, 3).Draw(t, "first"), 0)}
		for range rapid.IntRange(0, 20).Draw(t, "length") {
			h, err := funnel.Replay(events, hired)
			if err != nil {
				t.Fatal(err)
			}
			at += rapid.IntRange(0, 9).Draw(t, "days")
			if h.Status != funnel.StatusActive {
				events = append(events, reopen(rapid.IntRange(0, 3).Draw(t, "stage"), at))
				continue
			}
			next := []funnel.Event{reject(at), withdraw(at)}
			for s := range hired + 1 {
				if s != h.Stage {
					next = append(next, enter(s, at))
				}
			}
			events = append(events, rapid.SampledFrom(next).Draw(t, "next"))
		}
		h, err := funnel.Replay(events, hired)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range h.Visits {
			open := v.ExitedAt.IsZero()
			last := i == len(h.Visits)-1
			if open != (last && (h.Status == funnel.StatusActive || h.Status == funnel.StatusHired)) {
				t.Fatalf("visit %d of %s is open: %t", i, tell(h), open)
			}
			if !open && v.ExitedAt.Before(v.EnteredAt) {
				t.Fatalf("visit %d of %s ends before it begins", i, tell(h))
			}
			if !last && h.Visits[i+1].EnteredAt.Before(v.ExitedAt) {
				t.Fatalf("visits %d and %d of %s overlap", i, i+1, tell(h))
			}
		}
	})
}
