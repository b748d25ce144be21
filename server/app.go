package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/setting"
	"hireloop/graph"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// app is the parts that commands share, over one open database.
type app struct {
	store  *store.DB
	db     *db.Client // guarded
	hiring *hiring.Service
}

// openApp opens the database, brings it up to date and installs the built-in
// content where it is missing.
func openApp(ctx context.Context, url string, logger *slog.Logger) (*app, error) {
	return openWith(ctx, url, store.Options{Logger: logger})
}

func openWith(ctx context.Context, url string, o store.Options) (*app, error) {
	s, err := store.Open(ctx, url, o)
	if err != nil {
		return nil, err
	}
	a := newApp(s)
	if err := a.prepare(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return a, nil
}

func newApp(s *store.DB) *app {
	client := hiring.NewClient(s)
	return &app{store: s, db: client, hiring: &hiring.Service{
		Store: s, DB: client, IDs: gid.NewGenerator(time.Now, nil), Now: time.Now,
	}}
}

func (a *app) prepare(ctx context.Context) error {
	if _, err := store.Migrate(ctx, a.store); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if drift, err := store.Drift(ctx, a.store); err != nil {
		return err
	} else if drift != "" {
		return fmt.Errorf("the database differs from what this version expects; it would need:\n%s", drift)
	}
	return a.hiring.InstallBuiltin(ctx)
}

// graph is the resolver over the app's database.
func (a *app) graph() *graph.Resolver { return &graph.Resolver{DB: a.db, Hiring: a.hiring} }

// cursorKey is the secret that seals cursors. It is made once and kept in the
// database, so that all servers over it read each other's cursors.
func (a *app) cursorKey(ctx context.Context) ([]byte, error) {
	const name = "cursor_key"
	ctx = access.System(ctx)
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	err := a.db.Setting.Create().SetID(name).SetContent(base64.StdEncoding.EncodeToString(fresh)).Exec(ctx)
	if _, _, taken := store.IsUniqueViolation(err); err != nil && !taken {
		return nil, err
	}
	kept, err := a.db.Setting.Query().Where(setting.ID(name)).Only(ctx)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(kept.Content)
}
