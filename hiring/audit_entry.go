package hiring

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// auditEntry is an entry of the audit trail before it is stored: who did, read or
// was refused what. Nobody did what the program itself does.
type auditEntry struct {
	id      gid.ID
	at      time.Time
	kind    auditentry.Kind
	actor   gid.ID // Nil for the program
	key     gid.ID // Nil for people
	action  string
	subject gid.ID // Nil when it is about nothing in particular
	details map[string]any
	changes []schema.AuditChange
	from    access.Origin
}

// newAuditEntry is an entry about what the viewer in ctx does.
func (s *Service) newAuditEntry(ctx context.Context, kind auditentry.Kind, action string, subject gid.ID, details map[string]any) auditEntry {
	e := auditEntry{
		id: s.IDs.New(gid.AuditEntry), at: s.Now().UTC().Truncate(time.Microsecond), kind: kind, action: action,
		subject: subject, details: details, from: access.OriginOf(ctx),
	}
	if v := access.ViewerOf(ctx); v != nil {
		e.actor, e.key = v.Member, v.Key
	}
	return e
}

// record adds to the audit trail what this use case did to the subject. The entry
// tells also which fields of rows it changed: see audited. Details hold ids, states
// and numbers, never what identifies a candidate, nor prose.
func (w *write) record(ctx context.Context, subject gid.ID, details map[string]any) error {
	e := w.service.newAuditEntry(ctx, auditentry.KindWRITE, w.action, subject, toldDetails(details))
	e.at, e.actor, e.key = w.now, w.viewer.Member, w.viewer.Key
	w.entries = append(w.entries, e)
	return nil
}

// execer is a pool or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// maxEntries is how many entries one statement adds: SQLite binds no more than
// 32,766 values.
const maxEntries = 1000

// writeAudit adds entries to the audit trail, in one statement unless there are
// very many.
func writeAudit(ctx context.Context, to execer, entries []auditEntry) error {
	ctx = access.System(ctx) // where a thing belongs does not depend on who sees it
	for len(entries) > 0 {
		n := min(len(entries), maxEntries)
		var text strings.Builder
		text.WriteString("INSERT INTO audit_entries (id, recorded_at, kind, actor_id, api_key_id, action, subject_id," +
			" details, changes, address, request_id, digest, opening_id, application_id, loop_id) VALUES ")
		var args []any
		for i, e := range entries[:n] {
			stored, err := e.stored()
			if err != nil {
				return fmt.Errorf("audit entry of %s: %w", e.action, err)
			}
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString("(")
			for _, value := range stored {
				args = append(args, value)
				fmt.Fprintf(&text, "$%d, ", len(args))
			}
			opening, application, loop := placeOf(e.subject.Kind(), fmt.Sprintf("$%d", len(args)-len(stored)+subjectColumn))
			fmt.Fprintf(&text, "%s, %s, %s)", opening, application, loop)
		}
		if _, err := to.ExecContext(ctx, text.String(), args...); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

// subjectColumn is which of the values of stored is the subject, from 1.
const subjectColumn = 7

// stored is the entry's columns but those that placeOf finds.
func (e auditEntry) stored() ([]any, error) {
	if e.details == nil {
		e.details = map[string]any{}
	}
	details, err := json.Marshal(e.details)
	if err != nil {
		return nil, err
	}
	if e.changes == nil {
		e.changes = []schema.AuditChange{}
	}
	changed, err := json.Marshal(e.changes)
	if err != nil {
		return nil, err
	}
	sum, err := digest(e.id, e.at, string(e.kind), e.actor, e.key, e.action, e.subject, details, changed, e.from)
	if err != nil {
		return nil, err
	}
	return []any{
		e.id, e.at, string(e.kind), given(e.actor), given(e.key), e.action, given(e.subject),
		string(details), string(changed), e.from.Address, e.from.RequestID, sum,
	}, nil
}

// digest is SHA-256 over the canonical JSON of what an entry says: databases keep
// JSON in an order of their own.
func digest(id gid.ID, at time.Time, kind string, actor, key gid.ID, action string, subject gid.ID, details, changes []byte, from access.Origin) ([]byte, error) {
	said := []any{id, at.UTC().Format(time.RFC3339Nano), kind, actor, key, action, subject, from.Address, from.RequestID}
	for _, raw := range [][]byte{details, changes} {
		var value any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		said = append(said, value)
	}
	text, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// RecordRun adds to the audit trail what the program itself did in a transaction,
// such as a run of an importer.
func RecordRun(ctx context.Context, tx execer, ids *gid.Generator, at time.Time, action string, subject gid.ID, details map[string]any) error {
	return writeAudit(ctx, tx, []auditEntry{{
		id: ids.New(gid.AuditEntry), at: at, kind: auditentry.KindWRITE, action: action, subject: subject, details: details,
	}})
}
