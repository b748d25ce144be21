package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/bearer"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/oidc"
)

// identityProviders says whose tokens are accepted, beside API keys.
type identityProviders struct {
	Issuers   []string `name:"oidc-issuer" env:"HIRELOOP_OIDC_ISSUER" placeholder:"URL" help:"Identity provider whose tokens let people in; several, with commas between them. It must be trusted to verify e-mail addresses: members are known by them at first."`
	Audiences []string `name:"oidc-audience" env:"HIRELOOP_OIDC_AUDIENCE" placeholder:"NAME" help:"Whom tokens must be for: this API, as the identity provider calls it."`
}

func (p identityProviders) verifier() (*oidc.Verifier, error) {
	v, err := oidc.New(oidc.Options{Issuers: p.Issuers, Audiences: p.Audiences, Now: time.Now})
	if err != nil {
		return nil, usagef("--oidc-issuer, --oidc-audience: %v", err)
	}
	return v, nil
}

// entrance lets in who asks: a program by an API key, a person by a token of an
// identity provider, and anybody by the tokens of a demo.
type entrance struct {
	hiring    *hiring.Service
	providers *oidc.Verifier
	demo      demoTokens // nil but in a demo
	logger    *slog.Logger
}

// demoTokens are the members of a demo by the tokens that were shown for them.
// They are nowhere but in the memory of the program that shows them.
type demoTokens map[string]gid.ID

func (d demoTokens) issue(member gid.ID) string {
	token := "demo_" + rand.Text()
	d[token] = member
	return token
}

// identify puts the viewer of a request into its context, or answers 401. What
// a member may do is read anew for each request, so that it can be taken away.
func (e *entrance) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		viewer, err := e.viewer(r.Context(), r.Header.Values("Authorization"))
		switch {
		case err == nil:
			next.ServeHTTP(w, r.WithContext(access.WithViewer(r.Context(), viewer)))
		case errors.Is(err, hiring.ErrNotSignedIn):
			w.Header().Set("WWW-Authenticate", "Bearer")
			gqlhttp.Refuse(w, r, http.StatusUnauthorized, gqlhttp.Errorf(gqlhttp.CodeUnauthenticated,
				"sign in first: send one valid token as \"Authorization: Bearer …\""))
		case errors.Is(err, oidc.ErrUnavailable):
			e.logger.WarnContext(r.Context(), "tokens cannot be checked", "error", err)
			w.Header().Set("Retry-After", "60")
			gqlhttp.Refuse(w, r, http.StatusServiceUnavailable, gqlhttp.Errorf(gqlhttp.CodeUnavailable,
				"the identity provider does not answer: try again in a minute"))
		case r.Context().Err() != nil: // nobody waits any more
			gqlhttp.Refuse(w, r, http.StatusServiceUnavailable, gqlhttp.Present(r.Context(), err))
		default:
			e.logger.ErrorContext(r.Context(), "nobody can be let in", "error", err)
			w.Header().Set("Retry-After", "5")
			gqlhttp.Refuse(w, r, http.StatusServiceUnavailable, gqlhttp.Errorf(gqlhttp.CodeUnavailable,
				"who asks cannot be looked up: try again in a moment"))
		}
	})
}

// bearerToken is the form that RFC 6750 gives tokens.
var bearerToken = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

func (e *entrance) viewer(ctx context.Context, headers []string) (*access.Viewer, error) {
	if len(headers) != 1 {
		return nil, hiring.ErrNotSignedIn
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || !bearerToken.MatchString(token) {
		return nil, hiring.ErrNotSignedIn
	}
	if bearer.IsKey(token) {
		return e.byKey(ctx, token)
	}
	if member, shown := e.demo[token]; shown {
		return e.hiring.SignInMember(ctx, member)
	}
	claims, err := e.providers.Check(ctx, token)
	if errors.Is(err, oidc.ErrUnavailable) || ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		e.logger.DebugContext(ctx, "a token is refused", "because", err)
		return nil, hiring.ErrNotSignedIn
	}
	viewer, err := e.hiring.SignIn(ctx, hiring.Account{Issuer: claims.Issuer, Subject: claims.Subject, Email: claims.VerifiedEmail})
	if errors.Is(err, hiring.ErrNotSignedIn) {
		e.logger.DebugContext(ctx, "a valid token is of nobody", "issuer", claims.Issuer, "subject", claims.Subject, "hasVerifiedEmail", claims.VerifiedEmail != "")
	}
	return viewer, err
}

// noteWithin is how long a request waits for the use of its key to be written down.
const noteWithin = time.Second

func (e *entrance) byKey(ctx context.Context, token string) (*access.Viewer, error) {
	viewer, err := e.hiring.SignInByKey(ctx, token)
	if err != nil {
		return nil, err
	}
	noting, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	if err := e.hiring.NoteKeyUse(noting, viewer.Key); err != nil {
		// Reading goes on while the database cannot be written to.
		e.logger.WarnContext(ctx, "the use of an API key is not noted", "key", viewer.Key, "error", err)
	}
	return viewer, nil
}
