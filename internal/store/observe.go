package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"reflect"
	"time"
)

// Statement is one that ended: its text with placeholders, never the values.
// Beside queries and executions these are BEGIN, COMMIT and ROLLBACK, which
// CountStatements leaves out.
type Statement struct {
	Dialect string
	Text    string
	Start   time.Time
	Took    time.Duration // of a query until its rows were read or given up
	Rows    int           // read, or changed by an execution
	Err     error
}

// observedConn reports what one connection is asked.
type observedConn struct {
	engineConn
	to *connector
}

// sent counts a statement; the function it returns tells how that ended.
func (c *observedConn) sent(ctx context.Context, query string) (ended func(rows int, err error)) {
	if s, ok := ctx.Value(statementsKey{}).(*Statements); ok {
		s.add(query)
	}
	return c.begun(ctx, query)
}

func (c *observedConn) begun(ctx context.Context, query string) (ended func(rows int, err error)) {
	if c.to.observe == nil {
		return func(int, error) {}
	}
	start := time.Now()
	return func(rows int, err error) {
		c.to.observe(ctx, Statement{
			Dialect: c.to.dialect, Text: query, Start: start, Took: time.Since(start), Rows: rows, Err: err,
		})
	}
}

func (c *observedConn) query(ctx context.Context, query string, run func() (driver.Rows, error)) (driver.Rows, error) {
	ended := c.sent(ctx, query)
	rows, err := run()
	if err != nil {
		ended(0, err)
		return nil, err
	}
	if c.to.observe == nil {
		return rows, nil
	}
	return &observedRows{engineRows: rows.(engineRows), ended: ended}, nil
}

func (c *observedConn) exec(ctx context.Context, query string, run func() (driver.Result, error)) (driver.Result, error) {
	ended := c.sent(ctx, query)
	result, err := run()
	changed := int64(0)
	if err == nil && c.to.observe != nil {
		changed, _ = result.RowsAffected() // of what changes no rows there are none
	}
	ended(int(changed), err)
	return result, err
}

func (c *observedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.query(ctx, query, func() (driver.Rows, error) { return c.engineConn.QueryContext(ctx, query, args) })
}

func (c *observedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.exec(ctx, query, func() (driver.Result, error) { return c.engineConn.ExecContext(ctx, query, args) })
}

func (c *observedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	stmt, err := c.engineConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &observedStmt{engineStmt: stmt.(engineStmt), conn: c, query: query}, nil
}

func (c *observedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	ended := c.begun(ctx, "BEGIN")
	tx, err := c.engineConn.BeginTx(ctx, opts)
	ended(0, err)
	if err != nil {
		return nil, err
	}
	return &observedTx{tx, ctx, c}, nil
}

// CheckNamedValue lets the engine convert arguments in its own way.
func (c *observedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.engineConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type observedTx struct {
	driver.Tx
	ctx  context.Context // the transaction's
	conn *observedConn
}

func (t *observedTx) Commit() error   { return t.end("COMMIT", t.Tx.Commit) }
func (t *observedTx) Rollback() error { return t.end("ROLLBACK", t.Tx.Rollback) }

func (t *observedTx) end(how string, run func() error) error {
	ended := t.conn.begun(t.ctx, how)
	err := run()
	ended(0, err)
	return err
}

type engineStmt interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

type observedStmt struct {
	engineStmt
	conn  *observedConn
	query string
}

func (s *observedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.query(ctx, s.query, func() (driver.Rows, error) { return s.engineStmt.QueryContext(ctx, args) })
}

func (s *observedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.exec(ctx, s.query, func() (driver.Result, error) { return s.engineStmt.ExecContext(ctx, args) })
}

// engineRows is what the rows of both engines can do beyond driver.Rows.
type engineRows interface {
	driver.Rows
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeDatabaseTypeName
	ColumnTypeScanType(index int) reflect.Type
}

type observedRows struct {
	engineRows
	rows  int
	err   error
	ended func(rows int, err error)
}

func (r *observedRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	switch {
	case err == nil:
		r.rows++
	case !errors.Is(err, io.EOF):
		r.err = err
	}
	return err
}

func (r *observedRows) Close() error {
	err := r.engineRows.Close()
	if r.err == nil {
		r.err = err
	}
	r.ended(r.rows, r.err)
	return err
}

// HasNextResultSet and NextResultSet are PostgreSQL's only.
func (r *observedRows) HasNextResultSet() bool {
	more, ok := r.engineRows.(driver.RowsNextResultSet)
	return ok && more.HasNextResultSet()
}

func (r *observedRows) NextResultSet() error {
	if more, ok := r.engineRows.(driver.RowsNextResultSet); ok {
		return more.NextResultSet()
	}
	return io.EOF
}

// ColumnTypeNullable is SQLite's only.
func (r *observedRows) ColumnTypeNullable(index int) (nullable, ok bool) {
	if rows, known := r.engineRows.(driver.RowsColumnTypeNullable); known {
		return rows.ColumnTypeNullable(index)
	}
	return false, false
}
