package testdb

import (
	"context"
	"errors"

	"hireloop/internal/store"
)

// Scratch opens an empty PostgreSQL database for a program that is not a test,
// on the same server that tests would use. close removes it.
func Scratch(ctx context.Context) (db *store.DB, close func() error, err error) {
	s, err := postgres()
	if err != nil {
		return nil, nil, err
	}
	name := s.name()
	if err := s.create(ctx, name, "template0"); err != nil {
		return nil, nil, err
	}
	drop := func() error {
		_, err := s.db.SQL().ExecContext(ctx, `DROP DATABASE "`+name+`" WITH (FORCE)`)
		return err
	}
	db, err = store.Open(ctx, s.urlOf(name), store.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, drop())
	}
	return db, func() error { return errors.Join(db.Close(), drop()) }, nil
}
