package bench

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// company is a large company's histories: n applications with 3.1 visits each, 200 to an
// opening, over five years; 8 in 100 of those that got stuck still wait. What
// dashboards do not read is left bare: there is one candidate. It gives one opening.
func company(ctx context.Context, d *store.DB, n int) (one gid.ID, err error) {
	ids, random := gid.NewGenerator(func() time.Time { return now }, nil), rand.New(rand.NewPCG(1, 2))
	kinds := []string{"APPLIED", "SCREEN", "SCREEN", "INTERVIEW", "OFFER", "HIRED"}
	err = d.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var failed error
		bulk := func(table string, columns ...string) func(...any) {
			b, err := d.Bulk(ctx, tx, table, columns)
			failed = err
			return func(values ...any) {
				if failed == nil && len(values) == 0 {
					failed = b.Flush()
				} else if failed == nil {
					failed = b.Add(values...)
				}
			}
		}
		openings := bulk("openings", "id", "created_at", "updated_at", "title", "status", "is_confidential", "is_critical", "version", "archetype", "workplace_type", "employment_type", "description")
		stages := bulk("stages", "id", "opening_id", "position", "name", "kind")
		candidates := bulk("candidates", "id", "created_at", "updated_at", "name", "links", "tags", "is_private", "search_text", "version")
		applications := bulk("applications", "id", "created_at", "updated_at", "candidate_id", "opening_id", "stage_id", "status", "applied_at", "stage_entered_at", "last_activity_at", "version")
		events := bulk("stage_events", "id", "application_id", "sequence", "kind", "stage_id", "occurred_at", "recorded_at", "quality")
		visits := bulk("visits", "id", "application_id", "stage_id", "sequence", "entered_at", "exited_at", "outcome", "skipped_stage_ids", "quality")
		candidate := ids.New(gid.Candidate)
		candidates(candidate, now, now, "Everybody", []any{}, []any{}, false, "everybody", 1)
		candidates()
		for left := n; left > 0 && failed == nil; left -= 200 {
			one = ids.New(gid.Opening)
			openings(one, now, now, "Engineering Manager", "OPEN", false, false, 1, "LINE", "REMOTE", "FULL_TIME", "")
			openings()
			of := make([]gid.ID, len(kinds))
			for i, kind := range kinds {
				of[i] = ids.New(gid.Stage)
				stages(of[i], one, i, fmt.Sprint(kind, i), kind)
			}
			stages()
			for range min(left, 200) {
				at := now.AddDate(-5, 0, 2).Add(time.Duration(random.IntN(4*365*24*3600)) * time.Second)
				applied, application, sequence, status := at, ids.New(gid.Application), 0, "ACTIVE"
				event := func(kind string, stage any) {
					sequence++
					events(ids.New(gid.StageEvent), application, sequence, kind, stage, at, at, "RECORDED")
				}
				stage, entered := 0, at
				visit := func(exited, outcome any) {
					visits(ids.New(gid.Visit), application, of[stage], stage+1, entered, exited, outcome, []any{}, "RECORDED")
				}
				type step struct {
					kind     string
					stage    int
					at       time.Time
					outcome  string
					previous int
				}
				var steps []step
				for stage < 5 && random.Float64() < 0.73 {
					at = at.Add(time.Duration(random.ExpFloat64() * float64(6*24*time.Hour))).Truncate(time.Microsecond)
					outcome := "ADVANCED"
					if stage == 4 {
						outcome = "HIRED"
					}
					steps = append(steps, step{"ENTER", stage + 1, at, outcome, stage})
					stage++
				}
				switch {
				case stage == 5:
					status = "HIRED"
				case random.Float64() < 0.92:
					at = at.Add(time.Duration(random.ExpFloat64() * float64(9*24*time.Hour))).Truncate(time.Microsecond)
					steps = append(steps, step{"REJECT", stage, at, "REJECTED", stage})
					status = "REJECTED"
				}
				applications(application, now, now, candidate, one, of[stage], status, applied, applied, at, 1)
				applications()
				at, stage = applied, 0
				event("ENTER", of[0])
				for _, s := range steps {
					at = s.at
					visit(at, s.outcome)
					if s.kind == "ENTER" {
						event(s.kind, of[s.stage])
						stage, entered = s.stage, at
					} else {
						event(s.kind, nil)
					}
				}
				if status != "REJECTED" {
					visit(nil, nil)
				}
			}
		}
		events()
		visits()
		return failed
	})
	return one, err
}
