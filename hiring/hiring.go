// Package hiring owns the use cases: every write, one exported method per
// mutation and of the same name, each in one transaction with its audit entry
// and event; and the reads that decide or aggregate.
//
// It does not own arithmetic (rubric, funnel), who may see what
// (internal/access), or how answers look (graph).
package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// NewClient is the way to the tables: under the rules of who sees what, and with
// what is written and read watched for the audit trail.
func NewClient(s *store.DB) *db.Client {
	client := db.NewClient(db.Driver(s.Driver()))
	access.Protect(client)
	client.Intercept(watchReads())
	client.Use(watchWrites)
	return client
}

// Service is the use cases over one database.
type Service struct {
	Store *store.DB
	DB    *db.Client // see NewClient
	IDs   *gid.Generator
	Now   func() time.Time
	Norms Norms

	columns columnCache
	keyUses keyUses
	reads   recordedReads
}

// write is the transaction of one use case.
type write struct {
	*db.Tx
	service *Service
	viewer  *access.Viewer
	now     time.Time // of the whole transaction, in microseconds
	action  string    // the mutation, for the audit trail

	events  []happening // that end it, in order
	entries []auditEntry
	written []written
}

// change runs one use case in one transaction; it may run fn again after a
// lost race for a lock, so fn must not change anything outside the database.
// Nobody who has not signed in changes anything.
func (s *Service) change(ctx context.Context, action string, fn func(context.Context, *write) error) error {
	viewer := access.ViewerOf(ctx)
	if viewer == nil {
		return fault.Deniedf("sign in first")
	}
	if viewer.ReadOnly {
		return fault.Deniedf("this API key is for reading")
	}
	defer access.Forget(ctx)
	return s.Store.Retry(access.Unremembering(ctx), func(ctx context.Context) error {
		return store.Transact(ctx, s.DB.Tx, func(ctx context.Context, tx *db.Tx) error {
			w := &write{
				Tx: tx, service: s, viewer: viewer, action: action,
				now: s.Now().UTC().Truncate(time.Microsecond),
			}
			if err := fn(context.WithValue(ctx, writeKey{}, w), w); err != nil {
				return err
			}
			if err := writeAudit(ctx, s.Store.Dialect(), w, w.audited()); err != nil {
				return err
			}
			return w.writeEvents(ctx) // last, so that their lock is held shortly
		})
	})
}

// create is change for a use case that comes to know the id it answers with, such
// as that of what it makes. It is Nil when the use case fails.
func (s *Service) create(ctx context.Context, action string, fn func(context.Context, *write) (gid.ID, error)) (gid.ID, error) {
	var id gid.ID
	err := s.change(ctx, action, func(ctx context.Context, w *write) (err error) {
		id, err = fn(ctx, w)
		return err
	})
	if err != nil {
		return gid.Nil, err
	}
	return id, nil
}

// id makes the id of a new row.
func (w *write) id(kind gid.Kind) gid.ID { return w.service.IDs.New(kind) }

// happening is what an event says.
type happening struct {
	Type        string // noun.verbed, e.g. application.advanced
	Subject     gid.ID
	Opening     gid.ID // Nil when it concerns none
	Application gid.ID // Nil when it concerns none
}

// emit adds an event to those that end this use case.
func (w *write) emit(h happening) { w.events = append(w.events, h) }

// writeEvents writes the events in the order in which they were emitted.
func (w *write) writeEvents(ctx context.Context) error {
	for _, h := range w.events {
		create := w.Event.Create().
			SetType(h.Type).SetSubjectID(h.Subject).
			SetActorID(w.viewer.Member).SetRecordedAt(w.now)
		if !h.Opening.IsNil() {
			create.SetOpeningID(h.Opening)
		}
		if !h.Application.IsNil() {
			create.SetApplicationID(h.Application)
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Recall asks what a viewer is kept from: see access.Remembering.
func (s *Service) Recall(ctx context.Context, query string, args []any, yield func(set string, id gid.ID)) error {
	return store.Query(ctx, s.Store.SQL(), query, args...).Each(func(row store.Row) error {
		var set string
		var id gid.ID
		err := row.Scan(&set, &id)
		if err == nil {
			yield(set, id)
		}
		return err
	})
}
