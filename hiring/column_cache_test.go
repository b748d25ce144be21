package hiring

import (
	"context"
	"errors"
	"testing"
)

// counting renews to one event more each time; begun hears of each, which goes on
// when told how to end.
func counting(begun chan struct{}, end chan error) func(context.Context, *pipelines) (*pipelines, error) {
	return func(ctx context.Context, old *pipelines) (*pipelines, error) {
		begun <- struct{}{}
		if err := errors.Join(<-end, ctx.Err()); err != nil {
			return nil, err
		}
		if old == nil {
			old = &pipelines{}
		}
		return &pipelines{event: old.event + 1}, nil
	}
}

type renewed struct {
	event int64
	err   error
}

func (c *columnCache) ask(ctx context.Context, renew func(context.Context, *pipelines) (*pipelines, error)) chan renewed {
	answer := make(chan renewed, 1)
	go func() {
		p, err := c.current(ctx, renew)
		if err != nil {
			answer <- renewed{err: err}
			return
		}
		answer <- renewed{event: p.event}
	}()
	return answer
}

// Whoever asks first may leave: what they began goes on, and whoever asked
// meanwhile gets what begins after they did.
func TestARenewalOutlivesWhoAsked(t *testing.T) {
	var c columnCache
	begun, end := make(chan struct{}), make(chan error)
	renew := counting(begun, end)
	ctx, leave := context.WithCancel(t.Context())
	first := c.ask(ctx, renew)
	<-begun
	leave()
	if got := <-first; !errors.Is(got.err, context.Canceled) {
		t.Errorf("who left got %+v", got)
	}
	second := c.ask(t.Context(), renew)
	for waiting := false; !waiting; {
		c.mu.Lock()
		waiting = c.next != nil
		c.mu.Unlock()
	}
	end <- nil
	<-begun
	end <- nil
	if got := <-second; got.event != 2 {
		t.Errorf("who came meanwhile got %+v, want what began after them", got)
	}
}

// A renewal that fails is no answer from before the question.
func TestAFailedRenewalIsToldAndTriedAgain(t *testing.T) {
	var c columnCache
	begun, end := make(chan struct{}), make(chan error)
	renew := counting(begun, end)
	ask := func(err error) renewed {
		answer := c.ask(t.Context(), renew)
		<-begun
		end <- err
		return <-answer
	}
	gone := errors.New("the database is gone")
	if got := ask(nil); got.event != 1 {
		t.Errorf("first %+v", got)
	}
	if got := ask(gone); !errors.Is(got.err, gone) {
		t.Errorf("while it fails %+v", got)
	}
	if got := ask(nil); got.event != 2 {
		t.Errorf("afterwards %+v", got)
	}
}
