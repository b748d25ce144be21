package personal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// KeySetting is the setting that holds the key of digests, in base64.
const KeySetting = "erasure_key"

// Digest is how an erased person is known when another system names them again.
// It cannot be turned back; who has the key can still tell whether a name that they
// guess is it.
func Digest(key []byte, system, object, externalID string) string {
	h := hmac.New(sha256.New, key)
	for _, part := range []string{system, object, externalID} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
