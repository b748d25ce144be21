package demo_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"hireloop/demo"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// text is a value that one engine hands out as text and the other as bytes.
func text(value any) string {
	if b, ok := value.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(value)
}

// About seven in ten answer, some of them not everything, at the time at which
// they applied; who applies again says the same again.
func TestDemographicsAreBelievable(t *testing.T) {
	testdb.EachFrom(t, populated(), func(t *testing.T, d *store.DB) {
		applications, answering, answers, declined := 0, map[string]bool{}, 0, 0
		scan(t, d, `SELECT count(*) AS n FROM applications`, func(row map[string]any) { applications = int(row["n"].(int64)) })
		says := map[[2]string]string{} // candidate and attribute → answer
		again := 0
		scan(t, d, `SELECT a.id, a.candidate_id, a.created_at, x.attribute, x.answer, x.recorded_at
			FROM demographic_answers x JOIN applications a ON a.id = x.application_id`, func(row map[string]any) {
			answers++
			answering[text(row["id"])] = true
			created, recorded := row["created_at"].(time.Time), row["recorded_at"].(time.Time)
			if recorded.Before(created) || recorded.After(created.Add(time.Hour)) || recorded.After(end) {
				t.Errorf("answered %s, applied %s", recorded, created)
			}
			if row["answer"] == nil {
				declined++
				return
			}
			key, answer := [2]string{text(row["candidate_id"]), text(row["attribute"])}, text(row["answer"])
			if before, said := says[key]; said {
				again++
				if before != answer {
					t.Errorf("somebody says %q and %q", before, answer)
				}
			}
			says[key] = answer
		})
		if share := float64(len(answering)) / float64(applications); math.Abs(share-.72) > .06 {
			t.Errorf("%.2f of %d applications answer, want about 0.72", share, applications)
		}
		if share := float64(declined) / float64(answers); math.Abs(share-.05) > .02 || answers != 5*len(answering) {
			t.Errorf("%.3f of %d answers decline, want about 0.05", share, answers)
		}
		if again == 0 {
			t.Error("nobody applies again")
		}
		scan(t, d, `SELECT count(*) AS n FROM demographic_answers WHERE application_id NOT IN (SELECT id FROM applications)`, func(row map[string]any) {
			if row["n"].(int64) != 0 {
				t.Errorf("%v answers are of no application", row["n"])
			}
		})
	})
}

// What people say of themselves has to do with nothing that happens to them: in
// a large world, groups get on alike.
func TestDemographicsMakeNoDifference(t *testing.T) {
	d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
	if _, err := demo.Load(context.Background(), d, demo.Options{Applications: 12_000}); err != nil {
		t.Fatal(err)
	}
	type group struct{ attribute, answer string }
	total, further := map[group]float64{}, map[group]float64{}
	all, got := 0., 0.
	scan(t, d, `SELECT x.attribute, x.answer, count(*) AS n, sum(CASE WHEN (SELECT max(s.position) FROM visits v JOIN stages s ON s.id = v.stage_id
		WHERE v.application_id = x.application_id) > 0 THEN 1 ELSE 0 END) AS further
		FROM demographic_answers x WHERE x.answer IS NOT NULL GROUP BY x.attribute, x.answer`, func(row map[string]any) {
		g := group{text(row["attribute"]), text(row["answer"])}
		total[g], further[g] = float64(row["n"].(int64)), float64(row["further"].(int64))
		all, got = all+total[g], got+further[g]
	})
	large := 0
	for g, n := range total {
		if n < 200 {
			continue
		}
		large++
		rate := got / all
		if sd := math.Sqrt(rate * (1 - rate) / n); math.Abs(further[g]/n-rate) > 4*sd {
			t.Errorf("of %v %v, %.3f get beyond the beginning, of all %.3f: more than 4 standard errors (%.3f) apart", g.attribute, g.answer, further[g]/n, rate, sd)
		}
	}
	if large < 12 || got == 0 || got == all {
		t.Errorf("%d groups are large; %g of %g get beyond the beginning", large, got, all)
	}
}
