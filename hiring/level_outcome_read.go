package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/ent/db/application"
	"hireloop/ent/db/loop"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/relay"
)

// decisionRow is the last decision for good about an application, with the levels
// that are known of it.
type decisionRow struct {
	application gid.ID
	at          time.Time
	assessed    string // the key of the level of the fit that was frozen with it; "" for none
	level       *gid.ID
	loop        *gid.ID

	loopTarget, applied, openingTarget *gid.ID
}

// decisions reads the last decision for good about each application that is
// counted, but those on loops that do not show their cards yet.
func (f *hireFacts) decisions(ctx context.Context, s *Service) (map[gid.ID]decisionRow, error) {
	hidden, err := s.DB.Loop.Query().
		Where(loop.HasApplicationWith(relay.IDs(application.FieldOpeningID, f.openings)), loop.HasDecisions(), access.Concealing()).
		IDs(access.System(ctx)) // the rule is in the condition
	if err != nil {
		return nil, err
	}
	concealed := make(map[gid.ID]bool, len(hidden))
	for _, id := range hidden {
		concealed[id] = true
	}
	assessed := `json_extract(CAST(d.level_fit AS TEXT), '$.level')`
	if f.reader.Dialect() == dialect.Postgres {
		assessed = `d.level_fit ->> 'level'`
	}
	last := map[gid.ID]decisionRow{}
	err = store.Query(access.System(ctx), f.reader.SQL(), `SELECT d.application_id, d.decided_at, coalesce(`+assessed+`, ''), d.level_id, d.loop_id,
		l.target_level_id, a.applied_level_id, o.target_level_id
		FROM decisions d JOIN applications a ON a.id = d.application_id JOIN openings o ON o.id = a.opening_id
		LEFT JOIN loops l ON l.id = d.loop_id
		WHERE `+f.reader.AmongIDs("a.opening_id", 1)+` AND d.kind IN ('HIRE', 'NO_HIRE') AND d.created_at <= $2 AND d.decided_at <= $3
		ORDER BY d.decided_at, d.id`, f.reader.IDs(f.openings), f.known.UTC(), f.until.UTC()).Each(func(row store.Row) error {
		var d decisionRow
		err := row.Scan(&d.application, &d.at, &d.assessed, &d.level, &d.loop, &d.loopTarget, &d.applied, &d.openingTarget)
		last[d.application] = d
		return err
	})
	for id, d := range last {
		if d.loop != nil && concealed[*d.loop] {
			delete(last, id)
		}
	}
	return last, err
}

// decided is an application that was decided on for good, with its levels.
type decided struct {
	passage
	at     time.Time
	levels funnel.LevelOutcome
}

// decided are the applications of a selection about which there is a decision.
func (f *hireFacts) decided(s funnel.Selection, rows map[gid.ID]decisionRow, ladders *ladders) []decided {
	var out []decided
	for _, p := range f.passages(s, func(id gid.ID) bool { _, there := rows[id]; return there }) {
		d, there := rows[p.id]
		if !there {
			continue
		}
		one := decided{passage: p, at: d.at}
		one.levels.Applied = ladders.rung(d.applied, d.openingTarget)
		one.levels.Assessed = ladders.rung(ladders.called(d.assessed, ladders.rung(d.loopTarget, d.level, d.openingTarget)))
		if p.HiredAt != nil {
			// What was offered in the end may be another level than was decided.
			offered := d.level
			if p.accepted != nil && p.accepted.level != nil {
				offered = p.accepted.level
			}
			one.levels.Hired = ladders.rung(offered)
		}
		out = append(out, one)
	}
	return out
}

// sitterRow is somebody who sat in interviews of an application.
type sitterRow struct{ application, member gid.ID }

// sitters reads who sat in the interviews of applications that had taken place,
// but to learn.
func (r columnReader) sitters(ctx context.Context, applications []gid.ID, until, known time.Time) ([]sitterRow, error) {
	var out []sitterRow
	err := store.Query(access.System(ctx), r.SQL(), `SELECT DISTINCT l.application_id, s.member_id
		FROM loops l JOIN interviews i ON i.loop_id = l.id JOIN interview_seats s ON s.interview_id = i.id
		WHERE `+r.AmongIDs("l.application_id", 1)+` AND s.member_id IS NOT NULL AND NOT s.is_shadow AND `+tookPlace, r.IDs(applications), known.UTC(), until.UTC()).Each(func(row store.Row) error {
		var s sitterRow
		err := row.Scan(&s.application, &s.member)
		out = append(out, s)
		return err
	})
	return out, err
}
