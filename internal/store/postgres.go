package store

import (
	"context"
	"database/sql/driver"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// postgresEngine opens connections to a PostgreSQL server.
type postgresEngine struct {
	cfg     pq.Config
	silence time.Duration
	cache   int
}

const (
	statementTimeout = 30 * time.Second
	connectTimeout   = 10 * time.Second

	// silenceMargin is how long after its own time-out the server may take to say so.
	silenceMargin = 15 * time.Second

	// maxStatements bounds the prepared statements of one connection: several
	// times what the product has, a few megabytes in the server's process.
	maxStatements = 256
)

func newPostgres(raw string, cache int) (*postgresEngine, error) {
	cfg, err := pq.NewConfig(raw)
	if err != nil {
		return nil, err
	}
	if cfg.SSLMode == "" {
		cfg.SSLMode = defaultSSLMode(cfg)
	}
	if cfg.ConnectTimeout <= 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "hireloop"
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	for name, value := range map[string]string{
		"statement_timeout":                   milliseconds(statementTimeout),
		"lock_timeout":                        milliseconds(10 * time.Second),
		"idle_in_transaction_session_timeout": milliseconds(time.Minute),
		"timezone":                            "UTC",
		"jit":                                 "off", // policies look dear and are not: compiling takes longer than they do
	} {
		if _, ok := cfg.Runtime[name]; !ok && !strings.Contains(strings.ToLower(cfg.Options), name) {
			cfg.Runtime[name] = value
		}
	}
	if cache == 0 {
		cache = maxStatements
	}
	return &postgresEngine{cfg: cfg, silence: silenceBound(cfg.Runtime["statement_timeout"]), cache: max(cache, 0)}, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// silenceBound is how long the server may say nothing: longer than it may work
// on a statement, or for ever when it may work for ever (0 or not ours to read).
func silenceBound(timeout string) time.Duration {
	unit := time.Millisecond
	digits := strings.TrimRight(timeout, "minsuhd ")
	switch strings.TrimSpace(timeout[len(digits):]) {
	case "", "ms":
	case "us":
		unit = time.Microsecond
	case "s":
		unit = time.Second
	case "min":
		unit = time.Minute
	case "h":
		unit = time.Hour
	default:
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
	if err != nil || n <= 0 {
		return 0
	}
	return time.Duration(n)*unit + silenceMargin
}

// defaultSSLMode demands TLS as soon as one host is not this machine.
func defaultSSLMode(cfg pq.Config) pq.SSLMode {
	local := func(m pq.ConfigMultihost) bool {
		if m.Hostaddr.IsValid() {
			return m.Hostaddr.IsLoopback()
		}
		ip := net.ParseIP(m.Host)
		return m.Host == "localhost" || ip != nil && ip.IsLoopback() || filepath.IsAbs(m.Host) || strings.HasPrefix(m.Host, "@")
	}
	for _, m := range append([]pq.ConfigMultihost{{Host: cfg.Host, Hostaddr: cfg.Hostaddr}}, cfg.Multi...) {
		if !local(m) {
			return pq.SSLModeRequire
		}
	}
	return pq.SSLModeDisable
}

func (e *postgresEngine) Driver() driver.Driver { return &pq.Driver{} }

func (e *postgresEngine) connect(ctx context.Context) (engineConn, error) {
	c, err := pq.NewConnectorConfig(e.cfg.Clone())
	if err != nil {
		return nil, err
	}
	// A dialer per connection: what it dials once the connection stands are
	// requests to cancel a statement.
	d := &dialer{silence: e.silence}
	c.Dialer(d)
	conn, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	d.established.Store(true)
	return newCachedConn(conn.(pqConn), d.wire, e.cache), nil
}
