package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hireloop/hiring"
	"hireloop/internal/store"
)

// owner says how to reach the database as the role that owns the tables, where
// another one serves.
type owner struct {
	OwnerURL string `name:"database-owner-url" env:"HIRELOOP_DATABASE_OWNER_URL" placeholder:"URL" help:"The same PostgreSQL database, as the role that owns the tables; that of --database-url then needs no right but to connect."`
}

// purge makes the database forget those who were erased, which takes the role that
// owns the tables; without it the receipts stay open, and it says so.
func (o owner) purge(ctx context.Context, serving *hiring.Service, term *terminal) error {
	if o.OwnerURL != "" {
		d, err := store.Open(ctx, o.OwnerURL, store.Options{Logger: term.logger})
		if err != nil {
			return fmt.Errorf("HIRELOOP_DATABASE_OWNER_URL: %w", err)
		}
		defer d.Close()
		serving = &hiring.Service{Store: d, DB: hiring.NewClient(d), Now: time.Now}
	}
	err := serving.PurgeErased(ctx)
	if errors.Is(err, store.ErrNotOwner) {
		term.logger.WarnContext(ctx, "what the database itself keeps of those who were erased is still there: run this with HIRELOOP_DATABASE_OWNER_URL")
		return nil
	}
	return err
}
