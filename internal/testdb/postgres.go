package testdb

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"hireloop/internal/store"
)

// lockSpace is the first half of the advisory locks by which processes that
// share a server know each other to be alive.
const lockSpace = 0x48697265

// owner is whose the databases of tests are: a role that obeys row-level
// security, which superusers do not.
const owner = "hireloop_test"

// Application is a role that owns nothing and may do nothing until it is granted.
const Application = "hireloop_test_application"

// server is the PostgreSQL server of this process, given or started.
type server struct {
	url   *url.URL  // of the database "postgres" or what was given
	admin *sql.Conn // holds the lock that says that this run is alive
	db    *store.DB
	run   int32
	count atomic.Int64

	mu        sync.Mutex
	templates map[string]string // database by template
}

var postgres = sync.OnceValues(startServer)

func startServer() (*server, error) {
	raw := os.Getenv("HIRELOOP_TEST_DATABASE_URL")
	if raw == "" {
		var err error
		if raw, err = startCluster(); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("HIRELOOP_TEST_DATABASE_URL is not a URL")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, raw, store.Options{})
	if err != nil {
		return nil, err
	}
	s := &server{url: u, db: db, run: rand.Int32N(1 << 30), templates: map[string]string{}}
	if s.admin, err = db.SQL().Conn(ctx); err != nil {
		return nil, err
	}
	if _, err := s.admin.ExecContext(ctx, "SELECT pg_advisory_lock($1, $2)", lockSpace, s.run); err != nil {
		return nil, err
	}
	for _, role := range []string{owner, Application} {
		if err := s.createRole(ctx, role); err != nil {
			return nil, err
		}
	}
	return s, s.sweep(ctx)
}

// createRole makes a role that nobody can log in as, unless another run has.
func (s *server) createRole(ctx context.Context, role string) error {
	_, err := s.admin.ExecContext(ctx, `DO $$ BEGIN CREATE ROLE `+role+` IN ROLE pg_monitor;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
	return err
}

// sweep drops what runs left behind that ended before they could.
func (s *server) sweep(ctx context.Context) error {
	rows, err := s.admin.QueryContext(ctx, `SELECT datname, split_part(datname, '_', 3)::int FROM pg_database
		WHERE datname ~ '^hireloop_test_[0-9]+_[0-9a-z]+$'`)
	if err != nil {
		return err
	}
	type database struct {
		name string
		run  int32
	}
	var found []database
	for rows.Next() {
		var d database
		if err := rows.Scan(&d.name, &d.run); err != nil {
			return err
		}
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, d := range found {
		var free bool
		if err := s.admin.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1, $2)", lockSpace, d.run).Scan(&free); err != nil {
			return err
		}
		if !free {
			continue
		}
		if _, err := s.admin.ExecContext(ctx, `DROP DATABASE IF EXISTS "`+d.name+`" WITH (FORCE)`); err != nil {
			return err
		}
		if _, err := s.admin.ExecContext(ctx, "SELECT pg_advisory_unlock($1, $2)", lockSpace, d.run); err != nil {
			return err
		}
	}
	return nil
}

func postgresURL(t testing.TB, from Template) string {
	t.Helper()
	s, err := postgres()
	if err != nil {
		if os.Getenv("HIRELOOP_TEST_DATABASE_URL") != "" {
			t.Fatalf("the server of HIRELOOP_TEST_DATABASE_URL: %v", err)
		}
		untested(t, err.Error())
	}
	ctx := context.Background()
	template, err := s.template(ctx, from)
	if err != nil {
		t.Fatalf("prepare the PostgreSQL template %q: %v", from.Name, err)
	}
	name := s.name()
	if err := s.create(ctx, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.db.SQL().ExecContext(ctx, `DROP DATABASE "`+name+`" WITH (FORCE)`); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return s.urlOf(name)
}

// template makes the template's database on first use.
func (s *server) template(ctx context.Context, from Template) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := s.templates[from.Name]; ok {
		return name, nil
	}
	name := s.name()
	if err := s.create(ctx, name, "template0"); err != nil {
		return "", err
	}
	if err := prepare(s.urlOf(name), from); err != nil {
		return "", err
	}
	s.templates[from.Name] = name
	return name, nil
}

// create copies files: logging every page instead takes twice as long.
func (s *server) create(ctx context.Context, name, template string) error {
	_, err := s.db.SQL().ExecContext(ctx, `CREATE DATABASE "`+name+`" OWNER `+owner+` TEMPLATE "`+template+
		`" STRATEGY file_copy ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`)
	return err
}

func (s *server) name() string { return fmt.Sprintf("hireloop_test_%d_%d", s.run, s.count.Add(1)) }

// urlOf is how to be the owner of a database.
func (s *server) urlOf(database string) string {
	u := *s.url
	u.Path = "/" + database
	return As(u.String(), owner)
}

// As is the URL of a PostgreSQL test's database for another role.
func As(database, role string) string {
	u, err := url.Parse(database)
	if err != nil {
		panic(err) // it is ours
	}
	query := u.Query()
	query.Set("role", role)
	u.RawQuery = query.Encode()
	return u.String()
}
