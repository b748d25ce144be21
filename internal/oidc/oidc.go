// Package oidc owns the check of bearer tokens that identity providers sign:
// OpenID Connect ID tokens, and access tokens that are JWTs. It finds an issuer's
// keys by discovery and follows their rotation.
//
// It does not own who the token's subject is here (hiring), nor cryptography
// (go-jose).
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// algorithms are those that tokens may be signed by. All have a public key: a
// token that uses one as if it were a shared secret (HS256) is not even parsed.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
	jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

const (
	leeway         = 30 * time.Second // between our clock and an issuer's
	longestSubject = 255              // characters, as OpenID Connect says
)

// ErrUnavailable says that nothing can be said of a token, as its issuer's keys
// were never had.
var ErrUnavailable = errors.New("the keys of the issuer cannot be had")

// Claims are what a token says of its bearer.
type Claims struct {
	Issuer        string
	Subject       string
	VerifiedEmail string // "" unless the issuer says that it verified it
}

// Options of New.
type Options struct {
	Issuers   []string // URLs, as tokens spell them
	Audiences []string // of which a token must name one
	Client    *http.Client
	Now       func() time.Time
}

// Verifier checks tokens of the configured issuers; the zero one has none.
type Verifier struct {
	audiences []string
	issuers   map[string]*issuer
	now       func() time.Time
}

// New checks the options; it asks nobody for keys yet.
func New(o Options) (*Verifier, error) {
	v := &Verifier{audiences: o.Audiences, issuers: map[string]*issuer{}, now: o.Now}
	for _, name := range o.Issuers {
		if err := safe(name); err != nil {
			return nil, fmt.Errorf("issuer %s: %w", name, err)
		}
		v.issuers[name] = &issuer{name: name, client: client(o.Client), now: o.Now}
	}
	if len(v.issuers) > 0 && (len(v.audiences) == 0 || slices.Contains(v.audiences, "")) {
		return nil, errors.New("say which audience tokens must be for: without one, a token that was made for another program would do")
	}
	return v, nil
}

// Load asks all issuers for their keys, and reports those that do not give any.
// Whether it succeeds or not, tokens can be checked: keys that are lacking are
// asked for again.
func (v *Verifier) Load(ctx context.Context) error {
	var errs []error
	for _, i := range v.issuers {
		if err := i.load(ctx); err != nil {
			errs = append(errs, fmt.Errorf("issuer %s: %w", i.name, err))
		}
	}
	return errors.Join(errs...)
}

// Check says of whom a token tells. The error says why it is not to be trusted,
// for logs; it holds nothing of the token but the names of issuers and keys.
func (v *Verifier) Check(ctx context.Context, token string) (Claims, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return Claims{}, err
	}
	header := parsed.Headers[0]
	if kind, _ := header.ExtraHeaders[jose.HeaderType].(string); !slices.Contains([]string{"", "jwt", "at+jwt", "application/at+jwt"}, strings.ToLower(kind)) {
		return Claims{}, fmt.Errorf("a token of type %q is not for signing in", kind)
	}
	var unverified struct {
		Issuer string `json:"iss"`
	}
	if err := parsed.UnsafeClaimsWithoutVerification(&unverified); err != nil {
		return Claims{}, err
	}
	from, known := v.issuers[unverified.Issuer]
	if !known {
		return Claims{}, errors.New("the issuer is not one of those that are configured")
	}
	key, err := from.key(ctx, header)
	if err != nil {
		return Claims{}, err
	}
	var registered jwt.Claims
	var more struct {
		Email         string `json:"email"`
		EmailVerified any    `json:"email_verified"`
		Events        any    `json:"events"`
	}
	if err := parsed.Claims(key, &registered, &more); err != nil {
		return Claims{}, err
	}
	expected := jwt.Expected{Issuer: from.name, AnyAudience: v.audiences, Time: v.now()}
	switch err := registered.ValidateWithLeeway(expected, leeway); {
	case err != nil:
		return Claims{}, err
	case registered.Expiry == nil:
		return Claims{}, errors.New("the token never expires")
	case registered.Subject == "" || len(registered.Subject) > longestSubject:
		return Claims{}, errors.New("the token names no subject, or one that is too long")
	case more.Events != nil: // it tells of a logout or the like
		return Claims{}, errors.New("the token tells of an event, it is not for signing in")
	}
	claims := Claims{Issuer: registered.Issuer, Subject: registered.Subject}
	if more.EmailVerified == true {
		claims.VerifiedEmail = more.Email
	}
	return claims, nil
}

// safe refuses an address that is not read over TLS, unless it is on this machine.
func safe(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("is not the address of a server")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()):
		return nil
	}
	return errors.New("must begin with https://")
}
