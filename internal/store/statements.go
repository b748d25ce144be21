package store

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// answerGrace is how long after a context's deadline the server's answer is
// still read: time for it to confirm that the statement was cancelled.
const answerGrace = time.Second

// maxCachedText keeps one-off monsters (a hundred rows in one INSERT) out of the cache.
const maxCachedText = 8 << 10

// errBusy guards the protocol: lib/pq itself does not when statements are prepared.
var errBusy = errors.New("store: another statement of this transaction still has rows to read")

// pqConn is lib/pq's connection.
type pqConn interface {
	engineConn
	driver.NamedValueChecker
}

// cachedConn is a lib/pq connection that prepares each statement once. lib/pq
// alone prepares a statement with arguments anew every time, at the price of
// a second round trip. database/sql never uses a connection from two
// goroutines at once, so there are no locks.
type cachedConn struct {
	pqConn
	wire   *wire
	size   int
	order  *list.List // of *cachedStmt, most recently used first
	byText map[string]*list.Element

	busy   bool // rows are being read
	inTx   bool
	told   *asking // on whose behalf statements run; nil means not known
	broken bool    // not to be used again
}

type cachedStmt struct {
	text string
	engineStmt
}

func newCachedConn(conn pqConn, wire *wire, size int) *cachedConn {
	return &cachedConn{pqConn: conn, wire: wire, size: size, order: list.New(), byText: map[string]*list.Element{}}
}

func (c *cachedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.rows(ctx, query, func() (driver.Rows, error) {
		if len(args) == 0 || !c.cacheable(query) {
			return c.pqConn.QueryContext(ctx, query, args)
		}
		return cached(ctx, c, query, func(s engineStmt) (driver.Rows, error) { return s.QueryContext(ctx, args) })
	})
}

func (c *cachedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.result(ctx, query, func() (driver.Result, error) { return c.run(ctx, query, args) })
}

func (c *cachedConn) run(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 || !c.cacheable(query) {
		return c.pqConn.ExecContext(ctx, query, args)
	}
	return cached(ctx, c, query, func(s engineStmt) (driver.Result, error) { return s.ExecContext(ctx, args) })
}

func (c *cachedConn) cacheable(query string) bool {
	return c.size > 0 && len(query) <= maxCachedText
}

// cached runs the prepared statement of query. A plan that a migration has made
// stale is prepared again, but not inside a transaction, which has failed by
// then: there the error goes up and IsRetryable says to begin anew.
func cached[T any](ctx context.Context, c *cachedConn, query string, run func(engineStmt) (T, error)) (T, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		var none T
		return none, err
	}
	out, err := run(stmt)
	if !isStale(err) {
		return out, err
	}
	// One change of the tables makes many plans stale: drop them all.
	if c.forget(0) != nil || c.inTx {
		return out, err
	}
	if stmt, err = c.prepared(ctx, query); err != nil {
		return out, err
	}
	return run(stmt)
}

// prepared finds the statement of this text or prepares it.
func (c *cachedConn) prepared(ctx context.Context, query string) (engineStmt, error) {
	if e, ok := c.byText[query]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*cachedStmt).engineStmt, nil
	}
	if err := c.forget(c.size - 1); err != nil {
		return nil, err
	}
	stmt, err := c.pqConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.byText[query] = c.order.PushFront(&cachedStmt{query, stmt.(engineStmt)})
	return stmt.(engineStmt), nil
}

// forget closes the least recently used statements until keep are left.
func (c *cachedConn) forget(keep int) error {
	for c.order.Len() > keep {
		s := c.order.Remove(c.order.Back()).(*cachedStmt)
		delete(c.byText, s.text)
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// isStale recognises a prepared statement whose result type has changed
// (0A000, told from other unsupported features by the server's routine), or
// that the server no longer has (26000).
func isStale(err error) bool {
	e := pq.As(err, pqerror.FeatureNotSupported, pqerror.InvalidSQLStatementName)
	return e != nil && (e.Code == pqerror.InvalidSQLStatementName || e.Routine == "RevalidateCachedQuery")
}

func (c *cachedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.busy {
		return nil, errBusy
	}
	stmt, err := c.pqConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	return &guardedStmt{stmt.(engineStmt), c, query}, nil
}

// BeginTx detaches the transaction from the context's end. lib/pq would pass a
// deadline that fires during COMMIT on to the server; while that waits for a
// standby it answers with a warning only, and a write that may be lost looks
// acknowledged. database/sql still rolls back when the context ends before.
func (c *cachedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	c.bound(ctx)
	defer c.unbound()
	tx, err := c.pqConn.BeginTx(context.WithoutCancel(ctx), opts)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	c.inTx = true
	return &boundTx{tx, c, ctx}, nil
}

// boundTx is a transaction whose end is waited for until shortly after the
// deadline of the context it began with.
type boundTx struct {
	driver.Tx
	conn *cachedConn
	ctx  context.Context
}

func (t *boundTx) Commit() error   { return t.end(t.Tx.Commit) }
func (t *boundTx) Rollback() error { return t.end(t.Tx.Rollback) }

func (t *boundTx) end(how func() error) error {
	t.conn.bound(t.ctx)
	defer t.conn.unbound()
	t.conn.inTx = false
	t.conn.told = nil // a rollback also takes back what was told meanwhile
	if err := how(); err != nil {
		return t.conn.failed(t.ctx, err)
	}
	return nil
}

// IsValid tells the pool whether to keep the connection.
func (c *cachedConn) IsValid() bool { return !c.broken && c.pqConn.IsValid() }

// ResetSession refuses a connection that IsValid would refuse.
func (c *cachedConn) ResetSession(ctx context.Context) error {
	if c.broken {
		return driver.ErrBadConn
	}
	return c.pqConn.ResetSession(ctx)
}

// bound makes waiting for the server end soon after the context's deadline. A
// rollback after the deadline gets as long.
func (c *cachedConn) bound(ctx context.Context) {
	if deadline, ok := ctx.Deadline(); ok {
		if now := time.Now(); deadline.Before(now) {
			deadline = now
		}
		_ = c.wire.SetDeadline(deadline.Add(answerGrace))
	}
}

func (c *cachedConn) unbound() { _ = c.wire.SetDeadline(time.Time{}) }

// failed says what err means. After the context's end the connection is given
// up, because the request to cancel may still hit whatever runs next, and the
// error is the context's. So is it after anything but the server's own word.
func (c *cachedConn) failed(ctx context.Context, err error) error {
	if pq.As(withoutValues(err)) == nil {
		c.broken = true
	}
	if end := ctx.Err(); end != nil {
		c.broken = true
		if !errors.Is(err, end) {
			return fmt.Errorf("%w: %w", end, err)
		}
	}
	return err
}

func (c *cachedConn) result(ctx context.Context, query string, run func() (driver.Result, error)) (driver.Result, error) {
	if c.busy {
		return nil, errBusy
	}
	c.bound(ctx)
	defer c.unbound()
	if err := c.tell(ctx, query); err != nil {
		return nil, c.failed(ctx, err)
	}
	res, err := run()
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	return res, nil
}

func (c *cachedConn) rows(ctx context.Context, query string, run func() (driver.Rows, error)) (driver.Rows, error) {
	if c.busy {
		return nil, errBusy
	}
	c.bound(ctx)
	if err := c.tell(ctx, query); err != nil {
		c.unbound()
		return nil, c.failed(ctx, err)
	}
	rows, err := run()
	if err != nil {
		c.unbound()
		return nil, c.failed(ctx, err)
	}
	c.busy = true
	return &boundRows{rows.(pqRows), c, ctx}, nil
}

// pqRows is what lib/pq's rows can do beyond driver.Rows.
type pqRows interface {
	driver.RowsNextResultSet
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeDatabaseTypeName
	ColumnTypeScanType(index int) reflect.Type
}

// boundRows frees the connection for the next statement when it is closed.
type boundRows struct {
	pqRows
	conn *cachedConn
	ctx  context.Context
}

func (r *boundRows) Next(dest []driver.Value) error {
	err := r.pqRows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		return r.conn.failed(r.ctx, err)
	}
	return err
}

func (r *boundRows) Close() error {
	err := r.pqRows.Close()
	r.conn.busy = false
	r.conn.unbound()
	if err != nil || r.ctx.Err() != nil {
		r.conn.broken = true // rows cut short leave the connection in an unknown place
	}
	return err
}

// guardedStmt is a statement the caller prepared; it lives as long as the caller wants.
type guardedStmt struct {
	engineStmt
	conn  *cachedConn
	query string
}

func (s *guardedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.rows(ctx, s.query, func() (driver.Rows, error) { return s.engineStmt.QueryContext(ctx, args) })
}

func (s *guardedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.result(ctx, s.query, func() (driver.Result, error) { return s.engineStmt.ExecContext(ctx, args) })
}
