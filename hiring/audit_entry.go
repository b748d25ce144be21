package hiring

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
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
	return w.recordAs(ctx, auditentry.KindWRITE, subject, details)
}

// recordAs is record for what is no change, or no change alone.
func (w *write) recordAs(ctx context.Context, kind auditentry.Kind, subject gid.ID, details map[string]any) error {
	e := w.service.newAuditEntry(ctx, kind, w.action, subject, toldDetails(details))
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
func writeAudit(ctx context.Context, in string, to execer, entries []auditEntry) error {
	ctx = access.System(ctx) // where a thing belongs does not depend on who sees it
	for part := range slices.Chunk(entries, maxEntries) {
		text, args, err := addingEntries(in, part)
		if err != nil {
			return err
		}
		if _, err := to.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// entryColumns are the columns that entries bring along, with their types on
// PostgreSQL; that of the noun says what kind of thing the subject is. Where the
// subject belongs is found by it.
var entryColumns = []struct{ name, kind string }{
	{"id", "uuid"}, {"recorded_at", "timestamptz"}, {"kind", "text"}, {"actor_id", "uuid"}, {"api_key_id", "uuid"}, {"action", "text"},
	{"subject_id", "uuid"}, {"details", "jsonb"}, {"changes", "jsonb"}, {"address", "text"}, {"request_id", "text"}, {"digest", "bytea"},
	{"noun", "text"},
}

// addingEntries is the statement that adds entries, in the SQL of an engine. It
// asks once for the places of all things of a kind.
func addingEntries(in string, entries []auditEntry) (string, []any, error) {
	var names []string
	for _, c := range entryColumns {
		names = append(names, c.name)
	}
	all, brought := strings.Join(names, ", "), strings.Join(names[:len(names)-1], ", ")
	var rows []string
	var args []any
	var kinds []gid.Kind
	for i, e := range entries {
		stored, err := e.stored()
		if err != nil {
			return "", nil, fmt.Errorf("audit entry of %s: %w", e.action, err)
		}
		noun := ""
		if kind := e.subject.Kind(); !e.subject.IsNil() {
			if noun = kind.Noun(); !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		var marks []string
		for j, value := range append(stored, noun) {
			args = append(args, value)
			mark := fmt.Sprintf("$%d", len(args))
			if in == dialect.Postgres && i == 0 { // the first row says for all
				mark += "::" + entryColumns[j].kind
			}
			marks = append(marks, mark)
		}
		rows = append(rows, "("+strings.Join(marks, ", ")+")")
	}
	slices.Sort(kinds)
	return fmt.Sprintf("WITH e (%s) AS (VALUES %s) INSERT INTO audit_entries (%s, opening_id, application_id, loop_id) SELECT %[3]s, %s FROM e",
		all, strings.Join(rows, ", "), brought, placesByKind(kinds, "subject_id")), args, nil
}

// stored is the entry's values of entryColumns but the noun.
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
func RecordRun(ctx context.Context, d *store.DB, tx execer, ids *gid.Generator, at time.Time, action string, subject gid.ID, details map[string]any) error {
	return writeAudit(ctx, d.Dialect(), tx, []auditEntry{{
		id: ids.New(gid.AuditEntry), at: at, kind: auditentry.KindWRITE, action: action, subject: subject, details: details,
	}})
}
