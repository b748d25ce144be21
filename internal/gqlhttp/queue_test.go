package gqlhttp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// In these tests time is that of a bubble: it goes on when all wait.

func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(2, 3, time.Second)
		work := q.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(5 * time.Second):
			case <-r.Context().Done():
			}
		}))
		began := time.Now()
		type outcome struct {
			status int
			took   time.Duration
		}
		ask := func(ctx context.Context) chan outcome {
			done := make(chan outcome, 1)
			go func() {
				w := httptest.NewRecorder()
				work.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("{}")))
				if w.Code == http.StatusServiceUnavailable && (w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), CodeUnavailable)) {
					t.Errorf("%v %s", w.Header(), w.Body)
				}
				done <- outcome{w.Code, time.Since(began)}
			}()
			synctest.Wait()
			return done
		}
		want := func(rule string, done chan outcome, status int, took time.Duration) {
			t.Helper()
			if got := <-done; got.status != status || got.took != took {
				t.Errorf("%s: %+v", rule, got)
			}
		}
		running := []chan outcome{ask(t.Context()), ask(t.Context())}
		waiting := []chan outcome{ask(t.Context()), ask(t.Context())}
		left, leave := context.WithCancel(t.Context())
		gone := ask(left)
		want("no place to wait is said at once", ask(t.Context()), 503, 0)
		leave()
		want("who leaves is not answered", gone, 200, 0)
		third := ask(t.Context())
		want("patience ends", third, 503, time.Second)
		for _, w := range waiting {
			want("patience ends", w, 503, time.Second)
		}
		time.Sleep(3500 * time.Millisecond)
		late := ask(t.Context())
		want("who runs ends", running[0], 200, 5*time.Second)
		want("who runs ends", running[1], 200, 5*time.Second)
		want("who waited takes the place", late, 200, 10*time.Second)
	})
}

// A body that comes slowly must not keep others out.
func TestASlowSenderHoldsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1, 0, time.Second)
		work := q.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write(body)
		}))
		slow, sending := io.Pipe()
		first := httptest.NewRecorder()
		done := make(chan bool)
		go func() {
			work.ServeHTTP(first, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", slow))
			close(done)
		}()
		_, _ = io.WriteString(sending, "slow")
		synctest.Wait()
		second := httptest.NewRecorder()
		work.ServeHTTP(second, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("quick")))
		_ = sending.Close()
		<-done
		if second.Body.String() != "quick" || first.Body.String() != "slow" {
			t.Errorf("%q %q", second.Body, first.Body)
		}
	})
}

func TestQueueBodies(t *testing.T) {
	h, _ := serveToy(t, Options{})
	guarded := NewQueue(1, 0, time.Second).Guard(h)
	long := `{"query":"{ hello }"}` + strings.Repeat(" ", int(defaultBody))
	if w := (call{body: long}).send(guarded); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too long: %d", w.Code)
	}
	broken, sending := io.Pipe()
	_ = sending.CloseWithError(errors.New("reset"))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", broken)
	w := httptest.NewRecorder()
	guarded.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest {
		t.Errorf("a body that breaks off: %d", w.Code)
	}
	if w := (call{body: `{"query":"{ hello }"}`}).send(guarded); w.Code != http.StatusOK {
		t.Errorf("places are given back: %d", w.Code)
	}
}

// A place is given back by whoever panics.
func TestQueueSurvivesPanics(t *testing.T) {
	h := Identify(slog.New(slog.DiscardHandler), Contain(NewQueue(1, 0, time.Second).Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret") }))))
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}
