package hiring

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
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
	event        int64    // the newest one of its own
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
	f := p.figures()
	f.Took = time.Since(began)
	return f, nil
}

// PipelineState tells of the columns without bringing them up to date.
type PipelineState struct {
	PipelineFigures
	Renewals, Failures int64
	Age                time.Duration // since they were last found or made up to date; 0 when they never were
}

// PipelineState is for whoever runs the server.
func (s *Service) PipelineState() PipelineState {
	c := &s.columns
	c.mu.Lock()
	p, state := c.now, PipelineState{Renewals: c.renewals, Failures: c.failures}
	if p != nil {
		state.Age = time.Since(c.renewed)
	}
	c.mu.Unlock()
	if p != nil {
		state.PipelineFigures = p.figures()
	}
	return state
}

func (p *pipelines) figures() PipelineFigures {
	f := PipelineFigures{Event: p.event, Openings: len(p.of)}
	for _, one := range p.of {
		f.Applications += one.Applications()
		f.Visits += one.Visits()
		f.Bytes += one.Bytes() + 16*len(one.applications)
	}
	return f
}

// pipelines are the columns as of now: whatever was committed before the call is
// in them. They are brought up to date once for all who wait meanwhile.
func (s *Service) pipelines(ctx context.Context) (*pipelines, error) {
	return s.columns.current(access.System(ctx), func(ctx context.Context, old *pipelines) (*pipelines, error) {
		r := columnReader{s.Store}
		if old == nil {
			return r.all(ctx)
		}
		return r.since(ctx, old)
	})
}

// columnCache holds the newest pipelines.
type columnCache struct {
	mu      sync.Mutex
	now     *pipelines
	running *renewal
	next    *renewal // begins when running has ended

	renewals, failures int64
	renewed            time.Time
}

// renewal brings the pipelines up to date, for all who asked before it began. It
// goes on when whoever asked first has gone.
type renewal struct {
	ended chan struct{}
	p     *pipelines
	err   error
}

// current are the pipelines as a renewal makes them that begins after the call.
func (c *columnCache) current(ctx context.Context, renew func(context.Context, *pipelines) (*pipelines, error)) (*pipelines, error) {
	c.mu.Lock()
	mine := c.next
	switch {
	case c.running == nil:
		mine = &renewal{ended: make(chan struct{})}
		c.running = mine
		go c.run(context.WithoutCancel(ctx), mine, renew)
	case mine == nil:
		mine = &renewal{ended: make(chan struct{})}
		c.next = mine
	}
	c.mu.Unlock()
	select {
	case <-mine.ended:
		return mine.p, mine.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run makes one renewal after another until nobody waits for the next.
func (c *columnCache) run(ctx context.Context, r *renewal, renew func(context.Context, *pipelines) (*pipelines, error)) {
	for r != nil {
		c.mu.Lock()
		old := c.now
		c.mu.Unlock()
		r.p, r.err = contained(ctx, old, renew)
		c.mu.Lock()
		if c.renewals++; r.err == nil {
			c.now, c.renewed = r.p, time.Now()
		} else {
			c.failures++
		}
		close(r.ended)
		r, c.running, c.next = c.next, c.next, nil
		c.mu.Unlock()
	}
}

// contained is renew with a panic for an error: it has no request that would
// contain it.
func contained(ctx context.Context, old *pipelines, renew func(context.Context, *pipelines) (*pipelines, error)) (p *pipelines, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pipelines: panic: %s\n%s", fault.Panicked(r), debug.Stack())
		}
	}()
	return renew(ctx, old)
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
