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
	dialect string
	observe func(ctx context.Context, s Statement)
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	return &observedConn{engineConn: conn, to: c}, nil
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
