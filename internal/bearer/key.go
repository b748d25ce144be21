// Package bearer owns the form of API keys: how one is written as a bearer
// token, and the digest by which its secret is known again.
//
// It does not own what a key may do (access), its life (hiring) or how a request
// carries it (server).
package bearer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"hireloop/internal/gid"
)

// A key is written hl_<id>.<secret>: those who scan code and logs for secrets
// know it by its beginning, and it is found by its id.
const (
	mark        = "hl_"
	secretBytes = 32
)

// noun is the beginning of the id that stands in the mark's place.
var noun = gid.ApiKey.Noun() + "_"

// DigestSize is how many bytes a digest has.
const DigestSize = sha256.Size

// NewKey makes a secret for the key with this id: the token to hand over once,
// and the digest to keep. A secret of 256 random bits needs no slow hash.
func NewKey(id gid.ID) (token string, digest []byte) {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails
	return mark + strings.TrimPrefix(id.String(), noun) + "." + base64.RawURLEncoding.EncodeToString(secret), digestOf(secret)
}

// IsKey reports whether a token means to be a key.
func IsKey(token string) bool { return strings.HasPrefix(token, mark) }

// ParseKey reads the id of a key and the digest of its secret. What is no key has
// the id Nil, which no key has, and the digest of no secret, which none has either:
// whoever looks it up all the same takes the same time for it.
func ParseKey(token string) (gid.ID, []byte) {
	text, secret, _ := strings.Cut(strings.TrimPrefix(token, mark), ".")
	id, err := gid.Parse(noun + text)
	raw, wrong := base64.RawURLEncoding.Strict().DecodeString(secret)
	long := len(secret) == base64.RawURLEncoding.EncodedLen(secretBytes) // decoding passes over line breaks
	if !IsKey(token) || err != nil || id.Kind() != gid.ApiKey || wrong != nil || !long || len(raw) != secretBytes {
		return gid.Nil, digestOf(nil)
	}
	return id, digestOf(raw)
}

// SameDigest compares digests in a time that does not tell where they differ.
func SameDigest(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

func digestOf(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}
