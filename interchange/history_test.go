package interchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/funnel"
)

func day(n int) time.Time { return time.Date(2025, 1, n, 9, 0, 0, 0, time.UTC) }

// The stages of these tests: 0 applied, 1 screen, 2 onsite, 3 offer, 4 hired.
const lastStage = 4

func in(stage, onDay int) mark    { return mark{kind: funnel.Enter, stage: stage, at: day(onDay)} }
func again(stage, onDay int) mark { return mark{kind: funnel.Reopen, stage: stage, at: day(onDay)} }
func rejected(onDay int) mark     { return mark{kind: funnel.Reject, stage: -1, at: day(onDay)} }
func withdrawn(onDay int) mark    { return mark{kind: funnel.Withdraw, stage: -1, at: day(onDay)} }
func known(status funnel.Status) facts {
	return facts{applied: day(1), last: day(20), status: status, stage: -1, hired: lastStage}
}

// shown is a history in short: "in 0 d1; in 1 d3?; out d5", inferred with "?".
func shown(t *told) string {
	var parts []string
	for _, e := range t.events {
		what := map[funnel.EventKind]string{funnel.Enter: "in", funnel.Reopen: "again", funnel.Reject: "rejected", funnel.Withdraw: "withdrawn"}[e.Kind]
		if e.Kind == funnel.Enter || e.Kind == funnel.Reopen {
			what = fmt.Sprintf("%s %d", what, e.Stage)
		}
		what = fmt.Sprintf("%s d%d", what, e.At.Day())
		if e.Quality == funnel.Inferred {
			what += "?"
		}
		parts = append(parts, what)
	}
	return strings.Join(parts, "; ")
}

func TestTellMakesAPossibleHistory(t *testing.T) {
	at := func(f facts, stage, ended int) facts {
		f.stage = stage
		if ended > 0 {
			f.ended = day(ended)
		}
		return f
	}
	for _, c := range []struct {
		rule  string
		facts facts
		marks []mark
		want  string
	}{
		{"recorded as it was", known("ACTIVE"), []mark{in(0, 1), in(1, 3), in(2, 5)}, "in 0 d1; in 1 d3; in 2 d5"},
		{"in whatever order it is given", known("ACTIVE"), []mark{in(2, 5), in(0, 1), in(1, 3)}, "in 0 d1; in 1 d3; in 2 d5"},
		{"the row about applying happened when they applied", known("ACTIVE"), []mark{in(0, 2)}, "in 0 d1"},
		{"nothing recorded, and active", known("ACTIVE"), nil, "in 0 d1?"},
		{"the beginning is missing", known("ACTIVE"), []mark{in(2, 5)}, "in 0 d1?; in 2 d5"},
		{"the present stage is missing", at(known("ACTIVE"), 2, 0), []mark{in(0, 1), in(1, 3)}, "in 0 d1; in 1 d3; in 2 d20?"},
		{"the end is missing", at(known("REJECTED"), 1, 8), []mark{in(0, 1), in(1, 3)}, "in 0 d1; in 1 d3; rejected d8?"},
		{"all but the end is missing", at(known("REJECTED"), 2, 8), nil, "in 0 d1?; in 2 d8?; rejected d8?"},
		{"the candidate's end is missing", at(known("WITHDRAWN"), -1, 8), []mark{in(0, 1)}, "in 0 d1; withdrawn d8?"},
		{"the hire is missing", at(known("HIRED"), 3, 0), []mark{in(0, 1), in(3, 9)}, "in 0 d1; in 3 d9; in 4 d20?"},
		{"ended before the last move", at(known("REJECTED"), -1, 2), []mark{in(0, 1), in(1, 5)}, "in 0 d1; in 1 d5; rejected d5?"},
		{"the same stage again is no move", known("ACTIVE"), []mark{in(0, 1), in(1, 3), in(1, 4)}, "in 0 d1; in 1 d3"},
		{"rejected twice is rejected once", known("REJECTED"), []mark{in(0, 1), rejected(3), rejected(4)}, "in 0 d1; rejected d3"},
		{"a move after the end reopens", known("ACTIVE"), []mark{in(0, 1), rejected(3), in(1, 4)}, "in 0 d1; rejected d3; again 1 d4"},
		{"reopened where it was", known("ACTIVE"), []mark{in(0, 1), in(1, 2), withdrawn(3), again(-1, 4)}, "in 0 d1; in 1 d2; withdrawn d3; again 1 d4"},
		{"reopened, but nobody recorded it", known("ACTIVE"), []mark{in(0, 1), rejected(3)}, "in 0 d1; rejected d3; again 0 d20?"},
		{"rejected after a hire", known("REJECTED"), []mark{in(0, 1), in(4, 3), rejected(5)}, "in 0 d1; in 4 d3; again 0 d5?; rejected d5"},
		{"hired after a rejection", known("HIRED"), []mark{in(0, 1), rejected(2), in(4, 3)}, "in 0 d1; rejected d2; again 4 d3"},
		{"an end without a beginning", known("REJECTED"), []mark{rejected(5)}, "in 0 d1?; rejected d5"},
		{"when they applied is unknown", facts{stage: -1, hired: lastStage}, []mark{in(1, 3), rejected(5)}, "in 1 d3; rejected d5"},
		{"where it stands is unknown", facts{applied: day(1), last: day(9), stage: 2, hired: lastStage}, nil, "in 0 d1?; in 2 d9?"},
		{"only that it existed is known", facts{known: day(7), stage: -1, hired: lastStage}, nil, "in 0 d7?"},
	} {
		got, ok := tell(c.facts, c.marks)
		if !ok {
			t.Errorf("%s: not told", c.rule)
			continue
		}
		if shown(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule, shown(got), c.want)
		}
	}
	if _, ok := tell(facts{stage: -1, hired: lastStage}, nil); ok {
		t.Error("an application of which not even a time is known was told")
	}
}

func drawMarks(t *rapid.T) []mark {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) mark {
		m := mark{
			kind:  rapid.SampledFrom([]funnel.EventKind{funnel.Enter, funnel.Reopen, funnel.Reject, funnel.Withdraw}).Draw(t, "kind"),
			stage: rapid.IntRange(0, lastStage).Draw(t, "stage"), at: day(rapid.IntRange(1, 9).Draw(t, "day")), order: rapid.IntRange(0, 3).Draw(t, "order"),
		}
		if m.kind != funnel.Enter && rapid.Bool().Draw(t, "no stage") || m.kind == funnel.Reject || m.kind == funnel.Withdraw {
			m.stage = -1
		}
		return m
	}), 0, 8).Draw(t, "marks")
}

func drawFacts(t *rapid.T) facts {
	when := func(name string) time.Time {
		if n := rapid.IntRange(0, 9).Draw(t, name); n > 0 {
			return day(n)
		}
		return time.Time{}
	}
	return facts{
		applied: when("applied"), ended: when("ended"), last: when("last"), known: day(1), hired: lastStage,
		stage:  rapid.IntRange(-1, lastStage).Draw(t, "stage"),
		status: rapid.SampledFrom([]funnel.Status{"", "ACTIVE", "REJECTED", "WITHDRAWN", "HIRED"}).Draw(t, "status"),
	}
}

func TestWhateverIsRecordedTheHistoryIsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, marks := drawFacts(t), drawMarks(t)
		got, ok := tell(f, marks)
		if !ok {
			t.Fatal("not told")
		}
		h, err := funnel.Replay(got.events, f.hired)
		if err != nil {
			t.Fatalf("%s: %v", shown(got), err)
		}
		if !slices.IsSortedFunc(got.events, func(a, b funnel.Event) int { return a.At.Compare(b.At) }) {
			t.Fatalf("%s: not in order", shown(got))
		}
		ended := func(s funnel.Status) bool { return s == funnel.StatusRejected || s == funnel.StatusWithdrawn }
		if f.status != "" && h.Status != f.status && !(ended(h.Status) && ended(f.status)) {
			t.Fatalf("%s: it is %s, want %s", shown(got), h.Status, f.status)
		}
		for i := range marks {
			dropped := slices.ContainsFunc(got.remarks, func(r remark) bool { return r.mark == i && r.outcome == Skipped })
			if got.of[i] < 0 != dropped {
				t.Fatalf("mark %d: event %d, reported as left out: %v", i, got.of[i], dropped)
			}
		}
	})
}

// TestTellingAgainChangesNothing tells a history, then once more with what it
// recorded beside the same marks, as a second import does.
func TestTellingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, marks := drawFacts(t), drawMarks(t)
		first, _ := tell(f, marks)
		var log []entry
		for i, e := range first.events {
			log = append(log, entry{Entry: funnel.Entry{Event: e, Sequence: i + 1}})
		}
		d := &dossier{Application: &Application{}, live: corrected(log)}
		all := slices.Clone(marks)
		for _, m := range d.union() {
			if !slices.ContainsFunc(all, m.same) {
				all = append(all, m)
			}
		}
		d.told, _ = tell(f, all)
		d.adopt()
		for i, e := range d.told.events {
			if len(d.told.events) != len(log) || !sameEvent(e, log[i].Event) {
				t.Fatalf("first %s\nthen  %s", shown(first), shown(d.told))
			}
		}
	})
}
