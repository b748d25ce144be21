package store

import (
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// cancelBound is how long asking the server to cancel a statement may take.
// Whoever waits for the statement waits for this as well.
const cancelBound = 2 * time.Second

// dialer makes connections on which silence is an error: a network that
// swallows packets would otherwise hold a statement as long as TCP retries.
type dialer struct {
	silence     time.Duration // 0 means no bound
	wire        *wire         // the newest connection made before established
	established atomic.Bool
}

func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	cancelling := d.established.Load()
	if cancelling {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, cancelBound)
		defer done()
	}
	conn, err := (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if cancelling {
		return &wire{Conn: conn, silence: cancelBound}, nil
	}
	d.wire = &wire{Conn: conn, silence: d.silence}
	return d.wire, nil
}

// wire is a connection whose reads and writes fail once nothing moved for as
// long as silence, or once a set deadline is over. Idle time between
// statements does not count: nobody reads then.
type wire struct {
	net.Conn
	silence time.Duration
	limit   atomic.Int64 // deadline in Unix nanoseconds; 0 means none
	written atomic.Int64 // when the newest write succeeded
}

// SetDeadline bounds all reads and writes that begin from now on; the zero
// time lifts the bound.
func (w *wire) SetDeadline(t time.Time) error {
	if t.IsZero() {
		w.limit.Store(0)
	} else {
		w.limit.Store(t.UnixNano())
	}
	return nil
}

// due is when an operation that begins at now must have moved something.
func (w *wire) due(now time.Time) time.Time {
	var due time.Time
	if w.silence > 0 {
		due = now.Add(w.silence)
	}
	if ns := w.limit.Load(); ns != 0 {
		if limit := time.Unix(0, ns); due.IsZero() || limit.Before(due) {
			due = limit
		}
	}
	return due
}

func (w *wire) Read(p []byte) (int, error) {
	start := time.Now()
	for {
		if err := w.Conn.SetReadDeadline(w.due(start)); err != nil {
			return 0, err
		}
		n, err := w.Conn.Read(p)
		if n > 0 || err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		// While rows are copied in, only the other direction moves.
		if newest := time.Unix(0, w.written.Load()); newest.After(start) && w.due(newest).After(time.Now()) {
			start = newest
			continue
		}
		return n, err
	}
}

func (w *wire) Write(p []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(w.due(time.Now())); err != nil {
		return 0, err
	}
	n, err := w.Conn.Write(p)
	if err == nil {
		w.written.Store(time.Now().UnixNano())
	}
	return n, err
}
