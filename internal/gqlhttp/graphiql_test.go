package gqlhttp

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func get(h http.Handler, path string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The page must work without a network: what it refers to, it serves.
func TestGraphiQLServesWhatItRefersTo(t *testing.T) {
	h := GraphiQL("/graphql")
	page := get(h, "/", nil)
	if page.Code != 200 || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", page.Code, page.Header())
	}
	html := page.Body.String()
	if !strings.Contains(html, `content="/graphql"`) {
		t.Error("the page does not name its endpoint")
	}
	if strings.Contains(html, "://") {
		t.Error("the page refers to another server")
	}
	refs := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(html, -1)
	seen := 0
	for _, ref := range refs {
		if strings.HasPrefix(ref[1], "data:") {
			continue
		}
		seen++
		plain := get(h, "/"+ref[1], nil)
		zipped := get(h, "/"+ref[1], map[string]string{"Accept-Encoding": "br, gzip"})
		if plain.Code != 200 || plain.Body.Len() == 0 {
			t.Errorf("%s: %d", ref[1], plain.Code)
		}
		if zipped.Header().Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(zipped.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
				t.Errorf("%s: the compressed file is another one (%v)", ref[1], err)
			}
		}
		again := get(h, "/"+ref[1], map[string]string{"If-None-Match": plain.Header().Get("ETag")})
		if again.Code != http.StatusNotModified {
			t.Errorf("%s: %d for its own ETag", ref[1], again.Code)
		}
		if refused := get(h, "/"+ref[1], map[string]string{"Accept-Encoding": "gzip;q=0"}); refused.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed against the client's will", ref[1])
		}
	}
	if seen != 6 {
		t.Errorf("%d files, want 6", seen)
	}
	for _, path := range []string{"/other", "/graphiql/", "/graphiql/index.html", "/graphiql/../boot.js"} {
		if w := get(h, path, nil); w.Code != 404 {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
}

func TestGraphiQLPolicyAllowsNoInlineScript(t *testing.T) {
	w := get(GraphiQL(`/x"><script>alert(1)</script>`), "/", nil)
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	if strings.Contains(w.Body.String(), "<script>") {
		t.Errorf("inline script in %s", w.Body)
	}
}

// The README says where the packaged files come from; they must be those.
func TestGraphiQLFilesAreAsDocumented(t *testing.T) {
	readme, err := os.ReadFile("graphiql/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`\| (\S+) \| \S+ \S+ \| ([0-9a-f]{64}) \|`).FindAllStringSubmatch(string(readme), -1)
	if len(rows) != 4 {
		t.Fatalf("%d files in README.md", len(rows))
	}
	h := GraphiQL("/graphql")
	for _, row := range rows {
		sum := sha256.Sum256(get(h, "/graphiql/"+row[1], nil).Body.Bytes())
		if hex.EncodeToString(sum[:]) != row[2] {
			t.Errorf("%s is not the documented file", row[1])
		}
	}
}
