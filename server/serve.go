package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"hireloop/graph"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/reports"
	"hireloop/internal/store"
	"hireloop/internal/telemetry"
)

type database struct {
	URL string `name:"database-url" env:"HIRELOOP_DATABASE_URL" placeholder:"URL" help:"file:PATH for SQLite, postgres://… for PostgreSQL."`
}

func (d database) required() (string, error) {
	if d.URL == "" {
		return "", usagef("no database is configured: set HIRELOOP_DATABASE_URL to file:hireloop.db or postgres://…")
	}
	return d.URL, nil
}

// existing is required, and refuses a file that is not there, which would be made.
func (d database) existing() (string, error) {
	url, err := d.required()
	if path, is := strings.CutPrefix(url, "file:"); is && err == nil {
		path, _, _ = strings.Cut(path, "?")
		if _, gone := os.Stat(path); gone != nil {
			return "", usagef("--database-url %s: %v", url, gone)
		}
	}
	return url, err
}

type serveCommand struct {
	database
	identityProviders
	norms
	gates
	watching
	Addr          string        `default:"127.0.0.1:8080" env:"HIRELOOP_ADDR" help:"Where to listen."`
	GraphiQL      bool          `name:"graphiql" env:"HIRELOOP_GRAPHIQL" help:"Serve the page for trying queries at /; turns introspection on."`
	Introspection bool          `env:"HIRELOOP_INTROSPECTION" help:"Let clients ask for the schema."`
	Drain         time.Duration `default:"20s" env:"HIRELOOP_DRAIN" help:"How long requests under way may take after a signal to stop."`
}

// Run serves until ctx ends, then lets requests under way finish.
func (c *serveCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	providers, err := c.verifier()
	if err != nil {
		return err
	}
	norms, err := c.read()
	if err != nil {
		return err
	}
	watch, err := c.begin(ctx, term.logger)
	if err != nil {
		return err
	}
	app, err := openWith(ctx, url, store.Options{Logger: term.logger, Observe: watch.Statement})
	if err != nil {
		return err
	}
	defer app.store.Close()
	app.hiring.Norms = norms
	if role, bypasses, err := store.Role(ctx, app.store); err != nil {
		return err
	} else if bypasses {
		term.logger.Warn("row-level security does not hold for this role, which is a superuser or has BYPASSRLS: connect as another", "role", role)
	}
	go func() {
		if err := providers.Load(ctx); err != nil && ctx.Err() == nil {
			term.logger.Warn("keys of identity providers are not loaded: they are asked for again", "error", err)
		}
	}()
	s := &service{
		app: app, entrance: entrance{hiring: app.hiring, providers: providers, logger: term.logger}, logger: term.logger,
		page: c.GraphiQL, introspection: c.Introspection || c.GraphiQL, drain: c.Drain,
		gates: c.gates, watching: c.watching, telemetry: watch,
	}
	return s.serve(ctx, c.Addr, func(address, ops string) error {
		b := build()
		term.logger.Info("serving", "url", "http://"+address, "ops", ops, "database", app.store.Dialect(),
			"version", b.Version, "revision", b.Revision)
		return nil
	})
}

// service is the HTTP side of an app.
type service struct {
	app           *app
	entrance      entrance
	logger        *slog.Logger
	page          bool
	introspection bool
	drain         time.Duration
	gates         gates
	watching      watching
	telemetry     *telemetry.Telemetry
}

func (s *service) handler(ctx context.Context) (http.Handler, error) {
	key, err := s.app.cursorKey(ctx)
	if err != nil {
		return nil, err
	}
	gates, err := s.gates.open(time.Now)
	if err != nil {
		return nil, err
	}
	api := graph.NewHandler(s.app.graph(), graph.HandlerOptions{
		CursorKey: key,
		HTTP: gqlhttp.Options{
			Logger: s.logger, Introspection: s.introspection,
			CrossOrigin: gates.crossOrigin, Budgets: gates.budgets, Principal: payer,
			AroundResponses: s.telemetry.Responses,
		},
	})
	signedIn := func(next http.Handler) http.Handler {
		return gates.signIns.Guard(s.entrance.identify(s.telemetry.SignedIn(next)))
	}
	charged := gqlhttp.Charge(gates.budgets, payer, reportCost, reports.NewHandler(s.app.hiring))
	files := gqlhttp.Plain(gates.reports.Guard(signedIn(charged)))
	mux := http.NewServeMux()
	mux.Handle("/graphql", gates.requests.Guard(signedIn(api)))
	mux.Handle("/reports/", files)
	for _, path := range reports.Paths() { // each a route, to be counted by itself
		mux.Handle(path, files)
	}
	s.probes(mux)
	if s.page {
		page := gqlhttp.GraphiQL("/graphql")
		mux.Handle("GET /{$}", page)
		mux.Handle("GET /graphiql/", page)
	}
	return gqlhttp.Identify(s.logger, gqlhttp.Contain(gqlhttp.Origins(gates.origins, originate(gates.proxies, s.telemetry.Requests(mux))))), nil
}

// probes are asked by whatever starts and stops servers.
func (s *service) probes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
}

// ready says whether requests can be answered: the database answers and is up
// to date.
func (s *service) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	pending, err := store.Pending(ctx, s.app.store)
	switch {
	case err != nil:
		s.logger.WarnContext(ctx, "not ready", "error", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	case len(pending) > 0:
		http.Error(w, "the database is being brought up to date", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ready")
	}
}

// loadPipelines brings the columns that dashboards count into memory. Requests
// that need them wait for it; should it fail, the first of them tries again.
func (s *service) loadPipelines(ctx context.Context) {
	f, err := s.app.hiring.LoadPipelines(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.logger.Error("pipelines are not loaded", "error", err)
		}
		return
	}
	s.logger.Info("pipelines loaded", "openings", f.Openings, "applications", f.Applications, "visits", f.Visits,
		"bytes", f.Bytes, "event", f.Event, "took", f.Took)
}

// newServer has an end for every client that is slow, in whatever it does.
func newServer(h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// serve listens until ctx ends; started is called with the addresses once
// requests are accepted.
func (s *service) serve(ctx context.Context, addr string, started func(address, ops string) error) error {
	defer s.flush(ctx)
	s.watch()
	handler, err := s.handler(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return usagef("--addr %s: %v", addr, err)
	}
	server := newServer(handler, s.logger)
	ops, stopOps, err := s.serveOps()
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer stopOps()
	go s.loadPipelines(ctx)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := started(listener.Addr().String(), ops); err != nil {
		_ = server.Close()
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.logger.Info("stopping", "drain", s.drain)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drain)
	defer cancel()
	if err := server.Shutdown(drain); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("some requests were cut off: %w", err)
	}
	return nil
}

// flush sends the traces of the last requests.
func (s *service) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.telemetry.Close(ctx); err != nil {
		s.logger.Warn("the last traces are lost", "error", err)
	}
}
