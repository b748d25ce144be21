package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"hireloop/ent/db"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
)

// credentials is the key that signs tokens.
type credentials struct {
	TokenKey     string `env:"HIRELOOP_TOKEN_KEY" help:"Key that signs tokens: at least 32 random bytes in base64 (openssl rand -base64 32)."`
	TokenKeyFile string `env:"HIRELOOP_TOKEN_KEY_FILE" help:"File that holds the key, instead of the key itself."`
}

const leastKey = 32 // bytes, as long as what HMAC-SHA-256 makes

func (c credentials) key() ([]byte, error) {
	text := c.TokenKey
	switch {
	case c.TokenKey != "" && c.TokenKeyFile != "":
		return nil, usagef("give HIRELOOP_TOKEN_KEY or HIRELOOP_TOKEN_KEY_FILE, not both")
	case c.TokenKeyFile != "":
		raw, err := os.ReadFile(c.TokenKeyFile)
		if err != nil {
			return nil, usagef("HIRELOOP_TOKEN_KEY_FILE: %v", err)
		}
		text = string(raw)
	case c.TokenKey == "":
		return nil, usagef("no credentials are configured: set HIRELOOP_TOKEN_KEY to at least 32 random bytes in base64" +
			" (openssl rand -base64 32), or HIRELOOP_TOKEN_KEY_FILE to a file that holds them")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) < leastKey {
		return nil, usagef("HIRELOOP_TOKEN_KEY: needs at least %d bytes in base64", leastKey)
	}
	return key, nil
}

// issuer signs and checks tokens: JWTs with HMAC-SHA-256, whose subject is a
// member's id.
type issuer struct {
	key []byte
	now func() time.Time
}

const issuedBy = "hireloop"

func (i issuer) sign(member gid.ID, lifetime time.Duration) (string, error) {
	now := i.now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: issuedBy, Audience: jwt.ClaimStrings{issuedBy}, Subject: member.String(),
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(lifetime)),
	}).SignedString(i.key)
}

var errNotSignedIn = errors.New("sign in first: send a valid token as \"Authorization: Bearer …\"")

// check reads the member out of a token; why a token is bad is not told.
func (i issuer) check(token string) (gid.ID, error) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return i.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuedBy), jwt.WithAudience(issuedBy),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(i.now), jwt.WithLeeway(30*time.Second))
	if err != nil {
		return gid.Nil, errNotSignedIn
	}
	member, err := gid.Parse(claims.Subject)
	if err != nil || member.Kind() != gid.Member {
		return gid.Nil, errNotSignedIn
	}
	return member, nil
}

// identify puts the viewer of a request into its context, or answers 401. What
// a member may do is read anew for each request, so that it can be taken away.
func (a *app) identify(tokens issuer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		viewer, err := a.viewer(r.Context(), tokens, r.Header.Values("Authorization"))
		if errors.Is(err, errNotSignedIn) {
			gqlhttp.Refuse(w, r, http.StatusUnauthorized, gqlhttp.Errorf(gqlhttp.CodeUnauthenticated, "%s", err))
			return
		}
		if err != nil {
			gqlhttp.Refuse(w, r, http.StatusServiceUnavailable, gqlhttp.Present(r.Context(), err))
			return
		}
		next.ServeHTTP(w, r.WithContext(access.WithViewer(r.Context(), viewer)))
	})
}

func (a *app) viewer(ctx context.Context, tokens issuer, headers []string) (*access.Viewer, error) {
	if len(headers) != 1 {
		return nil, errNotSignedIn
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, errNotSignedIn
	}
	id, err := tokens.check(strings.TrimSpace(token))
	if err != nil {
		return nil, err
	}
	m, err := a.db.Member.Get(access.System(ctx), id)
	if db.IsNotFound(err) {
		return nil, errNotSignedIn
	}
	if err != nil {
		return nil, fmt.Errorf("identify: %w", err)
	}
	if m.DeactivatedAt != nil {
		return nil, errNotSignedIn
	}
	viewer := &access.Viewer{Member: id}
	for _, role := range m.Roles {
		viewer.Roles = append(viewer.Roles, access.Role(role))
	}
	return viewer, nil
}
