package testdb

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// supervise runs the server until standard input closes, which the kernel does
// when the test's process ends, however it ends. Then nothing is left: no
// server, no files.
const supervise = `
"$1" -D "$2/data" -k "$2" -h "" -p 5432 -F \
	-c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
	-c wal_level=minimal -c max_wal_senders=0 -c max_connections=200 -c lc_messages=C >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
cd / && rm -rf "$2"
`

// startCluster makes a private PostgreSQL cluster from installed binaries and
// returns its URL. It listens on a socket in a directory of its own only.
func startCluster() (string, error) {
	initdb, err := findBinary("initdb")
	if err != nil {
		return "", err
	}
	server, err := findBinary("postgres")
	if err != nil {
		return "", err
	}
	as, err := serverUser()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "hireloop-pg-")
	if err != nil {
		return "", err
	}
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return "", errors.Join(err, os.RemoveAll(dir))
		}
	}
	// Of a group of its own, so that Ctrl-C on the test leaves time to clean up.
	attr := &syscall.SysProcAttr{Credential: as, Setpgid: true}

	init := exec.Command(initdb, "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync")
	init.Dir, init.SysProcAttr = dir, attr
	if out, err := init.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	run := exec.Command("/bin/sh", "-c", supervise, "sh", server, dir)
	run.Dir, run.SysProcAttr = dir, attr
	if _, err := run.StdinPipe(); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	if err := run.Start(); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	go func() { _ = run.Wait() }() // also keeps the pipe reachable, and so open, as long as this process lives
	if err := awaitReady(filepath.Join(dir, "data", "postmaster.pid"), 30*time.Second); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return "", fmt.Errorf("%w: %s", err, log)
	}
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {dir}, "port": {"5432"}}.Encode()}).String(), nil
}

// awaitReady waits for the server to write its state, "ready", into its own file.
func awaitReady(file string, patience time.Duration) error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if state, _ := os.ReadFile(file); strings.Contains(string(state), "\nready") {
			return nil
		}
	}
	return fmt.Errorf("the server did not start within %v", patience)
}

// findBinary looks in PATH, then where Debian keeps versions, newest first.
func findBinary(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return filepath.EvalSymlinks(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("no %s is installed", name)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

// serverUser is whom the server runs as: PostgreSQL refuses to run as root.
// nil means as the caller.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("root may not run PostgreSQL, and there is no user postgres or nobody")
}
