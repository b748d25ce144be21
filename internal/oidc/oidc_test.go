package oidc_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"hireloop/internal/oidc"
)

// provider is an identity provider whose documents a test can change.
type provider struct {
	*httptest.Server
	t    *testing.T
	keys atomic.Pointer[[]jose.JSONWebKey]
	asks atomic.Int32 // of the keys
	// answers, when set, answers the request for the keys instead.
	answers atomic.Pointer[http.HandlerFunc]
	about   atomic.Pointer[map[string]any] // the discovery document
}

func newProvider(t *testing.T, keys ...signer) *provider {
	p := &provider{t: t}
	p.publish(keys...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(*p.about.Load())
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		p.asks.Add(1)
		if answer := p.answers.Load(); answer != nil {
			(*answer)(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": *p.keys.Load()})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	p.about.Store(&map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/keys"})
	return p
}

func (p *provider) publish(keys ...signer) {
	var public []jose.JSONWebKey
	for _, k := range keys {
		public = append(public, jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Use: "sig"})
	}
	p.keys.Store(&public)
}

func (p *provider) down(answer http.HandlerFunc) { p.answers.Store(&answer) }

func (p *provider) up() { p.answers.Store(nil) }

// signer is a private key of a provider.
type signer struct {
	id        string
	algorithm jose.SignatureAlgorithm
	private   crypto.Signer
}

// Keys are made once: RSA's take long.
var (
	rsaKey     = sync.OnceValue(func() signer { return newRSA("rsa", 2048) })
	shortKey   = sync.OnceValue(func() signer { return newRSA("short", 1024) })
	otherRSA   = sync.OnceValue(func() signer { return newRSA("rsa", 2048) })
	ecKey      = sync.OnceValue(func() signer { return newEC("ec") })
	rotatedKey = sync.OnceValue(func() signer { return newEC("rotated") })
	edwardsKey = sync.OnceValue(func() signer {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		return signer{"ed", jose.EdDSA, private}
	})
)

func newRSA(id string, bits int) signer {
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return signer{id, jose.RS256, private}
}

func newEC(id string) signer {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return signer{id, jose.ES256, private}
}

func (s signer) with(a jose.SignatureAlgorithm) signer { return signer{s.id, a, s.private} }

func (s signer) called(id string) signer { return signer{id, s.algorithm, s.private} }

// sign makes a token of these claims.
func (s signer) sign(t *testing.T, claims map[string]any, header ...string) string {
	t.Helper()
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{}}
	if s.id != "" {
		options.ExtraHeaders["kid"] = s.id
	}
	for i := 0; i < len(header); i += 2 {
		options.ExtraHeaders[jose.HeaderKey(header[i])] = header[i+1]
	}
	signing, err := jose.NewSigner(jose.SigningKey{Algorithm: s.algorithm, Key: s.private}, options)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signing.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// byHand makes a token with a header that no honest signer writes.
func byHand(header string, claims map[string]any, sign func(text string) []byte) string {
	body, _ := json.Marshal(claims)
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(sign(text))
}

// desk is a verifier of one provider's tokens, with a clock.
type desk struct {
	*provider
	*oidc.Verifier
	now atomic.Pointer[time.Time]
}

const audience = "hireloop-test"

func newDesk(t *testing.T, keys ...signer) *desk {
	d := &desk{provider: newProvider(t, keys...)}
	d.set(time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC))
	var err error
	d.Verifier, err = oidc.New(oidc.Options{
		Issuers: []string{d.URL}, Audiences: []string{"another", audience}, Now: func() time.Time { return *d.now.Load() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) set(now time.Time)       { d.now.Store(&now) }
func (d *desk) pass(span time.Duration) { d.set(d.now.Load().Add(span)) }

// claims are those of a good token, changed.
func (d *desk) claims(change ...any) map[string]any {
	now := d.now.Load()
	c := map[string]any{
		"iss": d.URL, "aud": audience, "sub": "person-1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"email": "Ada@Example.org", "email_verified": true,
	}
	for i := 0; i < len(change); i += 2 {
		if change[i+1] == nil {
			delete(c, change[i].(string))
		} else {
			c[change[i].(string)] = change[i+1]
		}
	}
	return c
}

func (d *desk) check(token string) (oidc.Claims, error) {
	return d.Check(context.Background(), token)
}

func TestGoodTokens(t *testing.T) {
	d := newDesk(t, rsaKey(), ecKey(), edwardsKey())
	want := oidc.Claims{Issuer: d.URL, Subject: "person-1", VerifiedEmail: "Ada@Example.org"}
	noEmail := oidc.Claims{Issuer: d.URL, Subject: "person-1"}
	at := func(span time.Duration) int64 { return d.now.Load().Add(span).Unix() }
	for rule, c := range map[string]struct {
		token string
		want  oidc.Claims
	}{
		"RS256":                            {rsaKey().sign(t, d.claims()), want},
		"RS512":                            {rsaKey().with(jose.RS512).sign(t, d.claims()), want},
		"PS256":                            {rsaKey().with(jose.PS256).sign(t, d.claims()), want},
		"ES256":                            {ecKey().sign(t, d.claims()), want},
		"EdDSA":                            {edwardsKey().sign(t, d.claims()), want},
		"an ID token":                      {ecKey().sign(t, d.claims(), "typ", "JWT"), want},
		"an access token":                  {ecKey().sign(t, d.claims(), "typ", "at+jwt"), want},
		"several audiences":                {ecKey().sign(t, d.claims("aud", []string{"x", audience})), want},
		"the other audience":               {ecKey().sign(t, d.claims("aud", "another")), want},
		"no address":                       {ecKey().sign(t, d.claims("email", nil)), noEmail},
		"an address that was not verified": {ecKey().sign(t, d.claims("email_verified", false)), noEmail},
		"an address of which nobody says":  {ecKey().sign(t, d.claims("email_verified", nil)), noEmail},
		"a text is no yes":                 {ecKey().sign(t, d.claims("email_verified", "true")), noEmail},
		"expired within the leeway":        {ecKey().sign(t, d.claims("exp", at(-29*time.Second))), want},
		"not before, within the leeway":    {ecKey().sign(t, d.claims("nbf", at(29*time.Second))), want},
	} {
		got, err := d.check(c.token)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v (%v)", rule, got, err)
		}
	}
	if n := d.asks.Load(); n != 1 {
		t.Errorf("the keys were asked for %d times", n)
	}
}

func TestBadTokens(t *testing.T) {
	d := newDesk(t, rsaKey(), ecKey(), shortKey())
	good := ecKey().sign(t, d.claims())
	if _, err := d.check(good); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	at := func(span time.Duration) int64 { return d.now.Load().Add(span).Unix() }
	der, err := x509.MarshalPKIXPublicKey(rsaKey().private.Public())
	if err != nil {
		t.Fatal(err)
	}
	hs256 := func(secret []byte) func(string) []byte {
		return func(text string) []byte {
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(text))
			return mac.Sum(nil)
		}
	}
	jwk, _ := json.Marshal(jose.JSONWebKey{Key: rotatedKey().private.Public(), KeyID: "mine"})
	own := fmt.Sprintf(`{"alg":"ES256","jwk":%s}`, jwk)
	signs := func(s signer) func(string) []byte {
		return func(text string) []byte {
			sum := sha256.Sum256([]byte(text))
			r, ss, err := ecdsa.Sign(rand.Reader, s.private.(*ecdsa.PrivateKey), sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, 32)), ss.FillBytes(make([]byte, 32))...)
		}
	}
	if _, err := d.check(byHand(`{"alg":"ES256","kid":"ec"}`, d.claims(), signs(ecKey()))); err != nil {
		t.Fatalf("what is made by hand cannot be good: %v", err)
	}
	nothing := func(string) []byte { return nil }
	bad := map[string]string{
		"nothing":                       "",
		"nonsense":                      "nonsense",
		"no signature":                  parts[0] + "." + parts[1] + ".",
		"two parts":                     parts[0] + "." + parts[1],
		"four parts":                    good + "." + parts[2],
		"a signature over other claims": parts[0] + "." + strings.Split(ecKey().sign(t, d.claims("sub", "person-2")), ".")[1] + "." + parts[2],
		"alg none":                      byHand(`{"alg":"none"}`, d.claims(), nothing),
		"alg None":                      byHand(`{"alg":"None"}`, d.claims(), nothing),
		"alg none with a key":           byHand(`{"alg":"none","kid":"ec"}`, d.claims(), nothing),
		"no alg":                        byHand(`{"kid":"ec"}`, d.claims(), signs(ecKey())),
		"two algs":                      byHand(`{"alg":"ES256","alg":"none","kid":"ec"}`, d.claims(), signs(ecKey())),
		"HS256, the public key (DER)":   byHand(`{"alg":"HS256","kid":"rsa"}`, d.claims(), hs256(der)),
		"HS256, the public key (PEM)":   byHand(`{"alg":"HS256","kid":"rsa"}`, d.claims(), hs256(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))),
		"HS256, no secret":              byHand(`{"alg":"HS256"}`, d.claims(), hs256(nil)),
		"another algorithm than signed": byHand(`{"alg":"ES384","kid":"ec"}`, d.claims(), signs(ecKey())),
		"the key in the token":          byHand(own, d.claims(), signs(rotatedKey())),
		"a header that must be known":   byHand(`{"alg":"ES256","kid":"ec","crit":["x"],"x":1}`, d.claims(), signs(ecKey())),
		"another's key of that name":    otherRSA().sign(t, d.claims()),
		"an unknown key":                rotatedKey().sign(t, d.claims()),
		"no key named, of several":      ecKey().called("").sign(t, d.claims()),
		"a key of another kind":         ecKey().called("rsa").sign(t, d.claims()),
		"a short key": byHand(`{"alg":"RS256","kid":"short"}`, d.claims(), func(text string) []byte {
			sum := sha256.Sum256([]byte(text))
			s, err := rsa.SignPKCS1v15(nil, shortKey().private.(*rsa.PrivateKey), crypto.SHA256, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return s
		}),
		"another issuer":           ecKey().sign(t, d.claims("iss", "https://id.example.org")),
		"the issuer with a slash":  ecKey().sign(t, d.claims("iss", d.URL+"/")),
		"no issuer":                ecKey().sign(t, d.claims("iss", nil)),
		"issuers":                  ecKey().sign(t, d.claims("iss", []string{d.URL})),
		"another audience":         ecKey().sign(t, d.claims("aud", "somebody")),
		"no audience":              ecKey().sign(t, d.claims("aud", nil)),
		"an empty audience":        ecKey().sign(t, d.claims("aud", []string{})),
		"the audience in capitals": ecKey().sign(t, d.claims("aud", strings.ToUpper(audience))),
		"expired":                  ecKey().sign(t, d.claims("exp", at(-31*time.Second))),
		"no exp":                   ecKey().sign(t, d.claims("exp", nil)),
		"exp is no number":         ecKey().sign(t, d.claims("exp", "tomorrow")),
		"exp beyond all numbers":   ecKey().sign(t, d.claims("exp", json.RawMessage("1e300"))),
		"not before later":         ecKey().sign(t, d.claims("nbf", at(31*time.Second))),
		"issued later":             ecKey().sign(t, d.claims("iat", at(31*time.Second))),
		"no subject":               ecKey().sign(t, d.claims("sub", nil)),
		"an empty subject":         ecKey().sign(t, d.claims("sub", "")),
		"a subject without end":    ecKey().sign(t, d.claims("sub", strings.Repeat("x", 256))),
		"a logout token":           ecKey().sign(t, d.claims(), "typ", "logout+jwt"),
		"an event":                 ecKey().sign(t, d.claims("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})),
		"a proof of possession":    ecKey().sign(t, d.claims(), "typ", "dpop+jwt"),
	}
	for rule, token := range bad {
		if got, err := d.check(token); err == nil || got != (oidc.Claims{}) || errors.Is(err, oidc.ErrUnavailable) {
			t.Errorf("%s: %+v (%v)", rule, got, err)
		} else if token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%s: the error tells the token: %v", rule, err)
		}
	}
	if n := d.asks.Load(); n != 1 {
		t.Errorf("bad tokens had the keys asked for %d times", n)
	}
}

func TestKeysRotate(t *testing.T) {
	d := newDesk(t, ecKey())
	before, after := ecKey().sign(t, d.claims()), rotatedKey().sign(t, d.claims())
	good := func(tokens ...string) (good []bool) {
		for _, token := range tokens {
			_, err := d.check(token)
			good = append(good, err == nil)
		}
		return good
	}
	step := func(rule string, asks int32, want ...bool) {
		t.Helper()
		if diff := cmp.Diff(want, good(before, after)); diff != "" || d.asks.Load() != asks {
			t.Errorf("%s: asked %d times, want %d; good: %s", rule, d.asks.Load(), asks, diff)
		}
	}
	step("the key that there is", 1, true, false)
	d.publish(ecKey(), rotatedKey())
	step("a new one is not asked for at once", 1, true, false)
	d.pass(59 * time.Second)
	step("nor within a minute", 1, true, false)
	d.pass(time.Second)
	step("but after it", 2, true, true)
	d.publish(rotatedKey())
	step("a known one is not asked for again", 2, true, true)
	for range 50 {
		d.pass(time.Second)
		good(otherRSA().called("unknown").sign(t, d.claims()))
	}
	step("unknown ones cannot have it asked more often", 2, true, true)
	d.pass(10 * time.Second) // a minute since
	good(otherRSA().called("unknown").sign(t, d.claims()))
	step("what was withdrawn goes when it is asked", 3, false, true)
}

// A key that was withdrawn goes within the hour also when no token names a new one.
func TestKeysAreRenewed(t *testing.T) {
	d := newDesk(t, ecKey(), rotatedKey())
	token := func() string { return ecKey().sign(t, d.claims()) }
	if _, err := d.check(token()); err != nil {
		t.Fatal(err)
	}
	d.publish(rotatedKey())
	d.pass(59 * time.Minute)
	if _, err := d.check(token()); err != nil || d.asks.Load() != 1 {
		t.Errorf("within the hour: %v, asked %d times", err, d.asks.Load())
	}
	d.pass(time.Minute)
	if _, err := d.check(token()); err != nil {
		t.Errorf("the request that has them renewed does not wait: %v", err)
	}
	if err := d.Load(t.Context()); err != nil { // waits for it
		t.Fatal(err)
	}
	if _, err := d.check(token()); err == nil || d.asks.Load() != 2 {
		t.Errorf("after the hour it is good, asked %d times", d.asks.Load())
	}
}

func TestIssuerDown(t *testing.T) {
	broken := map[string]http.HandlerFunc{
		"an error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no JSON":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"no keys":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) },
		"secrets only": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"keys":[{"kty":"oct","kid":"ec","k":"AAAA"},{"kty":"none"},7]}`)
		},
		"a redirection": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/.well-known/openid-configuration", http.StatusFound)
		},
		"a giant": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"keys":[`)
			for range 64 {
				if _, err := fmt.Fprint(w, strings.Repeat(" ", 64<<10)); err != nil {
					return // it has heard enough
				}
			}
		},
		"hanging up": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"keys":[`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	}
	for what, answer := range broken {
		t.Run(what, func(t *testing.T) {
			d := newDesk(t, ecKey())
			token := func() string { return ecKey().sign(t, d.claims()) }
			d.down(answer)
			if err := d.Load(t.Context()); err == nil {
				t.Error("loading tells nothing")
			}
			if _, err := d.check(token()); !errors.Is(err, oidc.ErrUnavailable) {
				t.Errorf("before there are keys: %v", err)
			}
			d.up()
			d.pass(time.Minute)
			if _, err := d.check(token()); err != nil {
				t.Fatalf("when it is up again: %v", err)
			}
			d.down(answer)
			d.pass(3 * time.Hour)
			for range 3 {
				if _, err := d.check(token()); err != nil {
					t.Errorf("keys that were had are gone: %v", err)
				}
				_ = d.Load(t.Context()) // waits for the renewal to fail
			}
			if _, err := d.check(rotatedKey().sign(t, d.claims())); err == nil || errors.Is(err, oidc.ErrUnavailable) {
				t.Errorf("a key that is not had: %v", err)
			}
			if n := d.asks.Load(); n != 3 {
				t.Errorf("asked %d times in three hours of three requests", n)
			}
		})
	}
}

// A request that ends does not take the answer from those who wait with it, and an
// issuer that hangs is not waited for.
func TestRequestsWaitTogether(t *testing.T) {
	d := newDesk(t, ecKey())
	asked, answer := make(chan struct{}), make(chan struct{})
	d.down(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": *d.keys.Load()})
	})
	token := ecKey().sign(t, d.claims())
	first, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := d.Check(first, token); !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
	})
	<-asked
	for range 20 {
		all.Go(func() {
			if _, err := d.check(token); err != nil {
				t.Errorf("who stayed: %v", err)
			}
		})
	}
	leave()
	close(answer)
	all.Wait()
	if n := d.asks.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestDiscoveryIsHeldToTheIssuer(t *testing.T) {
	other := newProvider(t, ecKey())
	for rule, change := range map[string]map[string]any{
		"another issuer":     {"issuer": other.URL},
		"no issuer":          {"issuer": ""},
		"keys without TLS":   {"jwks_uri": "http://id.example.org/keys"},
		"keys of a file":     {"jwks_uri": "file:///etc/passwd"},
		"keys with a secret": {"jwks_uri": "https://user:pass@id.example.org/keys"},
		"no keys":            {"jwks_uri": nil},
	} {
		d := newDesk(t, ecKey())
		about := maps.Clone(*d.about.Load())
		maps.Copy(about, change)
		d.about.Store(&about)
		if _, err := d.check(ecKey().sign(t, d.claims())); !errors.Is(err, oidc.ErrUnavailable) {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

func TestOptions(t *testing.T) {
	for rule, c := range map[string]struct {
		issuers, audiences []string
		good               bool
	}{
		"none":                  {nil, nil, true},
		"one":                   {[]string{"https://id.example.org"}, []string{"x"}, true},
		"this machine":          {[]string{"http://127.0.0.1:5556", "http://localhost/realm", "http://[::1]/"}, []string{"x"}, true},
		"without TLS":           {[]string{"http://id.example.org"}, []string{"x"}, false},
		"looks like home":       {[]string{"http://localhost.example.org"}, []string{"x"}, false},
		"no address":            {[]string{"id.example.org"}, []string{"x"}, false},
		"empty":                 {[]string{""}, []string{"x"}, false},
		"for anybody":           {[]string{"https://id.example.org"}, nil, false},
		"for nobody":            {[]string{"https://id.example.org"}, []string{""}, false},
		"one of two is not one": {[]string{"https://id.example.org", "x"}, []string{"x"}, false},
	} {
		if _, err := oidc.New(oidc.Options{Issuers: c.issuers, Audiences: c.audiences, Now: time.Now}); (err == nil) != c.good {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

// Of two issuers each vouches for its own subjects only.
func TestIssuersDoNotMix(t *testing.T) {
	d := newDesk(t, ecKey())
	other := newProvider(t, rotatedKey().called("ec"))
	v, err := oidc.New(oidc.Options{Issuers: []string{d.URL, other.URL}, Audiences: []string{audience}, Now: func() time.Time { return *d.now.Load() }})
	if err != nil {
		t.Fatal(err)
	}
	for rule, c := range map[string]struct {
		token string
		good  bool
	}{
		"one's own":           {ecKey().sign(t, d.claims()), true},
		"the other's own":     {rotatedKey().called("ec").sign(t, d.claims("iss", other.URL)), true},
		"the other's for one": {rotatedKey().called("ec").sign(t, d.claims()), false},
		"one's for the other": {ecKey().sign(t, d.claims("iss", other.URL)), false},
	} {
		if _, err := v.Check(t.Context(), c.token); (err == nil) != c.good {
			t.Errorf("%s: %v", rule, err)
		}
	}
}
