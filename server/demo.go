package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"hireloop/demo"
	"hireloop/internal/gid"
	"hireloop/internal/oidc"
	"hireloop/internal/store"
)

type demoCommand struct {
	gates
	watching
	Addr      string `default:"127.0.0.1:8080" help:"Where to listen; port 0 picks one."`
	Size      int    `default:"600" help:"About how many applications."`
	Seed      uint64 `default:"1" help:"Another seed is another world of the same kind."`
	ReadyFile string `type:"path" help:"Write {url, graphql, tokens} as JSON here once requests are accepted."`
	URL       string `name:"database-url" placeholder:"URL" help:"Load the demo data into this empty database instead of a temporary one."`
}

const mostDemo = 5_000_000

// Run loads the demo data and serves it until ctx ends.
func (c *demoCommand) Run(ctx context.Context, term *terminal) error {
	if c.Size < 1 || c.Size > mostDemo {
		return usagef("--size %d: must be between 1 and %d", c.Size, mostDemo)
	}
	url := c.URL
	if url == "" {
		dir, err := os.MkdirTemp("", "hireloop-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		url = "file:" + filepath.Join(dir, "demo.db")
	}
	watch, err := c.begin(ctx, term.logger)
	if err != nil {
		return err
	}
	app, err := openWith(ctx, url, store.Options{Logger: term.logger, Observe: watch.Statement})
	if err != nil {
		return err
	}
	defer app.store.Close()
	progress, done := progressOf(term.err, "demo data", c.Size)
	world, err := demo.Load(ctx, app.store, demo.Options{
		Seed: c.Seed, Applications: c.Size, Now: time.Now(), Progress: progress,
	})
	done()
	if err != nil {
		return err
	}
	s := &service{
		app: app, logger: term.logger,
		entrance: entrance{hiring: app.hiring, providers: &oidc.Verifier{}, demo: demoTokens{}, logger: term.logger},
		page:     true, introspection: true, drain: 5 * time.Second, gates: c.gates, watching: c.watching, telemetry: watch,
	}
	return s.serve(ctx, c.Addr, func(address, ops string) error {
		r := readiness{URL: "http://" + address}
		if ops != "" {
			r.Metrics = "http://" + ops + "/metrics"
		}
		return c.ready(term, s, world, r)
	})
}

// readiness is what --ready-file holds.
type readiness struct {
	URL     string     `json:"url"`
	GraphQL string     `json:"graphql"`
	Metrics string     `json:"metrics,omitempty"`
	Tokens  roleTokens `json:"tokens"`
}

type roleTokens struct {
	Admin         string `json:"admin"`
	Recruiter     string `json:"recruiter"`
	HiringManager string `json:"hiringManager"`
	Interviewer   string `json:"interviewer"`
	Analyst       string `json:"analyst"`
}

// ready says how to call the API as each role.
func (c *demoCommand) ready(term *terminal, s *service, world *demo.World, r readiness) error {
	r.GraphQL = r.URL + "/graphql"
	fmt.Fprintf(term.out, "Hireloop serves demo data at %s — open it in a browser, or:\n", r.URL)
	for _, role := range []struct {
		name   string
		member gid.ID
		token  *string
	}{
		{"admin", world.Admin, &r.Tokens.Admin},
		{"recruiter", world.Recruiter, &r.Tokens.Recruiter},
		{"hiring manager", world.HiringManager, &r.Tokens.HiringManager},
		{"interviewer", world.Interviewer, &r.Tokens.Interviewer},
		{"analyst", world.Analyst, &r.Tokens.Analyst},
	} {
		token := s.entrance.demo.issue(role.member)
		*role.token = token
		fmt.Fprintf(term.out, "\n# as the %s\ncurl -s %s -H 'Content-Type: application/json' -H 'Authorization: Bearer %s' \\\n"+
			"  -d '{\"query\":\"{ viewer { member { name } roles } openings { totalCount nodes { title status daysOpen } } }\"}'\n",
			role.name, r.GraphQL, token)
	}
	fmt.Fprintln(term.out, "\nStop with Ctrl-C; the data goes with it.")
	if c.ReadyFile == "" {
		return nil
	}
	return writeWhole(c.ReadyFile, r)
}

// writeWhole writes JSON so that a reader sees all of it or no file.
func writeWhole(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// progressOf shows a bar on a terminal for work that takes a while.
func progressOf(w io.Writer, what string, total int) (show func(done, total int), done func()) {
	if total < 5000 {
		return func(int, int) {}, func() {}
	}
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(done, total int) {
		bar.ChangeMax(total)
		_ = bar.Set(done)
	}, func() { _ = bar.Finish() }
}
