package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// relay forwards connections to a server until it is told to swallow all that
// the server says: what a network does whose answers no longer arrive.
type relay struct {
	net.Listener
	mu    sync.Mutex
	mute  bool
	conns []net.Conn
}

func newRelay(t *testing.T, network, target string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, target)
			if err != nil {
				client.Close()
				return
			}
			r.mu.Lock()
			r.conns = append(r.conns, client, server)
			r.mu.Unlock()
			go func() { _, _ = io.Copy(server, client) }()
			go r.answer(client, server)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, c := range r.conns {
			c.Close()
		}
	})
	return r
}

func (r *relay) answer(client, server net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		r.mu.Lock()
		mute := r.mute
		r.mu.Unlock()
		if !mute {
			_, _ = client.Write(buf[:n])
		}
	}
}

func (r *relay) swallow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mute = true
}

// blackHole accepts connections and never says a word.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func TestSilenceIsAnError(t *testing.T) {
	conn, err := store.DialQuietly(context.Background(), "tcp", blackHole(t), 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	start := time.Now()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read = %v, want a deadline error", err)
	}
	if took := time.Since(start); took < 50*time.Millisecond || took > 5*time.Second {
		t.Errorf("Read took %v, want about 50ms", took)
	}
}

func TestWritingToABlackHoleEnds(t *testing.T) {
	conn, err := store.DialQuietly(context.Background(), "tcp", blackHole(t), 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for block := make([]byte, 1<<20); err == nil; {
		_, err = conn.Write(block)
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Write = %v, want a deadline error once the buffers are full", err)
	}
}

func TestASlowAnswerWithinTheBoundIsRead(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		for _, b := range []byte("slow") {
			time.Sleep(60 * time.Millisecond) // the answer being slow is the case; together longer than the bound
			_, _ = c.Write([]byte{b})
		}
	}()
	conn, err := store.DialQuietly(context.Background(), "tcp", l.Addr().String(), 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, err := io.ReadAll(conn); string(got) != "slow" || err != nil {
		t.Errorf("read %q, %v, want the whole answer", got, err)
	}
}

func TestConnectingToABlackHoleEndsWithTheURLsTimeout(t *testing.T) {
	start := time.Now()
	_, err := store.Open(context.Background(), "postgres://u@"+blackHole(t)+"/x?connect_timeout=1", store.Options{})
	if err == nil || time.Since(start) > 8*time.Second {
		t.Errorf("Open = %v after %v, want an error after a second", err, time.Since(start))
	}
}

// throughRelay opens the test's own PostgreSQL database by way of a relay.
func throughRelay(t *testing.T) (*store.DB, *relay) {
	t.Helper()
	direct := testdb.Engines()[1].Open(t, testdb.Template{Name: "empty"}, store.Options{})
	var name, user, port, socket string
	var address sql.NullString
	if err := direct.SQL().QueryRow(`SELECT current_database(), session_user, current_setting('port'),
		split_part(current_setting('unix_socket_directories'), ',', 1), host(inet_server_addr())`).
		Scan(&name, &user, &port, &socket, &address); err != nil {
		t.Fatal(err)
	}
	network, target := "unix", socket+"/.s.PGSQL."+port
	if address.Valid {
		network, target = "tcp", net.JoinHostPort(address.String, port)
	}
	r := newRelay(t, network, target)
	u := url.URL{Scheme: "postgres", User: url.User(user), Host: r.Addr().String(), Path: name}
	if given, err := url.Parse(os.Getenv("HIRELOOP_TEST_DATABASE_URL")); err == nil && given.User != nil {
		u.User = given.User
	}
	db, err := store.Open(context.Background(), u.String(), store.Options{MaxOpenConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, r
}

func TestADeadlineHoldsOnANetworkThatSwallowsAnswers(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, db *store.DB, r *relay) error{
		"a query": func(ctx context.Context, db *store.DB, r *relay) error {
			r.swallow()
			var n int
			return db.SQL().QueryRowContext(ctx, "SELECT $1::int", 1).Scan(&n)
		},
		"a commit": func(ctx context.Context, db *store.DB, r *relay) error {
			return db.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "CREATE TABLE x (n int)")
				r.swallow()
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, r := throughRelay(t)
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := run(ctx, db, r)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error = %v, want the deadline's", err)
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("took %v, want the deadline and a short grace", took)
			}
		})
	}
}
