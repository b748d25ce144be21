package store

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"
)

// engine opens connections of one database.
type engine interface {
	connect(ctx context.Context) (engineConn, error)
	Driver() driver.Driver
}

// engineConn is what database/sql needs of a connection so that contexts,
// pooling and arguments work. Both engines' connections have all of it.
type engineConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.QueryerContext
	driver.ExecerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// connector hands database/sql connections whose statements can be observed.
type connector struct {
	engine
	observe func(query string)
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	return &observedConn{engineConn: conn, observe: c.observe}, nil
}

// Statements are those sent with one context. It is safe for concurrent use.
type Statements struct {
	mu   sync.Mutex
	list []string
}

// Count is how many statements were sent.
func (s *Statements) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.list)
}

// List is the text of the statements in the order in which they were sent.
func (s *Statements) List() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

func (s *Statements) add(query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, query)
}

type statementsKey struct{}

// CountStatements returns a context whose statements, and those of contexts
// derived from it, are counted: one for each query or execution, also inside
// transactions; none for BEGIN, COMMIT, ROLLBACK and preparing.
func CountStatements(ctx context.Context) (context.Context, *Statements) {
	s := &Statements{}
	return context.WithValue(ctx, statementsKey{}, s), s
}

// observedConn reports what is sent on one connection.
type observedConn struct {
	engineConn
	observe func(query string)
}

func (c *observedConn) sent(ctx context.Context, query string) {
	if s, ok := ctx.Value(statementsKey{}).(*Statements); ok {
		s.add(query)
	}
	if c.observe != nil {
		c.observe(query)
	}
}

func (c *observedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.sent(ctx, query)
	return c.engineConn.QueryContext(ctx, query, args)
}

func (c *observedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.sent(ctx, query)
	return c.engineConn.ExecContext(ctx, query, args)
}

func (c *observedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	stmt, err := c.engineConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &observedStmt{engineStmt: stmt.(engineStmt), conn: c, query: query}, nil
}

// CheckNamedValue lets the engine convert arguments in its own way.
func (c *observedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.engineConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
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
	s.conn.sent(ctx, s.query)
	return s.engineStmt.QueryContext(ctx, args)
}

func (s *observedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.conn.sent(ctx, s.query)
	return s.engineStmt.ExecContext(ctx, args)
}
