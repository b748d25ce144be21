package hiring

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// AuditHead is a place in the audit trail: its length there, and the hash over all
// up to it. Whoever keeps one elsewhere can tell later whether the trail before it
// was touched, also by somebody who wrote the whole chain anew.
type AuditHead struct {
	Length int64
	Hash   string // in hexadecimal
}

// VerifyAudit follows the whole chain of the audit trail and gives its end. The
// error says which entry was changed, taken away or put in. known are ends that
// were kept.
func (s *Service) VerifyAudit(ctx context.Context, known ...AuditHead) (AuditHead, error) {
	ctx = access.System(ctx)
	var head AuditHead
	var chain []byte
	err := store.Query(ctx, s.Store.SQL(), `SELECT l.id, l.entry_id, l.hash, e.recorded_at, e.kind, e.actor_id, e.api_key_id,
		e.action, e.subject_id, e.details, e.changes, e.address, e.request_id
		FROM audit_links l LEFT JOIN audit_entries e ON e.id = l.entry_id ORDER BY l.id`).Each(func(row store.Row) error {
		var e linkedEntry
		if err := e.scan(row); err != nil {
			return err
		}
		sum, err := e.digest()
		if err != nil {
			return err
		}
		chain = link(chain, sum)
		switch head.Length++; {
		case e.number != head.Length:
			return fmt.Errorf("entry %d of the audit trail is missing", head.Length)
		case e.at == nil:
			return fmt.Errorf("entry %d of the audit trail, %s, is missing", e.number, e.id)
		case !bytes.Equal(chain, e.hash):
			return fmt.Errorf("entry %d of the audit trail, %s, or its place in the chain was changed", e.number, e.id)
		}
		head.Hash = hex.EncodeToString(chain)
		for _, k := range known {
			if k.Length == head.Length && k.Hash != head.Hash {
				return fmt.Errorf("the audit trail up to entry %d is another one than it was", head.Length)
			}
		}
		return nil
	})
	if err != nil {
		return head, err
	}
	for _, k := range known {
		if k.Length > head.Length {
			return head, fmt.Errorf("the audit trail ends with entry %d, and had %d", head.Length, k.Length)
		}
	}
	return head, store.Query(ctx, s.Store.SQL(),
		"SELECT id FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_links) LIMIT 1").Each(func(row store.Row) error {
		var id gid.ID
		if err := row.Scan(&id); err != nil {
			return err
		}
		return fmt.Errorf("%s of the audit trail is in no place of the chain", id)
	})
}

// link is the hash of the chain with one entry more, as the triggers of
// internal/store make it.
func link(chain, digest []byte) []byte {
	sum := sha256.Sum256(append(bytes.Clone(chain), digest...))
	return sum[:]
}

// linkedEntry is a link of the chain with the entry that it is of, whose columns
// are nil when there is none.
type linkedEntry struct {
	number                int64
	id                    gid.ID
	hash                  []byte
	at                    *time.Time
	actor, key, subject   *gid.ID
	kind, action          *string
	address, request      *string
	detailsRaw, changeRaw []byte
}

func (e *linkedEntry) scan(row store.Row) error {
	return row.Scan(&e.number, &e.id, &e.hash, &e.at, &e.kind, &e.actor, &e.key,
		&e.action, &e.subject, &e.detailsRaw, &e.changeRaw, &e.address, &e.request)
}

// digest is that of the entry as it stands; nil when there is none.
func (e *linkedEntry) digest() ([]byte, error) {
	if e.at == nil {
		return nil, nil
	}
	return digest(e.id, *e.at, *e.kind, orElse(e.actor, gid.Nil), orElse(e.key, gid.Nil), *e.action, orElse(e.subject, gid.Nil),
		e.detailsRaw, e.changeRaw, access.Origin{Address: *e.address, RequestID: *e.request})
}
