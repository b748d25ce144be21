package funnel_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

// activity is what went on in a period.
func (c firm) activity(m funnel.Moment, byKind bool, from, to time.Time) funnel.Activity {
	within := func(at time.Time) bool { return !at.Before(from) && at.Before(to) }
	ends := func(v visit) bool { return v.how != "" && within(v.left) }
	// Who comes or goes at the boundary does so after it.
	there := func(v visit, at time.Time) bool { return v.entered.Before(at) && (v.how == "" || !v.left.Before(at)) }
	all := c.tell(m, byKind)
	var visits []visit
	for _, a := range all {
		visits = append(visits, a.visits...)
	}
	touched := func(v visit) bool { return within(v.entered) || ends(v) }
	out := funnel.Activity{
		Applied:  count(all, func(a told) bool { return within(a.visits[0].entered) }),
		Visits:   count(visits, touched),
		Inferred: count(visits, func(v visit) bool { return touched(v) && v.inferred }),
	}
	for _, o := range c[:1] {
		out.Hires = count(visits, func(v visit) bool { return v.stage == o.hiredStage(byKind) && within(v.entered) })
	}
	for _, s := range c.stages(byKind) {
		of := func(holds func(visit) bool) int {
			return count(visits, func(v visit) bool { return v.stage == s && holds(v) })
		}
		ended := func(how string) int { return of(func(v visit) bool { return ends(v) && v.how == how }) }
		out.Rows = append(out.Rows, funnel.ActivityRow{
			Stage:      s,
			StockStart: of(func(v visit) bool { return there(v, from) }),
			Entries:    of(func(v visit) bool { return within(v.entered) }),
			Advanced:   ended(advances), MovedBack: ended(goesBack), Rejected: ended(declined), Withdrawn: ended(leaves),
			StockEnd: of(func(v visit) bool { return there(v, to) }),
		})
	}
	return out
}

func TestActivityIsCountedByItsDefinition(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		got := funnel.CountActivity(c.selects(t, m, byKind, bounds))
		if len(got) != len(bounds)-1 {
			t.Fatalf("activity of %d in %d periods", len(got), len(bounds)-1)
		}
		for period, from := range bounds[:len(bounds)-1] {
			want := c.activity(m, byKind, from, bounds[period+1])
			want.Period = period
			if diff := cmp.Diff(want, got[period]); diff != "" {
				t.Fatalf("period %d: %s", period, diff)
			}
		}
	})
}

// Who is there at the end of a period is there at the beginning of the next, and
// what went on in a time is what went on in its parts.
func TestPeriodsAddUp(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		parts := funnel.CountActivity(c.selects(t, m, byKind, bounds))
		whole := funnel.CountActivity(c.selects(t, m, byKind, []time.Time{bounds[0], bounds[len(bounds)-1]}))[0]
		for i, want := range whole.Rows {
			sum := parts[0].Rows[i]
			for p, part := range parts[1:] {
				r := part.Rows[i]
				if before := parts[p].Rows[i].StockEnd; r.StockStart != before {
					t.Fatalf("stage %d: %d there when a period begins, %d when the one before ended", r.Stage, r.StockStart, before)
				}
				sum.Entries += r.Entries
				sum.Advanced += r.Advanced
				sum.MovedBack += r.MovedBack
				sum.Rejected += r.Rejected
				sum.Withdrawn += r.Withdrawn
				sum.StockEnd = r.StockEnd
			}
			if diff := cmp.Diff(want, sum); diff != "" {
				t.Fatalf("stage %d: %s", want.Stage, diff)
			}
		}
		applied, hires := 0, 0
		for _, part := range parts {
			applied, hires = applied+part.Applied, hires+part.Hires
		}
		if applied != whole.Applied || hires != whole.Hires {
			t.Fatalf("%d applied and %d hires in the parts, %d and %d in all", applied, hires, whole.Applied, whole.Hires)
		}
	})
}

// Whoever is there at the end of a period is counted where they are at the moment
// before.
func TestStockIsWhoIsThere(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m, bounds := drawFirm(t, byKind), drawMoment(t), drawBoundaries(t)
		m.At = hour(lastHour)
		for p, period := range funnel.CountActivity(c.selects(t, m, byKind, bounds)) {
			at := funnel.Moment{At: bounds[p+1].Add(-time.Microsecond), Known: m.Known}
			stock := funnel.CountStock(c.selects(t, at, byKind, nil))[0]
			want := map[int]int{}
			for _, r := range period.Rows {
				if r.Stage != c[0].hiredStage(byKind) {
					want[r.Stage] = r.StockEnd
				}
			}
			got, active := map[int]int{}, 0
			for _, r := range stock.Rows {
				got[r.Stage] = r.Active
				active += r.Active
			}
			if diff := cmp.Diff(want, got); diff != "" || active != stock.Active {
				t.Fatalf("at the end of period %d, of %d active: %s", p, stock.Active, diff)
			}
		}
	})
}

func TestStockIsCountedByItsDefinition(t *testing.T) {
	eachWayOfCounting(t, func(t *rapid.T, byKind bool) {
		c, m := drawFirm(t, byKind), drawMoment(t)
		var active []told
		for _, a := range c.tell(m, byKind) {
			if a.status == funnel.StatusActive {
				active = append(active, a)
			}
		}
		want := funnel.Stock{
			Active: len(active), Visits: len(active),
			Inferred: count(active, func(a told) bool { return a.visits[len(a.visits)-1].inferred }),
		}
		for _, s := range c.stages(byKind) {
			if s != c[0].hiredStage(byKind) {
				want.Rows = append(want.Rows, funnel.StockRow{Stage: s, Active: count(active, func(a told) bool { return a.last() == s })})
			}
		}
		if diff := cmp.Diff(want, funnel.CountStock(c.selects(t, m, byKind, nil))[0]); diff != "" {
			t.Fatal(diff)
		}
	})
}
