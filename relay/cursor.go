package relay

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"hireloop/internal/gid"
)

// Reader is who reads, for cursors: they are sealed with the key, to the
// viewer, and belong to one list, filter and order.
type Reader struct {
	Key    []byte // secret, shared by all servers over one database
	Viewer string
	Now    func() time.Time
}

type readerKey struct{}

// WithReader returns a context in which lists can be paged.
func WithReader(ctx context.Context, r *Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

func readerOf(ctx context.Context) *Reader {
	if r, ok := ctx.Value(readerKey{}).(*Reader); ok {
		return r
	}
	panic("relay: the context has no Reader; see WithReader")
}

// cursor is where a page ends: the key and id of a row, and the moment as of
// which keys are computed.
type cursor struct {
	key  any
	id   gid.ID
	asOf time.Time
}

// payload is a cursor as it travels. The seal is over it and over the list.
type payload struct {
	Text   *string `json:"t,omitempty"`
	Number *int64  `json:"n,omitempty"`
	ID     string  `json:"i"`
	AsOf   int64   `json:"a"`
}

const sealBytes = 16

// list identifies what a cursor belongs to.
type list struct {
	reader *Reader
	name   string // of the list, its filter and its order
}

func (l list) seal(body []byte) []byte {
	mac := hmac.New(sha256.New, l.reader.Key)
	mac.Write([]byte(l.reader.Viewer))
	mac.Write([]byte{0})
	mac.Write([]byte(l.name))
	mac.Write([]byte{0})
	mac.Write(body)
	return mac.Sum(nil)[:sealBytes]
}

func (l list) encode(c cursor) string {
	p := payload{ID: c.id.String(), AsOf: c.asOf.UnixMicro()}
	switch k := c.key.(type) {
	case string:
		p.Text = &k
	case int64:
		p.Number = &k
	}
	body, _ := json.Marshal(p) // strings and numbers always marshal
	return base64.RawURLEncoding.EncodeToString(append(l.seal(body), body...))
}

// decode opens a cursor that encode sealed for the same viewer and list.
func (l list) decode(text string, t KeyType, keyed bool) (*cursor, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) <= sealBytes {
		return nil, false
	}
	seal, body := raw[:sealBytes], raw[sealBytes:]
	if !hmac.Equal(seal, l.seal(body)) {
		return nil, false
	}
	var p payload
	if json.Unmarshal(body, &p) != nil {
		return nil, false
	}
	at, err := gid.Parse(p.ID)
	if err != nil {
		return nil, false
	}
	c := &cursor{id: at, asOf: time.UnixMicro(p.AsOf).UTC()}
	if !keyed {
		return c, true
	}
	var key any
	switch {
	case p.Text != nil:
		key = *p.Text
	case p.Number != nil:
		key = *p.Number
	}
	bound, ok := t.bound(key)
	c.key = bound
	return c, ok
}
