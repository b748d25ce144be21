package bench

import (
	"context"
	"database/sql"
	"fmt"
)

// funnelStatement is the company-wide cohort funnel by kind of stage, with
// Kaplan–Meier medians and p90, in one statement: islands of visits to stages of
// one kind become one visit; furthest and last stages are counted per
// application; survival is a running product over distinct durations.
const funnelStatement = `
WITH k(kind, rank) AS (VALUES ('LEAD',0),('APPLIED',1),('SCREEN',2),('INTERVIEW',3),('OFFER',4),('HIRED',5)),
v AS MATERIALIZED (
  SELECT x.application_id, x.sequence, k.rank, x.entered_at, x.exited_at, x.outcome, a.status,
    CASE WHEN lag(k.rank) OVER w = k.rank AND lag(x.outcome) OVER w IN ('ADVANCED','MOVED_BACK') THEN 0 ELSE 1 END AS begins
  FROM visits x JOIN stages s ON s.id = x.stage_id JOIN k ON k.kind = s.kind
  JOIN applications a ON a.id = x.application_id
  WHERE a.applied_at >= '2021-07-02' AND a.applied_at < '2026-07-01' AND a.opening_id NOT IN (
    SELECT id FROM openings WHERE is_confidential AND id NOT IN (SELECT opening_id FROM hiring_team_members WHERE member_id = $2))
  WINDOW w AS (PARTITION BY x.application_id ORDER BY x.sequence)),
n AS (SELECT v.*, sum(begins) OVER (PARTITION BY application_id ORDER BY sequence) AS island FROM v),
m AS MATERIALIZED (
  SELECT application_id, rank, status, min(entered_at) AS entered_at,
    CASE WHEN bool_or(exited_at IS NULL) THEN NULL ELSE max(exited_at) END AS exited_at
  FROM n GROUP BY application_id, island, rank, status),
f AS (SELECT application_id, status, max(rank) AS furthest FROM m GROUP BY application_id, status),
h AS (SELECT furthest AS rank, count(*) AS here,
    count(*) FILTER (WHERE status = 'REJECTED') AS rejected, count(*) FILTER (WHERE status = 'WITHDRAWN') AS withdrawn,
    count(*) FILTER (WHERE status = 'ACTIVE') AS active FROM f GROUP BY furthest),
g AS (SELECT rank, count(DISTINCT application_id) AS visited, count(*) AS visits,
    count(exited_at) AS completed, count(*) - count(exited_at) AS still_in FROM m GROUP BY rank),
d AS (SELECT rank, floor(extract(epoch FROM coalesce(exited_at, $1) - entered_at)) AS seconds, count(exited_at) AS left_, count(*) AS all_
  FROM m WHERE rank < 5 GROUP BY 1, 2),
r AS (SELECT rank, seconds, left_, sum(all_) OVER (PARTITION BY rank ORDER BY seconds DESC) AS at_risk FROM d),
s AS (SELECT rank, seconds, left_,
    exp(sum(CASE WHEN left_ = at_risk THEN -700 ELSE ln(1 - left_ / at_risk::float8) END) OVER (PARTITION BY rank ORDER BY seconds)) AS remaining FROM r),
q AS (SELECT rank, min(seconds) FILTER (WHERE remaining <= 0.5 + 1e-9 AND left_ > 0) / 86400 AS median,
    min(seconds) FILTER (WHERE remaining <= 0.1 + 1e-9 AND left_ > 0) / 86400 AS p90 FROM s GROUP BY rank)
SELECT k.kind, sum(h.here) OVER (ORDER BY k.rank DESC), g.visited, sum(h.here) OVER (ORDER BY k.rank DESC) - h.here,
  h.rejected, h.withdrawn, h.active, g.visits - g.visited,
  CASE WHEN k.rank < 5 THEN g.completed ELSE 0 END, CASE WHEN k.rank < 5 THEN g.still_in ELSE 0 END, q.median, q.p90
FROM k JOIN g USING (rank) JOIN h USING (rank) LEFT JOIN q USING (rank)`

// funnel runs the statement.
func (h *handwritten) funnel(ctx context.Context) map[string]funnelRow {
	rows := h.query(ctx, funnelStatement, h.now, h.viewer)
	defer rows.Close()
	out := map[string]funnelRow{}
	for rows.Next() {
		var kind string
		var r funnelRow
		var median, p90 sql.NullFloat64
		if err := rows.Scan(&kind, &r.Entered, &r.ActualEntered, &r.Passed, &r.Rejected, &r.Withdrawn, &r.Active, &r.Reentries,
			&r.Completed, &r.StillIn, &median, &p90); err != nil {
			panic(err)
		}
		r.Median, r.P90 = "none", "none"
		if median.Valid {
			r.Median = fmt.Sprintf("%.3f", median.Float64)
		}
		if p90.Valid {
			r.P90 = fmt.Sprintf("%.3f", p90.Float64)
		}
		out[kind] = r
	}
	if err := rows.Err(); err != nil {
		panic(err)
	}
	return out
}
