package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"hireloop/graph"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/reports"
	"hireloop/internal/store"
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

type serveCommand struct {
	database
	credentials
	norms
	proxies
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
	key, err := c.key()
	if err != nil {
		return err
	}
	norms, err := c.read()
	if err != nil {
		return err
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	app.hiring.Norms = norms
	s := &service{
		app: app, tokens: issuer{key: key, now: time.Now}, logger: term.logger,
		proxies: c.proxies, page: c.GraphiQL, introspection: c.Introspection || c.GraphiQL, drain: c.Drain,
	}
	return s.serve(ctx, c.Addr, func(address string) error {
		term.logger.Info("serving", "url", "http://"+address, "database", app.store.Dialect())
		return nil
	})
}

// service is the HTTP side of an app.
type service struct {
	app           *app
	tokens        issuer
	logger        *slog.Logger
	proxies       proxies
	page          bool
	introspection bool
	drain         time.Duration
}

func (s *service) handler(ctx context.Context) (http.Handler, error) {
	key, err := s.app.cursorKey(ctx)
	if err != nil {
		return nil, err
	}
	api := graph.NewHandler(s.app.graph(), graph.HandlerOptions{
		CursorKey: key,
		HTTP:      gqlhttp.Options{Logger: s.logger, Introspection: s.introspection},
	})
	mux := http.NewServeMux()
	mux.Handle("/graphql", s.app.identify(s.tokens, api))
	mux.Handle("/reports/", s.app.identify(s.tokens, reports.NewHandler(s.app.hiring)))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	if s.page {
		page := gqlhttp.GraphiQL("/graphql")
		mux.Handle("GET /{$}", page)
		mux.Handle("GET /graphiql/", page)
	}
	return gqlhttp.Identify(s.logger, s.proxies.originate(mux)), nil
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

// serve listens until ctx ends; started is called with the address once
// requests are accepted.
func (s *service) serve(ctx context.Context, addr string, started func(address string) error) error {
	handler, err := s.handler(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return usagef("--addr %s: %v", addr, err)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	go s.loadPipelines(ctx)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := started(listener.Addr().String()); err != nil {
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
