package gqlhttp

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed graphiql/index.html graphiql/boot.js graphiql/page.css graphiql/*.gz
var pageFiles embed.FS

// pagePolicy lets the page load its own files, talk to its own server, and
// nothing else. GraphiQL's dialogs add style elements; its fonts and icons are
// data: URLs within the style sheet.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// GraphiQL serves a page to explore the schema at endpoint, a path on the same
// server, whose Handler should have Introspection on. Everything the page needs
// is embedded. It answers GET at "/" and below "/graphiql/": mount it there, or
// elsewhere with http.StripPrefix.
func GraphiQL(endpoint string) http.Handler {
	files, err := loadPage(endpoint)
	if err != nil {
		panic(err) // the files are embedded: the build is broken
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), pagePolicy)
		f, found := files[r.URL.Path]
		switch {
		case !found:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "use GET", http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	})
}

// pageFile is one file as it is embedded.
type pageFile struct {
	media  string
	etag   string
	body   []byte
	zipped bool
}

func (f *pageFile) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.media)
	h.Set("Cache-Control", "no-cache") // ask again, but do not load again
	h.Add("Vary", "Accept-Encoding")
	body, etag := f.body, f.etag
	if f.zipped {
		if acceptsGzip(r.Header.Values("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			etag += "-gzip"
		} else {
			var err error
			if body, err = unzip(body); err != nil {
				panic(err) // the files are embedded: the build is broken
			}
		}
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func loadPage(endpoint string) (map[string]*pageFile, error) {
	entries, err := pageFiles.ReadDir("graphiql")
	if err != nil {
		return nil, err
	}
	files := map[string]*pageFile{}
	for _, entry := range entries {
		f := &pageFile{}
		if f.body, err = pageFiles.ReadFile("graphiql/" + entry.Name()); err != nil {
			return nil, err
		}
		var name string
		name, f.zipped = strings.CutSuffix(entry.Name(), ".gz")
		f.media = mediaOf(name)
		where := "/graphiql/" + name
		if name == "index.html" {
			where = "/"
			if f.body, err = render(string(f.body), endpoint); err != nil {
				return nil, err
			}
		}
		sum := sha256.Sum256(f.body)
		f.etag = hex.EncodeToString(sum[:8])
		files[where] = f
	}
	return files, nil
}

// mediaOf does not ask the operating system, whose tables differ.
func mediaOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	}
	return "text/html; charset=utf-8"
}

func render(page, endpoint string) ([]byte, error) {
	t, err := template.New("index.html").Parse(page)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, endpoint)
	return out.Bytes(), err
}

func unzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// acceptsGzip reads Accept-Encoding; "gzip;q=0" refuses it.
func acceptsGzip(accept []string) bool {
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, given := strings.CutPrefix(strings.TrimSpace(params), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !given || err == nil && weight > 0
	}
	return false
}
