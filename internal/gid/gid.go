// Package gid owns identity: one type for every entity's id, which carries the
// kind of thing it names, sorts by creation and is stored as a native uuid.
//
// It does not know the entities: a kind is a number and a noun.
package gid

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"hireloop/internal/fault"
)

// ID is a UUIDv7 whose byte 9 holds the kind: 48 bits of milliseconds, the
// version, 12 bits that count within the millisecond, the variant, the kind,
// and 48 random bits. It is shown as the noun, "_" and 26 base32 digits.
type ID [16]byte

// Nil is no id. It never names anything.
var Nil ID

// digits are Crockford's: no I, L, O, U; lower case; they sort as the bytes do.
var digits = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Kind tells what an id names; Nil's kind is 0.
func (i ID) Kind() Kind { return Kind(i[9]) }

// IsNil reports whether i is no id.
func (i ID) IsNil() bool { return i == Nil }

// Time is when the id was made, to the millisecond.
func (i ID) Time() time.Time {
	var ms [8]byte
	copy(ms[2:], i[:6])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:]))).UTC()
}

// String shows the id as clients see it: "opening_01k8…".
func (i ID) String() string {
	if i.IsNil() {
		return ""
	}
	return i.Kind().Noun() + "_" + digits.EncodeToString(i[:])
}

// UUID shows the id as the database keeps it.
func (i ID) UUID() string {
	var b [36]byte
	hex.Encode(b[0:8], i[0:4])
	hex.Encode(b[9:13], i[4:6])
	hex.Encode(b[14:18], i[6:8])
	hex.Encode(b[19:23], i[8:10])
	hex.Encode(b[24:36], i[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// Parse reads what String wrote. Noun and kind byte must agree; anything else
// is refused with an error that quotes nothing.
func Parse(s string) (ID, error) {
	cut := strings.LastIndexByte(s, '_')
	if cut < 0 || len(s)-cut-1 != 26 {
		return Nil, errMalformed
	}
	raw, err := digits.DecodeString(s[cut+1:])
	if err != nil || len(raw) != 16 {
		return Nil, errMalformed
	}
	i := ID(raw)
	// Re-encoding refuses spellings whose last digit carries stray bits.
	if k := i.Kind(); !k.known() || i.String() != s {
		return Nil, errMalformed
	}
	return i, nil
}

var errMalformed error = fault.Invalidf("", "not an id of this API").WithHint("send ids as you got them")

// ParseUUID reads the database's form.
func ParseUUID(s string) (ID, error) { return parseUUID(s) }

func parseUUID[T string | []byte](s T) (ID, error) {
	var i ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return Nil, errNotUUID
	}
	var digits [32]byte
	copy(digits[0:], s[0:8])
	copy(digits[8:], s[9:13])
	copy(digits[12:], s[14:18])
	copy(digits[16:], s[19:23])
	copy(digits[20:], s[24:])
	if _, err := hex.Decode(i[:], digits[:]); err != nil {
		return Nil, errNotUUID
	}
	return i, nil
}

var errNotUUID = errors.New("not a uuid")

// Value stores the canonical uuid text, which both databases take.
func (i ID) Value() (driver.Value, error) { return i.UUID(), nil }

// Scan reads a uuid column.
func (i *ID) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*i = Nil
	case string:
		*i, err = parseUUID(v)
	case []byte:
		*i, err = parseUUID(v)
	default:
		err = fmt.Errorf("cannot scan %T", src)
	}
	if err != nil {
		return fmt.Errorf("gid: %w", err)
	}
	return nil
}

// MarshalGQL writes the id as a JSON string.
func (i ID) MarshalGQL(w io.Writer) { _, _ = w.Write(i.AppendGQL(nil)) }

// AppendGQL appends the id as a JSON string.
func (i ID) AppendGQL(b []byte) []byte {
	b = append(b, '"')
	if !i.IsNil() {
		b = append(append(b, i.Kind().Noun()...), '_')
		b = digits.AppendEncode(b, i[:])
	}
	return append(b, '"')
}

// UnmarshalGQL reads an id that a client sent.
func (i *ID) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return errMalformed
	}
	parsed, err := Parse(s)
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}

// MarshalJSON writes the form that clients see.
func (i ID) MarshalJSON() ([]byte, error) { return json.Marshal(i.String()) }

// UnmarshalJSON reads the form that clients see; "" is Nil.
func (i *ID) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if s == "" {
		*i = Nil
		return nil
	}
	return i.UnmarshalGQL(s)
}

// Generator makes ids. Each one that New makes is greater than the one before,
// also when the clock stands still or steps back. The zero Generator is not usable: see NewGenerator.
type Generator struct {
	now    func() time.Time
	random io.Reader

	mu     sync.Mutex
	newest uint64 // milliseconds << 12 | count, of the newest id that New made
	past   uint64 // the same, of the id that At made last
}

// NewGenerator makes ids from this clock and this randomness; nil means the
// real ones. Tests and the demo pass their own and get the same ids every time.
func NewGenerator(now func() time.Time, random io.Reader) *Generator {
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	return &Generator{now: now, random: random}
}

// New makes an id of this kind at the generator's present time.
func (g *Generator) New(kind Kind) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.newest = max(stamp(g.now()), g.newest+1)
	return g.make(kind, g.newest)
}

// At makes an id of this kind for a thing created at t, in the past: imports
// and demo data sort where they belong. Ids of one millisecond ascend only
// while they are made one after the other.
func (g *Generator) At(kind Kind, t time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := stamp(t)
	if g.past>>12 == at>>12 {
		at |= (g.past + 1) & 0xfff
	}
	g.past = at
	return g.make(kind, at)
}

func stamp(t time.Time) uint64 { return uint64(t.UnixMilli()) << 12 }

func (g *Generator) make(kind Kind, stamp uint64) ID {
	var i ID
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], stamp>>12)
	copy(i[:6], ms[2:])
	i[6] = 0x70 | byte(stamp>>8)&0x0f
	i[7] = byte(stamp)
	if _, err := io.ReadFull(g.random, i[10:]); err != nil {
		panic("gid: no randomness: " + err.Error()) // crypto/rand never fails; a test's reader must not
	}
	i[8] = 0x80
	i[9] = byte(kind)
	return i
}
