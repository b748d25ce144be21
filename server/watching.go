package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof" //nolint:gosec // the default mux it adds itself to is never served
	"time"

	"hireloop/internal/access"
	"hireloop/internal/telemetry"
)

// watching is what those who run the server see of it.
type watching struct {
	OpsAddr       string        `env:"HIRELOOP_OPS_ADDR" placeholder:"HOST:PORT" help:"Where to serve /metrics, /healthz and /readyz to those who run the server, apart from the public address; nowhere if not given."`
	Pprof         bool          `env:"HIRELOOP_PPROF" help:"Serve profiles there as well, under /debug/pprof/."`
	SlowStatement time.Duration `default:"500ms" env:"HIRELOOP_SLOW_STATEMENT" help:"Log SQL statements that take as long, without values; 0 logs none."`
}

// begin makes what watches. Traces are sent where the OTEL_ variables say, if they do.
func (w watching) begin(ctx context.Context, logger *slog.Logger) (*telemetry.Telemetry, error) {
	if w.Pprof && w.OpsAddr == "" {
		return nil, usagef("--pprof: profiles are served at --ops-addr; say where that is")
	}
	if w.SlowStatement < 0 {
		return nil, usagef("--slow-statement %s: must not be less than 0", w.SlowStatement)
	}
	spans, err := telemetry.Exporter(ctx)
	if err != nil {
		return nil, usagef("%v", err)
	}
	return telemetry.New(ctx, telemetry.Options{
		Logger: logger, SlowStatement: w.SlowStatement, Spans: spans, Build: build(), Principal: principal,
	})
}

// payer is the id of the member whose budget is asked for, by whichever key: more
// keys are not more budget.
func payer(ctx context.Context) string {
	if v := access.ViewerOf(ctx); v != nil {
		return v.Member.String()
	}
	return ""
}

// principal is the id of who asks: the API key, or else the member.
func principal(ctx context.Context) string {
	v := access.ViewerOf(ctx)
	switch {
	case v == nil:
		return ""
	case !v.Key.IsNil():
		return v.Key.String()
	}
	return v.Member.String()
}

// watch adds the figures that parts of the app keep themselves.
func (s *service) watch() {
	t, columns := s.telemetry, s.app.hiring.PipelineState
	t.Pool(s.app.store.SQL())
	t.Counter("sql_transaction_retries_total", "Transactions run again after a serialization failure, a deadlock or a busy database.",
		s.app.store.Retries)
	t.Counter("columns_renewals_total", "Times that the columns which dashboards count were brought up to date.",
		func() int64 { return columns().Renewals })
	t.Counter("columns_failures_total", "Times that this failed.", func() int64 { return columns().Failures })
	t.Gauge("columns_bytes", "Memory that the columns take.", func() float64 { return float64(columns().Bytes) })
	t.Gauge("columns_age_seconds", "Time since the columns were last brought up to date; dashboards wait for it when they ask.",
		func() float64 { return columns().Age.Seconds() })
}

// opsHandler is for those who run the server only.
func (s *service) opsHandler() http.Handler {
	mux := http.NewServeMux()
	s.probes(mux)
	mux.Handle("GET /metrics", s.telemetry.Metrics())
	if s.watching.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "the command line may hold keys", http.StatusForbidden)
		})
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

// serveOps answers those who run the server until the function it returns is
// called; the address is "" when nobody is to be answered.
func (s *service) serveOps() (address string, stop func(), err error) {
	if s.watching.OpsAddr == "" {
		return "", func() {}, nil
	}
	listener, err := net.Listen("tcp", s.watching.OpsAddr)
	if err != nil {
		return "", nil, usagef("--ops-addr %s: %v", s.watching.OpsAddr, err)
	}
	server := &http.Server{
		Handler:           s.opsHandler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      2 * time.Minute, // profiles take their time
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); err != http.ErrServerClosed { //nolint:errorlint // Serve does not wrap it
			s.logger.Error("metrics are not served any more", "error", err)
		}
	}()
	return listener.Addr().String(), func() {
		_ = server.Close()
		<-ended
	}, nil
}
