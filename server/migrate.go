package main

import (
	"context"
	"fmt"
)

type migrateCommand struct{ database }

// Run brings the database up to date.
func (c *migrateCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	_, err = fmt.Fprintln(term.out, "The database is up to date.")
	return err
}
