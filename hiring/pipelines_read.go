package hiring

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	"golang.org/x/sync/errgroup"

	"hireloop/ent/db/stageevent"
	"hireloop/funnel"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// columnReader reads pipelines from the database, as the program itself: who may
// see which is decided when they are counted.
type columnReader struct{ *store.DB }

// all reads every pipeline, several stretches of the applications at once. What
// is committed meanwhile may be in it or not, and is read again by since.
func (r columnReader) all(ctx context.Context) (*pipelines, error) {
	p := &pipelines{of: map[gid.ID]*pipeline{}, sourceNumbers: map[gid.ID]int32{}}
	var err error
	if p.event, err = newestEvent(ctx, r.SQL()); err != nil {
		return nil, err
	}
	newest, err := newestEvents(ctx, r.SQL(), 0)
	if err != nil {
		return nil, err
	}
	into, err := r.builders(ctx, r.SQL(), p, "", nil)
	if err != nil {
		return nil, err
	}
	bounds, err := r.stretches(ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	group, reading := errgroup.WithContext(ctx)
	for i := range len(bounds) - 1 {
		group.Go(func() error {
			return r.read(reading, r.SQL(), into, "a.id >= $1 AND a.id < $2", bounds[i], bounds[i+1])
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	into.end()
	p.note(newest)
	return r.since(ctx, p)
}

// changesHistory is which events say that a history changed; an import says so
// once for all that it did.
const changesHistory = `(type LIKE 'application.%' OR type LIKE 'stage_event.%' OR type IN ('opening.created', 'import.finished'))`

// since reads anew the pipelines of the openings with events that old does not
// contain.
func (r columnReader) since(ctx context.Context, old *pipelines) (*pipelines, error) {
	// Most of the time nothing is new: that takes one statement and no transaction.
	if event, err := newestEvent(ctx, r.SQL()); err != nil || event == old.event {
		return old, err
	}
	tx, err := r.SQL().BeginTx(ctx, r.snapshot())
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	event, changed, err := r.changed(ctx, tx, old.event)
	if err != nil {
		return nil, err
	}
	p := old.copy()
	p.event = event
	if len(changed) == 0 {
		return p, nil
	}
	if _, all := changed[gid.Nil]; all {
		_ = tx.Rollback()
		return r.all(ctx)
	}
	ids := make([]gid.ID, 0, len(changed))
	for id := range changed {
		ids = append(ids, id)
	}
	into, err := r.builders(ctx, tx, p, "opening_id", ids)
	if err != nil {
		return nil, err
	}
	if err := r.read(ctx, tx, into, r.AmongIDs("a.opening_id", 1), r.IDs(ids)); err != nil {
		return nil, err
	}
	into.end()
	p.note(changed)
	return p, nil
}

// note keeps which events are in pipelines that were read anew.
func (p *pipelines) note(newest map[gid.ID]int64) {
	for id, one := range p.of {
		if n := max(newest[id], newest[gid.Nil]); n > one.event {
			one.event = n
		}
	}
}

// newestEvent is the number of the last event that was committed.
func newestEvent(ctx context.Context, q queries) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM events`).Scan(&n)
	return n, err
}

// snapshot is how several statements see one state of the database.
func (r columnReader) snapshot() *sql.TxOptions {
	o := &sql.TxOptions{ReadOnly: true}
	if r.Dialect() == dialect.Postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	return o
}

// changed are the openings with events after one, Nil among them for all of them;
// and the newest event.
func (r columnReader) changed(ctx context.Context, tx *sql.Tx, after int64) (newest int64, openings map[gid.ID]int64, err error) {
	if newest, err = newestEvent(ctx, tx); err != nil {
		return 0, nil, err
	}
	openings, err = newestEvents(ctx, tx, after)
	return newest, openings, err
}

// newestEvents are the last events by which histories changed, by opening, of those
// after one; Nil stands for all openings.
func newestEvents(ctx context.Context, q queries, after int64) (map[gid.ID]int64, error) {
	newest := map[gid.ID]int64{}
	return newest, store.Query(ctx, q, `SELECT opening_id, max(id) FROM events WHERE id > $1 AND `+changesHistory+` GROUP BY opening_id`, after).Each(func(row store.Row) error {
		var id *gid.ID
		var n int64
		if err := row.Scan(&id, &n); err != nil {
			return err
		}
		if id == nil {
			id = &gid.Nil
		}
		newest[*id] = n
		return nil
	})
}

// stretches divides the ids of applications into n stretches of about the same
// number: n+1 bounds.
func (r columnReader) stretches(ctx context.Context, n int) ([]string, error) {
	var count int
	if err := r.SQL().QueryRowContext(ctx, `SELECT count(*) FROM applications`).Scan(&count); err != nil {
		return nil, err
	}
	const first, last = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
	bounds := []string{first}
	for i := 1; i < n && count >= 1000; i++ {
		var id gid.ID
		if err := r.SQL().QueryRowContext(ctx, `SELECT id FROM applications ORDER BY id LIMIT 1 OFFSET $1`, i*count/n).Scan(&id); err != nil {
			return nil, err
		}
		bounds = append(bounds, id.UUID())
	}
	return append(bounds, last), nil
}

// building are pipelines that are being read.
type building struct {
	mu       sync.Mutex
	target   *pipelines
	position map[gid.ID]int // of each stage
	builders map[gid.ID]funnel.Builder
}

// queries is a pool or a transaction.
type queries interface {
	store.Querier
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// builders begins the pipelines of these openings; nil for all.
func (r columnReader) builders(ctx context.Context, q queries, p *pipelines, column string, openings []gid.ID) (*building, error) {
	query, args := `SELECT opening_id, id, kind FROM stages`, []any{}
	if openings != nil {
		query += ` WHERE ` + r.AmongIDs(column, 1)
		args = append(args, r.IDs(openings))
	}
	b := &building{target: p, position: map[gid.ID]int{}, builders: map[gid.ID]funnel.Builder{}}
	kinds := map[gid.ID][]string{}
	err := store.Query(ctx, q, query+` ORDER BY opening_id, position`, args...).Each(func(row store.Row) error {
		var opening, id gid.ID
		var kind string
		if err := row.Scan(&opening, &id, &kind); err != nil {
			return err
		}
		b.position[id] = len(kinds[opening])
		kinds[opening] = append(kinds[opening], kind)
		return nil
	})
	for opening, k := range kinds {
		b.builders[opening] = funnel.NewBuilder(k)
		p.of[opening] = &pipeline{}
	}
	return b, err
}

// read reads the applications that a condition on a chooses, with their logs.
func (r columnReader) read(ctx context.Context, q queries, b *building, where string, args ...any) error {
	var now struct {
		id, opening gid.ID
		source      *gid.ID
		log         []funnel.Entry
	}
	err := store.Query(ctx, q, `SELECT a.id, a.opening_id, a.source_id, e.sequence, e.kind, e.stage_id, e.occurred_at, e.recorded_at,
		e.quality, e.corrected_kind,
		CASE WHEN e.corrects_id IS NULL THEN 0 ELSE (SELECT c.sequence FROM stage_events c WHERE c.id = e.corrects_id) END
		FROM applications a JOIN stage_events e ON e.application_id = a.id
		WHERE `+where+` ORDER BY a.id, e.sequence`, args...).Each(func(row store.Row) error {
		var (
			id, opening            gid.ID
			source, stage          *gid.ID
			kind                   stageevent.Kind
			quality                string
			corrected              *stageevent.CorrectedKind
			e                      funnel.Entry
			occurredAt, recordedAt time.Time
		)
		if err := row.Scan(&id, &opening, &source, &e.Sequence, &kind, &stage, &occurredAt, &recordedAt, &quality, &corrected, &e.Corrects); err != nil {
			return err
		}
		if id != now.id {
			if err := b.add(now.id, now.opening, now.source, now.log); err != nil {
				return err
			}
			now.id, now.opening, now.source, now.log = id, opening, source, now.log[:0]
		}
		e.At, e.RecordedAt, e.Quality = occurredAt, recordedAt, funnel.Quality(quality)
		e.Kind = eventKind(kind, corrected)
		e.Void = e.Kind == ""
		if stage != nil {
			e.Stage = b.position[*stage]
		}
		now.log = append(now.log, e)
		return nil
	})
	if err != nil {
		return err
	}
	return b.add(now.id, now.opening, now.source, now.log)
}

// add adds an application to the pipeline of its opening. An opening that was
// made after the stages were read is read with the event that tells of it.
func (b *building) add(id, opening gid.ID, source *gid.ID, log []funnel.Entry) error {
	if id.IsNil() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	builder, known := b.builders[opening]
	if !known {
		return nil
	}
	if err := builder.Add(funnel.Track{Source: b.target.numbered(source), Log: log}); err != nil {
		return fmt.Errorf("stored history of %s: %w", id, err)
	}
	one := b.target.of[opening]
	one.applications = append(one.applications, id)
	return nil
}

// end completes the pipelines.
func (b *building) end() {
	for opening, builder := range b.builders {
		b.target.of[opening].Pipeline = builder.Pipeline()
	}
}
