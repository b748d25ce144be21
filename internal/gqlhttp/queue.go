package gqlhttp

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// Queue lets a bounded number of requests run at once and a bounded number wait
// a short while for their turn. Whoever finds no place is told so at once:
// answering late is of no use to a client that has given up.
type Queue struct {
	running, waiting chan struct{}
	patience         time.Duration
}

// NewQueue has so many places to run and to wait, the latter for at most patience.
func NewQueue(running, waiting int, patience time.Duration) *Queue {
	return &Queue{
		running: make(chan struct{}, running), waiting: make(chan struct{}, waiting), patience: patience,
	}
}

// Guard lets requests through to next as places come free; a nil Queue lets all. Their bodies are read
// before, so that nobody holds a place by sending slowly.
func (q *Queue) Guard(next http.Handler) http.Handler {
	if q == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := receive(r, defaultBody); err != nil {
			Refuse(w, r, http.StatusBadRequest, Errorf(CodeBadRequest, "the body could not be read to its end"))
			return
		}
		if !q.enter(r) {
			if r.Context().Err() == nil {
				busy(w, r)
			}
			return
		}
		defer func() { <-q.running }()
		next.ServeHTTP(w, r)
	})
}

// enter takes a place to run in, or gives up.
func (q *Queue) enter(r *http.Request) bool {
	select {
	case q.running <- struct{}{}:
		return true
	default:
	}
	select {
	case q.waiting <- struct{}{}:
		defer func() { <-q.waiting }()
	default:
		return false
	}
	enough := time.NewTimer(q.patience)
	defer enough.Stop()
	select {
	case q.running <- struct{}{}:
		return true
	case <-enough.C:
	case <-r.Context().Done():
	}
	return false
}

func busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	err := Errorf(CodeUnavailable, "the server is busy; nothing was done")
	err.Extensions["hint"] = "send it again in a second"
	Refuse(w, r, http.StatusServiceUnavailable, err)
}

// receive reads the body into memory, up to most bytes and one more: whoever
// reads it next sees that it is too long.
func receive(r *http.Request, most int64) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	var start bytes.Buffer
	_, err := io.CopyN(&start, r.Body, most+1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{&start, r.Body}
	return nil
}
