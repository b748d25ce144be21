package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"
)

// maxTries is how often a transaction is run before its failure is believed.
const maxTries = 8

// Tx is the end of a transaction: *sql.Tx and ent's Tx alike.
type Tx interface {
	Commit() error
	Rollback() error
}

// InTx runs fn in a write transaction and commits, or rolls back when fn fails
// or panics. It may run fn several times: see Retry.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return d.Retry(ctx, func(ctx context.Context) error {
		return Transact(ctx, func(ctx context.Context) (*sql.Tx, error) { return d.sql.BeginTx(ctx, nil) }, fn)
	})
}

// Transact runs fn once between begin and Commit. A context that is done
// neither begins nor commits, but once COMMIT is sent the context's end no
// longer reaches it: nil means committed, an error of the network means that
// nobody knows. The error is the context's when that has ended. For ent:
//
//	db.Retry(ctx, func(ctx context.Context) error { return store.Transact(ctx, client.Tx, fn) })
func Transact[T Tx](ctx context.Context, begin func(context.Context) (T, error), fn func(context.Context, T) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := begin(ctx)
	if err != nil {
		return because(ctx, err)
	}
	ended := false
	defer func() {
		if !ended { // fn failed or panicked; its own error is the one to tell
			_ = tx.Rollback()
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return because(ctx, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ended = true
	return because(ctx, tx.Commit())
}

// because puts the context's end before an error that only follows from it.
func because(ctx context.Context, err error) error {
	if end := ctx.Err(); err != nil && end != nil && !errors.Is(err, end) {
		return fmt.Errorf("%w: %w", end, err)
	}
	return err
}

// Retry runs fn, and again while it fails with IsRetryable, at most 8 times,
// with growing random pauses. fn must be one whole transaction and must not
// change anything outside the database.
func (d *DB) Retry(ctx context.Context, fn func(ctx context.Context) error) error {
	for try := 1; ; try++ {
		err := fn(ctx)
		if err == nil || try == maxTries || !IsRetryable(err) {
			return err
		}
		d.retries.Add(1)
		pause := time.Duration(rand.Int64N(int64(5*time.Millisecond) << try)) // below 10 ms, 20 ms, … 640 ms
		d.logger.LogAttrs(ctx, slog.LevelDebug, "transaction is tried again",
			slog.Int("try", try), slog.Duration("pause", pause), slog.Any("error", err))
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return because(ctx, err)
		}
	}
}
