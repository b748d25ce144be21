package store_test

import (
	"testing"
	"time"

	"hireloop/internal/store"
)

func TestTLSIsRequiredBeyondThisMachine(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u@localhost/x":                        "disable",
		"postgres://u@127.0.0.1/x":                        "disable",
		"postgres://u@[::1]:5432/x":                       "disable",
		"postgres://u@/x?host=/var/run/postgresql":        "disable",
		"postgres://u@db.example.org/x":                   "require",
		"postgres://u@localhost,db.example.org/x":         "require",
		"postgres://u@localhost/x?hostaddr=192.0.2.1":     "require",
		"postgres://u@db.example.org/x?sslmode=disable":   "disable",
		"postgres://u@localhost/x?sslmode=verify-full":    "verify-full",
		"postgres://u@localhost/x?sslrootcert=system":     "verify-full",
		"postgresql://u@10.0.0.1/x?application_name=else": "require",
	} {
		if got, err := store.SSLMode(url); err != nil || string(got) != want {
			t.Errorf("%s: sslmode = %s, %v, want %s", url, got, err, want)
		}
	}
}

func TestSilenceIsLongerThanAnyStatement(t *testing.T) {
	for query, want := range map[string]time.Duration{
		"":                                     45 * time.Second,
		"?statement_timeout=1000":              16 * time.Second,
		"?statement_timeout=2min":              135 * time.Second,
		"?statement_timeout=5%20s":             20 * time.Second,
		"?statement_timeout=0":                 0, // works for ever: no bound
		"?options=-c%20statement_timeout%3D99": 0, // not ours to read
	} {
		if got, err := store.Silence("postgres://u@localhost/x" + query); err != nil || got != want {
			t.Errorf("%q: silence = %v, %v, want %v", query, got, err, want)
		}
	}
}
