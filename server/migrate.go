package main

import (
	"context"
	"fmt"

	"hireloop/internal/store"
)

type migrateCommand struct {
	database
	owner
}

// Run brings the database up to date, and has it forget what earlier erasures left in
// its own traces.
func (c *migrateCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	if c.OwnerURL != "" {
		if err := c.migrateAsOwner(ctx, url, term); err != nil {
			return err
		}
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	if err := c.purge(ctx, app.hiring, term); err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, "The database is up to date.")
	return err
}

// migrateAsOwner migrates and lets the role that serves do so.
func (c *migrateCommand) migrateAsOwner(ctx context.Context, url string, term *terminal) error {
	serving, err := store.Open(ctx, url, store.Options{Logger: term.logger})
	if err != nil {
		return err
	}
	defer serving.Close()
	role, _, err := store.Role(ctx, serving)
	if err != nil {
		return err
	}
	if role == "" {
		return usagef("--database-owner-url: SQLite has no roles; leave it out")
	}
	owner, err := store.Open(ctx, c.OwnerURL, store.Options{Logger: term.logger})
	if err != nil {
		return fmt.Errorf("HIRELOOP_DATABASE_OWNER_URL: %w", err)
	}
	defer owner.Close()
	same, _, err := store.Role(ctx, owner)
	if err != nil {
		return err
	}
	if same == role {
		_, err = store.Migrate(ctx, owner)
		return err
	}
	_, err = store.Migrate(ctx, owner, role)
	return err
}
