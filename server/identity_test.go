package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
	"hireloop/internal/oidc"
	"hireloop/internal/testdb"
)

// door is a server with an administrator's API key and an identity provider.
type door struct {
	t        *testing.T
	url      string
	key      string // of ada@example.com, an administrator
	provider *httptest.Server
	token    func(subject, email string) string // of the provider
}

func eachDoor(t *testing.T, fn func(t *testing.T, d *door)) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) { fn(t, newDoor(t, engine.URL(t, testdb.Template{Name: "empty"}))) })
	}
}

func newDoor(t *testing.T, database string) *door {
	logger := slog.New(slog.DiscardHandler)
	a, err := openApp(t.Context(), database, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.store.Close() })
	issued, err := a.hiring.Enrol(t.Context(), hiring.EnrolInput{
		Email: "ada@example.com", Name: "Ada", Roles: []access.Role{access.Admin}, ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	idp, token := provider(t)
	providers, err := oidc.New(oidc.Options{Issuers: []string{idp.URL}, Audiences: []string{"hireloop"}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &service{app: a, logger: logger, entrance: entrance{hiring: a.hiring, providers: providers, logger: logger}, telemetry: unwatched(t)}
	handler, err := s.handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &door{t: t, url: server.URL, key: issued.Token, provider: idp, token: token}
}

// provider is an identity provider that vouches for whatever it is told.
func provider(t *testing.T) (server *httptest.Server, token func(subject, email string) string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": server.URL, "jwks_uri": server.URL + "/keys"})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), KeyID: "1"}}})
	})
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		t.Fatal(err)
	}
	return server, func(subject, email string) string {
		claims, _ := json.Marshal(map[string]any{"iss": server.URL, "aud": "hireloop", "sub": subject,
			"exp": time.Now().Add(time.Hour).Unix(), "email": email, "email_verified": true})
		signed, err := signer.Sign(claims)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := signed.CompactSerialize()
		return text
	}
}

// ask sends a query with these Authorization headers.
func (d *door) ask(query string, authorization ...string) (status int, answer string, header http.Header) {
	d.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(gqlhttp.RequestIDHeader, "the-same-for-all")
	for _, a := range authorization {
		r.Header.Add("Authorization", a)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	response.Header.Del("Date")
	return response.StatusCode, string(text), response.Header
}

// data is the answer of a mutation or query that must succeed.
func (d *door) data(into any, authorization, query string) {
	d.t.Helper()
	_, answer, _ := d.ask(query, authorization)
	a := struct {
		Data   any
		Errors []any
	}{Data: into}
	if err := json.Unmarshal([]byte(answer), &a); err != nil || len(a.Errors) > 0 {
		d.t.Fatalf("%v %s", err, answer)
	}
}

const whoAmI = "{ viewer { member { email } roles apiKey { name } } }"

// A company without an identity provider begins with a key of the command line; one
// with a provider has its people sign in.
func TestWaysIn(t *testing.T) {
	eachDoor(t, func(t *testing.T, d *door) {
		ada := `{"data":{"viewer":{"member":{"email":"ada@example.com"},"roles":["ADMIN"],"apiKey":`
		for rule, c := range map[string]struct{ authorization, want string }{
			"an API key":             {"Bearer " + d.key, ada + `{"name":"Made on the command line"}}}`},
			"a person":               {"Bearer " + d.token("1", "ada@example.com"), ada + `null}}`},
			"the scheme in any case": {"bEARER " + d.key, ada + `{"name":"Made on the command line"}}}`},
		} {
			if status, answer, _ := d.ask(whoAmI, c.authorization); status != http.StatusOK || !strings.HasPrefix(answer, c.want) {
				t.Errorf("%s: %d %s", rule, status, answer)
			}
		}
	})
}

// Whatever does not let in is answered alike, to the byte.
func TestWaysThatAreClosed(t *testing.T) {
	eachDoor(t, func(t *testing.T, d *door) {
		key, token := "Bearer "+d.key, "Bearer "+d.token("1", "ada@example.com")
		var made struct {
			CreateAPIKey struct {
				Token  string
				APIKey struct{ ID string }
			}
		}
		d.data(&made, token, fmt.Sprintf(`mutation { createApiKey(input: {name: "K", scope: WRITE, expiresAt: %q}) { token apiKey { id } } }`,
			time.Now().Add(time.Hour).Format(time.RFC3339)))
		revoked := "Bearer " + made.CreateAPIKey.Token
		if status, answer, _ := d.ask(whoAmI, revoked); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		d.data(&struct{}{}, key, fmt.Sprintf(`mutation { revokeApiKey(input: {apiKeyId: %q}) { userErrors { code } } }`, made.CreateAPIKey.APIKey.ID))
		want := ""
		for _, c := range []struct {
			rule          string
			authorization []string
		}{
			{"no header", nil},
			{"an empty header", []string{""}},
			{"two headers", []string{key, key}},
			{"two ways", []string{key, token}},
			{"one that is empty", []string{key, ""}},
			{"Bearer twice", []string{"Bearer " + key}},
			{"two tokens", []string{key + " " + d.key}},
			{"tokens with a comma", []string{key + "," + d.key}},
			{"no token", []string{"Bearer"}},
			{"an empty token", []string{"Bearer "}},
			{"two spaces", []string{"Bearer  " + d.key}},
			{"a tab", []string{"Bearer\t" + d.key}},
			{"no scheme", []string{d.key}},
			{"another scheme", []string{"Basic " + d.key}},
			{"another secret", []string{key[:len(key)-2] + "AA"}},
			{"a malformed key", []string{key[:len(key)-2]}},
			{"an unknown key", []string{"Bearer hl_" + strings.Repeat("0", 26) + "." + strings.Repeat("A", 43)}},
			{"a revoked key", []string{revoked}},
			{"a key of a demo", []string{"Bearer demo_ABCDEFGHIJKLMNOPQRSTUVWXYZ"}},
			{"an unknown person", []string{"Bearer " + d.token("2", "eve@example.com")}},
			{"another account with the address", []string{"Bearer " + d.token("2", "ada@example.com")}},
			{"a token of nobody", []string{token[:len(token)-4] + "AAAA"}},
		} {
			status, answer, header := d.ask(whoAmI, c.authorization...)
			got := fmt.Sprint(status, header, answer)
			if want == "" {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" || status != http.StatusUnauthorized || header.Get("WWW-Authenticate") != "Bearer" ||
				!strings.Contains(answer, `"UNAUTHENTICATED"`) || strings.Contains(answer, `"data"`) {
				t.Errorf("%s: %s\n%s", c.rule, got, diff)
			}
		}
	})
}

// What is taken from a member is gone at their next request, whichever way they
// come in.
func TestRightsAreThoseOfTheMoment(t *testing.T) {
	eachDoor(t, func(t *testing.T, d *door) {
		ada, grace := "Bearer "+d.key, "Bearer "+d.token("7", "grace@example.com")
		var made struct {
			CreateMember struct{ Member struct{ ID string } }
		}
		d.data(&made, ada, `mutation { createMember(input: {name: "Grace", email: "grace@example.com", roles: [ADMIN]}) { member { id } } }`)
		id := made.CreateMember.Member.ID
		var keys [2]struct{ CreateAPIKey struct{ Token string } }
		for i, scope := range []string{"READ", "WRITE"} {
			d.data(&keys[i], grace, fmt.Sprintf(`mutation { createApiKey(input: {name: "K", scope: %s, expiresAt: %q}) { token } }`,
				scope, time.Now().Add(time.Hour).Format(time.RFC3339)))
		}
		read, write := "Bearer "+keys[0].CreateAPIKey.Token, "Bearer "+keys[1].CreateAPIKey.Token
		create := `mutation { createCandidate(input: {name: "X"}) { userErrors { code } } }`
		does := func(authorization string) string {
			_, answer, _ := d.ask(create, authorization)
			for _, told := range []string{"UNAUTHENTICATED", "FORBIDDEN", `"userErrors":[]`} {
				if strings.Contains(answer, told) {
					return told
				}
			}
			return answer
		}
		step := func(rule string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, []string{does(grace), does(write), does(read)}); diff != "" {
				t.Errorf("%s: %s", rule, diff)
			}
		}
		done := `"userErrors":[]`
		step("an administrator", done, done, "FORBIDDEN")
		d.data(&struct{}{}, ada, fmt.Sprintf(`mutation { updateMember(input: {memberId: %q, expectedVersion: 1, roles: [ANALYST]}) { userErrors { code } } }`, id))
		step("no longer one", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN")
		d.data(&struct{}{}, ada, fmt.Sprintf(`mutation { deactivateMember(input: {memberId: %q, expectedVersion: 2}) { userErrors { code } } }`, id))
		step("no longer there", "UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED")
	})
}

// While no key of the issuer was ever had nobody can say whether a token is good.
func TestProviderThatNeverAnswered(t *testing.T) {
	eachDoor(t, func(t *testing.T, d *door) {
		token := "Bearer " + d.token("1", "ada@example.com")
		d.provider.Close()
		status, answer, header := d.ask(whoAmI, token)
		if status != http.StatusServiceUnavailable || !strings.Contains(answer, `"UNAVAILABLE"`) || header.Get("WWW-Authenticate") != "" {
			t.Errorf("%d %s", status, answer)
		}
		if status, answer, _ := d.ask(whoAmI, "Bearer "+d.key); status != http.StatusOK {
			t.Errorf("an API key needs no provider: %d %s", status, answer)
		}
	})
}
