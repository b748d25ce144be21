package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	askEvery    = time.Minute     // at most, whatever tokens name
	renewAfter  = time.Hour       // so that a key which was withdrawn goes
	askTimeout  = 5 * time.Second // for both documents together
	mostBytes   = 512 << 10       // of one document
	leastRSA    = 2048            // bits
	greatestRSA = 8192            // bits: checking a signature costs their square
)

// issuer holds the keys of an identity provider.
type issuer struct {
	name   string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	asked   time.Time     // when keys were last asked for
	renewed time.Time     // when they were last had
	asking  chan struct{} // closed when the answer is there; nil when nobody asks
	failure error         // of the last time
}

// key is the key that a token says it is signed with. An unknown one is asked for,
// at most once a minute; keys that are had stay while the issuer does not answer.
func (i *issuer) key(ctx context.Context, header jose.Header) (*jose.JSONWebKey, error) {
	i.mu.Lock()
	found, stale := i.find(header), i.now().Sub(i.renewed) >= renewAfter
	if found == nil || stale {
		i.ask()
	}
	asking := i.asking
	i.mu.Unlock()
	if found != nil {
		return found, nil // a stale one does for as long as renewing takes
	}
	if asking != nil {
		select {
		case <-asking:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if found := i.find(header); found != nil {
		return found, nil
	}
	if i.renewed.IsZero() {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, i.failure)
	}
	return nil, fmt.Errorf("the issuer has no key %q for %s", header.KeyID, header.Algorithm)
}

// find looks for a key; a token that names none means the only one.
func (i *issuer) find(header jose.Header) *jose.JSONWebKey {
	for n := range i.keys {
		k := &i.keys[n]
		named := k.KeyID == header.KeyID || header.KeyID == "" && len(i.keys) == 1
		if named && (k.Algorithm == "" || k.Algorithm == header.Algorithm) {
			return k
		}
	}
	return nil
}

// ask begins to read the keys anew, unless somebody does or did a moment ago. It
// goes on when the request that was first to miss them ends.
func (i *issuer) ask() {
	now := i.now()
	if i.asking != nil || !i.asked.IsZero() && now.Sub(i.asked) < askEvery {
		return
	}
	i.asked, i.asking = now, make(chan struct{})
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		keys, err := i.read(ctx)
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.failure = err; err == nil {
			i.keys, i.renewed = keys, now
		}
		close(i.asking)
		i.asking = nil
	}()
}

// load asks for the keys and waits for them.
func (i *issuer) load(ctx context.Context) error {
	i.mu.Lock()
	i.ask()
	asking := i.asking
	i.mu.Unlock()
	if asking != nil {
		select {
		case <-asking:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.failure
}

// read finds out where the issuer publishes its keys, and reads them.
func (i *issuer) read(ctx context.Context) ([]jose.JSONWebKey, error) {
	var about struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := i.get(ctx, strings.TrimSuffix(i.name, "/")+"/.well-known/openid-configuration", &about); err != nil {
		return nil, err
	}
	if about.Issuer != i.name {
		return nil, fmt.Errorf("it calls itself %q", about.Issuer)
	}
	if err := safe(about.Keys); err != nil {
		return nil, fmt.Errorf("jwks_uri %s: %w", about.Keys, err)
	}
	var set struct{ Keys []json.RawMessage }
	if err := i.get(ctx, about.Keys, &set); err != nil {
		return nil, err
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var k jose.JSONWebKey
		// Keys of a kind that is not known here are for others.
		if json.Unmarshal(raw, &k) == nil && k.Valid() && (k.Use == "" || k.Use == "sig") && strong(k) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it publishes no key that can be used")
	}
	return keys, nil
}

// strong reports whether a key is a public one of a length that is neither broken
// nor a burden.
func strong(k jose.JSONWebKey) bool {
	switch key := k.Key.(type) {
	case *rsa.PublicKey:
		return leastRSA <= key.N.BitLen() && key.N.BitLen() <= greatestRSA
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}

// get reads a JSON document of bounded size.
func (i *issuer) get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	answer, err := i.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, answer.Status)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	if err != nil {
		return err
	}
	if len(text) > mostBytes {
		return fmt.Errorf("%s answers more than %d bytes", address, mostBytes)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

// client goes nowhere else than it was sent.
func client(c *http.Client) *http.Client {
	if c == nil {
		c = &http.Client{}
	}
	stays := *c
	stays.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &stays
}
