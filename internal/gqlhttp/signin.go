package gqlhttp

import (
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// SignIns bounds how many sign-ins may fail from one address: when its budget is
// used up, credentials are not even looked at, but for those that were accepted
// from there before. So one broken script does not lock out its office.
type SignIns struct {
	failures *Budgets
	proxies  []netip.Prefix
	accepted *lru.Cache[[sha256.Size]byte, struct{}] // of address and credentials
}

const mostAccepted = 1 << 14

// NewSignIns counts failures by address: what comes from a proxy is counted for
// whom the proxy says that it forwards.
func NewSignIns(failures *Budgets, proxies []netip.Prefix) *SignIns {
	accepted, err := lru.New[[sha256.Size]byte, struct{}](mostAccepted)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &SignIns{failures: failures, proxies: proxies, accepted: accepted}
}

// Guard stands before what answers 401 to bad credentials; nil SignIns bound none.
func (s *SignIns) Guard(next http.Handler) http.Handler {
	if s == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address := s.address(r)
		key := sha256.Sum256([]byte(address + "\x00" + strings.Join(r.Header.Values("Authorization"), "\x00")))
		if !s.accepted.Contains(key) {
			if left := s.failures.Afford(address, 1); left.wait > 0 {
				left.show(w.Header())
				Refuse(w, r, http.StatusTooManyRequests,
					Errorf(CodeRateLimited, "too many sign-ins failed from your address; this one was not looked at"))
				return
			}
		}
		seen := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		switch {
		case seen.status == http.StatusUnauthorized:
			s.accepted.Remove(key)
			s.failures.Take(address, 1)
		case seen.status < http.StatusInternalServerError: // else nobody knows
			s.accepted.Add(key, struct{}{})
		}
	})
}

// address is where r comes from: of IPv6 the /64, which one customer has whole.
func (s *SignIns) address(r *http.Request) string {
	from, known := Client(r, s.proxies)
	switch {
	case !known:
		return r.RemoteAddr
	case from.Is6():
		network, _ := from.Prefix(64) // fails for other lengths only
		return network.String()
	}
	return from.String()
}

// statusWriter remembers how a request was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
