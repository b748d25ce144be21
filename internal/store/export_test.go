package store

import (
	"context"
	"net"
	"time"

	"github.com/lib/pq"
)

// DialQuietly dials as connections to PostgreSQL do, with another bound.
func DialQuietly(ctx context.Context, network, address string, silence time.Duration) (net.Conn, error) {
	return (&dialer{silence: silence}).DialContext(ctx, network, address)
}

// SSLMode and Silence are what Open makes of a PostgreSQL URL.
func SSLMode(url string) (pq.SSLMode, error) {
	e, err := newPostgres(url, 0)
	if err != nil {
		return "", err
	}
	return e.cfg.SSLMode, nil
}

func Silence(url string) (time.Duration, error) {
	e, err := newPostgres(url, 0)
	if err != nil {
		return 0, err
	}
	return e.silence, nil
}

// CachedStatements is how many statements a raw connection of the pool keeps.
func CachedStatements(raw any) int {
	return raw.(*observedConn).engineConn.(*cachedConn).order.Len()
}
