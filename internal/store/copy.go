package store

import (
	"database/sql/driver"
	"strings"
)

// isCopy tells COPY … FROM STDIN, which lib/pq starts by preparing it.
func isCopy(query string) bool {
	q := strings.TrimLeft(query, " \t\r\n")
	return len(q) > 4 && strings.EqualFold(q[:4], "copy") && strings.ContainsRune(" \t\r\n", rune(q[4]))
}

// copyStmt takes the rows of a COPY. An execution without arguments ends it
// and frees the connection, as closing does.
type copyStmt struct {
	driver.Stmt
	conn *cachedConn
}

func (s *copyStmt) Exec(row []driver.Value) (driver.Result, error) {
	//lint:ignore SA1019 lib/pq's COPY statement has no other Exec
	res, err := s.Stmt.Exec(row) //nolint:staticcheck // the same, for golangci-lint
	if len(row) == 0 {
		s.conn.busy = false
	}
	return res, withoutValues(err)
}

func (s *copyStmt) Close() error {
	err := s.Stmt.Close()
	s.conn.busy = false
	return withoutValues(err)
}
