package hiring

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
)

// pipelines are the histories of all applications as columns: the world that
// dashboards count, as of an event. They never change; the next ones share what
// is the same.
type pipelines struct {
	event int64 // the newest one that they contain
	of    map[gid.ID]*pipeline

	sourceIDs     []gid.ID // by number
	sourceNumbers map[gid.ID]int32
}

// pipeline is one opening's applications.
type pipeline struct {
	*funnel.Pipeline
	applications []gid.ID // by index
}

// noSource is the number of the source of an application that has none.
const noSource int32 = -1

// PipelineFigures tell how much is kept in memory for dashboards, and what
// loading it took.
type PipelineFigures struct {
	Event                int64
	Openings             int
	Applications, Visits int
	Bytes                int
	Took                 time.Duration
}

// LoadPipelines brings the columns that dashboards count into memory, if they
// are not, and up to date. Whoever asks before waits for it.
func (s *Service) LoadPipelines(ctx context.Context) (PipelineFigures, error) {
	began := time.Now() // a duration, not a date: the clock is the machine's
	p, err := s.pipelines(ctx)
	if err != nil {
		return PipelineFigures{}, err
	}
	f := PipelineFigures{Event: p.event, Openings: len(p.of), Took: time.Since(began)}
	for _, one := range p.of {
		f.Applications += one.Applications()
		f.Visits += one.Visits()
		f.Bytes += one.Bytes() + 16*len(one.applications)
	}
	return f, nil
}

// pipelines are the columns as of now: whatever was committed before the call is
// in them. One asker brings them up to date for all who wait meanwhile.
func (s *Service) pipelines(ctx context.Context) (*pipelines, error) {
	return s.columns.current(ctx, func(ctx context.Context, old *pipelines) (*pipelines, error) {
		r := columnReader{s.Store}
		if old == nil {
			return r.all(ctx)
		}
		return r.since(ctx, old)
	})
}

// columnCache holds the newest pipelines.
type columnCache struct {
	turn  atomic.Pointer[chan struct{}] // holds one token: whoever has it renews
	begun atomic.Int64                  // renewals
	now   *pipelines                    // of whoever has the token
}

// current renews what is held, unless somebody began to after the call.
func (c *columnCache) current(ctx context.Context, renew func(context.Context, *pipelines) (*pipelines, error)) (*pipelines, error) {
	begun := c.begun.Load()
	turn := c.turn.Load()
	if turn == nil {
		fresh := make(chan struct{}, 1)
		fresh <- struct{}{}
		c.turn.CompareAndSwap(nil, &fresh)
		turn = c.turn.Load()
	}
	select {
	case <-*turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { *turn <- struct{}{} }()
	if c.now != nil && c.begun.Load() > begun {
		return c.now, nil
	}
	c.begun.Add(1)
	next, err := renew(ctx, c.now)
	if err != nil {
		return nil, err
	}
	c.now = next
	return next, nil
}

// numbered is the number of a source.
func (p *pipelines) numbered(source *gid.ID) int32 {
	if source == nil {
		return noSource
	}
	n, known := p.sourceNumbers[*source]
	if !known {
		n = int32(len(p.sourceIDs))
		p.sourceIDs = append(p.sourceIDs, *source)
		p.sourceNumbers[*source] = n
	}
	return n
}

// copy are the same pipelines, to be changed.
func (p *pipelines) copy() *pipelines {
	return &pipelines{
		event: p.event, of: maps.Clone(p.of),
		sourceIDs: append([]gid.ID(nil), p.sourceIDs...), sourceNumbers: maps.Clone(p.sourceNumbers),
	}
}
